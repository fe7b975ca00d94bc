"""Which predictions are picked: the right kind, and none better is left out."""

import inspect

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from course_utils import pick_predictions
from course_utils.plotting import plot_predictions
from course_utils.predictions import KINDS


@st.composite
def predictions(draw):
    seed, n, k = draw(st.integers(0, 2**32 - 1)), draw(st.integers(1, 40)), draw(st.integers(2, 5))
    rng = np.random.default_rng(seed)
    return rng.integers(k, size=n), rng.dirichlet(np.ones(k), size=n)


@given(predictions(), st.sampled_from(KINDS), st.integers(0, 10), st.booleans())
def test_picked_predictions_are_of_the_kind_and_no_better_one_is_left_out(made, kind, n, one_class):
    y, probabilities = made
    names = [str(k) for k in range(probabilities.shape[1])]
    of_class = names[y[0]] if one_class else None
    picked = pick_predictions(y, probabilities, kind, n=n, class_names=names, of_class=of_class)
    sureness, right = probabilities.max(axis=1), probabilities.argmax(axis=1) == y
    eligible = np.ones(len(y), bool) if of_class is None else y == int(of_class)
    if "incorrect" in kind:
        eligible &= ~right
    elif "correct" in kind:
        eligible &= right
    assert len(set(picked)) == len(picked) == min(n, eligible.sum())
    assert eligible[picked].all()
    if kind.startswith("most"):
        order = sureness if kind == "most uncertain" else -sureness
        assert (np.diff(order[picked]) >= 0).all()
        left_out = np.setdiff1d(np.flatnonzero(eligible), picked)
        if len(left_out) and len(picked):
            assert order[left_out].min() >= order[picked].max()


def test_two_classes_are_most_uncertain_near_a_half():
    of_cats = np.array([0.9, 0.48, 0.3, 0.55])
    picked = pick_predictions([0] * 4, np.c_[of_cats, 1 - of_cats], "most uncertain", n=2)
    assert picked.tolist() == [1, 3]


def test_random_picks_are_repeated_by_the_seed_and_changed_by_another():
    y, probabilities = np.zeros(100, int), np.tile([0.8, 0.2], (100, 1))
    first = pick_predictions(y, probabilities, "correct", seed=1)
    assert np.array_equal(first, pick_predictions(y, probabilities, "correct", seed=1))
    assert not np.array_equal(first, pick_predictions(y, probabilities, "correct", seed=2))


@pytest.mark.parametrize(
    ("kind", "y", "probabilities", "message"),
    [
        ("worst", [0], [[0.5, 0.5]], "choose one of correct, incorrect, most correct"),
        ("correct", [0, 1], [[0.5, 0.5]], r"must be \(n,\) and \(n, n_classes\)"),
        ("correct", [2], [[0.5, 0.5]], "0 to 1"),
        ("correct", [0, None], [[0.5, 0.5]] * 2, r"y\[1\] is None: no label"),
        ("correct", ["cat"], [[0.5, 0.5]], "column numbers"),
        ("correct", [0], [[2.5, -1.5]], "not scores or logits"),
        ("correct", [0], [[0.5, 0.9]], "do not sum to 1"),
    ],
)
def test_predictions_that_do_not_fit_are_refused(kind, y, probabilities, message):
    with pytest.raises(ValueError, match=message):
        pick_predictions(y, probabilities, kind)


@pytest.mark.parametrize(
    ("names", "of_class", "message"),
    [
        (None, "cat", "'cat': pass class_names"),
        (["cat", "dog"], "cow", "'cow'; choose one of cat, dog"),
        (["cat"], "cat", "1 class names do not fit probabilities of 2 classes"),
    ],
)
def test_a_class_is_asked_for_by_its_name(names, of_class, message):
    with pytest.raises(ValueError, match=message):
        pick_predictions([0], [[0.5, 0.5]], class_names=names, of_class=of_class)


def test_picking_and_drawing_take_the_same_arguments_in_the_same_order():
    picked = inspect.signature(pick_predictions).parameters
    drawn = inspect.signature(plot_predictions).parameters
    shared = [name for name in drawn if name in picked]
    assert shared == list(picked)
    for name in shared:
        assert drawn[name].annotation == picked[name].annotation, name
        assert drawn[name].default == picked[name].default, name
        assert drawn[name].kind == picked[name].kind, name
