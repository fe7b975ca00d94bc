"""What the lectures say of themselves: the list of them is read from the notebooks, never typed.

A lecture's first cell is its title (``# 5 · Deep features``), a sentence or two that make one
curious (a quotation, ``> …``), what one can do after it, what one needs, and the time it takes.
A template, a notebook to copy for one's own work, begins in the same way, with what one does in it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Lecture", "lecture_table", "list_lectures", "list_templates", "read_lecture"]

START_PAGE = 0
_LECTURE_HEAD = "| | lecture | time | after it you can |"
LINK = re.compile(r"\[([^\[\]]+)\]\([^()\s]+\)")


@dataclass(frozen=True)
class Lecture:
    """One lecture or template, in its own words. Links in them are left out, emphasis stays."""

    path: Path
    number: int
    title: str
    promise: str
    """The sentences below the title."""
    objectives: tuple[str, ...]
    """What one can do after it; of a template, what one does in it."""
    time: str
    """How long it takes to read and try, such as ``"about an hour"``."""
    is_template: bool = False
    """True of a notebook that is there to be copied."""


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
        r"^\*\*(After this lecture you can|In this template you)\*\*\n\n((?:- .+\n?)+)",
        text,
        path,
        "list below '**After this lecture you can**' (or '**In this template you**')",
    )
    time = _part(r"^\*\*Time\*\* (.+?) to read", text, path, "'**Time** … to read'")
    return Lecture(
        path=path,
        number=int(title[1]),
        title=title[2].strip(),
        promise=" ".join(re.sub(r"^> ?", "", promise[1], flags=re.MULTILINE).split()),
        objectives=tuple(
            line.removeprefix("- ").rstrip(" .;") for line in can[2].strip().splitlines()
        ),
        time=time[1],
        is_template=can[1].startswith("In this template"),
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
        page, number 0, is none, nor is a template, nor what a learner adds under another name.

    Raises
    ------
    ValueError
        If a lecture's first cell lacks a part, or says another number than the file's name.

    Examples
    --------
    >>> [lecture.number for lecture in list_lectures("notebooks")][-1] >= 5
    True
    """
    return [notebook for notebook in _numbered(folder) if not notebook.is_template]


def list_templates(folder: Path | str = ".") -> list[Lecture]:
    """Read all templates that are here, notebooks to copy, in the order of their numbers.

    Parameters
    ----------
    folder : path, default "."
        Where the notebooks are.

    Raises
    ------
    ValueError
        As :func:`list_lectures`.

    Examples
    --------
    >>> [template.title for template in list_templates("notebooks")]
    ['Your own pictures']
    """
    return [notebook for notebook in _numbered(folder) if notebook.is_template]


def _numbered(folder: Path | str) -> list[Lecture]:
    found = []
    for path in sorted(Path(folder).glob("[0-9][0-9]_*.ipynb")):
        number = int(path.name[:2])
        if number == START_PAGE:
            continue
        lecture = read_lecture(path)
        if lecture.number != number:
            raise ValueError(f"{path} calls itself lecture {lecture.number}")
        found.append(lecture)
    return found


def lecture_table(lectures: Iterable[Lecture], folder: str = "") -> str:
    """Write a Markdown table of lectures or of templates, each with a link to its notebook.

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
    listed = list(lectures)
    templates = bool(listed) and all(lecture.is_template for lecture in listed)
    head = "| | template | time | in it you |" if templates else _LECTURE_HEAD
    rows = [head, "| --- | --- | --- | --- |"]
    for lecture in listed:
        link = f"[{lecture.title}]({'/'.join(filter(None, [folder, lecture.path.name]))})"
        can = "; ".join(lecture.objectives).replace("|", r"\|")
        rows.append(f"| {lecture.number} | {link} | {lecture.time} | {can} |")
    return "\n".join(rows)
