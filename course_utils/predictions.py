"""Which predictions are worth looking at: the surest right ones, the surest wrong ones, and others.

The groups are those of fast.ai's lesson on cats and dogs (J. Howard and R. Thomas, 2017), for any
number of classes. :func:`course_utils.plotting.predictions.plot_predictions` shows the pictures.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["KINDS", "check_predictions", "pick_predictions"]

KINDS = ("correct", "incorrect", "most correct", "most incorrect", "most uncertain")
"""The groups of predictions."""


def pick_predictions(
    y: ArrayLike,
    probabilities: ArrayLike,
    kind: str = "most incorrect",
    *,
    n: int = 8,
    class_names: Sequence[str] | None = None,
    of_class: str | None = None,
    seed: int = 0,
) -> NDArray[np.int64]:
    """Pick predictions that are worth looking at.

    Parameters
    ----------
    y : array_like of int, shape (n_samples,)
        True classes, as column numbers of ``probabilities``.
    probabilities : array_like of float, shape (n_samples, n_classes)
        What ``predict_proba`` gave. The predicted class is the most probable one.
    kind : str, default "most incorrect"
        Which ones, of :data:`KINDS`:

        - ``"correct"``, ``"incorrect"``: right and wrong ones at random;
        - ``"most correct"``: right, and surest of it;
        - ``"most incorrect"``: wrong, and surest of it;
        - ``"most uncertain"``: right or wrong, and least sure.

        How sure a prediction is, is the probability of the predicted class. With two classes these
        are fast.ai's groups, and the uncertain ones are those nearest to 0.5.
    n : int, default 8
        How many; fewer come back where there are fewer.
    class_names : sequence of str, optional
        The names of the columns; needed for ``of_class``.
    of_class : str, optional
        Only samples whose true class is this one.
    seed : int, default 0
        For the random ones.

    Returns
    -------
    ndarray of int64, shape (at most n,)
        Positions in ``y``, the most telling first; of equal ones, the first in ``y``.

    Raises
    ------
    ValueError
        If ``kind`` or ``of_class`` is unknown, or ``y``, ``probabilities`` and ``class_names`` do
        not fit each other.

    Examples
    --------
    >>> y = [0, 0, 1, 1]
    >>> probabilities = [[0.9, 0.1], [0.2, 0.8], [0.4, 0.6], [0.7, 0.3]]
    >>> pick_predictions(y, probabilities)
    array([1, 3])
    >>> pick_predictions(y, probabilities, "most uncertain", n=1)
    array([2])
    >>> pick_predictions(y, probabilities, class_names=["cat", "dog"], of_class="dog")
    array([3])
    """
    if kind not in KINDS:
        raise ValueError(f"kind is {kind!r}; choose one of {', '.join(KINDS)}")
    if n < 0:
        raise ValueError(f"n is {n}; it is how many to pick")
    y, probabilities = check_predictions(y, probabilities, class_names)
    right = probabilities.argmax(axis=1) == y
    sureness = probabilities.max(axis=1)
    wanted = _are_of(of_class, class_names, y)
    if kind.endswith("incorrect"):
        wanted &= ~right
    elif kind.endswith("correct"):
        wanted &= right
    candidates = np.flatnonzero(wanted)
    if not kind.startswith("most"):
        return np.random.default_rng(seed).permutation(candidates)[:n].astype(np.int64)
    rank = sureness if kind == "most uncertain" else -sureness
    return candidates[np.argsort(rank[candidates], kind="stable")][:n].astype(np.int64)


def check_predictions(
    y: ArrayLike, probabilities: ArrayLike, class_names: Sequence[str] | None = None
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Check that labels, probabilities and class names belong together.

    Parameters
    ----------
    y : array_like of int, shape (n_samples,)
    probabilities : array_like of float, shape (n_samples, n_classes)
    class_names : sequence of str, optional

    Returns
    -------
    y : ndarray of int64, shape (n_samples,)
    probabilities : ndarray of float64, shape (n_samples, n_classes)

    Raises
    ------
    ValueError
        If a shape is wrong, a label is no column of ``probabilities``, its rows do not sum to 1, or
        there is not one class name a column.

    Examples
    --------
    >>> check_predictions([1], [[0.25, 0.75]])
    (array([1]), array([[0.25, 0.75]]))
    """
    y, probabilities = np.asarray(y), np.asarray(probabilities, dtype=np.float64)
    if probabilities.ndim != 2 or y.shape != (len(probabilities),):
        raise ValueError(
            f"y has shape {y.shape} and probabilities {probabilities.shape}; "
            "they must be (n,) and (n, n_classes)"
        )
    n_classes = probabilities.shape[1]
    if class_names is not None and len(class_names) != n_classes:
        raise ValueError(
            f"{len(class_names)} class names do not fit probabilities of {n_classes} classes"
        )
    for row, label in enumerate(y.tolist()):
        if label is None:
            raise ValueError(f"y[{row}] is None: no label was given for this sample")
    if y.dtype.kind not in "iu" or (y < 0).any() or (y >= n_classes).any():
        raise ValueError(f"y must hold column numbers of probabilities, 0 to {n_classes - 1}")
    if not np.allclose(probabilities.sum(axis=1), 1, atol=1e-3) or (probabilities < 0).any():
        raise ValueError(
            "the rows of probabilities do not sum to 1: give what predict_proba returns, "
            "not scores or logits"
        )
    return y.astype(np.int64), probabilities


def _are_of(
    of_class: str | None, class_names: Sequence[str] | None, y: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Say which samples are of a class, or of any where none is named."""
    if of_class is None:
        return np.ones(len(y), dtype=bool)
    if class_names is None:
        raise ValueError(f"of_class is {of_class!r}: pass class_names too")
    names = [str(name) for name in class_names]
    if of_class not in names:
        raise ValueError(f"of_class is {of_class!r}; choose one of {', '.join(names)}")
    return y == names.index(of_class)
