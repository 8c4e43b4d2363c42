"""IDX: the array format of MNIST and similar data sets, plain or gzip, several arrays in one file.

Format: two zero bytes, the type (a key of TYPES), the number of dimensions, each dimension as four bytes
in big-endian order, then the values, of which the last index changes fastest (Y. LeCun, C. Cortes and
C. J. C. Burges, "The MNIST database of handwritten digits").
"""

import zlib

import numpy as np
from numpy.typing import NDArray

from app.imports.errors import Problem, Refused, too_many_arrays
from app.imports.progress import report
from engine.datasets.tables.limits import MAX_ARRAYS, MAX_UNPACKED

GZIP = b"\x1f\x8b"
TYPES = {8: ">u1", 9: ">i1", 11: ">i2", 12: ">i4", 13: ">f4", 14: ">f8"}
MAX_DIMENSIONS = 4  # (n, channel, rows, columns)


def read_idx(raw: bytes) -> list[NDArray]:
    """Returns the arrays of the file, of labels and of images, in order. Raises Refused."""
    arrays: list[NDArray] = []
    rest, remaining = memoryview(raw), MAX_UNPACKED
    while rest:
        report()
        if len(arrays) == MAX_ARRAYS:
            raise Refused(too_many_arrays())
        compressed = rest[:2] == GZIP
        if compressed:
            content, rest = _decompress(rest, remaining)
        else:
            content = rest
        array, size = _parse_array(content, len(raw) - len(rest))
        if compressed and size != len(content):
            message = f"{len(content) - size:,} bytes follow the array in a gzip file"
            raise Refused(Problem("trailing_bytes", message))
        rest = rest if compressed else content[size:]
        remaining -= size
        arrays.append(array)
    return arrays


def _decompress(compressed: memoryview, max_length: int) -> tuple[memoryview, memoryview]:
    """Returns the content of one gzip file and the bytes after it."""
    decompressor = zlib.decompressobj(wbits=31)
    try:
        content = decompressor.decompress(compressed, max_length + 1)
    except zlib.error as error:
        raise Refused(Problem("damaged_gzip", f"the gzip file is damaged: {error}")) from None
    if len(content) > max_length:
        message = f"the decompressed content is larger than {MAX_UNPACKED:,} bytes"
        raise Refused(Problem("too_large_unpacked", message, limit=MAX_UNPACKED))
    if not decompressor.eof:
        raise Refused(Problem("truncated_gzip", "the gzip file is truncated"))
    return memoryview(content), compressed[len(compressed) - len(decompressor.unused_data) :]


def _parse_array(content: memoryview, offset: int) -> tuple[NDArray, int]:
    """Returns the first array and its size in bytes, with the header. Raises Refused."""
    magic = bytes(content[:4])
    if len(magic) < 4 or magic[:2] != b"\0\0" or magic[2] not in TYPES:
        message = f"expected an IDX file (00 00 08 ...) at byte {offset:,}, found {magic.hex(' ')}"
        raise Refused(Problem("not_idx", message, given=magic.hex(" "), limit="00 00 08"))
    kind, count = np.dtype(TYPES[magic[2]]), magic[3]
    if not 1 <= count <= MAX_DIMENSIONS:
        message = f"an IDX file of {count} dimensions; labels have 1 or 2, images have 2 to 4"
        raise Refused(Problem("idx_dimensions", message, given=count, limit=[1, MAX_DIMENSIONS]))
    start = 4 + 4 * count
    shape = [int.from_bytes(content[i : i + 4], "big") for i in range(4, start, 4)]
    size = int(np.prod(shape, dtype=object)) * kind.itemsize
    if start > len(content) or size > len(content) - start:
        expected = " × ".join(f"{length:,}" for length in shape)
        message = f"an array is truncated: the header states {expected} numbers"
        raise Refused(Problem("truncated_idx", message, given=max(0, len(content) - start), limit=size))
    array = np.frombuffer(content[start : start + size], kind).reshape(shape)
    return array.astype(kind.newbyteorder("="), copy=False), start + size
