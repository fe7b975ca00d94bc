"""The hidden part of the checks of assignment 2: the same tests on other data.

It never leaves this folder (`CourseDirectory.ignore` in nbgrader_config.py); autograding imports it
from here.
"""

import numpy as np
from a2_checks import (
    CHECKLIST,
    binary,
    fitted_case,
    given,
    mean_log,
    moved,
    note_case,
    of_labels,
    softmax_of,
    step_case,
)

from course_utils.checks import Case


def one_step():
    """Give steps from many places, one of them with a single feature."""
    rng = np.random.default_rng(1)
    cases = []
    for n_features in (1, 4, 12):
        names = ("weights", "bias", "x", "y", "learning_rate")
        values = (rng.normal(size=n_features), rng.normal(), rng.normal(size=n_features), 0.7, 0.03)
        about = f"{n_features} feature{'s' * (n_features > 1)}"
        cases.append(Case(dict(zip(names, values, strict=True)), moved(*values), about=about))
    return cases


def sgd():
    """Give a table twice, and one of a single row."""
    rng = np.random.default_rng(2)
    X = rng.normal(size=(30, 4))
    y = X @ [1.5, -2.0, 0.3, 0.0] + 0.8
    return [
        fitted_case(X, y, rate=0.03, epochs=2, seed=11, about="thirty rows"),
        fitted_case(X, y, rate=0.03, epochs=60, seed=3, about="sixty epochs"),
        fitted_case(X[:1], y[:1], rate=0.1, epochs=2, seed=0, about="a table of one row"),
    ]


def softmax():
    """Give one row, many classes, and rows at very different heights."""
    rng = np.random.default_rng(3)
    logits = rng.normal(0, 3, (20, 7))
    heights = 10.0 ** np.arange(6)[:, np.newaxis]
    far = rng.normal(0, 2, (12, 3)) + np.vstack([heights, -heights])
    return [
        Case({"logits": logits[:1]}, softmax_of(logits[:1]), about="one row"),
        Case({"logits": logits}, softmax_of(logits), about="seven classes"),
        Case({"logits": far}, softmax_of(far), about="rows at very different heights"),
        Case(
            {"logits": np.array([[-800.0, 0.0, 900.0], [1.0, 1.0, 1e5]])},
            [[0.0, 0.0, 1.0], [0.0, 0.0, 1.0]],
            about="logits far apart in one row",
        ),
        Case({"logits": logits[:, :1]}, np.ones((20, 1)), about="one class only"),
    ]


# ---- wrong programs that examples of losses should notice; each docstring completes "somebody who"


def base_ten(probabilities, labels):
    """takes the logarithm to the base 10"""
    return float(-np.log10(of_labels(probabilities, labels)).mean())


def log_of_mean(probabilities, labels):
    """takes the mean of the probabilities first, and then one logarithm"""
    return float(-np.log(of_labels(probabilities, labels).mean()))


def by_rows_and_classes(probabilities, labels):
    """divides by rows times classes, and not by rows"""
    return float(-np.log(of_labels(probabilities, labels)).sum() / probabilities.size)


def missing_to_one(probabilities, labels):
    """takes what is missing to 1, and no logarithm"""
    return float(1 - of_labels(probabilities, labels).mean())


def yes_or_no(probabilities, labels):
    """lets the wrong classes count too, each with how much is missing to 1"""
    return float(binary(probabilities, labels))


def columns_of_every_row(probabilities, labels):
    """takes the columns of all labels from every row"""
    return float(-np.log(probabilities[:, labels]).mean())


def first_class(probabilities, labels):
    """takes the first class for the right one in every row"""
    return float(-np.log(probabilities[:, 0]).mean())


def first_row(probabilities, labels):
    """looks at the first row alone"""
    return float(-np.log(probabilities[0, labels[0]]))


def worst_row(probabilities, labels):
    """takes the loss of the worst row"""
    return float(-np.log(of_labels(probabilities, labels).min()))


def no_minus(probabilities, labels):
    """forgets the minus in front"""
    return float(np.log(of_labels(probabilities, labels)).mean())


def cross_entropy():
    """Give many rows, and one with as many rows as classes."""
    rng = np.random.default_rng(4)
    cases = []
    for n, k in ((50, 4), (3, 3), (2, 9)):
        probabilities, labels = softmax_of(rng.normal(0, 2, (n, k))), rng.integers(k, size=n)
        loss = float(mean_log(of_labels(probabilities, labels)))
        cases.append(Case(given(probabilities, labels), loss, about=f"{n} rows, {k} classes"))
    return cases


def softmax_step():
    """Give steps on other tables, one of them with high logits."""
    rng = np.random.default_rng(5)
    cases = []
    for n, d, k, scale in ((12, 5, 4, 1.0), (1, 3, 6, 1.0), (8, 2, 2, 1.0), (6, 3, 3, 400.0)):
        about = f"{n} rows, {d} features, {k} classes" + " and high logits" * (scale > 1)
        cases.append(
            step_case(
                scale * rng.normal(size=(d, k)),
                rng.normal(size=k),
                rng.normal(size=(n, d)),
                rng.integers(k, size=n),
                rate=0.2,
                about=about,
            )
        )
    return cases


def count_parameters():
    """Give a deep network, a wide one, and one layer."""
    return [
        Case({"layer_sizes": [2, 100, 100, 100, 1]}, 20_601),
        Case({"layer_sizes": [64, 32, 10]}, 2_410),
        Case({"layer_sizes": [64, 10]}, 650),
        Case({"layer_sizes": [7, 1, 1, 6, 2]}, 36),
    ]


def read_note():
    """Give notes of other lengths."""
    return [
        note_case([5], seed=11, about="a note of one digit"),
        note_case([9, 4, 1, 6], seed=12, about="a note of four digits"),
        note_case([2, 2, 5, 0, 7], seed=13, about="a note of five digits"),
    ]


check = CHECKLIST.extended(
    {
        "one_step": one_step(),
        "sgd": sgd(),
        "softmax": softmax(),
        "loss_examples": [
            base_ten,
            log_of_mean,
            by_rows_and_classes,
            missing_to_one,
            yes_or_no,
            columns_of_every_row,
            first_class,
            first_row,
            worst_row,
            no_minus,
        ],
        "cross_entropy": cross_entropy(),
        "softmax_step": softmax_step(),
        "count_parameters": count_parameters(),
        "read_note": read_note(),
    }
).check
