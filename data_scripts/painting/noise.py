"""Noise that paint is mixed with: clouds, cells, and the streaks of combed hair."""

from __future__ import annotations

import numpy as np
from numpy.random import Generator
from PIL import Image

from data_scripts.painting.canvas import Floats

# Side of the repeating tile of white noise that streaks are drawn from; a power of two, so that
# wrapping around is a bitwise "and".
_TILE = 512


def clouds(rng: Generator, shape: tuple[int, int], cells: float) -> Floats:
    """Smooth noise: a coarse grid of normal values, enlarged bicubically.

    Parameters
    ----------
    rng
        Source of randomness.
    shape
        Rows and columns of the result.
    cells
        How many grid cells the longer side has: more cells, finer clouds.

    Returns
    -------
    ndarray
        float32, roughly mean 0 and standard deviation 0.7.
    """
    longest = max(shape)
    rows, columns = (max(2, round(side / longest * cells) + 1) for side in shape)
    coarse = rng.standard_normal((rows, columns), dtype=np.float32)
    fine = Image.fromarray(coarse).resize((shape[1], shape[0]), Image.Resampling.BICUBIC)
    return np.asarray(fine)


def streaks(
    rng: Generator, flow_x: Floats, flow_y: Floats, length: float, thickness: float = 1.0
) -> Floats:
    """Noise smeared along a direction field: line integral convolution, after Cabral & Leedom 1993.

    White noise is averaged along a short straight piece of the field at each pixel, with weights
    that grow towards one end, so that a streak has a root and a tip as a hair has.

    Parameters
    ----------
    rng
        Source of randomness.
    flow_x, flow_y
        Direction in which the hair lies, shape (rows, columns), length 0 to 1.
    length
        Length of a hair in pixels where the field has length 1.
    thickness
        Thickness of a hair in pixels.

    Returns
    -------
    ndarray
        float32, mean about 0 and standard deviation about 1, shape (rows, columns).
    """
    tile = rng.standard_normal((_TILE, _TILE), dtype=np.float32).ravel()
    shift_row, shift_column = rng.integers(0, _TILE, 2)
    rows, columns = flow_x.shape
    scale = np.float32(1 / thickness)
    y = (np.arange(rows, dtype=np.float32)[:, None] + shift_row + 2 * _TILE) * scale
    x = (np.arange(columns, dtype=np.float32)[None, :] + shift_column + 2 * _TILE) * scale
    steps = max(4, min(16, int(length / thickness)))
    step = np.float32(length / thickness / steps)
    total = np.zeros(flow_x.shape, np.float32)
    weights = np.linspace(0.4, 1.0, steps, dtype=np.float32)
    mask = _TILE - 1
    for k in range(steps):
        row = (y - flow_y * (step * k)).astype(np.int32) & mask
        column = (x - flow_x * (step * k)).astype(np.int32) & mask
        total += weights[k] * tile[(row << 9) | column]
    return total / np.float32(np.sqrt(np.sum(weights**2)))


def cells(
    rng: Generator, u: Floats, v: Floats, jitter: float = 0.8
) -> tuple[Floats, Floats, Floats]:
    """Cellular noise, after Worley 1996: one point in every unit cell, at a random place in it.

    Parameters
    ----------
    rng
        Source of randomness.
    u, v
        Coordinates in which a cell has side 1, shape (rows, columns), within -31 to 31.
    jitter
        How far points stray from the middles of their cells: 0 a lattice, 1 anywhere in the cell.

    Returns
    -------
    distance, angle, identity
        Distance to the nearest point, direction to it in radians, and a number in [0, 1) that
        belongs to it; each float32 of shape (rows, columns).
    """
    table = rng.random((64, 64, 3), dtype=np.float32)
    column, row = np.floor(u).astype(np.int32), np.floor(v).astype(np.int32)
    best = np.full(u.shape, 9, np.float32)
    best_x, best_y, identity = (np.zeros(u.shape, np.float32) for _ in range(3))
    for down in (-1, 0, 1):
        for right in (-1, 0, 1):
            point = table[(row + down) & 63, (column + right) & 63]
            away_x = column + right + 0.5 + jitter * (point[..., 0] - 0.5) - u
            away_y = row + down + 0.5 + jitter * (point[..., 1] - 0.5) - v
            square = away_x * away_x + away_y * away_y
            nearer = square < best
            best = np.where(nearer, square, best)
            best_x = np.where(nearer, away_x, best_x)
            best_y = np.where(nearer, away_y, best_y)
            identity = np.where(nearer, point[..., 2], identity)
    angle = np.arctan2(best_y, best_x).astype(np.float32)
    return np.sqrt(best).astype(np.float32), angle, identity.astype(np.float32)
