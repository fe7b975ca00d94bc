import numpy as np
import pandas as pd
import pytest

from course_utils.plotting import get_alt_text, plot_learning_curve, plot_scores

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


def test_text_alternative_says_where_each_curve_starts_and_ends():
    drawn = plot_learning_curve([1, 50], {"pixels": [[0.3, 0.4], [0.6, 0.7]]})
    assert "pixels from 0.35 at 1 to 0.65 at 50" in get_alt_text(drawn.ax.figure)


@pytest.mark.parametrize(
    ("sizes", "scores", "said"),
    [
        ([10, 1], [[0.1], [0.2]], "rise"),
        ([0, 1], [[0.1], [0.2]], "positive"),
        ([1, 10], [0.1, 0.2], "'features' has shape"),
        ([1, 10], [[0.1]], "'features' has shape"),
    ],
)
def test_scores_that_do_not_fit_the_sizes_are_refused(sizes, scores, said):
    with pytest.raises(ValueError, match=said):
        plot_learning_curve(sizes, {"features": scores})
