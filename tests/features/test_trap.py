"""Preprocessing that the weights were not trained with is noticed."""

import dataclasses
import warnings

import numpy as np
import pytest
from PIL import Image
from skimage import data

from course_utils import extract_features, load_backbone
from tests.features.conftest import make_tiny

IMAGENET = {"mean": (0.485, 0.456, 0.406), "std": (0.229, 0.224, 0.225)}


def test_imagenet_mean_on_a_network_trained_without_it_is_caught(paths):
    backbone = load_backbone("efficientnet_lite0")
    backbone.transform = dataclasses.replace(backbone.transform, **IMAGENET)
    with pytest.warns(
        UserWarning, match=r"mean is \(0\.485, 0\.456, 0\.406\), trained with \(0\.498"
    ):
        wrong = extract_features(
            paths[:2], backbone, engine="torch", precision="fp32", progress=False
        )
    right = extract_features(
        paths[:2], "efficientnet_lite0", engine="torch", precision="fp32", progress=False
    )
    assert np.linalg.norm(wrong.X - right.X) > 0.1 * np.linalg.norm(right.X)
    assert wrong.provenance["transform"] != right.provenance["transform"]


def test_right_preprocessing_is_not_complained_about(paths):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        extract_features(paths[:2], make_tiny(), progress=False)
    assert make_tiny().transform_mismatch() == ""


def test_wrong_preprocessing_costs_confidence_in_the_cat():
    cat = Image.fromarray(data.chelsea())
    backbone = load_backbone("efficientnet_lite0")
    settings = {"layer": "probabilities", "engine": "torch", "precision": "fp32", "progress": False}
    right = extract_features([cat], backbone, **settings).X[0]
    cats = [
        i
        for i, name in enumerate(backbone.class_names)
        if name in ("tabby", "Egyptian cat", "tiger cat")
    ]
    backbone.transform = dataclasses.replace(backbone.transform, **IMAGENET)
    with pytest.warns(UserWarning, match="unlike those it was trained on"):
        wrong = extract_features([cat], backbone, **settings).X[0]
    assert wrong[cats].sum() < right[cats].sum()
