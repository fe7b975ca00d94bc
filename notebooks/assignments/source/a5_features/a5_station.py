"""The animal station: its folder of photographs, those who call, and its computer's disk.

Nothing in here helps to solve an exercise.
"""

from __future__ import annotations

import io
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike, NDArray

Picture = NDArray[np.uint8]

PICTURES, TWICE = 24, 18  # so many different ones, and so many of them under two names
SIDE = 256

# ---- the disk ------------------------------------------------------------------------------------


class PowerCut(OSError):
    """The power has failed."""


def write_rows(
    folder: str | os.PathLike[str], name: str, rows: ArrayLike, power: int | None = None
) -> None:
    """Write a table to the disk, one row after the other.

    Parameters
    ----------
    folder : path
        Is made where it does not exist.
    name : str
        Of the file in it. A file that is already called that is emptied first.
    rows : array_like of float, shape (n, d)
    power : int, optional
        Let the power fail when so many rows are written. The disk as it is at that moment can be
        looked at afterwards: it is the folder of the same name with ``-after-the-cut`` behind.

    Raises
    ------
    PowerCut
        When the power fails.
    """
    table = np.asarray(rows, dtype="<f8")
    Path(folder).mkdir(parents=True, exist_ok=True)
    with Path(folder, name).open("wb") as file:
        file.write(np.array(table.shape[1:], dtype="<i8").tobytes())
        for number, row in enumerate(table):
            if number == power:
                file.flush()
                _copy(Path(folder), Path(f"{folder}-after-the-cut"))
                raise PowerCut(f"the power failed after {number} of {len(table)} rows")
            file.write(row.tobytes())


def read_rows(folder: str | os.PathLike[str], name: str) -> NDArray[np.float64]:
    """Read the rows that a file holds.

    Parameters
    ----------
    folder, name
        As for `write_rows`.

    Raises
    ------
    FileNotFoundError
        When there is no such file.
    """
    content = Path(folder, name).read_bytes()
    columns = int(np.frombuffer(content[:8], dtype="<i8")[0])
    whole = (len(content) - 8) // (8 * columns) * columns
    return np.frombuffer(content[8:], dtype="<f8", count=whole).reshape(-1, columns).copy()


def _copy(folder: Path, other: Path) -> None:
    shutil.rmtree(other, ignore_errors=True)
    shutil.copytree(folder, other)


# ---- the folder ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Folder:
    """What is in the station's folder.

    Parameters
    ----------
    names : list of str
        The files.
    contents : list of bytes
        What each file holds, in this order.
    pictures : dict of ndarray of uint8, shape (height, width, 3)
        Each file's picture, by its name.
    gone : ndarray of str
        For each file ``"gone"``, where the animal had a new home within a week, or ``"waiting"``.
    caption : str
        Whether they are photographs or painted.
    """

    names: list[str]
    contents: list[bytes]
    pictures: dict[str, Picture]
    gone: NDArray[np.str_]
    caption: str


def open_folder() -> Folder:
    """Open the station's folder."""
    from course_utils import load_dataset

    animals = load_dataset("animal_faces").valid
    # With so few labels out of a hat, a draw may look like something that can be learned; not this.
    rng = np.random.default_rng(18)
    kinds = [np.flatnonzero(animals.y == kind) for kind in range(len(animals.class_names))]
    chosen = np.concatenate([rng.permutation(kind)[: PICTURES // 3] for kind in kinds])
    chosen = rng.permutation(chosen)
    home = rng.permutation(np.repeat(["gone", "waiting"], PICTURES // 2))
    files = rng.permutation([*range(PICTURES), *rng.permutation(PICTURES)[:TWICE]])
    contents = [Path(animals.paths[chosen[number]]).read_bytes() for number in files]
    # Two cameras, each of which counts for itself.
    names = [
        f"{('desk', 'yard')[place % 2]}/IMG_{100 + place // 2}.jpg" for place in range(len(files))
    ]
    pictures = {name: read_picture(content) for name, content in zip(names, contents, strict=True)}
    return Folder(names, contents, pictures, home[files], animals.caption())


def read_picture(content: bytes) -> Picture:
    """Decode a file.

    Parameters
    ----------
    content : bytes
        What it holds.
    """
    from PIL import Image

    with Image.open(io.BytesIO(content)) as image:
        return np.asarray(image.convert("RGB").resize((SIDE, SIDE), Image.Resampling.BILINEAR))


def seen_by_its_owner(picture: Picture) -> Picture:
    """Give a picture as the animal's owner might have taken it: nearer, mirrored and darker.

    Parameters
    ----------
    picture : ndarray of uint8, shape (height, width, 3)
    """
    from PIL import Image

    height, width, _ = picture.shape
    part = picture[height // 10 : -height // 20, width // 20 : -width // 10][:, ::-1]
    darker = (part * 0.75).astype(np.uint8)
    return np.asarray(Image.fromarray(darker).resize((width, height), Image.Resampling.BILINEAR))
