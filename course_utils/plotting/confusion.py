"""Confusion matrices: how many of each class were predicted as which."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.image import AxesImage
from numpy.typing import ArrayLike, NDArray

from course_utils.plotting._drawn import Drawn, axes_for
from course_utils.plotting.alt import set_alt_text
from course_utils.plotting.palette import in_course_style

__all__ = ["ConfusionMatrixPlot", "plot_confusion_matrix"]


@dataclass(frozen=True, repr=False)
class ConfusionMatrixPlot(Drawn):
    """What :func:`plot_confusion_matrix` drew."""

    ax: Axes
    image: AxesImage
    texts: np.ndarray
    """The numbers in the cells: Text artists, shape (n_classes, n_classes)."""

    def _summary(self) -> str:
        return f"{len(self.texts)} classes"


@in_course_style
def plot_confusion_matrix(
    cm: ArrayLike,
    classes: Iterable[str],
    *,
    normalize: bool = False,
    title: str = "Confusion matrix",
    ax: Axes | None = None,
) -> ConfusionMatrixPlot:
    """Draw a confusion matrix: true classes down, predicted classes across.

    Parameters
    ----------
    cm : array_like of int, shape (n_classes, n_classes)
        ``cm[i, j]``: how many of true class ``i`` were predicted as class ``j``, as
        ``sklearn.metrics.confusion_matrix`` counts them.
    classes : iterable of str
        Class names, in the order of the rows.
    normalize : bool, default False
        Whether to show each row's shares, rather than counts.
    title : str
    ax : Axes, optional
        Where to draw; a new figure unless given.

    Returns
    -------
    ConfusionMatrixPlot
        The axes and the artists.

    Raises
    ------
    ValueError
        If ``cm`` is not square, holds no counts, or does not fit the class names.

    Examples
    --------
    >>> plot_confusion_matrix([[48, 2], [5, 45]], ["cat", "dog"])
    <ConfusionMatrixPlot: 2 classes>
    """
    counts = _check_counts(cm)
    names = [str(name) for name in classes]
    if len(names) != len(counts):
        raise ValueError(
            f"cm has {len(counts)} rows, but there are {len(names)} class names: {', '.join(names)}"
        )
    totals = counts.sum(axis=1, keepdims=True)
    shares = np.divide(counts, totals, out=np.zeros(counts.shape), where=totals > 0)

    # Cells shrink where there are many: two-digit counts still fit into 0.4 inches.
    cell = min(0.75, max(0.4, 8.0 / len(names)))
    side = 2.2 + cell * len(names)
    ax = axes_for(ax, figsize=(max(4.5, side + 0.8), max(4.0, side)))
    # Coloured by share also when counts are shown: a big class must not look like a good one.
    image = ax.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    texts = np.empty(counts.shape, dtype=object)
    for i, j in np.ndindex(*counts.shape):
        texts[i, j] = ax.text(
            j,
            i,
            f"{shares[i, j]:.2f}" if normalize else f"{int(counts[i, j])}",
            ha="center",
            va="center",
            color="white" if shares[i, j] > 0.5 else "black" if counts[i, j] else "0.5",
            fontsize=13 if cell > 0.6 else 10,
        )
    places = np.arange(len(names))
    ax.set_xticks(places, names)
    if max(map(len, names)) > 6:
        plt.setp(ax.get_xticklabels(), rotation=45, ha="right", rotation_mode="anchor")
    ax.set_yticks(places, names)
    ax.set(xlabel="predicted class", ylabel="true class", title=title)
    ax.figure.colorbar(image, ax=ax, label="share of the true class", shrink=0.8)
    set_alt_text(ax, _describe_confusions(counts, names, title))
    return ConfusionMatrixPlot(ax, image, texts)


def _describe_confusions(counts: np.ndarray, names: list[str], title: str) -> str:
    """Say a confusion matrix in words: how many are right, then the most frequent mistakes."""
    right, total = int(np.trace(counts)), int(counts.sum())
    mistakes = [
        (int(counts[i, j]), f"{int(counts[i, j])} {names[i]} predicted as {names[j]}")
        for i, j in np.ndindex(*counts.shape)
        if i != j and counts[i, j] > 0
    ]
    mistakes.sort(key=lambda mistake: -mistake[0])
    text = f"{title}: {right} of {total} predictions are right"
    if mistakes:
        text += "; wrong are " + ", ".join(phrase for _, phrase in mistakes[:6])
        if len(mistakes) > 6:
            text += f", and {sum(count for count, _ in mistakes[6:])} others"
    return text + "."


def _check_counts(cm: ArrayLike) -> NDArray[np.int64]:
    counts = np.asarray(cm)
    if counts.ndim != 2 or counts.shape[0] != counts.shape[1] or counts.size == 0:
        raise ValueError(f"cm has shape {counts.shape}; a confusion matrix is square")
    if counts.dtype.kind not in "iuf" or (counts < 0).any() or (counts != np.round(counts)).any():
        raise ValueError("cm holds counts, whole numbers from 0 up: pass normalize=True for shares")
    return counts.astype(np.int64)
