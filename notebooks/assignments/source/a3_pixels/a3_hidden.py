"""The hidden part of the checks of assignment 3: the same tests on other data.

It never leaves this folder (`CourseDirectory.ignore` in nbgrader_config.py); autograding imports it
from here.
"""

import numpy as np
from a3_checks import (
    CHECKLIST,
    accuracies,
    grey,
    map_of,
    moved,
    one_picture,
    right_by,
    some_pictures,
    some_weights,
    table,
    to_the_right,
)
from a3_hidden_programs import black_bars, nearest, read
from a3_hidden_programs import right as as_it_should
from PIL import Image

from course_utils import flatten_images
from course_utils.checks import Case


def colours(seed, *shape):
    """Draw pictures."""
    return np.random.default_rng(seed).integers(0, 256, (*shape, 3), dtype=np.uint8)


def flattened(pictures):
    """Flatten pictures as the course's library does."""
    height, width, _ = pictures[0].shape
    images = [Image.fromarray(picture) for picture in pictures]
    return flatten_images(images, size=(width, height), progress=False)


def to_grey():
    """Give a picture that is higher than wide, one of a single pixel, and one of three rows."""
    return [
        Case({"picture": picture}, grey(picture).round(3))
        for picture in (colours(1, 9, 4), colours(2, 1, 1), colours(3, 3, 3))
    ]


def flatten():
    """Give pictures in colour that are wider than high, dark ones, and a square one.

    None has a grey that lies half-way between two levels: there are several ways to round that.
    """
    dark = colours(9, 2, 4, 6) // 5
    return [
        Case(
            {"pictures": list(colours(5, 3, 4, 6))},
            flattened(colours(5, 3, 4, 6)),
            about="three pictures, held against `flatten_images`",
        ),
        Case({"pictures": list(dark)}, flattened(dark), about="dark pictures"),
        Case({"pictures": list(colours(8, 1, 3, 3))}, flattened(colours(8, 1, 3, 3))),
    ]


def baseline():
    """Give labels of other words, in which the most frequent one is missing among the new ones."""
    return [
        Case(
            {
                "y_train": np.array(["cat", "wild", "wild", "dog", "wild", "cat"]),
                "y_new": np.array(["cat", "cat", "dog"]),
            },
            0.0,
            about="a most frequent class that no new picture shows",
        ),
        Case(
            {"y_train": np.array([3, 1, 1, 3, 2, 2, 3]), "y_new": np.array([3, 3, 3, 1, 2, 3, 1])},
            4 / 7,
            about="labels that are numbers",
        ),
        Case(
            {"y_train": np.array(["z", "m", "b"]), "y_new": np.array(["m", "b", "b", "b"])},
            0.75,
            about="three labels that are equally frequent",
        ),
        Case({"y_train": np.array(["a"]), "y_new": np.array(["a", "a"])}, 1.0),
    ]


def gap():
    """Give a model that knows everything by heart, and one that does not."""
    y_train, y_new = np.array([0, 1, 2, 2, 1, 0, 2]), np.array([1, 1, 0])
    return [
        Case(
            {
                "y_train": y_train,
                "says_train": y_train.copy(),
                "y_new": y_new,
                "says_new": np.array([2, 0, 0]),
            },
            2 / 3,
            about="labels that are numbers",
        ),
        Case(
            {
                "y_train": y_train,
                "says_train": np.array([0, 1, 2, 0, 0, 0, 2]),
                "y_new": y_new,
                "says_new": np.array([1, 0, 0]),
            },
            5 / 7 - 2 / 3,
        ),
    ]


def diagnose():
    """Give pictures with more to learn, and columns too few to know everything by heart."""
    given = some_pictures(80, 18, 13, 50)
    given["X_new"] = (given["X_new"] + 0.05 * (given["y_new"] == "grass")[:, np.newaxis]).clip(0, 1)
    few_columns = some_pictures(7, 24, 14, 6)
    return [Case(each, table(*accuracies(**each))) for each in (given, few_columns)]


def shifted():
    """Give steps in every direction, one pixel, and a single row."""
    picture = np.random.default_rng(7).random((6, 9)).round(2)
    steps = [(3, 2), (-2, -1), (-4, 3), (5, -5), (-9, 0), (0, 6), (0, -20), (1, 0), (0, 1)]
    return [
        *(
            Case({"picture": picture, "right": r, "down": d}, moved(picture, r, d))
            for r, d in steps
        ),
        Case({"picture": picture[:1], "right": 2, "down": 1}, moved(picture[:1], 2, 1)),
        Case({"picture": picture[:, :1], "right": -1, "down": -2}, moved(picture[:, :1], -1, -2)),
    ]


def right_when_moved():
    """Give more pictures and classes, and steps to the left."""
    given = {**some_weights(21, 20, 5, 6, 4), "steps": [3, 0, -2, 1, 9]}
    return [Case(given, right_by(to_the_right)(*given.values()), about="steps of any length")]


def prediction_map():
    """Give other reaches, down to none."""
    cases = []
    for seed, reach in ((31, 3), (32, 1), (33, 0)):
        given = {**one_picture(seed, 5, 7, 5), "reach": reach}
        cases.append(Case(given, map_of(*given.values()), about=f"a reach of {reach}"))
    given = {
        "picture": np.ones((2, 2)),
        "weights": np.array([[1.0] * 4, [2.0] * 4, [2.0] * 4]),
        "intercepts": np.zeros(3),
        "reach": 1,
    }
    return [*cases, Case(given, [[1] * 3] * 3, about="equal scores")]


# ---- wrong programs that examples should notice; each docstring completes "somebody who …" -------


def exchanges_the_two(picture, right, down):
    """takes `right` for `down`"""
    return as_it_should(picture, down, right)


def only_to_the_right(picture, right, down):
    """never moves anything down"""
    return as_it_should(picture, right, 0)


def only_down(picture, right, down):
    """never moves anything to the right"""
    return as_it_should(picture, 0, down)


def upside_down(picture, right, down):
    """moves up instead of down"""
    return as_it_should(picture, right, -down)


def without_signs(picture, right, down):
    """ignores the sign of a negative number of steps"""
    return as_it_should(picture, abs(right), abs(down))


def never_back(picture, right, down):
    """does not move at all when the number of steps is negative"""
    return as_it_should(picture, max(right, 0), max(down, 0))


def keeps_what_was_there(picture, right, down):
    """leaves the old pixels where nothing comes from"""
    height, width = len(picture), len(picture[0])

    def pixel(row, column):
        source_row, source_column = row - down, column - right
        inside = 0 <= source_row < height and 0 <= source_column < width
        return picture[source_row][source_column] if inside else picture[row][column]

    return read(picture, pixel)


def one_step_at_most(picture, right, down):
    """moves by one pixel, however many are asked for"""
    return as_it_should(picture, nearest(right + 1, 3) - 1, nearest(down + 1, 3) - 1)


def black_corners(picture, right, down):
    """repeats the border for steps to the side, and puts 0 for steps up and down"""
    return black_bars(as_it_should(picture, right, 0), 0, down)


check = CHECKLIST.extended(
    {
        "to_grey": to_grey(),
        "flatten": flatten(),
        "baseline": baseline(),
        "gap": gap(),
        "diagnose": diagnose(),
        "shift_examples": [
            exchanges_the_two,
            only_to_the_right,
            only_down,
            upside_down,
            without_signs,
            never_back,
            keeps_what_was_there,
            one_step_at_most,
            black_corners,
        ],
        "shifted": shifted(),
        "right_when_moved": right_when_moved(),
        "prediction_map": prediction_map(),
    }
).check
