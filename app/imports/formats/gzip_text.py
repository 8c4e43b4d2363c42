"""Texts that are compressed by gzip; images (IDX) are compressed too, and are read elsewhere."""

import zlib

from app.imports.errors import Problem, Refused
from app.imports.progress import report
from engine.datasets.tables.limits import MAX_BYTES

GZIP = b"\x1f\x8b"
IDX = b"\0\0"  # the first bytes of an array
STEP = 1 << 20


def decompressed(raw: bytes) -> bytes:
    """Returns the content of a gzip file that is not IDX, and any other file as it is. Raises Refused.

    Its size has the limit of a file that is not compressed.
    """
    if not raw.startswith(GZIP) or _first_bytes(raw).startswith(IDX):
        return raw
    parts: list[bytes] = []
    size, rest = 0, raw
    while rest:
        decompressor = zlib.decompressobj(wbits=31)
        while rest and not decompressor.eof:
            report()
            part = _part(decompressor, rest)
            parts.append(part)
            size += len(part)
            if size > MAX_BYTES:
                message = f"the decompressed content is larger than {MAX_BYTES:,} bytes"
                raise Refused(Problem("too_large_unpacked", message, limit=MAX_BYTES))
            rest = decompressor.unconsumed_tail or decompressor.unused_data
            if not decompressor.eof and not rest:
                raise Refused(Problem("truncated_gzip", "the gzip file is truncated"))
        rest = rest if rest.startswith(GZIP) else b""  # what follows the last member is padding
    return b"".join(parts)


def _part(decompressor: "zlib._Decompress", rest: bytes) -> bytes:
    try:
        return decompressor.decompress(rest, STEP)
    except zlib.error as error:
        raise Refused(Problem("damaged_gzip", f"the gzip file is damaged: {error}")) from None


def _first_bytes(raw: bytes) -> bytes:
    return _part(zlib.decompressobj(wbits=31), raw[:STEP])[:2]
