"""A labelled set of pictures."""

from __future__ import annotations

import operator
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal, overload

import numpy as np
from numpy.typing import ArrayLike, NDArray
from PIL import Image

from course_utils.images.duplicates import duplicate_groups, find_duplicates
from course_utils.images.folders import list_class_folders
from course_utils.images.reading import read_image
from course_utils.images.splitting import stratified_split
from course_utils.images.stores import is_address

__all__ = ["ImageSet", "shown_origin"]


@dataclass(frozen=True, eq=False, repr=False)
class ImageSet:
    """Picture files with their labels.

    Pictures are read when they are asked for, so that a set of any size costs no memory.

    Parameters
    ----------
    paths
        The files, one a picture.
    labels
        Integers, shape (n,): for each picture the index of its class in ``class_names``.
    class_names
        The classes, in the order of their indices.
    name
        Name of the data set.
    split
        Which part of it this is: ``"train"``, ``"valid"``, ``"test"`` or ``"all"``.
    origin
        ``"photographs"`` or ``"painted"`` (or both, joined by ``" + "``); shown wherever the set
        is shown.
    skipped
        Files that were left out because they cannot be read, each with the reason.

    Raises
    ------
    ValueError
        When paths and labels differ in number, a label names no class, a class name repeats, or a
        path is an address.

    Examples
    --------
    >>> from course_utils import load_dataset
    >>> photos = load_dataset("sample_photos").all
    >>> photos.targets[:2].tolist()
    ['cat', 'coffee']
    """

    paths: tuple[Path, ...]
    labels: NDArray[np.int64]
    class_names: tuple[str, ...]
    name: str = "my pictures"
    split: str = "all"
    origin: str = "photographs"
    skipped: tuple[tuple[Path, str], ...] = ()

    def __post_init__(self) -> None:
        labels = np.array(self.labels)
        if labels.size == 0:
            labels = labels.astype(np.int64)
        if labels.ndim != 1 or not np.issubdtype(labels.dtype, np.integer):
            raise ValueError(
                "labels must be one integer a picture, the index of its class in class_names; "
                f"got an array of shape {labels.shape} and type {labels.dtype}"
            )
        labels = labels.astype(np.int64)
        labels.flags.writeable = False
        object.__setattr__(self, "labels", labels)
        if elsewhere := next(filter(is_address, self.paths), None):
            raise ValueError(
                f"{elsewhere} is an address, and a set holds files; extract_features takes a list "
                f"of addresses, and extract_to_folder a .csv file with their labels"
            )
        object.__setattr__(self, "paths", tuple(Path(path) for path in self.paths))
        object.__setattr__(self, "class_names", tuple(self.class_names))
        if len(self.paths) != len(labels):
            raise ValueError(f"{len(self.paths)} paths but {len(labels)} labels")
        for kind in self.origin.split(" + "):
            _choose("origin", kind, ("photographs", "painted"))
        if len(set(self.class_names)) != len(self.class_names):
            raise ValueError(f"a class name repeats: {', '.join(self.class_names)}")
        if len(labels) and (labels.min() < 0 or labels.max() >= len(self.class_names)):
            raise ValueError(
                f"labels run from {labels.min()} to {labels.max()}, "
                f"but there are {len(self.class_names)} classes (0 to {len(self.class_names) - 1})"
            )

    @classmethod
    def from_folder(
        cls,
        folder: str | os.PathLike[str],
        *,
        name: str | None = None,
        split: str = "all",
        origin: str = "photographs",
        on_bad_image: Literal["raise", "skip"] = "raise",
        check: Literal["header", "pixels"] = "header",
        progress: bool = True,
    ) -> ImageSet:
        """Make a set from a folder that holds one folder of pictures for each class.

        Classes and pictures are sorted by name, so that the order is the same everywhere. Hidden
        files and folders (``.DS_Store``, ``.ipynb_checkpoints``) are ignored.

        Parameters
        ----------
        folder
            Laid out as ``folder/class/picture``.
        name
            Name of the data set; the folder's own name when left out.
        split
            Which part of the data set it is.
        origin
            ``"photographs"`` or ``"painted"``.
        on_bad_image
            ``"raise"`` stops at the first file that is not a picture; ``"skip"`` leaves such
            files out, warns once, and lists them in ``skipped``.
        check
            ``"header"`` looks at the start of each file; ``"pixels"`` decodes each picture, which
            also finds files that are cut off, and takes some milliseconds a picture.
        progress
            Show a progress bar when it takes longer than a second.

        Returns
        -------
        ImageSet

        Raises
        ------
        FileNotFoundError, NotADirectoryError
            When there is no such folder.
        ValueError
            When it has no class folders, or a class folder is empty or holds folders.
        BadImageError
            When a file is not a picture and ``on_bad_image="raise"``.
        """
        _choose("on_bad_image", on_bad_image, ("raise", "skip"))
        _choose("check", check, ("header", "pixels"))
        root = Path(folder)
        classes = list_class_folders(
            root, pixels=check == "pixels", skip=on_bad_image == "skip", progress=progress
        )
        return cls(
            paths=tuple(file for of_class in classes for file in of_class.files),
            labels=np.repeat(np.arange(len(classes)), [len(c.files) for c in classes]),
            class_names=tuple(of_class.name for of_class in classes),
            name=name or root.resolve().name,
            split=split,
            origin=origin,
            skipped=tuple((Path(p.path), p.reason) for c in classes for p in c.problems),
        )

    @property
    def y(self) -> NDArray[np.int64]:
        """Labels as integers, shape (n,): a copy that may be changed."""
        return self.labels.copy()

    @property
    def targets(self) -> NDArray[np.str_]:
        """Labels as class names, shape (n,)."""
        return np.array(self.class_names, dtype=np.str_)[self.labels]

    def __len__(self) -> int:
        return len(self.paths)

    @overload
    def __getitem__(self, index: int) -> Image.Image: ...
    @overload
    def __getitem__(self, index: slice) -> ImageSet: ...
    def __getitem__(self, index: int | slice) -> Image.Image | ImageSet:
        """Read picture ``index`` as RGB; a slice gives a smaller set."""
        if isinstance(index, slice):
            return self.subset(np.arange(len(self))[index])
        try:
            position = operator.index(index)
        except TypeError:
            raise TypeError(
                f"pictures are numbered by integers, not {type(index).__name__}; "
                "use .subset(indices) for several of them"
            ) from None
        if not -len(self) <= position < len(self):
            raise IndexError(f"there is no picture {position} in a set of {len(self)}")
        return read_image(self.paths[position])

    def __iter__(self) -> Iterator[Image.Image]:
        return (read_image(path) for path in self.paths)

    def subset(self, indices: ArrayLike) -> ImageSet:
        """Pick pictures by position.

        Parameters
        ----------
        indices
            Integers in any order, or a boolean mask of shape (n,).

        Returns
        -------
        ImageSet
            The pictures in the order asked for, with the same classes.

        Raises
        ------
        IndexError
            When an index is out of range, or a mask has the wrong length.
        TypeError
            When the indices are neither integers nor booleans.
        """
        chosen = np.asarray(indices)
        if chosen.size == 0 and chosen.dtype != bool:
            chosen = chosen.astype(np.int64)
        if chosen.ndim != 1 or not (
            chosen.dtype == bool or np.issubdtype(chosen.dtype, np.integer)
        ):
            raise TypeError(
                "indices must be a list of integers or a boolean mask; "
                f"got shape {chosen.shape} and type {chosen.dtype}"
            )
        if chosen.dtype == bool:
            if len(chosen) != len(self):
                raise IndexError(f"a mask of {len(chosen)} for a set of {len(self)} pictures")
            chosen = np.flatnonzero(chosen)
        if len(chosen) and not (-len(self) <= chosen.min() and chosen.max() < len(self)):
            raise IndexError(
                f"indices run from {chosen.min()} to {chosen.max()}, "
                f"but the set has {len(self)} pictures"
            )
        paths = tuple(self.paths[i] for i in chosen)
        return replace(self, paths=paths, labels=self.labels[chosen], skipped=())

    def sample(self, n_per_class: int, *, seed: int) -> ImageSet:
        """Draw the same number of pictures from every class, without repeats.

        Parameters
        ----------
        n_per_class
            Pictures a class, 0 or more.
        seed
            Seed of the draw: the same seed draws the same pictures.

        Returns
        -------
        ImageSet
            Sorted by class, in random order within a class.

        Raises
        ------
        ValueError
            When ``n_per_class`` is negative, or a class has fewer pictures than that.
        TypeError
            When ``n_per_class`` is not an integer.
        """
        if operator.index(n_per_class) < 0:
            raise ValueError(f"n_per_class must be 0 or more; got {n_per_class}")
        for class_name, count in self.class_counts().items():
            if count < n_per_class:
                raise ValueError(
                    f"class {class_name!r} has {count} pictures, fewer than the "
                    f"n_per_class={n_per_class} asked for"
                )
        rng = np.random.default_rng(seed)
        members = [np.flatnonzero(self.labels == k) for k in range(len(self.class_names))]
        drawn = [rng.permutation(of_class)[:n_per_class] for of_class in members]
        return self.subset(np.concatenate(drawn) if drawn else [])

    def split_into(
        self,
        fractions: Mapping[str, float],
        *,
        seed: int,
        keep_together: Literal["duplicates", "exact duplicates", "nothing"] = "duplicates",
        progress: bool = True,
    ) -> dict[str, ImageSet]:
        """Divide the set at random into parts such as training, validation and test.

        Every part gets its share of each class, and pictures that are copies of each other stay
        together: a copy of a training picture in validation would be an answer learned by heart.

        Parameters
        ----------
        fractions
            Name of each part to its fraction of the pictures, adding up to 1:
            ``{"train": 0.7, "valid": 0.15, "test": 0.15}``.
        seed
            The same seed divides the same pictures in the same way.
        keep_together
            Which copies: ``"duplicates"`` (exact, near and mirrored ones, see
            :func:`course_utils.images.duplicates.find_duplicates`), ``"exact duplicates"`` (the
            same bytes), or ``"nothing"``.
        progress
            Show a progress bar while pictures are compared.

        Returns
        -------
        dict of str to ImageSet
            The parts, in the order of ``fractions``, each in the order of this set.

        Raises
        ------
        ValueError
            When the fractions do not add up to 1, or a class is too small to be in every part.
        BadImageError
            When a picture cannot be read.
        """
        choices = ("duplicates", "exact duplicates", "nothing")
        _choose("keep_together", keep_together, choices)
        groups = None
        if keep_together != "nothing":
            pairs = find_duplicates(self, progress=progress)
            if keep_together == "exact duplicates":
                pairs = pairs[pairs["kind"] == "exact"]
            groups = duplicate_groups(pairs, len(self))
        parts = stratified_split(self.labels, fractions, seed, groups, class_names=self.class_names)
        return {name: replace(self.subset(i), split=name) for name, i in parts.items()}

    def class_counts(self) -> dict[str, int]:
        """Count the pictures of each class, in the order of ``class_names``."""
        counts = np.bincount(self.labels, minlength=len(self.class_names))
        return {name: int(count) for name, count in zip(self.class_names, counts, strict=True)}

    def __add__(self, other: ImageSet) -> ImageSet:
        """Join two sets of the same classes.

        Raises
        ------
        ValueError
            When the classes differ: their labels would not mean the same.
        """
        if not isinstance(other, ImageSet):
            return NotImplemented
        if self.class_names != other.class_names:
            raise ValueError(
                "only sets with the same classes can be joined; "
                f"these have {self.class_names} and {other.class_names}"
            )
        return ImageSet(
            paths=self.paths + other.paths,
            labels=np.concatenate([self.labels, other.labels]),
            class_names=self.class_names,
            name=_joined(self.name, other.name),
            split=_joined(self.split, other.split),
            origin=_joined(self.origin, other.origin),
            skipped=self.skipped + other.skipped,
        )

    def caption(self) -> str:
        """Say in a line what is shown, for under a figure: photographs or painted included."""
        return f"{self.name}, {self.split}: {shown_origin(self.origin)}"

    def __repr__(self) -> str:
        counts = self.class_counts()
        if len(counts) > 6 or set(counts.values()) == {1}:
            classes = f"{len(counts)} classes"
        else:
            classes = ", ".join(f"{count} {name}" for name, count in counts.items())
        left_out = f"; {len(self.skipped)} unreadable files left out" if self.skipped else ""
        return f"<ImageSet {self.caption()}; {len(self)} pictures: {classes}{left_out}>"


def shown_origin(origin: str) -> str:
    """Say what pictures are, so that nobody takes paintings for photographs."""
    return "PAINTED, not photographs" if origin == "painted" else origin


def _joined(first: str, second: str) -> str:
    parts = first.split(" + ") + second.split(" + ")
    return " + ".join(dict.fromkeys(parts))


def _choose(argument: str, value: Any, choices: Sequence[str]) -> None:
    if value not in choices:
        raise ValueError(f"{argument} must be one of {', '.join(choices)}; got {value!r}")
