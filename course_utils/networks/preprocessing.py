"""What happens to a picture between its file and the network: resize, crop, normalise.

The arithmetic has to be the one that the weights were trained with, or the network sees pictures
unlike any that it learned from and quietly gets worse. That is why a
:class:`~course_utils.networks.backbone.Backbone` carries its own :class:`Preprocessing`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

if TYPE_CHECKING:
    import torch

__all__ = ["Preprocessing", "normalise"]

_FILTERS = {
    "nearest": Image.Resampling.NEAREST,
    "bilinear": Image.Resampling.BILINEAR,
    "bicubic": Image.Resampling.BICUBIC,
    "lanczos": Image.Resampling.LANCZOS,
}

# A ribbon of 20,000 x 9 pixels would be resized to 570,000 x 256, which takes 440 MB, and then all
# but its middle would be cut off. Above so many pixels the ends are cut off first; no photograph
# or panorama comes near. Of the ribbon so many times its width is left.
_LARGEST_RESIZED = 2**24
_RIBBON = 20


def _crop_start(length: int, crop: int) -> int:
    """Give the first pixel of a centre crop; negative where black has to be added before it."""
    if crop > length:
        return -((crop - length) // 2)
    # torchvision rounds half to even here, as Python's round does; so must we.
    return round((length - crop) / 2)


@dataclass(frozen=True)
class Preprocessing:
    """Turn a picture into what a network was trained on.

    The picture's shorter side is resized to ``resize`` pixels, its centre is cropped to
    ``input_size``, pixel values are divided by 255, and each colour channel is shifted by ``mean``
    and divided by ``std``. Resizing and cropping give the same pixels as
    ``torchvision.transforms`` does on a PIL image.

    Parameters
    ----------
    input_size : tuple of int
        Height and width that the network takes, in pixels.
    resize : int
        Length of the shorter side before the crop, in pixels.
    mean, std : tuple of float
        For red, green and blue, in units where white is 1.
    interpolation : {"bicubic", "bilinear", "lanczos", "nearest"}
        How pixels are mixed when resizing.
    """

    input_size: tuple[int, int]
    resize: int
    mean: tuple[float, float, float]
    std: tuple[float, float, float]
    interpolation: str = "bilinear"

    def __post_init__(self) -> None:
        if self.interpolation not in _FILTERS:
            raise ValueError(
                f"interpolation={self.interpolation!r} is unknown; choose from {sorted(_FILTERS)}"
            )
        if min(self.input_size) < 1 or self.resize < 1:
            raise ValueError(
                f"input_size={self.input_size} and resize={self.resize} must be at least 1 pixel"
            )
        if min(self.std) <= 0:
            raise ValueError(f"std={self.std} must be positive: channels are divided by it")

    def pixels(self, image: Image.Image) -> np.ndarray:
        """Resize and crop, but do not normalise yet.

        Parameters
        ----------
        image : PIL.Image.Image
            In RGB, of any size.

        Returns
        -------
        numpy.ndarray of uint8, shape (height, width, 3)
        """
        height, width = self.input_size
        if math.prod(self._resized(image.size)) > _LARGEST_RESIZED:
            image = _middle_of_ribbon(image)
        resized = image.resize(self._resized(image.size), _FILTERS[self.interpolation])
        left, top = _crop_start(resized.width, width), _crop_start(resized.height, height)
        return np.asarray(resized.crop((left, top, left + width, top + height)))

    def _resized(self, size: tuple[int, int]) -> tuple[int, int]:
        width, height = size
        if width <= height:
            return self.resize, int(self.resize * height / width)
        return int(self.resize * width / height), self.resize

    def normalise(self, pixels: torch.Tensor) -> torch.Tensor:
        """Turn pixels into the network's input, on whatever device they are.

        Parameters
        ----------
        pixels : torch.Tensor of uint8, shape (n, height, width, 3)

        Returns
        -------
        torch.Tensor of float32, shape (n, 3, height, width)
        """
        mean, std = self.statistics()
        return normalise(pixels, mean.to(pixels.device), std.to(pixels.device))

    def statistics(self) -> tuple[torch.Tensor, torch.Tensor]:
        """Give mean and standard deviation as tensors of float32, shape (1, 3, 1, 1)."""
        import torch

        return torch.tensor(self.mean).view(1, 3, 1, 1), torch.tensor(self.std).view(1, 3, 1, 1)

    def __call__(self, image: Image.Image) -> torch.Tensor:
        """Do all of it to one picture.

        Parameters
        ----------
        image : PIL.Image.Image
            Of any size and mode; anything but RGB is converted.

        Returns
        -------
        torch.Tensor of float32, shape (3, height, width)
        """
        import torch

        pixels = self.pixels(image if image.mode == "RGB" else image.convert("RGB"))
        return self.normalise(torch.from_numpy(pixels.copy())[None])[0].contiguous()


def normalise(pixels: torch.Tensor, mean: torch.Tensor, std: torch.Tensor) -> torch.Tensor:
    """Turn pixels into a network's input.

    Parameters
    ----------
    pixels : torch.Tensor of uint8, shape (n, height, width, 3)
    mean, std : torch.Tensor of float32, shape (1, 3, 1, 1)
        In units where white is 1; on the same device.

    Returns
    -------
    torch.Tensor of float32, shape (n, 3, height, width)
    """
    return (pixels.permute(0, 3, 1, 2).float() / 255 - mean) / std


def _middle_of_ribbon(image: Image.Image) -> Image.Image:
    """Cut off the ends of a long picture, which the crop would cut off later."""
    width, height = image.size
    length = _RIBBON * min(width, height)
    length += (max(width, height) - length) % 2  # as much on one side as on the other
    left, top = max(0, (width - length) // 2), max(0, (height - length) // 2)
    return image.crop((left, top, left + min(width, length), top + min(height, length)))
