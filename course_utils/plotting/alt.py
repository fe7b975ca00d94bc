"""Text alternatives: what a figure says, in words, for people who do not see it.

The code that draws a figure says once what it shows::

    set_alt_text(ax, "Validation accuracy rises from 0.67 with pixels to 0.87 with features.")

"""

from __future__ import annotations

from weakref import WeakKeyDictionary

from matplotlib.axes import Axes
from matplotlib.figure import Figure

__all__ = ["get_alt_text", "set_alt_text"]

_texts: WeakKeyDictionary[Figure | Axes, str] = WeakKeyDictionary()


def set_alt_text(target: Figure | Axes, text: str) -> None:
    """Say in words what a figure, or one set of axes of it, shows.

    Parameters
    ----------
    target : Figure or Axes
        A figure's own text replaces the texts of its axes.
    text : str
        One or two sentences: the finding, not the colours. White space is collapsed.

    Raises
    ------
    ValueError
        If ``text`` is empty.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> figure, ax = plt.subplots()
    >>> set_alt_text(ax, "A rising line.")
    >>> get_alt_text(figure)
    'A rising line.'
    """
    words = " ".join(text.split())
    if not words:
        raise ValueError("the text alternative is empty: say in a sentence what the figure shows")
    _texts[target] = words


def get_alt_text(figure: Figure) -> str | None:
    """Give a figure's text alternative, or None where nobody has set one.

    The figure's own text if it has one, otherwise the texts of its axes, in the order in which
    they were added.
    """
    own = _texts.get(figure)
    if own is not None:
        return own
    parts = [_texts[ax] for ax in figure.axes if ax in _texts]
    return " ".join(parts) or None
