"""Plain numbers: tables without any other cell are read in few calls of libraries."""

import warnings

import numpy as np
from numpy.typing import NDArray

from app import encoding
from app.imports.progress import reported
from app.imports.text.columns import Column
from app.imports.text.dialect import Dialect
from app.imports.text.records import PIECE, pieces
from engine.datasets.tables.limits import MAX_ROWS

EXACT = 2.0**53  # up to here every integer is a float
IN_JSON = b"0123456789+-.eE, \n"  # of numbers that are separated as in JSON, and of nothing else


def read_numbers(text: str, dialect: Dialect, names: list[str]) -> list[Column] | None:
    """Returns the columns if all cells are finite plain numbers; else None."""
    if '"' in text or dialect.quote != '"' or dialect.comment:
        return None
    blocks: list[NDArray] = []
    rows = 0
    for piece in reported(pieces(text, PIECE, _end_of_header(text, dialect.header_rows))):
        block = _numbers(piece, dialect.delimiter, len(names)) if piece.strip() else np.empty((0, len(names)))
        rows += 0 if block is None else len(block)
        if block is None or rows > MAX_ROWS:
            return None
        blocks.append(block)
    if not rows:
        return None
    numbers = np.concatenate(blocks)
    largest = np.abs(numbers).max()
    if not largest < EXACT:  # also if a number is missing or infinite
        return None
    return [Column(name, column) for name, column in zip(names, numbers.T, strict=True)]


def _end_of_header(text: str, rows: int) -> int:
    """The position behind so many lines that are not blank."""
    end = 0
    while rows and end < len(text):
        start, end = end, text.find("\n", end) + 1 or len(text)
        rows -= bool(text[start:end].strip())
    return end


def _numbers(piece: str, delimiter: str, width: int) -> NDArray | None:
    """Returns the numbers of some lines; None if a cell is no number, or a line has another length."""
    numbers = _numbers_as_in_json(piece, delimiter, width)
    if numbers is not None:
        return numbers
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # about blank lines
            numbers = np.loadtxt(
                piece.split("\n"), delimiter=None if delimiter == " " else delimiter, ndmin=2, comments=None
            )
    except ValueError:
        return None
    return numbers if numbers.shape[1] == width else None


def _numbers_as_in_json(piece: str, delimiter: str, width: int) -> NDArray | None:
    """The same in a third of the time, if all numbers are written as in JSON: not .5, +5 or 05."""
    raw = piece.encode().replace(b"\r\n", b"\n")
    if delimiter != ",":
        if b"," in raw:
            return None
        raw = raw.replace(delimiter.encode(), b",")
    lines = raw.strip(b"\n").split(b"\n")
    if raw.translate(None, IN_JSON) or any(line.count(b",") != width - 1 for line in lines):
        return None
    try:
        numbers = encoding.decode(b"[" + b",".join(lines) + b"]")
    except encoding.DecodeError:
        return None
    return np.fromiter(numbers, float, len(numbers)).reshape(len(lines), width)
