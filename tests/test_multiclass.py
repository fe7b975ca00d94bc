"""One-vs-rest and one-vs-one, piece by piece, against their definitions and scikit-learn."""

import doctest
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from sklearn.datasets import make_blobs
from sklearn.linear_model import LogisticRegression
from sklearn.multiclass import OneVsOneClassifier, OneVsRestClassifier

from course_utils import multiclass

finite = st.floats(-1e6, 1e6)


def score_table(max_classes=6):
    shapes = st.tuples(st.integers(1, 20), st.integers(2, max_classes))
    return shapes.flatmap(lambda shape: hnp.arrays(np.float64, shape, elements=finite))


def a_model():
    return LogisticRegression(max_iter=1000)


@pytest.fixture(scope="module")
def blobs():
    return make_blobs(n_samples=200, centers=5, random_state=0)


@given(st.lists(st.integers(0, 9), min_size=1), st.integers(10, 12))
def test_onehot_rows_hold_a_single_one_where_the_class_is(y, n_classes):
    rows = multiclass.onehot(y, n_classes)
    assert rows.shape == (len(y), n_classes)
    assert rows.dtype == np.float32
    assert rows.sum(axis=1).tolist() == [1] * len(y)
    assert rows.argmax(axis=1).tolist() == y


def test_onehot_counts_the_classes_itself():
    assert multiclass.onehot([0, 2]).tolist() == [[1, 0, 0], [0, 0, 1]]


@pytest.mark.parametrize(
    ("y", "n_classes", "message"),
    [
        ([0, 3], 3, "y holds 3; with 3 classes the numbers are 0 to 2"),
        ([-1, 0], None, "y holds -1"),
        (["cat", "dog"], None, "LabelEncoder"),
        ([0.5, 1.0], None, "class numbers from 0"),
        ([[0], [1]], None, r"shape \(2, 1\)"),
        ([], None, "pass n_classes"),
    ],
)
def test_onehot_refuses_what_are_not_class_numbers(y, n_classes, message):
    with pytest.raises(ValueError, match=message):
        multiclass.onehot(y, n_classes)


def test_onehot_of_nothing_has_no_rows_but_all_columns():
    assert multiclass.onehot([], 3).shape == (0, 3)


@given(score_table(), finite)
def test_softmax_rows_are_probabilities_and_ignore_a_shift_of_all_scores(scores, shift):
    probabilities = multiclass.softmax(scores)
    assert (probabilities >= 0).all()
    assert np.allclose(probabilities.sum(axis=1), 1)
    shifted = multiclass.softmax(scores + shift)
    assert np.allclose(probabilities, shifted, atol=1e-6)


def test_softmax_does_not_overflow():
    assert multiclass.softmax([1e300, -1e300]).tolist() == [1.0, 0.0]


def test_softmax_of_two_scores_is_the_sigmoid_of_their_difference():
    assert multiclass.softmax([2.0, 0.5])[0] == pytest.approx(1 / (1 + np.exp(-1.5)))


@given(st.integers(2, 40))
def test_one_vs_one_needs_a_model_for_every_pair(k):
    assert multiclass.n_models_one_vs_rest(k) == k
    assert multiclass.n_models_one_vs_one(k) == len(list(combinations(range(k), 2)))
    assert len(multiclass.one_vs_one_pairs(range(k))) == multiclass.n_models_one_vs_one(k)


@pytest.mark.parametrize("count", [multiclass.n_models_one_vs_rest, multiclass.n_models_one_vs_one])
def test_one_class_is_no_classification(count):
    with pytest.raises(ValueError, match="at least two"):
        count(1)


@given(score_table())
def test_one_vs_rest_predicts_a_class_whose_score_is_highest(scores):
    k = scores.shape[1]
    classes = np.array([f"class {j}" for j in range(k)])
    predicted = multiclass.predict_one_vs_rest(scores, classes)
    for row, name in zip(scores, predicted, strict=True):
        assert row[classes.tolist().index(name)] == row.max()


def test_of_equal_scores_the_first_class_wins():
    assert multiclass.predict_one_vs_rest([[1, 3, 3]], list("abc")).tolist() == ["b"]


@pytest.mark.parametrize(
    ("scores", "message"),
    [([[1.0, 2.0]], r"\(n_samples, 3\)"), ([1.0, 2.0, 3.0], "shape"), ([[1, np.nan, 2]], "nan")],
)
def test_one_vs_rest_refuses_scores_that_do_not_fit_the_classes(scores, message):
    with pytest.raises(ValueError, match=message):
        multiclass.predict_one_vs_rest(scores, list("abc"))


def test_one_vs_rest_agrees_with_scikit_learn(blobs):
    X, y = blobs
    models = multiclass.fit_one_vs_rest(a_model, X, y)
    scores = np.column_stack([model.decision_function(X) for model in models.values()])
    theirs = OneVsRestClassifier(a_model()).fit(X, y)
    assert np.allclose(scores, theirs.decision_function(X))
    assert (multiclass.predict_one_vs_rest(scores, list(models)) == theirs.predict(X)).all()


def test_one_vs_rest_probabilities_agree_with_scikit_learn(blobs):
    X, y = blobs
    theirs = OneVsRestClassifier(a_model()).fit(X, y)
    ours = multiclass.one_vs_rest_probabilities(theirs.decision_function(X))
    assert np.allclose(ours, theirs.predict_proba(X))


@given(score_table())
def test_one_vs_rest_probabilities_sum_to_one_even_of_extreme_scores(scores):
    probabilities = multiclass.one_vs_rest_probabilities(scores)
    assert ((probabilities >= 0) & (probabilities <= 1)).all()
    assert np.allclose(probabilities.sum(axis=1), 1)


@given(st.floats(-700, 700))
def test_the_sigmoid_is_its_formula(score):
    assert multiclass.sigmoid(score) == pytest.approx(1 / (1 + np.exp(-score)))


def test_the_sigmoid_does_not_overflow():
    with np.errstate(all="raise", under="ignore"):
        assert multiclass.sigmoid([-1e308, 1e308]).tolist() == [0, 1]


def test_one_vs_one_votes_agree_with_scikit_learn_wherever_they_are_not_tied(blobs):
    X, y = blobs
    models = multiclass.fit_one_vs_one(a_model, X, y)
    theirs = OneVsOneClassifier(a_model()).fit(X, y)
    assert list(models) == multiclass.one_vs_one_pairs(theirs.classes_)
    winners = {pair: model.predict(X) for pair, model in models.items()}
    votes = multiclass.one_vs_one_votes(winners, theirs.classes_)
    # scikit-learn adds confidences of less than half a vote, to break ties
    assert (np.rint(theirs.decision_function(X)) == votes).all()
    clear = (votes == votes.max(axis=1, keepdims=True)).sum(axis=1) == 1
    assert clear.mean() > 0.5
    ours = multiclass.predict_one_vs_one(winners, theirs.classes_)
    assert (ours == theirs.predict(X))[clear].all()


def test_class_names_can_be_words(blobs):
    X, y = blobs
    names = np.array(["ant", "bee", "cat", "dog", "eel"])[y]
    models = multiclass.fit_one_vs_one(a_model, X, names)
    winners = {pair: model.predict(X) for pair, model in models.items()}
    predicted = multiclass.predict_one_vs_one(winners, np.unique(names))
    assert (predicted == names).mean() > 0.8


@settings(max_examples=50)
@given(st.integers(2, 6), st.integers(1, 15), st.randoms(use_true_random=False))
def test_every_vote_is_counted_once(k, n, random):
    classes = list(range(k))
    winners = {
        pair: [random.choice(pair) for _ in range(n)]
        for pair in multiclass.one_vs_one_pairs(classes)
    }
    votes = multiclass.one_vs_one_votes(winners, classes)
    assert votes.shape == (n, k)
    assert (votes.sum(axis=1) == multiclass.n_models_one_vs_one(k)).all()
    assert votes.max() <= k - 1


def test_equal_votes_go_to_the_first_class():
    circle = {("a", "b"): ["a"], ("b", "c"): ["b"], ("a", "c"): ["c"]}
    votes = multiclass.one_vs_one_votes(circle, list("abc"))
    assert votes.tolist() == [[1, 1, 1]]
    assert multiclass.predict_one_vs_one(circle, list("abc")).tolist() == ["a"]
    other_way_round = {(second, first): won for (first, second), won in circle.items()}
    assert multiclass.predict_one_vs_one(other_way_round, list("cba")).tolist() == ["c"]


def test_a_vote_for_a_class_outside_the_pair_is_refused():
    with pytest.raises(ValueError, match="voted for 'c', which is neither"):
        multiclass.one_vs_one_votes({("a", "b"): ["c"]}, list("ab"))


@pytest.mark.parametrize(
    ("winners", "message"),
    [
        ({("a", "b"): ["a"]}, r"needed of the pairs .*\('b', 'c'\)"),
        ({("a", "b"): ["a"], ("a", "c"): ["a", "c"], ("b", "c"): ["b"]}, "same samples"),
    ],
)
def test_votes_of_every_pair_on_every_sample_are_needed(winners, message):
    with pytest.raises(ValueError, match=message):
        multiclass.one_vs_one_votes(winners, list("abc"))


@pytest.mark.parametrize("fit", [multiclass.fit_one_vs_rest, multiclass.fit_one_vs_one])
def test_fitting_needs_two_classes(fit):
    with pytest.raises(ValueError, match="y holds 1 class"):
        fit(a_model, [[0.0], [1.0]], [3, 3])


def test_docstring_examples_hold():
    results = doctest.testmod(multiclass)
    assert results.attempted > 0
    assert results.failed == 0
