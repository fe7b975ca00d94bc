"""Data sets that need no network: texture patches, and paintings."""

from __future__ import annotations

import importlib.util
from pathlib import Path

from data_scripts.errors import DataError
from data_scripts.making import make_whole
from data_scripts.manifests import Manifest

TEXTURES = ("brick", "grass", "gravel")
PATCH = 64


def package_folder(package: str) -> Path:
    """Find where an installed package lies, without importing it (scikit-image takes a while)."""
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise DataError(f"{package}, which ships some of the pictures, is not installed: make env.")
    return Path(spec.submodule_search_locations[0])


def installed_file(name: str) -> Path:
    """Give the path of a file that an installed package ships: ``"skimage/data/coffee.png"``."""
    package, _, below = name.partition("/")
    return package_folder(package) / below


def make_textures(data_dir: Path) -> Manifest:
    """Cut ``textures`` from scikit-image's photographs, unless that is done.

    The left half of each photograph gives the patches for training, the right half those for
    validation, in a grid without overlap: no pixel is in two patches.
    """
    recipe = {"cut": 1, "patch": PATCH, "classes": list(TEXTURES)}
    return make_whole(data_dir / "textures", recipe, _cut_textures)


def _cut_textures(folder: Path) -> None:
    from course_utils.images.reading import read_image

    for name in TEXTURES:
        photograph = read_image(installed_file(f"skimage/data/{name}.png")).convert("L")
        width, height = photograph.size
        halves = {"train": range(0, width // 2), "valid": range(width // 2, width)}
        for split, columns in halves.items():
            (folder / split / name).mkdir(parents=True)
            for y in range(0, height, PATCH):
                for x in columns[::PATCH]:
                    patch = photograph.crop((x, y, x + PATCH, y + PATCH))
                    patch.save(folder / split / name / f"{name}_{y:03}_{x:03}.png")


def make_paintings(data_dir: Path, *, progress: bool = True) -> Manifest:
    """Paint ``painted_animals``, unless they were painted by the same version of the painter."""
    from data_scripts.painting.dataset import VERSION, paint_dataset

    recipe = {"painter": VERSION, "n_train": 50, "n_valid": 50, "seed": 0, "size": 256}

    def paint(folder: Path) -> None:
        paint_dataset(folder, n_train=50, n_valid=50, seed=0, size=256, progress=progress)

    return make_whole(data_dir / "painted_animals", recipe, paint)
