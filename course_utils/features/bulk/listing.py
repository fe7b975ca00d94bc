"""Which pictures there are: all of a folder, or those that a list names."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from course_utils.images.folders import is_visible
from course_utils.images.stores import absolute, is_address, list_store

__all__ = ["Listed", "list_pictures"]


class Listed(NamedTuple):
    """A picture that was found."""

    path: str
    """Absolute."""
    label: str | None
    """Its class, or None."""


def list_pictures(source: str | os.PathLike[str]) -> Iterator[Listed]:
    """Go through the pictures of a folder or of a list, without holding them all in memory.

    Parameters
    ----------
    source : path
        A folder: all files in it and below it, sorted by name; those in a folder of their own
        belong to the class that the topmost folder names. Hidden files are left out. Or a list:
        a text file with a path a line, or a file ending in ``.csv`` with a column ``path`` and,
        if there are labels, a column ``label``. Paths are relative to the list's folder, or
        addresses. Or the address of a folder in a store, which is listed as a folder is.

    Yields
    ------
    Listed
        Files are not looked into.

    Raises
    ------
    FileNotFoundError
        When there is neither a folder nor a list of that name.
    ValueError
        When a folder has pictures both beside and in class folders, or a list is not as above; the
        message names the file and the line.
    """
    if is_address(source):
        yield from _in_store(str(source))
        return
    place = Path(absolute(source))
    if place.is_dir():
        yield from _in_folder(str(place))
    elif place.suffix.lower() == ".csv":
        yield from _in_table(place)
    elif place.exists():
        yield from _in_text(place)
    else:
        raise FileNotFoundError(f"there is neither a folder of pictures nor a list at {place}")


def _in_folder(root: str) -> Iterator[Listed]:
    folders, files = _entries(root)
    if files and folders:
        raise ValueError(
            f"{root} holds files (such as {files[0]}) beside folders (such as {folders[0]}), so it "
            f"is unclear whether folders are classes; move the files into a folder, or give a list "
            f"of the pictures"
        )
    yield from (Listed(f"{root}/{file}", None) for file in files)
    for folder in folders:
        yield from (Listed(file, folder) for file in _below(f"{root}/{folder}"))


def _in_store(address: str) -> Iterator[Listed]:
    for found in list_store(address):
        inner = found.removeprefix(address.rstrip("/")).lstrip("/").split("/")
        if all(map(is_visible, inner)):
            yield Listed(found, inner[0] if len(inner) > 1 else None)


def _below(folder: str) -> Iterator[str]:
    folders, files = _entries(folder)
    yield from (f"{folder}/{file}" for file in files)
    for inner in folders:
        yield from _below(f"{folder}/{inner}")


def _entries(folder: str) -> tuple[list[str], list[str]]:
    """Give the names of the folders and of the files in a folder, sorted."""
    names: tuple[list[str], list[str]] = [], []
    with os.scandir(folder) as entries:
        for entry in entries:
            if is_visible(entry.name):
                # A link to a folder may lead in a circle: it counts as a file, which is a bad one.
                names[not entry.is_dir(follow_symlinks=False)].append(entry.name)
    return sorted(names[0]), sorted(names[1])


def _in_text(file: Path) -> Iterator[Listed]:
    with file.open(encoding="utf-8", errors="surrogateescape") as lines:
        for line in lines:
            if name := line.rstrip("\n"):
                yield Listed(absolute(name, file.parent), None)


def _in_table(file: Path) -> Iterator[Listed]:
    with file.open(encoding="utf-8", errors="surrogateescape", newline="") as lines:
        table = csv.DictReader(lines)
        if "path" not in (table.fieldnames or ()):
            raise ValueError(
                f"{file} has no column 'path', only {', '.join(table.fieldnames or ['nothing'])}; "
                f"its first line has to name the columns: path,label"
            )
        labelled = "label" in (table.fieldnames or ())
        for row in table:
            if not row["path"] or (labelled and not row["label"]):
                missing = "path" if not row["path"] else "label"
                raise ValueError(f"{file}, line {table.line_num}: there is no {missing}")
            path = absolute(row["path"], file.parent)
            yield Listed(path, row["label"] if labelled else None)
