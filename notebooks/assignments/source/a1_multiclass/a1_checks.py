"""What the checks of assignment 1 try, and what they know about mistakes.

The notebook's checks call this. Solve the exercises before you read on: what follows gives away a
good part of the fun.
"""

from itertools import combinations

import numpy as np
from a1_sealed import PROGRAMS

from course_utils.checks import (
    Case,
    Checklist,
    ExamplesTest,
    FunctionTest,
    check_array,
    check_labels,
    check_number,
    check_table,
)

# ---- exercise 1 ----------------------------------------------------------------------------------

COUNT_ONE_VS_REST = FunctionTest(
    "count_one_vs_rest",
    "1",
    [Case({"n_classes": 3}, 3), Case({"n_classes": 5}, 5)],
    check_number,
    mistakes={
        "Every class has a model of its own, the last one too.": lambda n: n - 1,
        "That is the number of pairs, which one-vs-one needs.": lambda n: n * (n - 1) // 2,
    },
    options={"whole": True},
)

COUNT_ONE_VS_ONE = FunctionTest(
    "count_one_vs_one",
    "1",
    [Case({"n_classes": 3}, 3), Case({"n_classes": 5}, 10)],
    check_number,
    mistakes={
        "A with B and B with A are the same model: count it once.": lambda n: n * (n - 1),
        "A class is not paired with itself.": lambda n: n * (n + 1) // 2,
        "A class is not paired with itself, and A with B and B with A are the same model.": (
            lambda n: n * n
        ),
        "That is one model for each class, which one-vs-rest needs. Count the lines.": lambda n: n,
    },
    options={"whole": True},
)

# ---- exercise 2 ----------------------------------------------------------------------------------


def labels_at(positions, classes):
    """Give the labels at these positions."""
    return [classes[position] for position in positions]


def sigmoid(scores):
    """Give the probabilities that LogisticRegression makes of scores."""
    return 1 / (1 + np.exp(-np.asarray(scores)))


PREDICT_ONE_VS_REST = FunctionTest(
    "predict_one_vs_rest",
    "2",
    [
        Case(
            {
                "scores": np.array(
                    [[2.0, -1.0, 0.5], [-3.0, -0.5, -2.0], [1.0, 4.0, 3.0], [0.2, 0.1, 0.9]]
                ),
                "classes": ["cat", "dog", "wild"],
            },
            ["cat", "dog", "dog", "wild"],
        ),
        Case(
            {"scores": np.array([[1.0, 7.0, 7.0]]), "classes": ["x", "b", "a"]},
            ["b"],
            about="a tie",
        ),
        Case(
            {"scores": np.array([[45.0, 60.0, 50.0]]), "classes": ["cat", "dog", "wild"]},
            ["dog"],
            about="three models that are very sure",
        ),
    ],
    check_labels,
    by_row=["scores"],
    mistakes={
        "Those are positions; return the labels at these positions.": (
            lambda scores, classes: scores.argmax(axis=1)
        ),
        "Those have the lowest scores.": (
            lambda scores, classes: labels_at(scores.argmin(axis=1), classes)
        ),
        "Those are the first with a score above 0. Several models may claim an example, or none; "
        "the highest score wins all the same.": (
            lambda scores, classes: labels_at((scores > 0).argmax(axis=1), classes)
        ),
        "Those are furthest from 0: a score far below 0 is a firm no.": (
            lambda scores, classes: labels_at(np.abs(scores).argmax(axis=1), classes)
        ),
        "Of equal scores, the class that comes first in `classes` wins.": (
            lambda scores, classes: labels_at(
                scores.shape[1] - 1 - scores[:, ::-1].argmax(axis=1), classes
            )
        ),
        "A sigmoid makes 1.0 of every high score, and then they are equal: compare the scores "
        "themselves.": (lambda scores, classes: labels_at(sigmoid(scores).argmax(axis=1), classes)),
        "Predict one label for each row, not for each column.": (
            lambda scores, classes: labels_at(scores.argmax(axis=0) % len(classes), classes)
        ),
    },
)

# ---- exercise 3 ----------------------------------------------------------------------------------

PAIRS = [(0, 1), (0, 2), (1, 2)]


def votes_of(pair_scores, pairs, n_classes, for_second=np.greater, second=1, first=1):
    """Count votes; a vote for the second and one for the first class of a pair can weigh 0."""
    votes = np.zeros((len(pair_scores), n_classes))
    for duel, (i, j) in enumerate(pairs):
        won = for_second(pair_scores[:, duel], 0)
        votes[:, j] += second * won
        votes[:, i] += first * ~won
    return votes


def support_of(pair_scores, pairs, n_classes, *, won_only=False):
    """Add up the scores in favour of each class, in all its duels or in those that it won."""
    support = np.zeros((len(pair_scores), n_classes))
    for duel, (i, j) in enumerate(pairs):
        scores = pair_scores[:, duel]
        support[:, j] += scores.clip(0) if won_only else scores
        support[:, i] -= scores.clip(None, 0) if won_only else scores
    return support


COUNT_VOTES = FunctionTest(
    "count_votes",
    "3a",
    [
        Case(
            {
                "pair_scores": np.array([[-2.0, -1.0, 3.0], [0.5, 4.0, -1.5]]),
                "pairs": PAIRS,
                "n_classes": 3,
            },
            [[2, 0, 1], [0, 2, 1]],
        ),
        Case(
            {"pair_scores": np.array([[0.0, -1.0, 0.0]]), "pairs": PAIRS, "n_classes": 3},
            [[2, 1, 0]],
            about="a score of exactly 0",
        ),
    ],
    check_array,
    by_row=["pair_scores"],
    mistakes={
        "A score above 0 is a vote for j, the second class of the pair.": [
            lambda scores, pairs, k: votes_of(-scores, pairs, k),
            lambda scores, pairs, k: votes_of(scores, pairs, k, for_second=np.less_equal),
        ],
        "Those are sums of scores. A vote counts 1, however sure the model is.": support_of,
        "Count a vote for i too, where the score is not above 0.": (
            lambda scores, pairs, k: votes_of(scores, pairs, k, first=0)
        ),
        "Count a vote for j too, where the score is above 0.": (
            lambda scores, pairs, k: votes_of(scores, pairs, k, second=0)
        ),
        "A score of exactly 0 is a vote for i, the first of the pair.": (
            lambda scores, pairs, k: votes_of(scores, pairs, k, for_second=np.greater_equal)
        ),
    },
    options={"array": True},
)


TIE_EXAMPLES = ExamplesTest(
    "tie_examples",
    "3b",
    "predict_one_vs_one",
    ["scores"],
    right=PROGRAMS.right,
    wrong=PROGRAMS.WRONG,
    check=check_labels,
    points=2,
    accepts=PROGRAMS.accepts,
    at_least=5,
)


def won_by_support(support, scores, pairs, classes):
    """Predict by most votes, and among equal votes by this support, of equal support the first."""
    votes = votes_of(scores, pairs, len(classes))
    best = votes == votes.max(axis=1, keepdims=True)
    return labels_at(np.where(best, support, -np.inf).argmax(axis=1), classes)


def last_of_equal(scores, pairs, classes):
    """Predict by votes and support, and among equals the last."""
    votes, support = (f(scores, pairs, len(classes)) for f in (votes_of, support_of))
    return [
        classes[max(range(len(classes)), key=lambda c: (v[c], s[c], c))]
        for v, s in zip(votes, support, strict=True)
    ]


PREDICT_ONE_VS_ONE = FunctionTest(
    "predict_one_vs_one",
    "3c",
    [
        Case(
            {
                "pair_scores": np.array([[-0.1, -0.2, 5.0], [2.0, 1.0, -1.0], [-1.0, 9.0, 1.0]]),
                "pairs": PAIRS,
                "classes": ["a", "b", "c"],
            },
            ["a", "b", "c"],
            about="no tie",
        ),
        Case(
            {
                "pair_scores": np.array([[-1.0, 3.0, -1.0]]),
                "pairs": PAIRS,
                "classes": ["a", "b", "c"],
            },
            ["c"],
            about="equal votes",
        ),
        Case(
            {
                "pair_scores": np.array([[-3.0, 0.5, -3.5]]),
                "pairs": PAIRS,
                "classes": ["a", "b", "c"],
            },
            ["a"],
            about="equal votes, and a class that hardly loses",
        ),
        Case(
            {
                "pair_scores": np.array([[-1.0, 1.0, -1.0]]),
                "pairs": PAIRS,
                "classes": ["a", "b", "c"],
            },
            ["a"],
            about="equal votes and equal support",
        ),
    ],
    check_labels,
    by_row=["pair_scores"],
    mistakes={
        "Among equal votes, support decides (rule 2), and not the order.": [
            lambda scores, pairs, classes: labels_at(
                votes_of(scores, pairs, len(classes)).argmax(axis=1), classes
            ),
        ],
        "Those have the most support. It only decides among equal votes.": [
            lambda scores, pairs, classes: labels_at(
                support_of(scores, pairs, len(classes)).argmax(axis=1), classes
            ),
            lambda scores, pairs, classes: labels_at(
                (
                    votes_of(scores, pairs, len(classes)) + support_of(scores, pairs, len(classes))
                ).argmax(axis=1),
                classes,
            ),
        ],
        "Support counts all duels of a class. A duel that it loses counts too, against it.": (
            lambda scores, pairs, classes: won_by_support(
                support_of(scores, pairs, len(classes), won_only=True), scores, pairs, classes
            )
        ),
        "Support counts in favour of a class: `+score` where it is the second of the pair.": (
            lambda scores, pairs, classes: won_by_support(
                -support_of(scores, pairs, len(classes)), scores, pairs, classes
            )
        ),
        "Rule 3: among equals, the one that comes first in `classes` wins.": last_of_equal,
        "Those are positions; return the labels at these positions.": (
            lambda scores, pairs, classes: won_by_support(
                support_of(scores, pairs, len(classes)), scores, pairs, range(len(classes))
            )
        ),
        "A score above 0 is a vote for the second class of the pair.": (
            lambda scores, pairs, classes: won_by_support(
                support_of(-scores, pairs, len(classes)), -scores, pairs, classes
            )
        ),
    },
)

# ---- exercise 4 ----------------------------------------------------------------------------------

SMALL = {
    "X_train": np.array([[9.0], [10.0], [0.0], [1.0], [4.0], [5.0]]),
    "y_train": np.array(["c", "c", "a", "a", "b", "b"]),
    "X_test": np.array([[0.5], [4.5], [7.4], [9.5]]),
}
SCORES = {"array": True, "rtol": 0.01, "atol": 0.01}


def scores_of(models, X_test):
    """Give the scores of models, a column for each."""
    return np.column_stack([model.decision_function(X_test) for model in models])


def fitted(X, y):
    """Fit one binary model."""
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression().fit(X, y)


def one_vs_rest(X, y, classes=None):
    """Fit a model for each class, in this order."""
    return [fitted(X, y == label) for label in (np.unique(y) if classes is None else classes)]


def one_vs_one(X, y, classes=None, target=lambda y, first, second: y):
    """Fit a model for each pair, in this order of classes."""
    models = []
    for first, second in combinations(np.unique(y) if classes is None else classes, 2):
        rows = np.isin(y, [first, second])
        models.append(fitted(X[rows], target(y[rows], first, second)))
    return models


def of_everybody(X, y):
    """Fit a model for each pair on the examples of all classes."""
    return [fitted(X, y == second) for _, second in combinations(np.unique(y), 2)]


def scaled(X_train, X_test):
    """Give the features with mean 0 and deviation 1."""
    mean, deviation = X_train.mean(axis=0), X_train.std(axis=0)
    return (X_train - mean) / deviation, (X_test - mean) / deviation


def fitted_to_scaled(fit):
    """Give the function that fits on scaled features and returns scores."""

    def scores(X_train, y_train, X_test):
        X_train, X_test = scaled(X_train, X_test)
        return scores_of(fit(X_train, y_train), X_test)

    return scores


def appearing(y):
    """Give the classes in order of appearance."""
    return list(dict.fromkeys(y.tolist()))


NO_DECISIONS = "Those are decisions: return scores, which `decision_function` gives."
NO_PROBABILITIES = "Those are probabilities: return scores, which `decision_function` gives."
AS_THEY_ARE = "Those are the scores on scaled features. Take the features as they are."
SORTED = "The columns should be in sorted order of the labels, not in order of appearance."

ONE_VS_REST_SCORES = FunctionTest(
    "one_vs_rest_scores",
    "4a",
    [
        Case(
            SMALL,
            [
                [1.951, -0.547, -6.037],
                [-1.960, -0.685, -2.331],
                [-4.796, -0.785, 0.356],
                [-6.849, -0.857, 2.300],
            ],
        )
    ],
    check_array,
    by_row=["X_test"],
    mistakes={
        NO_DECISIONS: lambda X, y, test: (scores_of(one_vs_rest(X, y), test) > 0) * 1,
        NO_PROBABILITIES: lambda X, y, test: sigmoid(scores_of(one_vs_rest(X, y), test)),
        "A score above 0 should say *this class*, and not *the others*.": (
            lambda X, y, test: -scores_of(one_vs_rest(X, y), test)
        ),
        AS_THEY_ARE: fitted_to_scaled(one_vs_rest),
        "All columns are the scores of the last model. Make a new LogisticRegression for each "
        "class.": lambda X, y, test: scores_of(one_vs_rest(X, y)[-1:] * len(np.unique(y)), test),
        SORTED: lambda X, y, test: scores_of(one_vs_rest(X, y, appearing(y)), test),
        "One LogisticRegression for all classes is softmax regression. Fit one for each class, on "
        "whether the label is this class.": lambda X, y, test: fitted(X, y).decision_function(test),
    },
    options=SCORES,
)

ONE_VS_ONE_SCORES = FunctionTest(
    "one_vs_one_scores",
    "4b",
    [
        Case(
            SMALL,
            [
                [-1.943, -3.207, -5.948],
                [1.943, -0.356, -2.288],
                [4.760, 1.710, 0.366],
                [6.801, 3.207, 2.288],
            ],
        )
    ],
    check_array,
    by_row=["X_test"],
    mistakes={
        "A score above 0 should speak for the second class of the pair.": (
            lambda X, y, test: -scores_of(one_vs_one(X, y), test)
        ),
        "Fit the model of a pair on the examples of its two classes, without the others.": (
            lambda X, y, test: scores_of(of_everybody(X, y), test)
        ),
        NO_DECISIONS: lambda X, y, test: (scores_of(one_vs_one(X, y), test) > 0) * 1,
        NO_PROBABILITIES: lambda X, y, test: sigmoid(scores_of(one_vs_one(X, y), test)),
        AS_THEY_ARE: fitted_to_scaled(one_vs_one),
        "The pairs should be in sorted order of the labels, not in order of appearance.": [
            lambda X, y, test: scores_of(one_vs_one(X, y, appearing(y)), test),
            lambda X, y, test: scores_of(
                one_vs_one(X, y, appearing(y), lambda y, first, second: y == second), test
            ),
        ],
        "All columns are the scores of the last model. Make a new LogisticRegression for each "
        "pair.": lambda X, y, test: scores_of(one_vs_one(X, y)[-1:] * len(one_vs_one(X, y)), test),
    },
    options=SCORES,
)

# ---- exercise 5 ----------------------------------------------------------------------------------

LINE = {
    "X_train": np.arange(12.0).reshape(12, 1),
    "y_train": np.repeat(["a", "b", "c", "d"], 3),
    "X_test": np.array([[0.5], [1.5], [2.8], [3.5], [4.5], [5.8], [6.5], [7.6], [8.2], [9.5]]),
    "y_test": np.array(["a", "a", "a", "b", "b", "c", "c", "c", "d", "d"]),
}


def table(models, mine, theirs, index=("one-vs-rest", "one-vs-one")):
    """Make the table that exercise 5 asks for."""
    import pandas as pd

    return pd.DataFrame({"models": models, "mine": mine, "scikit-learn": theirs}, index=list(index))


def accuracies(X_train, y_train, X_test, y_test):
    """Give the accuracies of one-vs-rest and one-vs-one."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.multiclass import OneVsOneClassifier, OneVsRestClassifier

    return [
        strategy(LogisticRegression()).fit(X_train, y_train).score(X_test, y_test)
        for strategy in (OneVsRestClassifier, OneVsOneClassifier)
    ]


def model_counts(y_train):
    """Give the numbers of models of one-vs-rest and one-vs-one."""
    k = len(np.unique(y_train))
    return [k, k * (k - 1) // 2]


def on_training_data(X_train, y_train, X_test, y_test):
    """Give the table with accuracies on the training data."""
    measured = accuracies(X_train, y_train, X_train, y_train)
    return table(model_counts(y_train), measured, measured)


def rows_swapped(X_train, y_train, X_test, y_test):
    """Give the table whose rows stand under each other's names."""
    models = model_counts(y_train)[::-1]
    measured = accuracies(X_train, y_train, X_test, y_test)[::-1]
    return table(models, measured, measured)


def rows_in_the_other_order(X_train, y_train, X_test, y_test):
    """Give the table with one-vs-one on top, under the right names."""
    return rows_swapped(X_train, y_train, X_test, y_test).set_axis(["one-vs-one", "one-vs-rest"])


def a_model_for_each_class(X_train, y_train, X_test, y_test):
    """Give the table in which both strategies have as many models as there are classes."""
    measured = accuracies(X_train, y_train, X_test, y_test)
    return table([model_counts(y_train)[0]] * 2, measured, measured)


OTHER_LABELS = ["d", "a", "c", "b"]

COMPARE = FunctionTest(
    "compare",
    "5",
    [
        Case(LINE, table([4, 6], [1.0, 0.8], [1.0, 0.8])),
        Case(
            LINE,
            table([4, 6], [0.3, 0.4], [1.0, 0.8]),
            about="your two predict functions being handed the classes in a wrong order, on "
            "purpose: `mine` has to get worse, since it comes from them, and `scikit-learn` not",
            replacing={
                "predict_one_vs_rest": {1: OTHER_LABELS},
                "predict_one_vs_one": {2: OTHER_LABELS},
            },
        ),
    ],
    check_table,
    mistakes={
        "That is the accuracy on the training data: measure it on the test data.": on_training_data,
        "The two rows are exchanged.": rows_swapped,
        "One-vs-rest comes first.": rows_in_the_other_order,
        "One-vs-one trains a model for each pair.": a_model_for_each_class,
    },
)

# ---- the notebook's ------------------------------------------------------------------------------

CHECKLIST = Checklist(
    [
        COUNT_ONE_VS_REST,
        COUNT_ONE_VS_ONE,
        PREDICT_ONE_VS_REST,
        COUNT_VOTES,
        TIE_EXAMPLES,
        PREDICT_ONE_VS_ONE,
        ONE_VS_REST_SCORES,
        ONE_VS_ONE_SCORES,
        COMPARE,
    ],
    by_hand={"6": "which one, and why"},
)
check = CHECKLIST.check
show_progress = CHECKLIST.show_progress
