"""One palette for the whole course: colours, markers and sizes that everybody can tell apart.

The colours are Okabe and Ito's (https://jfly.uni-koeln.de/color/), chosen so that people with any
of the common forms of colour blindness see them as different. A class also has its own marker,
because colour alone must never carry the meaning: with seven colours and eleven markers the first
77 classes of a plot all look different.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

import matplotlib
from cycler import cycler

__all__ = [
    "COLORS",
    "DIVERGING",
    "LINE_STYLES",
    "MARKERS",
    "STYLE",
    "class_color",
    "class_colors",
    "class_line_style",
    "class_marker",
    "in_course_style",
    "use_course_style",
]

COLORS: dict[str, str] = {
    "blue": "#0072B2",
    "orange": "#E69F00",
    "green": "#009E73",
    "vermilion": "#D55E00",
    "purple": "#CC79A7",
    "sky": "#56B4E9",
    "yellow": "#F0E442",
}
"""The colours of classes 0 to 6, by name. Black and grey stay free for text, axes and baselines."""

MARKERS: tuple[str, ...] = ("o", "^", "s", "D", "v", "P", "X", "p", "<", ">", "h")
"""The markers of classes 0 to 10."""

LINE_STYLES: tuple[str, ...] = ("-", "--", "-.", ":")
"""The line styles of classes 0 to 3."""

DIVERGING = "PuOr"
"""matplotlib's colour map for numbers around zero: orange below, white at zero, purple above.

It is one of C. Brewer's (https://colorbrewer2.org), which lists it as safe for colour-blind people.
"""

STYLE: dict[Any, Any] = {
    "figure.figsize": (6.4, 4.8),
    "figure.dpi": 100,
    "font.size": 12,
    "axes.titlesize": 13,
    "axes.labelsize": 12,
    "xtick.labelsize": 11,
    "ytick.labelsize": 11,
    "legend.fontsize": 11,
    "figure.titlesize": 14,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.prop_cycle": cycler(color=list(COLORS.values())),
    "lines.linewidth": 2,
}
"""matplotlib settings under which every figure of the course is drawn."""

P = ParamSpec("P")
R = TypeVar("R")


def class_color(index: int) -> str:
    """Give the colour of class number ``index``, as ``"#RRGGBB"``.

    Colours repeat after seven classes, markers after eleven: draw with both.

    Examples
    --------
    >>> class_color(0), class_marker(0)
    ('#0072B2', 'o')
    """
    colors = tuple(COLORS.values())
    return colors[index % len(colors)]


def class_marker(index: int) -> str:
    """Give matplotlib's name of the marker of class number ``index``.

    Examples
    --------
    >>> class_marker(1)
    '^'
    """
    return MARKERS[index % len(MARKERS)]


def class_line_style(index: int) -> str:
    """Give matplotlib's name of the line style of class number ``index``.

    Examples
    --------
    >>> class_line_style(1)
    '--'
    """
    return LINE_STYLES[index % len(LINE_STYLES)]


def class_colors(n_classes: int) -> list[str]:
    """Give the colours of classes ``0 … n_classes - 1``.

    Examples
    --------
    >>> class_colors(2)
    ['#0072B2', '#E69F00']
    """
    return [class_color(index) for index in range(n_classes)]


def use_course_style() -> None:
    """Give figures that you draw yourself the look of the course's own.

    The course's plotting functions need no such call: they bring the style along.

    Examples
    --------
    >>> use_course_style()
    >>> matplotlib.rcParams["font.size"]
    12.0
    """
    matplotlib.rcParams.update(STYLE)


def in_course_style(draw: Callable[P, R]) -> Callable[P, R]:
    """Make a plotting function draw in the course's style, leaving the caller's settings alone."""

    @functools.wraps(draw)
    def styled(*args: P.args, **kwargs: P.kwargs) -> R:
        with matplotlib.rc_context(STYLE):
            drawn = draw(*args, **kwargs)
            interactive = matplotlib.is_interactive()
        # A notebook's first figure starts its backend, which switches this on; put back as it was
        # before, it would keep the notebook from showing the figures of pyplot after this one.
        matplotlib.interactive(interactive)
        return drawn

    return styled
