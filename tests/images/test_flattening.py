"""Pictures as rows of numbers."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from course_utils import BadImageError, ImageSet, flatten_images
from tests.images.test_reading import CORNERS, UPRIGHT


def test_flattened_rows_are_the_pictures_between_0_and_1(folder):
    images = ImageSet.from_folder(folder)
    X = flatten_images(images, size=(4, 3))
    assert X.shape == (8, 12) and X.dtype == np.float32
    assert np.allclose(X[:4], 20 / 255, atol=0.01) and np.allclose(X[4:], 230 / 255, atol=0.01)
    colors = flatten_images(images, size=(4, 3), color=True).reshape(8, 3, 4, 3)
    assert np.allclose(colors[2, 1, 1] * 255, [20, 20, 22])


def test_flattening_accepts_files_and_pictures_alike(folder):
    images = ImageSet.from_folder(folder)
    files = flatten_images([str(path) for path in images.paths], size=(4, 3))
    pictures = flatten_images(list(images), size=(4, 3))
    assert np.array_equal(files, pictures)


def test_flattening_treats_pictures_in_memory_like_files():
    hidden = Image.new("RGBA", (8, 8), (200, 0, 0, 0))
    deep = Image.fromarray(np.full((8, 8), 65_535, np.uint16))
    assert np.all(flatten_images([hidden, deep], size=(2, 2)) == 1)


def test_flattening_names_the_picture_that_it_cannot_read(folder):
    images = ImageSet.from_folder(folder)
    images.paths[5].write_bytes(b"")
    with pytest.raises(BadImageError, match=r"1\.png"):
        flatten_images(images)


def test_wide_and_tall_keep_their_meaning_when_flattened(tmp_path):
    Image.fromarray(CORNERS).save(tmp_path / "a.png")
    row = flatten_images([tmp_path / "a.png"], size=(6, 4), color=True)[0]
    assert np.array_equal((row.reshape(4, 6, 3)[[0, 0, -1, -1], [0, -1, 0, -1]] > 0.5), UPRIGHT)


@pytest.mark.parametrize("one", ["cat.jpg", Path("cat.jpg"), Image.new("L", (4, 4))])
def test_one_picture_is_not_taken_for_several(one):
    with pytest.raises(TypeError, match=r"this is one; give a list, flatten_images\(\['?(cat|pic)"):
        flatten_images(one)


def test_a_data_set_with_splits_is_refused_with_their_names(folder):
    images = ImageSet.from_folder(folder)
    with pytest.raises(TypeError, match=r'give one of train, valid, .*flatten_images.data."train"'):
        flatten_images({"train": images, "valid": images})
