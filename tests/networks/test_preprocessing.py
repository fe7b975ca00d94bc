"""The transform is the weights' own, to the last pixel."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from course_utils._torchvision import torchvision
from course_utils.networks.preprocessing import Preprocessing

InterpolationMode = torchvision.transforms.InterpolationMode


@settings(max_examples=60, deadline=None)
@given(
    width=st.integers(1, 400),
    height=st.integers(1, 400),
    sizes=st.sampled_from([(224, 256), (24, 32), (33, 40), (64, 64), (48, 40)]),
    interpolation=st.sampled_from(["bilinear", "bicubic"]),
    seed=st.integers(0, 2**32 - 1),
)
def test_equals_torchvisions_transform_for_any_shape(width, height, sizes, interpolation, seed):
    crop, resize = sizes
    pixels = np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)
    image = Image.fromarray(pixels)
    mean, std = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
    ours = Preprocessing((crop, crop), resize, mean, std, interpolation)
    theirs = torchvision.transforms._presets.ImageClassification(
        crop_size=crop,
        resize_size=resize,
        mean=mean,
        std=std,
        interpolation=InterpolationMode(interpolation),
    )
    assert torch.equal(ours(image), theirs(image))


@pytest.mark.parametrize("size", [(20_000, 9), (9, 20_000), (30_000, 1)])
def test_ribbon_is_not_blown_up_to_a_hundred_million_pixels(size, monkeypatch):
    transform = Preprocessing((224, 224), 256, (0.5,) * 3, (0.5,) * 3, "bicubic")
    largest = 0
    resize = Image.Image.resize

    def watched(self, size, *args, **kwargs):
        nonlocal largest
        largest = max(largest, size[0] * size[1])
        return resize(self, size, *args, **kwargs)

    monkeypatch.setattr(Image.Image, "resize", watched)
    colours = np.random.default_rng(0).integers(0, 256, (size[1], size[0], 3), dtype=np.uint8)
    pixels = transform.pixels(Image.fromarray(colours))
    assert pixels.shape == (224, 224, 3)
    assert largest < 10_000_000


def test_ribbon_shows_the_centre():
    transform = Preprocessing((224, 224), 256, (0.5,) * 3, (0.5,) * 3, "bilinear")
    ribbon = np.zeros((10, 20_000, 3), np.uint8)
    ribbon[:, 9_990:10_010] = 255  # 20 of 10: more than what the crop sees
    assert transform.pixels(Image.fromarray(ribbon)).min() == 255


def test_normalising_needs_a_positive_deviation():
    with pytest.raises(ValueError, match="std"):
        Preprocessing((8, 8), 8, (0, 0, 0), (1, 0, 1))


def test_unknown_interpolation_lists_the_known():
    with pytest.raises(ValueError, match="bicubic"):
        Preprocessing((8, 8), 8, (0, 0, 0), (1, 1, 1), "cubic")
