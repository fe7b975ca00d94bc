"""Hidden groups: mistakes that are alike, and pictures unlike those that were trained on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["Telling", "group_rows", "tell_apart"]

# More pictures than this are sampled: their number makes the answer no clearer, and the cost grows
# with its square.
_MOST = 1000
_FOLDS = 5
_SHUFFLES = 19


def group_rows(X: ArrayLike, y: ArrayLike, chosen: ArrayLike) -> list[NDArray[np.int64]]:
    """Group pictures, such as the mistakes, by how alike their features are.

    Two groups are joined as long as their pictures are, on average, nearer to each other than two
    pictures of one class usually are (average linkage of cosine distances, up to the median
    distance within the classes).

    Parameters
    ----------
    X : array_like, shape (n, d)
        Features of all pictures.
    y : array_like of int, shape (n,)
        Their classes.
    chosen : array_like of int
        Rows of the pictures to group.

    Returns
    -------
    list of numpy.ndarray of int64
        Rows of each group of two or more, the largest group first. Single pictures are in none.

    Examples
    --------
    >>> X = [[1, 0], [1, 0.1], [0, 1], [0.1, 1], [1, 1], [-1, 0]]
    >>> [group.tolist() for group in group_rows(X, [0, 0, 0, 0, 0, 0], [0, 1, 2, 3])]
    [[0, 1], [2, 3]]
    """
    from scipy.cluster.hierarchy import fcluster, linkage

    rows, labels = np.asarray(X, dtype=np.float64), np.asarray(y)
    places = np.asarray(chosen, dtype=np.int64)
    if len(places) < 2:
        return []
    rows = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12)
    # Of rows of length 1, the squared distance is twice the cosine distance.
    tree = linkage(_cosine_distances(rows[places]), method="average")
    number = fcluster(tree, _usual_distance(rows, labels), criterion="distance")
    groups = [places[number == i] for i in np.unique(number)]
    groups = [group for group in groups if len(group) >= 2]
    return sorted(groups, key=lambda group: (-len(group), int(group[0])))


def _cosine_distances(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give the distances of all pairs, as scipy's linkage wants them."""
    above = np.triu_indices(len(rows), k=1)
    return np.maximum(1 - (rows @ rows.T)[above], 0)


def _usual_distance(rows: NDArray[np.float64], labels: NDArray[np.int64]) -> float:
    rng = np.random.default_rng(0)
    within = []
    for label in np.unique(labels):
        own = rng.permutation(np.flatnonzero(labels == label))[:200]
        within.append(_cosine_distances(rows[own]))
    distances = np.concatenate(within)
    return float(np.median(distances)) if len(distances) else 0.0


@dataclass(frozen=True, eq=False)
class Telling:
    """How well two sets of pictures can be told apart.

    Parameters
    ----------
    auc : float
        Of two pictures, one of each set, how often the right one looks more like the second set:
        0.5 when they are alike, 1 when they never are (the area under the ROC curve).
    by_chance : tuple of float
        Between which values that lies when the pictures are shuffled between the sets: the mean of
        19 shuffles, and three standard deviations to both sides.
    likeness : numpy.ndarray of float, shape (n,)
        For each picture of the second set, how unlike the first set it looks, from 0 to 1.
    """

    auc: float
    by_chance: tuple[float, float]
    likeness: NDArray[np.float64]

    @property
    def differ(self) -> bool:
        """True when they can be told apart better than shuffled ones ever are."""
        return self.auc > self.by_chance[1] or self.auc == 1


def tell_apart(
    X_first: ArrayLike,
    y_first: ArrayLike,
    X_second: ArrayLike,
    y_second: ArrayLike,
    *,
    seed: int = 0,
) -> Telling:
    """Let a classifier tell, say, training from validation pictures: it should not be able to.

    Within each class the mean is taken out first, so that unequal shares of the classes give
    nothing away. Each picture is judged by a classifier that has not seen it (cross-validation).

    Parameters
    ----------
    X_first, X_second : array_like, shapes (n, d) and (m, d)
        Features of the two sets.
    y_first, y_second : array_like of int
        Their classes.
    seed : int, default 0

    Returns
    -------
    Telling

    Raises
    ------
    ValueError
        When a set has fewer than five pictures, or the features do not have one length.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> X = rng.normal(size=(40, 3))
    >>> tell_apart(X, np.zeros(40), X + 5, np.zeros(40)).auc > 0.9
    True
    """
    from sklearn.metrics import roc_auc_score

    first, second = np.asarray(X_first, np.float64), np.asarray(X_second, np.float64)
    if first.ndim != 2 or first.shape[1:] != second.shape[1:]:
        raise ValueError(f"the features have shapes {first.shape} and {second.shape}")
    if min(len(first), len(second)) < _FOLDS:
        raise ValueError(f"to tell two sets apart, each needs {_FOLDS} pictures or more")
    X = np.concatenate([first, second])
    classes = np.concatenate([np.asarray(y_first), np.asarray(y_second)])
    is_second = np.arange(len(X)) >= len(first)
    rng = np.random.default_rng(seed)
    some = _sample(is_second, rng)
    Z, second_here = _few_columns(X[some], classes[some], is_second[some]), is_second[some]
    likeness = _out_of_fold(Z, second_here, seed)
    shuffled = []
    for _ in range(_SHUFFLES):
        permuted = rng.permutation(second_here)
        shuffled.append(float(roc_auc_score(permuted, _out_of_fold(Z, permuted, seed))))
    middle, reach = float(np.mean(shuffled)), 3 * float(np.std(shuffled, ddof=1))
    of_all = np.full(len(X), np.nan)
    of_all[some] = likeness
    return Telling(
        float(roc_auc_score(second_here, likeness)),
        (max(0.0, middle - reach), min(1.0, middle + reach)),
        of_all[len(first) :],
    )


def _sample(is_second: NDArray[np.bool_], rng: np.random.Generator) -> NDArray[np.int64]:
    parts = [np.flatnonzero(is_second == which) for which in (False, True)]
    return np.sort(np.concatenate([rng.permutation(part)[:_MOST] for part in parts]))


def _few_columns(
    X: NDArray[np.float64], classes: NDArray[np.int64], is_second: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """Take the classes' means out, and turn the rows so that no more columns than rows are left."""
    Z = X.copy()
    for label in np.unique(classes):
        own = classes == label
        # The middle of the two means, so that neither set's share of the class shows.
        parts = [Z[own & (is_second == which)] for which in (False, True)]
        means = [part.mean(axis=0) for part in parts if len(part)]
        Z[own] -= np.mean(means, axis=0)
    Z /= np.maximum(Z.std(axis=0), 1e-9)
    u, s, _ = np.linalg.svd(Z, full_matrices=False)
    return u * s


def _out_of_fold(
    Z: NDArray[np.float64], is_second: NDArray[np.bool_], seed: int
) -> NDArray[np.float64]:
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import StratifiedKFold, cross_val_predict

    # Strongly regularised: there are as many columns as rows.
    model = LogisticRegression(C=1e-3, class_weight="balanced", max_iter=1000)
    folds = StratifiedKFold(_FOLDS, shuffle=True, random_state=seed)
    return np.asarray(
        cross_val_predict(model, Z, is_second, cv=folds, method="predict_proba")[:, 1]
    )
