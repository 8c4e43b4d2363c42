"""Zip errors: what reading a zip archive raises that is damaged, encrypted, or packed in an unknown way."""

import zlib
from lzma import LZMAError
from struct import error as StructError
from zipfile import BadZipFile

# RuntimeError: encrypted, or compressed by an unsupported method; ValueError: impossible offsets and names;
# LookupError: a member that is not there; OSError: also of bzip2.
ZIP_ERRORS = (
    BadZipFile, OSError, EOFError, ValueError, LookupError, RuntimeError, StructError, LZMAError, zlib.error,
)  # fmt: skip
