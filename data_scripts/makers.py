"""How data sets are made that are not fetched as they are: cut, painted, or unpacked."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path, PurePosixPath

from course_utils.datasets.kinds import Made, installed_file
from course_utils.datasets.manifests import Manifest
from course_utils.datasets.registry import DATA_SETS
from course_utils.images.reading import read_image
from data_scripts.archives import prepare_cifar4, prepare_dogs_vs_cats
from data_scripts.making import make_whole, remove_empty_folders

__all__ = ["MAKERS", "make", "make_barn_doors", "make_paintings", "make_textures"]


def make(name: str, data_dir: Path, *, progress: bool = True) -> Manifest:
    """Make a data set, unless it was made by the same recipe before.

    Parameters
    ----------
    name
        One of :data:`MAKERS`. If it is made of an archive, that has been fetched and checked.
    data_dir
        The data directory.
    progress
        Show a progress bar.

    Raises
    ------
    DataError
        When the disk refuses, the archive is not what it should be, or the folder holds something
        that was not made here.
    """
    info = DATA_SETS[name]
    assert isinstance(info, Made)
    manifest = make_whole(
        data_dir / name,
        info.full_recipe(),
        lambda folder: MAKERS[name](info, data_dir, folder, progress),
    )
    for _, _, archive in info.downloads(data_dir):
        archive.unlink(missing_ok=True)
        remove_empty_folders(archive.parent)
    return manifest


def make_textures(data_dir: Path) -> None:
    """Cut ``textures``, unless that is done; called by ``load_dataset``."""
    make("textures", data_dir)


def make_paintings(data_dir: Path) -> None:
    """Paint ``painted_animals``, unless that is done; called by ``load_dataset``."""
    make("painted_animals", data_dir)


def make_barn_doors(data_dir: Path) -> None:
    """Paint ``barn_doors``, unless that is done; called by ``load_dataset``."""
    make("barn_doors", data_dir)


def _cut_textures(info: Made, data_dir: Path, folder: Path, progress: bool) -> None:
    """Cut photographs into a grid of patches without overlap: no pixel is in two of them.

    The left half of each gives the patches for training, the right half those for validation.
    """
    side = info.recipe["patch"]
    for name in info.recipe["classes"]:
        file = installed_file(PurePosixPath("skimage/data", f"{name}.png"))
        photograph = read_image(file).convert("L")
        width, height = photograph.size
        halves = {"train": range(0, width // 2), "valid": range(width // 2, width)}
        for split, columns in halves.items():
            (folder / split / name).mkdir(parents=True)
            for y in range(0, height, side):
                for x in columns[::side]:
                    patch = photograph.crop((x, y, x + side, y + side))
                    patch.save(folder / split / name / f"{name}_{y:03}_{x:03}.png")


def _paint(info: Made, data_dir: Path, folder: Path, progress: bool) -> None:
    from data_scripts.painting.dataset import paint_pictures

    numbers = {name: value for name, value in info.recipe.items() if name != "painter"}
    paint_pictures(folder, **numbers, progress=progress)


def _paint_doors(info: Made, data_dir: Path, folder: Path, progress: bool) -> None:
    from data_scripts.painting.doors import paint_doors

    versions = ("painter", "cameras")
    numbers = {name: value for name, value in info.recipe.items() if name not in versions}
    paint_doors(folder, **numbers, progress=progress)


MAKERS: dict[str, Callable[[Made, Path, Path, bool], None]] = {
    "barn_doors": _paint_doors,
    "cifar4": prepare_cifar4,
    "dogs_vs_cats": prepare_dogs_vs_cats,
    "painted_animals": _paint,
    "textures": _cut_textures,
}
"""By name: given the facts, the data directory, a folder to fill and whether to show progress."""
