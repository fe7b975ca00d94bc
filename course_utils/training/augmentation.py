"""Changing training pictures so that their labels stay true.

Which changes those are, only whoever knows the classes can say: a mirrored cat is a cat, a mirrored
*b* is a *d*.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image

from course_utils.networks.preprocessing import Preprocessing

__all__ = ["Augmentation"]


@dataclass(frozen=True)
class Augmentation:
    """Random changes of pictures, the same ones for the same seed, epoch and picture.

    The changes of a picture depend on nothing else: not on the order of the pictures, the size of
    the batch, or on what was drawn before. That is why a resumed run sees what the killed one would
    have seen.

    Parameters
    ----------
    mirror : bool, default False
        Swap left and right, in half of all cases.
    turn : float, default 0
        Turn by up to so many degrees, either way.
    shift : float, default 0
        Move by up to this share of the side, each way. What comes in from outside repeats the edge.
    zoom : float, default 0
        Enlarge or shrink by up to this share.
    shear : float, default 0
        Slant by up to this share of the height.
    light : float, default 0
        Make brighter or darker, and change the contrast, by up to this share.

    Raises
    ------
    ValueError
        When a number is negative or so large that nothing of the picture may be left.

    Examples
    --------
    >>> Augmentation(mirror=True, shift=0.1)
    Augmentation(mirror=True, turn=0.0, shift=0.1, zoom=0.0, shear=0.0, light=0.0)
    """

    mirror: bool = False
    turn: float = 0.0
    shift: float = 0.0
    zoom: float = 0.0
    shear: float = 0.0
    light: float = 0.0

    def __post_init__(self) -> None:
        most = {"turn": 180.0, "shift": 0.5, "zoom": 0.8, "shear": 1.0, "light": 0.9}
        for name, limit in most.items():
            value = getattr(self, name)
            if not 0 <= value <= limit:
                raise ValueError(f"{name}={value} must be from 0 to {limit:g}")

    def __call__(
        self, pixels: torch.Tensor, pictures: Sequence[int], *, seed: int, epoch: int
    ) -> torch.Tensor:
        """Change a batch.

        Parameters
        ----------
        pixels : torch.Tensor of uint8, shape (n, height, width, 3)
        pictures : sequence of int, length n
            The numbers of the pictures in their set.
        seed, epoch : int

        Returns
        -------
        torch.Tensor of uint8, shape (n, height, width, 3)
        """
        if self == Augmentation():
            return pixels
        drawn = [self._draw(seed, epoch, int(i)) for i in pictures]
        where = torch.from_numpy(np.stack([matrix for matrix, _, _ in drawn])).to(pixels.device)
        light = torch.tensor([row[1:] for row in drawn], device=pixels.device)[:, :, None, None]
        images = pixels.permute(0, 3, 1, 2).float()
        if any((self.mirror, self.turn, self.shift, self.zoom, self.shear)):
            grid = torch.nn.functional.affine_grid(where, list(images.shape), align_corners=False)
            images = torch.nn.functional.grid_sample(
                images, grid, mode="bilinear", padding_mode="border", align_corners=False
            )
        if self.light:
            brightness, contrast = light[:, 0:1], light[:, 1:2]
            mean = images.mean(dim=(1, 2, 3), keepdim=True)
            images = ((images - mean) * contrast + mean) * brightness
        return images.round().clamp(0, 255).byte().permute(0, 2, 3, 1)

    def preview(
        self, picture: Image.Image, transform: Preprocessing, n: int = 8, *, seed: int = 0
    ) -> list[Image.Image]:
        """Show what training would make of one picture, once in each of ``n`` epochs.

        Parameters
        ----------
        picture : PIL.Image.Image
            In RGB.
        transform : Preprocessing
            The network's: changes come after its resizing and cropping.
        n : int
            Number of versions.
        seed : int

        Returns
        -------
        list of PIL.Image.Image
        """
        pixels = torch.from_numpy(transform.pixels(picture).copy())[None]
        versions = [self(pixels, [0], seed=seed, epoch=epoch) for epoch in range(1, n + 1)]
        return [Image.fromarray(version[0].numpy()) for version in versions]

    def settings(self) -> dict[str, float | bool]:
        """Give the settings as plain JSON."""
        return dataclasses.asdict(self)

    def _draw(self, seed: int, epoch: int, i: int) -> tuple[NDArray[np.float32], float, float]:
        """Draw where each pixel of picture ``i`` comes from, its brightness and its contrast."""
        rng = np.random.default_rng([seed, epoch, i])
        # All are drawn, whatever is switched on: one more change leaves the others as they were.
        mirrored, *draws = rng.random(), *rng.uniform(-1, 1, 7)
        turn, right, down, zoom, shear, brightness, contrast = draws
        angle = math.radians(self.turn * turn)
        cos, sin = math.cos(angle), math.sin(angle)
        turned = np.array([[cos, -sin], [sin, cos]])
        slanted = np.array([[1, 2 * self.shear * shear], [0, 1]])
        flipped = np.diag([-1.0 if self.mirror and mirrored < 0.5 else 1.0, 1.0])
        linear = turned @ slanted @ flipped / (1 + self.zoom * zoom)
        # affine_grid measures from -1 to 1, so a whole side is 2.
        moved = 2 * self.shift * np.array([[right], [down]])
        matrix = np.hstack([linear, moved]).astype(np.float32)
        return matrix, 1 + self.light * brightness, 1 + self.light * contrast
