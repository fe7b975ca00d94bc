"""Data sets that come as one archive: CIFAR-10 cut to four classes, and dogs against cats.

An archive is fetched, its SHA-256 is checked, and only then is it opened. What it says about where
its files belong is not trusted: nothing is written outside the folder that is being made.
"""

from __future__ import annotations

import re
import shutil
import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

import numpy as np
from numpy.typing import NDArray

from course_utils._progress import ProgressBar
from course_utils.datasets.kinds import UNREADABLE, Made
from course_utils.images.reading import BadImageError, read_image
from course_utils.images.sets import ImageSet
from data_scripts.errors import DataError

__all__ = ["prepare_cifar4", "prepare_dogs_vs_cats"]


def _archive_of(info: Made, data_dir: Path) -> Path:
    [(_, _, archive)] = info.downloads(data_dir)
    return archive


def prepare_cifar4(info: Made, data_dir: Path, folder: Path, progress: bool) -> None:
    """Keep four classes of CIFAR-10: some training pictures of each, and all test pictures."""
    from PIL import Image

    unpacked = folder / "unpacked"
    _unpack_tar(_archive_of(info, data_dir), unpacked)
    rng = np.random.default_rng(info.recipe["seed"])
    for split in ("train", "test"):
        pixels, labels = _read_cifar10(unpacked, split)
        for name in info.recipe["classes"]:
            of_class = np.flatnonzero(labels == name)
            if split == "train":
                of_class = np.sort(rng.permutation(of_class)[: info.recipe["train_per_class"]])
            (folder / split / name).mkdir(parents=True)
            for i in of_class:
                Image.fromarray(pixels[i]).save(folder / split / name / f"{i:05}.png")
    shutil.rmtree(unpacked)


def _unpack_tar(archive: Path, folder: Path) -> None:
    folder.mkdir(parents=True)
    try:
        with tarfile.open(archive) as tar:
            # The "data" filter refuses paths and links that lead outside, devices, and the like.
            tar.extractall(folder, filter="data")
    except tarfile.FilterError as problem:
        raise _unsafe(archive, str(problem)) from problem
    except tarfile.ReadError as problem:
        raise _no_archive(archive) from problem


def _unsafe(archive: Path, reason: str) -> DataError:
    return DataError(
        f"{archive.name} is not safe to unpack ({reason}); nothing of it was kept. Fetch it from "
        "its source."
    )


def _no_archive(archive: Path) -> DataError:
    return DataError(f"{archive} is not an archive; delete it and fetch it from its source.")


def _read_cifar10(root: Path, split: str) -> tuple[NDArray[np.uint8], NDArray[np.str_]]:
    """Read a split of CIFAR-10: pixels (n, 32, 32, 3) and class names (n,)."""
    from course_utils._torchvision import torchvision

    try:
        # It compares each file's MD5 with the published one before it unpickles the file.
        data = torchvision.datasets.CIFAR10(root, train=split == "train", download=False)
    except RuntimeError as problem:
        raise DataError(f"the archive of CIFAR-10 is not the published one: {problem}") from problem
    return data.data, np.array(data.classes)[data.targets]


# The archive names pictures PetImages/Cat/0.jpg to PetImages/Dog/12499.jpg.
_PET = re.compile(r"PetImages/(Cat|Dog)/(\d+)\.jpg")


def prepare_dogs_vs_cats(info: Made, data_dir: Path, folder: Path, progress: bool) -> None:
    """Unpack the pictures that can be read, and split them."""
    archive = _archive_of(info, data_dir)
    kept: list[tuple[str, str]] = []
    unreadable: list[str] = []
    with _opened_zip(archive) as source:
        members = list(_safe_members(source, archive))
        for member, label, number in ProgressBar(
            members, desc="unpack", unit="picture", disable=not progress
        ):
            file = folder / "all" / label / f"{int(number):05}.jpg"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(source.read(member))
            try:
                # The smallest decoding still reads the file to its end.
                read_image(file, min_size=(1, 1))
            except BadImageError as problem:
                unreadable.append(f"{member}: {problem.reason}")
                file.unlink()
            else:
                kept.append((label, file.name))
    if not kept:
        raise DataError(f"{archive.name} holds no picture of a cat or a dog where it should.")
    class_names = ("cat", "dog")
    images = ImageSet(
        paths=tuple(folder / "all" / label / name for label, name in kept),
        labels=np.array([class_names.index(label) for label, _ in kept]),
        class_names=class_names,
        name="dogs_vs_cats",
    )
    splits, seed = info.recipe["splits"], info.recipe["seed"]
    for split, members_of_split in images.split_into(splits, seed=seed, progress=progress).items():
        for path in members_of_split.paths:
            target = folder / split / path.parent.name / path.name
            target.parent.mkdir(parents=True, exist_ok=True)
            path.replace(target)
    shutil.rmtree(folder / "all")
    lines = "".join(f"{line}\n" for line in unreadable)
    (folder / UNREADABLE).write_text(lines, encoding="utf-8")


def _opened_zip(archive: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(archive)
    except zipfile.BadZipFile as problem:
        raise _no_archive(archive) from problem


def _safe_members(source: zipfile.ZipFile, archive: Path) -> Iterator[tuple[str, str, str]]:
    for info in sorted(source.infolist(), key=lambda info: info.filename):
        path = PurePosixPath(info.filename.replace("\\", "/"))
        if path.is_absolute() or ".." in path.parts or ":" in path.parts[0]:
            raise _unsafe(archive, f"{info.filename!r} leads outside its folder")
        if match := _PET.fullmatch(info.filename):
            yield info.filename, match[1].lower(), match[2]
