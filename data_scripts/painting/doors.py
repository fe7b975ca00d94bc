"""Cats, dogs and foxes in front of doors: the pictures of assignment 6.

The maker of a door that knows animals photographed those for training with its own camera, which
is in order. The others come from the doors of four barns, whose cameras differ. Nobody wrote down
which picture came from which door: the file names do not betray it, `camera_of` does.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from course_utils._threads import map_in_threads
from data_scripts.painting.cameras import CAMERAS, seen_by
from data_scripts.painting.scene import paint_animal

CLASSES = ("cat", "dog", "fox")
_SPLITS = ("train", "valid")


def camera_of(seed: int, split: str, label: str, index: int) -> str:
    """Name the camera that took a picture, one of `CAMERAS`.

    In validation, of four pictures of a class that follow each other each camera took one, in an
    order of their own.

    Parameters
    ----------
    seed, split, label, index
        Seed of the set; ``"train"`` or ``"valid"``; class; number of the picture, from 0.
    """
    if split == "train":
        return "in order"
    four, place = divmod(index, len(CAMERAS))
    order = np.random.default_rng([seed, 88, CLASSES.index(label), four]).permutation(len(CAMERAS))
    return list(CAMERAS)[order[place]]


def paint_doors(
    folder: Path, *, n_train: int, n_valid: int, seed: int, size: int, progress: bool
) -> None:
    """Paint ``<folder>/{train,valid}/{cat,dog,fox}/*.jpg`` into a folder that does not exist yet.

    A picture depends on the seed, its split, its class and its number alone.

    Parameters
    ----------
    folder
        Where to write.
    n_train, n_valid
        Pictures of each class in the two splits.
    seed
        Which set, 0 or more.
    size
        Width and height of the pictures in pixels.
    progress
        Whether to show a progress bar.
    """
    jobs = [
        (split, label, index)
        for split, number in zip(_SPLITS, (n_train, n_valid), strict=True)
        for label in CLASSES
        for index in range(number)
    ]
    for split, label in {(split, label) for split, label, _ in jobs}:
        (folder / split / label).mkdir(parents=True)

    def paint_one(job: tuple[str, str, int]) -> None:
        split, label, index = job
        place = [seed, _SPLITS.index(split), CLASSES.index(label), index]
        animal = paint_animal(label, np.random.default_rng(place), size)
        picture = seen_by(camera_of(seed, split, label, index), animal)
        picture.save(folder / split / label / f"{label}_{index:03}.jpg", quality=92)

    map_in_threads(paint_one, jobs, doing="paint", unit="picture", progress=progress)
