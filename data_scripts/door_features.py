"""Write what assignment 6 needs of the network: 128 numbers for each picture, packed into modules.

``python -m data_scripts.door_features`` computes the features of ``barn_doors``, and of fresh
pictures from the same doors, painted with a seed that learners do not have. So neither a learner's
notebook nor grading needs the network, nor the fresh pictures.

A linear classifier sees nothing of a feature vector but its products with those that it learns
from. So the vectors are written in other coordinates: first the directions in which the training
pictures differ, all of them, and then those in which what is left of the other pictures varies
most. With these numbers `LogisticRegression` says what it says with all 1,280.
"""

from __future__ import annotations

import argparse
import base64
import sys
import tempfile
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from course_utils import ImageSet, extract_features, load_dataset
from course_utils._files import replace_when_complete
from course_utils._paths import project_root
from course_utils.datasets.registry import DATA_SETS
from data_scripts.painting.doors import paint_doors

NUMBERS = 128
# Of each class; what the score is measured on should hardly depend on which pictures these are.
FRESH_OF_A_CLASS = 120
_LINE = 92

Floats = NDArray[np.floating]


def coordinates(known: Floats, others: Floats, numbers: int = NUMBERS) -> tuple[Floats, Floats]:
    """Give the origin and the directions in which features are written.

    Parameters
    ----------
    known : ndarray, shape (n, d)
        Features whose differences are kept exactly.
    others : ndarray, shape (m, d)
        Features of which as much is kept as there are directions left.
    numbers
        How many directions.

    Returns
    -------
    origin : ndarray, shape (d,)
    directions : ndarray, shape (numbers, d)
        Orthonormal rows.
    """
    origin = known.mean(axis=0)
    first = np.linalg.svd(known - origin, full_matrices=False)[2][: len(known) - 1]
    left = others - origin
    left = left - left @ first.T @ first
    second = np.linalg.svd(left, full_matrices=False)[2][: numbers - len(first)]
    return origin, np.concatenate([first, second])


def packed(name: str, table: Floats, scale: Floats) -> str:
    """Write a table down as Python: a byte for each number, compressed, in letters."""
    whole = np.clip(np.round(table / scale), -127, 127).astype(np.int8)
    text = base64.b85encode(zlib.compress(whole.tobytes(), 9)).decode("ascii")
    lines = [text[start : start + _LINE] for start in range(0, len(text), _LINE)]
    return f"{name} = (\n" + "".join(f'    "{line}"\n' for line in lines) + ")\n"


def modules(fresh_seed: int, data_dir: Path | None = None) -> Mapping[str, str]:
    """Give the two modules, by their file names.

    Parameters
    ----------
    fresh_seed
        The seed that the fresh pictures are painted with.
    data_dir
        Where ``barn_doors`` is; the data directory when left out.
    """
    doors = load_dataset("barn_doors", data_dir=data_dir)
    size = DATA_SETS["barn_doors"].recipe["size"]  # type: ignore[attr-defined]
    with tempfile.TemporaryDirectory() as folder:
        numbers = {"n_train": 1, "n_valid": FRESH_OF_A_CLASS, "seed": fresh_seed, "size": size}
        paint_doors(Path(folder, "fresh"), **numbers, progress=True)
        pictures = ImageSet.from_folder(Path(folder, "fresh", "valid"))
        exact = {"engine": "torch", "device": "cpu", "precision": "fp32"}
        train, new, fresh = (
            extract_features(images, **exact).X.astype(np.float64)
            for images in (doors.train, doors.valid, pictures)
        )
    origin, directions = coordinates(train, new)
    train, new, fresh = ((table - origin) @ directions.T for table in (train, new, fresh))
    scale = np.abs(np.concatenate([train, new])).max(axis=0) / 127
    return {
        "a6_pictures.py": _RELEASED.format(
            scale=f"SCALE = [\n{_numbers(scale)}]\n",
            train=packed("_TRAIN", train, scale),
            new=packed("_NEW", new, scale),
        ),
        "a6_hidden_pictures.py": _HIDDEN.format(
            seed=fresh_seed, fresh=packed("_FRESH", fresh, scale)
        ),
    }


def _numbers(values: Floats) -> str:
    texts = [f"{value:.5g}" for value in values]
    return "".join(f"    {', '.join(texts[start : start + 8])},\n" for start in range(0, 128, 8))


_RELEASED = '''"""What the network says of the pictures in front of the doors: 128 numbers for each.

Written by ``python -m data_scripts.door_features``, which says how; not to be edited.
"""

import base64
import zlib

import numpy as np

CLASS_NAMES = ("cat", "dog", "fox")


def unpacked(text):
    """Give a packed table of features, a row for each picture."""
    whole = np.frombuffer(zlib.decompress(base64.b85decode(text)), dtype=np.int8)
    return whole.reshape(-1, len(SCALE)) * np.array(SCALE)


def labels_of(table):
    """Give the class numbers of pictures: as many of each class, one class after the other."""
    return np.repeat(np.arange(len(CLASS_NAMES)), len(table) // len(CLASS_NAMES))


def training_pictures():
    """Give features and class numbers of the pictures that the maker trained with."""
    table = unpacked(_TRAIN)
    return table, labels_of(table)


def new_pictures():
    """Give features and class numbers of the pictures from the four doors."""
    table = unpacked(_NEW)
    return table, labels_of(table)


# What 1 stands for in each column.
{scale}
{train}
{new}'''

_HIDDEN = '''"""What the network says of fresh pictures from the same four doors.

Written by ``python -m data_scripts.door_features``; not to be edited, and never released.
"""

from a6_pictures import labels_of, unpacked

SEED = {seed}


def fresh_pictures():
    """Give features and class numbers of pictures that no learner sees."""
    table = unpacked(_FRESH)
    return table, labels_of(table)


{fresh}'''


def main(arguments: Sequence[str] | None = None) -> int:
    """Write both modules; give the exit status."""
    parser = argparse.ArgumentParser(prog="python -m data_scripts.door_features")
    parser.add_argument("--seed", type=int, required=True, help="of the fresh pictures")
    home = project_root() / "notebooks" / "assignments" / "source" / "a6_predictions"
    parser.add_argument("--folder", type=Path, default=home, help="where to write")
    options = parser.parse_args(arguments)
    for name, text in modules(options.seed).items():
        with replace_when_complete(options.folder / name) as temporary:
            temporary.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
