"""Data sets that are made on this computer: cut, painted or unpacked, whole or not at all."""

from __future__ import annotations

import json
import shutil
import sys
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from course_utils._files import replace_folder
from data_scripts.errors import DataError, explained
from data_scripts.manifests import MANIFEST, Manifest, missing, read_manifest, write_manifest


def made(folder: Path, recipe: Mapping[str, object]) -> Manifest | None:
    """Give the manifest of a folder that was made by this recipe and is complete, or None."""
    manifest = read_manifest(folder)
    if manifest is None or manifest.recipe != _written(recipe) or missing(folder, manifest.files):
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
            return made(folder, recipe) or _make(folder, recipe, make)


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


def _make(folder: Path, recipe: Mapping[str, object], make: Callable[[Path], None]) -> Manifest:
    refuse_foreign(folder)
    unfinished = _beside(folder, "unfinished")
    _clear_away(folder)
    try:
        make(unfinished)
        write_manifest(unfinished, _written(recipe))
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
    manifest = read_manifest(folder)
    ours = {listed.path.as_posix() for listed in manifest.files} if manifest else set()
    names = (file.relative_to(folder) for file in sorted(folder.rglob("*")) if file.is_file())
    foreign = [
        name
        for name in names
        if not name.name.startswith(".") and name.as_posix() not in ours | {MANIFEST}
    ]
    if foreign:
        raise DataError(
            f"{folder} holds files that the course did not put there ({foreign[0]}), and they are "
            "left alone; move them elsewhere and run it again. ImageSet.from_folder reads your own "
            "pictures wherever they are."
        )


def _beside(folder: Path, what: str) -> Path:
    return folder.with_name(f".{folder.name}.{uuid.uuid4().hex[:8]}.{what}")


def _clear_away(folder: Path) -> None:
    """Delete what a killed process left; the caller holds the lock, so nobody uses it."""
    for left in leftovers(folder):
        if left.is_dir():
            shutil.rmtree(left, ignore_errors=True)


def leftovers(folder: Path) -> list[Path]:
    """List what making a folder may have left beside it: unfinished and old ones, and a lock."""
    patterns = (f".{folder.name}.*", f"..{folder.name}.*")
    return [left for pattern in patterns for left in folder.parent.glob(pattern)]


def _written(recipe: Mapping[str, object]) -> str:
    return json.dumps(recipe, sort_keys=True)


def remove_made(folder: Path) -> bool:
    """Delete a folder that was made here; say whether there was one.

    Files that the manifest does not list are the reader's own: they stay, and so does their
    folder.
    """
    manifest = read_manifest(folder)
    if manifest is None:
        return False
    remove_listed(folder, [listed.path.as_posix() for listed in manifest.files])
    (folder / MANIFEST).unlink()
    remove_empty_folders(folder)
    return True


def remove_listed(folder: Path, names: list[str]) -> int:
    """Delete the named files below a folder; give their number."""
    present = [folder / name for name in names if (folder / name).is_file()]
    for file in present:
        file.unlink()
    return len(present)


def remove_empty_folders(folder: Path) -> None:
    """Delete a folder and those below it as far as they are empty."""
    if not folder.is_dir():
        return
    for inner in sorted((p for p in folder.rglob("*") if p.is_dir()), reverse=True):
        if not any(inner.iterdir()):
            inner.rmdir()
    if not any(folder.iterdir()):
        folder.rmdir()
