"""IDX: the array format of MNIST and similar data sets, plain or gzip, several arrays in one file.

Format: two zero bytes, the type (8: unsigned bytes), the number of dimensions, each dimension as four bytes
with the highest first, then the values, the last dimension running fastest (Y. LeCun, C. Cortes and
C. J. C. Burges, "The MNIST database of handwritten digits").
"""

import zlib

import numpy as np
from numpy.typing import NDArray

from app.imports.errors import Problem, Refused
from engine.datasets.tables.limits import MAX_UNPACKED

GZIP = b"\x1f\x8b"
UNSIGNED_BYTES = 8
OTHER_TYPES = {9: "signed bytes", 11: "16-bit integers", 12: "32-bit integers", 13: "floats", 14: "doubles"}
DIMENSIONS = {1: "labels", 3: "pictures"}


def read_idx(raw: bytes) -> list[NDArray[np.uint8]]:
    """All arrays of the file, labels (n,) and pictures (n, rows, columns), in their order. Raises Refused."""
    arrays: list[NDArray[np.uint8]] = []
    left, remaining = memoryview(raw), MAX_UNPACKED
    while left:
        packed = left[:2] == GZIP
        if packed:
            plain, left = _unpacked(left, remaining)
        else:
            plain = left
        array, used = _array(plain, len(raw) - len(left))
        if packed and used != len(plain):
            raise Refused(Problem("trailing_bytes", f"{len(plain) - used:,} bytes too many in a packed file"))
        left = left if packed else plain[used:]
        remaining -= used
        arrays.append(array)
    return arrays


def _unpacked(packed: memoryview, max_length: int) -> tuple[memoryview, memoryview]:
    """Returns the content of one gzip file and the bytes after it."""
    unpacking = zlib.decompressobj(wbits=31)
    try:
        plain = unpacking.decompress(packed, max_length + 1)
    except zlib.error as error:
        raise Refused(Problem("damaged_gzip", f"the gzip file is damaged: {error}")) from None
    if len(plain) > max_length:
        raise Refused(
            Problem(
                "too_large_unpacked",
                f"unpacked these are more than {MAX_UNPACKED:,} bytes",
                limit=MAX_UNPACKED,
            )
        )
    if not unpacking.eof:
        raise Refused(Problem("truncated_gzip", "the gzip file ends too early"))
    after = len(unpacking.unused_data)
    return memoryview(plain), packed[len(packed) - after :] if after else packed[:0]


def _array(plain: memoryview, offset: int) -> tuple[NDArray[np.uint8], int]:
    """Returns the first array and the number of bytes it occupies."""
    magic = bytes(plain[:4])
    if len(magic) < 4 or magic[:2] != b"\0\0" or magic[2] not in (UNSIGNED_BYTES, *OTHER_TYPES):
        message = (
            f"at byte {offset:,} there should be an IDX file (00 00 08 ...), and there is {magic.hex(' ')}"
        )
        raise Refused(Problem("not_idx", message, given=magic.hex(" "), limit="00 00 08"))
    if magic[2] != UNSIGNED_BYTES:
        message = (
            f"an IDX file of {OTHER_TYPES[magic[2]]}; pixels and labels must be unsigned bytes (00 00 08)"
        )
        raise Refused(Problem("idx_type", message, given=magic[2], limit=UNSIGNED_BYTES))
    count = magic[3]
    if count not in DIMENSIONS:
        message = f"an IDX file of {count} dimensions; labels have 1, pictures 3 (number, rows, columns)"
        raise Refused(Problem("idx_dimensions", message, given=count, limit=list(DIMENSIONS)))
    head = 4 + 4 * count
    shape = [int.from_bytes(plain[at : at + 4], "big") for at in range(4, head, 4)]
    size = int(np.prod(shape, dtype=object))
    if head > len(plain) or size > len(plain) - head:
        expected = " × ".join(f"{length:,}" for length in shape)
        message = f"the {DIMENSIONS[count]} are truncated: the header announces {expected} bytes"
        raise Refused(Problem("truncated_idx", message, given=max(0, len(plain) - head), limit=size))
    return np.frombuffer(plain[head : head + size], np.uint8).reshape(shape), head + size
