"""Collars, for animals that live with people."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from data_scripts.painting.canvas import Canvas, Floats, Window, colour, mix, smoothstep
from data_scripts.painting.light import Light
from data_scripts.painting.pose import Pose

_BRASS = colour("#d8b24a")


@dataclass(frozen=True)
class Collar:
    """A band around the neck, with or without a tag.

    Attributes
    ----------
    tone
        Colour of the band, shape (3, 1, 1).
    drop
        How far below the middle of the head it lies in front, in head units.
    width
        Half the height of the band in head units.
    tag
        Radius of the tag in head units; 0 for none.
    """

    tone: Floats
    drop: float = 1.12
    width: float = 0.075
    tag: float = 0.1


def paint_collar(
    canvas: Canvas, window: Window, pose: Pose, collar: Collar, covered: Floats, light: Light
) -> None:
    """Paint a collar where a body was painted.

    Parameters
    ----------
    canvas, window, pose, collar, light
        The picture, the part of it to paint, the body's pose, the collar, and the light.
    covered
        How much of each pixel of the window the body covers, shape (rows, columns).
    """
    x = (window.x - np.float32(pose.x)) * np.float32(1 / pose.scale)
    y = (window.y - np.float32(pose.y)) * np.float32(1 / pose.scale)
    cos, sin = np.float32(np.cos(pose.roll)), np.float32(np.sin(pose.roll))
    u, v = cos * x + sin * y, cos * y - sin * x
    soft = window.pixel / pose.scale
    off = v - collar.drop + 0.42 * u * u
    band = smoothstep(collar.width + soft, collar.width - soft, np.abs(off))
    round_ = 1 - 0.45 * (off / collar.width) ** 2 - 0.35 * u * u + 0.25 * light.direction[0] * u
    tone = collar.tone * np.clip(round_, 0.25, 1.2)
    stitch = smoothstep(0.02, 0.0, np.abs(np.abs(off) - collar.width * 0.72))
    tone = mix(tone, tone * 1.35, stitch * 0.5)
    canvas.lay(window, colour("#000000"), smoothstep(0.2, 0.0, np.abs(off)) * 0.35 * covered)
    canvas.lay(window, tone, band * covered)
    if collar.tag:
        du, dv = u / collar.tag, (v - collar.drop - collar.width - collar.tag * 0.8) / collar.tag
        radius = np.hypot(du, dv)
        edge = soft / collar.tag
        lit = 0.75 + 0.35 * smoothstep(0.8, -0.8, dv + du * 0.4)
        shine = smoothstep(0.35, 0.0, np.hypot(du + 0.35, dv + 0.4))
        brass = mix(_BRASS * lit, colour("#fff6d8"), shine)
        brass = mix(brass, _BRASS * 0.55, smoothstep(0.8, 0.9, radius))
        canvas.lay(window, brass, smoothstep(1 + edge, 1 - edge, radius))
