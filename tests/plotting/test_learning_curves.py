import matplotlib.pyplot as plt
import numpy as np
import pytest

from course_utils.plotting import get_alt_text, plot_learning_curve


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


def test_draws_on_the_axes_given():
    _, ax = plt.subplots()
    assert plot_learning_curve([1, 2], {"a": [0, 1]}, ax=ax).ax is ax
