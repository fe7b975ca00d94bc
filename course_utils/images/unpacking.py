"""A zip of pictures, unpacked so that nothing in it can do harm.

An archive says itself where its files belong and how large they are, and neither is trusted.
"""

from __future__ import annotations

import os
import shutil
import stat
import uuid
import zipfile
import zlib
from pathlib import Path, PurePosixPath

from course_utils._files import replace_folder
from course_utils._progress import ProgressBar

__all__ = ["UnpackError", "unpack_zip"]

MOST_BYTES = 20 * 2**30
MOST_FILES = 1_000_000
# What macOS adds to every zip: a shadow of each file, which looks like a class of broken pictures.
_SHADOWS = "__MACOSX"
_BLOCK = 2**20


class UnpackError(ValueError):
    """A zip that cannot be unpacked, or should not be; nothing of it was kept."""


def unpack_zip(
    archive: str | os.PathLike[str],
    folder: str | os.PathLike[str],
    *,
    most_bytes: int = MOST_BYTES,
    most_files: int = MOST_FILES,
    progress: bool = True,
) -> Path:
    """Unpack a zip into a folder of its own, all of it or nothing.

    Parameters
    ----------
    archive : path
        The zip.
    folder : path
        Where to; what an earlier call left there is replaced, anything else is not.
    most_bytes, most_files : int
        Limits for what comes out, counted while it does; what the archive claims is not believed.
    progress : bool
        Show a progress bar when it takes longer than a second.

    Returns
    -------
    pathlib.Path
        The folder; where all lies in one single folder of the archive, that one.

    Raises
    ------
    FileNotFoundError
        When there is no such archive.
    FileExistsError
        When something that this function did not make is in the folder's place.
    UnpackError
        When it is no zip, is damaged or encrypted, names a place outside of the folder, holds
        links, two files of one name, or more than the limits allow.
    """
    source, target = Path(archive), Path(folder)
    if not source.is_file():
        raise FileNotFoundError(f"there is no file {source}")
    made_here = target / ".unpacked"
    if target.exists() and not made_here.is_file():
        raise FileExistsError(f"{target} is in the way; name another folder to unpack into")
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = target.with_name(f".{target.name}.{uuid.uuid4().hex[:8]}.part")
    try:
        unfinished.mkdir()
        _unpack(source, unfinished, most_bytes, most_files, progress)
        (unfinished / made_here.name).write_text(f"{source.name}\n", "utf-8", "backslashreplace")
        replace_folder(unfinished, target)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        locked = "password" in str(error) or "encrypted" in str(error)
        what = "is protected by a password" if locked else "is no zip, or it is damaged"
        raise UnpackError(f"{source} {what} ({error}); nothing of it was kept") from error
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    return _without_wrapping(target)


def _unpack(source: Path, folder: Path, most_bytes: int, most_files: int, progress: bool) -> None:
    written, seen = 0, set()
    with zipfile.ZipFile(source) as opened:
        members = [info for info in opened.infolist() if not info.is_dir()]
        if len(members) > most_files:
            raise _refused(source, f"it holds {len(members):,} files, more than {most_files:,}")
        bar = ProgressBar(members, desc="unpack", unit="file", disable=not progress, delay=1)
        for info in bar:
            place = _place_of(info, source)
            if place is None:
                continue
            # On many disks Cat.jpg and cat.jpg are one file, and the second would take its place.
            if str(place).casefold() in seen:
                raise _refused(source, f"it holds two files called {info.filename!r}")
            seen.add(str(place).casefold())
            file = folder / place
            try:
                file.parent.mkdir(parents=True, exist_ok=True)
                with opened.open(info) as content, file.open("xb") as copy:
                    while block := content.read(_BLOCK):
                        written += len(block)
                        if written > most_bytes:
                            raise _refused(source, f"more than {most_bytes:,} bytes come out of it")
                        copy.write(block)
            except (FileExistsError, NotADirectoryError) as error:
                raise _refused(
                    source, f"{info.filename!r} is a file and a folder at once"
                ) from error


def _place_of(info: zipfile.ZipInfo, source: Path) -> PurePosixPath | None:
    """Give where a member belongs, below the folder; None for what is left out."""
    name = info.filename.replace("\\", "/")
    place = PurePosixPath(name)
    drive = bool(place.parts) and ":" in place.parts[0]
    if place.is_absolute() or ".." in place.parts or drive or not place.parts:
        raise _refused(source, f"{info.filename!r} leads outside of its folder")
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind not in (0, stat.S_IFREG):
        raise _refused(source, f"{info.filename!r} is a link or a device, and no file")
    return None if place.parts[0] == _SHADOWS else place


def _refused(source: Path, reason: str) -> UnpackError:
    return UnpackError(f"{source} is not safe to unpack: {reason}; nothing of it was kept")


def _without_wrapping(folder: Path) -> Path:
    """Go down where a folder holds one folder of folders alone, as zips of a folder do."""
    visible = [entry for entry in folder.iterdir() if entry.name[0] != "."]
    if len(visible) == 1 and visible[0].is_dir():
        inner = [entry for entry in visible[0].iterdir() if entry.name[0] != "."]
        if inner and any(entry.is_dir() for entry in inner):
            return _without_wrapping(visible[0])
    return folder
