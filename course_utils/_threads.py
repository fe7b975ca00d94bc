"""Work on many files at once, with a progress bar."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from tqdm.contrib.concurrent import thread_map

from course_utils._cores import usable_cores
from course_utils._progress import ProgressBar

__all__ = ["map_in_threads"]

T = TypeVar("T")
R = TypeVar("R")


def map_in_threads(
    function: Callable[[T], R], items: Iterable[T], *, doing: str, unit: str, progress: bool
) -> list[R]:
    """Apply a function in one thread for each core; give the results in the order of the items.

    Threads are enough for pictures and hashes, which are computed without Python's lock.

    Parameters
    ----------
    function
        What is done with each item. The first error, in the order of the items, is raised, and what
        has not begun by then is not done.
    items
        What it is done with.
    doing, unit
        What the progress bar says: ``"flatten"``, ``"picture"``.
    progress
        Show a progress bar when it takes longer than a second.
    """
    return thread_map(
        function,
        items,
        max_workers=usable_cores(),
        desc=doing,
        unit=unit,
        delay=1,
        tqdm_class=ProgressBar,
        disable=not progress,
    )
