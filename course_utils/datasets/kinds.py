"""The four kinds of data sets, and what each knows: what it holds, where, and whether it is here.

How data sets get here is the concern of ``data_scripts``; this room only looks at what is on disk.
"""

from __future__ import annotations

import importlib.util
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Any, ClassVar

import numpy as np

from course_utils.datasets.manifests import ListedFile, parse, read_manifest
from course_utils.images.sets import ImageSet

__all__ = ["UNREADABLE", "Archive", "DataSetInfo", "Download", "Files", "Installed", "Made"]

UNREADABLE = "unreadable.txt"
"""The file that names the pictures of an archive that were left out, one a line."""

Download = tuple[str, ListedFile, Path]
"""An address, what must come from there, and where it goes."""


@dataclass(frozen=True, kw_only=True)
class DataSetInfo(ABC):
    """Facts about one data set.

    Parameters
    ----------
    name
        What ``load_dataset`` calls it.
    description
        What the pictures show.
    licence
        Under which terms the pictures may be used.
    source
        Who made it and where it comes from.
    size
        How many pictures, and how much is downloaded or written.
    purpose
        What the course uses it for.
    origin
        ``"photographs"`` or ``"painted"``.
    subjects
        For single photographs: what each shows, and its path.
    stand_in
        Name of the data set that is loaded while this one is not here.
    """

    name: str
    description: str
    licence: str
    source: str
    size: str
    purpose: str
    origin: str = "photographs"
    subjects: Mapping[str, str] = field(default_factory=dict)
    stand_in: str = ""

    when_absent: ClassVar[str] = "to be fetched"
    how_to_mend: ClassVar[str] = "python -m data_scripts remove {name}, then fetch it again"
    fetching_mends: ClassVar[bool] = False
    """Whether fetching again replaces single files that are damaged."""

    @abstractmethod
    def files(self, root: Path) -> tuple[ListedFile, ...]:
        """List what it holds; empty when that is not known before it was made in ``root``."""

    def downloads(self, root: Path) -> list[Download]:
        """List what is fetched for it."""
        return []

    def place(self, root: Path, path: PurePosixPath) -> Path:
        """Say where one of its files is, or would be."""
        return root / self.name / path

    def missing(self, root: Path) -> list[ListedFile]:
        """List the files that are absent or have another size: quick, without reading them."""

        def is_there(listed: ListedFile) -> bool:
            try:
                return self.place(root, listed.path).stat().st_size == listed.size
            except OSError:
                return False

        return [listed for listed in self.files(root) if not is_there(listed)]

    def is_here(self, root: Path) -> bool:
        """Say whether all of it is here."""
        return bool(self.files(root)) and not self.missing(root)

    def state(self, root: Path) -> str:
        """Say in a few words whether it is here."""
        absent, total = len(self.missing(root)), len(self.files(root))
        if absent == total:
            return self.when_absent
        return f"{absent} of {total} files missing" if absent else "here"

    def splits(self, root: Path) -> dict[str, ImageSet]:
        """Make its sets: of single photographs, or of what lies in ``split/class/picture``."""
        if self.subjects:
            paths = [self.place(root, PurePosixPath(path)) for path in self.subjects.values()]
            names = tuple(self.subjects)
            return {"all": ImageSet(tuple(paths), np.arange(len(paths)), names, name=self.name)}
        paths_in = [listed.path for listed in self.files(root) if len(listed.path.parts) == 3]
        placed = sorted((str(path), *path.parts[:2]) for path in paths_in)
        class_names = tuple(sorted({label for *_, label in placed}))
        sets = {}
        for split in ("train", "valid", "test"):
            members = [(path, label) for path, of, label in placed if of == split]
            if members:
                sets[split] = ImageSet(
                    paths=tuple(self.place(root, PurePosixPath(path)) for path, _ in members),
                    labels=np.array([class_names.index(label) for _, label in members]),
                    class_names=class_names,
                    name=self.name,
                    split=split,
                    origin=self.origin,
                )
        return sets

    def note(self, root: Path) -> str:
        """Say what else should be known of it as it is here."""
        return ""


@dataclass(frozen=True, kw_only=True)
class Files(DataSetInfo):
    """Files that are fetched one by one, from below the address of a folder, ``url``."""

    url: str
    how_to_mend = "python -m data_scripts fetch {name}"
    fetching_mends = True

    def files(self, root: Path) -> tuple[ListedFile, ...]:
        """List what is beside the registry: known beforehand."""
        return _listing(self.name)

    def downloads(self, root: Path) -> list[Download]:
        """List every file with its address."""
        return [
            (self.url + listed.path.as_posix(), listed, self.place(root, listed.path))
            for listed in self.files(root)
        ]


@dataclass(frozen=True, kw_only=True)
class Made(DataSetInfo):
    """Made on this computer, of what is installed.

    Parameters
    ----------
    recipe
        All that decides its content; what was made by another recipe is made anew.
    """

    recipe: Mapping[str, Any]
    when_absent = "made on first use"

    def full_recipe(self) -> Mapping[str, Any]:
        """Give what the manifest of the finished folder says that it was made by."""
        return self.recipe

    def files(self, root: Path) -> tuple[ListedFile, ...]:
        """List what the manifest says, if it was made by this recipe."""
        manifest = read_manifest(root / self.name)
        if manifest is None or manifest.recipe != self.full_recipe():
            return ()
        return manifest.files


@dataclass(frozen=True, kw_only=True)
class Archive(Made):
    """Made of one archive that is fetched.

    Parameters
    ----------
    url
        The archive's address.
    sha256, bytes
        Its hash and size, as published by others (see ``book/data.md``).
    """

    url: str
    sha256: str
    bytes: int
    when_absent = "to be fetched"

    def full_recipe(self) -> Mapping[str, Any]:
        """Give the recipe with the hash of what it is applied to."""
        return {"archive": self.sha256, **self.recipe}

    def downloads(self, root: Path) -> list[Download]:
        """List the archive."""
        name = PurePosixPath(PurePosixPath(self.url).name)
        return [(self.url, ListedFile(self.sha256, self.bytes, name), root / ".archives" / name)]

    def note(self, root: Path) -> str:
        """Say how many pictures were left out, and where they are named."""
        listing = root / self.name / UNREADABLE
        if not listing.exists():
            return ""
        count = len(listing.read_text(encoding="utf-8").splitlines())
        return f"{count} files that cannot be read were left out; {listing} names them"


@dataclass(frozen=True, kw_only=True)
class Installed(DataSetInfo):
    """Read where installed packages keep it; paths begin with the package."""

    when_absent = "not installed"
    how_to_mend = "install scikit-image and scikit-learn anew"

    def files(self, root: Path) -> tuple[ListedFile, ...]:
        """List what is beside the registry: known beforehand."""
        return _listing(self.name)

    def place(self, root: Path, path: PurePosixPath) -> Path:
        """Say where the package keeps it."""
        return installed_file(path)


def installed_file(path: PurePosixPath) -> Path:
    """Give the path of a file that a package ships: ``skimage/data/coffee.png``.

    Raises
    ------
    FileNotFoundError
        When the package is not installed.
    """
    return _package_folder(path.parts[0]).joinpath(*path.parts[1:])


@cache
def _package_folder(package: str) -> Path:
    # Importing scikit-image would take a while.
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise FileNotFoundError(
            f"{package}, which ships some of the pictures, is not installed: make env"
        )
    return Path(spec.submodule_search_locations[0])


@cache
def _listing(name: str) -> tuple[ListedFile, ...]:
    listing = Path(__file__).with_name("files") / f"{name}.txt"
    return parse(listing.read_text(encoding="utf-8").splitlines())
