"""The wire: arrays and numbers as JSON."""

import base64
import json

import numpy as np
import pytest

from app import encoding


def read(typed):
    array = np.frombuffer(base64.b64decode(typed["bdata"]), typed["dtype"])
    return array.reshape([int(size) for size in typed["shape"].split(",")])


@pytest.mark.parametrize(
    "dtype", ["float32", "float64", "uint8", "int8", "uint16", "int16", "uint32", "int32"]
)
def test_typed_arrays_come_back_as_they_were(dtype):
    array = np.arange(12, dtype=dtype).reshape(3, 4)
    typed = json.loads(encoding.encode({"a": array}, typed=True))["a"]
    assert read(typed).dtype == array.dtype
    assert np.array_equal(read(typed), array)


@pytest.mark.parametrize("dtype", ["int64", "uint64", "bool", "float16"])
def test_types_that_the_typed_form_lacks_are_sent_as_ones_it_has(dtype):
    array = np.array([[0, 1], [1, 0]], dtype=dtype)
    assert np.array_equal(read(json.loads(encoding.encode(array, typed=True))), array)


def test_large_integers_are_sent_as_f8():
    array = np.array([2**40, -1])
    typed = json.loads(encoding.encode(array, typed=True))
    assert typed["dtype"] == "f8"
    assert read(typed).tolist() == [2**40, -1]


@pytest.mark.parametrize("array", [np.arange(6).reshape(2, 3).T, np.arange(8)[::2], np.array(7.5)])
def test_arrays_of_any_layout_are_sent(array):
    typed = json.loads(encoding.encode(array, typed=True))
    assert np.array_equal(read(typed) if array.ndim else typed, array)
    assert json.loads(encoding.encode(array)) == array.tolist()


@pytest.mark.parametrize("typed", [True, False])
@pytest.mark.parametrize("value", [float("nan"), float("inf"), np.float32("nan"), np.float64("-inf")])
def test_scalars_that_are_not_finite_are_null(value, typed):
    assert json.loads(encoding.encode({"x": value, "list": [value]}, typed)) == {"x": None, "list": [None]}


def test_plain_arrays_that_are_not_finite_have_null():
    assert json.loads(encoding.encode(np.array([1.0, np.nan, np.inf]))) == [1.0, None, None]


def test_a_frame_has_run_and_seq_before_its_body():
    body = encoding.body("progress", (0, 5, 1), {"points": {}})
    expected = {"run": "r", "seq": 7, "attempt": 0, "step": 5, "epoch": 1, "kind": "progress", "points": {}}
    assert json.loads(encoding.frame("r", 7, body)) == expected


def test_a_view_frame_has_the_viewers_own_id():
    body = encoding.body("view", (0, 5, 1), {"view": "network"})
    assert json.loads(encoding.frame("r", 7, body, 'mine "quoted"'))["id"] == 'mine "quoted"'
