"""Predictions as pictures: each with its true class, and what was predicted how surely."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure, SubFigure
from numpy.typing import ArrayLike, NDArray

from course_utils.plotting.alt import set_alt_text
from course_utils.plotting.images import ImageGrid, caption_of, plot_images
from course_utils.plotting.palette import in_course_style
from course_utils.predictions import check_predictions, pick_predictions

__all__ = ["PredictionGrid", "plot_predictions"]


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
    *,
    n: int = 8,
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
        Which ones to show; see :func:`course_utils.predictions.pick_predictions`.
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
    y, probabilities = check_predictions(y, probabilities, names)
    if len(images) != len(y):
        raise ValueError(f"{len(images)} images do not fit {len(y)} labels")
    chosen = pick_predictions(
        y, probabilities, kind, n=n, class_names=names, of_class=of_class, seed=seed
    )

    title = kind.capitalize() + (f" of class {of_class}" if of_class else "")
    where_from = caption_of(images)
    source = f"\n{where_from}" if where_from else ""
    if len(chosen) == 0:
        return PredictionGrid(*_draw_none(kind, title + source, fig), chosen)
    predicted = probabilities.argmax(axis=1)
    titles = [
        f"{names[y[i]]}\npredicted {names[predicted[i]]}, {probabilities[i, predicted[i]]:.2f}"
        for i in chosen
    ]
    sources = getattr(images, "paths", images)
    pictures = [sources[int(i)] for i in chosen]
    heading = f"{title}: true class, then prediction{source}"
    grid = plot_images(pictures, titles, ncols=min(ncols, len(chosen)), title=heading, fig=fig)
    listed = "; ".join(words.replace("\n", ", ") for words in titles)
    in_a_line = (title + source).replace("\n", ", ")
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
