"""Compact encoding: frames of a stream as binary messages. See docs/protocol.md.

A message is a byte of flags and a raw deflate stream, which contains frames. A frame is the size of its JSON
head (u4, little-endian), the head, and the bytes of the arrays that the head describes. Every frame is
deflated once, independently of others, up to a byte boundary: a message for a viewer is the concatenation of
frames that it shares with other viewers.
"""

import zlib
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from app.encoding import encode, encode_with, typed_array
from engine.analysis.levels import Levels, to_levels

ACKNOWLEDGE = 1  # flag: the client is to acknowledge this message
END = b"\x03\x00"  # an empty final block of deflate
SIZE = 4  # bytes of the size of a head
LEVEL = 6  # of deflate: 15 % smaller than level 1


class Picture(NamedTuple):
    """A frame of a view without the beginning of its head.

    `head_size` are the bytes of the rest of the head; `deflated` is this rest and the arrays.
    """

    head_size: int
    deflated: bytes


class _Rounded(NamedTuple):
    """An array of which only codes are sent."""

    levels: Levels
    codes: np.ndarray


def message(frames: list[bytes], acknowledge: bool = False) -> bytes:
    """Returns a message with deflated frames; `acknowledge`: which asks for an acknowledgement."""
    return b"".join((bytes([ACKNOWLEDGE if acknowledge else 0]), *frames, END))


@lru_cache(maxsize=512)  # of the newest logged frames, which all viewers of a run get
def text_frame(text: str) -> bytes:
    """Returns the deflated form of a frame without arrays."""
    head = text.encode()
    return _deflate(len(head).to_bytes(SIZE, "little") + head)


def picture_frame(view_id: str, picture: Picture) -> bytes:
    """Returns the deflated form of a view's frame, with the viewer's id of the view."""
    return _start(view_id, picture.head_size) + picture.deflated


@lru_cache(maxsize=512)
def _start(view_id: str, head_size: int) -> bytes:
    """The size of a head and its beginning; `head_size` are the bytes of the rest."""
    start = b'{"id":' + encode(view_id) + b","
    return _stored((len(start) + head_size).to_bytes(SIZE, "little") + start)


def picture(position: tuple[int, int, int], content: dict[str, Any], rounded: bool) -> tuple[Picture, bool]:
    """Returns the frame of a view at `position` (attempt, step, epoch), and whether values were rounded.

    With `rounded`, the values of maps and curves (ROUNDED) are rounded to 256 levels where these keep all
    decisions.
    """
    attempt, step, epoch = position
    frame = {"attempt": attempt, "step": step, "epoch": epoch, "kind": "view"} | content
    replace = ROUNDED.get(content["view"]) if rounded else None
    if replace:
        frame |= {"rounded": True} | replace(content)
    arrays: list[bytes] = []
    rest = encode_with(frame, lambda value: _describe(value, arrays))[1:]
    deflated = _deflate(rest) + _deflate(b"".join(arrays), zlib.Z_RLE if replace else zlib.Z_DEFAULT_STRATEGY)
    return Picture(len(rest), deflated), replace is not None


def _round_map(content: dict[str, Any]) -> dict[str, Any]:
    """The values over a plane; those over one input are few."""
    values = content["values"]
    return {"values": _to_levels(values, content["threshold"])} if values.shape[1] > 1 else {}


def _round_curves(content: dict[str, Any]) -> dict[str, Any]:
    """The curve of each layer's activation function."""
    layers = content["layers"]
    return {"layers": [layer | {"curve": _to_levels(layer["curve"], None)} for layer in layers]}


ROUNDED = {
    "decision_boundary": _round_map,
    "boundary_grid": _round_map,
    "activation_histograms": _round_curves,
}


def _to_levels(values: np.ndarray | None, threshold: float | None) -> Any:
    """The values as codes; as they are where that is impossible."""
    result = None if values is None else to_levels(values, threshold)
    return _Rounded(*result) if result else values


def _describe(value: Any, arrays: list[bytes]) -> Any:
    """Returns the description of an array, and appends its bytes; NumPy scalars become numbers."""
    if isinstance(value, _Rounded):
        arrays.append(_bytes_of(value.codes))
        levels = {name: number for name, number in value.levels._asdict().items() if number is not None}
        return {"dtype": "f4", "shape": ",".join(map(str, value.codes.shape)), "levels": levels}
    if not hasattr(value, "dtype"):
        raise TypeError(f"{type(value).__name__} cannot be encoded")
    if value.ndim == 0:
        return value.item()
    code, array = typed_array(value)
    arrays.append(_bytes_of(array))
    return {"dtype": code, "shape": ",".join(map(str, array.shape))}


def _bytes_of(array: np.ndarray) -> bytes:
    """The bytes of an array. Of numbers with several bytes first all lowest bytes, then all second ones, ...

    Bytes are sent as differences, modulo 256, to a prediction from the bytes to the left, above, and above
    to the left of it: left + above - above left, but within left and above (Weinberger et al. 1996, LOCO-I).
    """
    width = array.dtype.itemsize
    if width > 1:
        little_endian = np.ascontiguousarray(array, array.dtype.newbyteorder("<"))
        return little_endian.view(np.uint8).reshape(-1, width).T.tobytes()
    codes = np.atleast_2d(array.view(np.uint8)).astype(np.int16)
    padded = np.zeros((*codes.shape[:-2], codes.shape[-2] + 1, codes.shape[-1] + 1), np.int16)
    padded[..., 1:, 1:] = codes
    left, above, corner = padded[..., 1:, :-1], padded[..., :-1, 1:], padded[..., :-1, :-1]
    low, high = np.minimum(left, above), np.maximum(left, above)
    predicted = np.minimum(np.maximum(left + above - corner, low), high)
    return (codes - predicted).astype(np.uint8).tobytes()


def _deflate(data: bytes, strategy: int = zlib.Z_DEFAULT_STRATEGY) -> bytes:
    """Raw deflate up to a byte boundary, without a final block.

    Differences hardly repeat each other: Z_RLE, which only looks for runs of a byte, takes a quarter of the
    time, and the default map becomes 3 % larger.
    """
    compressor = zlib.compressobj(LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS, zlib.DEF_MEM_LEVEL, strategy)
    return compressor.compress(data) + compressor.flush(zlib.Z_SYNC_FLUSH)


def _stored(data: bytes) -> bytes:
    """A block of deflate that is not compressed; at most 65,535 bytes."""
    size = len(data)
    return b"\x00" + size.to_bytes(2, "little") + (size ^ 0xFFFF).to_bytes(2, "little") + data
