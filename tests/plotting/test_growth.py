import matplotlib.pyplot as plt
import numpy as np
import pytest

from course_utils.plotting import get_alt_text, plot_growth

CURVES = {"one-vs-rest": [2, 4, 8], "one-vs-one": [1, 6, 28]}


def test_curves_stand_on_logarithmic_axes_with_the_sizes_as_numbers():
    drawn = plot_growth([2, 4, 8], CURVES)
    assert (drawn.ax.get_xscale(), drawn.ax.get_yscale()) == ("log", "log")
    drawn.ax.figure.canvas.draw()
    assert [label.get_text() for label in drawn.ax.get_xticklabels()] == ["2", "4", "8"]
    assert drawn.lines[1].get_ydata().tolist() == [1, 6, 28]
    assert len({(line.get_color(), line.get_marker()) for line in drawn.lines}) == 2


def test_the_words_say_where_each_curve_starts_and_ends():
    text = get_alt_text(plot_growth([2, 4, 8], CURVES, title="Models").ax.figure)
    assert "Models" in text
    assert "one-vs-one from 1 at 2 to 28 at 8" in text


@pytest.mark.parametrize(
    ("sizes", "curves", "message"),
    [
        ([4, 2], {"a": [1, 2]}, "rise"),
        ([0, 2], {"a": [1, 2]}, "positive"),
        ([1, 2], {}, "no curve"),
        ([1, 2], {"a": [0, 1]}, "'a' is .*one positive number"),
        ([1, 2], {"a": [1, np.nan]}, "'a' is"),
        ([1, 2], {"a": [1]}, "2 sizes"),
    ],
)
def test_what_has_no_place_on_logarithmic_axes_is_refused(sizes, curves, message):
    with pytest.raises(ValueError, match=message):
        plot_growth(sizes, curves)


def test_draws_on_the_axes_given():
    _, ax = plt.subplots()
    assert plot_growth([1, 2], {"a": [1, 2]}, ax=ax).ax is ax
