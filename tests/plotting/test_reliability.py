"""Reliability diagrams: what was promised, what came true, refusals, words."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course_utils import wilson_interval
from course_utils.plotting import get_alt_text, plot_reliability

predictions = st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=40)


@settings(deadline=None)
@given(predictions)
def test_every_prediction_is_counted_once_in_the_bin_of_its_probability(made):
    confidence, right = map(np.array, zip(*made, strict=True))
    drawn = plot_reliability({"all": (confidence, right)}, bins=[0, 0.5, 0.9, 1])
    expected = [
        (confidence < 0.5).sum(),
        ((confidence >= 0.5) & (confidence < 0.9)).sum(),
        (confidence >= 0.9).sum(),
    ]
    assert drawn.counts.tolist() == [expected]
    shares = drawn.kept[0].lines[0].get_ydata()
    assert sum(shares * drawn.counts[0][drawn.counts[0] > 0]) == pytest.approx(right.sum())
    plt.close("all")


def test_points_and_lines_lie_at_what_came_true_and_what_was_promised():
    drawn = plot_reliability({"all": ([0.92, 0.96, 0.94, 0.6], [True, False, True, False])})
    np.testing.assert_allclose(drawn.kept[0].lines[0].get_ydata(), [0, 2 / 3])
    np.testing.assert_allclose(np.unique(drawn.promised[0].get_ydata()), [0.6, 0.94])
    low, high = wilson_interval(2, 3)
    ends = drawn.kept[0].lines[2][0].get_segments()[1][:, 1]
    np.testing.assert_allclose(ends, [low, high])


def test_groups_of_a_bin_stand_side_by_side_with_their_counts():
    drawn = plot_reliability({"a": ([0.95] * 3, [True] * 3), "b": ([0.95], [False])})
    first, second = (kept.lines[0].get_xdata()[0] for kept in drawn.kept)
    assert second > first + 0.2
    assert [text.get_text() for text in drawn.ax.texts] == ["3", "1"]
    labels = [text.get_text() for text in drawn.ax.get_legend().get_texts()]
    assert sorted(labels) == ["came true: a", "came true: b", "promised: mean probability"]


def test_it_says_in_words_what_each_bin_promised():
    drawn = plot_reliability({"model": ([0.95, 0.97], [True, False])}, title="Promises")
    words = get_alt_text(drawn.ax.figure)
    assert words == "Promises. model: 0.9 to 0.99: promised 0.96, came true 0.50 of 2."


@pytest.mark.parametrize(
    ("groups", "bins", "message"),
    [
        ({}, (0, 1), "nothing to draw"),
        ({"a": ([], [])}, (0, 1), "'a' has confidences of shape"),
        ({"a": ([0.5], [True, False])}, (0, 1), "'a' has confidences of shape"),
        ({"a": ([0.5], [1])}, (0, 1), "predicted == y"),
        ({"a": ([0.5, 1.5], [True, True])}, (0, 1), "confidence 1 of the group 'a' is 1.5"),
        ({"a": ([float("nan")], [True])}, (0, 1), "confidence 0 of the group 'a' is nan"),
        ({"a": ([0.5], [True])}, (0, 0.5, 0.5, 1), "ends that rise"),
        ({"a": ([0.5], [True])}, (0.5, 1), "must cover 0 to 1"),
    ],
)
def test_what_is_no_prediction_is_refused_and_named(groups, bins, message):
    with pytest.raises(ValueError, match=message):
        plot_reliability(groups, bins=bins)


def test_draws_into_axes_that_are_given():
    _, ax = plt.subplots()
    assert plot_reliability({"a": ([0.5], [True])}, ax=ax).ax is ax
