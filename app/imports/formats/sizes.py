"""Sizes of what compressed files unpack to, as these state; the time for reading them follows from it."""

from io import BytesIO
from zipfile import ZipFile

from app.imports.formats.gzip_text import GZIP
from app.imports.formats.spreadsheets import ZIP
from app.zip_errors import ZIP_ERRORS
from engine.datasets.tables.limits import MAX_BYTES


def unpacked_size(raw: bytes) -> int:
    """Returns the stated bytes of the content of a gzip or zip file, at most MAX_BYTES; else its own."""
    if raw.startswith(GZIP):
        return max(len(raw), min(MAX_BYTES, int.from_bytes(raw[-4:], "little")))
    if not raw.startswith(ZIP):
        return len(raw)
    try:
        with ZipFile(BytesIO(raw)) as archive:
            return max(len(raw), min(MAX_BYTES, sum(member.file_size for member in archive.infolist())))
    except ZIP_ERRORS:
        return len(raw)
