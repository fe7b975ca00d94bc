"""The course's data sets by name: :func:`load_dataset`.

Loading never touches the network. What needs one is fetched beforehand by
``python -m data_scripts fetch NAME``. What can be made of what is installed is made on first use
by the package that offers to: an entry point of the group ``course_utils.makers``, named as the
data set, is called with the data directory. Those of this project are in ``data_scripts``.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path

import pandas as pd

from course_utils._paths import project_root
from course_utils.datasets.kinds import DataSetInfo
from course_utils.datasets.registry import DATA_SETS, find_data_set
from course_utils.images.sets import ImageSet, shown_origin

__all__ = ["Dataset", "data_directory", "describe_datasets", "list_datasets", "load_dataset"]


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

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *self.splits]

    def _names(self) -> str:
        return ", ".join(self.__dict__.get("splits", {}))

    def sample(self, n_per_class: int, *, seed: int) -> Dataset:
        """Draw a small, balanced sample of every split, for quick runs.

        Parameters
        ----------
        n_per_class
            Pictures a class in each split, 0 or more.
        seed
            Seed of the draw.

        Raises
        ------
        ValueError
            When ``n_per_class`` is negative, or a class of a split has fewer pictures than that.
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
    return list(DATA_SETS)


def describe_datasets(*, data_dir: str | os.PathLike[str] | None = None) -> pd.DataFrame:
    """Say of each data set what it shows, whether it is here, and how to get it.

    Parameters
    ----------
    data_dir
        Where data sets live; :func:`data_directory` when left out.

    Returns
    -------
    pandas.DataFrame
        A row for each ``name``, in the order of :func:`list_datasets`: ``what it shows``; ``loads
        as``, ``"photographs"`` or ``"painted"``, as it would be loaded now, or empty; ``state``,
        such as ``"here"`` or ``"to be fetched"``; ``to get it``, the command, or empty.

    Examples
    --------
    >>> describe_datasets().set_index("name").loc["sample_photos", "state"]
    'here'
    """
    root = data_directory() if data_dir is None else Path(data_dir)
    return pd.DataFrame([_describe(info, root) for info in DATA_SETS.values()])


def _describe(info: DataSetInfo, root: Path) -> dict[str, str]:
    is_here = info.is_here(root)
    loaded = info if is_here or not info.stand_in else DATA_SETS[info.stand_in]
    can_be_loaded = loaded.is_here(root) or _maker_of(loaded) is not None
    return {
        "name": info.name,
        "what it shows": info.description,
        "loads as": loaded.origin if can_be_loaded else "",
        "state": info.state(root),
        "to get it": "" if is_here or _maker_of(info) else _command(info.name),
    }


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
        When no data set has that name; the message names the nearest, and all.
    FileNotFoundError
        When it has to be fetched first; the message gives the command.
    RuntimeError
        When it has to be made first and the disk refuses; the message says what to do.

    Examples
    --------
    >>> load_dataset("sample_photos").all.class_names[:2]
    ('cat', 'coffee')
    """
    info = find_data_set(name)
    root = data_directory() if data_dir is None else Path(data_dir)
    note = ""
    if info.stand_in and (absent := len(info.missing(root))):
        total = len(info.files(root))
        state = "are not here" if absent == total else f"lack {absent} of {total} files"
        note = (
            f"The photographs of {name} {state}, so these are the painted stand-in. To get them: "
            f"{_command(name)}"
        )
        info = DATA_SETS[info.stand_in]
    if not info.is_here(root):
        _make(info, root)
    return Dataset(
        info.name,
        info.splits(root),
        info.origin,
        info.licence,
        info.source,
        info.description,
        note or info.note(root),
    )


def _make(info: DataSetInfo, root: Path) -> None:
    """Have a data set made that is not here; raise an error when nobody offers to."""
    maker = _maker_of(info)
    if maker is None:
        raise FileNotFoundError(
            f"{info.name} is not in {root}, or not all of it; get it with `{_command(info.name)}` "
            "in a terminal, in the course's folder. Without a network, use animal_faces "
            "(photographs or painted), textures or sample_photos"
        )
    maker.load()(root)


def _maker_of(info: DataSetInfo) -> EntryPoint | None:
    return next(iter(entry_points(group="course_utils.makers", name=info.name)), None)


def _command(name: str) -> str:
    return f"python -m data_scripts fetch {name}"
