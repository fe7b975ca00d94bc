"""Reading ``.npy`` files."""

from __future__ import annotations

import math
import os
from pathlib import Path
from typing import Any

import numpy as np

from course_utils.arrays._errors import ArrayFileError
from course_utils.arrays._folder import open_regular
from course_utils.arrays._format import chunk_length
from course_utils.arrays._input import check_dtype
from course_utils.arrays._reading import ReadableArray

_MAGIC = b"\x93NUMPY"


class NpyArray(ReadableArray):
    """An array that ``numpy.save`` wrote. The format has no checksums.

    Parameters
    ----------
    path
        The file.

    Raises
    ------
    ArrayFileError
        When it is no ``.npy`` file, is cut short, or holds pickled objects.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._mapped: np.ndarray | None = _map(path)
        self.dtype, self.shape = self._mapped.dtype, self._mapped.shape

    @property
    def attributes(self) -> dict[str, Any]:
        """Nothing: the format has none."""
        return {}

    @property
    def format(self) -> str:
        """The format's name."""
        return ".npy"

    @property
    def stored_bytes(self) -> int:
        """Length on the disk, in bytes."""
        return self.path.stat().st_size

    @property
    def chunk_rows(self) -> int:
        """How many rows :meth:`chunks` gives at a time."""
        row_bytes = math.prod(self.shape[1:]) * self.dtype.itemsize
        return max(1, chunk_length(row_bytes, self.dtype.itemsize) // max(1, row_bytes))

    def close(self) -> None:
        """Close the file; reading afterwards raises ValueError."""
        self._mapped = None

    def verify(self) -> int:
        """Read everything; return the number of chunks, 1."""
        self._read_all()
        return 1

    def _array(self) -> np.ndarray:
        if self._mapped is None:
            raise ValueError(f"{self.path}: the array was closed")
        return self._mapped

    def _read_all(self) -> np.ndarray:
        return np.array(self._array(), order="C")

    def _read_rows(self, start: int, stop: int) -> np.ndarray:
        return np.array(self._array()[start:stop], order="C")

    def _take_rows(self, rows: np.ndarray) -> np.ndarray:
        return np.array(self._array()[rows], order="C")


def is_npy(path: Path) -> bool:
    """Say whether a plain file begins as a ``.npy`` file does."""
    with os.fdopen(open_regular(path), "rb") as file:
        return file.read(len(_MAGIC)) == _MAGIC


def _map(path: Path) -> np.ndarray:
    try:
        mapped = np.load(path, mmap_mode="r", allow_pickle=False)
    except (ValueError, EOFError, OSError, OverflowError, MemoryError) as error:
        if isinstance(error, FileNotFoundError):
            raise
        raise ArrayFileError(path, "header", _reason(path, error)) from error
    if not isinstance(mapped, np.ndarray):
        raise ArrayFileError(path, "header", "not a .npy file")
    check_dtype(mapped.dtype, str(path))
    return mapped


def _reason(path: Path, error: BaseException) -> str:
    if "Object arrays cannot be loaded" in str(error) or "Array can't be memory-mapped" in str(
        error
    ):
        return (
            "it holds pickled Python objects, and opening a pickle from somewhere else runs its "
            "code. If you trust it, rewrite it: np.save(path, np.load(path, allow_pickle=True)"
            ".astype(np.float32))"
        )
    if path.stat().st_size == 0:
        return "the file is empty"
    return f"cut short, or not what its header says ({error})"
