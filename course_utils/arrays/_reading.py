"""Reading: what every stored array offers, whatever its format."""

from __future__ import annotations

import math
import os
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any, Self

import blosc2
import numpy as np

# For fewer bytes, starting threads would take longer than the work.
_WORTH_THREADS = 2**21


class ReadableArray(ABC):
    """A stored array that is read piece by piece.

    It is indexed like a NumPy array, and every index gives a NumPy array that holds the chosen
    part: ``a[10]``, ``a[5:20]``, ``a[::100, 3]``, ``a[[7, 3, 7]]``, ``a[mask]``. Only the chunks
    in which chosen rows lie are read. An index that does not begin with rows (``a[..., 0]``, a mask
    over several axes) reads the whole array.

    It shows the state that was committed when it was opened, also when the array is written to
    or replaced afterwards; open it again to see the new state.
    """

    path: Path
    dtype: np.dtype
    shape: tuple[int, ...]
    attributes: dict[str, Any]
    """The dictionary that was saved with the array."""
    format: str
    """The format's name."""

    @property
    @abstractmethod
    def chunk_rows(self) -> int:
        """How many rows :meth:`chunks` gives at a time."""

    @property
    @abstractmethod
    def stored_bytes(self) -> int:
        """Length on the disk, in bytes."""

    @abstractmethod
    def _read_rows(self, start: int, stop: int) -> np.ndarray:
        """Read rows ``start`` to ``stop`` (both valid) into an array of their own."""

    @abstractmethod
    def _take_rows(self, rows: np.ndarray) -> np.ndarray:
        """Read the rows with these valid, non-negative numbers (1-D)."""

    @abstractmethod
    def _read_all(self) -> np.ndarray:
        """Read the whole array."""

    @abstractmethod
    def verify(self) -> int:
        """Read and check everything; return how many chunks that were.

        Raises
        ------
        ArrayFileError
            When something is damaged.
        """

    @abstractmethod
    def close(self) -> None:
        """Close the files; reading afterwards raises ValueError."""

    def load(self) -> np.ndarray:
        """Read the whole array into memory.

        Raises
        ------
        MemoryError
            When it is larger than this computer's memory.
        ArrayFileError
            When it is damaged.
        """
        with suppress(AttributeError, ValueError, OSError):
            memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
            if self.nbytes > memory:
                raise MemoryError(
                    f"{self.path}: the array has {self.nbytes:,} bytes, this computer's memory "
                    f"{memory:,}. Read it in pieces, with open_array(fname).chunks() or [a:b]"
                )
        return self._read_all()

    def chunks(self) -> Iterator[np.ndarray]:
        """Go through the array in blocks of whole rows, each read when its turn comes.

        Yields
        ------
        numpy.ndarray
            Shape ``(chunk_rows or fewer, *shape[1:])``; at least one block. An array without
            dimensions comes as one block, itself.
        """
        if not self.shape:
            yield self._read_all()
            return
        # An array without items is one block, too.
        n_rows = self.shape[0]
        step = self.chunk_rows if self.nbytes else max(n_rows, 1)
        for start in range(0, max(n_rows, 1), step):
            yield self._read_rows(start, min(start + step, n_rows))

    @property
    def ndim(self) -> int:
        """Number of dimensions."""
        return len(self.shape)

    @property
    def size(self) -> int:
        """Number of items."""
        return math.prod(self.shape)

    @property
    def nbytes(self) -> int:
        """Length in memory, in bytes."""
        return self.size * self.dtype.itemsize

    @property
    def row_bytes(self) -> int:
        """Length of one row in memory, in bytes."""
        return math.prod(self.shape[1:]) * self.dtype.itemsize

    def __len__(self) -> int:
        if not self.shape:
            raise TypeError("len() of an array without dimensions")
        return self.shape[0]

    def __iter__(self) -> Iterator[np.ndarray]:
        """Go through the rows, reading a chunk at a time."""
        if not self.shape:
            raise TypeError("iteration over an array without dimensions")
        for block in self.chunks():
            yield from block

    def __getitem__(self, key: Any) -> Any:
        keys = key if isinstance(key, tuple) else (key,)
        first, rest = (keys[0], keys[1:]) if keys else (slice(None), ())
        if not self.shape:
            return self._read_all()[keys]
        if isinstance(first, slice):
            chosen = range(len(self))[first]
            if abs(chosen.step) > 1:
                return self._take_rows(np.array(chosen, np.intp))[(slice(None), *rest)]
            low = min(chosen[0], chosen[-1]) if chosen else 0
            block = self._read_rows(low, low + len(chosen))
            return block[(slice(None, None, chosen.step), *rest)]
        rows = self._row_numbers(first)
        if rows is None:
            return self.load()[keys]
        if rows.ndim == 0:
            return self._read_rows(int(rows), int(rows) + 1)[(0, *rest)]
        taken = self._take_rows(rows.reshape(-1))
        if rows.ndim == 1 and not rest:
            return taken
        return taken[(np.arange(rows.size).reshape(rows.shape), *rest)]

    def _row_numbers(self, key: Any) -> np.ndarray | None:
        """Turn whole numbers, or a mask of the rows, into numbers of rows from 0 on.

        ``None`` stands for an index that NumPy must apply to the whole array.
        """
        index = np.asarray(key)
        if index.size == 0 and isinstance(key, list):
            index = index.astype(np.intp)
        if index.dtype == bool and index.shape == self.shape[:1]:
            return np.flatnonzero(index)
        if index.dtype.kind not in "iu":
            return None
        outside = (index < -len(self)) | (index >= len(self))
        if outside.any():
            raise IndexError(
                f"{self.path}: row {index[outside].flat[0]} is outside an array of {len(self)} rows"
            )
        index = index.astype(np.intp)
        return np.where(index < 0, index + len(self), index)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        """Let NumPy read the whole array where it wants an array."""
        if copy is False:
            raise ValueError(f"{self.path}: a stored array cannot be read without making a copy")
        loaded = self.load()
        return loaded if dtype is None else loaded.astype(dtype, copy=False)

    def __reduce__(self) -> tuple[type[Self], tuple[Path]]:
        """Let another process open the array by its name, in the state that it has by then."""
        return type(self), (self.path,)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return (
            f"<{type(self).__name__} {os.fspath(self.path)!r}: shape {self.shape}, {self.dtype}, "
            f"{self.nbytes:,} bytes, {self.stored_bytes:,} on disk>"
        )


class ChunkedArray(ReadableArray):
    """An array whose bytes, in C order, were cut into chunks; the last may be shorter.

    Classes that derive from it set ``chunk_bytes`` and read a chunk.
    """

    chunk_bytes: int
    # The chunk read last: rows that are asked for one by one are read once.
    _last: tuple[int, np.ndarray] | None = None

    @abstractmethod
    def _read_chunk(self, chunk: int, destination: np.ndarray) -> None:
        """Read, check and decompress a chunk into ``destination`` (uint8), which it must fill."""

    @property
    def n_chunks(self) -> int:
        """Number of chunks."""
        return -(-self.nbytes // self.chunk_bytes)

    @property
    def chunk_rows(self) -> int:
        """How many rows :meth:`chunks` gives at a time."""
        return max(1, self.chunk_bytes // max(1, self.row_bytes))

    def verify(self) -> int:
        """Read, check and decompress every chunk; return how many there are."""
        _run_in_threads(self._new_chunk, self.n_chunks, self.nbytes)
        return self.n_chunks

    def _read_all(self) -> np.ndarray:
        array = np.empty(self.shape, self.dtype)
        self._read_bytes(0, bytes_of(array))
        return array

    def _read_rows(self, start: int, stop: int) -> np.ndarray:
        array = np.empty((stop - start, *self.shape[1:]), self.dtype)
        self._read_bytes(start * self.row_bytes, bytes_of(array))
        return array

    def _take_rows(self, rows: np.ndarray) -> np.ndarray:
        array = np.empty((len(rows), *self.shape[1:]), self.dtype)
        if array.nbytes == 0:
            return array
        row_bytes = self.row_bytes
        target = bytes_of(array).reshape(-1, row_bytes)
        if self.chunk_bytes % row_bytes:
            # Rows longer than a chunk.
            for place, row in zip(target, rows.tolist(), strict=True):
                self._read_bytes(row * row_bytes, place)
            return array
        rows_a_chunk = self.chunk_bytes // row_bytes
        # Sorted by chunk, so that each chunk is read once.
        order = np.argsort(rows, kind="stable")
        groups = np.split(order, np.flatnonzero(np.diff(rows[order] // rows_a_chunk)) + 1)

        def take(number: int) -> None:
            places = groups[number]
            chunk = int(rows[places[0]]) // rows_a_chunk
            block = self._chunk(chunk).reshape(-1, row_bytes)
            target[places] = block[rows[places] - chunk * rows_a_chunk]

        _run_in_threads(take, len(groups), len(groups) * self.chunk_bytes)
        return array

    def _read_bytes(self, start: int, destination: np.ndarray) -> None:
        """Fill ``destination`` (uint8) with the array's bytes from ``start`` on."""
        stop = start + len(destination)
        first = start // self.chunk_bytes

        def read(number: int) -> None:
            chunk = first + number
            low = chunk * self.chunk_bytes
            high = low + self._length(chunk)
            if start <= low and high <= stop:
                self._read_chunk(chunk, destination[low - start : high - start])
            else:
                a, b = max(low, start), min(high, stop)
                destination[a - start : b - start] = self._chunk(chunk)[a - low : b - low]

        n_chunks = -(-stop // self.chunk_bytes) - first if len(destination) else 0
        _run_in_threads(read, n_chunks, len(destination))

    def _length(self, chunk: int) -> int:
        return min(self.chunk_bytes, self.nbytes - chunk * self.chunk_bytes)

    def _new_chunk(self, chunk: int) -> np.ndarray:
        data = np.empty(self._length(chunk), np.uint8)
        self._read_chunk(chunk, data)
        return data

    def _chunk(self, chunk: int) -> np.ndarray:
        """Return a decompressed chunk, keeping it for the next call."""
        last = self._last
        if last is None or last[0] != chunk:
            last = self._last = chunk, self._new_chunk(chunk)
        return last[1]


def bytes_of(array: np.ndarray) -> np.ndarray:
    """View a C-contiguous array as its bytes (uint8, 1-D), whatever its dtype."""
    return array.reshape(-1).view(np.uint8) if array.nbytes else np.empty(0, np.uint8)


def _run_in_threads(task: Callable[[int], object], n_tasks: int, n_bytes: int) -> None:
    """Call ``task`` with 0 to ``n_tasks`` - 1, on as many threads as Blosc2 would use."""
    n_threads = max(1, min(blosc2.nthreads, n_tasks)) if n_bytes > _WORTH_THREADS else 1

    # Every n-th task for each thread: handing out hundreds one by one costs as much as a chunk.
    def work_through(first: int) -> None:
        for number in range(first, n_tasks, n_threads):
            task(number)

    if n_threads == 1:
        work_through(0)
        return
    with ThreadPoolExecutor(n_threads) as pool:
        list(pool.map(work_through, range(n_threads)))
