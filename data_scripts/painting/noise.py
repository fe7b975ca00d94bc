"""Noise that paint is mixed with: clouds, cells, and the streaks of combed hair."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.random import Generator
from PIL import Image

from data_scripts.painting.canvas import Floats

# Side of the repeating tile of white noise that streaks are drawn from; a power of two, so that
# wrapping around is a bitwise "and".
_TILE = 512
_CELLS = 64


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
    rng: Generator, flow_x: Floats, flow_y: Floats, length: float, thickness: float = 1.5
) -> Floats:
    """Noise smeared along a direction field: line integral convolution, after Cabral & Leedom 1993.

    Noise is averaged along a short straight piece of the field at each pixel, with weights that
    grow towards one end, so that a streak has a root and a tip as a hair has.

    Parameters
    ----------
    rng
        Source of randomness.
    flow_x, flow_y
        Direction in which the hair lies, shape (rows, columns), length 0 to 1.
    length
        Length of a hair in pixels where the field has length 1.
    thickness
        Thickness of a hair in pixels, at least 1.

    Returns
    -------
    ndarray
        float32, mean about 0 and standard deviation about 1, shape (rows, columns).
    """
    tile = _tile(round(thickness * 2) / 2)
    rows, columns = flow_x.shape
    steps = int(np.clip(length / thickness, 4, 9))
    # Positions are whole numbers of 256ths of a pixel: much faster than floating point here.
    step = np.float32(256 * length / steps)
    step_y, step_x = (flow_y * step).astype(np.int32), (flow_x * step).astype(np.int32)
    shift_y, shift_x = rng.integers(0, _TILE, 2, dtype=np.int32)
    y = np.empty((rows, columns), np.int32)
    x = np.empty((rows, columns), np.int32)
    y[:] = ((np.arange(rows, dtype=np.int32) + shift_y) * 256)[:, None]
    x[:] = ((np.arange(columns, dtype=np.int32) + shift_x) * 256)[None, :]
    total = np.zeros((rows, columns), np.float32)
    weights = np.linspace(0.4, 1.0, steps, dtype=np.float32)
    for weight in weights:
        total += weight * tile[((y >> 8) & (_TILE - 1)) * _TILE + ((x >> 8) & (_TILE - 1))]
        y -= step_y
        x -= step_x
    return total * np.float32(1 / np.sqrt(np.sum(weights**2)))


@lru_cache(maxsize=16)
def _tile(thickness: float) -> Floats:
    # The same for every picture: pictures differ in where they start on it. Drawn anew each time,
    # it would cost more than everything that is painted with it.
    side = round(_TILE / thickness)
    rng = np.random.default_rng(1993)
    grains = rng.standard_normal((side, side), dtype=np.float32)
    margin = 4
    wrapped = Image.fromarray(np.pad(grains, margin, mode="wrap"))
    box = (margin, margin, margin + side, margin + side)
    smooth = wrapped.resize((_TILE, _TILE), Image.Resampling.BICUBIC, box=box)
    tile = np.asarray(smooth, dtype=np.float32)
    return (tile / tile.std()).ravel()


def cells(
    rng: Generator, u: Floats, v: Floats, jitter: float = 0.8
) -> tuple[Floats, Floats, Floats]:
    """Cellular noise, after Worley 1996: one point in every unit cell, at a random place in it.

    Parameters
    ----------
    rng
        Source of randomness.
    u, v
        float32 coordinates in which a cell has side 1, shape (rows, columns); the pattern repeats
        after 64 cells.
    jitter
        How far points stray from the middles of their cells: 0 a lattice, 1 anywhere in the cell.

    Returns
    -------
    distance, angle, identity
        Distance to the nearest point (exact up to 0.5), direction to it in radians, and a number in
        [0, 1) that belongs to it; each float32 of shape (rows, columns).
    """
    table = rng.random((_CELLS * _CELLS, 3), dtype=np.float32)
    column, row = np.floor(u - 0.5).astype(np.int32), np.floor(v - 0.5).astype(np.int32)
    best = np.full(u.shape, 9, np.float32)
    best_x, best_y, identity = (np.zeros(u.shape, np.float32) for _ in range(3))
    # The point of a cell farther away than these four is too far away to lie in its mark.
    for down in (0, 1):
        for right in (0, 1):
            index = ((row + down) & (_CELLS - 1)) * _CELLS + ((column + right) & (_CELLS - 1))
            away_x = column + np.float32(right + 0.5 - 0.5 * jitter) - u
            away_x += np.float32(jitter) * table[:, 0][index]
            away_y = row + np.float32(down + 0.5 - 0.5 * jitter) - v
            away_y += np.float32(jitter) * table[:, 1][index]
            square = away_x * away_x + away_y * away_y
            nearer = square < best
            np.copyto(best, square, where=nearer)
            np.copyto(best_x, away_x, where=nearer)
            np.copyto(best_y, away_y, where=nearer)
            np.copyto(identity, table[:, 2][index], where=nearer)
    return np.sqrt(best), np.arctan2(best_y, best_x), identity
