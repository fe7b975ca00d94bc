"""An animal as its parts, and the order in which they are painted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.random import Generator

from data_scripts.painting.canvas import Canvas, Floats, smoothstep
from data_scripts.painting.collar import Collar, paint_collar
from data_scripts.painting.ears import Ear, paint_ear
from data_scripts.painting.eyes import Eye, paint_eye
from data_scripts.painting.fur import Fur, lay_fur
from data_scripts.painting.light import Light
from data_scripts.painting.muzzle import Muzzle, paint_muzzle, paint_whiskers
from data_scripts.painting.noise import clouds
from data_scripts.painting.pose import Pose
from data_scripts.painting.solid import Blob, Point, Surface, see

# Colours of a surface's hair, given where its points lie on the animal: shape (3, rows, columns).
Coat = Callable[[Surface, Generator], Floats]


@dataclass(frozen=True)
class Whiskers:
    """Whiskers: see `data_scripts.painting.muzzle.paint_whiskers`."""

    root: Point
    length: float
    number: int
    tone: Floats


@dataclass(frozen=True)
class Animal:
    """Everything that is particular to one animal.

    Attributes
    ----------
    head, body
        Shapes, both in head coordinates; the body does not turn with the head.
    coat, body_coat
        Markings of the head and of the body.
    fur, body_fur
        What the hair is like.
    ears, eye, muzzle, whiskers
        The features of its face.
    hair_from
        Point of the face that the hair grows away from: the nose.
    hang
        How much its hair hangs down instead of growing away from the nose.
    gloss
        How strongly short, smooth hair shines.
    collar
        What it wears, if anything.
    mane
        Colour of its mane, if it has one.
    """

    head: list[Blob]
    coat: Coat
    fur: Fur
    ears: list[Ear]
    eye: Eye
    muzzle: Muzzle
    hair_from: Point
    body: list[Blob]
    body_coat: Coat
    hang: float = 0.25
    gloss: float = 0.0
    body_fur: Fur = field(default_factory=lambda: Fur(length=0.14, contrast=0.1))
    whiskers: Whiskers | None = None
    collar: Collar | None = None
    mane: Floats | None = None


def paint(
    canvas: Canvas,
    animal: Animal,
    pose: Pose,
    gaze: tuple[float, float],
    light: Light,
    rng: Generator,
) -> None:
    """Paint an animal onto a canvas, from the back to the front.

    Parameters
    ----------
    canvas
        Has the background already.
    animal
        What to paint.
    pose
        Where its head is and which way it looks.
    gaze
        Where its eyes look, relative to the head: right and down, about -0.3 to 0.3.
    light
        What light falls on it.
    rng
        Source of randomness, for the hair.
    """
    _paint_body(canvas, animal, pose, light, rng)
    if animal.mane is not None:
        _paint_mane(canvas, animal.mane, pose, light, rng)
    ears = [(ear, side) for ear in animal.ears for side in (1, -1)]
    # On the far side of a turned head, a hanging ear goes behind the cheek.
    front = [(ear, side) for ear, side in ears if ear.in_front and side * pose.yaw < 0.12]
    for ear, side in ears:
        if (ear, side) not in front:
            paint_ear(canvas, pose, ear, side, light, rng)
    _paint_head(canvas, animal, pose, light, rng)
    for side in (1, -1):
        paint_eye(canvas, pose, animal.eye, side, gaze, light, rng)
    paint_muzzle(canvas, pose, animal.muzzle, light)
    for ear, side in front:
        paint_ear(canvas, pose, ear, side, light, rng)
    if animal.whiskers is not None:
        w = animal.whiskers
        paint_whiskers(canvas, pose, w.root, w.length, w.number, w.tone, rng)


def _paint_head(canvas: Canvas, animal: Animal, pose: Pose, light: Light, rng: Generator) -> None:
    # A turned head needs no more room than an upright one: its blobs are about as wide as deep.
    reach = 1.4 * pose.scale
    window = canvas.window(
        pose.x - reach, pose.y - 1.25 * pose.scale, pose.x + reach, pose.y + 1.55 * pose.scale
    )
    if window is None:
        return
    surface = see(window, pose, animal.head)
    # Hair grows away from the nose along the surface, and hangs a little.
    away = [
        axis - np.float32(origin)
        for axis, origin in zip((surface.x, surface.y, surface.z), animal.hair_from, strict=True)
    ]
    away[1] = away[1] + np.float32(animal.hang)
    turn = pose.rotation.astype(np.float32)
    vx, vy, vz = (
        turn[i, 0] * away[0] + turn[i, 1] * away[1] + turn[i, 2] * away[2] for i in range(3)
    )
    nx, ny, nz = surface.normal
    lift = vx * nx + vy * ny + vz * nz
    vx, vy = vx - lift * nx, vy - lift * ny
    norm = 1.15 / np.sqrt(vx * vx + vy * vy + 0.4)
    albedo = animal.coat(surface, rng)
    shade = light.shade(surface.normal, surface.hollow)
    if animal.gloss:
        shade = shade + np.float32(animal.gloss) * light.gloss(surface.normal) / (albedo + 0.1)
    lay_fur(canvas, window, surface.inside, albedo, shade, (vx * norm, vy * norm), animal.fur, rng)


def _paint_body(canvas: Canvas, animal: Animal, pose: Pose, light: Light, rng: Generator) -> None:
    upright = Pose(pose.x, pose.y, pose.scale, yaw=pose.yaw * 0.3, roll=float(rng.normal(0, 0.14)))
    window = canvas.window(top=pose.y - 0.1 * pose.scale)
    if window is None:
        return
    surface = see(window, upright, animal.body)
    albedo = animal.body_coat(surface, rng)
    # The head throws a soft shadow on the chest.
    u = (window.x - np.float32(pose.x)) * np.float32(1 / pose.scale)
    v = (window.y - np.float32(pose.y)) * np.float32(1 / pose.scale)
    shadow = 1 - 0.5 * smoothstep(1.25, 0.75, np.sqrt(0.8 * u * u + (v - 0.4) ** 2))
    shade = light.shade(surface.normal, surface.hollow) * shadow
    flow = (0.45 * u, np.full_like(u, 0.85))
    covered = lay_fur(canvas, window, surface.inside, albedo, shade, flow, animal.body_fur, rng)
    if animal.collar is not None:
        paint_collar(canvas, window, upright, animal.collar, covered, light)


def _paint_mane(canvas: Canvas, tone: Floats, pose: Pose, light: Light, rng: Generator) -> None:
    window = canvas.window()
    assert window is not None
    blobs = [
        Blob((0, 0.12, -0.5), (1.28, 1.22, 0.5)),
        Blob((0, 0.95, -0.45), (1.05, 0.95, 0.45), 0.6),
    ]
    surface = see(window, pose, blobs)
    u, v = surface.x, surface.y - np.float32(0.1)
    radius = np.sqrt(u * u + v * v)
    # Pale at the face, dark at the tips.
    albedo = tone * (1.35 - 0.6 * smoothstep(0.8, 1.5, radius) + 0.1 * clouds(rng, u.shape, 12))
    norm = 1 / np.maximum(radius, 0.3)
    hair = Fur(length=0.16, thickness=0.014, contrast=0.16, shag=0.8)
    shade = light.shade(surface.normal, surface.hollow)
    flow = (u * norm, v * norm)
    lay_fur(canvas, window, surface.inside, albedo, shade, flow, hair, rng)
