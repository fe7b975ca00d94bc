"""What ``python -m data_scripts`` can do, as functions."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from course_utils._paths import project_root
from course_utils.datasets.loading import data_directory
from data_scripts.errors import DataError, explained
from data_scripts.fetching import TIMEOUT, fetch_files
from data_scripts.local import installed_file, make_paintings, make_textures
from data_scripts.making import (
    leftovers,
    made,
    one_at_a_time,
    remove_empty_folders,
    remove_listed,
    remove_made,
)
from data_scripts.manifests import ListedFile, Manifest, damaged, missing, read_manifest
from data_scripts.network import Place, answers
from data_scripts.registry import DATA_SETS, files_of

PREPARED = ("animal_faces", "test_images", "campus_images")
# Long enough for a far server, short enough for a start without a network.
_PROBE_SECONDS = 4.0
# Whoever starts the course would rather paint than wait for a server that fell silent.
_PATIENCE = 10.0


def known(names: Iterable[str]) -> list[str]:
    """Check the names of data sets.

    Raises
    ------
    DataError
        When one does not exist; the message lists those that do.
    """
    names = list(names)
    for name in names:
        if name not in DATA_SETS:
            raise DataError(f"there is no data set {name!r}; there are {', '.join(DATA_SETS)}.")
    return names


def state_of(name: str, data_dir: Path) -> str:
    """Say in a few words whether a data set is here."""
    info = DATA_SETS[name]
    if info.how == "installed":
        return "here"
    if info.how == "files":
        absent, total = len(missing(data_dir / name, files_of(name))), len(files_of(name))
        if absent == 0:
            return "here"
        return "to be fetched" if absent == total else f"{absent} of {total} files missing"
    manifest = read_manifest(data_dir / name)
    if manifest is None:
        return "to be fetched" if info.how == "archive" else "made on first use"
    absent = len(missing(data_dir / name, manifest.files))
    return f"{absent} of {len(manifest.files)} files missing" if absent else "here"


def fetch(
    name: str,
    *,
    place: Place | None = None,
    data_dir: Path | None = None,
    timeout: float = TIMEOUT,
    progress: bool = True,
) -> str:
    """Make sure that a data set is here, and say what was done.

    Parameters
    ----------
    name
        The data set.
    place
        Where from; ``COURSE_DATA_MIRROR`` or the source when left out.
    data_dir
        The data directory; :func:`course_utils.data_directory` when left out.
    timeout
        Seconds to wait for a connection, or for the next bytes.
    progress
        Show a progress bar.

    Raises
    ------
    DataError
        Saying why it cannot be had and what to do; the data directory is as good as before.
    """
    known([name])
    root = data_dir or data_directory()
    info = DATA_SETS[name]
    with explained(f"{name} could not be fetched", root):
        if info.how == "installed":
            return f"{name}: nothing to fetch, the pictures are installed."
        if info.how == "made":
            was_here = state_of(name, root) == "here"
            _make(name, root, progress)
            return f"{name}: {'is here' if was_here else 'made'}, in {root / name}."
        if _is_complete(name, root):
            return f"{name}: is here, in {root / name}; nothing to do."
        place = place or Place.from_environment(project_root())
        root.mkdir(parents=True, exist_ok=True)
        with one_at_a_time(root / ".fetch.lock"):
            _fetch(name, root, place=place, timeout=timeout, progress=progress)
        return f"{name}: fetched from {place} and checked, in {root / name}."


def _make(name: str, root: Path, progress: bool) -> Manifest:
    return make_textures(root) if name == "textures" else make_paintings(root, progress=progress)


def _is_complete(name: str, root: Path) -> bool:
    if DATA_SETS[name].how == "archive":
        from data_scripts.archives import recipe_of

        return made(root / name, recipe_of(name)) is not None
    files = files_of(name)
    return not missing(root / name, files) and not damaged(root / name, files)


def _fetch(name: str, root: Path, **how: Any) -> None:
    if DATA_SETS[name].how == "archive":
        from data_scripts.archives import fetch_archive

        fetch_archive(name, data_dir=root, **how)
        return
    wanted = [(_url(name, file), file, root / name / file.path) for file in files_of(name)]
    fetch_files(name, wanted, data_dir=root, **how)


def _url(name: str, file: ListedFile) -> str:
    return DATA_SETS[name].url + file.path.as_posix()


@dataclass(frozen=True)
class Verdict:
    """What verifying one data set found."""

    name: str
    files: int
    missing: tuple[Path, ...]
    damaged: tuple[Path, ...]

    def __str__(self) -> str:
        if not self.missing and not self.damaged:
            return f"{self.name}: all {self.files} files are as they should be."
        parts = []
        for what, files in (("missing", self.missing), ("damaged", self.damaged)):
            if files:
                more = f" and {len(files) - 3} more" if len(files) > 3 else ""
                parts.append(f"{len(files)} {what} ({', '.join(map(str, files[:3]))}{more})")
        advice = f"python -m data_scripts fetch {self.name}"
        if DATA_SETS[self.name].how == "installed":
            advice = "install scikit-image and scikit-learn anew"
        elif DATA_SETS[self.name].how != "files":
            advice = f"python -m data_scripts remove {self.name}, then fetch it again"
        return f"{self.name}: of {self.files} files, {'; '.join(parts)}. To repair: {advice}."


def verify(name: str, *, data_dir: Path | None = None) -> Verdict | None:
    """Compare a data set's files with their hashes; None when it is not here at all."""
    root = data_dir or data_directory()
    folder, how = root / name, DATA_SETS[name].how
    if how == "installed":
        base = {file.path.parts[0] for file in files_of(name)}
        verdicts = [_compare(name, installed_file(package).parent, package) for package in base]
        return Verdict(
            name,
            sum(verdict.files for verdict in verdicts),
            tuple(path for verdict in verdicts for path in verdict.missing),
            tuple(path for verdict in verdicts for path in verdict.damaged),
        )
    if how == "files":
        verdict = _compare(name, folder)
        return None if len(verdict.missing) == verdict.files else verdict
    manifest = read_manifest(folder)
    return None if manifest is None else _compared(name, folder, manifest.files)


def _compare(name: str, folder: Path, package: str = "") -> Verdict:
    files = [f for f in files_of(name) if not package or f.path.parts[0] == package]
    return _compared(name, folder, files)


def _compared(name: str, folder: Path, files: Iterable[ListedFile]) -> Verdict:
    files = list(files)
    absent = [folder / f.path for f in files if not (folder / f.path).is_file()]
    spoilt = [folder / f.path for f in damaged(folder, files)]
    return Verdict(name, len(files), tuple(absent), tuple(spoilt))


def remove(name: str, *, data_dir: Path | None = None) -> str:
    """Delete what was fetched or made for a data set, and nothing else."""
    root = data_dir or data_directory()
    folder, info = root / name, DATA_SETS[name]
    with explained(f"{name} could not be removed", root):
        if info.how == "installed":
            return f"{name}: nothing to remove, it belongs to installed packages."
        if info.how == "files":
            gone = bool(remove_listed(folder, [f.path.as_posix() for f in files_of(name)]))
            remove_empty_folders(folder)
        else:
            gone = remove_made(folder)
        _remove_leftovers(name, root)
    if folder.exists():
        return f"{name}: removed, but {folder} stays: it holds files that are not the course's."
    return f"{name}: removed." if gone else f"{name}: was not here."


def _remove_leftovers(name: str, root: Path) -> None:
    info = DATA_SETS[name]
    hashes = [f.sha256 for f in files_of(name)] if info.how == "files" else [info.sha256]
    for sha256 in hashes:
        for left in (root / ".partial").glob(f"{sha256}.*"):
            left.unlink()
    if info.how == "archive":
        (root / ".archives" / Path(info.url).name).unlink(missing_ok=True)
    for left in leftovers(root / name):
        shutil.rmtree(left) if left.is_dir() else left.unlink()
    for folder in (root / ".partial", root / ".archives"):
        remove_empty_folders(folder)


def prepare(
    *, place: Place | None = None, data_dir: Path | None = None, progress: bool = True
) -> Iterator[str]:
    """Get photographs if that is possible within seconds, otherwise paint; say which and why.

    Yields
    ------
    str
        Sentences for the person who waits.

    Raises
    ------
    DataError
        When not even painting is possible.
    """
    root = data_dir or data_directory()
    todo = [name for name in PREPARED if missing(root / name, files_of(name))]
    if not todo:
        yield f"Data: photographs, in {root}."
        return
    why_not = ""
    try:
        place = place or Place.from_environment(project_root())
        smallest = min(files_of(todo[0]), key=lambda file: file.size)
        why_not = answers(_url(todo[0], smallest), place=place, seconds=_PROBE_SECONDS)
        for name in [] if why_not else todo:
            yield fetch(name, place=place, data_dir=root, timeout=_PATIENCE, progress=progress)
    except DataError as problem:
        why_not = str(problem).rstrip(".")
    if not why_not:
        yield f"Data: photographs, in {root}."
        return
    absent = [name for name in PREPARED if missing(root / name, files_of(name))]
    if "animal_faces" not in absent:
        yield f"Data: photographs, in {root}; without {', '.join(absent)}, because {why_not}."
        return
    make_paintings(root, progress=progress)
    yield (
        f"Data: painted animals stand in for the photographs, in {root}, because {why_not}. "
        "Later: python -m data_scripts fetch animal_faces test_images campus_images"
    )
