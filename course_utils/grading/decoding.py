"""Reading what `codec.encode` wrote, or somebody who wants to do harm.

Reading starts no code of the sender's: there is no class to be looked up, no constructor to be
called and no length that is believed. What is too large, too deep or not well formed is refused.
"""

from __future__ import annotations

import struct
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from course_utils.grading.codec import (
    ARRAY_KINDS,
    MAX_ALIKE,
    MAX_BYTES,
    MAX_DEPTH,
    MAX_INTEGER_BYTES,
    MAX_ITEMS,
    MAX_KEYS,
    MAX_VALUES,
    TABLE_TYPES,
    CodecError,
    Handle,
)


def decode(data: bytes, limit: int = MAX_BYTES) -> Any:
    """Give the value that `encode` made these bytes of.

    Raises
    ------
    CodecError
        When they are no such bytes, or too many, or would make a value much larger than they are.
    """
    if len(data) > limit:
        raise CodecError(f"{len(data)} bytes are more than {limit}")
    reader = _Reader(data)
    try:
        value = reader.read(0)
    except CodecError:
        raise
    except Exception as error:  # whatever NumPy or pandas say of nonsense
        raise CodecError(f"not well formed: {type(error).__name__}") from error
    if reader.position != len(data):
        raise CodecError("something follows the value")
    return value


class _Reader:
    def __init__(self, data: bytes) -> None:
        self.data = data
        self.position = 0
        self.items = 0

    def take(self, count: int) -> bytes:
        end = self.position + count
        if end > len(self.data):
            raise CodecError("it ends too early")
        part = self.data[self.position : end]
        self.position = end
        return part

    def size(self) -> int:
        return int(struct.unpack("<I", self.take(4))[0])

    def many(self, depth: int) -> list[Any]:
        count = self.size()
        if count > len(self.data) - self.position:  # an item is a byte at least
            raise CodecError("it says that it has more items than it has")
        return [self.read(depth + 1) for _ in range(count)]

    def exactly(self, depth: int, *kinds: type) -> list[Any]:
        values = self.many(depth)
        if len(values) != len(kinds) or any(
            kind is not object and type(value) is not kind
            for value, kind in zip(values, kinds, strict=True)
        ):
            raise CodecError("its parts are not what they should be")
        return values

    def read(self, depth: int) -> Any:
        self.items += 1
        if depth > MAX_DEPTH or self.items > MAX_ITEMS:
            raise CodecError("it is nested too deep, or has too many items")
        tag = self.take(1)
        if tag not in _READ:
            raise CodecError("it has a part of no known kind")
        return _READ[tag](self, depth)

    def integer(self, depth: int) -> int:
        size = self.size()
        if size > MAX_INTEGER_BYTES:
            raise CodecError("it has a whole number of too many digits")
        return int.from_bytes(self.take(size), "little", signed=True)

    def handle(self, depth: int) -> Handle:
        number, kind, is_callable = self.exactly(depth, int, str, bool)
        return Handle(number, kind, is_callable)

    def mapping(self, depth: int) -> dict[Any, Any]:
        parts = self.many(depth)
        if len(parts) % 2 or len(parts) > 2 * MAX_KEYS:
            raise CodecError(f"it has a dictionary of more than {MAX_KEYS} keys, or a broken one")
        _look_at_hashes(parts[::2])
        return dict(zip(parts[::2], parts[1::2], strict=True))

    def members(self, depth: int) -> set[Any]:
        parts = self.many(depth)
        if len(parts) > MAX_KEYS:
            raise CodecError(f"it has a set of more than {MAX_KEYS} items")
        _look_at_hashes(parts)
        return set(parts)

    def array(self, depth: int) -> np.ndarray[Any, Any]:
        kind, shape, content = self.exactly(depth, str, list, bytes)
        dtype = np.dtype(kind) if len(kind) < 12 else np.dtype("O")
        if dtype.kind not in ARRAY_KINDS:
            raise CodecError("it has an array of no known kind")
        if dtype.itemsize * _count(shape) != len(content):
            raise CodecError("it has an array of another size than it says")
        if dtype.itemsize == 0:
            raise CodecError("it has an array of nothing")
        array = np.frombuffer(content, dtype).reshape(shape).copy()
        if dtype.kind == "b":  # a byte that is neither 0 nor 1 is a truth value of its own
            array = array.view(np.uint8) != 0
        if dtype.kind == "U" and array.size:
            points = np.frombuffer(content, np.uint32)
            if (points > 0x10FFFF).any():
                raise CodecError("it has an array of text that is none")
        return array

    def scalar(self, depth: int) -> Any:
        array = self.array(depth)
        if array.shape:
            raise CodecError("it has a number of more than one value")
        return array[()]

    def objects(self, depth: int) -> np.ndarray[Any, Any]:
        shape, values = self.exactly(depth, list, list)
        if _count(shape) != len(values):
            raise CodecError("it has an array of another size than it says")
        array = np.empty(len(values), object)
        for position, value in enumerate(values):
            array[position] = value
        return array.reshape(shape)

    def tensor(self, depth: int) -> Any:
        import torch

        (array,) = self.exactly(depth, np.ndarray)
        return torch.from_numpy(array)

    def frame(self, depth: int) -> Any:
        import pandas as pd

        columns, index, contents = self.exactly(depth, list, list, list)
        labels, rows = _index(columns), _index(index)
        if len(labels) != len(contents):
            raise CodecError("it has a table of other columns than it says")
        made = {n: _series(c, rows, None) for n, c in enumerate(contents)}
        table = pd.DataFrame(made, index=rows, columns=range(len(made)))
        table.columns = labels
        return table

    def series(self, depth: int) -> Any:
        name, index, column = self.exactly(depth, object, list, list)
        return _series(column, _index(index), name)

    def index(self, depth: int) -> Any:
        return _index(self.many(depth))


def _look_at_hashes(keys: list[Any]) -> None:
    """Refuse keys that were chosen to have one hash: they are compared each with each other."""
    if len(keys) > MAX_ALIKE and max(Counter(map(hash, keys)).values()) > MAX_ALIKE:
        raise CodecError(f"it has more than {MAX_ALIKE} keys with the same hash")


def _count(shape: list[Any]) -> int:
    """Give how many values an array of this shape has; refuse one with absurdly many empty rows."""
    if len(shape) > 32 or any(type(n) is not int or n < 0 for n in shape):
        raise CodecError("it has an array of an impossible shape")
    count, rows = 1, 1
    for n in shape:
        count, rows = count * n, rows * max(n, 1)
    if rows > MAX_VALUES:
        raise CodecError("it has an array of too many values")
    return count


def _index(parts: list[Any]) -> Any:
    import pandas as pd

    names, several, values = parts
    if several is True:
        return pd.MultiIndex.from_tuples(values, names=names)
    return pd.Index(_values(values), name=names[0])


def _values(column: list[Any]) -> Any:
    import pandas as pd

    kind, values = column
    if kind == "" and type(values) is np.ndarray and values.ndim == 1:
        return values
    if kind in TABLE_TYPES and type(values) is list:
        return pd.array(values, dtype=kind)
    raise CodecError("it has a table of no known kind")


def _series(column: list[Any], index: Any, name: object) -> Any:
    import pandas as pd

    values = _values(column)
    if len(values) != len(index):
        raise CodecError("it has a table of other rows than it says")
    return pd.Series(values, index=index, name=name)


_READ: Mapping[bytes, Callable[[_Reader, int], Any]] = {
    b"N": lambda reader, depth: None,
    b".": lambda reader, depth: ...,
    b"!": lambda reader, depth: NotImplemented,
    b"T": lambda reader, depth: True,
    b"F": lambda reader, depth: False,
    b"i": _Reader.integer,
    b"f": lambda reader, depth: struct.unpack("<d", reader.take(8))[0],
    b"c": lambda reader, depth: complex(*struct.unpack("<dd", reader.take(16))),
    b"s": lambda reader, depth: reader.take(reader.size()).decode("utf-8"),
    b"b": lambda reader, depth: reader.take(reader.size()),
    b"h": _Reader.handle,
    b"l": _Reader.many,
    b"t": lambda reader, depth: tuple(reader.many(depth)),
    b"S": _Reader.members,
    b"d": _Reader.mapping,
    b"a": _Reader.array,
    b"g": _Reader.scalar,
    b"o": _Reader.objects,
    b"p": _Reader.tensor,
    b"D": _Reader.frame,
    b"E": _Reader.series,
    b"I": _Reader.index,
}
