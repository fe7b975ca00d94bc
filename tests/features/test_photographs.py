"""What the fast ways of extracting do to results on real photographs."""

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from course_utils import ImageSet, extract_features

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def splits(mirror):
    (root,) = mirror.glob("UBC-CS/*/*/lectures/data/animal_faces")
    return {name: ImageSet.from_folder(root / name) for name in ("train", "valid")}


@pytest.fixture(scope="module")
def extracted(splits):
    """Extract once for each way that is compared."""
    ways = {
        "default": {},
        "exact": {"engine": "openvino", "precision": "fp32", "draft": False},
        "draft": {"engine": "openvino", "precision": "fp32", "draft": True},
    }
    return {
        way: {
            name: extract_features(split, progress=False, **how) for name, split in splits.items()
        }
        for way, how in ways.items()
    }


@pytest.mark.parametrize("way", ["default", "exact", "draft"])
def test_131_of_150_validation_photographs_are_right(extracted, way):
    train, valid = extracted[way]["train"], extracted[way]["valid"]
    model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=2000))
    right = model.fit(train.X, train.y).predict(valid.X) == valid.y
    assert right.sum() == 131
    assert right[valid.targets != "wild"].all()


def cosines(a, b):
    return (a * b).sum(axis=1) / np.linalg.norm(a, axis=1) / np.linalg.norm(b, axis=1)


@pytest.mark.parametrize(
    ("way", "least", "median"), [("draft", 0.98, 0.995), ("default", 0.975, 0.99)]
)
def test_fast_ways_change_features_little(extracted, way, least, median):
    """Measured on 300 photographs of 512 pixels: 0.986 and 0.996 for draft decoding."""
    for split in ("train", "valid"):
        found = cosines(extracted[way][split].X, extracted["exact"][split].X)
        assert found.min() >= least
        assert np.median(found) >= median


def test_draft_decoding_changes_a_photograph_less_than_the_next_photograph_does(extracted):
    exact, draft = extracted["exact"]["valid"].X, extracted["draft"]["valid"].X
    unit = exact / np.linalg.norm(exact, axis=1, keepdims=True)
    among_themselves = unit @ unit.T - 2 * np.eye(len(unit))
    assert (cosines(exact, draft) > among_themselves.max(axis=1)).all()
