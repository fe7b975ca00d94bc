"""How far a folder of features is, and what was left out: notes that survive a kill."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from course_utils._files import replace_when_complete

__all__ = ["Skipped", "SkippedNotes", "picture_numbers", "pictures_done"]


class Skipped(NamedTuple):
    """A picture without a row."""

    number: int
    path: str
    reason: str


class SkippedNotes:
    """The file that says which pictures have no row; lines are only ever added.

    Parameters
    ----------
    file : pathlib.Path
        Need not exist.
    """

    def __init__(self, file: Path) -> None:
        self._file = file

    def read(self) -> list[Skipped]:
        """Read what is noted; a last line that was cut off by a kill does not count."""
        try:
            text = self._file.read_bytes()
        except FileNotFoundError:
            return []
        whole, _, _ = text.rpartition(b"\n")
        return [Skipped(*json.loads(line)) for line in whole.splitlines()]

    def keep_only(self, skipped: Sequence[Skipped]) -> None:
        """Forget all others."""
        with replace_when_complete(self._file) as temporary:
            temporary.write_bytes(_as_lines(skipped))

    def add(self, skipped: Sequence[Skipped]) -> None:
        """Note more of them, for ever.

        Raises
        ------
        OSError
            When the disk is full.
        """
        if skipped:
            with self._file.open("ab") as file:
                file.write(_as_lines(skipped))
                file.flush()
                os.fsync(file.fileno())


def _as_lines(skipped: Sequence[Skipped]) -> bytes:
    return "".join(json.dumps(list(one)) + "\n" for one in skipped).encode()


def pictures_done(rows: int, skipped: Sequence[int]) -> tuple[int, int]:
    """Find how far the work is from what the disk holds.

    Parameters
    ----------
    rows : int
        Committed rows.
    skipped : sequence of int
        Numbers of pictures that were noted as skipped, ascending. They are noted before the rows
        behind them are committed, so after a kill the last ones may be ahead of the rows.

    Returns
    -------
    pictures : int
        So many pictures are done: each has a row or a note.
    notes : int
        So many of the notes are about those; the others are to be forgotten.

    Examples
    --------
    >>> pictures_done(3, [1, 4, 9])
    (5, 2)
    """
    for k, number in enumerate(skipped):
        if number > rows + k:
            return rows + k, k
    return rows + len(skipped), len(skipped)


def picture_numbers(rows: NDArray[np.int64], skipped: NDArray[np.int64]) -> NDArray[np.int64]:
    """Find which pictures rows belong to.

    Parameters
    ----------
    rows : numpy.ndarray of int64, shape (n,)
    skipped : numpy.ndarray of int64, shape (k,)
        Numbers of the pictures without a row, ascending.

    Examples
    --------
    >>> picture_numbers(np.arange(3), np.array([1, 4])).tolist()
    [0, 2, 3]
    """
    rows_before = skipped - np.arange(len(skipped))
    return rows + np.searchsorted(rows_before, rows, side="right")
