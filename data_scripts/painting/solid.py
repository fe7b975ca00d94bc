"""Solid shapes: ellipsoids that melt into one another, seen from the front."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from data_scripts.painting.canvas import Floats, Window
from data_scripts.painting.pose import Pose

Point = tuple[float, float, float]

_ROUNDING = np.float32(0.02)


@dataclass(frozen=True)
class Blob:
    """An ellipsoid of a head.

    Attributes
    ----------
    centre, radii
        In head coordinates.
    melt
        Width of the seam over which it melts into the blobs before it, in head units.
    mirrored
        Whether there is a second one on the other side of the face.
    """

    centre: Point
    radii: Point
    melt: float = 0.2
    mirrored: bool = False


@dataclass(frozen=True)
class Surface:
    """What is seen of a solid: one point of its surface for each pixel of a window.

    Attributes
    ----------
    inside
        Approximate distance from the outline in picture coordinates, positive inside.
    x, y, z
        The point in the head's own coordinates.
    normal
        Outward normal in the viewer's coordinates, three arrays.
    hollow
        How much lower the surface lies than its surroundings, in head units.
    """

    inside: Floats
    x: Floats
    y: Floats
    z: Floats
    normal: tuple[Floats, Floats, Floats]
    hollow: Floats


def see(window: Window, pose: Pose, blobs: list[Blob]) -> Surface:
    """Look at a heap of blobs.

    Parameters
    ----------
    window
        The pixels to look through.
    pose
        Where the blobs are and how they are turned.
    blobs
        At least one; later blobs melt into earlier ones.
    """
    x = (window.x - np.float32(pose.x)) * np.float32(1 / pose.scale)
    y = (window.y - np.float32(pose.y)) * np.float32(1 / pose.scale)
    height = inside = None
    for blob in blobs:
        for side in (1, -1) if blob.mirrored else (1,):
            centre = (side * blob.centre[0], blob.centre[1], blob.centre[2])
            one_height, one_inside = _front(x, y, pose, centre, blob.radii)
            if height is None or inside is None:
                height, inside = one_height, one_inside
            else:
                height = smooth_max(height, one_height, blob.melt)
                inside = smooth_max(inside, one_inside, blob.melt)
    assert height is not None and inside is not None, "a solid needs at least one blob"
    spacing = np.float32(window.pixel / pose.scale)
    slope_y, slope_x = np.gradient(height, spacing)
    length = 1 / np.sqrt(slope_x**2 + slope_y**2 + 1)
    rotation = pose.rotation.astype(np.float32)
    own_x, own_y, own_z = (
        rotation[0, i] * x + rotation[1, i] * y + rotation[2, i] * height for i in range(3)
    )
    around = _blur(np.maximum(height, -1), 0.12 / float(spacing))
    return Surface(
        inside=inside * np.float32(pose.scale),
        x=own_x,
        y=own_y,
        z=own_z,
        normal=(-slope_x * length, -slope_y * length, length),
        hollow=around - height,
    )


def smooth_max(first: Floats, second: Floats, seam: float) -> Floats:
    """Larger of two, without a crease: the polynomial smooth maximum (Quilez 2013)."""
    overlap = np.maximum(seam - np.abs(first - second), 0)
    return np.maximum(first, second) + overlap * overlap * np.float32(0.25 / seam)


def _front(x: Floats, y: Floats, pose: Pose, centre: Point, radii: Point) -> tuple[Floats, Floats]:
    # The ellipsoid is d' A d = 1 with d the offset from its centre. For a given (x, y) that is a
    # quadratic equation in depth; its larger root is the front. The square root is rounded off
    # where it is infinitely steep, at the outline, and continued outside, so that a smooth maximum
    # has something to melt into and leaves no crease.
    rotation = pose.rotation
    a = (rotation / np.square(radii)) @ rotation.T
    cx, cy, cz = rotation @ np.asarray(centre)
    dx, dy = x - np.float32(cx), y - np.float32(cy)
    a22 = np.float32(a[2, 2])
    b = np.float32(a[0, 2]) * dx + np.float32(a[1, 2]) * dy
    c = (
        np.float32(a[0, 0]) * dx * dx
        + np.float32(2 * a[0, 1]) * dx * dy
        + np.float32(a[1, 1]) * dy * dy
    )
    outline = c - b * b / a22
    gap = 1 - outline
    root = gap / np.sqrt(np.sqrt(gap * gap + _ROUNDING))
    height = np.float32(cz) + root * np.float32(a22**-0.5) - b * np.float32(1 / a22)
    radius = float(np.sqrt(radii[0] * radii[1]))
    inside = (1 - np.sqrt(outline)) * np.float32(radius)
    return height, inside


def _blur(values: Floats, sigma: float) -> Floats:
    from scipy.ndimage import uniform_filter

    width = max(3, int(sigma * 2) | 1)
    return uniform_filter(uniform_filter(values, width, mode="nearest"), width, mode="nearest")
