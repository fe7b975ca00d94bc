"""Where a head is and which way it looks."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Pose:
    """A head's place, size and turn.

    A head is described in coordinates of its own, in which its skull has a radius of about 1:
    x to the right, y down, z towards the viewer. Depth is dropped when it is drawn (an
    orthographic projection).

    Attributes
    ----------
    x, y
        Middle of the head in picture coordinates.
    scale
        Length of one head unit in picture coordinates.
    yaw, pitch, roll
        Turn of the nose to the right, turn of the nose downwards, and tilt clockwise, in radians.
    """

    x: float
    y: float
    scale: float
    yaw: float = 0.0
    pitch: float = 0.0
    roll: float = 0.0

    @cached_property
    def rotation(self) -> NDArray[np.float64]:
        """Matrix that turns head coordinates into turned coordinates, shape (3, 3)."""
        c, s = np.cos(self.yaw), np.sin(self.yaw)
        turn = np.array([[c, 0, s], [0, 1, 0], [-s, 0, c]])
        c, s = np.cos(self.pitch), np.sin(self.pitch)
        nod = np.array([[1, 0, 0], [0, c, s], [0, -s, c]])
        c, s = np.cos(self.roll), np.sin(self.roll)
        tilt = np.array([[c, -s, 0], [s, c, 0], [0, 0, 1]])
        return tilt @ nod @ turn

    def place(self, point: tuple[float, float, float]) -> NDArray[np.float64]:
        """Take a point of the head to picture coordinates, with its depth as third."""
        turned = self.rotation @ np.asarray(point, np.float64) * self.scale
        return turned + np.array([self.x, self.y, 0.0])
