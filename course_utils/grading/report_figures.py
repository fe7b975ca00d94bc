"""The figures of the report on a class, as pictures that stand in the page itself."""

from __future__ import annotations

import base64
import io
from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import fill

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from course_utils.grading.class_results import KINDS, Exercise
from course_utils.plotting.alt import get_alt_text, set_alt_text
from course_utils.plotting.palette import COLORS, in_course_style

__all__ = ["Picture", "as_picture", "plot_exercises", "plot_points"]

# Colour and hatching: either alone tells them apart. Right answers need no second look.
LOOKS = {
    "right": (COLORS["sky"], ""),
    "partly right": (COLORS["yellow"], "//"),
    "wrong": (COLORS["vermilion"], "xx"),
    "not attempted": ("#D9D9D9", ".."),
}
MOST_BARS = 30
WIDTH = 5.4  # inches: its letters are still readable on the screen of a phone


@dataclass(frozen=True)
class Picture:
    """A figure in a page.

    Parameters
    ----------
    address
        A data address with all of the picture.
    words
        Its text alternative.
    """

    address: str
    words: str


@in_course_style
def plot_points(points: Sequence[float], max_points: float) -> Figure:
    """Draw how many learners have how many points.

    Parameters
    ----------
    points
        Of each learner; at least one.
    max_points
        What a learner can get.
    """
    width = int(np.ceil(max_points / MOST_BARS)) or 1
    # Bars stand in the middle over whole points: half a point is counted upwards.
    edges = np.arange(-0.5, max_points + width, width)
    counts, edges = np.histogram(points, bins=edges)
    figure = Figure(figsize=(WIDTH, 3.6), layout="constrained")
    ax = figure.subplots()
    middles = (edges[:-1] + edges[1:]) / 2
    ax.bar(middles, counts, width=0.9 * width, color=COLORS["blue"])
    median = float(np.median(points))
    ax.set_xlim(-0.7, max_points + width)
    ax.axvline(median, color="black", linestyle="--")
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.yaxis.set_major_locator(MaxNLocator(integer=True))
    ax.set(
        xlabel=f"points of {max_points:g} (dashed: the median, {median:g})",
        ylabel="learners",
        title="Points in the class",
    )
    most = int(np.argmax(counts))
    set_alt_text(
        figure,
        f"Bars of how many of {len(points)} learners have how many of {max_points:g} points. The "
        f"median is {median:g}, the lowest {min(points):g}, the highest {max(points):g}. Most, "
        f"{counts[most]}, have {_range(edges[most] + 0.5, width)}.",
    )
    return figure


def _range(low: float, width: int) -> str:
    return f"{low:g}" if width == 1 else f"{low:g} to {low + width - 1:g}"


@in_course_style
def plot_exercises(exercises: Sequence[Exercise]) -> Figure:
    """Draw for each exercise how many had it right, partly right, wrong, or did not attempt it.

    Parameters
    ----------
    exercises
        Those that tests grade; at least one.
    """
    figure = Figure(figsize=(WIDTH, 1.6 + 0.62 * len(exercises)), layout="constrained")
    ax = figure.subplots()
    places = np.arange(len(exercises))
    left = np.zeros(len(exercises))
    for kind in KINDS:
        counts = np.array([exercise.counts[kind] for exercise in exercises])
        if not counts.any():
            continue
        color, hatch = LOOKS[kind]
        bars = ax.barh(
            places, counts, left=left, color=color, hatch=hatch, edgecolor="black", label=kind
        )
        ax.bar_label(
            bars,
            labels=[str(count) if count else "" for count in counts],
            label_type="center",
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 1, "alpha": 0.85},
        )
        left += counts
    ax.set_yticks(places, [fill(exercise.name.removeprefix("test-"), 18) for exercise in exercises])
    ax.invert_yaxis()
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.set(xlabel="learners", title="Answers by exercise")
    figure.legend(loc="outside lower center", ncols=2, fontsize=11)
    said = "; ".join(
        f"{exercise.name}: "
        + ", ".join(f"{number} {kind}" for kind, number in exercise.counts.items() if number)
        for exercise in exercises
    )
    set_alt_text(figure, f"A bar for each exercise, divided by how it was answered. {said}.")
    return figure


def as_picture(figure: Figure) -> Picture:
    """Make a figure part of a page.

    Parameters
    ----------
    figure
        With a text alternative.
    """
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=170)
    data = base64.b64encode(buffer.getvalue()).decode("ascii")
    return Picture(f"data:image/png;base64,{data}", get_alt_text(figure) or "")
