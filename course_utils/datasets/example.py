"""The course's animals as a folder of somebody's own, with the accidents that such folders have."""

from __future__ import annotations

import shutil
import uuid
from pathlib import Path

from course_utils._files import replace_folder
from course_utils.datasets.loading import data_directory, load_dataset
from course_utils.images.sets import ImageSet

__all__ = ["example_folder"]

_ONE_IN = 17


def example_folder() -> Path:
    """Lay the animal faces out as ``folder/class/picture``, as if they were one's own.

    Training and validation pictures lie together. Accidents are added, of the kind that nearly
    every folder has: some pictures are in the wrong class (one in 17, about as many as in
    well-known collections: C. G. Northcutt and others, "Pervasive Label Errors in Test Sets", 2021,
    found 0.4 to 10 %), one picture is in two classes, a file was cut off, and a file manager left
    something behind.

    Returns
    -------
    pathlib.Path
        In the data directory, one for photographs and one for paintings. It is made once.

    Examples
    --------
    >>> sorted(entry.name for entry in example_folder().iterdir())  # doctest: +SKIP
    ['.origin', 'cat', 'dog', 'wild']
    """
    animals = load_dataset("animal_faces")
    folder = data_directory() / "your_own_pictures" / animals.origin / "animals"
    if folder.is_dir():
        return folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    unfinished = folder.with_name(f".{folder.name}.{uuid.uuid4().hex[:8]}.part")
    try:
        for images in animals.values():
            _copy(images, unfinished)
        _add_accidents(unfinished)
        # Hidden, as far as classes are concerned: read_own_pictures looks for it.
        (unfinished / ".origin").write_text(f"{animals.origin}\n", encoding="utf-8")
        replace_folder(unfinished, folder)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    return folder


def _copy(images: ImageSet, folder: Path) -> None:
    for path, label in zip(images.paths, images.targets, strict=True):
        copy = folder / str(label) / f"{images.split} {path.name}"
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, copy)


def _add_accidents(folder: Path) -> None:
    classes = sorted(entry for entry in folder.iterdir() if entry.is_dir())
    listed = [sorted(of_class.iterdir()) for of_class in classes]
    for number, files in enumerate(listed):
        other = classes[(number + 1) % len(classes)]
        for file in files[_ONE_IN - 1 :: _ONE_IN]:
            file.replace(other / f"{file.stem}, moved{file.suffix}")
    cats, dogs = (sorted((folder / label).iterdir()) for label in ("cat", "dog"))
    content = cats[0].read_bytes()
    (cats[0].with_name("download, cut off.jpg")).write_bytes(content[: len(content) // 3])
    shutil.copyfile(cats[1], dogs[0].with_name("copy of a cat.jpg"))
    (folder / "dog" / "Thumbs.db").write_bytes(b"left behind by a file manager")
