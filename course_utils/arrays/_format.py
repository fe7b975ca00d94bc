"""The format of a stored array: what its manifest says, and how that is checked.

An array is a folder of two files. ``chunks-<id>`` holds the array's bytes in C order, cut into
chunks of equal length, each compressed by Blosc2, one after another with nothing between them. It
only ever grows. ``manifest`` says how to read it, and holds what does not fill a chunk:

=========  ==================================================================================
part       content
=========  ==================================================================================
prelude    magic number; lengths of header, index and tail; checksum
header     JSON: dtype, shape, length of a chunk, id of the chunks file, attributes; checksum
index      for each chunk: its compressed length, its checksum; then the index's own checksum
tail       the last, short chunk, compressed (nothing when there is none); checksum
=========  ==================================================================================

A write adds chunks behind those that the manifest knows, makes sure they are on the disk, and then
replaces the manifest by a rename, which either happens or does not. So the manifest that is there
always describes bytes that are there. Every byte that is read is covered by a checksum (XXH3, 64
bits), the manifest's by its own, the chunks' by the index.
"""

from __future__ import annotations

import json
import math
import re
import struct
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import xxhash

from course_utils.arrays._errors import ArrayFileError

MAGIC = b"\x89CUArr\x01\n"
MANIFEST = "manifest"

_PRELUDE = struct.Struct("<8sQQQ")
_CHECKSUM_BYTES = 8
INDEX_ENTRY = np.dtype([("length", "<u4"), ("checksum", "<u8")])

LARGEST_HEADER = 4 * 2**20
"""Bytes of JSON; attributes are meant to be small."""
_LARGEST_CHUNK = 2**24
_SMALLEST_CHUNK = 16
# Sixteen million chunks hold 8 TB; a longer manifest is not read.
LARGEST_MANIFEST = LARGEST_HEADER + 2**24 * INDEX_ENTRY.itemsize + _LARGEST_CHUNK
# What does not compress grows by Blosc2's header.
_CHUNK_OVERHEAD = 64

_CHUNKS_ID = re.compile(r"[0-9a-f]{32}")
# What np.dtype(...).str gives for the types that can be stored, and nothing else that np.dtype
# accepts: its language can describe records of any size.
_DTYPE = re.compile(
    r"[<>|](b1|[iu][1248]|f(2|4|8|12|16)|c(8|16|24|32)|[SU]\d{1,9}|[mM]8(\[\d{0,9}[A-Za-z]{1,7}\])?)"
)


def checksum(data: Any) -> int:
    """Return the 64-bit XXH3 of a bytes-like object."""
    return xxhash.xxh3_64_intdigest(data)


@dataclass(frozen=True)
class Manifest:
    """What is known about a stored array without reading its chunks.

    Parameters
    ----------
    dtype, shape
        Of the array.
    chunk_bytes
        Length of a chunk before compression.
    chunks_id
        32 hexadecimal digits that name the chunks file; ``None`` when there is no such file
        because no chunk is full.
    index
        Entries (``length``, ``checksum``) of type ``INDEX_ENTRY``, one a chunk.
    tail
        The compressed last chunk, shorter than the others; empty when there is none.
    attributes
        The caller's JSON dictionary.
    """

    dtype: np.dtype
    shape: tuple[int, ...]
    chunk_bytes: int
    chunks_id: str | None
    index: np.ndarray
    tail: bytes = field(repr=False)
    attributes: dict[str, Any]

    @classmethod
    def of_no_rows(cls, dtype: np.dtype, row_shape: tuple[int, ...]) -> Manifest:
        """Describe an array to which nothing has been written yet."""
        length = chunk_length(math.prod(row_shape) * dtype.itemsize, dtype.itemsize)
        return cls(dtype, (0, *row_shape), length, None, np.empty(0, INDEX_ENTRY), b"", {})

    @property
    def total_bytes(self) -> int:
        """Length of the array before compression."""
        return math.prod(self.shape) * self.dtype.itemsize

    @property
    def tail_bytes(self) -> int:
        """Length of the tail before compression."""
        return self.total_bytes % self.chunk_bytes

    @property
    def stored_bytes(self) -> int:
        """Length of the chunks file as far as this manifest knows it."""
        return int(self.index["length"].sum(dtype=np.uint64))

    def to_bytes(self) -> bytes:
        """Write the manifest as the bytes of its file."""
        header = json.dumps(
            {
                "dtype": self.dtype.str,
                "long_double": _long_double_digits(self.dtype),
                "shape": list(self.shape),
                "chunk_bytes": self.chunk_bytes,
                "chunks_id": self.chunks_id,
                "attributes": self.attributes,
            }
        ).encode()
        index = self.index.tobytes()
        prelude = _PRELUDE.pack(MAGIC, len(header), len(index), len(self.tail))
        return b"".join(
            part + checksum(part).to_bytes(_CHECKSUM_BYTES, "little")
            for part in (prelude, header, index, self.tail)
        )

    @classmethod
    def from_bytes(cls, data: bytes, path: Path) -> Manifest:
        """Read and check a manifest.

        Parameters
        ----------
        data
            The whole file.
        path
            Where it was read, for messages.

        Raises
        ------
        ArrayFileError
            When a byte has changed, the file is too short or too long, or what it says cannot be.
        """
        prelude_end = _PRELUDE.size + _CHECKSUM_BYTES
        if len(data) < prelude_end:
            raise ArrayFileError(
                path, f"bytes 0 to {len(data)}", "the file is cut short or no manifest of an array"
            )
        if data[: len(MAGIC)] != MAGIC:
            raise ArrayFileError(path, "magic number (bytes 0 to 7)", "not a manifest of an array")
        _checked(data, 0, _PRELUDE.size, "prelude", path)
        _, *lengths = _PRELUDE.unpack_from(data)
        if len(data) != prelude_end + sum(lengths) + 3 * _CHECKSUM_BYTES:
            raise ArrayFileError(
                path,
                f"end (byte {len(data)})",
                "the file is shorter or longer than its prelude says: it was cut or added to",
            )
        parts, start = [], prelude_end
        for name, length in zip(("header", "index", "tail"), lengths, strict=True):
            parts.append(_checked(data, start, length, name, path))
            start += length + _CHECKSUM_BYTES
        header, index, tail = parts
        return _interpret(header, index, tail, path)


def chunk_length(row_bytes: int, item_bytes: int) -> int:
    """Choose how many bytes go into a chunk.

    A chunk is what must be read, checked and decompressed to get at one row, so it should be
    small; and what is compressed at once, so it should not be too small. Sixty-four rows (a batch)
    are a good measure, within 512 KiB and 1 MiB. Whole rows, or where a row is larger than that
    whole items, keep the shuffle aligned.

    Parameters
    ----------
    row_bytes, item_bytes
        Length of one row along the first axis, and of one item.
    """
    target = min(max(64 * row_bytes, 2**19), 2**20)
    for unit in (row_bytes, item_bytes):
        if 0 < unit <= target:
            return target // unit * unit
    return target


def _checked(data: bytes, start: int, length: int, name: str, path: Path) -> bytes:
    end = start + length
    part = data[start:end]
    if checksum(part) != int.from_bytes(data[end : end + _CHECKSUM_BYTES], "little"):
        raise ArrayFileError(
            path,
            f"{name} (bytes {start} to {end + _CHECKSUM_BYTES - 1})",
            "the checksum does not fit: these bytes have changed since they were written",
        )
    return part


def _interpret(header: bytes, index: bytes, tail: bytes, path: Path) -> Manifest:
    """Turn checked bytes into a manifest; they may still come from someone hostile."""
    try:
        fields = json.loads(header)
        attributes, chunks_id = fields["attributes"], fields["chunks_id"]
        manifest = Manifest(
            dtype=parse_dtype(fields["dtype"], fields["long_double"]),
            shape=parse_shape(fields["shape"]),
            chunk_bytes=_whole_number(fields["chunk_bytes"], 1, _LARGEST_CHUNK),
            chunks_id=chunks_id,
            index=np.frombuffer(index, INDEX_ENTRY),
            tail=tail,
            attributes=attributes,
        )
        if not isinstance(attributes, dict):
            raise ValueError("attributes must be a dictionary")
        if chunks_id is not None and not (
            isinstance(chunks_id, str) and _CHUNKS_ID.fullmatch(chunks_id)
        ):
            raise ValueError(f"{chunks_id!r} is not the id of a chunks file")
        n_chunks = manifest.total_bytes // manifest.chunk_bytes
        if len(manifest.index) != n_chunks or (n_chunks > 0) != (chunks_id is not None):
            raise ValueError(
                f"shape {manifest.shape} of {manifest.dtype} needs {n_chunks} chunks, "
                f"and the index has {len(manifest.index)}"
            )
        if (manifest.tail_bytes > 0) != (len(tail) > 0):
            raise ValueError(f"shape {manifest.shape} does not fit the length of the tail")
        lengths = manifest.index["length"]
        if n_chunks and not (
            lengths.min() >= _SMALLEST_CHUNK
            and lengths.max() <= manifest.chunk_bytes + _CHUNK_OVERHEAD
        ):
            raise ValueError("the index has a chunk of impossible length")
    except (KeyError, TypeError, ValueError, RecursionError, OverflowError) as error:
        raise ArrayFileError(path, "header", f"it does not describe an array: {error}") from error
    return manifest


def parse_dtype(text: Any, long_double: int | None = None) -> np.dtype:
    """Turn ``numpy.dtype.str`` back into a dtype, accepting only types that can be stored.

    Raises
    ------
    ValueError
        For any other text, and for a long double of another kind of processor.
    """
    if not (isinstance(text, str) and _DTYPE.fullmatch(text)):
        raise ValueError(f"{text!r:.80} is not a dtype that can be stored")
    try:
        dtype = np.dtype(text)
    except TypeError as error:
        raise ValueError(f"this computer has no dtype {text!r}") from error
    if _long_double_digits(dtype) != long_double:
        raise ValueError(
            f"dtype {text!r} is a long double of another kind of processor; "
            "on a computer of that kind, save it as float64"
        )
    return dtype


def parse_shape(lengths: Any) -> tuple[int, ...]:
    """Check a shape that was read from JSON.

    Raises
    ------
    ValueError
        When it is not a list of at most 64 lengths, or has more items than an array can have.
    """
    if not isinstance(lengths, list) or len(lengths) > 64:
        raise ValueError(f"{lengths!r:.80} is not a shape")
    shape = tuple(_whole_number(length, 0, 2**62) for length in lengths)
    # NumPy multiplies the lengths that are not 0, also when one is.
    if math.prod(length for length in shape if length) > 2**62:
        raise ValueError(f"shape {shape!r:.80} has more items than an array can have")
    return shape


def _whole_number(value: Any, smallest: int, largest: int) -> int:
    if type(value) is not int or not smallest <= value <= largest:
        raise ValueError(f"{value!r:.80} is not a whole number from {smallest} to {largest}")
    return value


def _long_double_digits(dtype: np.dtype) -> int | None:
    """Return the mantissa's bits of a long double, ``None`` for other types.

    Processors differ in what they mean by it, and ``'<f16'`` stands for two different things.
    """
    if dtype.kind not in "fc" or dtype.itemsize <= (8 if dtype.kind == "f" else 16):
        return None
    return int(np.finfo(dtype).nmant)
