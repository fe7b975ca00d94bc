"""Plain data as bytes, and back: the only thing that crosses between a submission and its grader.

Numbers, text, bytes, lists, tuples, sets, dictionaries, NumPy arrays, pandas tables and PyTorch
tensors. Everything else is a `Handle`: a number and the name of its class. What is too large or too
deep is a `CodecError`. `decoding` reads it.

A value is one byte that says what it is, then its length or number of items where it has one, then
its content. Numbers are little-endian.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

MAX_BYTES = 32 << 20
MAX_DEPTH = 24
MAX_ITEMS = 2_000_000
MAX_VALUES = 8_000_000  # of an array
MAX_KEYS = 10_000
MAX_ALIKE = 100  # keys that have one hash: looking one of them up costs their number
MAX_INTEGER_BYTES = 512
ARRAY_KINDS = "biufcUSMm"
TABLE_TYPES = {"str", "string", "boolean", "Int64", "Float64", "category"}


class CodecError(ValueError):
    """Data that cannot cross: not plain, too large, too deep, or not well formed."""


@dataclass(frozen=True)
class Handle:
    """An object that stays where it is.

    Parameters
    ----------
    number
        What the process that has it calls it.
    kind
        The name of its class.
    callable
        Whether it can be called.
    """

    number: int
    kind: str
    callable: bool = False


# Gives a handle for what is no plain data; raises CodecError where there are none.
Keeper = Callable[[object], Handle]


def refuse(value: object) -> Handle:
    """Give no handle."""
    raise CodecError(f"{type(value).__name__} is no plain data")


def encode(value: object, keep: Keeper = refuse, limit: int = MAX_BYTES) -> bytes:
    """Give ``value`` as bytes.

    Parameters
    ----------
    value
        Plain data. A class derived from a plain one counts as that plain one.
    keep
        Gives a handle for everything else.
    limit
        How many bytes there may be.

    Raises
    ------
    CodecError
        When it is not plain, too large or too deep; also when it contains itself.
    """
    writer = _Writer(keep, limit)
    writer.write(value, 0)
    return writer.buffer.getvalue()


class _Writer:
    def __init__(self, keep: Keeper, limit: int) -> None:
        self.buffer = io.BytesIO()
        self.keep = keep
        self.limit = limit
        self.items = 0

    def put(self, tag: bytes, *parts: bytes) -> None:
        if self.buffer.tell() + sum(map(len, parts)) > self.limit:
            raise CodecError(f"more than {self.limit} bytes")
        self.buffer.write(tag)
        for part in parts:
            self.buffer.write(part)

    def sized(self, tag: bytes, content: bytes) -> None:
        self.put(tag, struct.pack("<I", len(content)), content)

    def many(self, tag: bytes, values: list[Any], depth: int) -> None:
        self.put(tag, struct.pack("<I", len(values)))
        for value in values:
            self.write(value, depth + 1)

    def write(self, value: object, depth: int) -> None:
        self.items += 1
        if depth > MAX_DEPTH:
            raise CodecError(f"nested more than {MAX_DEPTH} deep")
        if self.items > MAX_ITEMS:
            raise CodecError(f"more than {MAX_ITEMS} items")
        if value is None or value is ... or value is NotImplemented:
            self.put({None: b"N", ...: b".", NotImplemented: b"!"}[value])
        elif isinstance(value, bool):
            self.put(b"T" if value else b"F")
        elif isinstance(value, np.generic):
            self.array(b"g", np.asarray(value), depth)
        elif isinstance(value, int):
            number = int.__index__(value)
            self.sized(b"i", number.to_bytes(number.bit_length() // 8 + 1, "little", signed=True))
        elif isinstance(value, float):
            self.put(b"f", struct.pack("<d", value))
        elif isinstance(value, complex):
            self.put(b"c", struct.pack("<dd", value.real, value.imag))
        elif isinstance(value, str):
            self.sized(b"s", str.encode(value, "utf-8", "replace"))
        elif isinstance(value, bytes | bytearray):
            self.sized(b"b", bytes(value))
        elif isinstance(value, Handle):
            self.many(b"h", [value.number, value.kind, value.callable], depth)
        elif isinstance(value, list):
            self.many(b"l", list(value), depth)
        elif isinstance(value, tuple):
            self.many(b"t", list(value), depth)
        elif isinstance(value, range):
            if len(value) > MAX_ITEMS:
                raise CodecError(f"more than {MAX_ITEMS} items")
            self.many(b"l", list(value), depth)
        elif isinstance(value, set | frozenset):
            self.many(b"S", list(value), depth)
        elif isinstance(value, dict):
            pairs = list(value.items())
            self.many(b"d", [part for pair in pairs for part in pair], depth)
        elif isinstance(value, np.ndarray):
            self.array(b"a", np.asarray(value), depth)
        else:
            self.other(value, depth)

    def array(self, tag: bytes, array: np.ndarray[Any, Any], depth: int) -> None:
        shape = list(array.shape)
        if array.dtype.kind in ARRAY_KINDS and array.dtype.isnative:
            content = np.ascontiguousarray(array)
            if content.nbytes > self.limit:
                raise CodecError(f"more than {self.limit} bytes")
            self.many(tag, [array.dtype.str, shape, content.tobytes()], depth)
        elif array.dtype.kind == "O":
            self.many(b"o", [shape, array.ravel().tolist()], depth)
        elif not array.dtype.isnative:
            self.array(tag, array.astype(array.dtype.newbyteorder("=")), depth)
        else:
            raise CodecError(f"arrays of {array.dtype} are no plain data")

    def other(self, value: Any, depth: int) -> None:
        home = type(value).__module__.partition(".")[0]
        if home == "pandas" and self.table(value, depth):
            return
        if home == "torch" and type(value).__name__ in ("Tensor", "Parameter"):
            self.many(b"p", [value.detach().cpu().numpy()], depth)
            return
        self.write(self.keep(value), depth)

    def table(self, value: Any, depth: int) -> bool:
        import pandas as pd

        if isinstance(value, pd.DataFrame):
            columns = [value.iloc[:, position] for position in range(value.shape[1])]
            parts = [_labels(value.columns), _labels(value.index), [*map(_column, columns)]]
            self.many(b"D", parts, depth)
        elif isinstance(value, pd.Series):
            self.many(b"E", [value.name, _labels(value.index), _column(value)], depth)
        elif isinstance(value, pd.Index):
            self.many(b"I", _labels(value), depth)
        elif value is pd.NA or value is pd.NaT:
            self.put(b"f", struct.pack("<d", float("nan")))
        else:
            return False
        return True


def _labels(index: Any) -> list[object]:
    """Give names, whether it has several levels, and values of a pandas index."""
    several = index.nlevels > 1
    return [list(index.names), several, index.tolist() if several else _column(index)]


def _column(column: Any) -> list[object]:
    """Give type and values of a pandas column."""
    kind = str(column.dtype)
    if kind in TABLE_TYPES:
        return [kind, [None if gone else v for v, gone in zip(column, column.isna(), strict=True)]]
    return ["", column.to_numpy()]
