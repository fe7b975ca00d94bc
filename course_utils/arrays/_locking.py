"""The right to write an array, and what is tidied up with it."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import filelock

from course_utils.arrays._errors import ArrayBusyError, ArrayFileError
from course_utils.arrays._folder import LOCK, kind_of, read_manifest, remove_left_over

_NO_ROOM = {errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)}
_WHAT_IS_THERE = {
    "file": "is a file, and an array is stored as a folder. Choose another name",
    "foreign": "is a folder that holds something other than an array. Choose another name",
    "bcolz": (
        "is an old bcolz array, which is only read. Choose another name, or copy it into our "
        "format: python -m course_utils.arrays convert OLD NEW"
    ),
}


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the right to write the array in ``folder``, which is made when missing.

    The lock is the operating system's, on a file in the folder: it ends with the process that
    holds it, however that ends. What a failed or killed write left behind is deleted; so is the
    folder, if nothing was committed in it.

    Raises
    ------
    ArrayBusyError
        When another writer, in this process or in another one, holds the lock.
    FileExistsError
        When something other than an array of ours lies there.
    """
    _refuse_what_is_not_ours(folder)
    folder.mkdir(parents=True, exist_ok=True)
    lock = filelock.FileLock(folder / LOCK, thread_local=False)
    try:
        lock.acquire(timeout=0)
    except filelock.Timeout:
        raise ArrayBusyError(
            f"{folder}: another program is writing this array, perhaps another notebook, or this "
            "one with an ArrayWriter that was not closed. Wait until it has finished, shut that "
            "notebook down, or write to another name."
        ) from None
    try:
        # Between the first look and the lock, someone else may have written here.
        _refuse_what_is_not_ours(folder)
        _tidy(folder)
        yield
    finally:
        with suppress(OSError):
            _tidy(folder)
        empty = kind_of(folder) == "nothing"
        if empty:
            # While the lock is held: who opened its file just before sees that it has no name.
            (folder / LOCK).unlink(missing_ok=True)
        lock.release()
        if empty:
            with suppress(OSError):
                folder.rmdir()


@contextmanager
def explaining_full_disk(folder: Path, consolation: str) -> Iterator[None]:
    """Turn the error of a full disk into a sentence that says what is safe."""
    try:
        yield
    except OSError as error:
        if error.errno not in _NO_ROOM:
            raise
        message = f"there is no room to write ({error.strerror}); {consolation}"
        raise OSError(error.errno, message, os.fspath(folder)) from error


def _tidy(folder: Path) -> None:
    kind = kind_of(folder)
    if kind == "ours":
        # What a damaged manifest needs is unknown: leave everything.
        with suppress(ArrayFileError):
            remove_left_over(folder, read_manifest(folder).chunks_id)
    elif kind == "nothing":
        remove_left_over(folder, None)


def _refuse_what_is_not_ours(folder: Path) -> None:
    what = _WHAT_IS_THERE.get(kind_of(folder))
    if what is not None:
        raise FileExistsError(f"{folder} {what}")
