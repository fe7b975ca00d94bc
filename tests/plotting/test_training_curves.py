import matplotlib.pyplot as plt
import numpy as np
import pytest

from course_utils.plotting import get_alt_text, plot_training_curves


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


def test_draws_on_the_axes_given():
    _, ax = plt.subplots()
    assert plot_training_curves({"a": [0, 1]}, ax=ax).ax is ax


def test_a_curve_that_runs_away_ends_where_its_numbers_do_and_the_words_say_so():
    drawn = plot_training_curves({"too large": [1.0, 8.0, np.inf, np.nan]}, xlabel="step", log=True)
    assert "goes from 1 to 8 at step 2 and then beyond all numbers" in get_alt_text(drawn.ax.figure)
    assert drawn.ax.get_yscale() == "log"
    assert drawn.ax.get_xlabel() == "step"


def test_many_steps_are_lines_without_markers_that_differ_in_more_than_colour():
    one, other = plot_training_curves({"a": np.ones(500), "b": np.ones(500)}).lines
    assert one.get_marker() == "None"
    assert one.get_linestyle() != other.get_linestyle()


@pytest.mark.parametrize(
    ("values", "message"),
    [([np.nan, 1.0], "begins with nan"), ([1.0, 0.0], "'a' goes down to 0.*log=False")],
)
def test_what_has_no_place_on_the_axes_is_refused(values, message):
    with pytest.raises(ValueError, match=message):
        plot_training_curves({"a": values}, log=True)
