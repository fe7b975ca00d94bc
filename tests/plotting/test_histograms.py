"""Overlapping histograms: shares of each group, refusals, words."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from course_utils.plotting import get_alt_text, plot_histograms

numbers = st.lists(st.floats(0, 1), min_size=1, max_size=50)


@given(first=numbers, second=numbers, bins=st.integers(1, 30))
def test_the_shares_of_each_group_add_up_to_one_whatever_its_size(first, second, bins):
    drawn = plot_histograms({"first": first, "second": second}, bins=bins)
    np.testing.assert_allclose(drawn.shares.sum(axis=1), 1)
    assert drawn.shares.shape == (2, bins) and len(drawn.edges) == bins + 1
    heights = [[bar.get_height() for bar in bars] for bars in drawn.bars]
    np.testing.assert_array_equal(heights, drawn.shares)
    plt.close("all")


def test_it_says_medians_and_ranges_in_words():
    drawn = plot_histograms({"known": [0.2, 0.4, 0.9], "unknown": [0.1]}, xlabel="confidence")
    words = get_alt_text(drawn.ax.figure)
    assert "known: median 0.40" in words and "from 0.20 to 0.90" in words
    assert "confidence" in words and "unknown: median 0.10" in words
    labels = [text.get_text() for text in drawn.ax.get_legend().get_texts()]
    assert labels == ["known (3)", "unknown (1)"]


@pytest.mark.parametrize(
    ("groups", "limits", "message"),
    [
        ({}, (0, 1), "nothing to draw"),
        ({"a": []}, (0, 1), "'a' has shape"),
        ({"a": [[0.1]]}, (0, 1), "'a' has shape"),
        ({"a": [0.5, 1.5]}, (0, 1), "number 1 of the group 'a' is 1.5"),
        ({"a": [float("nan")]}, (0, 1), "number 0 of the group 'a' is nan"),
        ({"a": [0.5]}, (1, 0), "the first must be less"),
    ],
)
def test_what_cannot_be_drawn_is_refused_and_named(groups, limits, message):
    with pytest.raises(ValueError, match=message):
        plot_histograms(groups, limits=limits)


def test_draws_into_axes_that_are_given():
    _, ax = plt.subplots()
    assert plot_histograms({"a": [3.0]}, limits=(0, 10), ax=ax).ax is ax


def test_one_group_alone_needs_no_legend_and_no_median_to_tell_it_apart():
    drawn = plot_histograms({"a": [0.2, 0.8]}, ylabel="share")
    assert drawn.ax.get_legend() is None
    assert not drawn.ax.lines and drawn.ax.get_ylabel() == "share"
