"""Fur: hair along a direction field, on surfaces, across markings and over outlines."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

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
    thickness: float = 0.010
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
        Colour of the hair and light that falls on it, shape (rows, columns, 3).
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
    length, thickness = fur.length / pixel, max(1.0, fur.thickness / pixel)
    fine = streaks(rng, flow_x, flow_y, length, max(1.0, thickness * 0.5))
    locks = streaks(rng, flow_x, flow_y, length * 1.6, thickness * 2.2)
    reach = np.clip(0.5 + 0.28 * fine + 0.3 * locks, 0, 1.4) * np.float32(length * fur.shag)
    rows, columns = inside.shape
    row = np.arange(rows, dtype=np.float32)[:, None] - flow_y * reach
    column = np.arange(columns, dtype=np.float32)[None, :] - flow_x * reach
    index = (np.clip(row, 0, rows - 1) + 0.5).astype(np.int32) * columns
    index += (np.clip(column, 0, columns - 1) + 0.5).astype(np.int32)
    hair = albedo.reshape(-1, 3)[index]
    covered = smoothstep(-1.2 * pixel, 1.2 * pixel, inside.ravel()[index])
    grain = 1 + np.float32(fur.contrast) * (0.65 * fine + 0.6 * locks)
    canvas.lay(window, hair * shade * grain[..., None], covered)
    return covered
