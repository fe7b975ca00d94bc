"""The hidden part of the checks of assignment 1: the same tests on other data.

It never leaves this folder (`CourseDirectory.ignore` in nbgrader_config.py); autograding imports it
from here.
"""

import numpy as np
from a1_checks import CHECKLIST, accuracies, one_vs_one, one_vs_rest, scores_of, table
from a1_hidden_programs import PAIRS as DUELS
from a1_hidden_programs import ranked, tally
from sklearn.datasets import make_blobs

from course_utils.checks import Case

BIRDS = np.array(["wren", "owl", "tit", "jay", "kite"])
PAIRS = [(2, 0), (1, 3), (0, 1), (3, 2), (4, 0), (1, 2), (3, 4), (0, 3), (4, 1), (2, 4)]


def predict_one_vs_rest():
    """Give cases with five classes."""
    scores = np.random.default_rng(1).normal(-1, 2, (60, 5)).round(1)
    winners = np.argsort(-scores, axis=1, kind="stable")[:, 0]
    numbers = [50, 10, 30, 20, 40]
    return [
        Case({"scores": scores, "classes": BIRDS.tolist()}, BIRDS[winners], about="five classes"),
        Case({"scores": scores, "classes": numbers}, winners.choose(numbers)),
        Case(
            {"scores": scores[:1], "classes": BIRDS.tolist()}, BIRDS[winners[:1]], about="one row"
        ),
    ]


def count_votes():
    """Give a case with pairs in another order."""
    pair_scores = np.random.default_rng(2).normal(0, 2, (40, 10)).round()
    return [
        Case(
            {"pair_scores": pair_scores, "pairs": PAIRS, "n_classes": 5},
            votes(pair_scores),
            about="pairs in another order",
        )
    ]


def votes(pair_scores):
    """Count the votes for each of five classes."""
    winners = np.where(pair_scores > 0, np.array(PAIRS)[:, 1], np.array(PAIRS)[:, 0])
    return (winners[:, :, np.newaxis] == np.arange(5)).sum(axis=1)


def predict_one_vs_one():
    """Give a case with many ties."""
    # Quarters add up exactly, so that ties of support are ties.
    pair_scores = np.random.default_rng(3).integers(-6, 7, (80, 10)) / 4
    first, second = np.array(PAIRS).T
    in_favour = pair_scores @ (np.eye(5)[second] - np.eye(5)[first])
    order = -np.arange(5) + 0 * in_favour
    best = np.lexsort((order, in_favour, votes(pair_scores)), axis=1)[:, -1]
    return [
        Case(
            {"pair_scores": pair_scores, "pairs": PAIRS, "classes": BIRDS.tolist()},
            BIRDS[best],
            about="five classes, with pairs in another order",
        )
    ]


# ---- what examples of ties should notice: each docstring completes "somebody who" ----------------


def duels_won_alone(scores):
    """counts towards the support of a class only the duels that it wins"""
    support = [0.0, 0.0, 0.0]
    for score, (i, j) in zip(scores, DUELS, strict=True):
        support[j if score > 0 else i] += abs(score)
    return ranked(tally(scores)[0], support)


def least_support(scores):
    """takes the least support among equal votes"""
    votes, support = tally(scores)
    return ranked(votes, [-s for s in support])


def last_of_equals(scores):
    """takes the last of the classes that share votes and support"""
    votes, support = tally(scores)
    return ranked(votes, support, [0, 1, 2])


def zero_for_second(scores):
    """takes a score of exactly 0 for a vote for the second class"""
    return ranked(*tally(scores, lambda score: score >= 0))


def zero_for_nobody(scores):
    """takes a score of exactly 0 for no vote at all"""
    votes = [0, 0, 0]
    for score, (i, j) in zip(scores, DUELS, strict=True):
        if score:
            votes[j if score > 0 else i] += 1
    return ranked(votes, tally(scores)[1])


def votes_plus_support(scores):
    """adds the support to the votes, so that much support outweighs a vote"""
    return ranked([v + s for v, s in zip(*tally(scores), strict=True)])


def surest_duel(scores):
    """takes, among equal votes, the class of the surest single duel"""
    surest = [0.0, 0.0, 0.0]
    for score, (i, j) in zip(scores, DUELS, strict=True):
        winner = j if score > 0 else i
        surest[winner] = max(surest[winner], abs(score))
    return ranked(tally(scores)[0], surest)


def scores(fit):
    """Give a case with four classes and two features."""
    X, y = make_blobs(n_samples=90, centers=4, cluster_std=3, random_state=4)
    labels = BIRDS[y]
    return [
        Case(
            {"X_train": X[:70], "y_train": labels[:70], "X_test": X[70:]},
            scores_of(fit(X[:70], labels[:70]), X[70:]),
            about="four classes and two features",
        )
    ]


def compare():
    """Give a case with five classes."""
    X, y = make_blobs(n_samples=200, centers=5, cluster_std=3, random_state=8)
    labels = BIRDS[y]
    arguments = {
        "X_train": X[:100],
        "y_train": labels[:100],
        "X_test": X[100:],
        "y_test": labels[100:],
    }
    measured = accuracies(**arguments)
    return [Case(arguments, table([5, 10], measured, measured), about="five classes")]


check = CHECKLIST.extended(
    {
        "count_one_vs_rest": [Case({"n_classes": 20}, 20), Case({"n_classes": 1000}, 1000)],
        "count_one_vs_one": [Case({"n_classes": 20}, 190), Case({"n_classes": 1000}, 499500)],
        "predict_one_vs_rest": predict_one_vs_rest(),
        "count_votes": count_votes(),
        "tie_examples": [
            duels_won_alone,
            least_support,
            last_of_equals,
            zero_for_second,
            zero_for_nobody,
            votes_plus_support,
            surest_duel,
        ],
        "predict_one_vs_one": predict_one_vs_one(),
        "one_vs_rest_scores": scores(one_vs_rest),
        "one_vs_one_scores": scores(one_vs_one),
        "compare": compare(),
    }
).check
