"""Markings: masks between 0 and 1 on the surface of a head."""

from __future__ import annotations

import numpy as np
from numpy.random import Generator

from data_scripts.painting.canvas import Floats, smoothstep
from data_scripts.painting.noise import cells, clouds
from data_scripts.painting.solid import Point, Surface


def patch(surface: Surface, centre: Point, radii: Point, soft: float = 0.3) -> Floats:
    """Soft ellipsoidal patch.

    Parameters
    ----------
    surface
        What is seen of the head.
    centre, radii
        In head coordinates.
    soft
        Width of the edge as a share of the radius.
    """
    distance = np.sqrt(
        ((surface.x - centre[0]) / radii[0]) ** 2
        + ((surface.y - centre[1]) / radii[1]) ** 2
        + ((surface.z - centre[2]) / radii[2]) ** 2
    )
    return smoothstep(1 + soft, 1 - soft, distance)


def pair(surface: Surface, centre: Point, radii: Point, soft: float = 0.3) -> Floats:
    """Two patches that mirror each other."""
    distance = np.sqrt(
        ((np.abs(surface.x) - centre[0]) / radii[0]) ** 2
        + ((surface.y - centre[1]) / radii[1]) ** 2
        + ((surface.z - centre[2]) / radii[2]) ** 2
    )
    return smoothstep(1 + soft, 1 - soft, distance)


def tabby(surface: Surface, rng: Generator) -> Floats:
    """Stripes of a mackerel tabby: an M on the forehead, bars on the cheeks."""
    x, y = np.abs(surface.x), surface.y
    wobble = 0.35 * clouds(rng, x.shape, 7)
    forehead = smoothstep(-0.12, -0.3, y)
    upright = np.sin(x * rng.uniform(15, 19) + 0.8 * np.maximum(-y, 0) + wobble * 1.5 + 1.4)
    cheek = smoothstep(0.36, 0.55, x) * smoothstep(-0.25, 0.05, y)
    bars = np.sin((y * 1.2 - x * 0.75) * rng.uniform(12, 15) + wobble * 2)
    eyeline = smoothstep(0.1, 0.03, np.abs(y - 0.03 - 0.28 * (x - 0.55))) * smoothstep(0.5, 0.65, x)
    lines = forehead * smoothstep(-0.05, 0.65, upright) + cheek * smoothstep(0.1, 0.7, bars)
    return np.clip(np.maximum(lines, eyeline), 0, 1)


def rosettes(
    surface: Surface, rng: Generator, per_unit: float, solid: float = 0.35
) -> tuple[Floats, Floats]:
    """Spots that open into rosettes away from the muzzle.

    Parameters
    ----------
    surface, rng
        What is seen of the animal, and the source of randomness.
    per_unit
        Cells in a head unit.
    solid
        Share of spots that stay solid where rosettes are largest.

    Returns
    -------
    marks, centres
        Masks of the dark marks and of the rosettes' darker middles.
    """
    wobble = 0.10 * clouds(rng, surface.x.shape, 14)
    around = np.arctan2(surface.x, np.maximum(surface.z + 1.2, 0.2)) * 1.5
    away = np.sqrt(surface.x**2 + (surface.y - 0.35) ** 2)
    density = per_unit
    distance, angle, identity = cells(
        rng, around * density + wobble, surface.y * density + wobble, 0.75
    )
    size = 0.20 + 0.16 * smoothstep(0.2, 1.1, away) + 0.1 * (identity - 0.5)
    spot = smoothstep(0.07, -0.03, distance - size)
    opens = smoothstep(0.75, 1.1, away) * (identity > solid)
    gaps = smoothstep(0.25, 0.75, np.sin(angle * 3 + identity * 40))
    hole = smoothstep(-0.06, -0.16, distance - size)
    marks = spot * (1 - opens * hole) * (1 - opens * 0.75 * gaps)
    return marks, hole * opens


def tiger_stripes(surface: Surface, rng: Generator) -> Floats:
    """Stripes of a tiger: arcs over the forehead, bars on the cheeks, nothing on the muzzle."""
    x, y = np.abs(surface.x), surface.y
    wobble = clouds(rng, x.shape, 6)
    arcs = np.sin(17 * np.sqrt(0.45 * x * x + (y - 0.25) ** 2) + 1.1 * wobble)
    forehead = smoothstep(-0.28, -0.42, y) * smoothstep(0.25, 0.6, arcs)
    # Arcs are broken in the middle and at the sides.
    forehead *= smoothstep(0.02, 0.07, x) * smoothstep(0.75, 0.5, x)
    bars = np.sin(13 * (y * 0.8 - x * 0.9) + 1.3 * wobble)
    cheek = smoothstep(0.52, 0.68, x + 0.08 * wobble) * smoothstep(0.2, 0.6, bars)
    return np.clip(forehead + cheek, 0, 1)
