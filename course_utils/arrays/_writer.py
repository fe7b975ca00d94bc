"""Saving whole arrays, and arrays that grow row by row."""

from __future__ import annotations

import errno
import math
import os
import time
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Literal

import numpy as np

from course_utils.arrays._codec import Compression
from course_utils.arrays._errors import ArrayFileError
from course_utils.arrays._folder import (
    WriterLock,
    commit_manifest,
    kind_of,
    read_manifest,
    remove_left_over,
)
from course_utils.arrays._format import INDEX_ENTRY, Manifest, chunk_length
from course_utils.arrays._input import (
    as_storable,
    check_attributes,
    check_compression,
    check_dtype,
    contiguous_pieces,
)
from course_utils.arrays._reading import copy_of_json
from course_utils.arrays._stored import StoredArray
from course_utils.arrays._writing import ChunkAppender

# Copied at a time from an array that is not contiguous.
_PIECE_BYTES = 32 * 2**20
_NO_ROOM = {errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)}


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
        A folder, made when missing. An array of the old bcolz format is replaced too. The argument
        order is that of fast.ai's lessons.
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
        When ``fname`` is a file or a folder of something else.
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
    row_bytes = math.prod(array.shape[1:]) * array.itemsize
    empty = _empty_manifest(array.dtype, (0, *array.shape[1:]), row_bytes, {})
    with _locked(folder), _explain_full_disk(folder, "what was saved there before is untouched"):
        appender = ChunkAppender(folder, empty, np.empty(0, np.uint8), compression)
        try:
            for piece in contiguous_pieces(array, _PIECE_BYTES):
                appender.add(piece)
            _commit(folder, appender, array.dtype, array.shape, empty.chunk_bytes, checked)
        finally:
            appender.close()


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
        Commit whenever this many rows have been appended since the last commit.
    commit_seconds
        Commit with the first append that comes this long after the last commit. A commit waits for
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
        When ``fname`` is a file, a folder of something else, or (to append) an old bcolz array.
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
        commit_seconds: float | None = None,
        compression: Compression = "fast",
    ) -> None:
        if mode not in ("a", "w"):
            raise ValueError(f"mode must be 'a' (append) or 'w' (replace), not {mode!r}")
        self.path = Path(fname)
        self.commit_rows = commit_rows
        self.commit_seconds = commit_seconds
        name = os.fspath(self.path)
        check_compression(compression)
        wanted_dtype = None if dtype is None else check_dtype(np.dtype(dtype), name)
        wanted_shape = None if row_shape is None else _as_row_shape(row_shape)
        new_attributes = None if attributes is None else check_attributes(attributes, name)
        if mode == "a" and kind_of(self.path) == "bcolz":
            raise FileExistsError(
                f"{name} is an old bcolz array, which can be read and replaced but not appended "
                f"to. Convert it first: python -m course_utils.arrays convert {name} {name}.new"
            )
        self._closing = _locked(self.path)
        self._closing.__enter__()
        try:
            goes_on = mode == "a" and kind_of(self.path) == "ours"
            manifest, tail = self._begin(goes_on, wanted_shape, wanted_dtype)
            self._appender = ChunkAppender(self.path, manifest, tail, compression)
        except BaseException:
            self._closing.__exit__(None, None, None)
            raise
        self.dtype, self.row_shape = manifest.dtype, manifest.shape[1:]
        self._chunk_bytes = manifest.chunk_bytes
        self._attributes = manifest.attributes if new_attributes is None else new_attributes
        self._rows = self._committed_rows = manifest.shape[0]
        # A new array, or new attributes, are worth a commit also when no row follows.
        self._changed = not goes_on or new_attributes is not None
        self._replaces = mode == "w"
        self._last_commit = time.monotonic()
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
            row_bytes = math.prod(row_shape) * dtype.itemsize
            return _empty_manifest(dtype, (0, *row_shape), row_bytes, {}), np.empty(0, np.uint8)
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

    @property
    def attributes(self) -> dict[str, Any]:
        """The JSON dictionary; a new one that is assigned is stored with the next commit."""
        return copy_of_json(self._attributes)

    @attributes.setter
    def attributes(self, attributes: dict[str, Any]) -> None:
        self._attributes = check_attributes(attributes, os.fspath(self.path))
        self._changed = True

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
        with _explain_full_disk(self.path, f"{self._committed_rows:,} committed rows are safe"):
            self._appender.add(
                np.ascontiguousarray(array).reshape(-1).view(np.uint8)
                if array.nbytes
                else np.empty(0, np.uint8)
            )
        self._rows += len(array)
        self._changed = self._changed or len(array) > 0
        if self._is_time_to_commit():
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
            shape = (self._rows, *self.row_shape)
            with _explain_full_disk(self.path, f"{self._committed_rows:,} committed rows are safe"):
                _commit(
                    self.path,
                    self._appender,
                    self.dtype,
                    shape,
                    self._chunk_bytes,
                    self._attributes,
                )
            self._committed_rows, self._changed, self._replaces = self._rows, False, False
        self._last_commit = time.monotonic()

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

    def _is_time_to_commit(self) -> bool:
        enough_rows = (
            self.commit_rows is not None and self._rows - self._committed_rows >= self.commit_rows
        )
        late = (
            self.commit_seconds is not None
            and time.monotonic() - self._last_commit >= self.commit_seconds
        )
        return enough_rows or late

    def _check_open(self) -> None:
        if not self._open:
            raise ValueError(f"{self.path}: the ArrayWriter is closed; make a new one to go on")


def _commit(
    folder: Path,
    appender: ChunkAppender,
    dtype: np.dtype,
    shape: tuple[int, ...],
    chunk_bytes: int,
    attributes: dict[str, Any],
) -> None:
    chunks_id, index, tail = appender.finish()
    commit_manifest(folder, Manifest(dtype, shape, chunk_bytes, chunks_id, index, tail, attributes))
    remove_left_over(folder, chunks_id)


def _empty_manifest(
    dtype: np.dtype, shape: tuple[int, ...], row_bytes: int, attributes: dict[str, Any]
) -> Manifest:
    index = np.empty(0, INDEX_ENTRY)
    length = chunk_length(row_bytes, dtype.itemsize)
    return Manifest(dtype, shape, length, None, index, b"", attributes)


def _as_row_shape(row_shape: int | Sequence[int]) -> tuple[int, ...]:
    lengths = (row_shape,) if isinstance(row_shape, int | np.integer) else tuple(row_shape)
    shape = tuple(int(length) for length in lengths)
    if any(length < 0 for length in shape):
        raise ValueError(f"row_shape must not have negative lengths: {shape}")
    return shape


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Hold the right to write the array in ``folder``, which is made when missing.

    What a failed or killed write left behind is deleted; so is the folder, if nothing was
    committed in it.
    """
    _refuse_what_is_not_an_array(folder)
    folder.mkdir(parents=True, exist_ok=True)
    lock = WriterLock(folder)
    try:
        # Between the first look and the lock, someone else may have written here.
        _refuse_what_is_not_an_array(folder)
        _clean(folder)
        yield
    finally:
        with suppress(OSError):
            _clean(folder)
        empty = kind_of(folder) == "nothing"
        lock.release(remove=empty)
        if empty:
            with suppress(OSError):
                folder.rmdir()


def _clean(folder: Path) -> None:
    kind = kind_of(folder)
    if kind == "ours":
        # What a damaged manifest needs is unknown: leave everything.
        with suppress(ArrayFileError):
            remove_left_over(folder, read_manifest(folder).chunks_id)
    elif kind == "nothing":
        remove_left_over(folder, None)


def _refuse_what_is_not_an_array(folder: Path) -> None:
    kind = kind_of(folder)
    if kind == "file":
        raise FileExistsError(
            f"{folder} is a file, and an array is stored as a folder. Choose another name"
        )
    if kind == "foreign":
        raise FileExistsError(
            f"{folder} is a folder that holds something other than an array. Choose another name"
        )


@contextmanager
def _explain_full_disk(folder: Path, consolation: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno not in _NO_ROOM:
            raise
        message = f"there is no room to write ({error.strerror}); {consolation}"
        raise OSError(error.errno, message, os.fspath(folder)) from error
