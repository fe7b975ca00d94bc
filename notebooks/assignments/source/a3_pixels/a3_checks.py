"""What the checks of assignment 3 try, and what they know about mistakes.

The notebook's checks call this. Solve the exercises before you read on: what follows gives away a
good part of the fun.
"""

from collections import Counter

import numpy as np
from a3_sealed import PROGRAMS

from course_utils.checks import (
    Case,
    Checklist,
    ExamplesTest,
    FunctionTest,
    check_array,
    check_number,
    check_table,
)

# ---- exercise 1 ----------------------------------------------------------------------------------

LUMA = (0.299, 0.587, 0.114)
# Pillow rounds grey to whole numbers, and so may a learner: half a grey level is no mistake.
HALF_A_LEVEL = 0.501

COLOURS = np.array(
    [
        [[255, 0, 0], [0, 255, 0]],
        [[0, 0, 255], [255, 255, 255]],
        [[3, 5, 7], [200, 100, 50]],
    ],
    dtype=np.uint8,
)
# Three rows, so that who takes rows for channels finds three of them in each picture.
BRIGHT = np.array([[[250, 240, 130]], [[90, 180, 210]], [[200, 200, 200]]], dtype=np.uint8)


def grey(picture, weights=LUMA):
    """Give the weighted sum of the channels."""
    return np.asarray(picture, dtype=float) @ np.array(weights)


def overflown(picture):
    """Give the mean of the channels as it comes out when the sum has to fit into eight bits."""
    red, green, blue = np.moveaxis(np.asarray(picture, dtype=np.uint8), -1, 0)
    return (red + green + blue) / 3


def overflown_percents(picture):
    """Give the sum with whole percents as weights, when it has to fit into eight bits."""
    red, green, blue = np.moveaxis(np.asarray(picture, dtype=np.uint8), -1, 0)
    return (30 * red + 59 * green + 11 * blue) / 100


def channels_first(picture):
    """Give the sum of the first three rows, as if those were the channels."""
    return np.tensordot(LUMA, np.asarray(picture, dtype=float)[:3], axes=1)


CUT_OFF = "Those are cut off (76.9 became 76). Leave the numbers as they come out, or round them."
PLAIN_MEAN = (
    "That is the plain mean of the channels. To the eye, green counts most: use the weights."
)
EIGHT_BITS = (
    "The picture's numbers have eight bits, and so has a sum of them: 200 + 100 gives 44. Turn the "
    "picture into floats before you calculate."
)

TO_GREY = FunctionTest(
    "to_grey",
    "1a",
    [
        Case({"picture": COLOURS}, grey(COLOURS).round(3)),
        Case({"picture": BRIGHT}, grey(BRIGHT).round(3), about="bright colours"),
    ],
    check_array,
    by_row=["picture"],
    mistakes={
        PLAIN_MEAN: lambda picture: grey(picture, [1 / 3] * 3),
        EIGHT_BITS: [overflown, overflown_percents],
        "The last axis holds red, green and blue, in this order.": (
            lambda picture: grey(picture, LUMA[::-1])
        ),
        "Those run from 0 to 1. Here, black is 0 and white is 255.": (
            lambda picture: grey(picture) / 255
        ),
        CUT_OFF: lambda picture: np.floor(grey(picture)),
        "Those are the weights of another standard. Take the three in the text.": (
            lambda picture: grey(picture, [0.2126, 0.7152, 0.0722])
        ),
        "Red, green and blue are along the last axis, `picture[:, :, 0]` and so on, and not along "
        "the first.": channels_first,
        "That is one channel alone.": [
            lambda picture: picture[:, :, 0],
            lambda picture: picture[:, :, 1],
            lambda picture: picture[:, :, 2],
        ],
    },
    options={"array": True, "rtol": 0, "atol": HALF_A_LEVEL},
)

FIRST = np.array([[0, 51, 102], [153, 204, 255]], dtype=np.uint8)
SECOND = np.array([[10, 20, 30], [40, 50, 60]], dtype=np.uint8)


def as_colour(picture):
    """Give a grey picture as a colour picture: three channels that are equal."""
    return np.repeat(picture[:, :, np.newaxis], 3, axis=2)


def rows_of(pictures, weights=LUMA, order="C"):
    """Flatten pictures to grey rows, from 0 to 255."""
    return np.stack([grey(picture, weights).ravel(order=order) for picture in pictures])


def each_stretched(pictures):
    """Give rows from 0, at a picture's darkest pixel, to 1, at its brightest."""
    rows = rows_of(pictures)
    lowest = rows.min(axis=1, keepdims=True)
    return (rows - lowest) / (rows.max(axis=1, keepdims=True) - lowest)


FLATTEN = FunctionTest(
    "flatten",
    "1b",
    [
        Case(
            {"pictures": [as_colour(FIRST), as_colour(SECOND)]},
            np.stack([FIRST.ravel(), SECOND.ravel()]) / 255,
            about="two pictures that are grey already",
        ),
        Case(
            {"pictures": [COLOURS]},
            rows_of([COLOURS]) / 255,
            about="one picture, in colour",
        ),
    ],
    check_array,
    by_row=["pictures"],
    mistakes={
        "Those go down the columns. Lay the rows end to end: first all of the top row, from left "
        "to right.": lambda pictures: rows_of(pictures, order="F") / 255,
        "Black is 0 and white is 1: divide by the largest value that a pixel can have.": [
            rows_of,
            lambda pictures: rows_of(pictures).round(),
        ],
        "White comes out as less than 1: the largest value of a pixel is 255, and not 256.": (
            lambda pictures: rows_of(pictures) / 256
        ),
        "Everything below white became 0: `//` and whole-number types drop what is behind the "
        "point.": lambda pictures: rows_of(pictures) // 255,
        "Each picture has a row of its own: here all of them are in one.": (
            lambda pictures: rows_of(pictures).ravel() / 255
        ),
        "Those are still pictures: lay the rows of each end to end.": (
            lambda pictures: np.stack([grey(picture) for picture in pictures]) / 255
        ),
        "A picture is a row of the table here, and not a column.": (
            lambda pictures: rows_of(pictures).T / 255
        ),
        "Those are three numbers for each pixel: make each picture grey first.": (
            lambda pictures: np.stack([picture.ravel() for picture in pictures]) / 255
        ),
        "Each picture is divided by its own brightest pixel, so dark pictures come out bright. "
        "Divide all of them by 255.": (
            lambda pictures: rows_of(pictures) / rows_of(pictures).max(axis=1, keepdims=True)
        ),
        "Each picture is stretched from its own darkest to its own brightest pixel, so dark ones "
        "come out bright. Divide all of them by 255.": each_stretched,
        "That is the first picture alone. Is `return` inside of the loop?": (
            lambda pictures: rows_of(pictures)[0] / 255
        ),
        PLAIN_MEAN: lambda pictures: rows_of(pictures, [1 / 3] * 3) / 255,
    },
    options={"array": True, "rtol": 0, "atol": HALF_A_LEVEL / 255},
)

# ---- exercise 2 ----------------------------------------------------------------------------------


def most_frequent(labels):
    """Give the most frequent label, of equally frequent ones the first in sorted order."""
    counts = Counter(np.asarray(labels).tolist())
    return min(counts, key=lambda label: (-counts[label], label))


def share(labels, label):
    """Give the fraction of the labels that are this one."""
    return float(np.mean(np.asarray(labels) == label))


def last_of_equally_frequent(y_train, y_new):
    """Give the accuracy when the last in sorted order of equally frequent labels is said."""
    counts = Counter(y_train.tolist())
    return share(y_new, max(counts, key=lambda label: (counts[label], label)))


def first_to_appear(y_train, y_new):
    """Give the accuracy when the label that appears first of equally frequent ones is said."""
    return share(y_new, Counter(y_train.tolist()).most_common(1)[0][0])


BASELINE = FunctionTest(
    "baseline",
    "2",
    [
        Case(
            {
                "y_train": np.array(["grass", "brick", "grass", "gravel", "grass", "gravel"]),
                "y_new": np.array(["gravel", "grass", "gravel", "gravel", "brick"]),
            },
            0.2,
        ),
        Case(
            {
                "y_train": np.array(["no", "yes", "yes", "no", "maybe"]),
                "y_new": np.array(["no", "no", "no", "yes"]),
            },
            0.75,
            about="two labels that are equally frequent in training",
        ),
        Case(
            {
                "y_train": np.array(["b", "b", "a", "a", "c"]),
                "y_new": np.array(["a", "b", "b", "c", "b"]),
            },
            0.2,
            about="two labels that are equally frequent in training",
        ),
    ],
    check_number,
    mistakes={
        "That is the most frequent label of the *new* pictures. Nobody knows their labels yet: "
        "choose from `y_train`.": lambda y_train, y_new: share(y_new, most_frequent(y_new)),
        "That is the accuracy on the training pictures. Choose from them, and measure on the new "
        "ones.": lambda y_train, y_new: share(y_train, most_frequent(y_train)),
        "One divided by the number of classes is what guessing at random gives. Here always the "
        "same label is said, and classes are not of equal size.": [
            lambda y_train, y_new: 1 / len(set(y_train.tolist())),
            lambda y_train, y_new: 1 / len(set(y_new.tolist())),
        ],
        "That is a number of pictures: divide by how many new ones there are.": (
            lambda y_train, y_new: np.sum(y_new == most_frequent(y_train))
        ),
        "That is divided by the number of training pictures: divide by that of the new ones.": (
            lambda y_train, y_new: np.sum(y_new == most_frequent(y_train)) / len(y_train)
        ),
        "Those are percents. An accuracy goes from 0 to 1.": (
            lambda y_train, y_new: 100 * share(y_new, most_frequent(y_train))
        ),
        "You compare labels with how often one of them occurs. `np.unique` gives labels *and* "
        "counts: take the label that stands at the place of the highest count.": (
            lambda y_train, y_new: share(y_new, Counter(y_train.tolist()).most_common(1)[0][1])
        ),
        "That is how many are *wrong*.": (
            lambda y_train, y_new: 1 - share(y_new, most_frequent(y_train))
        ),
        "Of equally frequent labels, the first in sorted order is said.": [
            last_of_equally_frequent,
            first_to_appear,
        ],
    },
)

# ---- exercise 3 ----------------------------------------------------------------------------------


def accuracy(labels, says):
    """Give the fraction of the labels that were said."""
    return float(np.mean(np.asarray(labels) == np.asarray(says)))


def count_gap(y_train, says_train, y_new, says_new):
    """Give the difference of the numbers of pictures."""
    return np.sum(y_train == says_train) - np.sum(y_new == says_new)


GAP = FunctionTest(
    "gap",
    "3a",
    [
        Case(
            {
                "y_train": np.array(["grass", "grass", "brick", "brick", "brick"]),
                "says_train": np.array(["grass", "grass", "brick", "brick", "grass"]),
                "y_new": np.array(["brick", "grass", "brick", "grass"]),
                "says_new": np.array(["brick", "brick", "grass", "grass"]),
            },
            0.3,
        ),
        Case(
            {
                "y_train": np.array(["a", "b", "a", "b"]),
                "says_train": np.array(["a", "a", "a", "a"]),
                "y_new": np.array(["a", "a", "a", "b", "a"]),
                "says_new": np.array(["a", "a", "a", "a", "a"]),
            },
            -0.3,
            about="a model that happens to do better on new pictures",
        ),
    ],
    check_number,
    mistakes={
        "That is the other way round: training minus new, so that a model that knows its training "
        "pictures by heart has a gap above 0.": (
            lambda y, says, y_new, says_new: accuracy(y_new, says_new) - accuracy(y, says)
        ),
        "A gap may be below 0: leave its sign.": (
            lambda y, says, y_new, says_new: abs(accuracy(y, says) - accuracy(y_new, says_new))
        ),
        "A gap below 0 is no mistake: return it as it is.": (
            lambda y, says, y_new, says_new: max(accuracy(y, says) - accuracy(y_new, says_new), 0)
        ),
        "That is the accuracy in training alone. The gap says how much of it is lost on new "
        "pictures.": lambda y, says, y_new, says_new: accuracy(y, says),
        "That is the accuracy on new pictures alone. The gap is between two.": (
            lambda y, says, y_new, says_new: accuracy(y_new, says_new)
        ),
        "That is how many training pictures are wrong, and says nothing about new ones.": (
            lambda y, says, y_new, says_new: 1 - accuracy(y, says)
        ),
        "Those are numbers of pictures. The two sets differ in size: take fractions.": [
            count_gap,
            lambda y, says, y_new, says_new: count_gap(y, says, y_new, says_new) / len(y),
            lambda y, says, y_new, says_new: count_gap(y, says, y_new, says_new) / len(y_new),
        ],
        "Those are percents. An accuracy goes from 0 to 1.": (
            lambda y, says, y_new, says_new: 100 * (accuracy(y, says) - accuracy(y_new, says_new))
        ),
        "That is a ratio. Subtract one from the other.": (
            lambda y, says, y_new, says_new: accuracy(y, says) / accuracy(y_new, says_new)
        ),
    },
)

ROWS = ["most frequent class", "pixels", "labels from a hat"]


def some_pictures(seed, n_train=16, n_new=12, n_columns=40):
    """Draw pictures with more columns than rows, of which a little can be learned."""
    rng = np.random.default_rng(seed)
    kinds = np.array(["brick", "grass", "gravel"])
    y = rng.choice(kinds, n_train + n_new, p=[0.25, 0.5, 0.25])
    X = rng.normal(0.5, 0.2, (len(y), n_columns)) + 0.1 * (y == "grass")[:, np.newaxis]
    X = X.clip(0, 1).round(2)
    return {
        "X_train": X[:n_train],
        "y_train": y[:n_train],
        "X_new": X[n_train:],
        "y_new": y[n_train:],
        "y_hat": rng.permutation(y[:n_train]),
    }


def says(X, y, *tables):
    """Fit, and give what the model says of each table."""
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(max_iter=2000).fit(X, y)
    return [model.predict(table) for table in tables]


def table(training, new, gaps=None):
    """Make the table that exercise 3b asks for."""
    import pandas as pd

    columns = {"training": training, "new": new}
    gaps = np.subtract(training, new) if gaps is None else gaps
    return pd.DataFrame({**columns, "gap": gaps}, index=ROWS)


def accuracies(X_train, y_train, X_new, y_new, y_hat):
    """Give the accuracies of the three, in training and on new pictures."""
    usual = most_frequent(y_train)
    pixels = says(X_train, y_train, X_train, X_new)
    hat = says(X_train, y_hat, X_train, X_new)
    return (
        [share(y_train, usual), accuracy(y_train, pixels[0]), accuracy(y_hat, hat[0])],
        [share(y_new, usual), accuracy(y_new, pixels[1]), accuracy(y_new, hat[1])],
    )


def changed(row, column, value):
    """Give the function that makes the right table but for one accuracy."""

    def wrong(*arguments):
        measured = accuracies(*arguments)
        measured[column][row] = value(*arguments)
        return table(*measured)

    return wrong


def fitted_to_new(X_train, y_train, X_new, y_new, y_hat):
    """Give the table of a model that was fitted to the new pictures."""
    training, new = accuracies(X_train, y_train, X_new, y_new, y_hat)
    on_training, on_new = says(X_new, y_new, X_train, X_new)
    training[1], new[1] = accuracy(y_train, on_training), accuracy(y_new, on_new)
    return table(training, new)


def hat_against_the_truth(X_train, y_train, X_new, y_new, y_hat):
    """Measure the third model on the true labels of the training pictures."""
    return accuracy(y_train, says(X_train, y_hat, X_train)[0])


def without_a_hat(X_train, y_train, X_new, y_new, y_hat):
    """Give the table whose third model learned the true labels."""
    training, new = accuracies(X_train, y_train, X_new, y_new, y_hat)
    on_training, on_new = says(X_train, y_train, X_train, X_new)
    training[2], new[2] = accuracy(y_hat, on_training), accuracy(y_new, on_new)
    return table(training, new)


def the_same_model_twice(X_train, y_train, X_new, y_new, y_hat):
    """Give the table whose third row is the second again."""
    training, new = accuracies(X_train, y_train, X_new, y_new, y_hat)
    return table([*training[:2], training[1]], [*new[:2], new[1]])


def the_model_of_the_hat_twice(X_train, y_train, X_new, y_new, y_hat):
    """Give the table of one model, fitted again before it was asked about the true labels."""
    training, new = accuracies(X_train, y_train, X_new, y_new, y_hat)
    on_training, on_new = says(X_train, y_hat, X_train, X_new)
    training[1], new[1] = accuracy(y_train, on_training), accuracy(y_new, on_new)
    return table(training, new)


def scaled(X_train, y_train, X_new, y_new, y_hat):
    """Give the table of models on scaled columns."""
    mean, deviation = X_train.mean(axis=0), X_train.std(axis=0)
    X_train, X_new = (X_train - mean) / deviation, (X_new - mean) / deviation
    return table(*accuracies(X_train, y_train, X_new, y_new, y_hat))


DIAGNOSE = FunctionTest(
    "diagnose",
    "3b",
    [
        Case(some_pictures(58), table([1 / 2, 1, 1], [1 / 3, 5 / 12, 1 / 2])),
        Case(some_pictures(53), table([1 / 2, 1, 1], [1 / 3, 7 / 12, 1 / 3])),
    ],
    check_table,
    mistakes={
        "The gap is training minus new.": (
            lambda *arguments: table(
                *accuracies(*arguments), np.subtract(*accuracies(*arguments)[::-1])
            )
        ),
        "The columns `training` and `new` are exchanged.": (
            lambda *arguments: table(*accuracies(*arguments)[::-1])
        ),
        "Whoever learned labels from a hat is asked in training for *those* labels, `y_hat`: does "
        "it know them by heart?": changed(2, 0, hat_against_the_truth),
        "The third model is fitted to `y_hat`, the labels from the hat.": [
            without_a_hat,
            the_same_model_twice,
        ],
        "The second model was asked after the same object had been fitted to the labels from the "
        "hat. Make a new LogisticRegression for each.": the_model_of_the_hat_twice,
        "Fit to the training pictures. A model that has seen the new ones has seen the answers.": (
            fitted_to_new
        ),
        "The most frequent class is that of the training pictures, also for the new ones.": changed(
            0, 1, lambda X, y_train, X_new, y_new, y_hat: share(y_new, most_frequent(y_new))
        ),
        "Those who do not look have an accuracy in training too: that of the most frequent class "
        "among the training pictures.": changed(
            0, 0, lambda X, y_train, X_new, y_new, y_hat: share(y_new, most_frequent(y_train))
        ),
        "Both columns are measured on the training pictures.": (
            lambda *arguments: table(*[accuracies(*arguments)[0]] * 2)
        ),
        "Those are models on scaled columns. Take the pixels as they are.": scaled,
        "Those are rounded. Leave the numbers as they come out; whoever shows the table can round "
        "it.": [
            lambda *arguments: table(*accuracies(*arguments)).round(3),
            lambda *arguments: table(*accuracies(*arguments)).round(2),
        ],
    },
)

# ---- exercise 4 ----------------------------------------------------------------------------------

SHIFT_EXAMPLES = ExamplesTest(
    "shift_examples",
    "4",
    "shifted",
    ["picture", "right", "down"],
    right=PROGRAMS.right,
    wrong=PROGRAMS.WRONG,
    check=check_array,
    points=2,
    accepts=PROGRAMS.accepts,
    at_least=5,
)

# ---- exercise 5 ----------------------------------------------------------------------------------

STAIRS = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
FIELD = np.array([[7.0, 1.0, 4.0, 2.0], [3.0, 9.0, 5.0, 8.0], [6.0, 0.0, 2.0, 5.0]])


def moved(picture, right, down):
    """Move a picture; the pixels at the border are repeated."""
    height, width = picture.shape
    rows = np.clip(np.arange(height) - down, 0, height - 1)
    columns = np.clip(np.arange(width) - right, 0, width - 1)
    return picture[np.ix_(rows, columns)]


def filled(value):
    """Give the function that moves a picture and fills in one value, which depends on it."""

    def move(picture, right, down):
        result = np.full(picture.shape, value(picture), dtype=float)
        for r in range(picture.shape[0]):
            for c in range(picture.shape[1]):
                if 0 <= r - down < picture.shape[0] and 0 <= c - right < picture.shape[1]:
                    result[r, c] = picture[r - down, c - right]
        return result

    return move


def rolled(picture, right, down):
    """Move a picture; what leaves on one side comes in on the other."""
    return np.roll(picture, (down, right), axis=(0, 1))


def left_as_it_was(picture, right, down):
    """Move a picture; where nothing comes from, it stays as it was."""
    height, width = picture.shape
    result = picture.copy()
    for r in range(height):
        for c in range(width):
            if 0 <= r - down < height and 0 <= c - right < width:
                result[r, c] = picture[r - down, c - right]
    return result


def one_way_only(picture, right, down):
    """Move a picture down, and only where it does not move down to the right."""
    return moved(picture, 0, down) if down else moved(picture, right, 0)


def other_way_only(picture, right, down):
    """Move a picture to the right, and only where it does not move to the right down."""
    return moved(picture, right, 0) if right else moved(picture, 0, down)


SHIFTED = FunctionTest(
    "shifted",
    "5",
    [
        Case({"picture": STAIRS, "right": 1, "down": 0}, [[1, 1, 2], [4, 4, 5]]),
        Case({"picture": STAIRS, "right": 0, "down": 1}, [[1, 2, 3], [1, 2, 3]]),
        Case(
            {"picture": FIELD, "right": -1, "down": 1},
            [[1, 4, 2, 2], [1, 4, 2, 2], [9, 5, 8, 8]],
            about="a step to the left and down",
        ),
        Case(
            {"picture": FIELD, "right": 2, "down": -1},
            [[3, 3, 3, 9], [6, 6, 6, 0], [6, 6, 6, 0]],
            about="two steps to the right, and one up",
        ),
        Case({"picture": FIELD, "right": 0, "down": 0}, FIELD, about="no step at all"),
        Case(
            {"picture": STAIRS, "right": 7, "down": 0},
            [[1, 1, 1], [4, 4, 4]],
            about="a step that is longer than the picture is wide",
        ),
    ],
    check_array,
    mistakes={
        "What leaves on one side does not come in on the other: that is gone, and the pixels at "
        "the border are repeated.": rolled,
        "Where nothing comes from, repeat the nearest pixel at the border; 0 would be a black "
        "bar.": filled(lambda picture: 0),
        "Where nothing comes from, repeat the nearest pixel at the border, and not the mean.": (
            filled(np.mean)
        ),
        "Where nothing comes from, repeat the nearest pixel at the border; here the old ones were "
        "left.": left_as_it_was,
        "That moves the other way: what was in column 0 goes to column `right`.": [
            lambda picture, right, down: moved(picture, -right, -down),
        ],
        "Up and down are exchanged: what was in row 0 goes to row `down`.": (
            lambda picture, right, down: moved(picture, right, -down)
        ),
        "Left and right are exchanged: what was in column 0 goes to column `right`.": (
            lambda picture, right, down: moved(picture, -right, down)
        ),
        "`right` and `down` are exchanged. Axis 0 goes down, axis 1 to the right.": (
            lambda picture, right, down: moved(picture, down, right)
        ),
        "It moves to the right, and never down.": (
            lambda picture, right, down: moved(picture, right, 0)
        ),
        "It moves down, and never to the right.": (
            lambda picture, right, down: moved(picture, 0, down)
        ),
        "With a step in both directions, one of them is lost. The second move has to go on with "
        "what the first one gave, and not with the picture as it was.": [
            one_way_only,
            other_way_only,
        ],
        "A negative number of steps moves the other way.": [
            lambda picture, right, down: moved(picture, abs(right), abs(down)),
            lambda picture, right, down: moved(picture, max(right, 0), max(down, 0)),
        ],
    },
    options={"array": True},
)

# ---- exercise 6 ----------------------------------------------------------------------------------


def scores_of(picture, weights, intercepts, order="C"):
    """Give the score of each class."""
    return np.asarray(weights) @ picture.ravel(order=order) + np.asarray(intercepts)


def said_of(picture, weights, intercepts, order="C"):
    """Give the class with the highest score."""
    return int(np.argmax(scores_of(picture, weights, intercepts, order)))


def right_by(move, said=said_of):
    """Give the function that moves by the step in this way, and asks in this way."""

    def right_when_moved(pictures, labels, weights, intercepts, steps):
        return [
            float(
                np.mean(
                    [
                        said(move(picture, step), weights, intercepts) == label
                        for picture, label in zip(pictures, labels, strict=True)
                    ]
                )
            )
            for step in steps
        ]

    return right_when_moved


def to_the_right(picture, step):
    """Move a picture to the right."""
    return moved(picture, step, 0)


def added_up(pictures, labels, weights, intercepts, steps):
    """Move pictures that have been moved already."""
    accuracies = []
    for step in steps:
        pictures = [moved(picture, step, 0) for picture in pictures]
        accuracies += right_by(to_the_right)(pictures, labels, weights, intercepts, [0])
    return accuracies


def counts(pictures, labels, weights, intercepts, steps):
    """Count the pictures that are right."""
    right = right_by(to_the_right)(pictures, labels, weights, intercepts, steps)
    return np.round(np.array(right) * len(labels)).astype(int)


def same_as_before(pictures, labels, weights, intercepts, steps):
    """Give the fraction of predictions that are the same as without a step."""
    before = [said_of(picture, weights, intercepts) for picture in pictures]
    return right_by(to_the_right)(pictures, before, weights, intercepts, steps)


def without_intercepts(picture, weights, intercepts):
    """Give the class with the highest sum, before its intercept is added."""
    return said_of(picture, weights, np.zeros(len(weights)))


def lowest(picture, weights, intercepts):
    """Give the class with the lowest score."""
    return int(np.argmin(scores_of(picture, weights, intercepts)))


def down_the_columns(picture, weights, intercepts):
    """Give the class with the highest score when a picture is laid out column by column."""
    return said_of(picture, weights, intercepts, order="F")


def some_weights(seed, n_pictures, height, width, n_classes):
    """Draw pictures, labels and a model."""
    rng = np.random.default_rng(seed)
    return {
        "pictures": rng.integers(0, 10, (n_pictures, height, width)) / 10,
        "labels": rng.integers(0, n_classes, n_pictures),
        "weights": rng.normal(0, 2, (n_classes, height * width)).round(2),
        "intercepts": rng.normal(0, 1, n_classes).round(2),
    }


LOWEST = "Those have the lowest scores. The class with the highest score is said."
NO_INTERCEPT = "Add the intercept of each class to its score."
DOWN = "The weights belong to pictures whose rows are laid end to end; here it was the columns."

RIGHT_WHEN_MOVED = FunctionTest(
    "right_when_moved",
    "6a",
    [
        Case(
            {
                "pictures": np.array([[[0.0, 1.0], [0.0, 0.0]], [[1.0, 0.0], [0.0, 0.0]]]),
                "labels": np.array([1, 0]),
                "weights": np.array([[1.0, 0.0, 0.0, 0.0], [0.0, 1.0, 0.0, 0.0]]),
                "intercepts": np.array([0.0, 0.0]),
                "steps": [0, 1],
            },
            [1.0, 0.5],
        ),
        Case(
            {**some_weights(4, 8, 3, 4, 3), "steps": [0, 1, 2, 1]},
            [0.125, 0.375, 0.25, 0.375],
            about="eight pictures and three classes",
        ),
    ],
    check_array,
    mistakes={
        "Move the pictures as they were by each step. Here each step was added to those before.": (
            added_up
        ),
        "Those moved to the left.": right_by(lambda picture, step: moved(picture, -step, 0)),
        "Those moved down.": right_by(lambda picture, step: moved(picture, 0, step)),
        "What leaves on one side came in on the other. Use your `shifted`.": right_by(
            lambda picture, step: rolled(picture, step, 0)
        ),
        "Those are numbers of pictures: divide by how many there are.": counts,
        "That is how many predictions stay the same as without a step. Compare with the labels.": (
            same_as_before
        ),
        "That is how many are wrong.": (
            lambda *arguments: 1 - np.array(right_by(to_the_right)(*arguments))
        ),
        LOWEST: right_by(to_the_right, lowest),
        NO_INTERCEPT: right_by(to_the_right, without_intercepts),
        DOWN: right_by(to_the_right, down_the_columns),
        "The pictures did not move.": right_by(lambda picture, step: picture),
        "That is the accuracy after the first step alone. Is `return` inside of the loop?": (
            lambda *arguments: right_by(to_the_right)(*arguments)[0]
        ),
    },
)


def map_of(picture, weights, intercepts, reach, said=said_of, move=moved, places=None):
    """Give what is said for every step, a row for each step down."""
    places = range(-reach, reach + 1) if places is None else places
    return [
        [said(move(picture, right, down), weights, intercepts) for right in places]
        for down in places
    ]


def best_scores(picture, weights, intercepts, reach):
    """Give the highest score for every step."""
    return map_of(
        picture,
        weights,
        intercepts,
        reach,
        said=lambda picture, weights, intercepts: scores_of(picture, weights, intercepts).max(),
    )


def too_small(picture, weights, intercepts, reach):
    """Give a map that lacks the longest step to the right, and down."""
    return map_of(picture, weights, intercepts, reach, places=range(-reach, reach))


def forward_only(picture, weights, intercepts, reach):
    """Give a map without steps to the left, and up."""
    return map_of(picture, weights, intercepts, reach, places=range(reach + 1))


def from_the_end(picture, weights, intercepts, reach):
    """Give a map whose entries stand at the steps for places; negative ones count from the end."""
    return np.roll(map_of(picture, weights, intercepts, reach), (-reach, -reach), axis=(0, 1))


def one_picture(seed, height, width, n_classes):
    """Draw a picture and a model."""
    given = some_weights(seed, 1, height, width, n_classes)
    return {
        "picture": given["pictures"][0],
        "weights": given["weights"],
        "intercepts": given["intercepts"],
    }


PREDICTION_MAP = FunctionTest(
    "prediction_map",
    "6b",
    [
        Case(
            {
                "picture": np.array([[0.0, 0.0, 1.0], [0.0, 0.0, 0.0]]),
                "weights": np.array(
                    [[0.0] * 6, [1.0, 0.0, 0.0, 0.0, 0.0, 0.0], [0.0, 1.0, 0.0, 0.0, 2.0, 0.0]]
                ),
                "intercepts": np.array([0.5, 0.0, 0.0]),
                "reach": 1,
            },
            [[0, 0, 0], [2, 0, 0], [2, 0, 0]],
        ),
        Case(
            {**one_picture(1, 4, 3, 4), "reach": 2},
            [
                [1, 1, 1, 0, 0],
                [1, 3, 1, 1, 0],
                [1, 3, 1, 1, 3],
                [2, 1, 3, 3, 3],
                [0, 2, 0, 0, 1],
            ],
            about="four classes and a longer reach",
        ),
    ],
    check_array,
    mistakes={
        "Rows and columns are exchanged: a row of the map is a step down, a column a step to the "
        "right.": lambda *arguments: np.transpose(map_of(*arguments)),
        "The map is upside down and reversed: its first row is for the longest step *up*, its "
        "first column for the longest to the *left*.": (
            lambda *arguments: np.array(map_of(*arguments))[::-1, ::-1]
        ),
        "The map is upside down: its first row is for the longest step *up*.": (
            lambda *arguments: map_of(*arguments)[::-1]
        ),
        "Left and right are exchanged: the first column is for the longest step to the *left*.": (
            lambda *arguments: np.array(map_of(*arguments))[:, ::-1]
        ),
        "The longest step to the right, and down, is missing: `range` leaves out its end.": (
            too_small
        ),
        "Steps to the left, and up, are missing.": forward_only,
        "A place below 0 is counted from the end: that of the longest step *up* should be the "
        "first, and so should that of the longest to the *left*.": from_the_end,
        "Those are scores. Return the number of the class with the highest one.": best_scores,
        "What leaves on one side came in on the other. Use your `shifted`.": (
            lambda *arguments: map_of(*arguments, move=rolled)
        ),
        LOWEST: lambda *arguments: map_of(*arguments, said=lowest),
        NO_INTERCEPT: lambda *arguments: map_of(*arguments, said=without_intercepts),
        DOWN: lambda *arguments: map_of(*arguments, said=down_the_columns),
    },
)

# ---- the notebook's ------------------------------------------------------------------------------

CHECKLIST = Checklist(
    [
        TO_GREY,
        FLATTEN,
        BASELINE,
        GAP,
        DIAGNOSE,
        SHIFT_EXAMPLES,
        SHIFTED,
        RIGHT_WHEN_MOVED,
        PREDICTION_MAP,
    ],
    by_hand={"7": "would you let it in"},
)
check = CHECKLIST.check
show_progress = CHECKLIST.show_progress
