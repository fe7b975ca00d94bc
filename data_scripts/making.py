"""Data sets that are made on this computer: cut, painted or unpacked, whole or not at all."""

from __future__ import annotations

import shutil
import sys
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from filelock import FileLock, Timeout

from course_utils._files import replace_folder
from course_utils.datasets.manifests import MANIFEST, Manifest, read_manifest, write_manifest
from data_scripts.errors import DataError, explained

__all__ = [
    "fill_folder",
    "leftovers",
    "made",
    "make_whole",
    "one_at_a_time",
    "refuse_foreign",
    "remove_empty_folders",
    "remove_listed",
]


def made(folder: Path, recipe: Mapping[str, object]) -> Manifest | None:
    """Give the manifest of a folder that was made by this recipe and is complete, or None."""
    manifest = read_manifest(folder)
    if manifest is None or manifest.recipe != recipe:
        return None
    for listed in manifest.files:
        file = folder / listed.path
        if not (file.is_file() and file.stat().st_size == listed.size):
            return None
    return manifest


def make_whole(
    folder: Path, recipe: Mapping[str, object], make: Callable[[Path], None]
) -> Manifest:
    """Let ``make`` fill a folder, unless it was filled by the same recipe before.

    Parameters
    ----------
    folder
        The data set's folder.
    recipe
        All that decides its content. When it changes, the folder is made anew.
    make
        Called with the path of a folder to create and fill; it appears as ``folder`` only when
        all of it is there.

    Returns
    -------
    Manifest
        What the folder holds.

    Raises
    ------
    DataError
        When the disk refuses, or the folder holds something that was not made here; it is left as
        it was.
    """
    manifest = made(folder, recipe)
    if manifest is not None:
        return manifest
    with explained(f"{folder.name} could not be made", folder.parent):
        folder.parent.mkdir(parents=True, exist_ok=True)
        # Two notebooks that start at once must not both paint.
        with one_at_a_time(folder.with_name(f".{folder.name}.lock")):
            for left in leftovers(folder):
                # Nobody uses what a killed process left: the lock is ours.
                shutil.rmtree(left, ignore_errors=True)
            return made(folder, recipe) or fill_folder(folder, recipe, make)


@contextmanager
def one_at_a_time(lock_file: Path) -> Iterator[None]:
    """Let one process after the other into the block, and say so to those that wait."""
    lock = FileLock(lock_file)
    try:
        lock.acquire(timeout=0.5)
    except Timeout:
        print(f"Waiting for another process that holds {lock_file} ...", file=sys.stderr)
        lock.acquire()
    except NotImplementedError:
        # Some network file systems have no locks. Work may then be done twice, but every file
        # and folder still appears whole.
        yield
        return
    try:
        yield
    finally:
        lock.release()


def fill_folder(
    folder: Path, recipe: Mapping[str, object], make: Callable[[Path], None]
) -> Manifest:
    """Let ``make`` fill a folder anew, whole or not at all; see :func:`make_whole`."""
    refuse_foreign(folder)
    unfinished = folder.with_name(f".{folder.name}.{uuid.uuid4().hex[:8]}.unfinished")
    try:
        make(unfinished)
        write_manifest(unfinished, recipe)
        replace_folder(unfinished, folder)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    manifest = made(folder, recipe)
    if manifest is None:
        raise DataError(f"{folder} was changed while it was made; run it again.")
    return manifest


def refuse_foreign(folder: Path) -> None:
    """Refuse to replace a folder that holds files which this package did not put there.

    Raises
    ------
    DataError
        Naming one of them. Hidden files, such as file managers leave, do not count.
    """
    if folder.is_file():
        raise DataError(f"{folder} is a file where a folder should be; move it away.")
    manifest = read_manifest(folder)
    ours = {MANIFEST, *(listed.path.as_posix() for listed in manifest.files)} if manifest else set()
    names = (file.relative_to(folder) for file in sorted(folder.rglob("*")) if file.is_file())
    foreign = [
        name for name in names if not name.name.startswith(".") and name.as_posix() not in ours
    ]
    if foreign:
        raise DataError(
            f"{folder} holds files that the course did not put there ({foreign[0]}), and they are "
            "left alone; move them elsewhere and run it again. ImageSet.from_folder reads your own "
            "pictures wherever they are."
        )


def leftovers(folder: Path) -> list[Path]:
    """List the unfinished and old folders that making a folder may have left beside it."""
    return [
        left
        for what in ("unfinished", "old")
        for left in folder.parent.glob(f".{folder.name}.{'[0-9a-f]' * 8}.{what}")
        if left.is_dir()
    ]


def remove_listed(folder: Path, names: Iterable[PurePosixPath]) -> bool:
    """Delete the named files below a folder and what is empty then; say whether any was there.

    Other files are the reader's own: they stay, and so do their folders.
    """
    present = [folder / name for name in names if (folder / name).is_file()]
    for file in present:
        file.unlink()
    remove_empty_folders(folder)
    return bool(present)


def remove_empty_folders(folder: Path) -> None:
    """Delete a folder and those below it as far as they are empty."""
    if not folder.is_dir():
        return
    for inner in sorted((p for p in folder.rglob("*") if p.is_dir()), reverse=True):
        if not any(inner.iterdir()):
            inner.rmdir()
    if not any(folder.iterdir()):
        folder.rmdir()
