"""Reading: what every stored array offers, whatever its format."""

from __future__ import annotations

import json
import os
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any, Self

import blosc2
import numpy as np

_WORTH_THREADS = 2**21


class ReadableArray(ABC):
    """A stored array that is read piece by piece.

    It is indexed like a NumPy array, and every index gives a NumPy array that holds the chosen
    part: ``a[10]``, ``a[5:20]``, ``a[::100, 3]``, ``a[[7, 3, 7]]``, ``a[mask]``. Only the chunks
    in which chosen rows lie are read.

    It shows the state that was committed when it was opened, also when the array is written to
    or replaced afterwards; open it again to see the new state.
    """

    path: Path
    dtype: np.dtype
    shape: tuple[int, ...]

    @property
    @abstractmethod
    def attributes(self) -> dict[str, Any]:
        """The dictionary that was saved with the array."""

    @property
    @abstractmethod
    def chunk_rows(self) -> int:
        """How many rows :meth:`chunks` gives at a time."""

    @property
    @abstractmethod
    def stored_bytes(self) -> int:
        """Length on the disk, in bytes."""

    @property
    @abstractmethod
    def format(self) -> str:
        """The format's name."""

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
        _refuse_what_cannot_fit(self)
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
        return int(np.prod(self.shape, dtype=object))

    @property
    def nbytes(self) -> int:
        """Length in memory, in bytes."""
        return self.size * self.dtype.itemsize

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
        if not self.shape:
            return self._read_all()[keys]
        first, rest = _split_first(keys, self.shape)
        rows, local = self._choose_rows(first)
        if not rest and isinstance(local, np.ndarray) and local.ndim == 1:
            return rows  # these are they, in their order: indexing would only copy them
        return rows[(local, *rest)]

    def _choose_rows(self, key: Any) -> tuple[np.ndarray, Any]:
        """Read the rows that ``key`` needs; return them, and the index that picks them there."""
        n_rows = self.shape[0]
        if isinstance(key, slice):
            start, stop, step = key.indices(n_rows)
            chosen = range(start, stop, step)
            if abs(step) > 1:
                return self._take_rows(np.arange(start, stop, step)), slice(None)
            if not chosen:
                return self._read_rows(0, 0), slice(None)
            low, high = min(chosen[0], chosen[-1]), max(chosen[0], chosen[-1])
            return self._read_rows(low, high + 1), slice(None, None, step)
        index = np.asarray(key)
        if index.size == 0 and not isinstance(key, np.ndarray):
            index = index.astype(np.intp)
        if index.dtype.kind not in "iu":
            raise IndexError(
                f"{self.path}: rows are chosen with whole numbers, slices, lists of whole numbers "
                f"or boolean masks, not with {key!r:.80}"
            )
        outside = (index < -n_rows) | (index >= n_rows)
        if outside.any():
            raise IndexError(
                f"{self.path}: row {index[outside].flat[0]} is outside an array of {n_rows} rows"
            )
        flat = index.astype(np.intp).reshape(-1)
        flat = np.where(flat < 0, flat + n_rows, flat)
        if index.ndim == 0:
            return self._read_rows(int(flat[0]), int(flat[0]) + 1), 0
        return self._take_rows(flat), np.arange(index.size).reshape(index.shape)

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


def _split_first(keys: tuple[Any, ...], shape: tuple[int, ...]) -> tuple[Any, tuple[Any, ...]]:
    """Separate the index along the first axis from the others."""
    if not keys:
        return slice(None), ()
    first, rest = keys[0], keys[1:]
    if first is Ellipsis:
        covered = len(shape) - sum(map(_axes_of, rest))
        return (slice(None), keys) if covered > 0 else _split_first(rest, shape)
    if first is None or isinstance(first, bool | np.bool_):
        raise IndexError(
            f"{first!r} cannot come first in the index of a stored array; "
            "load it, or put the index of the rows first"
        )
    if _is_mask(first):
        mask = np.asarray(first)
        if mask.shape != shape[: mask.ndim]:
            raise IndexError(f"a mask of shape {mask.shape} does not fit an array of shape {shape}")
        # A mask stands for the numbers of the places where it is true, an index for each axis.
        first, *others = mask.nonzero()
        rest = (*others, *rest)
    return first, rest


def _is_mask(key: Any) -> bool:
    is_array = isinstance(key, list | np.ndarray) and np.size(key) > 0
    return is_array and np.asarray(key).dtype.kind == "b"


def _axes_of(key: Any) -> int:
    """Say along how many axes ``key`` chooses."""
    if key is None:
        return 0
    return np.ndim(key) if _is_mask(key) else 1


def _refuse_what_cannot_fit(array: ReadableArray) -> None:
    with suppress(AttributeError, ValueError, OSError):
        memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
        if array.nbytes > memory:
            raise MemoryError(
                f"{array.path}: the array has {array.nbytes:,} bytes, this computer's memory "
                f"{memory:,}. Read it in pieces, with open_array(fname).chunks() or [a:b]"
            )


def run_in_threads(task: Callable[[int], object], n_tasks: int, n_bytes: int) -> None:
    """Call ``task`` with 0 to ``n_tasks`` - 1 on as many threads as Blosc2 would use.

    Each thread works through every n-th number. The first exception stops the others. For few
    bytes, starting threads would take longer than the work.
    """
    n_threads = min(blosc2.nthreads, n_tasks) if n_bytes > _WORTH_THREADS else 1
    if n_threads <= 1:
        for number in range(n_tasks):
            task(number)
        return
    failed: list[bool] = []

    def work_through(first: int) -> None:
        for number in range(first, n_tasks, n_threads):
            if failed:
                return
            try:
                task(number)
            except BaseException:
                failed.append(True)
                raise

    with ThreadPoolExecutor(n_threads) as pool:
        for done in [pool.submit(work_through, first) for first in range(n_threads)]:
            done.result()


def copy_of_json(attributes: dict[str, Any]) -> dict[str, Any]:
    """Copy a JSON dictionary, so that the caller's changes do not reach ours."""
    copied: dict[str, Any] = json.loads(json.dumps(attributes))
    return copied
