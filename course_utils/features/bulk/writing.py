"""The one writer of a folder of features."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

import numpy as np

from course_utils.arrays import ArrayWriter
from course_utils.features.bulk.notes import Skipped, SkippedNotes, pictures_done
from course_utils.features.cluster.orders import ChunkRows
from course_utils.features.decoding import Picture
from course_utils.features.run import Extraction
from course_utils.images.reading import BadImageError

__all__ = ["RowWriter"]


class RowWriter:
    """Writes rows in the order of their pictures; to be used in a ``with`` block.

    Parameters
    ----------
    folder : pathlib.Path
        Made when missing. What another program is writing is an error.
    row_length : int
    stop_at_bad : bool
        Whether a picture without a row is an error.

    Raises
    ------
    ArrayBusyError
        When another program writes to the folder.
    """

    def __init__(self, folder: Path, row_length: int, *, stop_at_bad: bool) -> None:
        self._notes = SkippedNotes(folder / "skipped.jsonl")
        self._stop_at_bad = stop_at_bad
        self._array = ArrayWriter(folder / "features", (row_length,), np.float32)
        self._done = 0

    def __enter__(self) -> RowWriter:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._array.__exit__(kind, error, trace)

    def go_on(self) -> int:
        """Find how many pictures are done, and forget notes about any later one."""
        noted = self._notes.read()
        self._done, n = pictures_done(len(self._array), [skipped.number for skipped in noted])
        self._notes.keep_only(noted[:n])
        return self._done

    def add(self, pictures: Sequence[Picture], found: Extraction | ChunkRows) -> None:
        """Write what was found out about the next pictures, for ever.

        Parameters
        ----------
        pictures : sequence of path
        found : Extraction or ChunkRows
            Its numbers are positions in ``pictures``.

        Raises
        ------
        BadImageError
            At the first picture without a row, if that is to stop the work; what lies before it
            is written.
        OSError
            When the disk is full; what was written before stays.
        """
        skipped = [Skipped(self._done + i, str(pictures[i]), reason) for i, reason in found.skipped]
        if self._stop_at_bad and skipped:
            before = skipped[0].number - self._done
            self._array.append(found.X[:before])
            self._array.commit()
            self._done += before
            raise BadImageError(skipped[0].path, skipped[0].reason)
        # In this order: see pictures_done.
        self._notes.add(skipped)
        self._array.append(found.X)
        self._array.commit()
        self._done += len(pictures)
