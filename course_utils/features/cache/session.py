"""The rows of one recipe, while a call looks them up and adds to them."""

from __future__ import annotations

import hashlib
import json
import os
import time
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from course_utils._files import delete_folder, replace_when_complete
from course_utils.arrays import ArrayBusyError, ArrayWriter, open_array
from course_utils.features.cache.segments import (
    GONE,
    as_array,
    close_writer,
    drop_segment,
    list_segments,
    merge_segments,
    new_segment_name,
    open_segment,
    read_keys,
    read_recipe,
)

__all__ = ["Session"]

# A commit waits for the disk; a kill costs at most this many seconds of work.
_COMMIT_SECONDS = 2.0


class Session:
    """The rows of one recipe: those found when it was opened, and those added since.

    Parameters
    ----------
    cache_folder : pathlib.Path
    recipe : dict
        Plain JSON values.
    row_length : int
    """

    def __init__(self, cache_folder: Path, recipe: dict[str, Any], row_length: int) -> None:
        self._recipe = recipe
        self._row_length = row_length
        text = json.dumps(recipe, sort_keys=True, ensure_ascii=False)
        self.folder = cache_folder / hashlib.sha256(text.encode()).hexdigest()
        self._segments: list[Path] = []
        self._first: list[int] = []  # number of each segment's first row
        self._number: dict[bytes, int] = {}
        self._segment: Path | None = None  # the one that this session writes
        self._writers: tuple[ArrayWriter, ArrayWriter] | None = None
        self._writable = True
        self._last_commit = time.monotonic()

    def __enter__(self) -> Session:
        recipe_file = self.folder / "recipe.json"
        # Without a recipe the folder is one that another program is just making or deleting.
        if read_recipe(recipe_file) not in (None, self._recipe):
            warnings.warn(f"{self.folder} holds other features and is deleted", stacklevel=2)
            delete_folder(self.folder)
        # A cache that may only be read is as good for what it holds.
        with suppress(OSError):
            self._write_recipe()
            os.utime(recipe_file)
            merge_segments(self.folder, self._row_length)
        total = 0
        for segment in list_segments(self.folder):
            keys = read_keys(segment, self._row_length)
            self._segments.append(segment)
            self._first.append(total)
            self._number.update(zip(keys, range(total, total + len(keys)), strict=True))
            total += len(keys)
        self._first.append(total)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        # Also after an error or Ctrl-C: what is finished need not be computed again.
        try:
            self.commit()
        finally:
            with self._noting_failures():
                self._close_segment()

    def __len__(self) -> int:
        """Count the rows found when it was opened."""
        return len(self._number)

    def number(self, key: bytes | None) -> int:
        """Give the number of a picture's row, or -1 when it is not there."""
        return self._number.get(key, -1) if key is not None else -1

    def take(self, numbers: NDArray[np.int64]) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
        """Load rows.

        Parameters
        ----------
        numbers : numpy.ndarray of int64, shape (n,)
            From :meth:`number`.

        Returns
        -------
        rows : numpy.ndarray of float32, shape (n, row_length)
        there : numpy.ndarray of bool, shape (n,)
            False where the row cannot be read (any more); its numbers mean nothing then.
        """
        owner = np.searchsorted(self._first, numbers, side="right") - 1
        parts = {
            i: self._read(i, numbers[owner == i] - self._first[i]) for i in set(owner.tolist())
        }
        found = {i: rows for i, rows in parts.items() if rows is not None}
        there = np.isin(owner, list(found))
        if len(parts) == len(found) == 1:
            return found.popitem()[1], there  # the usual second call: nothing to put together
        rows = np.empty((len(numbers), self._row_length), np.float32)
        for i, part in found.items():
            rows[owner == i] = part
        return rows, there

    def _read(self, i: int, wanted: NDArray[np.int64]) -> NDArray[np.float32] | None:
        segment = self._segments[i]
        in_a_row = bool((np.diff(wanted) == 1).all())
        try:
            with open_array(segment / "rows") as stored:
                if wanted.max() >= len(stored):
                    raise ValueError(f"{segment} has lost rows")
                return stored[wanted[0] : wanted[-1] + 1] if in_a_row else stored[wanted]
        except (ValueError, OSError) as error:
            drop_segment(segment, error)
            here = range(self._first[i], self._first[i + 1])
            self._number = {key: n for key, n in self._number.items() if n not in here}
            return None

    def add(self, keys: Sequence[bytes], rows: NDArray[np.float32]) -> None:
        """Add rows, and commit from time to time.

        Parameters
        ----------
        keys : sequence of bytes
            The pictures' digests.
        rows : numpy.ndarray of float32, shape (len(keys), row_length)
        """
        if not self._writable:
            return
        with self._noting_failures():
            if self._writers is None:
                self._write_recipe()
                self._segment = self.folder / new_segment_name()
                self._segment.mkdir(parents=True)
                self._writers = open_segment(self._segment, self._row_length)
            self._writers[0].append(rows)
            self._writers[1].append(as_array(keys))
        if time.monotonic() - self._last_commit > _COMMIT_SECONDS:
            self.commit()

    def commit(self) -> None:
        """Make what was added permanent."""
        with self._noting_failures():
            for writer in self._writers or ():  # rows first: a key without its row must never be
                writer.commit()
        self._last_commit = time.monotonic()

    def _write_recipe(self) -> None:
        recipe_file = self.folder / "recipe.json"
        # Cleared by another program at the wrong moment, it is written again with the next rows.
        if not recipe_file.exists():
            with suppress(*GONE), replace_when_complete(recipe_file) as temporary:
                text = json.dumps(self._recipe, indent=1, ensure_ascii=False)
                temporary.write_text(text, encoding="utf-8")

    @contextmanager
    def _noting_failures(self) -> Iterator[None]:
        """Never let a failure to write stop the run that computes the rows.

        Where another program has deleted the segment, a new one is begun with the next rows; where
        the disk is full or may not be written to, the rest of this call is not kept.
        """
        try:
            yield
        except (OSError, ArrayBusyError) as error:
            segment = self._segment
            with suppress(OSError):
                self._close_segment()
            parts = [segment / "rows", segment / "keys"] if segment is not None else []
            if isinstance(error, GONE) and not all(part.exists() for part in parts):
                return
            self._writable = False
            warnings.warn(
                f"{self.folder.parent} cannot be written to ({error}), so the features of this "
                f"call are not kept",
                stacklevel=2,
            )

    def _close_segment(self) -> None:
        writers, self._writers, self._segment = self._writers, None, None
        for writer in writers or ():
            close_writer(writer)
