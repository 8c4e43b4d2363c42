"""Files that are slow to read: archives, arrays and tables, each made to cost more than its size."""

import gzip
import io
import zipfile
from collections.abc import Callable

import numpy as np

SIZE = 20_000_000  # bytes of the large ones
HEADER = b"\x93NUMPY\x01\x00"


def npy(shape: str, content: bytes = b"", kind: str = "|u1") -> bytes:
    """Returns an .npy file with the stated shape, whatever its content is."""
    text = f"{{'descr': '{kind}', 'fortran_order': False, 'shape': {shape}, }}".ljust(117) + "\n"
    return HEADER + len(text).to_bytes(2, "little") + text.encode() + content


def archive(members: dict[str, bytes], compression: int = zipfile.ZIP_STORED) -> bytes:
    """Returns a zip archive."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compression) as writer:
        for name, content in members.items():
            writer.writestr(name, content)
    return file.getvalue()


def bomb(megabytes: int) -> bytes:
    """Returns an .npz archive of zeros of that size, unpacked."""
    images = np.zeros((megabytes * 1000, 25, 40), np.uint8)
    file = io.BytesIO()
    np.savez_compressed(file, images=images, labels=np.zeros(len(images), np.uint8))
    return file.getvalue()


def idx(shape: tuple[int, ...], content: bytes) -> bytes:
    """Returns an IDX array of bytes."""
    return bytes([0, 0, 8, len(shape)]) + b"".join(size.to_bytes(4, "big") for size in shape) + content


def table(cell: str, columns: int, size: int = SIZE) -> bytes:
    """Returns a table in which every cell is the same."""
    line = ",".join([cell] * columns) + "\n"
    return ("a,b" + ",c" * (columns - 2) + "\n" + line * (size // len(line))).encode()


def distinct(form: str, columns: int, size: int = SIZE) -> bytes:
    """Returns a table of different cells; `form` has the number of the cell."""
    lines, total, number = ["a,b" + ",c" * (columns - 2)], 0, 0
    while total < size:
        lines.append(",".join([form % (number + column) for column in range(columns)]))
        number, total = number + columns, total + len(lines[-1]) + 1
    return ("\n".join(lines) + "\n").encode()


HOSTILE: dict[str, Callable[[], bytes]] = {
    "an archive of 60,000 members": lambda: archive({f"a{n}.npy": npy("(1,)", b"1") for n in range(60_000)}),
    "an archive of 60,000 members that are not arrays": lambda: archive(
        {"a.npy": npy("(1,)", b"1")} | {f"{n}.txt": b"" for n in range(60_000)}
    ),
    "an archive of 300 MB": lambda: bomb(300),
    "an archive of 255 MB": lambda: bomb(255),
    "a gzip file of 300 MB": lambda: gzip.compress(idx((300_000, 10, 100), bytes(3 * 10**8)), 1),
    "100,000 gzip files in one": lambda: gzip.compress(idx((1,), b"1")) * 100_000,
    "2 million arrays in one IDX file": lambda: idx((1,), b"1") * 2_000_000,
    "cells of 300 digits": lambda: table("1" * 300, 20),
    "cells of 100,000 digits": lambda: table("1" * 100_000, 3),
    "cells that are almost numbers": lambda: table("1" * 300 + "x", 20),
    "20 million empty lines": lambda: b"a,b\n1,2\n" + b"\n" * SIZE,
    "one line of 10 million cells": lambda: b"," * (SIZE // 2),
    "a quotation mark that is not closed": lambda: b'a,b\n1,"' + b"2,3\n" * (SIZE // 4),
    "256 columns of different texts": lambda: distinct("text%d", 256),
    "256 columns of numbers and a word": lambda: distinct("%d.5", 256) + b",".join([b"word"] * 256) + b"\n",
    "200,000 rows of texts": lambda: distinct("category %d", 20),
    "missing cells": lambda: table("?", 200),
    "infinite numbers": lambda: table("1e999", 40),
}
