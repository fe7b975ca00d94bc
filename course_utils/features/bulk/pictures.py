"""A list of pictures on disk: any number of paths and labels, of which parts are read."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from course_utils._files import replace_folder
from course_utils.arrays import ArrayWriter, open_array
from course_utils.features.bulk.listing import Listed

__all__ = ["PictureList", "digest_pictures"]

# Lines that are written, and later read, together.
_LINES = 4096


class PictureList:
    """Pictures in their order, with their labels.

    Parameters
    ----------
    folder : path
        Where :meth:`write` wrote it.

    Attributes
    ----------
    class_names : tuple of str
        Sorted; empty for pictures without labels.
    source : str
        Where the list came from.
    digest : str
        SHA-256 of all paths and labels.

    Raises
    ------
    FileNotFoundError
        When there is no list.
    """

    def __init__(self, folder: str | os.PathLike[str]) -> None:
        self.folder = Path(folder)
        about = json.loads((self.folder / "about.json").read_text(encoding="utf-8"))
        self._n: int = about["pictures"]
        self.class_names = tuple(about["class_names"])
        self.source: str = about["source"]
        self.digest: str = about["digest"]
        # Labels are stored in the order in which classes turned up; this sorts them.
        met = about["classes_as_met"]
        self._sorted = np.array([self.class_names.index(name) for name in met], np.int64)

    def __len__(self) -> int:
        return self._n

    def paths(self, start: int = 0, stop: int | None = None) -> list[str]:
        """Read the paths of pictures ``start`` to ``stop``."""
        stop = self._n if stop is None else min(stop, self._n)
        return list(self._lines(start, stop)) if start < stop else []

    def __getitem__(self, part: slice) -> list[str]:
        """Read the paths of a slice; its step has to be 1."""
        start, stop, _ = part.indices(self._n)
        return self.paths(start, stop)

    def path(self, number: int) -> str:
        """Read the path of one picture.

        Raises
        ------
        IndexError
            When there is no such picture.
        """
        if not 0 <= number < self._n:
            raise IndexError(f"there is no picture {number} in a list of {self._n}")
        return self.paths(number, number + 1)[0]

    def labels(self, numbers: slice | NDArray[np.int64]) -> NDArray[np.int64] | None:
        """Read the labels of some pictures, indices into ``class_names``; None without labels."""
        if not self.class_names:
            return None
        with open_array(self.folder / "labels") as stored:
            return self._sorted[stored[numbers]]

    def _lines(self, start: int, stop: int) -> Iterator[str]:
        block = start // _LINES
        with open_array(self.folder / "starts") as starts:
            position = int(starts[block])
        with (self.folder / "paths").open("rb") as file:
            file.seek(position)
            for number in range(block * _LINES, stop):
                line = file.readline()
                if number >= start:
                    yield json.loads(line)

    @classmethod
    def write(
        cls, folder: str | os.PathLike[str], pictures: Iterable[Listed], *, source: str
    ) -> PictureList:
        """Write a list; it is there as a whole or not at all.

        Parameters
        ----------
        folder : path
        pictures : iterable of Listed
            Is gone through once.
        source : str
            Where the list came from, in words.

        Raises
        ------
        ValueError
            When there is no picture, or only some have labels.
        """
        target = Path(folder)
        unfinished = target.with_name(f".{target.name}.part")
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(parents=True)
        try:
            about = _write_parts(unfinished, pictures, source)
            (unfinished / "about.json").write_text(json.dumps(about, indent=1), encoding="utf-8")
            replace_folder(unfinished, target)
        finally:
            shutil.rmtree(unfinished, ignore_errors=True)
        return cls(target)


def _write_parts(folder: Path, pictures: Iterable[Listed], source: str) -> dict[str, Any]:
    digest = hashlib.sha256()
    classes: dict[str | None, int] = {}
    total = 0
    with (
        (folder / "paths").open("wb") as lines,
        ArrayWriter(folder / "starts", (), np.int64) as starts,
        ArrayWriter(folder / "labels", (), np.int64) as labels,
    ):
        for block in _blocks(pictures):
            starts.append(np.array([lines.tell()]))
            lines.write(_path_lines(block))
            codes = [classes.setdefault(picture.label, len(classes)) for picture in block]
            labels.append(np.array(codes, np.int64))
            digest.update(_all_lines(block))
            total += len(block)
        lines.flush()
        os.fsync(lines.fileno())
    if not total:
        raise ValueError(f"there is no picture in {source}")
    if None in classes and len(classes) > 1:
        raise ValueError(f"some pictures of {source} have a label and some have none")
    met = [name for name in classes if name is not None]
    return {
        "pictures": total,
        "source": source,
        "class_names": sorted(met),
        "classes_as_met": met,
        "digest": digest.hexdigest(),
    }


def digest_pictures(pictures: Iterable[Listed]) -> str:
    """Give the digest that a list of these pictures has, without writing it."""
    digest = hashlib.sha256()
    for block in _blocks(pictures):
        digest.update(_all_lines(block))
    return digest.hexdigest()


def _path_lines(block: list[Listed]) -> bytes:
    # A name may hold line breaks and bytes that are no text: JSON writes both in ASCII.
    return "".join(json.dumps(picture.path) + "\n" for picture in block).encode()


def _all_lines(block: list[Listed]) -> bytes:
    return _path_lines(block) + json.dumps([picture.label for picture in block]).encode()


def _blocks(pictures: Iterable[Listed]) -> Iterator[list[Listed]]:
    block: list[Listed] = []
    for picture in pictures:
        block.append(picture)
        if len(block) == _LINES:
            yield block
            block = []
    if block:
        yield block
