"""The course's data sets by name: :func:`load_dataset`.

Loading never touches the network. What needs one is fetched beforehand by
``python -m data_scripts fetch NAME``; everything else is made from what is installed.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

import numpy as np

from course_utils._paths import project_root
from course_utils.images.sets import ImageSet, shown_origin

__all__ = ["Dataset", "data_directory", "list_datasets", "load_dataset"]


@dataclass(frozen=True, eq=False, repr=False)
class Dataset(Mapping[str, ImageSet]):
    """The splits of a data set, by name: ``data["train"]`` or ``data.train``.

    Parameters
    ----------
    name
        What the data set is called.
    splits
        Split name to set: ``"train"`` and ``"valid"`` (and ``"test"``), or ``"all"`` for a data
        set that is not split.
    origin
        ``"photographs"`` or ``"painted"``.
    licence, source, description
        Under which terms, from whom, and what the pictures show.
    note
        Why these pictures, where there was a choice; shown with the data set.
    """

    name: str
    splits: Mapping[str, ImageSet]
    origin: str
    licence: str
    source: str
    description: str
    note: str = ""

    def __getitem__(self, split: str) -> ImageSet:
        try:
            return self.splits[split]
        except KeyError:
            raise KeyError(f"{self.name} has no split {split!r}, only {self._names()}") from None

    def __getattr__(self, split: str) -> ImageSet:
        # Copying and unpickling look up attributes before ``splits`` exists.
        if split.startswith("_") or split not in self.__dict__.get("splits", {}):
            raise AttributeError(f"a data set has no {split!r}; its splits are {self._names()}")
        return self.splits[split]

    def __iter__(self) -> Iterator[str]:
        return iter(self.splits)

    def __len__(self) -> int:
        return len(self.splits)

    def _names(self) -> str:
        return ", ".join(self.__dict__.get("splits", {}))

    def sample(self, n_per_class: int, seed: int) -> Dataset:
        """Draw a small, balanced sample of every split, for quick runs.

        Parameters
        ----------
        n_per_class
            Pictures a class in each split.
        seed
            Seed of the draw.

        Raises
        ------
        ValueError
            When a class of a split has fewer pictures than that.
        """
        drawn = {split: images.sample(n_per_class, seed=seed) for split, images in self.items()}
        return replace(self, splits=drawn)

    @property
    def class_names(self) -> tuple[str, ...]:
        """The classes, the same in every split."""
        return next(iter(self.splits.values())).class_names

    def __repr__(self) -> str:
        lines = [f"{self.name}: {shown_origin(self.origin)} ({self.description})"]
        for name, images in self.splits.items():
            counts = images.class_counts()
            if set(counts.values()) == {1}:
                classes = ", ".join(counts)
            else:
                classes = ", ".join(f"{count} {label}" for label, count in counts.items())
            lines.append(f"  {name}: {len(images)} pictures: {classes}")
        lines.append(f"  licence: {self.licence}; source: {self.source}")
        if self.note:
            lines.append(f"  {self.note}")
        return "\n".join(lines)


def data_directory() -> Path:
    """Give the folder where data sets live: ``COURSE_DATA``, or ``data`` in the project.

    A relative ``COURSE_DATA`` is meant from the project's root, so that notebooks and scripts in
    different folders mean the same one.
    """
    return project_root() / Path(os.environ.get("COURSE_DATA") or "data").expanduser()


def list_datasets() -> list[str]:
    """List the names that :func:`load_dataset` knows."""
    from data_scripts.registry import DATA_SETS

    return list(DATA_SETS)


def load_dataset(name: str, *, data_dir: str | os.PathLike[str] | None = None) -> Dataset:
    """Load a data set of the course, without a network.

    ``"animal_faces"`` gives the photographs when they have been fetched, and otherwise their
    painted stand-in; the result says which. Printing it is a good first line of a notebook.

    Parameters
    ----------
    name
        One of :func:`list_datasets`.
    data_dir
        Where data sets live; :func:`data_directory` when left out.

    Returns
    -------
    Dataset
        Split name to :class:`~course_utils.ImageSet`.

    Raises
    ------
    ValueError
        When no data set has that name; the message lists those that exist.
    FileNotFoundError
        When it has to be fetched first; the message gives the command.
    data_scripts.errors.DataError
        When it has to be made first and the disk refuses; the message says what to do.

    Examples
    --------
    >>> load_dataset("sample_photos").all.class_names[:2]
    ('cat', 'coffee')
    """
    from data_scripts.registry import DATA_SETS

    if name not in DATA_SETS:
        raise ValueError(f"there is no data set {name!r}; there are {', '.join(DATA_SETS)}")
    root = data_directory() if data_dir is None else Path(data_dir)
    if name == "animal_faces":
        return _animal_faces(root)
    if name == "painted_animals":
        return _painted_animals(root)
    if name == "textures":
        return _textures(root)
    if name in ("cifar4", "dogs_vs_cats"):
        return _from_archive(name, root)
    return _single_photographs(name, root)


def _dataset(name: str, splits: Mapping[str, ImageSet], note: str = "") -> Dataset:
    from data_scripts.registry import DATA_SETS

    info = DATA_SETS[name]
    origin = next(iter(splits.values())).origin
    return Dataset(name, splits, origin, info.licence, info.source, info.description, note)


def _splits(
    name: str, folder: Path, files: Iterable[PurePosixPath], origin: str
) -> dict[str, ImageSet]:
    """Make sets of files that are known to be there, laid out as ``split/class/picture``."""
    pictures = sorted(str(file) for file in files if len(file.parts) == 3)
    placed = [name.split("/") for name in pictures]
    class_names = tuple(sorted({label for _, label, _ in placed}))
    index = {label: i for i, label in enumerate(class_names)}

    def part(split: str) -> ImageSet:
        members = [i for i, (of, _, _) in enumerate(placed) if of == split]
        return ImageSet(
            paths=tuple(folder / pictures[i] for i in members),
            labels=np.array([index[placed[i][1]] for i in members]),
            class_names=class_names,
            name=name,
            split=split,
            origin=origin,
        )

    present = {split for split, _, _ in placed}
    return {split: part(split) for split in ("train", "valid", "test") if split in present}


def _animal_faces(root: Path) -> Dataset:
    from data_scripts.manifests import missing
    from data_scripts.registry import files_of

    folder, files = root / "animal_faces", files_of("animal_faces")
    absent = len(missing(folder, files))
    if not absent:
        names = (listed.path for listed in files)
        return _dataset("animal_faces", _splits("animal_faces", folder, names, "photographs"))
    state = "are not here" if absent == len(files) else f"lack {absent} of {len(files)} files"
    return _painted_animals(
        root,
        note=f"The photographs of animal_faces {state}, so these are the painted stand-in. "
        "To get them: python -m data_scripts fetch animal_faces",
    )


def _painted_animals(root: Path, note: str = "") -> Dataset:
    from data_scripts.local import make_paintings

    names = (listed.path for listed in make_paintings(root).files)
    splits = _splits("painted_animals", root / "painted_animals", names, "painted")
    return _dataset("painted_animals", splits, note)


def _textures(root: Path) -> Dataset:
    from data_scripts.local import make_textures

    names = (listed.path for listed in make_textures(root).files)
    return _dataset("textures", _splits("textures", root / "textures", names, "photographs"))


def _from_archive(name: str, root: Path) -> Dataset:
    from data_scripts.archives import UNREADABLE, recipe_of
    from data_scripts.making import made

    manifest = made(root / name, recipe_of(name))
    if manifest is None:
        raise FileNotFoundError(_not_fetched(name, root))
    names = (listed.path for listed in manifest.files)
    splits = _splits(name, root / name, names, "photographs")
    return _dataset(name, splits, _left_out(root / name / UNREADABLE))


def _left_out(listing: Path) -> str:
    if not listing.exists():
        return ""
    count = len(listing.read_text(encoding="utf-8").splitlines())
    return f"{count} files that cannot be read were left out; {listing} names them"


def _single_photographs(name: str, root: Path) -> Dataset:
    from data_scripts.local import installed_file
    from data_scripts.manifests import missing
    from data_scripts.registry import DATA_SETS, files_of

    info = DATA_SETS[name]
    if info.how == "installed":
        paths = [installed_file(file) for file in info.subjects.values()]
    elif missing(root / name, files_of(name)):
        raise FileNotFoundError(_not_fetched(name, root))
    else:
        paths = [root / name / file for file in info.subjects.values()]
    images = ImageSet(tuple(paths), np.arange(len(paths)), tuple(info.subjects), name=name)
    return _dataset(name, {"all": images})


def _not_fetched(name: str, root: Path) -> str:
    return (
        f"{name} is not in {root}, or not all of it; fetch it with "
        f"`python -m data_scripts fetch {name}`. Without a network, use animal_faces (photographs "
        "or painted), textures or sample_photos"
    )
