import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.colors import to_hex

from course_utils.plotting import get_alt_text, plot_time_parts

JOBS = {"small": {"decode": 2.0, "network": 30.0}, "phone": {"decode": 200.0, "network": 30.0}}


def widths(drawn):
    return [[bar.get_width() for bar in part] for part in drawn.bars]


def test_parts_that_follow_one_another_are_stacked_and_add_up():
    drawn = plot_time_parts(JOBS)
    assert widths(drawn) == [[2, 200], [30, 30]]
    assert [bar.get_x() for bar in drawn.bars[1]] == [2, 200]
    assert drawn.totals.tolist() == [32, 230]
    assert [text.get_text() for text in drawn.ax.texts] == ["32", "230"]


def test_parts_that_run_at_the_same_time_start_together_and_the_longest_decides():
    drawn = plot_time_parts(JOBS, overlap=True)
    assert all(bar.get_x() == 0 for part in drawn.bars for bar in part)
    assert drawn.totals.tolist() == [30, 200]
    places = {bar.get_y() for part in drawn.bars for bar in part}
    assert len(places) == 4


def test_the_number_of_a_job_stands_behind_its_longest_part():
    drawn = plot_time_parts(JOBS, overlap=True)
    for text, part, job in zip(drawn.ax.texts, (1, 0), (0, 1), strict=True):
        bar = drawn.bars[part][job]
        x, y = text.get_position()
        assert x > bar.get_width()
        assert bar.get_y() < y < bar.get_y() + bar.get_height()


def test_the_first_job_is_at_the_top_and_parts_differ_in_more_than_colour():
    drawn = plot_time_parts(JOBS)
    low, high = drawn.ax.get_ylim()
    assert low > high
    one, other = (part[0] for part in drawn.bars)
    assert to_hex(one.get_facecolor()) != to_hex(other.get_facecolor())
    assert one.get_hatch() != other.get_hatch()


@pytest.mark.parametrize(
    ("overlap", "said"), [(False, "add up"), (True, "at the same time, the longest decides")]
)
def test_the_words_say_every_part_and_how_they_go_together(overlap, said):
    text = get_alt_text(plot_time_parts(JOBS, overlap=overlap, title="A night").ax.figure)
    assert text.startswith("A night: milliseconds a picture")
    assert said in text
    assert "phone: decode 200, network 30; in all" in text


def test_a_part_may_take_no_time_and_so_may_all():
    drawn = plot_time_parts({"nothing": {"network": 0.0}})
    drawn.ax.figure.canvas.draw()
    assert drawn.totals.tolist() == [0]


@pytest.mark.parametrize(
    ("jobs", "message"),
    [
        ({}, "no job"),
        ({"a": {}}, "'a' has the parts"),
        ({"a": {"x": 1}, "b": {"y": 1}}, "'b' has the parts .*'y'.*'x'"),
        ({"a": {"x": 1, "y": 2}, "b": {"y": 1, "x": 2}}, "same order"),
        ({"a": {"x": -1}}, "x of 'a' takes -1"),
        ({"a": {"x": np.nan}}, "x of 'a' takes nan"),
        ({"a": {"x": np.inf}}, "x of 'a' takes inf"),
    ],
)
def test_times_that_cannot_be_drawn_are_refused(jobs, message):
    with pytest.raises(ValueError, match=message):
        plot_time_parts(jobs)


def test_draws_on_the_axes_given():
    _, ax = plt.subplots()
    assert plot_time_parts(JOBS, ax=ax).ax is ax
