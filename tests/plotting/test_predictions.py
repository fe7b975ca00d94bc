import matplotlib.pyplot as plt
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import confusion_matrix

from course_utils.plotting import (
    get_alt_text,
    pick_predictions,
    plot_confusion_matrix,
    plot_predictions,
)
from course_utils.plotting.predictions import KINDS

NAMES = ["cat", "dog", "wild"]
CM = np.array([[50, 0, 0], [1, 49, 0], [12, 7, 31]])


def test_counts_stand_in_their_cells():
    drawn = plot_confusion_matrix(CM, NAMES)
    shown = [[text.get_text() for text in row] for row in drawn.texts]
    assert shown == CM.astype(str).tolist()
    assert [label.get_text() for label in drawn.ax.get_yticklabels()] == NAMES
    assert drawn.ax.get_ylabel() == "true class"
    assert drawn.ax.get_xlabel() == "predicted class"


def test_normalized_rows_are_shares_of_the_true_class():
    drawn = plot_confusion_matrix(CM, NAMES, normalize=True)
    assert [text.get_text() for text in drawn.texts[2]] == ["0.24", "0.14", "0.62"]
    assert np.allclose(drawn.image.get_array().sum(axis=1), 1)


def test_a_class_without_samples_is_zeros_not_nan():
    drawn = plot_confusion_matrix([[0, 0], [1, 3]], ["a", "b"], normalize=True)
    assert [text.get_text() for text in drawn.texts[0]] == ["0.00", "0.00"]


def test_takes_what_scikit_learn_counts_and_a_generators_class_indices():
    cm = confusion_matrix([0, 0, 1], [0, 1, 1])
    assert len(plot_confusion_matrix(cm, {"cats": 0, "dogs": 1}).texts) == 2


def test_the_words_name_the_worst_confusion_first():
    drawn = plot_confusion_matrix(CM, NAMES)
    text = get_alt_text(drawn.ax.figure)
    assert "130 of 150 predictions are right" in text
    assert text.index("12 wild predicted as cat") < text.index("7 wild predicted as dog")


def test_draws_on_the_axes_given():
    _, ax = plt.subplots()
    assert plot_confusion_matrix(CM, NAMES, ax=ax).ax is ax


@pytest.mark.parametrize(
    ("cm", "names", "message"),
    [
        ([[1, 2, 3]], ["a"], "square"),
        (CM, ["a", "b"], "3 rows, but there are 2 class names"),
        (CM / CM.sum(axis=1, keepdims=True), NAMES, "normalize=True"),
        (-CM, NAMES, "from 0 up"),
    ],
)
def test_bad_input_is_named(cm, names, message):
    with pytest.raises(ValueError, match=message):
        plot_confusion_matrix(cm, names)


@st.composite
def predictions(draw):
    seed, n, k = draw(st.integers(0, 2**32 - 1)), draw(st.integers(1, 40)), draw(st.integers(2, 5))
    rng = np.random.default_rng(seed)
    return rng.integers(k, size=n), rng.dirichlet(np.ones(k), size=n)


@given(predictions(), st.sampled_from(KINDS), st.integers(0, 10), st.booleans())
def test_picked_predictions_are_of_the_kind_and_no_better_one_is_left_out(made, kind, n, one_class):
    y, probabilities = made
    of_class = int(y[0]) if one_class else None
    picked = pick_predictions(kind, y, probabilities, n, of_class=of_class)
    sureness, right = probabilities.max(axis=1), probabilities.argmax(axis=1) == y
    eligible = np.ones(len(y), bool) if of_class is None else y == of_class
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
    picked = pick_predictions("most uncertain", [0, 0, 0, 0], np.c_[of_cats, 1 - of_cats], n=2)
    assert picked.tolist() == [1, 3]


def test_random_picks_are_repeated_by_the_seed_and_changed_by_another():
    y, probabilities = np.zeros(100, int), np.tile([0.8, 0.2], (100, 1))
    first = pick_predictions("correct", y, probabilities, seed=1)
    assert np.array_equal(first, pick_predictions("correct", y, probabilities, seed=1))
    assert not np.array_equal(first, pick_predictions("correct", y, probabilities, seed=2))


@pytest.mark.parametrize(
    ("kind", "y", "probabilities", "message"),
    [
        ("worst", [0], [[0.5, 0.5]], "choose one of correct, incorrect, most correct"),
        ("correct", [0, 1], [[0.5, 0.5]], r"must be \(n,\) and \(n, n_classes\)"),
        ("correct", [2], [[0.5, 0.5]], "0 to 1"),
        ("correct", ["cat"], [[0.5, 0.5]], "column numbers"),
        ("correct", [0], [[2.5, -1.5]], "not scores or logits"),
        ("correct", [0], [[0.5, 0.9]], "do not sum to 1"),
    ],
)
def test_predictions_that_do_not_fit_are_refused(kind, y, probabilities, message):
    with pytest.raises(ValueError, match=message):
        pick_predictions(kind, y, probabilities)


def grey_pictures(n):
    return [np.full((4, 4), i / n) for i in range(n)]


def test_pictures_stand_under_their_own_predictions():
    y, probabilities = [0, 1, 0], [[0.9, 0.1], [0.8, 0.2], [0.3, 0.7]]
    drawn = plot_predictions(grey_pictures(3), y, probabilities, class_names=["cat", "dog"])
    assert drawn.indices.tolist() == [1, 2]
    titles = [ax.get_title() for ax in drawn.axes]
    assert titles == ["dog\npredicted cat, 0.80", "cat\npredicted dog, 0.70"]
    assert drawn.axes[0].images[0].get_array()[0, 0] == pytest.approx(1 / 3)
    text = get_alt_text(drawn.figure)
    assert "Most incorrect" in text
    assert "dog, predicted cat, 0.80" in text


def test_where_there_is_none_the_figure_says_so():
    drawn = plot_predictions(grey_pictures(1), [0], [[1, 0]], class_names=["cat", "dog"])
    assert len(drawn.indices) == 0
    assert [text.get_text() for text in drawn.figure.axes[0].texts] == [
        "no prediction is incorrect"
    ]
    assert "there is none" in get_alt_text(drawn.figure)


def test_only_pictures_of_one_class_can_be_asked_for():
    y, probabilities = [0, 1, 1], [[0.1, 0.9], [0.8, 0.2], [0.6, 0.4]]
    drawn = plot_predictions(
        grey_pictures(3), y, probabilities, class_names=["cat", "dog"], of_class="dog"
    )
    assert drawn.indices.tolist() == [1, 2]
    assert "of class dog" in drawn.figure.get_suptitle()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"class_names": None}, "class_names are needed"),
        ({"of_class": "bird"}, "choose one of cat, dog"),
        ({"images": grey_pictures(3)}, "3 images"),
        ({"class_names": ["cat"]}, "1 class names"),
    ],
)
def test_a_grid_of_predictions_refuses_what_does_not_fit(change, message):
    arguments = {
        "images": grey_pictures(1),
        "y": [0],
        "probabilities": [[0.5, 0.5]],
        "class_names": ["cat", "dog"],
    }
    with pytest.raises(ValueError, match=message):
        plot_predictions(**{**arguments, **change})
