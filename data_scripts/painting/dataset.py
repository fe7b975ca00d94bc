"""The stand-in data set: folders of painted animals, from a seed."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np

from course_utils._threads import map_in_threads
from data_scripts.making import fill_folder
from data_scripts.painting.scene import paint_animal

CLASSES = ("cat", "dog", "wild")
_SPLITS = ("train", "valid")

# Among the photographs' 50 wild animals for validation, 31 are foxes and 19 are big cats.
_BIG_CAT_SHARE = 19 / 50
_BIG_CATS_IN_TURN = ("leopard", "jaguar", "leopard", "snow leopard", "jaguar")


def paint_dataset(
    folder: str | os.PathLike[str],
    n_train: int = 50,
    n_valid: int = 50,
    *,
    seed: int = 0,
    size: int = 256,
    progress: bool = True,
) -> None:
    """Paint the stand-in for the photographs of animal faces.

    Writes ``<folder>/{train,valid}/{cat,dog,wild}/*.jpg`` and a manifest, whole or not at all. In
    training all wild animals are foxes. In validation 31 of 50 are foxes and 19 are big cats, as
    in the photographs; the file names do not betray which, :func:`kind_of` does.

    A picture depends on the seed, its split, its class and its number alone, so a larger set starts
    with the pictures of a smaller one.

    Parameters
    ----------
    folder
        Where to write. It may be missing, empty, or hold a painted set, which is then replaced.
    n_train, n_valid
        Pictures of each class in the two splits, at least 1.
    seed
        Which set, 0 or more.
    size
        Width and height of the pictures in pixels.
    progress
        Whether to show a progress bar.

    Raises
    ------
    ValueError
        When a number of pictures is below 1, or the seed is negative.
    DataError
        When the folder holds a file that is not part of a painted set; it is left as it was.
    OSError
        When it cannot be written; an older set is left as it was.
    """
    if min(n_train, n_valid) < 1:
        raise ValueError(f"n_train is {n_train} and n_valid is {n_valid}: each must be at least 1")
    if seed < 0:
        raise ValueError(f"seed is {seed}, but it must be 0 or more")
    target = Path(folder)
    target.parent.mkdir(parents=True, exist_ok=True)
    numbers = {"n_train": n_train, "n_valid": n_valid, "seed": seed, "size": size}
    fill_folder(
        target,
        numbers,
        lambda unfinished: paint_pictures(unfinished, **numbers, progress=progress),
    )


def kind_of(seed: int, split: str, label: str, index: int) -> str:
    """Kind of animal in a picture, for example ``"fox"`` or ``"snow leopard"``.

    Parameters
    ----------
    seed, split, label, index
        Seed of the set; ``"train"`` or ``"valid"``; class; number of the picture, from 0.
    """
    if label != "wild":
        return label
    # Big cats and their kinds are spread evenly, so that every number of pictures has its share.
    start, first = np.random.default_rng([seed, 77]).random(2)
    before, after = (int(i * _BIG_CAT_SHARE + start) for i in (index, index + 1))
    if split == "train" or before == after:
        return "fox"
    return _BIG_CATS_IN_TURN[(before + int(first * 5)) % 5]


def paint_pictures(
    folder: Path, *, n_train: int, n_valid: int, seed: int, size: int, progress: bool
) -> None:
    """Paint the pictures of :func:`paint_dataset` into a folder that does not exist yet."""
    jobs = [
        (split, label, index)
        for split, number in zip(_SPLITS, (n_train, n_valid), strict=True)
        for label in CLASSES
        for index in range(number)
    ]
    for split in _SPLITS:
        for label in CLASSES:
            (folder / split / label).mkdir(parents=True)

    def paint_one(job: tuple[str, str, int]) -> None:
        split, label, index = job
        kind = kind_of(seed, split, label, index)
        rng = np.random.default_rng([seed, _SPLITS.index(split), CLASSES.index(label), index])
        name = f"{split}/{label}/{label}_{index:05d}.jpg"
        paint_animal(kind, rng, size).save(folder / name, quality=92)

    map_in_threads(
        paint_one,
        jobs,
        doing="paint",
        unit="picture",
        progress=progress,
    )
