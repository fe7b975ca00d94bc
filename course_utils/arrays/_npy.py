"""Reading ``.npy`` files, with NumPy's own reader."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from course_utils.arrays._errors import ArrayFileError
from course_utils.arrays._format import chunk_length
from course_utils.arrays._input import check_dtype
from course_utils.arrays._reading import ReadableArray


class NpyArray(ReadableArray):
    """An array that ``numpy.save`` wrote. The format has neither checksums nor attributes.

    Parameters
    ----------
    path
        The file.

    Raises
    ------
    ArrayFileError
        When it is no ``.npy`` file, is cut short, or holds pickled objects.
    TypeError
        When it holds records.
    """

    format = ".npy"

    def __init__(self, path: Path) -> None:
        self.path = path
        self.attributes = {}
        try:
            self._mapped: np.ndarray | None = np.lib.format.open_memmap(path, mode="r")
        except (ValueError, EOFError, OSError, OverflowError, MemoryError) as error:
            reason = f"not a .npy file, cut short, or not what its header says ({error})"
            if "Python objects" in str(error):
                reason = (
                    "it holds pickled Python objects, and opening a pickle from somewhere else "
                    "runs its code. If you trust it, rewrite it: np.save(path, "
                    "np.load(path, allow_pickle=True).astype(np.float32))"
                )
            raise ArrayFileError(path, "header", reason) from error
        self.dtype, self.shape = check_dtype(self._mapped.dtype, str(path)), self._mapped.shape

    @property
    def stored_bytes(self) -> int:
        """Length on the disk, in bytes."""
        return self.path.stat().st_size

    @property
    def chunk_rows(self) -> int:
        """How many rows :meth:`chunks` gives at a time."""
        length = chunk_length(self.row_bytes, self.dtype.itemsize)
        return max(1, length // max(1, self.row_bytes))

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
