"""The hidden part of the checks of assignment 7: the same tests on other data.

It never leaves this folder (`CourseDirectory.ignore` in nbgrader_config.py); autograding imports it
from here.
"""

import numpy as np
from a7_checks import (
    CATS,
    CHECKLIST,
    NAN,
    best_row,
    chosen,
    lit_case,
    log_of,
    mirrored_case,
    names_trained,
    norm,
    numbers,
    parameters,
    pictures_of,
    rated,
    run_watches,
    watched_case,
)
from a7_hidden_programs import INFINITE, watch

from course_utils.checks import Case

# Layers whose own names look like statistics, batch normalisation of another name.
ODD = [
    ("running_mean.weight", (2, 3)),
    ("running_variance", (7,)),
    *norm("features.0.norm1", 5),
    ("features.0.conv.weight", (5, 1, 3, 3)),
    ("features.norm.10.bias", (11,)),
]


def count():
    """Give layers of other names, a tensor with an empty axis, and nothing at all."""
    statistics = norm("bn", 6)[2:]
    return [
        Case({"entries": ODD}, numbers(parameters(ODD))),
        Case({"entries": [("empty.weight", (4, 0)), ("full.weight", (2,))]}, 2),
        Case({"entries": statistics}, 0, about="statistics alone"),
        Case({"entries": []}, 0, about="a network without anything"),
    ]


def trained():
    """Give layers whose names are parts of others', and one that is not there."""
    asked = [
        ["features.0"],
        ["features.0.norm1", "running_mean"],
        ["features", "features.0"],
        ["norm", "conv", "features.norm.1"],
        ["running_variance", "features.norm.10.bias"],
        ["features.0.norm1.running_mean"],
    ]
    return [
        Case({"entries": ODD, "layers": layers}, names_trained(ODD, layers)) for layers in asked
    ]


def lit():
    """Give other shapes, factors that nearly change nothing, and very bright ones."""
    return [
        lit_case(pictures_of(11, 4, 3, 5), [0.303, 1.0, 1.011, 5.0]),
        lit_case(pictures_of(12, 1, 1, 1), [0.0], "a factor of 0"),
        lit_case(pictures_of(13, 2, 4, 2), [2.753, 0.993], "a factor that is large"),
        lit_case(np.zeros((1, 2, 2, 3), dtype=np.uint8), [9.0], "a black picture"),
    ]


def mirrored():
    """Give other classes, one picture, and no picture with a partner."""
    turning = {"b": "d", "d": "b", "p": "q", "q": "p", "o": "o"}
    return [
        mirrored_case(21, ["p", "x", "q", "o", "b", "d", "x", "p"], turning, "letters", 22, (4, 5)),
        mirrored_case(22, ["cat"] * 9, CATS, "cats alone", 23, (1, 4)),
        mirrored_case(2, ["3", "5", "7"], {}, "digits, none of which has a partner", 24),
        mirrored_case(0, ["left"], {"left": "right"}, "one picture", 25, (3, 2)),
        mirrored_case(8, ["left", "right"] * 4, {"left": "right"}, "a partner that has none", 26),
    ]


def early_stopping(early_stopping):
    """Give other losses, a long patience, and two stoppers in turns."""
    run_watches(
        early_stopping,
        [
            watched_case(4, 0.0, [3.0, 2.0, 2.5, 2.4, 2.3, 1.9, 2.0, 1.9, NAN, 1.95], "ten epochs"),
            watched_case(
                2, 0.25, [2.0, 1.75, 1.5, 1.25, 1.125, 0.75, 0.5, 0.625], "a larger min_delta"
            ),
            watched_case(2, 0.0, [NAN, NAN], "nothing but NaN"),
            watched_case(3, 0.0, [INFINITE, INFINITE, 5.0, 6.0, 5.0, 5.5], "infinite losses"),
            watched_case(1, 0.5, [-1.0, -1.25], "losses below 0"),
            watched_case(2, 0.0, [4, 3, 3, 2, 2, 2], "whole numbers"),
            watched_case(5, 0.0, [1.0, 0.9, 0.8, 0.7], "losses that fall to the end"),
        ],
    )


def choose():
    """Give longer logs, other names of columns, and NaN in the first row."""
    rng = np.random.default_rng(31)
    rows = [
        (run, epoch, *rng.uniform(0.2, 1, 2).round(2), *rng.uniform(0.4, 0.9, 2).round(2))
        for run in ("w", "x", "y", "z")
        for epoch in range(1, 6)
    ]
    blown_up = [("n", 1, NAN, NAN, NAN, NAN), *rows[:4]]
    mixed = rng.permutation(100)[: len(rows)].tolist()
    other = log_of(rows).assign(
        museum_loss=rng.permutation(len(rows)), museum_accuracy=rng.permutation(len(rows))
    )
    return [
        chosen(rows, "valid_accuracy", index=mixed),
        chosen(rows, "train_loss", index=mixed),
        chosen(rows, "test_accuracy", index=mixed),
        chosen(blown_up, "valid_loss", "a first run that ended in NaN"),
        chosen(blown_up, "valid_accuracy", "a first run that ended in NaN"),
        *(
            Case({"log": other, "by": by}, best_row(other, by), about="columns of other names")
            for by in ("museum_loss", "museum_accuracy")
        ),
        chosen([("a", 1, 0.1, 0.5, 0.5, 0.5)] * 3, "valid_accuracy", "rows that are all equal"),
    ]


def rates():
    """Give labels that are numbers, and a kind of which none was found."""
    rng = np.random.default_rng(41)
    labels, says = rng.integers(0, 3, (2, 40)).tolist()
    return [
        rated(labels, says, 2, "labels that are numbers"),
        rated(labels, says, 0, "labels that are numbers"),
        rated(["a", "b", "b"], ["b", "b", "a"], "a", "a kind of which none was found"),
        rated(["a", "a", "b"], ["a", "a", "b"], "a", "somebody who is always right"),
    ]


# ---- wrong programs that examples should notice; each docstring completes "somebody who …" -------


def one_too_early(losses, patience, min_delta):
    """stops one epoch before the patience is at its end"""
    return watch(losses, max(1, patience - 1), min_delta)


def by_the_one_before(losses, patience, min_delta):
    """compares each loss with the one before, and not with the best"""
    return watch(
        losses, patience, min_delta, better=lambda loss, best, least, before: loss < before - least
    )


def ties_are_better(losses, patience, min_delta):
    """takes a loss that equals the best for better"""
    return watch(
        losses, patience, min_delta, better=lambda loss, best, least, before: loss <= best - least
    )


def nan_is_better(losses, patience, min_delta):
    """takes NaN for better, because it is not higher"""
    return watch(
        losses,
        patience,
        min_delta,
        better=lambda loss, best, least, before: not loss >= best - least,
    )


def last_for_best(losses, patience, min_delta):
    """takes the last epoch for the best one"""
    return [watch(losses, patience, min_delta)[1]] * 2


def lowest_of_all(losses, patience, min_delta):
    """gives the epoch with the lowest loss, also of those after the stop"""
    numbers = [loss for loss in losses if loss == loss]
    best = losses.index(min(numbers)) + 1 if numbers else 0
    return [best, watch(losses, patience, min_delta)[1]]


def never_stops(losses, patience, min_delta):
    """goes on to the end of the list, whatever the patience is"""
    return watch(losses, len(losses) + 1, min_delta)


def highest(losses, patience, min_delta):
    """looks for the highest loss, as if it were an accuracy"""
    return watch([-loss for loss in losses], patience, min_delta)


def min_delta_upside_down(losses, patience, min_delta):
    """bears losses that are higher by less than `min_delta`"""
    return watch(losses, patience, -min_delta)


check = CHECKLIST.extended(
    {
        "count": count(),
        "trained": trained(),
        "lit": lit(),
        "mirrored": mirrored(),
        "stop_examples": [
            one_too_early,
            by_the_one_before,
            ties_are_better,
            nan_is_better,
            last_for_best,
            lowest_of_all,
            never_stops,
            highest,
            min_delta_upside_down,
        ],
        "EarlyStopping": early_stopping,
        "choose": choose(),
        "rates": rates(),
    }
).check
