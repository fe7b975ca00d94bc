"""What the lectures say of themselves: the list of them is read from the notebooks, never typed.

A lecture's first cell is its title (``# 5 · Deep features``), a sentence or two that make one
curious (a quotation, ``> …``), what one can do after it, what one needs, and the time it takes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Lecture", "lecture_table", "list_lectures", "read_lecture"]

START_PAGE = 0
LINK = re.compile(r"\[([^\[\]]+)\]\([^()\s]+\)")


@dataclass(frozen=True)
class Lecture:
    """One lecture, in its own words. Links in them are left out, emphasis stays."""

    path: Path
    number: int
    title: str
    promise: str
    """The sentences below the title."""
    objectives: tuple[str, ...]
    """What one can do after it."""
    time: str
    """How long it takes to read and try, such as ``"about an hour"``."""


def read_lecture(path: Path | str) -> Lecture:
    """Read what a lecture's first cell says about it.

    Parameters
    ----------
    path : path
        A notebook.

    Returns
    -------
    Lecture

    Raises
    ------
    ValueError
        If the file is no notebook, or its first cell lacks a part; the message names file and part.

    Examples
    --------
    >>> read_lecture("notebooks/05_deep_features.ipynb").title
    'Deep features'
    """
    path = Path(path)
    try:
        first = json.loads(path.read_text(encoding="utf-8"))["cells"][0]
        text = LINK.sub(r"\1", "".join(first["source"]))
    except (ValueError, KeyError, IndexError, TypeError) as error:
        raise ValueError(f"{path} is no notebook with a first cell") from error
    title = _part(r"^# (\d+) · (.+)$", text, path, "title, '# number · name'")
    promise = _part(r"^((?:> ?.*\n?)+)", text, path, "sentence below the title, '> …'")
    can = _part(
        r"^\*\*After this lecture you can\*\*\n\n((?:- .+\n?)+)",
        text,
        path,
        "list below '**After this lecture you can**'",
    )
    time = _part(r"^\*\*Time\*\* (.+?) to read", text, path, "'**Time** … to read'")
    return Lecture(
        path=path,
        number=int(title[1]),
        title=title[2].strip(),
        promise=" ".join(re.sub(r"^> ?", "", promise[1], flags=re.MULTILINE).split()),
        objectives=tuple(
            line.removeprefix("- ").rstrip(" .;") for line in can[1].strip().splitlines()
        ),
        time=time[1],
    )


def _part(pattern: str, text: str, path: Path, name: str) -> re.Match[str]:
    found = re.search(pattern, text, flags=re.MULTILINE)
    if found is None:
        raise ValueError(f"{path}: the first cell has no {name}")
    return found


def list_lectures(folder: Path | str = ".") -> list[Lecture]:
    """Read all lectures that are here, in the order of their numbers.

    Parameters
    ----------
    folder : path, default "."
        Where the notebooks are. Lectures are the files named ``01_….ipynb`` and so on; the start
        page, number 0, is none, and neither is what a learner adds under another name.

    Raises
    ------
    ValueError
        If a lecture's first cell lacks a part, or says another number than the file's name.

    Examples
    --------
    >>> [lecture.number for lecture in list_lectures("notebooks")][-1] >= 5
    True
    """
    lectures = []
    for path in sorted(Path(folder).glob("[0-9][0-9]_*.ipynb")):
        number = int(path.name[:2])
        if number == START_PAGE:
            continue
        lecture = read_lecture(path)
        if lecture.number != number:
            raise ValueError(f"{path} calls itself lecture {lecture.number}")
        lectures.append(lecture)
    return lectures


def lecture_table(lectures: Iterable[Lecture], folder: str = "") -> str:
    """Write a Markdown table of lectures, each with a link to its notebook.

    Parameters
    ----------
    lectures : iterable of Lecture
    folder : str, default ""
        Where the notebooks are, as seen from the page that shows the table.

    Returns
    -------
    str
        Number, title, time, and what one can do after it.

    Examples
    --------
    >>> print(lecture_table(list_lectures("notebooks")).splitlines()[0])
    | | lecture | time | after it you can |
    """
    rows = ["| | lecture | time | after it you can |", "| --- | --- | --- | --- |"]
    for lecture in lectures:
        link = f"[{lecture.title}]({'/'.join(filter(None, [folder, lecture.path.name]))})"
        can = "; ".join(lecture.objectives).replace("|", r"\|")
        rows.append(f"| {lecture.number} | {link} | {lecture.time} | {can} |")
    return "\n".join(rows)
