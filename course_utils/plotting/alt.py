"""Text alternatives: what a figure says, in words, for people who do not see it.

The code that draws a figure says once what it shows::

    set_alt_text(ax, "Validation accuracy rises from 0.67 with pixels to 0.87 with features.")

From there the words travel with the figure:

- into the notebook: the output's metadata gets ``{"image/png": {"alt": "…"}}``, the place that
  IPython's own ``Image(alt=…)`` uses and that nbconvert (and with it nbgrader's feedback) reads;
- to the screen: JupyterLab 4 ignores that place, so the output also carries the same picture as
  ``<img alt="…">`` in HTML, which JupyterLab, and VS Code, prefer to the bare picture;
- to the website: the Sphinx extension ``book/_ext/alt_text.py`` reads the metadata.
"""

from __future__ import annotations

import base64
from html import escape
from typing import Any
from weakref import WeakKeyDictionary

from matplotlib.axes import Axes
from matplotlib.figure import Figure, SubFigure

__all__ = ["get_alt_text", "set_alt_text"]

_texts: WeakKeyDictionary[Figure | SubFigure | Axes, str] = WeakKeyDictionary()

PICTURE_FORMATS = ("image/png", "image/jpeg", "image/svg+xml")


def set_alt_text(target: Figure | SubFigure | Axes, text: str) -> None:
    """Say in words what a figure, or a part of it, shows.

    Parameters
    ----------
    target : Figure, SubFigure or Axes
        The text of a whole replaces those of its parts.
    text : str
        One or two sentences: what the figure tells, not how it looks. White space is collapsed.

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
    _show_alt_text_in_notebooks()


def get_alt_text(figure: Figure | SubFigure) -> str | None:
    """Give a figure's text alternative, or None where nobody has set one.

    The figure's own text if it has one; otherwise those of its axes and subfigures, in the order
    in which they were added.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> get_alt_text(plt.figure()) is None
    True
    """
    own = _texts.get(figure)
    if own is not None:
        return own
    parts = [get_alt_text(part) for part in figure.subfigs]
    parts += [_texts.get(ax) for ax in figure.axes if ax.figure is figure]
    return " ".join(part for part in parts if part) or None


def _show_alt_text_in_notebooks() -> None:
    """Make IPython, where this code runs in it, send the words along with the picture."""
    try:
        from IPython.core.getipython import get_ipython
    except ImportError:
        return
    formatter: Any = getattr(get_ipython(), "display_formatter", None)
    if formatter is None or hasattr(formatter, "_sends_alt_text"):
        return
    format_as_ipython_does = formatter.format

    def format_with_alt_text(
        obj: Any, include: Any = None, exclude: Any = None
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        data, metadata = format_as_ipython_does(obj, include=include, exclude=exclude)
        text = get_alt_text(obj) if isinstance(obj, Figure) else None
        if text is None:
            return data, metadata
        html_wanted = (not include or "text/html" in include) and "text/html" not in (exclude or ())
        return _describe(data, metadata, text, html_wanted=html_wanted)

    # Formatters of single formats cannot do this: matplotlib's inline backend registers its own for
    # Figure, anew at each %matplotlib or %config, and they would have to draw everything twice.
    formatter.format = format_with_alt_text
    formatter._sends_alt_text = True


def _describe(
    data: dict[str, Any], metadata: dict[str, Any], text: str, *, html_wanted: bool
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Add the words to what IPython is about to send for one figure."""
    pictures = [mime for mime in PICTURE_FORMATS if mime in data]
    metadata = {**metadata, **{mime: {**metadata.get(mime, {}), "alt": text} for mime in pictures}}
    if pictures and html_wanted and "text/html" not in data:
        data = {**data, "text/html": _img(data[pictures[0]], pictures[0], metadata[pictures[0]])}
    return data, metadata


def _img(picture: str, mime: str, metadata: dict[str, Any]) -> str:
    """Write a picture as an HTML element; SVG comes as text, the others in base 64."""
    if mime == "image/svg+xml":
        picture = base64.b64encode(picture.encode()).decode("ascii")
    sizes = "".join(f' {key}="{metadata[key]}"' for key in ("width", "height") if key in metadata)
    return f'<img alt="{escape(metadata["alt"])}"{sizes} src="data:{mime};base64,{picture}">'
