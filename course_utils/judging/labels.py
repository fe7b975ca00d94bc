"""Are more labels worth it? What fewer of them would have given."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from course_utils._progress import ProgressBar

__all__ = ["LabelCurve", "learn_from_fewer"]

SHARES = (1 / 16, 1 / 8, 1 / 4, 1 / 2, 1)


@dataclass(frozen=True, eq=False)
class LabelCurve:
    """How a classifier does with fewer labelled pictures.

    Parameters
    ----------
    sizes : numpy.ndarray of int, shape (n_sizes,)
        Training pictures, rising; the last is all of them.
    scores : numpy.ndarray of float, shape (n_sizes, n_draws)
        Validation accuracy of each draw.
    """

    sizes: NDArray[np.int64]
    scores: NDArray[np.float64]

    @property
    def last_step(self) -> float:
        """What the last step, about a doubling of the labels, gained on average, in accuracy."""
        return float(self.scores[-1].mean() - self.scores[-2].mean())

    def verdict(self, n_valid: int) -> str:
        """Say in a sentence whether more labels of the same kind seem worth their price.

        Parameters
        ----------
        n_valid : int
            Pictures that the scores were measured on: one of them more or less is no gain.
        """
        gain = self.last_step
        step = f"from {self.sizes[-2]} to {self.sizes[-1]} labelled pictures"
        if gain <= 1 / n_valid:
            return (
                f"The last step, {step}, changed the accuracy by {gain:+.3f}, no more than "
                f"one of the {n_valid} validation pictures counts: more labels of the same kind "
                "would hardly help."
            )
        return (
            f"The last step, {step}, gained {gain:.3f}: the curve still rises, and more labels "
            "are likely to help."
        )


def learn_from_fewer(
    model: Any,
    X_train: ArrayLike,
    y_train: ArrayLike,
    X_valid: ArrayLike,
    y_valid: ArrayLike,
    *,
    draws: int = 5,
    seed: int = 0,
    progress: bool = True,
) -> LabelCurve:
    """Train on a sixteenth, an eighth, a quarter, a half and all of the pictures, and compare.

    Each draw takes its share of every class, but at least one picture of each.

    Parameters
    ----------
    model : scikit-learn classifier or pipeline
        It is copied, and not changed.
    X_train, y_train, X_valid, y_valid : array_like
        Rows of features, and classes.
    draws : int, default 5
        How often each size is tried, with other pictures. All of them can be drawn in one way.
    seed : int, default 0
    progress : bool
        Show a progress bar when it takes longer than a second.

    Returns
    -------
    LabelCurve

    Raises
    ------
    ValueError
        When there are fewer than two classes, or a class has a single picture.

    Examples
    --------
    >>> from sklearn.neighbors import KNeighborsClassifier
    >>> X, y = [[0.0], [0.1], [1.0], [1.1]], [0, 0, 1, 1]
    >>> learn_from_fewer(KNeighborsClassifier(1), X, y, X, y, draws=1).sizes.tolist()
    [2, 4]
    """
    from sklearn.base import clone

    X, y = np.asarray(X_train), np.asarray(y_train)
    members = [np.flatnonzero(y == label) for label in np.unique(y)]
    if len(members) < 2 or min(map(len, members)) < 2:
        raise ValueError(
            "a learning curve needs two classes or more, and two training pictures or more of each"
        )
    counts = {}
    for share in SHARES:
        of_each = tuple(max(1, round(share * len(own))) for own in members)
        counts[sum(of_each)] = of_each
    scores = np.empty((len(counts), draws))
    todo = [(i, draw) for i in range(len(counts)) for draw in range(draws)]
    for i, draw in ProgressBar(todo, desc="train", unit="model", disable=not progress, delay=1):
        of_each = list(counts.values())[i]
        if i == len(counts) - 1 and draw > 0:
            scores[i, draw] = scores[i, 0]
            continue
        rng = np.random.default_rng((seed, draw))
        few = np.concatenate(
            [rng.permutation(own)[:n] for own, n in zip(members, of_each, strict=True)]
        )
        with warnings.catch_warnings():
            # One or two pictures of each of many classes are meant here.
            warnings.filterwarnings("ignore", message="The number of unique classes is greater")
            scores[i, draw] = clone(model).fit(X[few], y[few]).score(X_valid, y_valid)
    return LabelCurve(np.array(list(counts)), scores)
