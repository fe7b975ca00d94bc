"""A page of results to send to a colleague: one HTML file with everything in it.

It asks no server for anything and runs no program, and says so to the browser; it is readable on a
phone, in the dark, on paper and to a screen reader. All words are escaped: a file may well be
called ``<script>.jpg``.
"""

from __future__ import annotations

import base64
import io
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd
from markupsafe import Markup, escape
from PIL import Image

from course_utils._files import replace_when_complete
from course_utils.images.reading import read_image
from course_utils.plotting.alt import get_alt_text

__all__ = ["ResultsPage"]

_TILE = 320
_DOTS_AN_INCH = 110
_STYLE = (Path(__file__).parent / "results.css").read_text(encoding="utf-8")


class ResultsPage:
    """A page that grows part by part, and is written once.

    Parameters
    ----------
    title : str
        What was judged.
    summary : str
        The result in a sentence or two.

    Examples
    --------
    >>> import tempfile
    >>> page = ResultsPage("Cats and dogs", "57 of 60 pictures are right.")
    >>> page.add_heading("Each class")
    >>> page.add_table(pd.DataFrame({"class": ["cat"], "found": [0.95]}), "Found, by class")
    >>> page.write(Path(tempfile.mkdtemp()) / "results.html").suffix
    '.html'
    """

    def __init__(self, title: str, summary: str) -> None:
        self.title = title
        self.summary = summary
        self._parts: list[Markup] = []
        self._headings: list[str] = []

    def add_heading(self, text: str) -> None:
        """Begin a section."""
        self._headings.append(text)
        self._parts.append(
            Markup('<h2 id="part-{}">{}</h2>').format(len(self._headings), _clean(text))
        )

    def add_text(self, text: str) -> None:
        """Add a paragraph; ``**bold**`` and other marks of Markdown are shown as they are."""
        self._parts.append(Markup("<p>{}</p>").format(_clean(text)))

    def add_list(self, entries: Sequence[str]) -> None:
        """Add a list of sentences."""
        shown = Markup("").join(Markup("<li>{}</li>").format(_clean(entry)) for entry in entries)
        self._parts.append(Markup("<ul>{}</ul>").format(shown))

    def add_figure(self, drawn: Any) -> None:
        """Add a figure, with its text alternative.

        Parameters
        ----------
        drawn : Figure
            A figure of matplotlib, or what a plotting function of the course gave.

        Raises
        ------
        ValueError
            When the figure has no text alternative
            (:func:`~course_utils.plotting.alt.set_alt_text`).
        """
        figure = getattr(drawn, "figure", None) or drawn.ax.figure
        words = get_alt_text(figure)
        if words is None:
            raise ValueError("the figure has no text alternative: set_alt_text(figure, '…')")
        stream = io.BytesIO()
        figure.savefig(
            stream, format="png", dpi=_DOTS_AN_INCH, bbox_inches="tight", facecolor="white"
        )
        width = round(Image.open(stream).width * 96 / _DOTS_AN_INCH)
        self._parts.append(
            Markup('<figure class="drawn"><img alt="{}" width="{}" src="{}"></figure>').format(
                _clean(words), width, _address(stream.getvalue(), "png")
            )
        )

    def add_table(self, table: pd.DataFrame, caption: str, *, index: bool = False) -> None:
        """Add a table; numbers are aligned and rounded, and words are escaped.

        Parameters
        ----------
        table : pandas.DataFrame
        caption : str
            What it says; read out before the table.
        index : bool, default False
            Whether the index is a column, the first.
        """
        shown = table.reset_index() if index else table
        numeric = [pd.api.types.is_numeric_dtype(shown[column]) for column in shown.columns]
        marks = [Markup(' class="number"') if number else Markup("") for number in numeric]
        head = Markup("").join(
            Markup('<th scope="col"{}>{}</th>').format(mark, _clean(column))
            for mark, column in zip(marks, shown.columns, strict=True)
        )
        body = Markup("").join(
            Markup("<tr>{}</tr>").format(
                Markup("").join(
                    Markup("<td{}>{}</td>").format(mark, _clean(_in_digits(value)))
                    for mark, value in zip(marks, row, strict=True)
                )
            )
            for row in shown.itertuples(index=False)
        )
        # A table may be wider than a phone: it scrolls by itself, also by keyboard.
        self._parts.append(
            Markup(
                '<div class="scrolls" tabindex="0" role="region" aria-label="{}"><table>'
                "<caption>{}</caption><thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>"
            ).format(_clean(caption), _clean(caption), head, body)
        )

    def add_pictures(
        self, paths: Sequence[str | os.PathLike[str]], captions: Sequence[str]
    ) -> None:
        """Add small copies of pictures in a grid, each with a caption and its file's name.

        Parameters
        ----------
        paths : sequence of path
        captions : sequence of str
            One for each.

        Raises
        ------
        BadImageError
            When a picture cannot be read.
        ValueError
            When there is not one caption a picture.
        """
        if len(paths) != len(captions):
            raise ValueError(f"{len(captions)} captions for {len(paths)} pictures")
        shown = []
        for path, caption in zip(paths, captions, strict=True):
            name = Path(path).name
            shown.append(
                Markup(
                    '<figure><img alt="{}" src="{}"><figcaption>{}<br><code>{}</code>'
                    "</figcaption></figure>"
                ).format(
                    _clean(f"The picture {name}: {caption}"),
                    _address(_small_copy(path), "jpeg"),
                    _clean(caption),
                    _clean(name),
                )
            )
        self._parts.append(Markup('<div class="pictures">{}</div>').format(Markup("").join(shown)))

    def html(self) -> str:
        """Give the page as HTML."""
        contents = Markup(" · ").join(
            Markup('<a href="#part-{}">{}</a>').format(number, _clean(heading))
            for number, heading in enumerate(self._headings, start=1)
        )
        nav = Markup('<nav aria-label="Parts of this page">{}</nav>').format(contents)
        return str(
            Markup(_PAGE).format(
                title=_clean(self.title),
                style=Markup(_STYLE),
                summary=_clean(self.summary),
                nav=nav if self._headings else Markup(""),
                parts=Markup("\n").join(self._parts),
            )
        )

    def write(self, path: str | os.PathLike[str]) -> Path:
        """Write the page, whole or not at all; give the file.

        Raises
        ------
        OSError
            When the file cannot be written.
        """
        with replace_when_complete(path) as temporary:
            temporary.write_text(self.html(), encoding="utf-8")
        return Path(path)


_PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<link rel="icon" href="data:,">
<style>{style}</style>
</head>
<body>
<main>
<header>
<h1>{title}</h1>
<p class="summary">{summary}</p>
{nav}
</header>
{parts}
</main>
</body>
</html>
"""  # noqa: E501 - the policy is one attribute


def _clean(text: Any) -> Markup:
    """Escape a text; bytes of a file's name that are no text are shown as such."""
    return escape(str(text).encode("utf-8", "backslashreplace").decode("utf-8"))


def _in_digits(value: Any) -> str:
    if isinstance(value, float):
        return "none" if value != value else f"{value:.2f}"
    return str(value)


def _address(content: bytes, kind: str) -> str:
    return f"data:image/{kind};base64,{base64.b64encode(content).decode('ascii')}"


def _small_copy(path: str | os.PathLike[str]) -> bytes:
    # Made anew from its pixels: no place, date or camera of the original goes with it.
    image = read_image(path, min_size=(_TILE, _TILE))
    image.thumbnail((_TILE, _TILE))
    stream = io.BytesIO()
    image.save(stream, "JPEG", quality=80)
    return stream.getvalue()
