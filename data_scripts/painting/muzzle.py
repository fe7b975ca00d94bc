"""Nose, mouth and whiskers."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.random import Generator
from PIL import Image, ImageDraw

from data_scripts.painting.canvas import Canvas, Floats, Window, colour, mix, smoothstep
from data_scripts.painting.eyes import local_frame
from data_scripts.painting.light import Light
from data_scripts.painting.pose import Pose
from data_scripts.painting.solid import Point


@dataclass(frozen=True)
class Muzzle:
    """Nose and mouth of a head.

    Attributes
    ----------
    nose
        Middle of the nose's leather, in head coordinates.
    size
        Half the width of the nose in head units; the mouth is measured in it too.
    colour
        Colour of the nose, shape (3, 1, 1).
    shape
        ``"cat"`` (a small triangle) or ``"dog"`` (wide, with nostrils).
    drop
        From the nose down to where the lips part.
    smile
        Half the width of the mouth.
    open
        How far the mouth is open; more than 0 shows the tongue.
    lips
        Colour of the line between the lips, shape (3, 1, 1).
    """

    nose: Point
    size: float
    colour: Floats
    shape: str = "dog"
    drop: float = 1.1
    smile: float = 1.8
    open: float = 0.0
    lips: Floats = field(default_factory=lambda: colour("#1f1212"))


_TONGUE = colour("#e07378")


def paint_muzzle(canvas: Canvas, pose: Pose, muzzle: Muzzle, light: Light) -> None:
    """Paint the mouth, then the nose above it."""
    middle = pose.place(muzzle.nose)
    reach = muzzle.size * pose.scale * (muzzle.smile + muzzle.drop + muzzle.open + 1.5)
    window = canvas.window(*(middle[:2] - reach), *(middle[:2] + reach))
    if window is None:
        return
    u, v, unit = local_frame(window, pose, muzzle.nose, muzzle.size, 0.0, 0.0)
    soft = max(window.pixel / unit, 0.02)
    bow = np.minimum(np.abs(u) / np.float32(muzzle.smile), 1.6)
    lip = muzzle.drop + 0.28 * muzzle.smile * np.sin(np.pi * np.minimum(bow, 1.2)) * (
        1 - 0.35 * bow
    )
    if muzzle.open > 0:
        gape = muzzle.open * np.maximum(1 - bow**2, 0)
        mouth = np.minimum(np.minimum(v - lip, lip + gape - v), 1 - bow)
        canvas.lay(window, muzzle.lips * 0.8, smoothstep(-0.12 - soft, -0.12 + soft, mouth))
        tongue_v = muzzle.drop + muzzle.open * 0.62
        tongue = 1 - np.sqrt((u / 0.78) ** 2 + ((v - tongue_v - 0.25) / (muzzle.open * 0.72)) ** 2)
        tongue = np.minimum(tongue, (v - lip - 0.15) * 0.8)
        tone = _TONGUE * (0.7 + 0.45 * smoothstep(0.0, 0.5, tongue))
        tone = mix(tone, tone * 0.75, smoothstep(0.1, 0.0, np.abs(u)) * 0.6)
        canvas.lay(window, tone, smoothstep(-soft, soft, tongue))
    line = smoothstep(0.10 + soft, 0.02, np.abs(v - lip)) * smoothstep(1.15, 0.9, bow)
    philtrum = smoothstep(0.08 + soft, 0.0, np.abs(u)) * smoothstep(muzzle.drop + 0.05, 0.6, v)
    philtrum *= v > 0.3
    canvas.lay(window, muzzle.lips, np.maximum(line, philtrum * 0.9) * 0.85)
    _paint_nose(canvas, window, u, v, muzzle, light, soft)


def _paint_nose(
    canvas: Canvas, window: Window, u: Floats, v: Floats, muzzle: Muzzle, light: Light, soft: float
) -> None:
    if muzzle.shape == "cat":
        width = 1 - 0.86 * smoothstep(-0.35, 0.8, v)
        inside = np.minimum((width - np.abs(u)) * 0.8, v + 0.5 + 0.12 * u * u)
        inside = np.minimum(inside, 0.72 - v)
        nostril_u, nostril_v, wide, high = 0.46, 0.12, 0.22, 0.10
    else:
        narrow = 1 - 0.22 * smoothstep(-0.1, 0.8, v)
        norm = (np.abs(u / narrow) ** 2.6 + np.abs(v / 0.74) ** 2.6) ** np.float32(1 / 2.6)
        inside = (1 - norm) * 0.75
        nostril_u, nostril_v, wide, high = 0.45, 0.14, 0.26, 0.19
    lit = 0.75 + 0.35 * smoothstep(0.5, -0.6, v) + 0.15 * light.direction[0] * u
    tone = muzzle.colour * lit
    nostril = np.sqrt(((np.abs(u) - nostril_u) / wide) ** 2 + ((v - nostril_v) / high) ** 2)
    tone = mix(tone, muzzle.colour * 0.18, smoothstep(1.3, 0.7, nostril))
    groove = smoothstep(0.1, 0.0, np.abs(u)) * smoothstep(-0.2, 0.4, v)
    tone = mix(tone, muzzle.colour * 0.4, groove * 0.7)
    strength = 0.75 if muzzle.shape == "dog" else 0.3
    shine_u = (u - light.direction[0] * 0.3) / 0.42
    shine = np.sqrt(shine_u**2 + ((v + 0.38) / 0.15) ** 2)
    tone = mix(tone, light.sky * 0.3 + 0.65, smoothstep(1.4, 0.2, shine) * strength)
    canvas.lay(window, colour("#000000"), smoothstep(-0.22, 0.1, inside) * 0.35)
    canvas.lay(window, tone, smoothstep(-soft, soft, inside))


def paint_whiskers(
    canvas: Canvas,
    pose: Pose,
    root: Point,
    length: float,
    number: int,
    tone: Floats,
    rng: Generator,
) -> None:
    """Paint whiskers on both sides of a muzzle.

    Parameters
    ----------
    canvas, pose, rng
        The picture, where the head is, and the source of randomness.
    root
        Middle of the right whisker pad, in head coordinates.
    length
        Length of the longest whiskers in head units.
    number
        Whiskers on each side.
    tone
        Their colour, shape (3, 1, 1).
    """
    fine = 3
    width = canvas.size * fine
    picture = Image.new("L", (width, width))
    pen = ImageDraw.Draw(picture)
    t = np.linspace(0, 1, 14)[:, None]
    for side in (1, -1):
        for k in range(number):
            share = k / max(number - 1, 1)
            start = np.array(root) + np.array(
                [
                    rng.uniform(-0.07, 0.07),
                    (share - 0.5) * 0.24,
                    rng.uniform(-0.05, 0.05),
                ]
            )
            reach = length * rng.uniform(0.6, 1.0)
            rise = (share - 0.45) * 0.7 + rng.normal(0, 0.08)
            middle = start + np.array([reach * 0.55, reach * rise * 0.5 - 0.06, -0.05])
            end = start + np.array([reach, reach * rise + rng.uniform(0.0, 0.22), -0.3])
            points = [pose.place((side * p[0], p[1], p[2]))[:2] for p in (start, middle, end)]
            curve = (1 - t) ** 2 * points[0] + 2 * t * (1 - t) * points[1] + t**2 * points[2]
            pixels = (curve + 1) * (width / 2)
            split = 9
            thick = max(1, round(width / 256))
            pen.line([tuple(p) for p in pixels[:split]], fill=230, width=thick)
            pen.line([tuple(p) for p in pixels[split - 1 :]], fill=130, width=max(1, thick - 1))
    small = picture.reduce(fine)
    alpha = np.asarray(small, dtype=np.float32) * np.float32(0.8 / 255)
    window = canvas.window()
    assert window is not None
    canvas.lay(window, tone, alpha)
