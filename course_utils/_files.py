"""Writing files whole or not at all."""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


@contextmanager
def replace_when_complete(
    path: str | os.PathLike[str], *, make_folder: bool = True
) -> Iterator[Path]:
    """Give a temporary path beside ``path``; move it into place when the block succeeds.

    The temporary name is unique, so that two processes writing the same file do not mix, and it
    lies in the same folder, so that the last step is a rename within one file system: readers see
    the old file or the new one, never a part. If the block raises, what was written is deleted and
    ``path`` stays as it was.

    Parameters
    ----------
    path
        File to create or replace.
    make_folder
        Create its folder when missing. Say False where a missing folder means that somebody has
        deleted it.

    Yields
    ------
    pathlib.Path
        Where to write. Write either one file there, or nothing (then ``path`` is left alone).

    Raises
    ------
    OSError
        When the folder cannot be written to or the disk is full; ``path`` is left as it was.

    Examples
    --------
    >>> import tempfile
    >>> target = Path(tempfile.mkdtemp()) / "notes.txt"
    >>> with replace_when_complete(target) as temporary:
    ...     _ = temporary.write_text("whole")
    >>> target.read_text()
    'whole'
    """
    target = Path(path)
    if make_folder:
        target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_name(f".{target.name}.{uuid.uuid4().hex[:8]}.part")
    try:
        yield temporary
        if temporary.exists():
            _flush_to_disk(temporary)
            temporary.replace(target)
    finally:
        if temporary.is_dir():
            shutil.rmtree(temporary, ignore_errors=True)
        else:
            temporary.unlink(missing_ok=True)


def replace_folder(new: Path, target: Path) -> None:
    """Move a finished folder into place; an older one is deleted only after that.

    Parameters
    ----------
    new
        The finished folder, beside ``target`` on the same file system.
    target
        The folder to create or replace.

    Raises
    ------
    OSError
        When the folder cannot be moved; what was at ``target`` is back there then.
    """
    if not target.exists():
        new.replace(target)
        return
    old = _name_for_old(target)
    target.replace(old)
    try:
        new.replace(target)
    except OSError:
        old.replace(target)
        raise
    shutil.rmtree(old, ignore_errors=True)


def delete_folder(folder: Path) -> None:
    """Delete a folder, if it is there, so that other programs find all of it or nothing.

    What cannot be deleted stays, under a hidden name where possible.
    """
    old = _name_for_old(folder)
    try:
        folder.replace(old)
    except FileNotFoundError:
        return
    except OSError:
        old = folder  # one whose parent may not be written to
    shutil.rmtree(old, ignore_errors=True)


def delete_old_folders(parent: Path) -> None:
    """Delete what was left in ``parent`` when a program was killed while it deleted a folder."""
    with suppress(FileNotFoundError):  # another program has deleted all of it
        for old in parent.glob(".*.old"):
            shutil.rmtree(old, ignore_errors=True)


def _name_for_old(folder: Path) -> Path:
    return folder.with_name(f".{folder.name}.{uuid.uuid4().hex[:8]}.old")


def _flush_to_disk(path: Path) -> None:
    # Without this, a power cut after the rename can leave the new name on an empty file.
    descriptor = os.open(path, os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
