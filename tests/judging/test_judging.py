"""By class, by labels, by groups: what is computed for one's own pictures."""

import doctest
import warnings
from importlib import import_module

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import precision_recall_fscore_support

from course_utils.judging import (
    LabelCurve,
    group_rows,
    learn_from_fewer,
    score_classes,
    tell_apart,
    worst_confusions,
)

NAMES = ("a", "b", "c")


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)), min_size=1, max_size=40))
def test_shares_are_those_of_scikit_learn(pairs):
    y, predicted = np.array(pairs).T
    table = score_classes(y, predicted, NAMES).loc[list(NAMES)]
    precision, recall, _, support = precision_recall_fscore_support(
        y, predicted, labels=[0, 1, 2], zero_division=np.nan
    )
    np.testing.assert_allclose(table["found"], recall)
    np.testing.assert_allclose(table["right when named"], precision)
    assert table["pictures"].tolist() == support.tolist()
    some = table["pictures"] > 0
    assert (table["low"] <= table["found"] + 1e-12)[some].all()
    assert (table["found"] <= table["high"] + 1e-12)[some].all()


def test_the_worst_class_comes_first():
    table = score_classes([0, 0, 1, 1, 2], [0, 0, 1, 0, 0], NAMES)
    assert table.index.tolist() == ["c", "b", "a"]


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)), min_size=1, max_size=40))
def test_all_confusions_together_are_the_mistakes(pairs):
    y, predicted = np.array(pairs).T
    table = worst_confusions(y, predicted, NAMES, n=99)
    assert table["pictures"].sum() == (y != predicted).sum()
    assert table["pictures"].is_monotonic_decreasing


@pytest.mark.parametrize(
    ("y", "predicted", "words"),
    [
        ([0, 1], [0], "one for each"),
        ([0, 3], [0, 0], "y must hold positions in class_names, 0 to 2"),
        ([0, 1], [0.0, 1.0], "predicted must hold positions"),
        ([-1], [0], "y must hold"),
    ],
)
def test_labels_that_do_not_fit_are_refused(y, predicted, words):
    for function in (score_classes, worst_confusions):
        with pytest.raises(ValueError, match=words):
            function(y, predicted, NAMES)


# --- labels ---------------------------------------------------------------------------------------


def blobs(n, spread, seed=0):
    rng = np.random.default_rng(seed)
    y = np.arange(n) % 3
    return 4 * np.eye(3)[y] + rng.normal(scale=spread, size=(n, 3)), y


def test_the_curve_ends_with_all_pictures_and_begins_with_one_of_each_class():
    X, y = blobs(60, 2)
    curve = learn_from_fewer(LogisticRegression(), X, y, *blobs(90, 2, seed=1), progress=False)
    assert curve.sizes.tolist() == [3, 6, 15, 30, 60]
    whole = LogisticRegression().fit(X, y).score(*blobs(90, 2, seed=1))
    np.testing.assert_allclose(curve.scores[-1], whole)
    assert curve.scores[-1].mean() > curve.scores[0].mean()


def test_unequal_classes_keep_their_shares():
    y = np.array([0] * 64 + [1] * 4)
    X = np.arange(68.0)[:, None]
    curve = learn_from_fewer(LogisticRegression(), X, y, X, y, progress=False)
    assert curve.sizes.tolist() == [5, 9, 17, 34, 68]


def test_many_classes_with_few_pictures_warn_of_nothing():
    y = np.repeat(np.arange(30), 2)
    X = np.random.default_rng(0).normal(size=(60, 4))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        learn_from_fewer(LogisticRegression(max_iter=5000), X, y, X, y, draws=2, progress=False)


def test_the_same_seed_draws_the_same():
    X, y = blobs(60, 3)
    first, second = (
        learn_from_fewer(LogisticRegression(), X, y, X, y, seed=3, progress=False) for _ in "ab"
    )
    np.testing.assert_array_equal(first.scores, second.scores)


def test_the_verdict_follows_the_last_step():
    rising = LabelCurve(np.array([50, 100]), np.array([[0.7], [0.8]]))
    flat = LabelCurve(np.array([50, 100]), np.array([[0.8], [0.81]]))
    assert "gained 0.100: the curve still rises" in rising.verdict(60)
    assert "would hardly help" in flat.verdict(60)


@pytest.mark.parametrize("y", [[0, 0, 0, 0], [0, 0, 0, 1]], ids=["one class", "a single picture"])
def test_too_little_for_a_curve_is_said(y):
    X = np.zeros((4, 1))
    with pytest.raises(ValueError, match="two classes or more, and two training pictures"):
        learn_from_fewer(LogisticRegression(), X, y, X, y, progress=False)


# --- groups ---------------------------------------------------------------------------------------


def test_mistakes_of_two_kinds_make_two_groups():
    rng = np.random.default_rng(0)
    centres = rng.normal(size=(2, 40))
    usual = rng.normal(size=(60, 40))
    X = np.concatenate([usual, centres[[0] * 5 + [1] * 3] + rng.normal(scale=0.1, size=(8, 40))])
    groups = group_rows(X, np.zeros(68, dtype=int), range(60, 68))
    assert [group.tolist() for group in groups] == [[60, 61, 62, 63, 64], [65, 66, 67]]


@pytest.mark.parametrize("chosen", [[], [3]])
def test_too_few_mistakes_make_no_group(chosen):
    assert group_rows(np.eye(5), np.zeros(5, dtype=int), chosen) == []


def test_pictures_of_the_same_kind_cannot_be_told_apart_and_others_can():
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(160, 50)), np.arange(160) % 2
    X[y == 1] += 3
    alike = tell_apart(X[:110], y[:110], X[110:], y[110:])
    assert not alike.differ
    assert alike.by_chance[0] <= alike.auc
    odd = X[110:].copy()
    is_odd = np.arange(50) // 2 % 2 == 0  # as many of each class
    odd[is_odd, :10] += 4
    other = tell_apart(X[:110], y[:110], odd, y[110:])
    assert other.differ
    assert other.likeness[is_odd].mean() > other.likeness[~is_odd].mean() + 0.1


def test_unequal_shares_of_the_classes_give_nothing_away():
    rng = np.random.default_rng(1)
    y = np.concatenate([np.repeat([0, 1], [70, 30]), np.repeat([0, 1], [10, 40])])
    X = rng.normal(size=(150, 20)) + 5 * y[:, None]
    assert not tell_apart(X[:100], y[:100], X[100:], y[100:]).differ


def test_large_sets_are_sampled():
    X = np.random.default_rng(0).normal(size=(1300, 4))
    telling = tell_apart(X, np.zeros(1300, dtype=int), X[:30], np.zeros(30, dtype=int))
    assert telling.likeness.shape == (30,)
    assert np.isfinite(telling.likeness).all()


def test_sets_that_cannot_be_compared_are_refused():
    X = np.zeros((9, 3))
    with pytest.raises(ValueError, match="each needs 5 pictures or more"):
        tell_apart(X, np.zeros(9), X[:4], np.zeros(4))
    with pytest.raises(ValueError, match="shapes"):
        tell_apart(X, np.zeros(9), np.zeros((9, 4)), np.zeros(9))


@pytest.mark.parametrize("module", ["by_class", "groups", "labels"])
def test_docstring_examples_hold(module):
    found = import_module(f"course_utils.judging.{module}")
    results = doctest.testmod(found, extraglobs={"np": np})
    assert results.attempted > 0
    assert results.failed == 0
