"""The hidden part of the checks of assignment 6: the same tests on other data.

It never leaves this folder (`CourseDirectory.ignore` in nbgrader_config.py); autograding imports it
from here.
"""

import numpy as np
from a6_checks import CHECKLIST, report, some_right, teaching
from a6_hidden_pictures import fresh_pictures
from a6_hidden_programs import picked as pick_by
from a6_hidden_programs import right as as_it_should
from a6_hidden_programs import wanted

from course_utils import pick_predictions
from course_utils.checks import Case

# ---- fresh values --------------------------------------------------------------------------------


def count_confusions():
    """Give more pictures, held against scikit-learn, and few."""
    from sklearn.metrics import confusion_matrix

    rng = np.random.default_rng(1)
    y, says = rng.integers(0, 4, 60), rng.integers(1, 5, 60)
    return [
        Case(
            {"y": y, "says": says, "n_classes": 6},
            confusion_matrix(y, says, labels=range(6)),
            about="six classes, held against scikit-learn's `confusion_matrix`",
        ),
        Case({"y": np.array([1]), "says": np.array([1]), "n_classes": 2}, [[0, 0], [0, 1]]),
    ]


def pick():
    """Give more pictures, held against `pick_predictions`, and a kind that nothing belongs to."""
    rng = np.random.default_rng(2)
    cases = []
    for n_pictures, n_classes, n in ((40, 4, 7), (9, 2, 20), (12, 5, 1)):
        probabilities = rng.dirichlet(np.ones(n_classes), n_pictures).round(2)
        probabilities[:, 0] += 1 - probabilities.sum(axis=1)
        probabilities = probabilities.clip(0).round(2)
        y = rng.integers(0, n_classes, n_pictures)
        for kind in ("most correct", "most incorrect", "most uncertain"):
            given = {"y": y, "probabilities": probabilities, "kind": kind, "n": n}
            cases.append(
                Case(
                    given,
                    pick_predictions(y, probabilities, kind, n=n),
                    about=f"{n_pictures} pictures, held against `pick_predictions`",
                )
            )
    # Without a single mistake there is nothing to pick.
    all_right = {
        "y": np.array([0, 1]),
        "probabilities": np.array([[0.8, 0.2], [0.1, 0.9]]),
        "kind": "most incorrect",
        "n": 2,
    }
    return [*cases, Case(all_right, [], about="no mistake at all")]


def group_report():
    """Give other groups, one of a single picture."""
    given = [some_right(5, 50, (5, 40), 12), some_right(6, 12, (0, 12), 1)]
    return [Case(each, report(**each)) for each in given]


def after_teaching():
    """Give more pictures, one that is taught, and none."""
    cases = []
    for seed, taught in ((103, [3, 8, 20]), (100, [5]), (100, []), (104, [0, 1, 2, 19, 21])):
        about = f"{len(taught)} that are taught"
        cases.append(teaching(seed, taught, about, n_train=15, n_new=22, n_columns=4))
    return cases


def fresh(taught):
    """Give pictures from the same doors that no learner sees."""
    X, y = fresh_pictures()
    return X, y, f"{len(y)} pictures from the same doors that nobody has seen"


# Measured over many draws: three foxes of the kind, or one animal of each class of the kind, reach
# the second number in four draws of five or more; three pictures at random in one of four, when
# chance hits the kind. Foxes of the harmless kinds stay below the first number in most draws.
USUAL, NEEDED = 8, 16

# ---- wrong programs that examples should notice; each docstring completes "somebody who …" -------


def by_the_true_class(y, probabilities, kind, n):
    """orders the wrong ones by how little their true class got"""
    if kind != "most incorrect":
        return as_it_should(y, probabilities, kind, n)
    return pick_by(y, probabilities, kind, n, lambda r: probabilities[r][y[r]])


def uncertain_are_wrong(y, probabilities, kind, n):
    """looks for uncertain ones among the wrong ones only"""
    if kind != "most uncertain":
        return as_it_should(y, probabilities, kind, n)
    rows = wanted(y, probabilities, "most incorrect")
    return sorted(rows, key=lambda r: max(probabilities[r]))[:n]


def uncertain_are_right(y, probabilities, kind, n):
    """looks for uncertain ones among the right ones only"""
    if kind != "most uncertain":
        return as_it_should(y, probabilities, kind, n)
    rows = wanted(y, probabilities, "most correct")
    return sorted(rows, key=lambda r: max(probabilities[r]))[:n]


def uncertain_is_a_half(y, probabilities, kind, n):
    """takes a probability near to one half for the least sure one"""
    if kind != "most uncertain":
        return as_it_should(y, probabilities, kind, n)
    return pick_by(y, probabilities, kind, n, lambda r: abs(max(probabilities[r]) - 0.5))


def the_last_of_equal_ones(y, probabilities, kind, n):
    """puts the later row first where two are equally sure"""
    sign = 1 if kind == "most uncertain" else -1
    return pick_by(y, probabilities, kind, n, lambda r: (sign * max(probabilities[r]), -r))


def the_surest_uncertain(y, probabilities, kind, n):
    """puts the surest ones first, also where uncertain ones are asked for"""
    return pick_by(y, probabilities, kind, n, lambda r: -max(probabilities[r]))


def exchanged(y, probabilities, kind, n):
    """exchanges the right ones and the wrong ones"""
    other = {"most correct": "most incorrect", "most incorrect": "most correct"}
    return as_it_should(y, probabilities, other.get(kind, kind), n)


def right_or_wrong(y, probabilities, kind, n):
    """lets all pictures take part, whatever kind is asked for"""
    sign = 1 if kind == "most uncertain" else -1
    return sorted(range(len(y)), key=lambda r: sign * max(probabilities[r]))[:n]


def in_the_order_of_rows(y, probabilities, kind, n):
    """gives the right ones, in the order of their rows"""
    return sorted(as_it_should(y, probabilities, kind, n))


def fills_up(y, probabilities, kind, n):
    """fills up with other rows where there are too few"""
    found = as_it_should(y, probabilities, kind, n)
    return (found + [r for r in range(len(y)) if r not in found])[:n]


check = CHECKLIST.extended(
    {
        "count_confusions": count_confusions(),
        "pick_examples": [
            by_the_true_class,
            uncertain_are_wrong,
            uncertain_are_right,
            uncertain_is_a_half,
            the_last_of_equal_ones,
            the_surest_uncertain,
            exchanged,
            right_or_wrong,
            in_the_order_of_rows,
            fills_up,
        ],
        "pick": pick(),
        "group_report": group_report(),
        "after_teaching": after_teaching(),
        "teach": (fresh, USUAL, NEEDED),
    }
).check
