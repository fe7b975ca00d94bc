"""What a classifier got right and wrong: as counts, and as the pictures themselves."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure, SubFigure
from matplotlib.image import AxesImage
from numpy.typing import ArrayLike, NDArray

from course_utils.plotting._drawn import Drawn, axes_for
from course_utils.plotting.alt import set_alt_text
from course_utils.plotting.images import ImageGrid, caption_of, plot_images
from course_utils.plotting.palette import in_course_style

__all__ = [
    "KINDS",
    "ConfusionMatrixPlot",
    "PredictionGrid",
    "pick_predictions",
    "plot_confusion_matrix",
    "plot_predictions",
]

KINDS = ("correct", "incorrect", "most correct", "most incorrect", "most uncertain")
"""The groups of predictions that are worth looking at, after fast.ai's lesson on cats and dogs."""


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


def pick_predictions(
    kind: str,
    y: ArrayLike,
    probabilities: ArrayLike,
    n: int = 4,
    *,
    of_class: int | None = None,
    seed: int = 0,
) -> NDArray[np.int64]:
    """Find the predictions that are worth looking at.

    Parameters
    ----------
    kind : str
        Which ones, of :data:`KINDS`:

        - ``"correct"``, ``"incorrect"``: right and wrong ones at random;
        - ``"most correct"``: right, and surest of it;
        - ``"most incorrect"``: wrong, and surest of it;
        - ``"most uncertain"``: right or wrong, and least sure.

        How sure a prediction is, is the probability of the predicted class. With two classes these
        are fast.ai's groups, and the uncertain ones are those nearest to 0.5.
    y : array_like of int, shape (n_samples,)
        True classes, as column numbers of ``probabilities``.
    probabilities : array_like of float, shape (n_samples, n_classes)
        What ``predict_proba`` gave. The predicted class is the most probable one.
    n : int, default 4
        How many; fewer come back where there are fewer.
    of_class : int, optional
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
        If ``kind`` is unknown, or ``y`` and ``probabilities`` do not fit each other.

    Examples
    --------
    >>> y = [0, 0, 1, 1]
    >>> probabilities = [[0.9, 0.1], [0.2, 0.8], [0.4, 0.6], [0.7, 0.3]]
    >>> pick_predictions("most incorrect", y, probabilities)
    array([1, 3])
    >>> pick_predictions("most uncertain", y, probabilities, n=1)
    array([2])
    """
    if kind not in KINDS:
        raise ValueError(f"kind is {kind!r}; choose one of {', '.join(KINDS)}")
    y, probabilities = _check_predictions(y, probabilities)
    right = probabilities.argmax(axis=1) == y
    sureness = probabilities.max(axis=1)
    wanted = np.ones(len(y), dtype=bool) if of_class is None else y == of_class
    if kind.endswith("incorrect"):
        wanted &= ~right
    elif kind.endswith("correct"):
        wanted &= right
    candidates = np.flatnonzero(wanted)
    if not kind.startswith("most"):
        return np.random.default_rng(seed).permutation(candidates)[:n].astype(np.int64)
    rank = sureness if kind == "most uncertain" else -sureness
    return candidates[np.argsort(rank[candidates], kind="stable")][:n].astype(np.int64)


def _check_predictions(
    y: ArrayLike, probabilities: ArrayLike
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    y, probabilities = np.asarray(y), np.asarray(probabilities, dtype=np.float64)
    if probabilities.ndim != 2 or y.shape != (len(probabilities),):
        raise ValueError(
            f"y has shape {y.shape} and probabilities {probabilities.shape}; "
            "they must be (n,) and (n, n_classes)"
        )
    n_classes = probabilities.shape[1]
    if y.dtype.kind not in "iu" or (y < 0).any() or (y >= n_classes).any():
        raise ValueError(f"y must hold column numbers of probabilities, 0 to {n_classes - 1}")
    if not np.allclose(probabilities.sum(axis=1), 1, atol=1e-3) or (probabilities < 0).any():
        raise ValueError(
            "the rows of probabilities do not sum to 1: give what predict_proba returns, "
            "not scores or logits"
        )
    return y.astype(np.int64), probabilities


@dataclass(frozen=True, repr=False)
class PredictionGrid(ImageGrid):
    """What :func:`plot_predictions` drew."""

    indices: NDArray[np.int64]
    """Positions of the pictures in what was passed in."""


@in_course_style
def plot_predictions(
    images: Sequence[Any],
    y: ArrayLike,
    probabilities: ArrayLike,
    kind: str = "most incorrect",
    n: int = 8,
    *,
    class_names: Sequence[str] | None = None,
    of_class: str | None = None,
    seed: int = 0,
    ncols: int = 4,
    fig: Figure | SubFigure | None = None,
) -> PredictionGrid:
    r"""Show pictures with their true class, and what was predicted with which probability.

    Parameters
    ----------
    images : ImageSet, or sequence of paths, PIL images or arrays
    y : array_like of int, shape (n_images,)
        True classes, as positions in ``class_names``.
    probabilities : array_like of float, shape (n_images, n_classes)
        What ``predict_proba`` gave for these pictures.
    kind : str, default "most incorrect"
        Which ones to show; see :func:`pick_predictions`.
    n : int, default 8
        How many at most.
    class_names : sequence of str, optional
        Needed unless ``images`` is an ImageSet, which has them.
    of_class : str, optional
        Only pictures of this true class.
    seed : int, default 0
        For the random kinds.
    ncols : int, default 4
        Pictures a row.
    fig : Figure or SubFigure, optional
        Where to draw; a new figure unless given.

    Returns
    -------
    PredictionGrid
        With ``indices``, the positions of the pictures shown. If there is none of this kind, the
        figure says so.

    Raises
    ------
    ValueError
        If the arguments do not fit each other; the message lists valid choices.

    Examples
    --------
    >>> pictures = [np.zeros((8, 8)), np.ones((8, 8))]
    >>> drawn = plot_predictions(
    ...     pictures, [0, 1], [[0.9, 0.1], [0.8, 0.2]], class_names=["black", "white"]
    ... )
    >>> drawn.axes[0].get_title()
    'white\npredicted black, 0.80'
    """
    names = getattr(images, "class_names", None) if class_names is None else class_names
    if names is None:
        raise ValueError("class_names are needed, since images is not an ImageSet")
    names = [str(name) for name in names]
    y, probabilities = _check_predictions(y, probabilities)
    if len(images) != len(y) or len(names) != probabilities.shape[1]:
        raise ValueError(
            f"{len(images)} images and {len(names)} class names do not fit {len(y)} labels and "
            f"probabilities of shape {probabilities.shape}"
        )
    if of_class is not None and of_class not in names:
        raise ValueError(f"of_class is {of_class!r}; choose one of {', '.join(names)}")
    only = None if of_class is None else names.index(of_class)
    chosen = pick_predictions(kind, y, probabilities, n, of_class=only, seed=seed)

    title = kind.capitalize() + (f" of class {of_class}" if of_class else "")
    where_from = caption_of(images)
    title += f"\n{where_from}" if where_from else ""
    if len(chosen) == 0:
        return PredictionGrid(*_draw_none(kind, title, fig), chosen)
    predicted = probabilities.argmax(axis=1)
    titles = [
        f"{names[y[i]]}\npredicted {names[predicted[i]]}, {probabilities[i, predicted[i]]:.2f}"
        for i in chosen
    ]
    sources = getattr(images, "paths", images)
    pictures = [sources[int(i)] for i in chosen]
    grid = plot_images(pictures, titles, min(ncols, len(chosen)), title=title, fig=fig)
    listed = "; ".join(words.replace("\n", ", ") for words in titles)
    in_a_line = title.replace("\n", ", ")
    set_alt_text(
        grid.axes[0],
        f"{in_a_line}. True class, prediction and its probability of each picture: {listed}.",
    )
    return PredictionGrid(grid.figure, grid.axes, chosen)


def _draw_none(
    kind: str, title: str, fig: Figure | SubFigure | None
) -> tuple[Figure | SubFigure, tuple[Axes, ...]]:
    if fig is None:
        fig = plt.figure(figsize=(6, 1.5), layout="constrained")
    fig.suptitle(title)
    ax = fig.subplots()
    ax.set_axis_off()
    ax.text(0.5, 0.5, f"no prediction is {kind.removeprefix('most ')}", ha="center", va="center")
    set_alt_text(ax, f"{title}: there is none.")
    return fig, ()
