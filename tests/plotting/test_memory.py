import matplotlib.pyplot as plt
import numpy as np
import pytest

from course_utils.plotting import get_alt_text, plot_memory

RUNS = {"a list": ([0, 1, 2], [0, 1e8, 2e8]), "a folder": ([0, 1.5], [0, 4e7])}


def test_each_run_is_a_line_in_megabytes_over_seconds():
    drawn = plot_memory(RUNS)
    assert [line.get_label() for line in drawn.lines] == ["a list", "a folder"]
    assert drawn.lines[0].get_ydata().tolist() == [0, 100, 200]
    assert drawn.lines[1].get_xdata().tolist() == [0, 1.5]
    one, other = drawn.lines
    assert one.get_color() != other.get_color()
    assert one.get_linestyle() != other.get_linestyle()


def test_what_happened_is_a_dotted_line_with_its_name_in_the_legend():
    drawn = plot_memory(RUNS, marks={"Ctrl-C": 1.0})
    (mark,) = drawn.marks
    assert list(mark.get_xdata()) == [1, 1]
    labels = [text.get_text() for text in drawn.ax.get_legend().get_texts()]
    assert labels == ["a list", "a folder", "Ctrl-C"]


def test_the_words_say_the_most_that_each_run_held():
    text = get_alt_text(plot_memory(RUNS, marks={"Ctrl-C": 1.0}, title="A night").ax.figure)
    assert "A night: a list: at most 200 MB, 200 MB at the end, after 2.0 seconds" in text
    assert "Ctrl-C after 1.0 seconds" in text


@pytest.mark.parametrize(
    ("runs", "message"),
    [
        ({}, "no run"),
        ({"a": ([], [])}, "'a' has seconds of shape"),
        ({"a": ([0, 1], [0])}, r"'a' has seconds of shape \(2,\) and bytes of shape \(1,\)"),
        ({"a": ([1, 0], [0, 0])}, "'a' do not rise"),
        ({"a": ([0, 1], [0, np.nan])}, "not finite"),
    ],
)
def test_runs_that_do_not_fit_are_refused(runs, message):
    with pytest.raises(ValueError, match=message):
        plot_memory(runs)


def test_draws_on_the_axes_given():
    _, ax = plt.subplots()
    assert plot_memory(RUNS, ax=ax).ax is ax
