"""Somebody's own pictures: a folder, or a zip, of class folders, as people have them."""

from __future__ import annotations

import os
import warnings
from pathlib import Path

import numpy as np

from course_utils.images.quality import QualityReport
from course_utils.images.sets import ImageSet
from course_utils.images.unpacking import unpack_zip

__all__ = ["FEWEST", "leave_out_disputed", "read_own_pictures"]

FEWEST = 5
"""Pictures of a class below which nothing can be trained, chosen and judged."""


def read_own_pictures(
    place: str | os.PathLike[str],
    *,
    unpack_into: str | os.PathLike[str] | None = None,
    origin: str | None = None,
    progress: bool = True,
) -> ImageSet:
    """Read a folder or a zip that holds one folder of pictures for each class.

    Every picture is decoded once. Files that cannot be read are left out and listed in ``skipped``,
    so look there; hidden files and those that file managers leave behind are not looked at.

    Parameters
    ----------
    place : path
        Laid out as ``place/class/picture``; a zip may have one more folder around it.
    unpack_into : path, optional
        Where a zip's pictures are to lie; beside the zip, in a folder of its name, when left out.
    origin : {"photographs", "painted"}, optional
        What the pictures are; what a file ``.origin`` in the folder says, or photographs, when
        left out.
    progress : bool
        Show a progress bar when it takes longer than a second.

    Returns
    -------
    ImageSet
        Called after the folder.

    Raises
    ------
    FileNotFoundError, NotADirectoryError
        When there is no such folder or zip.
    UnpackError
        When a zip is not safe to unpack.
    ValueError
        When there are not at least two classes of five pictures that can be read, a class folder
        is empty, or the folders are laid out otherwise. The message says what to do.
    """
    root = Path(place).expanduser()
    if root.is_file() and root.suffix.lower() == ".zip":
        target = Path(unpack_into) if unpack_into else root.with_suffix("")
        root = unpack_zip(root, target, progress=progress)
    marked = root / ".origin"
    if origin is None:
        said = marked.read_text(encoding="utf-8").strip() if marked.is_file() else ""
        origin = "painted" if said == "painted" else "photographs"
    with warnings.catch_warnings():
        # They are in `skipped`, which whoever looks at own pictures shows.
        warnings.filterwarnings("ignore", message="left out .* files that cannot be read")
        images = ImageSet.from_folder(
            root, origin=origin, on_bad_image="skip", check="pixels", progress=progress
        )
    _check_classes(images, root)
    return images


def _check_classes(images: ImageSet, root: str | os.PathLike[str]) -> None:
    counts = images.class_counts()
    if len(counts) < 2:
        raise ValueError(
            f"{root} has one class only, {next(iter(counts))!r}: there is nothing to tell apart; "
            "add a folder with pictures of something else, such as 'other'"
        )
    few = {name: count for name, count in counts.items() if count < FEWEST}
    if few:
        listed = ", ".join(f"{name!r} has {count}" for name, count in few.items())
        raise ValueError(
            f"{root}: a class needs at least {FEWEST} pictures that can be read, some to train on, "
            f"one to choose with and one to judge by; {listed}. Add pictures, or leave the class "
            "out"
        )


def leave_out_disputed(images: ImageSet, report: QualityReport) -> tuple[ImageSet, list[Path]]:
    """Leave out files that are the same to the last byte and lie in two classes.

    At least one of their labels is wrong, and nobody but a person can say which.

    Parameters
    ----------
    images : ImageSet
    report : QualityReport
        What :func:`~course_utils.check_quality` found in them.

    Returns
    -------
    images : ImageSet
        Without them.
    disputed : list of pathlib.Path
        The files that were left out.

    Raises
    ------
    ValueError
        When a class then has fewer than five pictures.
    """
    pairs = report.duplicates
    pairs = pairs[(pairs["kind"] == "exact") & (pairs["class_1"] != pairs["class_2"])]
    disputed = {*pairs["path_1"], *pairs["path_2"]}
    kept = images.subset(np.array([path not in disputed for path in images.paths], dtype=bool))
    if disputed:
        _check_classes(
            kept, f"without {len(disputed)} files that lie in two classes, {images.name}"
        )
    return kept, sorted(disputed)
