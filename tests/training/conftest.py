"""Small pictures of three classes and a small network: an epoch takes milliseconds."""

import numpy as np
import pytest
from PIL import Image

from course_utils import ImageSet
from course_utils.training import unfreeze, with_new_head
from tests.features.conftest import make_tiny

CLASSES = ("blue", "green", "red")
PLAIN = {"device": "cpu", "precision": "fp32", "progress": False}


def make_pictures(folder, n_per_class, seed):
    """Write noise with a tint that tells the class, 24 pixels a side."""
    rng = np.random.default_rng(seed)
    for channel, name in ((2, "blue"), (1, "green"), (0, "red")):
        (folder / name).mkdir(parents=True)
        for i in range(n_per_class):
            coarse = rng.integers(0, 200, (6, 6, 3), dtype=np.uint8)
            coarse[:, :, channel] += 55
            big = Image.fromarray(coarse).resize((24, 24), Image.Resampling.BICUBIC)
            big.save(folder / name / f"{i}.png")
    return ImageSet.from_folder(folder, name="tints", split=folder.name, progress=False)


@pytest.fixture(scope="session")
def tints(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tints")
    return {
        name: make_pictures(folder / name, n, seed)
        for seed, (name, n) in enumerate({"train": 8, "valid": 6, "test": 5}.items())
    }


def make_model(dropout=0.0, *layers):
    model = with_new_head(make_tiny(), CLASSES, dropout=dropout, size=32)
    unfreeze(model.network, *(layers or ("classifier",)))
    return model


@pytest.fixture
def model():
    return make_model()
