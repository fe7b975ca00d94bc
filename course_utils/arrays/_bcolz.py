"""Reading the directories of bcolz, without bcolz.

Such a directory has ``meta/storage`` (JSON: dtype, rows in a chunk), ``meta/sizes`` (JSON: shape),
``__attrs__`` (JSON, optional) and ``data/__0.blp``, ``data/__1.blp`` …, a file for each chunk:
sixteen bytes of Bloscpack header, then one Blosc 1 chunk. The last chunk holds fewer rows. The
format has no checksums, so some damage goes unnoticed; converting an array ends that.

Source: bcolz's ``DISK_FORMAT_v1.rst``, and Bloscpack's and Blosc's descriptions of their headers.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from course_utils.arrays._codec import LARGEST_CHUNK, ChunkError, decompress_into
from course_utils.arrays._errors import ArrayFileError
from course_utils.arrays._folder import (
    BCOLZ_ATTRIBUTES,
    BCOLZ_DATA,
    BCOLZ_SIZES,
    BCOLZ_STORAGE,
    read_whole,
)
from course_utils.arrays._format import LARGEST_HEADER, parse_dtype, parse_shape
from course_utils.arrays._reading import ChunkedArray

_MAGIC = b"blpk"
_HEADER_BYTES = 16
_BLOSC_HEADER_BYTES = 16


class BcolzArray(ChunkedArray):
    """An array in a bcolz directory (a ``carray``).

    Parameters
    ----------
    folder
        The directory that bcolz calls ``rootdir``.

    Raises
    ------
    ArrayFileError
        When its metadata is damaged or hostile, or a chunk is missing.
    TypeError
        When it holds pickled objects or records.
    """

    format = "bcolz"

    def __init__(self, folder: Path) -> None:
        self.path = folder
        storage = _read_json(folder / BCOLZ_STORAGE)
        sizes = _read_json(folder / BCOLZ_SIZES)
        self.dtype = _parse_dtype(storage.get("dtype"), folder / BCOLZ_STORAGE)
        try:
            self.shape = parse_shape(sizes.get("shape"))
        except ValueError as error:
            raise ArrayFileError(folder / BCOLZ_SIZES, "shape", str(error)) from error
        if not self.shape:
            raise ArrayFileError(folder / BCOLZ_SIZES, "shape", "bcolz has no arrays without rows")
        self._chunk_rows = _parse_chunk_rows(storage, self.row_bytes, folder / BCOLZ_STORAGE)
        self.chunk_bytes = max(1, self._chunk_rows * self.row_bytes)
        attributes = folder / BCOLZ_ATTRIBUTES
        self.attributes = _read_json(attributes) if attributes.is_file() else {}
        self._check_chunks_exist()

    def _check_chunks_exist(self) -> None:
        # Before anything is allocated: the shape may be a lie.
        data = self.path / BCOLZ_DATA
        names = {entry.name for entry in data.iterdir()} if data.is_dir() else set()
        for chunk in range(self.n_chunks):
            if f"__{chunk}.blp" not in names:
                raise ArrayFileError(
                    data / f"__{chunk}.blp",
                    "the file itself",
                    f"missing: {self.shape[0]:,} rows need {self.n_chunks:,} chunks. "
                    "Was bcolz stopped before it flushed?",
                )

    @property
    def stored_bytes(self) -> int:
        """Length on the disk, in bytes."""
        return sum(file.stat().st_size for file in self.path.rglob("*") if file.is_file())

    @property
    def chunk_rows(self) -> int:
        """How many rows :meth:`chunks` gives at a time."""
        return self._chunk_rows

    def close(self) -> None:
        """Do nothing: files are only open while they are read."""

    def _read_chunk(self, chunk: int, destination: np.ndarray) -> None:
        path = self.path / BCOLZ_DATA / f"__{chunk}.blp"
        try:
            data = memoryview(read_whole(path, LARGEST_CHUNK))
        except FileNotFoundError as error:
            raise ArrayFileError(path, "the file itself", "missing") from error
        if len(data) < _HEADER_BYTES + _BLOSC_HEADER_BYTES or data[:4] != _MAGIC:
            raise ArrayFileError(path, "header (bytes 0 to 31)", "cut short, or no chunk of bcolz")
        compressed = data[_HEADER_BYTES:]
        stored = int.from_bytes(compressed[4:8], "little")
        # The last chunk may hold more than is needed of it, after a resize.
        if not len(destination) <= stored <= self.chunk_bytes or stored % self.row_bytes:
            raise ArrayFileError(
                path,
                "header (bytes 20 to 23)",
                f"the chunk says it holds {stored:,} bytes; {len(destination):,} belong here",
            )
        fits = stored == len(destination)
        plain = destination if fits else np.empty(stored, np.uint8)
        try:
            decompress_into(compressed, plain)
        except ChunkError as error:
            raise ArrayFileError(path, "chunk (from byte 16 on)", str(error)) from error
        if not fits:
            destination[:] = plain[: len(destination)]


def _read_json(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(read_whole(path, LARGEST_HEADER))
    except FileNotFoundError as error:
        raise ArrayFileError(path, "the file itself", "missing") from error
    except (ValueError, RecursionError) as error:
        if isinstance(error, ArrayFileError):
            raise
        raise ArrayFileError(path, "the file itself", f"not JSON: {error}") from error
    if not isinstance(content, dict):
        raise ArrayFileError(path, "the file itself", "not a JSON dictionary")
    return content


def _parse_dtype(text: Any, path: Path) -> np.dtype:
    if text == "object" or text == "|O":
        raise TypeError(
            f"{path}: the array holds pickled Python objects, and opening a pickle from somewhere "
            "else runs its code. If you trust it, convert it with bcolz itself to numbers or to "
            "text of a fixed width."
        )
    if isinstance(text, str) and text.startswith("["):
        raise TypeError(f"{path}: the array holds records {text:.80}, which cannot be read")
    # bcolz writes str(dtype): a name such as float32 for this computer's byte order.
    names = {np.dtype(code).name: np.dtype(code).str for code in "?bhilqBHILQefdFD"}
    if isinstance(text, str):
        text = names.get(text, text)
        text = text.replace("datetime64", "<M8").replace("timedelta64", "<m8")
    try:
        return parse_dtype(text)
    except ValueError as error:
        raise ArrayFileError(path, "dtype", str(error)) from error


def _parse_chunk_rows(storage: dict[str, Any], row_bytes: int, path: Path) -> int:
    rows = storage.get("chunklen")
    if type(rows) is not int or rows < 1 or rows * row_bytes > LARGEST_CHUNK:
        raise ArrayFileError(path, "chunklen", f"{rows!r:.80} is not a possible number of rows")
    return rows
