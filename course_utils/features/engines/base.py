"""What all engines have in common, and what they are checked against."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from course_utils.features.engines.choosing import EngineChoice
from course_utils.networks.layers import TruncatedNetwork
from course_utils.networks.preprocessing import Preprocessing, normalise

__all__ = ["TOLERANCE", "Engine", "PixelNetwork", "disagreement"]

# Largest difference from plain float32, relative to the length of a picture's feature vector. Two
# engines in float32 differ by 1e-6 or so; bf16, on 300 photographs and as many paintings, by 0.03
# to 0.07 (median to largest) in EfficientNet-Lite0 and by 0.04 to 0.28 in Lite2, the most sensitive
# network tried. A forgotten normalisation differs by 0.24 and more, red exchanged with blue by 0.35
# (unless a picture is gray), height exchanged with width or the next picture's row by 0.64.
TOLERANCE = {"fp32": 1e-3, "bf16": 0.15, "fp16": 0.05}
"""How far rows may be from float32 torch, as a share of their length."""


class PixelNetwork(nn.Module):
    """A network from uint8 pixels to the output of one layer: normalising happens inside.

    Parameters
    ----------
    truncated : TruncatedNetwork
        The network up to its layer.
    transform : Preprocessing
        Its normalisation is used; pictures are resized and cropped before.
    """

    mean: torch.Tensor
    std: torch.Tensor

    def __init__(self, truncated: TruncatedNetwork, transform: Preprocessing) -> None:
        super().__init__()
        self.truncated = truncated
        self.transform = transform
        # Buffers travel to the GPU once, with the network, and not with every batch.
        mean, std = transform.statistics()
        self.register_buffer("mean", mean, persistent=False)
        self.register_buffer("std", std, persistent=False)

    def forward(self, pixels: torch.Tensor) -> torch.Tensor:
        """Compute (n, d) float32 from (n, height, width, 3) uint8."""
        return self.truncated(normalise(pixels, self.mean, self.std))


class Engine(ABC):
    """Computes rows from batches of pixels; several batches may be under way at once.

    Every batch has the same shape, so that a picture's features cannot depend on how many others
    happen to be left at the end: a short batch is filled up, and the extra rows are dropped.

    Attributes
    ----------
    choice : EngineChoice
    batch_size : int
        Pictures that go through at once.
    in_flight : int
        Batches that may be started before the first is fetched.
    """

    choice: EngineChoice
    batch_size: int
    in_flight: int = 1

    @property
    def is_plain(self) -> bool:
        """Whether it is what other engines are checked against."""
        return (self.choice.engine, self.choice.precision) == ("torch", "fp32") and (
            self.choice.device == "cpu"
        )

    @abstractmethod
    def resized(self, batch_size: int) -> Engine:
        """Give an engine for another batch size; this one may no longer be used."""

    def start(self, pixels: NDArray[np.uint8]) -> Any:
        """Begin to compute a batch.

        Parameters
        ----------
        pixels : numpy.ndarray of uint8, shape (n, height, width, 3), n at most ``batch_size``

        Returns
        -------
        object
            To be given to :meth:`finish`, in the same order.
        """
        missing = self.batch_size - len(pixels)
        full = np.concatenate([pixels, np.repeat(pixels[-1:], missing, axis=0)])
        return len(pixels), self._start(full if missing else pixels)

    def finish(self, started: Any) -> NDArray[np.float32]:
        """Wait for a batch that was started, and give its rows, shape (n, d)."""
        n, handle = started
        return np.array(self._finish(handle)[:n], dtype=np.float32)

    def compute(self, pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Start a batch and wait for it."""
        return self.finish(self.start(pixels))

    @abstractmethod
    def _start(self, pixels: NDArray[np.uint8]) -> Any: ...

    @abstractmethod
    def _finish(self, handle: Any) -> NDArray[np.float32]: ...


def disagreement(engine: Engine, network: PixelNetwork, pixels: NDArray[np.uint8]) -> float:
    """Measure how far an engine is from plain float32 torch.

    Parameters
    ----------
    engine : Engine
    network : PixelNetwork
        The same network, on the processor, in float32.
    pixels : numpy.ndarray of uint8, shape (n, height, width, 3)
        A few pictures.

    Returns
    -------
    float
        The largest of the pictures' relative differences; infinite when a number is not finite.
    """
    with torch.inference_mode():
        expected = network(torch.from_numpy(pixels)).double().numpy()
    found = np.concatenate(
        [
            engine.compute(pixels[i : i + engine.batch_size])
            for i in range(0, len(pixels), engine.batch_size)
        ]
    ).astype(np.float64)
    length = np.maximum(np.linalg.norm(expected, axis=1), np.finfo(np.float32).tiny)
    difference = np.linalg.norm(found - expected, axis=1) / length
    return float(difference.max()) if np.isfinite(difference).all() else float("inf")
