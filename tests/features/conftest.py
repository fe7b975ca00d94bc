"""Pictures and a small network: fast enough for hundreds of runs."""

import numpy as np
import pytest
import torch
from PIL import Image
from torch import nn

from course_utils.networks.backbone import Backbone
from course_utils.networks.preprocessing import Preprocessing


class TinyNetwork(nn.Module):
    """Has what real networks have: batch norm, in-place activations, dropout, a shared layer."""

    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(3, 8, 3, stride=2, padding=1)
        self.norm = nn.BatchNorm2d(8)
        self.act = nn.ReLU(inplace=True)
        self.mix = nn.Conv2d(8, 12, 3, padding=1)
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.drop = nn.Dropout(0.5)
        self.classifier = nn.Linear(12, 5)

    def forward(self, x):
        x = self.act(self.norm(self.stem(x)))
        x = self.act(self.mix(x))
        return self.classifier(self.drop(self.pool(x).flatten(1)))


def make_tiny(network_class=TinyNetwork, seed=0):
    torch.manual_seed(seed)
    network = network_class()
    with torch.no_grad():
        network.norm.running_mean.normal_(std=0.3)
        network.norm.running_var.uniform_(0.5, 2)
    transform = Preprocessing((32, 32), 40, (0.4, 0.5, 0.6), (0.2, 0.25, 0.3), "bicubic")
    return Backbone("tiny", network, transform, tuple("abcde"), "a seed")


@pytest.fixture
def tiny():
    return make_tiny()


def paint(rng, width=60, height=50):
    """Give a smooth random picture."""
    coarse = rng.integers(0, 256, (5, 6, 3), dtype=np.uint8)
    return Image.fromarray(coarse).resize((width, height), Image.Resampling.BICUBIC)


@pytest.fixture(scope="session")
def paths(tmp_path_factory):
    """Give 24 different JPEG files of different shapes."""
    folder = tmp_path_factory.mktemp("pictures")
    rng = np.random.default_rng(0)
    files = []
    for i in range(24):
        files.append(folder / f"{i:02d}.jpg")
        paint(rng, width=90 + 3 * i, height=80 + 5 * (i % 4)).save(files[-1], quality=95)
    return files


def by_hand(backbone, path):
    """Compute one picture's features in the plainest way."""
    with Image.open(path) as picture:
        pixels = backbone.transform(picture.convert("RGB"))
    seen = []
    handle = backbone.network.classifier.register_forward_pre_hook(lambda _m, x: seen.append(x[0]))
    with torch.inference_mode():
        backbone.network(pixels[None])
    handle.remove()
    return seen[0][0].numpy()
