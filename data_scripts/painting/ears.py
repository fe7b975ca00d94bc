"""Ears: pricked, rounded or hanging."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.random import Generator

from data_scripts.painting.canvas import Canvas, Floats, mix, smoothstep
from data_scripts.painting.fur import Fur, lay_fur
from data_scripts.painting.light import Light
from data_scripts.painting.pose import Pose
from data_scripts.painting.solid import Point


@dataclass(frozen=True)
class Ear:
    """The right ear of a head; the left one mirrors it.

    Attributes
    ----------
    base, tip
        Middle of its root and its end, in head coordinates.
    width
        Half its width at the root, in head units.
    outside, inside, edge
        Colours of its back, of its hollow and of its rim, shape (3, 1, 1).
    shape
        ``"pricked"`` (a triangle), ``"rounded"``, or one whose back is seen: ``"hanging"`` or
        ``"flap"`` (the folded end of a standing ear).
    bend
        How far the middle of the ear bulges outwards, in head units.
    in_front
        Whether it lies over the head.
    tuft
        How much pale hair grows in its hollow, 0 to 1.
    fur
        What its hair is like.
    """

    base: Point
    tip: Point
    width: float
    outside: Floats
    inside: Floats
    edge: Floats
    shape: str = "pricked"
    bend: float = 0.0
    in_front: bool = False
    tuft: float = 0.6
    fur: Fur = field(default_factory=lambda: Fur(length=0.045, contrast=0.09, shag=0.6))


def paint_ear(
    canvas: Canvas, pose: Pose, ear: Ear, side: int, light: Light, rng: Generator
) -> None:
    """Paint one ear.

    Parameters
    ----------
    canvas, pose, ear, light, rng
        The picture, where the head is, the ear, the light, and the source of randomness.
    side
        1 for the ear on the right of the picture, -1 for its mirror image.
    """
    base = pose.place((side * ear.base[0], ear.base[1], ear.base[2]))
    tip = pose.place((side * ear.tip[0], ear.tip[1], ear.tip[2]))
    axis = tip[:2] - base[:2]
    length = float(np.hypot(*axis))
    along_x, along_y = (float(a) / length for a in axis)
    # An ear turned away shows less of its width.
    facing = float(np.clip(np.cos(pose.yaw + side * 0.35), 0.45, 1))
    width = ear.width * pose.scale * facing
    reach = width + abs(ear.bend) * pose.scale + 0.1
    window = canvas.window(
        min(base[0], tip[0]) - reach,
        min(base[1], tip[1]) - reach,
        max(base[0], tip[0]) + reach,
        max(base[1], tip[1]) + reach,
    )
    if window is None:
        return
    dx, dy = window.x - np.float32(base[0]), window.y - np.float32(base[1])
    s = (dx * along_x + dy * along_y).astype(np.float32) / np.float32(length)
    bulge = np.float32(side * ear.bend * pose.scale) * 4 * s * (1 - s)
    across = (dx * -along_y + dy * along_x).astype(np.float32) * (1 if along_y < 0 else -1)
    t = (across - bulge) / np.float32(width)
    profile = _profile(ear.shape, s)
    steepness = np.float32(1 / np.hypot(1.0, width / length))
    inside = (profile - np.abs(t)) * np.float32(width) * steepness
    inside = np.minimum(inside, (1 - s) * np.float32(length))
    root = 0.12 if ear.shape in ("hanging", "flap") else 0.35
    inside = np.minimum(inside, (s + root) * np.float32(length))
    albedo, bowl = _colours(ear, s, t, profile, side)
    # A hanging ear bulges towards the viewer, a pricked one is a bowl.
    curve = (1.0 if ear.shape in ("hanging", "flap") else -0.8) * np.clip(
        t / np.maximum(profile, 0.2), -1, 1
    )
    curve = curve * 0.75
    normal_x, normal_y = curve * -along_y, curve * along_x
    if along_y >= 0:
        normal_x, normal_y = -normal_x, -normal_y
    normal_z = np.sqrt(np.maximum(1 - normal_x**2 - normal_y**2, 0.05))
    shade = light.shade(
        (normal_x.astype(np.float32), normal_y.astype(np.float32), normal_z.astype(np.float32)),
        bowl * 0.1,
    )
    spread = np.clip(t, -1, 1) * 0.35 * (1 if along_y < 0 else -1)
    flow_x = (along_x - along_y * spread).astype(np.float32)
    flow_y = (along_y + along_x * spread).astype(np.float32)
    lay_fur(canvas, window, inside, albedo, shade, (flow_x, flow_y), ear.fur, rng)


def _profile(shape: str, s: Floats) -> Floats:
    # Half the width at each place along the axis, relative to the root.
    s = np.clip(s, -0.4, 1)
    if shape == "pricked":
        return np.power(np.maximum(1 - s, 0), 0.8) * (1 + 0.35 * np.maximum(s, 0))
    if shape == "rounded":
        return np.sqrt(np.maximum(1 - np.maximum(s, 0) ** 2.4, 0)) * (1 + 0.2 * np.maximum(s, 0))
    if shape == "flap":
        return (1.0 - 0.75 * np.maximum(s, 0)) * np.sqrt(np.maximum(1 - np.maximum(s, 0) ** 4, 0))
    # A rounded shoulder, then wider towards a rounded end.
    return np.sqrt(np.maximum(1 - ((s - 0.44) / 0.56) ** 4, 0)) * (0.8 + 0.35 * s)


def _colours(ear: Ear, s: Floats, t: Floats, profile: Floats, side: int) -> tuple[Floats, Floats]:
    if ear.shape in ("hanging", "flap"):
        darker = smoothstep(0.2, 1.1, s) * 0.25
        return mix(ear.outside, ear.outside * 0.8, darker), np.zeros_like(s)
    share = np.abs(t + side * 0.06) / np.maximum(profile, 0.05)
    bowl = smoothstep(0.82, 0.6, share) * smoothstep(0.92, 0.7, s)
    depth = bowl * smoothstep(0.75, 0.0, s)
    hollow = mix(ear.inside, ear.inside * 0.7, depth)
    rim = mix(ear.outside, ear.edge, smoothstep(0.7, 0.9, share))
    albedo = rim + bowl * (hollow - rim)
    # Pale hair grows from the inner edge of the hollow, in locks.
    inner = smoothstep(0.1, -0.75, t * side) * bowl * np.float32(ear.tuft)
    return mix(albedo, ear.inside * 0.4 + 0.55, inner * smoothstep(0.95, 0.3, s)), bowl
