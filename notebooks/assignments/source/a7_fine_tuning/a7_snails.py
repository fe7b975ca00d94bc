"""The snails, drawn on photographs of the ground, and the network that is to tell them apart.

Nothing in here helps to solve an exercise.
"""

from __future__ import annotations

import copy
import dataclasses
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

if TYPE_CHECKING:
    from course_utils import Backbone

SIDE = 32
"""Height and width of a picture, in pixels."""

_SHELLS = np.array([[205, 170, 105], [165, 115, 75], [215, 195, 150], [180, 135, 100]])
_FINE = 3  # drawn so many times larger, then made smaller: edges come out smooth


def snails(sides: list[str], seed: int) -> NDArray[np.uint8]:
    """Draw a snail for each of some labels, all of them different.

    Parameters
    ----------
    sides : list of str, length n
        ``"right"`` for a shell that winds to the right, as nearly all do; ``"left"`` for a king's.
    seed : int
        Which snails.

    Returns
    -------
    ndarray of uint8, shape (n, 32, 32, 3)
    """
    rng = np.random.default_rng(seed)
    return np.stack([_snail(side, rng) for side in sides])


@cache
def _grounds() -> tuple[Image.Image, ...]:
    from skimage import data

    tints = {data.brick: (1.0, 0.8, 0.7), data.grass: (0.75, 1.0, 0.55), data.gravel: (1, 1, 0.95)}
    return tuple(
        Image.fromarray((picture()[:, :, np.newaxis] * np.array(tint)).astype(np.uint8))
        for picture, tint in tints.items()
    )


def _snail(side: str, rng: np.random.Generator) -> NDArray[np.uint8]:
    canvas = _some_ground(rng)
    pen = ImageDraw.Draw(canvas)
    size = _FINE * rng.uniform(9, 11.5)
    middle = _FINE * (SIDE / 2 + rng.uniform(-2, 2, 2))
    begins = rng.uniform(0, 2 * np.pi)
    # To the right: seen from above, from the tip outwards, clockwise. y goes down on a screen.
    way = {"right": 1, "left": -1}[side]

    def disc(angle: float, distance: float, radius: float, colour: NDArray[np.float64]) -> None:
        place = middle + size * distance * np.array([np.cos(angle), np.sin(angle)])
        box = [*(place - size * radius), *(place + size * radius)]
        pen.ellipse(box, fill=tuple(np.clip(colour, 0, 255).astype(int).tolist()))

    # The foot leaves the shell's mouth in the direction in which the shell has grown.
    skin = rng.uniform(80, 150) * rng.uniform([0.9, 0.85, 0.75], [1.0, 0.95, 0.85])
    for ahead in np.linspace(-0.6, 1.3, 16):
        angle = begins + way * np.arctan2(ahead, 0.6)
        disc(angle, np.hypot(ahead, 0.6), 0.34 - 0.12 * max(ahead, 0), skin)
    # The shell, from its mouth inwards: what is drawn later lies on top.
    shell = rng.uniform(0.75, 1.15) * _SHELLS[rng.integers(len(_SHELLS))]
    for turned in np.linspace(0, 4.5 * np.pi, 80):
        angle, small = begins - way * turned, np.exp(-0.17 * turned)
        light = 0.9 + 0.2 * np.cos(angle + 2.2)
        disc(angle, 0.66 * small, 0.49 * small, 0.4 * shell)
        disc(angle, 0.58 * small, 0.46 * small, shell * light)
    return np.asarray(canvas.resize((SIDE, SIDE), Image.Resampling.BOX))


def _some_ground(rng: np.random.Generator) -> Image.Image:
    ground = _grounds()[rng.integers(3)]
    left, top = rng.integers(0, 512 - 2 * SIDE, 2)
    part = ground.crop((left, top, left + 2 * SIDE, top + 2 * SIDE))
    dim = rng.uniform(0.6, 1.0)
    return part.point(lambda level: int(level * dim)).resize((_FINE * SIDE,) * 2)


def first_blocks(backbone: Backbone, n_blocks: int = 4) -> Backbone:
    """Keep the first blocks of a network, and let a new last layer tell left from right.

    Parameters
    ----------
    backbone : Backbone
        An EfficientNet, with pictures of any size; it stays as it is.
    n_blocks : int, default 4
        How many of its seven blocks to keep.

    Returns
    -------
    Backbone
        For pictures of 32 pixels. All but its head is frozen.
    """
    import torch

    from course_utils.training import with_new_head

    network = copy.deepcopy(backbone.network)
    network.blocks = network.blocks[:n_blocks]
    network.conv_head, network.bn2 = torch.nn.Identity(), torch.nn.Identity()
    with torch.inference_mode():
        features = network.forward_features(torch.zeros(1, 3, SIDE, SIDE)).shape[1]
    network.classifier = torch.nn.Linear(features, 2)
    cut = dataclasses.replace(
        backbone,
        name=f"{backbone.name}, {n_blocks} blocks",
        network=network,
        class_names=("left", "right"),
        transform=dataclasses.replace(backbone.transform, input_size=(SIDE, SIDE), resize=SIDE),
    )
    model = with_new_head(cut, ["left", "right"], seed=0)
    model.network.to(memory_format=torch.channels_last)  # quicker on most processors
    return model
