"""Where the time goes: the parts of a job, one after another or at the same time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.container import BarContainer
from numpy.typing import NDArray

from course_utils.plotting._drawn import PAGE_INCHES, Drawn, add_legend, axes_for
from course_utils.plotting.alt import set_alt_text
from course_utils.plotting.palette import class_color, in_course_style

__all__ = ["TimePartsPlot", "plot_time_parts"]

_HATCHES = ("", "//", "..", "\\\\", "xx", "--", "oo")


@dataclass(frozen=True, repr=False)
class TimePartsPlot(Drawn):
    """What :func:`plot_time_parts` drew."""

    ax: Axes
    bars: tuple[BarContainer, ...]
    """One a part, in order; each holds a bar for every job."""
    totals: NDArray[np.float64]
    """How long each job takes, shape (n_jobs,): the sum of its parts, or the longest."""

    def _summary(self) -> str:
        return f"{len(self.totals)} jobs of {len(self.bars)} parts"


@in_course_style
def plot_time_parts(
    jobs: Mapping[str, Mapping[str, float]],
    *,
    overlap: bool = False,
    xlabel: str = "milliseconds a picture",
    title: str = "Where the time goes",
    ax: Axes | None = None,
) -> TimePartsPlot:
    """Draw how long the parts of jobs take, one row a job.

    Parameters
    ----------
    jobs : mapping of str to mapping of str to float
        For each job how long each of its parts takes; all jobs have the same parts. Times are in
        the unit that ``xlabel`` names, finite, and not negative.
    overlap : bool, default False
        False: the parts follow one another, and their bars are stacked. True: they run at the
        same time, each in a bar of its own, and the job takes as long as the longest.
    xlabel, title : str
    ax : Axes, optional
        Where to draw; a new figure unless given.

    Returns
    -------
    TimePartsPlot
        The axes, the bars, and each job's time.

    Raises
    ------
    ValueError
        If there is no job, jobs differ in their parts, or a time is negative or not finite.

    Examples
    --------
    >>> plot_time_parts({"here": {"decode": 3.0, "network": 30.0}})
    <TimePartsPlot: 1 jobs of 2 parts>
    """
    names, parts, times = _table(jobs)
    totals = times.max(axis=1) if overlap else times.sum(axis=1)
    ax = axes_for(ax, figsize=(PAGE_INCHES, 1.6 + (0.9 if overlap else 0.62) * len(names)))
    limit = 1.16 * max(totals.max(), np.finfo(float).tiny)
    ax.set_xlim(0, limit)
    rows = np.arange(len(names), dtype=np.float64)
    height = 0.78 / len(parts) if overlap else 0.62
    bars = []
    for i, part in enumerate(parts):
        lower = (i - (len(parts) - 1) / 2) * height if overlap else 0.0
        left = np.zeros(len(names)) if overlap else times[:, :i].sum(axis=1)
        bar = ax.barh(
            rows + lower,
            times[:, i],
            height,
            left,
            label=part,
            color=class_color(i),
            hatch=_HATCHES[i % len(_HATCHES)],
            edgecolor="white",
            linewidth=0.8,
        )
        bars.append(bar)
    for row, (own, total) in enumerate(zip(times, totals, strict=True)):
        longest = int(own.argmax())
        at = rows[row] + ((longest - (len(parts) - 1) / 2) * height if overlap else 0.0)
        ax.text(total + limit / 100, at, f"{total:,.3g}", va="center", weight="bold")
    ax.set_yticks(rows, names)
    ax.invert_yaxis()
    ax.tick_params(axis="y", length=0)
    ax.grid(axis="x", alpha=0.3)
    ax.set_axisbelow(True)
    ax.set_xlabel(xlabel)
    ax.set_title(title)
    add_legend(ax)
    set_alt_text(ax, _in_words(names, parts, times, totals, xlabel, title, overlap=overlap))
    return TimePartsPlot(ax, tuple(bars), totals)


def _table(
    jobs: Mapping[str, Mapping[str, float]],
) -> tuple[list[str], list[str], NDArray[np.float64]]:
    """Give jobs, parts, and the times, shape (n_jobs, n_parts)."""
    names = [str(name) for name in jobs]
    if not names:
        raise ValueError("there is no job to draw: jobs is empty")
    parts = list(next(iter(jobs.values())))
    for name, own in jobs.items():
        if list(own) != parts or not parts:
            raise ValueError(
                f"the job {name!r} has the parts {list(own)}; give every job the same ones, in "
                f"the same order: {parts}"
            )
        for part, time in own.items():
            if not (np.isfinite(time) and time >= 0):
                raise ValueError(
                    f"{part} of {name!r} takes {time}: a time is finite and not below 0"
                )
    times = np.array([[own[part] for part in parts] for own in jobs.values()], dtype=np.float64)
    return names, [str(part) for part in parts], times


def _in_words(
    names: list[str],
    parts: list[str],
    times: NDArray[np.float64],
    totals: NDArray[np.float64],
    xlabel: str,
    title: str,
    *,
    overlap: bool,
) -> str:
    how = "parts run at the same time, the longest decides" if overlap else "parts add up"
    rows = []
    for name, own, total in zip(names, times, totals, strict=True):
        each = ", ".join(f"{part} {time:.3g}" for part, time in zip(parts, own, strict=True))
        rows.append(f"{' '.join(name.split())}: {each}; in all {total:.3g}")
    return f"{title}: {xlabel}; {how}. {'. '.join(rows)}."
