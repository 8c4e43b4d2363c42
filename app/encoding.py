"""Encoding: the only module that encodes arrays as JSON.

Arrays are encoded in one of two forms: as nested lists, readable with curl, or typed, the form of Plotly and
the page: `{"dtype": "f4", "bdata": "<base64>", "shape": "100,100"}`. Scalars that are not finite become
null in both.
"""

from binascii import b2a_base64
from collections.abc import Callable
from typing import Any

import orjson

DecodeError = orjson.JSONDecodeError  # a ValueError

PLAIN = orjson.OPT_SERIALIZE_NUMPY | orjson.OPT_NON_STR_KEYS
TYPED_CODES = {
    "float32": "f4",
    "float64": "f8",
    "uint8": "u1",
    "int8": "i1",
    "uint16": "u2",
    "int16": "i2",
    "uint32": "u4",
    "int32": "i4",
}


def encode_with(value: Any, describe: Callable[[Any], Any]) -> bytes:
    """Returns the JSON text of `value`, with `describe(array)` instead of each array and NumPy scalar.

    The arrays are described in the order in which the text has them.
    """
    return orjson.dumps(value, default=describe, option=orjson.OPT_NON_STR_KEYS)


def encode(value: Any, typed: bool = False) -> bytes:
    """Returns the JSON text of `value`, with arrays typed or as nested lists."""
    if typed:
        return encode_with(value, _typed)
    return orjson.dumps(value, default=_plain, option=PLAIN)


def decode(text: bytes | str) -> Any:
    """Returns the value of a JSON text. Raises ValueError."""
    return orjson.loads(text)


def body(kind: str, position: tuple[int, int, int], content: dict[str, Any], typed: bool = True) -> str:
    """Returns the text of a frame without run and seq; `position` is attempt, step and epoch."""
    attempt, step, epoch = position
    head = {"attempt": attempt, "step": step, "epoch": epoch, "kind": kind}
    return encode(head | content, typed).decode()


def frame(run: str, seq: int, text: str, view_id: str | None = None) -> str:
    """Returns a complete frame: the `text` of `body` with run, seq and the viewer's id of a view."""
    if view_id is None:
        return f'{{"run":"{run}","seq":{seq},{text[1:]}'
    return f'{{"run":"{run}","seq":{seq},"id":{orjson.dumps(view_id).decode()},{text[1:]}'


def _typed(value: Any) -> Any:
    """Encodes arrays in typed form and NumPy scalars as numbers."""
    if not hasattr(value, "dtype"):
        raise TypeError(f"{type(value).__name__} cannot be encoded")
    if value.ndim == 0:
        return value.item()
    code, array = typed_array(value)
    data = b2a_base64(array.tobytes(), newline=False).decode("ascii")
    return {"dtype": code, "bdata": data, "shape": ",".join(map(str, array.shape))}


def typed_array(value: Any) -> tuple[str, Any]:
    """Returns an array, of the nearest type if the typed form lacks its own, and the code of its type."""
    if value.dtype.name not in TYPED_CODES:
        value = _with_typed_code(value)
    return TYPED_CODES[value.dtype.name], value


def _with_typed_code(value: Any) -> Any:
    """Converts 64-bit integers, float16 and booleans, which the typed form lacks, to the nearest type."""
    if value.dtype.kind == "b":
        return value.astype("uint8")
    if value.dtype.kind in "iu":
        small = value.size == 0 or (value.min() >= -(2**31) and value.max() < 2**31)
        return value.astype("int32" if small else "float64")
    return value.astype("float32")


def _plain(value: Any) -> Any:
    """Encodes what orjson cannot: arrays that are not contiguous or of other types, and NumPy scalars."""
    if hasattr(value, "tolist"):
        return value.tolist()
    raise TypeError(f"{type(value).__name__} cannot be encoded")
