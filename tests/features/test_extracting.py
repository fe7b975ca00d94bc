"""Features: row i is picture i, and the numbers are the network's own."""

import numpy as np
import pytest
import torch
from PIL import Image

from course_utils import ImageSet, extract_features, load_backbone
from course_utils.images.reading import BadImageError


@pytest.fixture(scope="module")
def lite0():
    return load_backbone("efficientnet_lite0")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Give 7 smooth random pictures of different shapes in two classes."""
    root = tmp_path_factory.mktemp("pictures")
    rng = np.random.default_rng(0)
    for i in range(7):
        file = root / ("first", "second")[i % 2] / f"{i}.jpg"
        file.parent.mkdir(exist_ok=True)
        coarse = rng.integers(0, 256, (6, 8, 3), dtype=np.uint8)
        Image.fromarray(coarse).resize((300 + 10 * i, 260), Image.Resampling.BICUBIC).save(file)
    return root


@pytest.fixture(scope="module")
def pictures(folder):
    return ImageSet.from_folder(folder)


@pytest.fixture(scope="module")
def expected(pictures, lite0):
    """Compute the features in the plainest way: one picture at a time, timm's own method."""
    with torch.inference_mode():
        rows = [
            lite0.network.forward_head(
                lite0.network.forward_features(lite0.transform(picture)[None]), pre_logits=True
            )
            for picture in pictures
        ]
    return torch.cat(rows).numpy()


@pytest.mark.parametrize("engine", ["torch", "openvino"])
def test_rows_are_the_networks_features_in_order(pictures, expected, engine):
    found = extract_features(pictures, engine=engine, precision="fp32", draft=False, progress=False)
    np.testing.assert_allclose(found.X, expected, rtol=1e-4, atol=1e-4)
    assert found.paths == pictures.paths
    assert found.X.dtype == np.float32
    np.testing.assert_array_equal(found.y, pictures.labels)
    assert found.targets.tolist() == pictures.targets.tolist()


def test_bad_picture_stops_and_is_named(folder, tmp_path):
    bad = tmp_path / "bad.jpg"
    bad.write_bytes(b"no picture")
    good = sorted(folder.glob("*/*.jpg"))
    with pytest.raises(BadImageError, match=r"bad\.jpg"):
        extract_features([good[0], bad, good[1]], progress=False)


def test_skipped_picture_leaves_every_other_row_in_place(folder, tmp_path):
    bad = tmp_path / "bad.jpg"
    bad.write_bytes(b"no picture")
    good = sorted(folder.glob("*/*.jpg"))
    mixed = [good[0], bad, *good[1:], bad]
    with pytest.warns(UserWarning, match="2 of 9 pictures"):
        found = extract_features(mixed, on_bad_image="skip", progress=False)
    assert list(found.paths) == good
    assert [path for path, _ in found.skipped] == [bad, bad]
    np.testing.assert_array_equal(found.X, extract_features(good, progress=False).X)


def test_no_pictures_give_no_rows_of_the_right_length():
    assert extract_features([], progress=False).X.shape == (0, 1280)


def test_unknown_layer_suggests_near_ones(pictures):
    with pytest.raises(ValueError, match=r"Did you mean 'blocks\.3\.0'"):
        extract_features(pictures, layer="block.3.0", progress=False)


def test_deep_features_is_a_pipeline_step(pictures):
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    from course_utils import DeepFeatures

    paths = list(pictures.paths)
    classifier = make_pipeline(DeepFeatures(), LogisticRegression(max_iter=1000))
    assert classifier.fit(paths, pictures.targets).score(paths, pictures.targets) == 1.0
