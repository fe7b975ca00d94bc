"""Headings of a notebook's Markdown, such as ``## Exercise 1: count the models (2 points)``."""

from __future__ import annotations

import re

__all__ = ["first_heading", "without_points"]

_HEADING = re.compile(r"#{1,6}\s+(\S.*)")
_POINTS = re.compile(r"\s*\([^()]*points?\b[^()]*\)")
_LONGEST = 300  # characters: a learner may have written it, and these look for long in long lines


def first_heading(text: str) -> str:
    r"""Give the first heading of Markdown, without its marks; nothing where there is none.

    Parameters
    ----------
    text
        Anybody's.

    Examples
    --------
    >>> first_heading("Before it.\n## Exercise 1: count (2 points) ##")
    'Exercise 1: count (2 points)'
    """
    for line in text.splitlines():
        if found := _HEADING.match(line[:_LONGEST]):
            return found[1].rstrip().rstrip("#").rstrip()
    return ""


def without_points(heading: str) -> str:
    """Give a heading without the points in brackets.

    Examples
    --------
    >>> without_points("Exercise 1: count (2 points)")
    'Exercise 1: count'
    """
    return _POINTS.sub("", heading)
