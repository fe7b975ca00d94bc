"""What a submission is taken to be: the learner's answers in the instructor's notebook.

Of a submission, the text of its cells counts and nothing else. Test cells are the instructor's,
whatever stands in the submission; points, types, ids, tags and outputs of all cells are made anew.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

MAX_NOTEBOOK_BYTES = 50 << 20
MAX_CELLS = 2_000
MAX_PARTS = 5_000_000  # of JSON, each of which takes some 70 bytes of memory
MAX_SOURCE = 1_000_000
MAX_TEXT = 4_000_000  # characters of all cells together
_KINDS = ("code", "markdown", "raw")
# As nbformat has it, but for those that cells without an id get here.
_ID = re.compile(r"(?!cell-)[A-Za-z0-9_-]{1,64}")


class UnreadableError(ValueError):
    """A submission that is no notebook; its message says what it is instead."""


@dataclass(frozen=True)
class ExamCell:
    """A cell of the instructor's that has a grade id.

    Parameters
    ----------
    name
        The grade id.
    kind
        ``"code"`` or ``"markdown"``.
    source
        As released, but with hidden tests.
    checksum
        nbgrader's, of the cell as released: an answer that still has it is none.
    grade, solution, task, locked
        nbgrader's settings.
    points
        What it can bring; 0 where it brings none.
    released
        ``source`` without its hidden tests, as learners have it.
    """

    name: str
    kind: str
    source: str
    checksum: str | None
    grade: bool
    solution: bool
    task: bool
    locked: bool
    points: float = 0.0
    released: str = ""

    @property
    def is_test(self) -> bool:
        """Whether it is graded by running it."""
        return self.grade and not self.solution and self.kind == "code"

    @property
    def is_answer(self) -> bool:
        """Whether its text is the learner's."""
        return not self.locked


def read_notebook(content: bytes) -> list[dict[str, Any]]:
    """Give the cells of a notebook file: ``cell_type``, ``source``, ``grade_id``, ``id`` of each.

    Raises
    ------
    UnreadableError
    """
    if len(content) > MAX_NOTEBOOK_BYTES:
        raise UnreadableError(f"it has {len(content) >> 20} MB, which is too much for a notebook")
    if sum(content.count(mark) for mark in b",[{") > MAX_PARTS:
        raise UnreadableError(f"it has more than {MAX_PARTS:,} parts, which no notebook has")
    try:
        notebook = json.loads(content)
    except (ValueError, RecursionError):
        raise UnreadableError("it is not JSON, as notebooks are") from None
    if not isinstance(notebook, dict) or notebook.get("nbformat") not in (3, 4):
        raise UnreadableError("it is not a notebook of version 3 or 4")
    cells = notebook.get("cells")
    if notebook["nbformat"] == 3:
        sheets = notebook.get("worksheets")
        first = sheets[0] if isinstance(sheets, list) and sheets else {}
        cells = first.get("cells") if isinstance(first, dict) else None
    if not isinstance(cells, list):
        raise UnreadableError("it is a notebook without cells")
    if len(cells) > MAX_CELLS:
        raise UnreadableError(f"it has {len(cells)} cells, which is too many")
    read = [found for cell in cells if (found := _cell(cell)) is not None]
    if sum(len(cell["source"]) for cell in read) > MAX_TEXT:
        raise UnreadableError(f"its cells have more than {MAX_TEXT:,} characters")
    return read


def _cell(cell: object) -> dict[str, Any] | None:
    if not isinstance(cell, dict):
        return None
    source = cell.get("source", cell.get("input", ""))
    if isinstance(source, list):
        source = "".join(part for part in source if isinstance(part, str))
    if not isinstance(source, str):
        source = ""
    kind = cell.get("cell_type")
    metadata = cell.get("metadata")
    settings = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    grade_id = settings.get("grade_id") if isinstance(settings, dict) else None
    return {
        "cell_type": kind if kind in _KINDS else "markdown",
        "source": source[:MAX_SOURCE].encode("utf-8", "replace").decode(),
        "grade_id": grade_id if isinstance(grade_id, str) else None,
        "id": cell.get("id"),
    }


def restore(
    submitted: Sequence[Mapping[str, Any]], exam: Sequence[ExamCell]
) -> tuple[dict[str, Any], list[str]]:
    """Put a submission's answers into a notebook that is otherwise the instructor's.

    Parameters
    ----------
    submitted
        Cells, as `read_notebook` gives them.
    exam
        The instructor's cells with grade ids, in their order.

    Returns
    -------
    notebook
        In nbformat 4.5. Cells that the instructor knows have nbgrader's metadata, all others none.
        Of several cells with one grade id the last counts. What is missing is put back behind the
        cell that it follows in the instructor's notebook; a missing answer is blank.
    oddities
        What was found and put right, in words for the instructor.
    """
    known = {cell.name: cell for cell in exam}
    oddities = []
    last = {cell["grade_id"]: n for n, cell in enumerate(submitted) if cell["grade_id"] in known}
    cells: list[dict[str, Any]] = []
    for number, cell in enumerate(submitted):
        name = cell["grade_id"]
        if name not in known:
            cells.append(_new(cell["cell_type"], cell["source"], cell.get("id")))
            continue
        if number != last[name]:
            oddities.append(f"cell {name} is there more than once")
            cells.append(_new(cell["cell_type"], cell["source"], cell.get("id")))
            continue
        own = known[name]
        if cell["cell_type"] != own.kind:
            oddities.append(f"cell {name} was made a {cell['cell_type']} cell")
        if not own.is_answer and cell["source"].strip() != own.released.strip():
            oddities.append(f"the locked cell {name} was changed")
        source = cell["source"] if own.is_answer else own.source
        cells.append(_known(own, source, cell.get("id")))
    _put_back(cells, exam, oddities)
    _name_apart(cells)
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    notebook = {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": {"kernelspec": kernel, "language_info": {"name": "python"}},
        "cells": cells,
    }
    return notebook, list(dict.fromkeys(oddities))


def _name_apart(cells: list[dict[str, Any]]) -> None:
    """Give every cell an id of its own: that of the submission, by which hints are known."""
    taken: set[str] = set()
    for number, cell in enumerate(cells):
        name = cell["id"]
        if not isinstance(name, str) or not _ID.fullmatch(name) or name in taken:
            cell["id"] = f"cell-{number}"
        taken.add(cell["id"])


def _put_back(cells: list[dict[str, Any]], exam: Sequence[ExamCell], oddities: list[str]) -> None:
    at = 0
    for own in exam:
        found = [n for n, cell in enumerate(cells) if grade_id(cell) == own.name]
        if found:
            at = found[0] + 1
            continue
        oddities.append(f"cell {own.name} was missing")
        cells.insert(at, _known(own, own.source))
        at += 1


def grade_id(cell: Mapping[str, Any]) -> str | None:
    """Give the grade id of a restored cell."""
    name = cell["metadata"].get("nbgrader", {}).get("grade_id")
    return name if isinstance(name, str) else None


def _new(kind: str, source: str, name: object = None) -> dict[str, Any]:
    cell: dict[str, Any] = {"cell_type": kind, "id": name, "metadata": {}, "source": source}
    if kind == "code":
        cell |= {"execution_count": None, "outputs": []}
    return cell


def _known(own: ExamCell, source: str, name: object = None) -> dict[str, Any]:
    cell = _new(own.kind, source, name)
    settings: dict[str, Any] = {
        "grade": own.grade,
        "grade_id": own.name,
        "locked": own.locked,
        "schema_version": 3,
        "solution": own.solution,
        "task": own.task,
    }
    if own.grade or own.task:
        settings["points"] = own.points
    if own.checksum:
        settings["checksum"] = own.checksum
    settings["cell_type"] = own.kind
    cell["metadata"] = {"nbgrader": settings}
    return cell
