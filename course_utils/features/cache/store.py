"""The folder of features: what is in it, what is deleted to make room."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from course_utils._files import delete_folder, delete_old_folders
from course_utils.datasets.loading import data_directory
from course_utils.features.cache.known_files import KnownFiles
from course_utils.features.cache.segments import (
    is_being_written,
    list_segments,
    modified,
    read_keys,
    read_recipe,
    size,
)
from course_utils.features.cache.session import Session

__all__ = ["CacheEntry", "FeatureCache", "as_cache"]


@dataclass(frozen=True)
class CacheEntry:
    """What the cache holds for one recipe.

    Attributes
    ----------
    recipe : dict
        What the rows were made with.
    rows : int
    bytes : int
        On disk.
    last_used : float
        Seconds since 1970.
    folder : pathlib.Path
    """

    recipe: dict[str, Any]
    rows: int
    bytes: int
    last_used: float
    folder: Path


class FeatureCache:
    """A folder of features that were computed before.

    Parameters
    ----------
    folder : path
        Made when missing.
    max_bytes : int or None
        Keep it below this size, by deleting what was not used for the longest time after each
        call. None for no limit.

    Examples
    --------
    >>> import tempfile
    >>> cache = FeatureCache(tempfile.mkdtemp())
    >>> cache.entries()
    []
    """

    def __init__(self, folder: str | os.PathLike[str], *, max_bytes: int | None = None) -> None:
        if max_bytes is not None and max_bytes < 0:
            raise ValueError(f"max_bytes={max_bytes} must not be negative")
        self.folder = Path(folder)
        self.max_bytes = max_bytes
        if self.folder.exists() and not self.folder.is_dir():
            raise NotADirectoryError(f"{self.folder} is a file; a cache is a folder")
        self.folder.mkdir(parents=True, exist_ok=True)
        self.known_files = KnownFiles.of(self.folder)

    def entries(self) -> list[CacheEntry]:
        """List what is there, the most recently used first."""
        found = []
        for file in self._recipe_files():
            if recipe := read_recipe(file):
                folder = file.parent
                length = int(recipe.get("row_length", 0))
                rows = sum(len(read_keys(segment, length)) for segment in list_segments(folder))
                used = modified(file)
                found.append(CacheEntry(recipe, rows, size(folder), used, folder))
        return sorted(found, key=lambda entry: -entry.last_used)

    def clear(self) -> None:
        """Delete all features; the folder stays."""
        for file in self._recipe_files():
            delete_folder(file.parent)
        delete_old_folders(self.folder)
        self.known_files.clear()

    def shrink(self, max_bytes: int) -> None:
        """Delete what was not used for the longest time, until the rest fits.

        Parameters
        ----------
        max_bytes : int
            Of features; the list of known files, some 100 bytes a file, does not count. What a
            program is writing at this moment stays.
        """
        kept = 0
        for entry in self.entries():
            for segment in sorted(list_segments(entry.folder), key=modified, reverse=True):
                kept += size(segment)
                if kept > max_bytes and not is_being_written(segment):
                    delete_folder(segment)
            delete_old_folders(entry.folder)
            if not list_segments(entry.folder):
                delete_folder(entry.folder)
        delete_old_folders(self.folder)

    def _recipe_files(self) -> list[Path]:
        # A hidden folder is one that is being deleted.
        return [file for file in self.folder.glob("*/recipe.json") if file.parent.name[0] != "."]

    def session(self, recipe: dict[str, Any], row_length: int) -> Session:
        """Open the rows of one recipe, to look up and to add; use it in a ``with`` block."""
        return Session(self.folder, recipe, row_length)

    def __repr__(self) -> str:
        limit = "" if self.max_bytes is None else f" of at most {self.max_bytes / 1e6:.1f} MB"
        entries = self.entries()
        rows = sum(entry.rows for entry in entries)
        stored = sum(entry.bytes for entry in entries)
        return (
            f"<FeatureCache {str(self.folder)!r}: {rows:,} rows of {len(entries)} recipes, "
            f"{stored / 1e6:.1f} MB{limit}>"
        )


def as_cache(cache: Any) -> FeatureCache | None:
    """Make a cache of what was given for one.

    Parameters
    ----------
    cache : FeatureCache, path, bool or None
        None or False for no cache; True for ``feature_cache`` in the course's data
        directory.
    """
    if cache is None or cache is False:
        return None
    if isinstance(cache, FeatureCache):
        return cache
    if cache is True:
        return FeatureCache(data_directory() / "feature_cache")
    return FeatureCache(cache)
