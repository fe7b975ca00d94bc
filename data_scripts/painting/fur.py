"""Fur: hair along a direction field, on surfaces, across markings and over outlines."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from PIL import Image

from data_scripts.painting.canvas import Canvas, Floats, Window, smoothstep
from data_scripts.painting.noise import streaks


@dataclass(frozen=True)
class Fur:
    """What hair is like.

    Attributes
    ----------
    length
        Length of a hair in picture coordinates.
    thickness
        Thickness of a hair or of a lock in picture coordinates.
    contrast
        How much the hairs differ in brightness.
    shag
        How far hairs reach over an outline or a marking's edge, as a share of their length.
    """

    length: float = 0.09
    thickness: float = 0.016
    contrast: float = 0.10
    shag: float = 0.8


def lay_fur(
    canvas: Canvas,
    window: Window,
    inside: Floats,
    albedo: Floats,
    shade: Floats,
    flow: tuple[Floats, Floats],
    fur: Fur,
    rng: Generator,
) -> Floats:
    """Paint a furry surface onto a canvas.

    Each pixel takes its colour, and whether it is covered at all, from a point towards the root of
    the hair that lies there. Hairs differ in length, so edges come out as a fringe of hair tips.

    Parameters
    ----------
    canvas, window
        Where to paint.
    inside
        Distance from the outline, positive inside, in picture coordinates.
    albedo, shade
        Colour of the hair and light that falls on it, shape (3, rows, columns).
    flow
        Direction in which the hair lies, two arrays; its length shortens the hair.
    fur
        What the hair is like.
    rng
        Source of randomness.

    Returns
    -------
    ndarray
        How much of each pixel was covered, 0 to 1.
    """
    pixel = window.pixel
    flow_x, flow_y = flow
    length, thickness = fur.length / pixel, max(1.5, min(fur.thickness, 0.22 * fur.length) / pixel)
    fine = streaks(rng, flow_x, flow_y, length, thickness)
    locks = _coarse_streaks(rng, flow_x, flow_y, length * 1.6, thickness * 2.5)
    reach = np.clip(0.5 + 0.2 * fine + 0.3 * locks, 0, 1.3) * np.float32(length * fur.shag)
    rows, columns = inside.shape
    row = np.arange(rows, dtype=np.float32)[:, None] - flow_y * reach
    column = np.arange(columns, dtype=np.float32)[None, :] - flow_x * reach
    row, column = np.clip(row, 0, rows - 1.01), np.clip(column, 0, columns - 1.01)
    first_row, first_column = row.astype(np.int32), column.astype(np.int32)
    index = first_row * columns + first_column
    down, right = row - first_row, column - first_column
    # The outline is interpolated, because a step in it would show; the colours need not be.
    depth = inside.ravel()
    upper = depth[index] * (1 - right) + depth[index + 1] * right
    lower = depth[index + columns] * (1 - right) + depth[index + columns + 1] * right
    covered = smoothstep(-1.3 * pixel, 1.3 * pixel, upper + down * (lower - upper))
    grain = 1 + np.float32(fur.contrast) * (0.65 * fine + 0.6 * locks)
    hair = albedo.reshape(3, -1).take(index, axis=1)
    hair *= shade
    hair *= grain
    canvas.lay(window, hair, covered)
    return covered


def _coarse_streaks(
    rng: Generator, flow_x: Floats, flow_y: Floats, length: float, thickness: float
) -> Floats:
    # Thick streaks look the same when they are computed at half the resolution.
    rows, columns = flow_x.shape
    small = streaks(rng, flow_x[::2, ::2], flow_y[::2, ::2], length / 2, thickness / 2)
    large = Image.fromarray(small).resize((columns, rows), Image.Resampling.BILINEAR)
    return np.asarray(large)
