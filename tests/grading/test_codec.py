"""Plain data crosses as it is; nothing else does, and no bytes do harm."""

import contextlib
import struct

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from course_utils.grading.codec import (
    MAX_DEPTH,
    CodecError,
    Handle,
    encode,
)
from course_utils.grading.decoding import decode

LEAVES = (
    st.none()
    | st.booleans()
    | st.integers(-(2**200), 2**200)
    | st.floats(allow_nan=False)
    | st.complex_numbers(allow_nan=False)
    | st.text()
    | st.binary()
    | st.just(...)
)
KEYS = st.text() | st.integers() | st.tuples(st.integers(), st.text())
PLAIN = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=5)
        | st.dictionaries(KEYS, inner, max_size=5)
        | st.tuples(inner, inner)
        | st.sets(st.integers() | st.text(), max_size=5)
    ),
    max_leaves=20,
)
DTYPES = st.one_of(
    arrays.boolean_dtypes(),
    arrays.integer_dtypes(),
    arrays.floating_dtypes(sizes=(32, 64)),
    arrays.complex_number_dtypes(sizes=(64, 128)),
    arrays.unicode_string_dtypes(max_len=5),
)


def identical(one, other):
    if type(one) is not type(other):
        return False
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(identical, one, other))
    if isinstance(one, dict):
        return list(one) == list(other) and all(identical(one[key], other[key]) for key in one)
    return one == other


@given(PLAIN)
def test_plain_data_comes_back_as_it_was_types_included(value):
    assert identical(decode(encode(value)), value)


@given(arrays.arrays(DTYPES, arrays.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4)))
def test_arrays_come_back_as_they_were(array):
    found = decode(encode(array))
    assert found.shape == array.shape
    assert found.dtype == array.dtype.newbyteorder("=")
    np.testing.assert_array_equal(found, array)


@pytest.mark.parametrize(
    "table",
    [
        pd.DataFrame({"a": [1, 2], "b": ["x", None]}, index=["one", "two"]),
        pd.DataFrame({"a": pd.Categorical(["x", "y"]), "b": pd.array([1, None], "Int64")}),
        pd.DataFrame([[1, 2], [3, 4]], columns=["same", "same"]),
        pd.DataFrame(index=["only", "rows"]),
        pd.DataFrame({"when": pd.to_datetime(["2026-01-01", "2026-02-01"])}),
        pd.DataFrame({"n": [1.5]}, index=pd.MultiIndex.from_tuples([("a", 1)], names=["k", "l"])),
    ],
)
def test_tables_come_back_as_they_were(table):
    pd.testing.assert_frame_equal(decode(encode(table)), table)


@pytest.mark.parametrize(
    "series",
    [pd.Series([1.5, 2], name="n"), pd.Series(["a", "b"], index=[3, 4]), pd.Series([True])],
)
def test_columns_come_back_as_they_were(series):
    pd.testing.assert_series_equal(decode(encode(series)), series)


def test_tensors_come_back_as_they_were():
    torch = pytest.importorskip("torch")
    tensor = torch.arange(6.0, requires_grad=True).reshape(2, 3)
    found = decode(encode(tensor))
    assert torch.equal(found, tensor.detach())


@given(st.binary(max_size=200))
def test_no_bytes_do_anything_but_make_a_value_or_be_refused(data):
    with contextlib.suppress(CodecError):
        decode(data)


@given(PLAIN, st.data())
def test_no_damage_does_anything_but_make_a_value_or_be_refused(value, data):
    content = bytearray(encode(value))
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    with contextlib.suppress(CodecError):
        decode(bytes(content))


def packed(tag, *parts):
    return tag + struct.pack("<I", len(parts)) + b"".join(parts)


@pytest.mark.parametrize(
    "bomb",
    [
        b"l" + struct.pack("<I", 2**32 - 1),
        b"s" + struct.pack("<I", 2**31) + b"x",
        b"i" + struct.pack("<I", 100_000) + bytes(100_000),
        packed(b"a", encode("<f8"), encode([10**9, 0]), encode(b"")),
        packed(b"a", encode("<f8"), encode([2**62, 4]), encode(b"")),
        packed(b"a", encode("|O"), encode([1]), encode(bytes(8))),
        packed(b"a", encode("<U1"), encode([1]), encode(b"\xff" * 4)),
        packed(b"a", encode("<f8"), encode([-1]), encode(b"")),
        packed(b"a", encode("|V0"), encode([10**6]), encode(b"")),
        packed(b"l") * 2,
        b"l\1\0\0\0" * (MAX_DEPTH + 2) + b"N",
        packed(b"d", *[encode(n * (2**61 - 1)) for n in range(40_000)]),
        packed(b"d", encode([]), encode(1)),
        packed(b"D", encode([]), encode([]), encode([])),
        packed(b"h", encode(-1), encode(1), encode(True)),
    ],
    ids=range(15),
)
def test_bombs_are_refused_at_once(bomb):
    with pytest.raises(CodecError):
        decode(bomb)


def test_a_truth_value_that_is_neither_is_made_one():
    found = decode(packed(b"a", encode("|b1"), encode([2]), encode(b"\x02\xff")))
    assert found.view(np.uint8).tolist() == [1, 1]


def test_what_contains_itself_or_is_too_large_is_refused():
    endless = []
    endless.append(endless)
    for value in (endless, np.zeros(1 << 23), "x" * (1 << 26), range(10**9)):
        with pytest.raises(CodecError):
            encode(value)


class Number(float):
    __float__ = __eq__ = lambda *_: 1 / 0
    __hash__ = None


class Bomb:
    def __reduce__(self):
        raise AssertionError("it was pickled")

    def __array__(self, *_, **__):
        raise AssertionError("it was made an array")

    def __len__(self):
        raise AssertionError("it was measured")


def test_objects_become_handles_and_none_of_their_methods_is_called():
    bomb, kept = Bomb(), []

    def keep(value):
        kept.append(value)
        return Handle(0, type(value).__name__)

    assert decode(encode([bomb, 1], keep)) == [Handle(0, "Bomb"), 1]
    assert kept == [bomb]
    with pytest.raises(CodecError):
        encode(bomb)


def test_what_is_derived_from_a_plain_class_arrives_as_the_plain_class():
    class Text(str):
        __slots__ = ()

    assert type(decode(encode(Number(2.5)))) is float
    assert type(decode(encode(Text("x")))) is str
    assert type(decode(encode(np.float64(2.5)))) is np.float64
    assert type(decode(encode(np.ma.masked_array([1, 2], [True, False])))) is np.ndarray
