import matplotlib.pyplot as plt
import numpy as np
import pytest

from course_utils.plotting import get_alt_text, plot_objects

PICTURE = np.full((20, 30), 100, np.uint8)
SHAPES = np.zeros((20, 30), int)
SHAPES[2:6, 3:9] = 1
SHAPES[10:15, 20:24] = 2


def test_a_box_encloses_its_rows_and_columns_and_nothing_else():
    drawn = plot_objects(PICTURE, boxes=[(slice(2, 6), slice(3, 9))], title="One coin")
    (box,) = drawn.boxes
    # Pixel (2, 3) is drawn from 2.5 to 3.5 across and from 1.5 to 2.5 down.
    assert box.get_bbox().extents.tolist() == [2.5, 1.5, 8.5, 5.5]
    assert get_alt_text(drawn.ax.figure) == "One coin: 1 thing in a box."


def test_shapes_are_coloured_in_each_in_its_own_colour_and_the_rest_stays():
    drawn = plot_objects(PICTURE, shapes=SHAPES)
    shown = drawn.ax.images[0].get_array()
    assert (shown[SHAPES == 0] == 100).all()
    first, second = (np.unique(shown[n == SHAPES], axis=0) for n in (1, 2))
    assert len(first) == len(second) == 1
    assert not np.array_equal(first, second)
    assert drawn.n_shapes == 2
    assert "2 things, each coloured in" in get_alt_text(drawn.ax.figure)


def test_a_colour_picture_and_its_pixels_are_left_as_they_were():
    picture = np.random.default_rng(0).integers(0, 256, (20, 30, 3), dtype=np.uint8)
    before = picture.copy()
    drawn = plot_objects(picture, shapes=SHAPES)
    assert np.array_equal(picture, before)
    assert np.array_equal(drawn.ax.images[0].get_array()[SHAPES == 0], picture[SHAPES == 0])


def test_a_picture_without_marks_says_so():
    assert "nothing is marked" in get_alt_text(plot_objects(PICTURE).ax.figure)


@pytest.mark.parametrize(
    ("picture", "options", "message"),
    [
        (np.zeros((20, 30)), {}, "uint8"),
        (np.zeros(600, np.uint8), {}, r"shape \(600,\)"),
        (PICTURE, {"shapes": SHAPES.T}, "20 x 30 pixels"),
        (PICTURE, {"shapes": SHAPES * 1.0}, "whole number"),
        (PICTURE, {"shapes": SHAPES - 1}, "0 or more"),
        (PICTURE, {"boxes": [(slice(2, 25), slice(3, 9))]}, "does not lie in"),
        (PICTURE, {"boxes": [(slice(2, 6), slice(9, 9))]}, "does not lie in"),
    ],
)
def test_marks_that_do_not_fit_the_picture_are_refused(picture, options, message):
    with pytest.raises(ValueError, match=message):
        plot_objects(picture, **options)


def test_draws_on_the_axes_given():
    _, ax = plt.subplots()
    assert plot_objects(PICTURE, ax=ax).ax is ax
