"""What ``python -m data_scripts`` can do, as functions."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from course_utils._paths import project_root
from course_utils._threads import map_in_threads
from course_utils.datasets.kinds import DataSetInfo, Installed
from course_utils.datasets.loading import data_directory
from course_utils.datasets.manifests import MANIFEST, ListedFile, read_manifest, sha256_of
from course_utils.datasets.registry import DATA_SETS, find_data_set
from data_scripts.errors import DataError, explained
from data_scripts.fetching import TIMEOUT, fetch_files
from data_scripts.makers import MAKERS, make
from data_scripts.making import leftovers, one_at_a_time, remove_empty_folders, remove_listed
from data_scripts.network import Place, answers

__all__ = ["PREPARED", "Verdict", "fetch", "known", "prepare", "remove", "verify"]

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
        When one does not exist; the message names the nearest, and all.
    """
    names = list(names)
    for name in names:
        try:
            find_data_set(name)
        except ValueError as problem:
            raise DataError(f"{problem}.") from None
    return names


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
    root, info = data_dir or data_directory(), DATA_SETS[name]
    with explained(f"{name} could not be fetched", root):
        if isinstance(info, Installed):
            return f"{name}: nothing to fetch, the pictures are installed."
        if info.is_here(root) and not (info.fetching_mends and _damaged(info, root)):
            return f"{name}: is here, in {root / name}; nothing to do."
        wanted = info.downloads(root)
        if not wanted:
            make(name, root, progress=progress)
            return f"{name}: made, in {root / name}."
        place = place or Place.from_environment(project_root())
        root.mkdir(parents=True, exist_ok=True)
        with one_at_a_time(root / ".fetch.lock"):
            fetch_files(
                name, wanted, place=place, data_dir=root, timeout=timeout, progress=progress
            )
            if name in MAKERS:
                make(name, root, progress=progress)
        return f"{name}: fetched from {place} and checked, in {root / name}."


def _damaged(info: DataSetInfo, root: Path, *, progress: bool = False) -> list[Path]:
    """List the files that are there but do not have the listed content."""

    def damaged(listed: ListedFile) -> Path | None:
        file = info.place(root, listed.path)
        return file if file.is_file() and sha256_of(file) != listed.sha256 else None

    compared = map_in_threads(
        damaged,
        info.files(root),
        doing=f"verify {info.name}",
        unit="file",
        progress=progress,
    )
    return [file for file in compared if file is not None]


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
        advice = DATA_SETS[self.name].how_to_mend.format(name=self.name)
        return f"{self.name}: of {self.files} files, {'; '.join(parts)}. To repair: {advice}."


def verify(name: str, *, data_dir: Path | None = None, progress: bool = True) -> Verdict | None:
    """Compare a data set's files with their hashes; None when it is not here at all."""
    root, info = data_dir or data_directory(), DATA_SETS[name]
    places = [info.place(root, listed.path) for listed in info.files(root)]
    absent = tuple(place for place in places if not place.is_file())
    if len(absent) == len(places):
        return None
    return Verdict(name, len(places), absent, tuple(_damaged(info, root, progress=progress)))


def remove(name: str, *, data_dir: Path | None = None) -> str:
    """Delete what was fetched or made for a data set, and nothing else."""
    root, info = data_dir or data_directory(), DATA_SETS[name]
    if isinstance(info, Installed):
        return f"{name}: nothing to remove, it belongs to installed packages."
    folder = root / name
    with explained(f"{name} could not be removed", root):
        manifest = read_manifest(folder)
        listed = manifest.files if manifest else info.files(root)
        ours = [file.path for file in listed] + ([PurePosixPath(MANIFEST)] if manifest else [])
        gone = remove_listed(folder, ours)
        _remove_leftovers(info, root)
    if folder.exists():
        return f"{name}: removed, but {folder} stays: it holds files that are not the course's."
    return f"{name}: removed." if gone else f"{name}: was not here."


def _remove_leftovers(info: DataSetInfo, root: Path) -> None:
    for _, listed, target in info.downloads(root):
        (root / ".partial" / f"{listed.sha256}.part").unlink(missing_ok=True)
        # An archive that was fetched and not unpacked yet.
        if root / info.name not in target.parents:
            target.unlink(missing_ok=True)
    for left in leftovers(root / info.name):
        shutil.rmtree(left)
    (root / f".{info.name}.lock").unlink(missing_ok=True)
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
    todo = [name for name in PREPARED if not DATA_SETS[name].is_here(root)]
    if not todo:
        yield f"Data: photographs, in {root}."
        return
    why_not = ""
    try:
        place = place or Place.from_environment(project_root())
        smallest = min(DATA_SETS[todo[0]].downloads(root), key=lambda download: download[1].size)
        why_not = answers(smallest[0], place=place, seconds=_PROBE_SECONDS)
        for name in [] if why_not else todo:
            yield fetch(name, place=place, data_dir=root, timeout=_PATIENCE, progress=progress)
    except DataError as problem:
        why_not = str(problem).rstrip(".")
    if not why_not:
        yield f"Data: photographs, in {root}."
        return
    absent = [name for name in PREPARED if not DATA_SETS[name].is_here(root)]
    if "animal_faces" not in absent:
        yield f"Data: photographs, in {root}; without {', '.join(absent)}, because {why_not}."
        return
    make("painted_animals", root, progress=progress)
    yield (
        f"Data: painted animals stand in for the photographs, in {root}, because {why_not}. "
        "Later: python -m data_scripts fetch animal_faces test_images campus_images"
    )
