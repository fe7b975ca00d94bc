"""The stand-in data set: folders of painted animals, from a seed."""

from __future__ import annotations

import json
import os
import shutil
import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from course_utils._files import replace_folder
from course_utils._progress import ProgressBar
from data_scripts.painting.scene import paint_animal

# Raise it when pictures change: seeds are only comparable within a version.
VERSION = 9
MANIFEST = "manifest.json"
CLASSES = ("cat", "dog", "wild")
_SPLITS = ("train", "valid")

# Among the photographs' 50 wild animals for validation, 31 are foxes and 19 are big cats.
_BIG_CAT_SHARE = 19 / 50
_BIG_CATS_IN_TURN = ("leopard", "jaguar", "leopard", "snow leopard", "jaguar")


def paint_dataset(
    folder: str | os.PathLike[str],
    n_train: int = 50,
    n_valid: int = 50,
    seed: int = 0,
    size: int = 256,
    progress: bool = True,
) -> None:
    """Paint the stand-in for the photographs of animal faces.

    Writes ``<folder>/{train,valid}/{cat,dog,wild}/*.jpg`` and a manifest, whole or not at all. In
    training all wild animals are foxes. In validation 31 of 50 are foxes and 19 are big cats, as
    in the photographs; the file names do not betray which.

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
    FileExistsError
        When the folder holds a file that is not part of a painted set; it is left as it was.
    """
    if min(n_train, n_valid) < 1:
        raise ValueError(f"n_train is {n_train} and n_valid is {n_valid}: each must be at least 1")
    if seed < 0:
        raise ValueError(f"seed is {seed}, but it must be 0 or more")
    target = Path(folder)
    _refuse_foreign(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    building = target.with_name(f".{target.name}.{uuid.uuid4().hex[:8]}.part")
    try:
        _paint_all(building, {"train": n_train, "valid": n_valid}, seed, size, progress)
        replace_folder(building, target)
    finally:
        shutil.rmtree(building, ignore_errors=True)


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


def _paint_all(folder: Path, numbers: dict[str, int], seed: int, size: int, progress: bool) -> None:
    jobs = [
        (split, label, index)
        for split, number in numbers.items()
        for label in CLASSES
        for index in range(number)
    ]
    for split in numbers:
        for label in CLASSES:
            (folder / split / label).mkdir(parents=True)

    def paint_one(job: tuple[str, str, int]) -> tuple[str, str]:
        split, label, index = job
        kind = kind_of(seed, split, label, index)
        rng = np.random.default_rng([seed, _SPLITS.index(split), CLASSES.index(label), index])
        name = f"{split}/{label}/{label}_{index:05d}.jpg"
        paint_animal(kind, rng, size).save(folder / name, quality=92)
        return name, kind

    pool = ThreadPoolExecutor(os.cpu_count())
    try:
        done = pool.map(paint_one, jobs)
        bar = ProgressBar(
            done, total=len(jobs), desc="Painting", unit="picture", disable=not progress
        )
        kinds = dict(bar)
    finally:
        # After an error or an interrupt, what is not begun yet must not be painted any more.
        pool.shutdown(cancel_futures=True)
    manifest = {"version": VERSION, "seed": seed, "size": size, "kinds": kinds}
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")


def _refuse_foreign(target: Path) -> None:
    if not target.exists():
        return
    if not target.is_dir():
        raise FileExistsError(f"{target} is a file; give a folder to paint into")
    ours = _painted_files(target / MANIFEST)
    found = (path.relative_to(target).as_posix() for path in target.rglob("*") if path.is_file())
    foreign = next((name for name in found if name not in ours), None)
    if foreign is not None:
        raise FileExistsError(
            f"{target} holds {foreign}, which is not part of a painted set; "
            "give a new or an empty folder"
        )


def _painted_files(manifest: Path) -> set[str]:
    # A file of that name that is not ours makes itself, too, a foreign file.
    try:
        content = json.loads(manifest.read_text(encoding="utf-8"))
        return {MANIFEST, *content["kinds"]} if "seed" in content else set()
    except (OSError, ValueError, TypeError, KeyError):
        return set()
