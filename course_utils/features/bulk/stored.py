"""Opening a folder of features: rows are read when they are asked for."""

from __future__ import annotations

import json
import operator
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from course_utils.arrays import ReadableArray, open_array
from course_utils.features.bulk.notes import (
    Skipped,
    SkippedNotes,
    picture_numbers,
    pictures_done,
)
from course_utils.features.bulk.pictures import PictureList
from course_utils.features.extracting import FeatureSet
from course_utils.images.stores import located

__all__ = ["StoredFeatures", "open_features"]


def open_features(folder: str | os.PathLike[str]) -> StoredFeatures:
    """Open a folder of features without loading it.

    Parameters
    ----------
    folder : path
        What :func:`extract_to_folder`, or ``python -m course_utils.features``, wrote or is
        writing.

    Returns
    -------
    StoredFeatures

    Raises
    ------
    FileNotFoundError
        When there is none.
    ArrayFileError
        When it is damaged.
    """
    return StoredFeatures(folder)


class StoredFeatures:
    """Features on disk, row by row, with their paths and labels.

    Only what is asked for is read: a slice, or rows by number, give a
    :class:`~course_utils.features.extracting.FeatureSet` in memory. It shows the rows that were
    there when it was opened.

    Parameters
    ----------
    folder : path

    Attributes
    ----------
    X : ReadableArray of float32, shape (n, d)
        The rows; ``X[100:200]`` reads a part, ``X.chunks()`` goes through all.
    class_names : tuple of str
        Empty for pictures without labels.
    skipped : list of Skipped
        Pictures without a row: number in the list, path and reason.
    pictures : PictureList
        All pictures, those without a row included.
    provenance : dict
        How the features were made, and by which machines.

    Examples
    --------
    >>> import tempfile
    >>> from course_utils import extract_to_folder, load_dataset, open_features
    >>> photos, out = load_dataset("sample_photos").all, tempfile.mkdtemp() + "/features"
    >>> _ = extract_to_folder(photos[:3], out, progress=False)
    >>> features = open_features(out)
    >>> features.X.shape, features[1:3].targets.tolist()
    ((3, 1280), ['coffee', 'rocket'])
    """

    def __init__(self, folder: str | os.PathLike[str]) -> None:
        self.folder = Path(folder)
        about = self.folder / "provenance.json"
        if not about.is_file():
            raise FileNotFoundError(
                f"there are no features in {self.folder}; extract_to_folder(pictures, "
                f"{os.fspath(self.folder)!r}) makes them"
            )
        self.provenance: dict[str, Any] = json.loads(about.read_text(encoding="utf-8"))
        self.pictures = PictureList(self.folder / "pictures")
        self.class_names = self.pictures.class_names
        # Rows before notes: a run that goes on notes every gap before it commits what lies behind.
        self.X: ReadableArray = open_array(self.folder / "features")
        noted = SkippedNotes(self.folder / "skipped.jsonl").read()
        self.done, n = pictures_done(len(self.X), [skipped.number for skipped in noted])
        self.skipped: list[Skipped] = noted[:n]
        self._gaps = np.array([skipped.number for skipped in self.skipped], np.int64)

    @property
    def complete(self) -> bool:
        """Whether all pictures are done."""
        return self.done == len(self.pictures)

    def __len__(self) -> int:
        return len(self.X)

    @property
    def y(self) -> NDArray[np.int64] | None:
        """Labels of all rows, shape (n,): indices into ``class_names``; None without labels."""
        return self.pictures.labels(self._numbers(np.arange(len(self))))

    @property
    def targets(self) -> NDArray[np.str_] | None:
        """Class names of all rows, shape (n,), or None for pictures without labels."""
        y = self.y
        return None if y is None else np.array(self.class_names)[y]

    def path(self, row: int) -> Path | str:
        """Give the file, or the address, of a row's picture.

        Raises
        ------
        IndexError
            When there is no such row.
        """
        return self[[row]].paths[0]

    def __getitem__(
        self, rows: slice | Sequence[int] | NDArray[np.int64] | NDArray[np.bool_]
    ) -> FeatureSet:
        """Read some rows with their paths and labels: a slice, numbers, or a boolean mask.

        Raises
        ------
        IndexError
            When there is no such row.
        TypeError
            For a single number: ``X[i]`` is a row, ``path(i)`` its picture.
        """
        if not isinstance(rows, slice) and np.ndim(rows) == 0:
            raise TypeError(f"one row is features.X[{rows}], its picture features.path({rows})")
        numbers = np.arange(len(self))[rows]
        pictures = self._numbers(numbers)
        return FeatureSet(
            X=self.X[numbers],
            y=self.pictures.labels(pictures),
            paths=tuple(located(path) for path in self._paths(pictures)),
            class_names=self.class_names,
            provenance=self.provenance,
            skipped=[],
        )

    def chunks(self, rows: int = 4096) -> Iterator[FeatureSet]:
        """Go through all features in parts that fit into memory.

        Parameters
        ----------
        rows : int
            How many at a time.

        Yields
        ------
        FeatureSet
        """
        for start in range(0, len(self), operator.index(rows)):
            yield self[start : start + rows]

    def load(self) -> FeatureSet:
        """Read all into memory.

        Raises
        ------
        MemoryError
            When the rows are larger than memory.
        """
        loaded = self[:]
        loaded.skipped = [(located(one.path), one.reason) for one in self.skipped]
        return loaded

    def _numbers(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        return picture_numbers(rows, self._gaps)

    def _paths(self, pictures: NDArray[np.int64]) -> list[str]:
        if not len(pictures):
            return []
        first, last = int(pictures.min()), int(pictures.max())
        if last - first < 4 * len(pictures):
            there = self.pictures.paths(first, last + 1)
            return [there[number - first] for number in pictures.tolist()]
        return [self.pictures.path(number) for number in pictures.tolist()]

    def summary(self) -> str:
        """Say in a few lines what is there, and what was left out and why."""
        total = len(self.pictures)
        lines = [f"{len(self):,} rows of {total:,} pictures in {self.folder}"]
        if not self.complete:
            lines.append(f"not finished: {total - self.done:,} pictures are still to be done")
        if self.skipped:
            lines.append(f"{len(self.skipped):,} pictures could not be read and have no row:")
            lines += [f"  {one.path}: {one.reason}" for one in self.skipped[:5]]
            if len(self.skipped) > 5:
                lines.append(f"  … and more, all in {self.folder / 'skipped.jsonl'}")
        return "\n".join(lines)

    def __repr__(self) -> str:
        made = ", ".join(str(self.provenance.get(key)) for key in ("backbone", "layer", "engine"))
        n, d = self.X.shape
        left = "" if self.complete else f"; {len(self.pictures) - self.done} to be done"
        return f"<StoredFeatures: {n} pictures x {d} features ({made}) in {self.folder}{left}>"
