"""Saving whole arrays, and arrays that grow row by row."""

from __future__ import annotations

import os
import warnings
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from types import TracebackType
from typing import Any, Literal

import numpy as np

from course_utils.arrays._appender import ChunkAppender
from course_utils.arrays._codec import Compression
from course_utils.arrays._folder import kind_of
from course_utils.arrays._format import Manifest
from course_utils.arrays._input import (
    as_storable,
    check_attributes,
    check_compression,
    check_dtype,
    contiguous_pieces,
)
from course_utils.arrays._locking import explaining_full_disk, locked
from course_utils.arrays._reading import bytes_of
from course_utils.arrays._stored import StoredArray


def save_array(
    fname: str | os.PathLike[str],
    arr: Any,
    *,
    attributes: dict[str, Any] | None = None,
    compression: Compression = "fast",
) -> None:
    """Save an array, so that :func:`load_array` gives it back; replace what was saved before.

    The array under ``fname`` is at every moment the old one or the new one, whole, also for those
    who are reading it, and when the program is killed, the disk is full or the power fails.

    Parameters
    ----------
    fname
        A folder, made when missing. The argument order is that of fast.ai's lessons.
    arr
        An array of any shape and layout, of booleans, numbers, fixed-width text or dates; a torch
        tensor on any device; or what ``numpy.asarray`` accepts. It may be a ``numpy.memmap`` that
        is larger than memory.
    attributes
        A small dictionary that JSON can hold, to travel with the array: which network, which
        layer, when. Tuples come back as lists.
    compression
        ``"fast"``: to write and to read. ``"small"``: about a third less on the disk, for two to
        four times the time.

    Raises
    ------
    TypeError
        When the array holds Python objects or records, or the attributes are not JSON; nothing
        has been written then.
    FileExistsError
        When ``fname`` is a file, an old bcolz array, or a folder of something else.
    ArrayBusyError
        When another program is writing this array.
    OSError
        When there is no room; the old array is still there then.

    Examples
    --------
    >>> import tempfile
    >>> import numpy as np
    >>> from course_utils import load_array, save_array
    >>> fname = tempfile.mkdtemp() + "/features"
    >>> save_array(fname, np.arange(6.0).reshape(2, 3), attributes={"layer": "features"})
    >>> load_array(fname)
    array([[0., 1., 2.],
           [3., 4., 5.]])
    """
    folder = Path(fname)
    array = as_storable(arr, os.fspath(folder))
    checked = check_attributes(attributes, os.fspath(folder))
    check_compression(compression)
    with locked(folder), explaining_full_disk(folder, "what was saved there before is untouched"):
        nothing = Manifest.of_no_rows(array.dtype, array.shape[1:])
        with closing(ChunkAppender(folder, nothing, np.empty(0, np.uint8), compression)) as chunks:
            for piece in contiguous_pieces(array):
                chunks.add(piece)
            chunks.commit(array.shape, checked)


class ArrayWriter:
    """Append rows to a stored array, making it where there is none.

    Rows become part of the array with :meth:`commit`: until then readers see the array as it was,
    and a killed program leaves it so. Closing commits. So does leaving a ``with`` block, also
    by an exception: then the rows appended so far are kept, and a later run can go on from there
    (but a writer that replaces, ``mode="w"``, leaves the old array alone in that case unless it
    has committed already).

    Parameters
    ----------
    fname
        A folder, made when missing.
    row_shape
        Shape of one row: ``(1280,)`` or ``1280`` for vectors, ``()`` for single numbers. ``None``
        takes it from the array that is there.
    dtype
        Of the items; ``None`` takes it from the array that is there.
    mode
        ``"a"`` goes on behind the rows that are there; ``"w"`` replaces the array, at the first
        commit.
    attributes
        A small JSON dictionary; ``None`` keeps the one that is there.
    commit_rows
        Commit whenever this many rows have been appended since the last commit; a commit waits for
        the disk, some milliseconds.
    compression
        Of the rows to come: ``"fast"`` or ``"small"``, as for :func:`save_array`.

    Raises
    ------
    ValueError
        When the array that is there has another row shape or dtype.
    FileNotFoundError
        When ``row_shape`` or ``dtype`` is missing and there is no array.
    FileExistsError
        When ``fname`` is a file, an old bcolz array, or a folder of something else.
    ArrayBusyError
        When another writer holds the array.

    Examples
    --------
    >>> import tempfile
    >>> import numpy as np
    >>> from course_utils import ArrayWriter
    >>> fname = tempfile.mkdtemp() + "/features"
    >>> with ArrayWriter(fname, (3,), np.float32) as writer:
    ...     writer.append(np.ones((2, 3), np.float32))
    >>> with ArrayWriter(fname) as writer:
    ...     writer.append(np.zeros(3, np.float32))
    ...     len(writer)
    3
    """

    def __init__(
        self,
        fname: str | os.PathLike[str],
        row_shape: int | Sequence[int] | None = None,
        dtype: Any = None,
        *,
        mode: Literal["a", "w"] = "a",
        attributes: dict[str, Any] | None = None,
        commit_rows: int | None = None,
        compression: Compression = "fast",
    ) -> None:
        if mode not in ("a", "w"):
            raise ValueError(f"mode must be 'a' (append) or 'w' (replace), not {mode!r}")
        self.path = Path(fname)
        self.commit_rows = commit_rows
        name = os.fspath(self.path)
        check_compression(compression)
        wanted_dtype = None if dtype is None else check_dtype(np.dtype(dtype), name)
        wanted_shape = None if row_shape is None else _as_row_shape(row_shape)
        new_attributes = None if attributes is None else check_attributes(attributes, name)
        self._closing = locked(self.path)
        self._closing.__enter__()
        try:
            goes_on = mode == "a" and kind_of(self.path) == "ours"
            manifest, tail = self._begin(goes_on, wanted_shape, wanted_dtype)
            self._appender = ChunkAppender(self.path, manifest, tail, compression)
        except BaseException:
            self._closing.__exit__(None, None, None)
            raise
        self.dtype, self.row_shape = manifest.dtype, manifest.shape[1:]
        self._attributes = manifest.attributes if new_attributes is None else new_attributes
        self._rows = self._committed_rows = manifest.shape[0]
        # A new array, or new attributes, are worth a commit also when no row follows.
        self._changed = not goes_on or new_attributes is not None
        self._replaces = mode == "w"
        self._open = True

    def _begin(
        self, goes_on: bool, row_shape: tuple[int, ...] | None, dtype: np.dtype | None
    ) -> tuple[Manifest, np.ndarray]:
        if not goes_on:
            if row_shape is None or dtype is None:
                raise FileNotFoundError(
                    f"{self.path}: there is no array to go on with; to begin one, "
                    "give row_shape and dtype"
                )
            return Manifest.of_no_rows(dtype, row_shape), np.empty(0, np.uint8)
        with StoredArray(self.path) as stored:
            if not stored.shape:
                raise ValueError(f"{self.path}: an array without dimensions has no rows to append")
            for name, wanted, there in (
                ("row_shape", row_shape, stored.shape[1:]),
                ("dtype", dtype, stored.dtype),
            ):
                if wanted is not None and wanted != there:
                    raise ValueError(
                        f"{self.path}: the array that is there has {name} {there}, not {wanted}. "
                        "To replace it, use mode='w'; to keep it, choose another name"
                    )
            return stored.manifest, stored.read_tail()

    def __len__(self) -> int:
        """Return how many rows the array will have after the next commit."""
        return self._rows

    @property
    def committed_rows(self) -> int:
        """How many rows readers see (with ``mode="w"``: none of the old array's)."""
        return self._committed_rows

    def append(self, rows: Any) -> None:
        """Append one row or several: all of them, or none when an exception is raised.

        Parameters
        ----------
        rows
            Shape ``(n, *row_shape)``, or ``row_shape`` for a single row; of the writer's dtype or
            one that converts to it without loss.

        Raises
        ------
        ValueError
            When the shape does not fit, or the writer is closed.
        TypeError
            When the dtype would lose something.
        OSError
            When the disk is full. Once there is room, the same rows can be appended again.
        """
        self._check_open()
        array = self._checked_rows(rows)
        with explaining_full_disk(self.path, self._consolation):
            self._appender.add(bytes_of(np.ascontiguousarray(array)))
        self._rows += len(array)
        self._changed = self._changed or len(array) > 0
        if self.commit_rows and self._rows - self._committed_rows >= self.commit_rows:
            self.commit()

    def commit(self) -> None:
        """Make the rows appended so far part of the array, for readers and for ever.

        Raises
        ------
        OSError
            When the disk is full; the array is as it was at the last commit then, and the rows
            since are kept for another try.
        """
        self._check_open()
        if self._changed:
            with explaining_full_disk(self.path, self._consolation):
                self._appender.commit((self._rows, *self.row_shape), self._attributes)
            self._committed_rows, self._changed, self._replaces = self._rows, False, False

    def close(self) -> None:
        """Commit, and let other writers write."""
        if self._open:
            try:
                self.commit()
            finally:
                self._release()

    def _release(self) -> None:
        self._open = False
        self._appender.close()
        self._closing.__exit__(None, None, None)

    def __enter__(self) -> ArrayWriter:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if error is None:
            self.close()
        elif self._open:
            try:
                if not self._replaces:
                    self.commit()
            except OSError as commit_error:
                error.add_note(f"The rows since the last commit are lost: {commit_error}")
            finally:
                self._release()

    def __del__(self) -> None:
        if getattr(self, "_open", False):
            uncommitted = self._rows - self._committed_rows
            warnings.warn(
                f"{self.path}: an ArrayWriter was not closed; {uncommitted} rows that were not "
                "committed are lost. Use it in a with block",
                ResourceWarning,
                stacklevel=2,
            )
            self._release()

    def __repr__(self) -> str:
        return (
            f"<ArrayWriter {os.fspath(self.path)!r}: {self._rows} rows of shape {self.row_shape}, "
            f"{self.dtype}, {self._rows - self._committed_rows} not committed>"
        )

    def _checked_rows(self, rows: Any) -> np.ndarray:
        name = os.fspath(self.path)
        array = as_storable(rows, name)
        if array.shape == self.row_shape:
            array = array[np.newaxis]
        if array.shape[1:] != self.row_shape or array.ndim == 0:
            raise ValueError(
                f"{name}: rows must have shape (n, {', '.join(map(str, self.row_shape))}) or "
                f"{self.row_shape}, not {array.shape}"
            )
        if not np.can_cast(array.dtype, self.dtype, "safe"):
            raise TypeError(
                f"{name}: rows of {array.dtype} would lose something as {self.dtype}. If that is "
                f"wanted, say so: rows.astype({str(self.dtype)!r})"
            )
        return array.astype(self.dtype, copy=False)

    @property
    def _consolation(self) -> str:
        return f"{self._committed_rows:,} committed rows are safe"

    def _check_open(self) -> None:
        if not self._open:
            raise ValueError(f"{self.path}: the ArrayWriter is closed; make a new one to go on")


def _as_row_shape(row_shape: int | Sequence[int]) -> tuple[int, ...]:
    lengths = (row_shape,) if isinstance(row_shape, int | np.integer) else tuple(row_shape)
    shape = tuple(int(length) for length in lengths)
    if any(length < 0 for length in shape):
        raise ValueError(f"row_shape must not have negative lengths: {shape}")
    return shape
