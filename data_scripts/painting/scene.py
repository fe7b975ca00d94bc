"""A whole picture: an animal, its pose, the light and what lies behind it."""

from __future__ import annotations

import numpy as np
from numpy.random import Generator
from PIL import Image

from data_scripts.painting.animal import Animal, paint
from data_scripts.painting.backgrounds import paint_background
from data_scripts.painting.bigcats import big_cat
from data_scripts.painting.canvas import Canvas, Floats
from data_scripts.painting.cat import cat
from data_scripts.painting.dog import dog
from data_scripts.painting.fox import fox
from data_scripts.painting.light import draw_light
from data_scripts.painting.pose import Pose

BIG_CATS = ("leopard", "jaguar", "snow leopard")
# The second three are in no data set: they are for trying out what a classifier makes of them.
KINDS = ("cat", "dog", "fox", *BIG_CATS, "cheetah", "tiger", "lion")

_ANYWHERE = ("meadow", "lawn", "woods", "autumn", "snow", "coast", "sunset", "lights", "studio")
_PLACES = {
    "cat": (*_ANYWHERE, "studio", *("room",) * 8),
    "dog": (*_ANYWHERE, "meadow", "lawn", "coast", "rocks", "room", "room", "room"),
    "fox": (*_ANYWHERE, "meadow", "woods", "woods", "autumn", "snow", "rocks", "savanna"),
    "big cat": (*_ANYWHERE, "meadow", "woods", "rocks", "rocks", "savanna", "savanna", "snow"),
}


def paint_animal(kind: str, rng: Generator, size: int = 256) -> Image.Image:
    """Paint a picture of an animal's face.

    Parameters
    ----------
    kind
        One of `KINDS`.
    rng
        Source of randomness: everything about the picture is drawn from it.
    size
        Width and height in pixels, at least 32.

    Returns
    -------
    PIL.Image.Image
        An RGB picture of ``size`` by ``size`` pixels.

    Raises
    ------
    ValueError
        When the kind is unknown or the size is below 32.

    Examples
    --------
    >>> import numpy as np
    >>> paint_animal("fox", np.random.default_rng(0), size=64).size
    (64, 64)
    """
    if kind not in KINDS:
        raise ValueError(f"kind is {kind!r}, but only these can be painted: {', '.join(KINDS)}")
    if size < 32:
        raise ValueError(f"size is {size}, but a face needs at least 32 pixels")
    animal = _make(kind, rng)
    places = _PLACES.get(kind, _PLACES["big cat"])
    canvas = Canvas(size)
    canvas.rgb[:] = paint_background(places[int(rng.integers(len(places)))], rng, size)
    pose = _pose(animal, rng)
    gaze = (float(rng.uniform(-0.18, 0.18)), float(rng.uniform(-0.12, 0.08)))
    paint(canvas, animal, pose, gaze, draw_light(rng), rng)
    _develop(canvas, rng)
    return canvas.to_image()


def _make(kind: str, rng: Generator) -> Animal:
    if kind == "cat":
        return cat(rng)
    if kind == "dog":
        return dog(rng)
    if kind == "fox":
        return fox(rng)
    return big_cat(kind, rng)


def _pose(animal: Animal, rng: Generator) -> Pose:
    # Ears that stand up need room above; a head without them may fill more of the picture.
    top = min(min(ear.base[1], ear.tip[1]) for ear in animal.ears)
    room = float(np.clip(-0.95 - top, 0, 0.5))
    return Pose(
        x=float(rng.normal(0, 0.055)),
        y=float(rng.normal(-0.02 + 0.36 * room, 0.045)),
        scale=float(rng.uniform(0.58, 0.72) - 0.14 * room),
        yaw=float(np.clip(rng.normal(0, 0.26), -0.6, 0.6)),
        pitch=float(np.clip(rng.normal(0.04, 0.12), -0.25, 0.3)),
        roll=float(rng.normal(0, 0.12)),
    )


def _develop(canvas: Canvas, rng: Generator) -> None:
    # What a camera adds: exposure, contrast, a vignette, grain.
    window = canvas.window()
    assert window is not None
    corner = window.x**2 + window.y**2
    exposure = np.float32(1.14 * rng.uniform(0.90, 1.22))
    rgb: Floats = canvas.rgb * (exposure * (1 - np.float32(rng.uniform(0, 0.14)) * corner))
    rgb -= np.float32(0.05)
    rgb += rng.standard_normal(rgb.shape[1:], dtype=np.float32) * np.float32(0.009)
    # A lens is never perfectly sharp.
    rgb[:, 1:-1] = 0.72 * rgb[:, 1:-1] + 0.14 * (rgb[:, :-2] + rgb[:, 2:])
    rgb[:, :, 1:-1] = 0.72 * rgb[:, :, 1:-1] + 0.14 * (rgb[:, :, :-2] + rgb[:, :, 2:])
    # Highlights roll off instead of clipping.
    bright = np.maximum(rgb - 0.75, 0)
    canvas.rgb = np.minimum(rgb, 0.75) + bright / (1 + 3.5 * bright)
