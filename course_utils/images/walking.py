"""Files named one by one or by their folder, in an order that never changes."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from course_utils.images.folders import is_visible

__all__ = ["Found", "walk_files"]


class Found(NamedTuple):
    """A file, or a place that could not be looked into."""

    path: str
    """As it was given, or below the folder that was given."""
    problem: str = ""
    """Why it is not looked at; empty for files."""


def walk_files(places: Iterable[str | os.PathLike[str]]) -> Iterator[Found]:
    """List files, and those in folders and their folders, one after the other.

    What is named comes in the order in which it is named, and a folder's content sorted by name.
    Hidden files, and those that file managers leave behind (``Thumbs.db``), are left out of
    folders; a file that is named is never left out, nor looked for: it may not exist. Links to
    folders are not followed, since they can lead in a circle.

    Parameters
    ----------
    places
        Files and folders.

    Yields
    ------
    Found
        Of a folder the names of one level at a time are in memory, and no more.

    Examples
    --------
    >>> [found.path for found in walk_files(["cat.jpg", "dog.jpg"])]
    ['cat.jpg', 'dog.jpg']
    """
    for place in places:
        name = os.fspath(place)
        if os.path.isdir(name):  # noqa: PTH112 - a Path would change how the name is written
            yield from _walk(name)
        else:
            yield Found(name)


def _walk(folder: str) -> Iterator[Found]:
    try:
        with os.scandir(folder) as listed:
            entries = sorted((e for e in listed if is_visible(e.name)), key=lambda e: e.name)
    except OSError as error:
        yield Found(folder, f"the folder cannot be looked into ({error.strerror})")
        return
    for entry in entries:
        if entry.is_dir(follow_symlinks=False):
            yield from _walk(entry.path)
        elif entry.is_symlink() and entry.is_dir():
            yield Found(entry.path, "it is a link to a folder, which is not followed; name it")
        else:
            yield Found(entry.path)
