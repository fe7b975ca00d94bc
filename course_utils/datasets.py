"""The course's data sets by name: :func:`load_dataset`.

Loading never touches the network. What needs one is fetched beforehand by
``python -m data_scripts fetch NAME``; everything else is made from what is installed.
"""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from course_utils._files import replace_when_complete
from course_utils.images import ImageSet, _kind, read_image

__all__ = ["Dataset", "data_directory", "list_datasets", "load_dataset"]

_PROJECT_ROOT = Path(__file__).resolve().parents[1]

# Subject -> (package, file below it). The last ones fit none of ImageNet's classes.
_SAMPLE_PHOTOS = {
    "cat": ("skimage", "data/chelsea.png"),
    "coffee": ("skimage", "data/coffee.png"),
    "rocket": ("skimage", "data/rocket.jpg"),
    "flower": ("sklearn", "datasets/images/flower.jpg"),
    "temple": ("sklearn", "datasets/images/china.jpg"),
    "motorcycle": ("skimage", "data/motorcycle_left.png"),
    "photographer": ("skimage", "data/camera.png"),
    "astronaut": ("skimage", "data/astronaut.png"),
    "coins": ("skimage", "data/coins.png"),
    "moon": ("skimage", "data/moon.png"),
    "galaxies": ("skimage", "data/hubble_deep_field.jpg"),
    "retina": ("skimage", "data/retina.jpg"),
    "tissue": ("skimage", "data/ihc.png"),
    "page": ("skimage", "data/page.png"),
}
_TEXTURES = ("brick", "grass", "gravel")
_TEXTURE_PATCH = 64


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

    def _names(self) -> str:
        return ", ".join(self.__dict__.get("splits", {}))

    @property
    def class_names(self) -> tuple[str, ...]:
        """The classes, the same in every split."""
        return next(iter(self.splits.values())).class_names

    def __repr__(self) -> str:
        lines = [f"{self.name}: {_kind(self.origin)} ({self.description})"]
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
    return _PROJECT_ROOT / Path(os.environ.get("COURSE_DATA") or "data").expanduser()


def list_datasets() -> list[str]:
    """List the names that :func:`load_dataset` knows."""
    from data_scripts.registry import DATA_SETS

    return list(DATA_SETS)


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
        When no data set has that name; the message lists those that exist.
    FileNotFoundError
        When it has to be fetched first; the message gives the command.

    Examples
    --------
    >>> load_dataset("sample_photos").all.class_names[:2]
    ('cat', 'coffee')
    """
    from data_scripts.registry import DATA_SETS

    if name not in DATA_SETS:
        raise ValueError(f"there is no data set {name!r}; there are {', '.join(DATA_SETS)}")
    root = data_directory() if data_dir is None else Path(data_dir)
    if name == "animal_faces":
        return _animal_faces(root)
    if name == "painted_animals":
        return _painted_animals(root)
    if name == "textures":
        return _textures(root)
    if name == "sample_photos":
        return _sample_photos()
    return _single_photographs(name, root)


def _dataset(name: str, splits: Mapping[str, ImageSet], note: str = "") -> Dataset:
    from data_scripts.registry import DATA_SETS

    info = DATA_SETS[name]
    origin = next(iter(splits.values())).origin
    return Dataset(name, splits, origin, info.licence, info.source, info.description, note)


def _from_folders(name: str, root: Path, origin: str) -> dict[str, ImageSet]:
    return {
        split: ImageSet.from_folder(root / name / split, name=name, split=split, origin=origin)
        for split in ("train", "valid")
    }


def _missing_files(name: str, root: Path) -> tuple[int, int]:
    from data_scripts.registry import files_of

    files = files_of(name)
    return sum(not (root / name / file.path).is_file() for file in files), len(files)


def _animal_faces(root: Path) -> Dataset:
    missing, total = _missing_files("animal_faces", root)
    if missing == 0:
        return _dataset("animal_faces", _from_folders("animal_faces", root, "photographs"))
    state = "are not here" if missing == total else f"are incomplete ({missing} of {total} missing)"
    return _painted_animals(
        root,
        note=f"The photographs of animal_faces {state}, so these are the painted stand-in. "
        "To get them: python -m data_scripts fetch animal_faces",
    )


def _single_photographs(name: str, root: Path) -> Dataset:
    from data_scripts.registry import files_of

    missing, total = _missing_files(name, root)
    if missing:
        raise FileNotFoundError(
            f"{name} is not complete in {root} ({missing} of {total} files missing); fetch it with "
            f"`python -m data_scripts fetch {name}`, or use sample_photos, which needs no network"
        )
    paths = [root / name / file.path for file in files_of(name)]
    return _dataset(name, {"all": _one_class_each(name, {path.stem: path for path in paths})})


def _one_class_each(name: str, photographs: Mapping[str, Path]) -> ImageSet:
    return ImageSet(
        paths=tuple(photographs.values()),
        labels=np.arange(len(photographs)),
        class_names=tuple(photographs),
        name=name,
    )


def _package_folder(package: str) -> Path:
    # Finding a package does not import it: scikit-image takes a while.
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError(f"{package} is not installed; run `make env`")
    return Path(spec.submodule_search_locations[0])


def _sample_photos() -> Dataset:
    photographs = {
        subject: _package_folder(package) / file
        for subject, (package, file) in _SAMPLE_PHOTOS.items()
    }
    return _dataset("sample_photos", {"all": _one_class_each("sample_photos", photographs)})


def _textures(root: Path) -> Dataset:
    folder = root / "textures"
    recipe = {"patch": _TEXTURE_PATCH, "classes": list(_TEXTURES)}
    _make_once(folder, recipe, _cut_textures)
    return _dataset("textures", _from_folders("textures", root, "photographs"))


def _cut_textures(folder: Path) -> None:
    for name in _TEXTURES:
        photograph = read_image(_package_folder("skimage") / "data" / f"{name}.png").convert("L")
        width, height = photograph.size
        halves = {"train": range(0, width // 2), "valid": range(width // 2, width)}
        for split, columns in halves.items():
            (folder / split / name).mkdir(parents=True)
            for y in range(0, height, _TEXTURE_PATCH):
                for x in columns[::_TEXTURE_PATCH]:
                    patch = photograph.crop((x, y, x + _TEXTURE_PATCH, y + _TEXTURE_PATCH))
                    patch.save(folder / split / name / f"{name}_{y:03}_{x:03}.png")


def _painted_animals(root: Path, note: str = "") -> Dataset:
    from data_scripts import painting

    folder = root / "painted_animals"
    recipe = {"painter": getattr(painting, "VERSION", 1), "n_train": 50, "n_valid": 50, "seed": 0}

    def paint(target: Path) -> None:
        painting.paint_dataset(target, n_train=50, n_valid=50, seed=0)

    _make_once(folder, recipe, paint)
    return _dataset("painted_animals", _from_folders("painted_animals", root, "painted"), note=note)


def _make_once(folder: Path, recipe: Mapping[str, object], make: Callable[[Path], None]) -> None:
    """Let ``make`` fill ``folder``, whole or not at all, unless it was made by this recipe."""
    from filelock import FileLock

    stamp = folder / "recipe.json"
    wanted = json.dumps(recipe, sort_keys=True)

    def is_made() -> bool:
        return stamp.is_file() and stamp.read_text(encoding="utf-8") == wanted

    if is_made():
        return
    folder.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(folder.with_name(f".{folder.name}.lock")):
        if is_made():
            return
        unfinished = folder.with_name(f".{folder.name}.unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        try:
            make(unfinished)
            with replace_when_complete(unfinished / "recipe.json") as temporary:
                temporary.write_text(wanted, encoding="utf-8")
            shutil.rmtree(folder, ignore_errors=True)
            unfinished.rename(folder)
        finally:
            shutil.rmtree(unfinished, ignore_errors=True)
