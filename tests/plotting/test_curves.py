import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from course_utils.plotting import (
    get_alt_text,
    plot_ladder,
    plot_learning_curve,
    plot_scores,
    plot_training_curves,
    wilson_interval,
)

SCORES = {"pixels": 0.67, "features": 0.87}


def test_each_score_stands_at_its_name_with_the_first_on_top():
    drawn = plot_scores(SCORES)
    assert [label.get_text() for label in drawn.ax.get_yticklabels()] == ["pixels", "features"]
    assert drawn.points.lines[0].get_xdata().tolist() == [0.67, 0.87]
    bottom, top = drawn.ax.get_ylim()
    assert bottom > top


def test_a_series_and_a_mapping_draw_the_same():
    drawn = plot_scores(pd.Series(SCORES))
    assert drawn.points.lines[0].get_xdata().tolist() == list(SCORES.values())


def test_intervals_are_drawn_where_they_end_although_they_are_not_symmetric():
    drawn = plot_scores(SCORES, intervals=[[0.60, 0.70], [0.80, 0.95]])
    ends = [segment[:, 0].tolist() for segment in drawn.points.lines[2][0].get_segments()]
    assert np.allclose(ends, [[0.60, 0.70], [0.80, 0.95]])


def test_text_alternative_says_every_score_with_its_interval():
    text = get_alt_text(
        plot_scores(SCORES, intervals=[[0.60, 0.70], [0.80, 0.95]], title="Who wins").ax.figure
    )
    assert "Who wins" in text
    assert "pixels 0.67 (0.60 to 0.70)" in text
    assert "features 0.87 (0.80 to 0.95)" in text


@pytest.mark.parametrize(
    ("intervals", "said"),
    [([[0.6, 0.7]], "shape"), ([[0.8, 0.9], [0.6, 0.7]], "does not contain")],
)
def test_intervals_that_do_not_belong_to_the_scores_are_refused(intervals, said):
    with pytest.raises(ValueError, match=said):
        plot_scores(SCORES, intervals=intervals)


def test_no_scores_are_refused():
    with pytest.raises(ValueError, match="no score"):
        plot_scores({})


def test_a_learning_curve_shows_the_mean_and_the_middle_eight_of_ten_draws():
    draws = np.linspace(0.0, 1.0, 11)
    drawn = plot_learning_curve([1, 10], {"features": [draws, draws / 2]})
    assert np.allclose(drawn.lines[0].get_ydata(), [0.5, 0.25])
    band = drawn.bands[0].get_paths()[0].vertices
    at_one = band[band[:, 0] == 1][:, 1]
    assert np.isclose(at_one.min(), 0.1)
    assert np.isclose(at_one.max(), 0.9)


def test_curves_differ_in_more_than_colour_and_are_named():
    drawn = plot_learning_curve([1, 10], {"a": [[0.1], [0.2]], "b": [[0.3], [0.4]]}, chance=0.1)
    assert drawn.lines[0].get_marker() != drawn.lines[1].get_marker()
    named = [text.get_text() for text in drawn.ax.get_legend().get_texts()]
    assert named == ["a", "b", "guessing"]
    assert drawn.bands == ()


def test_text_alternative_says_where_each_curve_starts_and_ends():
    drawn = plot_learning_curve([1, 50], {"pixels": [[0.3, 0.4], [0.6, 0.7]]})
    assert "pixels from 0.35 at 1 to 0.65 at 50" in get_alt_text(drawn.ax.figure)


@pytest.mark.parametrize(
    ("sizes", "scores", "said"),
    [
        ([10, 1], [[0.1], [0.2]], "rise"),
        ([0, 1], [[0.1], [0.2]], "positive"),
        ([1, 10], [0.1, 0.2, 0.3], "'features' has shape"),
        ([1, 10], [0.1, np.nan], "'features' holds nan"),
        ([1, 10], [[0.1]], "'features' has shape"),
    ],
)
def test_scores_that_do_not_fit_the_sizes_are_refused(sizes, scores, said):
    with pytest.raises(ValueError, match=said):
        plot_learning_curve(sizes, {"features": scores})


def test_one_draw_a_size_is_a_line_without_a_band():
    drawn = plot_learning_curve([1, 10], {"features": [0.1, 0.2]})
    assert drawn.lines[0].get_ydata().tolist() == [0.1, 0.2]
    assert drawn.bands == ()


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
    assert drawn.points.lines[0].get_xdata().tolist() == [0.6, 0.9]
    ends = [segment[:, 0].tolist() for segment in drawn.points.lines[2][0].get_segments()]
    assert np.allclose(ends, [wilson_interval(6, 10), wilson_interval(9, 10)])
    assert drawn.ax.get_xlabel() == "accuracy on 10 samples, with 95 % interval"


def test_a_perfect_and_a_hopeless_score_lie_within_the_axes():
    left, right = plot_ladder({"all": [True] * 5, "none": [False] * 5}).ax.get_xlim()
    assert left <= 0
    assert right >= 1


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


def test_training_curves_count_epochs_from_one_and_mark_the_best():
    drawn = plot_training_curves({"training": [3, 2, 1], "validation": [3, 1, 2]}, best_epoch=2)
    assert drawn.lines[1].get_xdata().tolist() == [1, 2, 3]
    assert "The best epoch is 2." in get_alt_text(drawn.ax.figure)
    labels = [text.get_text() for text in drawn.ax.get_legend().get_texts()]
    assert labels == ["training", "validation", "best: epoch 2"]


@pytest.mark.parametrize(
    ("history", "best", "message"),
    [
        ({"a": [1], "b": [1, 2]}, None, "'a': .*1.*'b': .*2"),
        ({}, None, "one value an epoch"),
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
