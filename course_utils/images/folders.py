"""Picture files in a folder that holds one folder for each class."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from course_utils._threads import map_in_threads
from course_utils.images.reading import BadImageError, check_image

__all__ = ["ClassFolder", "is_visible", "list_class_folders"]

# What file managers leave in folders; nobody means these to be pictures.
_LITTER = frozenset({"thumbs.db", "desktop.ini", "ehthumbs.db"})


class ClassFolder(NamedTuple):
    """A class: its name, its pictures in order, and the files that cannot be read."""

    name: str
    files: list[Path]
    problems: list[BadImageError]


def list_class_folders(
    root: Path, *, pixels: bool, skip: bool, progress: bool
) -> list[ClassFolder]:
    """List the pictures of ``root/class/picture``, sorted by name, and check each file.

    Parameters
    ----------
    root
        The folder that holds the class folders. Hidden files and folders are ignored.
    pixels
        Decode each picture, which also finds files that are cut off; otherwise only look at the
        start of each file.
    skip
        Leave files out that cannot be read, and warn once; otherwise the first one is an error.
    progress
        Show a progress bar when it takes longer than a second.

    Raises
    ------
    FileNotFoundError, NotADirectoryError
        When there is no such folder.
    ValueError
        When it has no class folders, or a class folder is empty or holds folders.
    BadImageError
        When a file is not a picture and ``skip`` is false.
    """
    folders = _class_folders(root)
    files = {folder: _files_of_class(folder) for folder in folders}
    every_file = [file for of_class in files.values() for file in of_class]
    bad = {
        problem.path: problem
        for problem in _find_bad_images(every_file, pixels=pixels, stop=not skip, progress=progress)
    }
    classes = [
        ClassFolder(
            folder.name,
            [file for file in of_class if file not in bad],
            [bad[file] for file in of_class if file in bad],
        )
        for folder, of_class in files.items()
    ]
    for folder, (_, kept, _) in zip(folders, classes, strict=True):
        if not kept:
            raise ValueError(
                f"class folder {folder} has no picture left: none of its files can be read; add "
                "pictures or remove the folder"
            )
    if bad:
        _warn(list(bad.values()), len(every_file))
    return classes


def _warn(bad: list[BadImageError], total: int) -> None:
    shown = "; ".join(f"{problem.path} ({problem.reason})" for problem in bad[:3])
    more = f"; and {len(bad) - 3} more, see .skipped" if len(bad) > 3 else ""
    # The reader's own line: above this, list_class_folders and ImageSet.from_folder.
    warnings.warn(
        f"left out {len(bad)} of {total} files that cannot be read: {shown}{more}", stacklevel=4
    )


def is_visible(name: str) -> bool:
    """Say whether a name in a folder is meant for people: not hidden, nor a file manager's own."""
    return name[0] != "." and name.lower() not in _LITTER


def _visible(entries: Iterator[Path]) -> list[Path]:
    return sorted(entry for entry in entries if is_visible(entry.name))


def _class_folders(root: Path) -> list[Path]:
    if not root.exists():
        raise FileNotFoundError(f"there is no folder {root}")
    if not root.is_dir():
        raise NotADirectoryError(f"{root} is a file; give the folder that holds the class folders")
    entries = _visible(root.iterdir())
    folders = [entry for entry in entries if entry.is_dir()]
    if not folders:
        raise ValueError(
            f"{root} has no class folders, only {len(entries)} files; lay the pictures out as "
            f"{root}/<class>/<picture>"
        )
    return folders


def _files_of_class(class_folder: Path) -> list[Path]:
    entries = _visible(class_folder.iterdir())
    folders = [entry for entry in entries if entry.is_dir()]
    if folders:
        raise ValueError(
            f"class folder {class_folder} holds a folder, {folders[0].name}; a class folder holds "
            f"pictures only. If {folders[0].name} is a class, give {class_folder} as the folder"
        )
    if not entries:
        raise ValueError(f"class folder {class_folder} is empty; add pictures or remove it")
    return entries


def _find_bad_images(
    files: Sequence[Path], *, pixels: bool, stop: bool, progress: bool
) -> list[BadImageError]:
    """Check files; raise the first problem in their order if ``stop``, else give all of them."""

    def problem_with(file: Path) -> BadImageError | None:
        try:
            check_image(file, pixels=pixels)
        except BadImageError as problem:
            if stop:
                raise
            return problem
        return None

    checked = map_in_threads(
        problem_with,
        files,
        doing="check",
        unit="file",
        progress=progress,
    )
    return [problem for problem in checked if problem is not None]
