import matplotlib.pyplot as plt
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from course_utils.plotting import (
    get_alt_text,
    plot_ladder,
    plot_learning_curve,
    plot_training_curves,
    wilson_interval,
)

ANSWERS = {"pixels": np.arange(10) < 6, "features": np.arange(10) < 9}


@given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_limits_are_the_accuracies_that_the_measured_one_is_just_not_unlikely_under(
    right_of_total,
):
    right, total = right_of_total
    low, high = wilson_interval(right, total)
    for limit in (low, high):
        if 0 < limit < 1:
            deviations = (right / total - limit) / np.sqrt(limit * (1 - limit) / total)
            assert abs(deviations) == pytest.approx(1.959964, abs=1e-4)
    assert 0 <= low <= right / total <= high <= 1


@pytest.mark.parametrize(("right", "total"), [(3, 2), (-1, 2), (0, 0)])
def test_impossible_counts_have_no_interval(right, total):
    with pytest.raises(ValueError, match="impossible"):
        wilson_interval(right, total)


@pytest.mark.parametrize("confidence", [0, 1, 95])
def test_a_confidence_is_a_share(confidence):
    with pytest.raises(ValueError, match="between 0 and 1"):
        wilson_interval(1, 2, confidence)


def test_a_ladder_shows_each_methods_accuracy_and_interval():
    drawn = plot_ladder(ANSWERS, chance=0.5)
    assert drawn.accuracies == {"pixels": 0.6, "features": 0.9}
    assert drawn.intervals["features"] == wilson_interval(9, 10)
    ticks = [label.get_text() for label in drawn.ax.get_yticklabels()]
    assert ticks == ["pixels", "features"]
    for bar, accuracy in zip(drawn.bars, (0.6, 0.9), strict=True):
        assert bar.lines[0].get_xdata()[0] == accuracy
    shown = {text.get_text() for text in drawn.ax.texts}
    assert {"0.600", "0.900", "guessing"} <= shown


def test_a_perfect_score_lies_within_the_axes():
    drawn = plot_ladder({"all": [True] * 5, "none": [False] * 5})
    left, right = drawn.ax.get_xlim()
    assert left <= 0
    assert right >= 1


def test_a_ladder_in_words_has_every_number():
    text = get_alt_text(plot_ladder(ANSWERS, chance=0.5).ax.figure)
    for part in ("pixels 0.600", "features 0.900", "0.596 to 0.982", "guessing 0.500"):
        assert part in text


@pytest.mark.parametrize(
    ("correct", "message"),
    [
        ({}, "no method"),
        ({"a": [0.5, 0.9]}, r"correct\['a'\] has dtype float64"),
        ({"a": [True], "b": [True, False]}, "same samples.*'a': 1, 'b': 2"),
        ({"a": []}, "correct"),
    ],
)
def test_what_are_no_answers_is_refused(correct, message):
    with pytest.raises(ValueError, match=message):
        plot_ladder(correct)


def test_a_learning_curve_is_the_mean_and_its_band_the_extremes():
    drawn = plot_learning_curve([3, 30], {"a": [[0.2, 0.6], [0.8, 1.0]], "b": [0.1, 0.3]})
    assert drawn.lines[0].get_ydata().tolist() == pytest.approx([0.4, 0.9])
    assert drawn.lines[1].get_ydata().tolist() == [0.1, 0.3]
    (band,) = drawn.bands
    heights = band.get_paths()[0].vertices[:, 1]
    assert heights.min() == 0.2
    assert heights.max() == 1.0
    labels = [text.get_text() for text in drawn.ax.get_legend().get_texts()]
    assert labels == ["a", "b", "lowest to highest of 2 draws"]
    assert drawn.ax.get_xscale() == "log"


def test_a_learning_curve_in_words_says_where_it_starts_and_ends():
    drawn = plot_learning_curve([3, 30], {"a": [[0.2, 0.6], [0.8, 1.0]]})
    assert "a from 0.40 with 3 to 0.90 with 30" in get_alt_text(drawn.ax.figure)


@pytest.mark.parametrize(
    ("sizes", "scores", "message"),
    [
        ([30, 3], {"a": [0.1, 0.2]}, "increasing"),
        ([0, 3], {"a": [0.1, 0.2]}, "positive"),
        ([3], {"a": [0.1]}, "at least two"),
        ([3, 30], {"a": [0.1]}, r"'a' has shape \(1,\)"),
        ([3, 30], {"a": [0.1, np.nan]}, "'a' holds nan"),
        ([3, 30], {}, "no method"),
    ],
)
def test_scores_that_do_not_fit_are_refused(sizes, scores, message):
    with pytest.raises(ValueError, match=message):
        plot_learning_curve(sizes, scores)


def test_training_curves_count_epochs_from_one_and_mark_the_best():
    drawn = plot_training_curves({"training": [3, 2, 1], "validation": [3, 1, 2]}, best_epoch=2)
    assert drawn.lines[1].get_xdata().tolist() == [1, 2, 3]
    assert "The best epoch is 2." in get_alt_text(drawn.ax.figure)
    labels = [text.get_text() for text in drawn.ax.get_legend().get_texts()]
    assert labels == ["training", "validation", "best: epoch 2"]


@pytest.mark.parametrize(
    ("history", "best", "message"),
    [
        ({"a": [1], "b": [1, 2]}, None, "'a': 1, 'b': 2"),
        ({}, None, "at least 1"),
        ({"a": [1, 2]}, 0, "counted from 1 to 2"),
        ({"a": [1, 2]}, 3, "counted from 1 to 2"),
    ],
)
def test_histories_that_do_not_fit_are_refused(history, best, message):
    with pytest.raises(ValueError, match=message):
        plot_training_curves(history, best_epoch=best)


@pytest.mark.parametrize(
    "draw",
    [
        lambda ax: plot_ladder(ANSWERS, ax=ax),
        lambda ax: plot_learning_curve([1, 2], {"a": [0, 1]}, ax=ax),
        lambda ax: plot_training_curves({"a": [0, 1]}, ax=ax),
    ],
)
def test_draws_on_the_axes_given(draw):
    _, ax = plt.subplots()
    assert draw(ax).ax is ax
