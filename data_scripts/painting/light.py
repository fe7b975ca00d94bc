"""Light: where it comes from, its colours, and how a furry surface takes it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from data_scripts.painting.canvas import Floats, as_colour


@dataclass(frozen=True)
class Light:
    """A lamp or a sun, and the sky around it.

    Attributes
    ----------
    direction
        Unit vector towards the lamp: right, down, towards the viewer.
    lamp, sky, ground
        Colours that the lamp adds, and that come from above and from below, shape (3, 1, 1).
    rim
        Strength of the bright seam along the outline when there is light from behind.
    """

    direction: tuple[float, float, float]
    lamp: Floats
    sky: Floats
    ground: Floats
    rim: float = 0.0

    def shade(self, normal: tuple[Floats, Floats, Floats], hollow: Floats | float = 0.0) -> Floats:
        """Colour of the light that a surface sends back, to multiply its own colour with.

        Parameters
        ----------
        normal
            Outward normal, three arrays of shape (rows, columns).
        hollow
            How much lower the surface lies than its surroundings; hollows are darker.

        Returns
        -------
        ndarray
            float32, about 0.2 to 1.3, shape (3, rows, columns).
        """
        nx, ny, nz = normal
        dx, dy, dz = (np.float32(d) for d in self.direction)
        # Wrapped: hair scatters light beyond the edge of the shadow.
        direct = np.clip((nx * dx + ny * dy + nz * dz + 0.35) * np.float32(1 / 1.35), 0, 1)
        upward = np.float32(0.5) - np.float32(0.5) * ny
        around = self.ground + upward * (self.sky - self.ground)
        open_sky = np.clip(1 - 1.3 * np.maximum(hollow, 0), 0.55, 1)
        if self.rim:
            seam = np.float32(self.rim) * (1 - nz) ** 3 * upward
            direct = direct + seam
        return (direct * self.lamp + around) * np.asarray(open_sky)

    def gloss(self, normal: tuple[Floats, Floats, Floats]) -> Floats:
        """Strength of the mirrored lamp, 0 to 1, on smooth hair; see `shade` (Blinn 1977)."""
        dx, dy, dz = self.direction
        half = np.array([dx, dy, dz + 1]) / np.sqrt(2 + 2 * dz)
        hx, hy, hz = (np.float32(h) for h in half)
        nx, ny, nz = normal
        return np.maximum(nx * hx + ny * hy + nz * hz, 0) ** 14


def draw_light(rng: Generator) -> Light:
    """Draw a light: from above, left or right, warm or cool, hard or soft."""
    direction = np.array([rng.uniform(-0.75, 0.75), rng.uniform(-0.75, -0.25), 0.75])
    x, y, z = (float(d) for d in direction / np.linalg.norm(direction))
    warm = rng.uniform(-0.08, 0.13)
    power, around = rng.uniform(0.4, 0.8), rng.uniform(0.32, 0.55)
    return Light(
        direction=(x, y, z),
        lamp=as_colour([power * (1 + warm), power, power * (1 - 1.2 * warm)]),
        sky=as_colour([around * (1 - 0.6 * warm), around, around * (1 + 0.8 * warm)]),
        ground=as_colour([around * 0.58, around * 0.55, around * 0.5]),
        rim=float(rng.uniform(0.2, 1.5)) if rng.random() < 0.5 else 0.0,
    )
