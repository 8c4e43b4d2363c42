"""Text decoding: UTF-8 with or without a byte order mark, UTF-16, UTF-32, and Latin-1 (Windows 1252)."""

import codecs
import re

from app.imports.errors import Problem, Refused

BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig", "UTF-8 with a byte order mark"),
    (codecs.BOM_UTF32_LE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF32_BE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
)
# Formats that are uploaded by mistake, by their first bytes.
OTHER_FORMATS = (
    (b"\xd0\xcf\x11\xe0", "a spreadsheet in the old Excel format"),
    (b"7z\xbc\xaf", "a 7z archive"),
    (b"Rar!", "a RAR archive"),
    (b"BZh", "a file compressed by bzip2"),
    (b"\xfd7zXZ", "a file compressed by xz"),
    (b"\x28\xb5\x2f\xfd", "a file compressed by Zstandard"),
    (b"{\\rtf", "a text document"),
    (b"ARROW1", "a Feather file"),
    (b"MATLAB 5.0", "a MATLAB file"),
    (b"$FL2", "an SPSS file"),
    (b"<stata_dta>", "a Stata file"),
    (b"\x89PNG", "an image"),
    (b"GIF8", "an image"),
    (b"RIFF", "an image or a recording"),
    (b"II*\0", "an image"),
    (b"MM\0*", "an image"),
    (b"\x89HDF", "an HDF5 file"),
    (b"\x80\x04\x95", "a file of Python objects, which could execute code"),
    (b"\xff\xd8\xff", "an image"),
    (b"%PDF", "a PDF document"),
    (b"PAR1", "a Parquet file"),
    (b"SQLite format 3", "a database"),
)
# Texts that are no tables, by their beginning, and what to do.
OTHER_TEXTS = (
    (re.compile(r"version https://git-lfs\."), "a pointer to a file in Git LFS, not the file itself: "
     "download the file with `git lfs pull`, or with the download button of its page"),
    (re.compile(r"(<!doctype html|<html|<head|<body)", re.IGNORECASE), "a web page, not a table: download "
     "the file itself (on GitHub: “Raw”)"),
    (re.compile(r"<(\?xml|svg)"), "an XML file, not a table: save the table as CSV first"),
    (re.compile(r"\{\s*(\"|\})|\[\s*[\[{]"), "a JSON file, not a table: save the table as CSV first"),
)  # fmt: skip
TAR, TAR_AT = b"ustar", 257  # the signature of an archive, and where it is
SAMPLE_BYTES = 4096


def decode(raw: bytes) -> tuple[str, str]:
    """Returns the text and the name of its encoding. Raises Refused."""
    if not raw.strip():
        raise Refused(Problem("empty_file", "The file is empty.", given=len(raw)))
    for signature, format_name in OTHER_FORMATS:
        if raw.startswith(signature):
            raise Refused(Problem("wrong_file_type", _not_csv(format_name)))
    if raw[TAR_AT : TAR_AT + len(TAR)] == TAR:
        raise Refused(Problem("wrong_file_type", _not_csv("a tar archive")))
    text, encoding = _decode(raw)
    if "\0" in text:
        row = text.count("\n", 0, text.index("\0")) + 1
        raise Refused(
            Problem("nul_byte", "a NUL byte, which CSV cannot contain: is this a binary file?", row)
        )
    if not text.strip():
        raise Refused(Problem("empty_file", "The file contains only white space.", given=len(raw)))
    beginning = text[:SAMPLE_BYTES].lstrip("\ufeff \t\r\n")
    for pattern, description in OTHER_TEXTS:
        if pattern.match(beginning):
            raise Refused(Problem("wrong_file_type", f"This is {description}."))
    return text, encoding


def _not_csv(name: str) -> str:
    do = "unpack it" if "archive" in name or "compressed" in name else "save the table as CSV"
    return f"This is {name}, not CSV: {do} first."


def _decode(raw: bytes) -> tuple[str, str]:
    for mark, codec, name in BYTE_ORDER_MARKS:
        if raw.startswith(mark):
            try:
                return raw.decode(codec), name
            except UnicodeDecodeError as error:
                raise Refused(_wrong_encoding(raw, error, name)) from None
    unmarked = _unmarked_utf16(raw[:SAMPLE_BYTES])
    if unmarked is not None:
        try:
            return raw.decode(unmarked), "UTF-16 without a byte order mark"
        except UnicodeDecodeError as error:
            raise Refused(_wrong_encoding(raw, error, "UTF-16")) from None
    try:
        return raw.decode("utf-8"), "UTF-8"
    except UnicodeDecodeError:
        try:
            return raw.decode("cp1252"), "Latin-1"
        except UnicodeDecodeError:  # one of the five bytes that code page 1252 does not define
            return raw.decode("latin-1"), "Latin-1"


def _unmarked_utf16(sample: bytes) -> str | None:
    """Returns the codec if almost every second byte is 0, as in ASCII text encoded as UTF-16; else None."""
    half = len(sample) // 2
    if half < 4:
        return None
    even, odd = sample[0 : 2 * half : 2].count(0), sample[1 : 2 * half : 2].count(0)
    if odd > 0.7 * half and even < 0.1 * half:
        return "utf-16-le"
    return "utf-16-be" if even > 0.7 * half and odd < 0.1 * half else None


def _wrong_encoding(raw: bytes, error: UnicodeDecodeError, name: str) -> Problem:
    row = raw.count(b"\n", 0, error.start) + 1
    return Problem(
        "wrong_encoding",
        f"byte {error.start:,} is not valid {name} ({error.reason})",
        row,
    )
