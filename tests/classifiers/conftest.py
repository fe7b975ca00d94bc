"""A small network, painted pictures in two kinds, and a classifier trained on them."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from course_utils import extract_features
from course_utils.images.sets import ImageSet
from tests.features.conftest import make_tiny

CLASSES = ("blau ü", "red <b>", "weiß")
EXACT = {"engine": "torch", "precision": "fp32", "device": "cpu", "progress": False}


def paint(rng: np.random.Generator, label: int) -> Image.Image:
    coarse = rng.integers(0, 90, (4, 5, 3), dtype=np.uint8)
    coarse[..., label] += 150
    return Image.fromarray(coarse).resize((48, 40), Image.Resampling.BICUBIC)


@pytest.fixture(scope="session")
def pictures(tmp_path_factory) -> ImageSet:
    folder = tmp_path_factory.mktemp("own")
    rng = np.random.default_rng(0)
    paths, labels = [], []
    for label in range(3):
        for i in range(8):
            paths.append(folder / f"{label} {i}.png")
            labels.append(label)
            paint(rng, label).save(paths[-1])
    return ImageSet(tuple(paths), np.array(labels), CLASSES)


@pytest.fixture(scope="session")
def network():
    return make_tiny()


@pytest.fixture(scope="session")
def features(pictures, network):
    return extract_features(pictures, network, **EXACT)


@pytest.fixture(scope="session")
def model(features):
    classifier = make_pipeline(StandardScaler(), LogisticRegression(max_iter=2000))
    return classifier.fit(features.X, features.y)


@pytest.fixture(scope="session")
def saved_file(tmp_path_factory, model, features, network) -> Path:
    from course_utils import save_classifier

    file = tmp_path_factory.mktemp("saved") / "own.skops"
    return save_classifier(file, model, features, backbone=network, note="for tests")
