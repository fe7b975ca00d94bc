"""One picture beside the classes that a network finds most probable for it."""

from __future__ import annotations

import os
from dataclasses import dataclass

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.container import BarContainer
from matplotlib.figure import Figure, SubFigure
from PIL import Image

from course_utils.images.reading import read_image, to_rgb
from course_utils.plotting._drawn import Drawn
from course_utils.plotting.alt import set_alt_text
from course_utils.plotting.palette import class_color, in_course_style

__all__ = ["ClassifiedPlot", "plot_classified"]


@dataclass(frozen=True, repr=False)
class ClassifiedPlot(Drawn):
    """What :func:`plot_classified` drew.

    Attributes
    ----------
    figure : Figure or SubFigure
    picture_ax, ax : Axes
        Of the picture, and of the bars.
    bars : BarContainer
        One bar a class, the most probable on top.
    """

    figure: Figure | SubFigure
    picture_ax: Axes
    ax: Axes
    bars: BarContainer

    def _summary(self) -> str:
        return f"{len(self.bars)} classes"


@in_course_style
def plot_classified(
    image: str | os.PathLike[str] | Image.Image,
    table: pd.DataFrame,
    *,
    title: str | None = None,
    fig: Figure | SubFigure | None = None,
) -> ClassifiedPlot:
    """Draw a picture, and the probabilities of its classes as bars beside it.

    Parameters
    ----------
    image : path or PIL.Image.Image
    table : pandas.DataFrame
        As :func:`~course_utils.networks.classifying.classify_image` gives it: columns ``class`` and
        ``probability``.
    title : str, optional
    fig : Figure or SubFigure, optional
        Where to draw; a new figure unless given.

    Returns
    -------
    ClassifiedPlot

    Raises
    ------
    ValueError
        If the table lacks a column or has no row.
    BadImageError
        If the file cannot be read as a picture.

    Examples
    --------
    >>> import pandas as pd
    >>> from PIL import Image
    >>> table = pd.DataFrame({"class": ["tabby", "lynx"], "probability": [0.7, 0.1]})
    >>> plot_classified(Image.new("RGB", (8, 8)), table)
    <ClassifiedPlot: 2 classes>
    """
    missing = {"class", "probability"} - set(table.columns)
    if missing or table.empty:
        raise ValueError(
            f"the table has the columns {list(table.columns)} and {len(table)} rows; "
            f"give what classify_image gives"
        )
    picture = to_rgb(image) if isinstance(image, Image.Image) else read_image(image)
    if fig is None:
        fig = plt.figure(figsize=(9.0, 3.4), layout="constrained")
    picture_ax, ax = fig.subplots(1, 2, width_ratios=(1, 2))
    picture_ax.imshow(picture)
    picture_ax.set_axis_off()
    names, probabilities = list(table["class"]), table["probability"].to_numpy()
    bars = ax.barh(range(len(names)), probabilities, color=class_color(0))
    ax.bar_label(bars, labels=[f" {p:.2f}" for p in probabilities])
    ax.set_yticks(range(len(names)), names)
    ax.invert_yaxis()
    ax.set_xlim(0, 1.12)  # room for the number behind a bar that reaches 1
    ax.set_xticks([0, 0.25, 0.5, 0.75, 1])
    ax.set(xlabel="probability", title=title or "")
    described = ", ".join(f"{n} {p:.2f}" for n, p in zip(names, probabilities, strict=True))
    set_alt_text(fig, f"{title or 'A picture'}. Its most probable classes: {described}.")
    return ClassifiedPlot(fig, picture_ax, ax, bars)
