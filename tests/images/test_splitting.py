"""Dividing pictures into parts."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from course_utils.images.splitting import stratified_split

THREE = {"train": 0.7, "valid": 0.2, "test": 0.1}


@given(
    counts=st.lists(st.integers(20, 60), min_size=1, max_size=4),
    seed=st.integers(0, 1000),
)
def test_every_part_gets_its_share_of_every_class(counts, seed):
    labels = np.repeat(np.arange(len(counts)), counts)
    parts = stratified_split(labels, THREE, seed)
    assert sorted(np.concatenate(list(parts.values())).tolist()) == list(range(len(labels)))
    for name, positions in parts.items():
        shares = np.bincount(labels[positions], minlength=len(counts))
        assert np.all(np.abs(shares - THREE[name] * np.array(counts)) < 1)


@given(data=st.data(), seed=st.integers(0, 1000))
def test_groups_are_never_divided(data, seed):
    labels = np.repeat([0, 1], 40)
    groups = np.array(data.draw(st.lists(st.integers(0, 60), min_size=80, max_size=80)))
    try:
        parts = stratified_split(labels, THREE, seed, groups)
    except ValueError as refused:
        assert "too few" in str(refused)
        return
    members = [set(groups[positions].tolist()) for positions in parts.values()]
    assert not (members[0] & members[1] or members[0] & members[2] or members[1] & members[2])


def test_the_seed_decides():
    labels = np.repeat([0, 1], 20)
    first, again, other = (stratified_split(labels, THREE, seed)["train"] for seed in (1, 1, 2))
    assert first.tolist() == again.tolist() != other.tolist()


def test_a_class_too_small_for_every_part_is_refused():
    with pytest.raises(ValueError, match="class 1 has too few"):
        stratified_split(np.array([0] * 20 + [1, 1]), THREE, seed=0)


@pytest.mark.parametrize("fractions", [{}, {"a": 0.5}, {"a": 1.5, "b": -0.5}])
def test_fractions_that_do_not_add_up_are_refused(fractions):
    with pytest.raises(ValueError, match="add up to 1"):
        stratified_split(np.array([0, 0]), fractions, seed=0)
