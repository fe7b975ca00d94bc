"""Several classes out of models that know only two: one-vs-rest and one-vs-one, piece by piece.

Lecture 1 shows these pieces and assignment a1 checks against them. Each is a few lines of NumPy;
scikit-learn's ``OneVsRestClassifier`` and ``OneVsOneClassifier`` are what to use in earnest.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

__all__ = [
    "fit_one_vs_one",
    "fit_one_vs_rest",
    "n_models_one_vs_one",
    "n_models_one_vs_rest",
    "one_vs_one_pairs",
    "one_vs_one_votes",
    "one_vs_rest_probabilities",
    "onehot",
    "predict_one_vs_one",
    "predict_one_vs_rest",
    "sigmoid",
    "softmax",
]

Pair = tuple[Any, Any]


def onehot(y: ArrayLike, n_classes: int | None = None) -> np.ndarray:
    """Turn class numbers into rows with a single 1.

    Parameters
    ----------
    y : array_like of int, shape (n,)
        Class numbers, from 0.
    n_classes : int, optional
        How many columns; one more than the largest class number unless given.

    Returns
    -------
    ndarray of float32, shape (n, n_classes)
        Row ``i`` is 1 in column ``y[i]`` and 0 elsewhere.

    Raises
    ------
    ValueError
        If ``y`` is not one-dimensional, not of whole numbers, or outside ``0 … n_classes - 1``.

    Examples
    --------
    >>> onehot([0, 2, 1])
    array([[1., 0., 0.],
           [0., 0., 1.],
           [0., 1., 0.]], dtype=float32)
    """
    numbers = np.asarray(y)
    if numbers.ndim != 1:
        raise ValueError(f"y has shape {numbers.shape}; give one class number a sample")
    if numbers.size == 0:
        if n_classes is None:
            raise ValueError("y is empty: pass n_classes, as it cannot be told from y")
        numbers = numbers.astype(np.int64)
    if numbers.dtype.kind not in "iu":
        raise ValueError(
            f"y holds {numbers.dtype} values; give class numbers from 0 "
            "(sklearn.preprocessing.LabelEncoder makes them from names)"
        )
    if n_classes is None:
        n_classes = int(numbers.max()) + 1
    outside = numbers[(numbers < 0) | (numbers >= n_classes)]
    if outside.size:
        raise ValueError(
            f"y holds {outside[0]}; with {n_classes} classes the numbers are 0 to {n_classes - 1}"
        )
    rows = np.zeros((len(numbers), n_classes), dtype=np.float32)
    rows[np.arange(len(numbers)), numbers] = 1.0
    return rows


def softmax(scores: ArrayLike) -> np.ndarray:
    """Turn each row of scores (logits) into probabilities that sum to 1.

    Parameters
    ----------
    scores : array_like of float, shape (..., n_classes)
        Logits; the last axis runs over the classes.

    Returns
    -------
    ndarray of float64, same shape
        ``exp(s_j) / sum_k exp(s_k)``. The largest score is subtracted first, which changes nothing
        but keeps ``exp`` from overflowing.

    Examples
    --------
    >>> softmax([0.0, 0.0, 1000.0])
    array([0., 0., 1.])
    """
    scores = np.asarray(scores, dtype=np.float64)
    exponentials = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return exponentials / exponentials.sum(axis=-1, keepdims=True)


def sigmoid(scores: ArrayLike) -> np.ndarray:
    """Turn each score (logit) of a binary model into the probability of its class.

    Parameters
    ----------
    scores : array_like of float

    Returns
    -------
    ndarray of float64, same shape
        ``1 / (1 + exp(-s))``, written so that ``exp`` cannot overflow.

    Examples
    --------
    >>> sigmoid([0.0, -1000.0])
    array([0.5, 0. ])
    """
    scores = np.asarray(scores, dtype=np.float64)
    small = np.exp(-np.abs(scores))
    return np.where(scores >= 0, 1.0, small) / (1.0 + small)


def one_vs_rest_probabilities(scores: ArrayLike) -> np.ndarray:
    """Make probabilities of one-vs-rest scores: each model's own, divided by their sum.

    This is what ``OneVsRestClassifier(LogisticRegression()).predict_proba`` does. The models were
    fitted without knowing of each other, so that before the division they sum to anything.

    Parameters
    ----------
    scores : array_like of float, shape (n, n_classes)
        Logits of the binary models.

    Returns
    -------
    ndarray of float64, shape (n, n_classes)
        Every row sums to 1. The highest score has the highest probability.

    Examples
    --------
    >>> one_vs_rest_probabilities([[0.0, 0.0, 0.0, 0.0]])
    array([[0.25, 0.25, 0.25, 0.25]])
    """
    own = sigmoid(scores)
    total = own.sum(axis=-1, keepdims=True)
    # Where every model says no with certainty, none is likelier than another.
    equal = np.full(own.shape, 1.0 / own.shape[-1])
    return np.divide(own, total, out=equal, where=total > 0)


def n_models_one_vs_rest(n_classes: int) -> int:
    """Count the binary models of one-vs-rest: one a class.

    Examples
    --------
    >>> n_models_one_vs_rest(20)
    20
    """
    _check_n_classes(n_classes)
    return n_classes


def n_models_one_vs_one(n_classes: int) -> int:
    """Count the binary models of one-vs-one: one for every pair of classes, ``k (k - 1) / 2``.

    Examples
    --------
    >>> n_models_one_vs_one(20)
    190
    """
    _check_n_classes(n_classes)
    return n_classes * (n_classes - 1) // 2


def one_vs_one_pairs(classes: ArrayLike) -> list[Pair]:
    """List every pair of classes once, in the order of ``classes``.

    Examples
    --------
    >>> one_vs_one_pairs(["cat", "dog", "wild"])
    [('cat', 'dog'), ('cat', 'wild'), ('dog', 'wild')]
    """
    return list(combinations(np.asarray(classes).tolist(), 2))


def predict_one_vs_rest(scores: ArrayLike, classes: ArrayLike) -> np.ndarray:
    """Predict the class whose binary model gives the highest score.

    Parameters
    ----------
    scores : array_like of float, shape (n, n_classes)
        Raw score of each sample under each class's "this class or not" model.
    classes : array_like, shape (n_classes,)
        The class of each column.

    Returns
    -------
    ndarray, shape (n,)
        One class a sample. Of equal highest scores the first column wins.

    Raises
    ------
    ValueError
        If there is not one column of scores for each class, or a score is not a number.

    Examples
    --------
    >>> predict_one_vs_rest([[-2.0, -0.5, -1.0]], ["cat", "dog", "wild"])
    array(['dog'], dtype='<U4')
    """
    scores, classes = np.asarray(scores, dtype=np.float64), np.asarray(classes)
    if scores.ndim != 2 or scores.shape[1] != len(classes):
        raise ValueError(
            f"scores has shape {scores.shape}; with {len(classes)} classes it is "
            f"(n_samples, {len(classes)})"
        )
    if np.isnan(scores).any():
        raise ValueError("scores holds nan: a score that is not a number cannot be the highest")
    return classes[scores.argmax(axis=1)]


def fit_one_vs_rest(make_model: Callable[[], Any], X: ArrayLike, y: ArrayLike) -> dict[Any, Any]:
    """Fit one binary model a class: this class (1) against all the others (0).

    Parameters
    ----------
    make_model : callable
        Gives a new, unfitted binary classifier each time it is called.
    X : array_like, shape (n, n_features)
    y : array_like, shape (n,)
        At least two classes.

    Returns
    -------
    dict
        Class to fitted model, in sorted order of the classes. ``model.decision_function(X)`` is
        that class's score.

    Raises
    ------
    ValueError
        If ``y`` holds fewer than two classes.

    Examples
    --------
    >>> from sklearn.datasets import load_iris
    >>> from sklearn.linear_model import LogisticRegression
    >>> X, y = load_iris(return_X_y=True)
    >>> models = fit_one_vs_rest(LogisticRegression, X, y)
    >>> scores = np.column_stack([model.decision_function(X) for model in models.values()])
    >>> predict_one_vs_rest(scores, list(models))[:3]
    array([0, 0, 0])
    """
    y = np.asarray(y)
    return {label: make_model().fit(X, (y == label).astype(np.int64)) for label in _classes_of(y)}


def fit_one_vs_one(make_model: Callable[[], Any], X: ArrayLike, y: ArrayLike) -> dict[Pair, Any]:
    """Fit one binary model a pair of classes, on the samples of these two alone.

    Parameters
    ----------
    make_model : callable
        Gives a new, unfitted binary classifier each time it is called.
    X : array_like, shape (n, n_features)
    y : array_like, shape (n,)
        At least two classes.

    Returns
    -------
    dict
        Pair of classes to the fitted model, whose ``predict`` gives one of the two.

    Raises
    ------
    ValueError
        If ``y`` holds fewer than two classes.

    Examples
    --------
    >>> from sklearn.datasets import load_iris
    >>> from sklearn.linear_model import LogisticRegression
    >>> X, y = load_iris(return_X_y=True)
    >>> list(fit_one_vs_one(lambda: LogisticRegression(max_iter=500), X, y))
    [(0, 1), (0, 2), (1, 2)]
    """
    X, y = np.asarray(X), np.asarray(y)
    models = {}
    for first, second in one_vs_one_pairs(_classes_of(y)):
        of_the_two = (y == first) | (y == second)
        models[first, second] = make_model().fit(X[of_the_two], y[of_the_two])
    return models


def one_vs_one_votes(winners: dict[Pair, ArrayLike], classes: ArrayLike) -> np.ndarray:
    """Count, for each sample, the votes of each class.

    Parameters
    ----------
    winners : dict
        Pair of classes to the class that its model predicts for each sample, shape (n,).
    classes : array_like, shape (n_classes,)

    Returns
    -------
    ndarray of int64, shape (n, n_classes)
        Votes of class ``classes[j]`` for sample ``i``; every row sums to the number of pairs.

    Raises
    ------
    ValueError
        If a pair has no votes, or one for a class outside the pair, or numbers of votes differ.

    Examples
    --------
    >>> one_vs_one_votes({("a", "b"): ["a"], ("a", "c"): ["a"], ("b", "c"): ["c"]}, list("abc"))
    array([[2, 0, 1]])
    """
    pairs = one_vs_one_pairs(classes)
    if set(winners) != set(pairs):
        raise ValueError(f"votes are needed of the pairs {pairs}; got them of {list(winners)}")
    lengths = {pair: np.shape(won) for pair, won in winners.items()}
    if len(set(lengths.values())) > 1:
        raise ValueError(f"every pair votes on the same samples; got votes of shapes {lengths}")
    classes = np.asarray(classes)
    for pair, won in winners.items():
        strangers = np.setdiff1d(np.asarray(won), np.asarray(pair))
        if strangers.size:
            raise ValueError(
                f"the model of {pair} voted for {strangers.tolist()[0]!r}, which is neither"
            )
    ballots = np.stack([np.asarray(won) for won in winners.values()])
    return (ballots[:, :, None] == classes).sum(axis=0)


def predict_one_vs_one(winners: dict[Pair, ArrayLike], classes: ArrayLike) -> np.ndarray:
    """Predict the class with the most votes; of equal votes, the first in ``classes`` wins.

    Parameters
    ----------
    winners : dict
        Pair of classes to the class that its model predicts for each sample, shape (n,).
    classes : array_like, shape (n_classes,)

    Returns
    -------
    ndarray, shape (n,)

    Raises
    ------
    ValueError
        As :func:`one_vs_one_votes`.

    Examples
    --------
    >>> from sklearn.linear_model import LogisticRegression
    >>> X, y = np.array([[0.0], [1.0], [5.0], [6.0], [10.0], [11.0]]), [0, 0, 1, 1, 2, 2]
    >>> models = fit_one_vs_one(LogisticRegression, X, y)
    >>> winners = {pair: model.predict([[0.5], [10.5]]) for pair, model in models.items()}
    >>> predict_one_vs_one(winners, [0, 1, 2])
    array([0, 2])
    """
    return predict_one_vs_rest(one_vs_one_votes(winners, classes), classes)


def _classes_of(y: np.ndarray) -> list[Any]:
    classes = np.unique(y).tolist()
    if len(classes) < 2:
        raise ValueError(f"y holds {len(classes)} class; a classifier needs at least two")
    return classes


def _check_n_classes(n_classes: int) -> None:
    if n_classes < 2:
        raise ValueError(f"n_classes is {n_classes}; a classifier needs at least two classes")
