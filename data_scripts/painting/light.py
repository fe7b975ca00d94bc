"""Light: where it comes from, its colours, and how a furry surface takes it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from data_scripts.painting.canvas import Floats


@dataclass(frozen=True)
class Light:
    """A lamp or a sun, and the sky around it.

    Attributes
    ----------
    direction
        Unit vector towards the lamp: right, down, towards the viewer.
    lamp, sky, ground
        Colours that the lamp adds, and that come from above and from below, shape (3,).
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
            float32, about 0.2 to 1.3, shape (rows, columns, 3).
        """
        nx, ny, nz = normal
        dx, dy, dz = (np.float32(d) for d in self.direction)
        # Wrapped: hair scatters light beyond the edge of the shadow.
        direct = np.clip((nx * dx + ny * dy + nz * dz + 0.35) * np.float32(1 / 1.35), 0, 1)
        upward = np.float32(0.5) - np.float32(0.5) * ny
        around = self.ground + upward[..., None] * (self.sky - self.ground)
        open_sky = np.clip(1 - 1.3 * np.maximum(hollow, 0), 0.55, 1)
        if self.rim:
            seam = np.float32(self.rim) * (1 - nz) ** 3 * upward
            direct = direct + seam
        return (direct[..., None] * self.lamp + around) * np.asarray(open_sky)[..., None]
