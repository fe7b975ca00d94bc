"""How good for each class: an accuracy alone lets a large class hide a small one."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from course_utils.intervals import wilson_interval

__all__ = ["score_classes", "worst_confusions"]


def score_classes(y: ArrayLike, predicted: ArrayLike, class_names: Sequence[str]) -> pd.DataFrame:
    """Say of each class how many of its pictures were found, and how often its name was right.

    Parameters
    ----------
    y, predicted : array_like of int, shape (n,)
        True and predicted classes, as positions in ``class_names``.
    class_names : sequence of str

    Returns
    -------
    pandas.DataFrame
        A row for each class, indexed by its name, the worst first: ``pictures``; ``found``, the
        share of them that was recognised (recall), with its 95 % interval from ``low`` to
        ``high``; ``right when named``, the share of right ones among those that were given this
        name (precision). Shares of nothing are nan.

    Raises
    ------
    ValueError
        When the arguments do not fit each other.

    Examples
    --------
    >>> score_classes([0, 0, 0, 1], [0, 0, 1, 1], ["cat", "dog"])["found"].round(2).to_dict()
    {'cat': 0.67, 'dog': 1.0}
    """
    truth, named = _checked(y, predicted, len(class_names))
    rows = []
    for label in range(len(class_names)):
        own, given = truth == label, named == label
        right, total = int((own & given).sum()), int(own.sum())
        low, high = wilson_interval(right, total) if total else (np.nan, np.nan)
        rows.append(
            {
                "pictures": total,
                "found": right / total if total else np.nan,
                "low": low,
                "high": high,
                "right when named": right / int(given.sum()) if given.any() else np.nan,
            }
        )
    table = pd.DataFrame(rows, index=pd.Index([str(name) for name in class_names], name="class"))
    return table.sort_values("found", kind="stable")


def worst_confusions(
    y: ArrayLike, predicted: ArrayLike, class_names: Sequence[str], *, n: int = 10
) -> pd.DataFrame:
    """List which class is taken for which, the most frequent first.

    Parameters
    ----------
    y, predicted : array_like of int, shape (n_samples,)
        True and predicted classes, as positions in ``class_names``.
    class_names : sequence of str
    n : int, default 10
        How many at most.

    Returns
    -------
    pandas.DataFrame
        Columns ``true class``, ``predicted`` and ``pictures``.

    Examples
    --------
    >>> worst_confusions([0, 0, 1], [1, 1, 1], ["cat", "dog"]).to_dict("records")
    [{'true class': 'cat', 'predicted': 'dog', 'pictures': 2}]
    """
    truth, named = _checked(y, predicted, len(class_names))
    wrong = truth != named
    pairs, counts = np.unique(np.stack([truth[wrong], named[wrong]]), axis=1, return_counts=True)
    order = np.argsort(-counts, kind="stable")[:n]
    return pd.DataFrame(
        {
            "true class": [str(class_names[label]) for label in pairs[0, order]],
            "predicted": [str(class_names[label]) for label in pairs[1, order]],
            "pictures": counts[order],
        }
    )


def _checked(
    y: ArrayLike, predicted: ArrayLike, n_classes: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    truth, named = np.asarray(y), np.asarray(predicted)
    if truth.ndim != 1 or truth.shape != named.shape:
        raise ValueError(f"y has shape {truth.shape} and predicted {named.shape}: one for each")
    for what, labels in (("y", truth), ("predicted", named)):
        if labels.dtype.kind not in "iu" or (labels < 0).any() or (labels >= n_classes).any():
            raise ValueError(f"{what} must hold positions in class_names, 0 to {n_classes - 1}")
    return truth.astype(np.int64), named.astype(np.int64)
