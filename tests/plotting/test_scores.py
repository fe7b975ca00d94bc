import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from course_utils import wilson_interval
from course_utils.plotting import get_alt_text, plot_ladder, plot_scores

SCORES = {"pixels": 0.67, "features": 0.87}
ANSWERS = {"pixels": np.arange(10) < 6, "features": np.arange(10) < 9}


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


def test_draws_on_the_axes_given():
    _, ax = plt.subplots()
    assert plot_ladder(ANSWERS, ax=ax).ax is ax
