"""What goes wrong with data, said in a sentence for the person who reads it."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

__all__ = ["DataError", "explained", "is_full_disk"]


class DataError(RuntimeError):
    """A data set cannot be had; the message says why and what to do."""


_FULL = {errno.ENOSPC, errno.EDQUOT}
_FORBIDDEN = {errno.EACCES, errno.EPERM, errno.EROFS}


def is_full_disk(problem: OSError) -> bool:
    """Say whether a write failed for want of room."""
    return problem.errno in _FULL


@contextmanager
def explained(doing: str, folder: Path) -> Iterator[None]:
    """Turn what a disk refuses inside the block into a :class:`DataError`.

    Parameters
    ----------
    doing
        What was being done, as the start of a sentence: ``"animal_faces could not be fetched"``.
    folder
        Where it was to be written.

    Raises
    ------
    DataError
        Saying what to do about a full disk, a folder that may not be written, or another refusal.
    """
    try:
        yield
    except OSError as problem:
        if is_full_disk(problem):
            advice = (
                f"the disk that holds {folder} is full; make room there and run it again, or set "
                "COURSE_DATA to a folder on another disk"
            )
        elif problem.errno in _FORBIDDEN:
            advice = (
                f"{folder} may not be written to; set COURSE_DATA to a folder of yours and run it "
                "again"
            )
        elif problem.errno in {errno.ENOTDIR, errno.EEXIST}:
            advice = (
                f"a file lies where a folder should be ({problem.filename or folder}); move it "
                "away and run it again"
            )
        else:
            advice = f"the computer reports: {problem.strerror or problem}"
        raise DataError(f"{doing}: {advice}.") from problem
