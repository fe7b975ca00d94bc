"""Networks as their makers hand them over: the course's own, and small ones on a small device.

Nothing in here helps to solve an exercise. The small networks are there so that the checks can see
in milliseconds what a loop does with a network.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

ROOM = 6  # pictures that fit on the small device at a time
ROOM_WITH_GRADIENTS = 2  # what the layers computed has to be kept for gradients
CHANNELS, CLASSES = 7, 4

Picture = NDArray[np.uint8]


def load_network(name: str) -> tuple[Any, Callable[[Picture], Any]]:
    """Load a network, with all of its layers, in training mode, and with gradients on.

    Parameters
    ----------
    name : str
        ``"efficientnet_lite0"``, or a small one: ``"small-1"``, ``"small-2"`` and so on.

    Returns
    -------
    network : torch.nn.Module
        Takes a batch, a tensor of shape (n, 3, height, width); its last layer is called
        ``classifier``.
    prepare : callable
        Makes a tensor of shape (3, height, width) of a picture, an array of shape
        (height, width, 3) and type uint8, as this network wants it.

    Raises
    ------
    ValueError
        When there is no such network.
    """
    if name == "efficientnet_lite0":
        return _efficientnet()
    kind, _, number = name.partition("-")
    if kind != "small" or not number.isdigit():
        raise ValueError(f"no network {name!r}; there are efficientnet_lite0, small-1, small-2 …")
    return _small(int(number))


def small_weights(number: int) -> dict[str, NDArray[np.float32]]:
    """Give the weights of a small network, by name.

    Parameters
    ----------
    number : int
        Which of them.
    """
    rng = np.random.default_rng(number)
    drawn = {
        "colours": rng.normal(0, 1.5, (CHANNELS, 3)),
        "offsets": rng.normal(0, 0.5, CHANNELS),
        "mean": rng.normal(0, 0.4, CHANNELS),
        "variance": rng.uniform(0.5, 2.0, CHANNELS),
        "scale": rng.uniform(0.5, 1.5, CHANNELS),
        "shift": rng.uniform(0.3, 1.0, CHANNELS),
        "classes": rng.normal(0, 1, (CLASSES, CHANNELS)),
        "intercepts": rng.normal(0, 1, CLASSES),
    }
    return {name: values.astype(np.float32) for name, values in drawn.items()}


def _efficientnet() -> tuple[Any, Callable[[Picture], Any]]:
    import torch
    from PIL import Image

    from course_utils import load_backbone

    backbone = load_backbone("efficientnet_lite0")
    network = backbone.network.requires_grad_(True).train()
    # Colours last in memory: twice as fast on processors.
    network = network.to(memory_format=torch.channels_last)
    return network, lambda picture: backbone.transform(Image.fromarray(np.asarray(picture)))


def _small(number: int) -> tuple[Any, Callable[[Picture], Any]]:
    import torch
    from torch import nn

    class Small(nn.Module):
        """Colours mixed, batch normalisation, the average over places, a classifier."""

        def __init__(self) -> None:
            super().__init__()
            self.colours = nn.Conv2d(3, CHANNELS, kernel_size=1)
            self.norm = nn.BatchNorm2d(CHANNELS)
            self.classifier = nn.Linear(CHANNELS, CLASSES)

        def forward(self, batch: torch.Tensor) -> torch.Tensor:
            _refuse_what_does_not_fit(
                len(batch),
                torch.is_grad_enabled() and any(p.requires_grad for p in self.parameters()),
            )
            places = self.norm(self.colours(batch)).relu()
            return self.classifier(places.mean(dim=(2, 3)))

    network = Small()
    weights = {name: torch.tensor(values) for name, values in small_weights(number).items()}
    layers = {
        "colours.weight": "colours",
        "colours.bias": "offsets",
        "norm.running_mean": "mean",
        "norm.running_var": "variance",
        "norm.weight": "scale",
        "norm.bias": "shift",
        "classifier.weight": "classes",
        "classifier.bias": "intercepts",
    }
    state = {layer: weights[name] for layer, name in layers.items()}
    state["colours.weight"] = state["colours.weight"][:, :, None, None]
    network.load_state_dict(state, strict=False)
    return network, _prepare_small


def _prepare_small(picture: Picture) -> Any:
    import torch

    scaled = np.asarray(picture, dtype=np.float32) / 127.5 - 1
    return torch.tensor(scaled).permute(2, 0, 1)


def _refuse_what_does_not_fit(count: int, gradients: bool) -> None:
    if gradients and count > ROOM_WITH_GRADIENTS:
        raise MemoryError(
            f"{count} pictures do not fit on this device while PyTorch keeps what every layer "
            f"computed, in case somebody asks for gradients"
        )
    if count > ROOM:
        raise MemoryError(f"a batch of {count} pictures does not fit on this device")
