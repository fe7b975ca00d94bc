"""Labelled sets of pictures."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from course_utils import ImageSet


def test_an_origin_is_photographs_or_painted_and_both_when_joined(folder):
    painted = ImageSet.from_folder(folder, origin="painted")
    joined = painted + ImageSet.from_folder(folder)
    assert joined.origin == "painted + photographs"
    with pytest.raises(ValueError, match="photographs, painted"):
        ImageSet.from_folder(folder, origin="drawn")


def test_labels_cannot_be_changed_behind_the_sets_back(folder):
    images = ImageSet.from_folder(folder)
    with pytest.raises(ValueError, match="read-only"):
        images.labels[0] = 1
    images.y[0] = 1
    assert images.y[0] == 0


def test_subsets_keep_each_label_with_its_picture(folder):
    images = ImageSet.from_folder(folder)
    chosen = images.subset([7, 0])
    assert [path.parent.name for path in chosen.paths] == chosen.targets.tolist()
    assert images.subset(images.y == 1).targets.tolist() == ["light"] * 4
    assert images[2:4].paths == images.paths[2:4]
    assert len(images.subset([])) == 0
    with pytest.raises(IndexError, match="8 pictures"):
        images.subset([8])
    with pytest.raises(IndexError, match="mask of 1"):
        images.subset([True])
    with pytest.raises(TypeError, match="float"):
        images.subset([0.5])
    with pytest.raises(IndexError):
        images[8]


@given(
    labels=st.lists(st.integers(0, 3), min_size=1, max_size=30),
    data=st.data(),
)
def test_whatever_is_picked_keeps_its_label(labels, data):
    """The path says the label, so a mix-up would show."""
    names = ("a", "b", "c", "d")
    paths = tuple(Path(names[label], str(i)) for i, label in enumerate(labels))
    images = ImageSet(paths, np.array(labels), names)
    picked = data.draw(st.lists(st.integers(-len(labels), len(labels) - 1)))
    start, stop, step = (data.draw(st.integers(-5, 5)) for _ in range(3))
    results = (
        images.subset(picked),
        images.subset(images.y % 2 == 0),
        images[start : stop : step or 1],
        images + images.subset(picked),
        images.sample(min(images.class_counts().values()), seed=1),
    )
    for result in results:
        assert [path.parent.name for path in result.paths] == result.targets.tolist()
        assert sum(result.class_counts().values()) == len(result)


def test_a_sample_is_balanced_seeded_and_without_repeats(folder):
    images = ImageSet.from_folder(folder)
    drawn = images.sample(3, seed=1)
    assert drawn.class_counts() == {"dark": 3, "light": 3}
    assert len(set(drawn.paths)) == 6
    assert drawn.paths == images.sample(3, seed=1).paths
    assert any(drawn.paths != images.sample(3, seed=s).paths for s in range(2, 8))
    with pytest.raises(ValueError, match="has 4 pictures"):
        images.sample(5, seed=0)


def test_sets_join_only_when_their_labels_mean_the_same(folder):
    images = ImageSet.from_folder(folder)
    joined = images.subset([0]) + images.subset([7])
    assert joined.y.tolist() == [0, 1]
    with pytest.raises(ValueError, match="same classes"):
        images + ImageSet((), np.array([], int), ("other",))


@pytest.mark.parametrize(
    ("labels", "message"),
    [([0, 2], "2 classes"), ([0, -1], "2 classes"), ([0], "2 paths"), ([0.0, 1.0], "integer")],
)
def test_labels_that_name_no_class_are_refused(labels, message):
    with pytest.raises(ValueError, match=message):
        ImageSet((Path("a"), Path("b")), np.array(labels), ("x", "y"))


@pytest.mark.parametrize("n", [-1, -3])
def test_a_sample_of_fewer_than_no_picture_is_refused(folder, n):
    with pytest.raises(ValueError, match=f"0 or more; got {n}"):
        ImageSet.from_folder(folder).sample(n, seed=0)
    with pytest.raises(TypeError):
        ImageSet.from_folder(folder).sample(1.5, seed=0)


def test_a_class_that_is_too_small_to_be_divided_is_called_by_its_name(folder):
    images = ImageSet.from_folder(folder).subset([0, 1, 2, 3, 4])
    with pytest.raises(ValueError, match=r"class 'light' has too few different pictures \(1"):
        images.split_into({"train": 0.5, "valid": 0.5}, seed=0, keep_together="nothing")
