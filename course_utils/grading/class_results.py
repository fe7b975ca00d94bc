"""What is known of a class after grading: the results of every learner, and what they add up to.

The results are those of ``results/ASSIGNMENT/report.json``, which
``python -m course_utils.grading`` writes; ``submissions`` beside this module states what is in it.
Names, points given by hand, late policies and deadlines come from nbgrader's gradebook; code from
the folder of autograded work.
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.coursedir import CourseDirectory

from course_utils.grading.headings import first_heading, without_points

__all__ = ["ClassResults", "Exercise", "Learner", "Remark", "read_class"]

VERSION = 1
KINDS = ("right", "partly right", "wrong", "not attempted")
_MARKDOWN = re.compile(r"[`*]")


@dataclass(frozen=True)
class Learner:
    """A learner, and what became of the work.

    Parameters
    ----------
    who, name
        nbgrader's id, and the name for people.
    points
        With those given by hand, less what came off for being late; None where there is no work
        that can be graded.
    late
        Seconds after the deadline; 0 in time.
    waiting
        Whether a person has to grade something yet.
    trouble
        What an instructor should know, a sentence each.
    seconds, memory
        Time passed, and bytes, while it was graded.
    verdicts
        By exercise: what was found, message and misconception, as in the results.
    answers
        Code by cell.
    """

    who: str
    name: str
    points: float | None
    late: float
    waiting: bool
    trouble: Sequence[str]
    seconds: float
    memory: int
    verdicts: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    answers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Exercise:
    """An exercise, and how many did what with it.

    Parameters
    ----------
    name, title
        The test cell, and the heading that it stands under.
    max_points
        What it can bring.
    counts
        Learners, by `KINDS`. Who handed in no notebook is not among them.
    by_hand
        Whether a person grades it: then nobody is counted.
    """

    name: str
    title: str
    max_points: float
    counts: Mapping[str, int]
    by_hand: bool


@dataclass(frozen=True)
class Remark:
    """What several learners were told about an exercise.

    Parameters
    ----------
    exercise
        Its name.
    said
        The advice for a known misconception, or else an example of the message.
    known
        Whether the checks know it.
    learners
        Who was told so.
    """

    exercise: str
    said: str
    known: bool
    learners: Sequence[str]


@dataclass(frozen=True)
class ClassResults:
    """All that a report is made of.

    Parameters
    ----------
    assignment, title
        Its name, and the heading of its notebook.
    max_points
        What a learner can get.
    learners
        In the order of their names.
    exercises
        In the notebook's order.
    seconds
        Where the time of the last run went.
    source
        Cells of the instructor's own notebook.
    """

    assignment: str
    title: str
    max_points: float
    learners: Sequence[Learner]
    exercises: Sequence[Exercise]
    seconds: Mapping[str, float]
    source: Sequence[str]

    def remarks(self) -> list[Remark]:
        """Give what learners were told about wrong answers: by exercise, the most frequent first.

        Messages that only differ in numbers and in quoted values count as one.
        """
        said: dict[tuple[str, bool, str], list[tuple[str, str]]] = defaultdict(list)
        for learner in self.learners:
            for name, verdict in learner.verdicts.items():
                if verdict["verdict"] in ("right", "not attempted", "by hand"):
                    continue
                advice, message = verdict["misconception"], verdict["message"]
                key = (name, bool(advice), advice or _pattern(message))
                said[key].append((learner.who, advice or message))
        order = {exercise.name: number for number, exercise in enumerate(self.exercises)}
        found = [
            Remark(name, told[0][1], known, [who for who, _ in told])
            for (name, known, _), told in said.items()
        ]
        return sorted(found, key=lambda r: (order[r.exercise], -len(r.learners), r.said))


def _pattern(message: str) -> str:
    first = message.strip().partition("\n")[0]
    return re.sub(r"'[^']*'|\"[^\"]*\"|-?\d+(\.\d+)?(e[-+]?\d+)?", "…", first)


def read_class(folders: CourseDirectory, assignment: str) -> ClassResults:
    """Read what is known of a class.

    Parameters
    ----------
    folders
        Where the course is, as nbgrader's configuration says.
    assignment
        Its name.

    Raises
    ------
    FileNotFoundError
        When it was not graded yet.
    ValueError
        When the results are of another version, or cannot be read.
    """
    path = Path(folders.root, "results", assignment, "report.json")
    command = f"make grade assignment={assignment}"
    try:
        report = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise FileNotFoundError(
            f"There are no results of {assignment} yet ({path}). Grade it first: {command}"
        ) from None
    except ValueError:
        raise ValueError(f"{path} cannot be read. Grade again: {command}") from None
    if not isinstance(report, dict) or report.get("version") != VERSION:
        raise ValueError(f"{path} is of another version. Grade again: {command}")
    rows = defaultdict(list)
    for row in report["rows"]:
        rows[row["who"]].append(row)
    several = len({row["notebook"] for row in report["rows"]}) > 1
    with Gradebook(folders.db_url, folders.course_id) as gradebook:
        learners = [
            _learner(gradebook, folders, assignment, who, of_learner, several=several)
            for who, of_learner in rows.items()
        ]
        max_points = float(gradebook.find_assignment(assignment).max_score)
    source, title, titles = _source(folders, assignment)
    return ClassResults(
        assignment,
        title or assignment,
        max_points,
        sorted(learners, key=lambda learner: (learner.name.casefold(), learner.who)),
        _exercises(learners, titles),
        report["seconds"],
        source,
    )


def _learner(
    gradebook: Gradebook,
    folders: CourseDirectory,
    assignment: str,
    who: str,
    rows: Sequence[Mapping[str, Any]],
    *,
    several: bool,
) -> Learner:
    points, late, waiting, name = None, 0.0, False, who
    verdicts: dict[str, Mapping[str, Any]] = {}
    answers: dict[str, str] = {}
    trouble = []
    for row in rows:
        prefix = f"{row['notebook']}: " if several else ""
        trouble += [prefix + oddity for oddity in row["oddities"]]
        if row["status"] == "graded":
            verdicts |= {prefix + found["name"]: found for found in row["exercises"]}
            answers |= _answers(folders, assignment, who, row["notebook"], prefix)
    try:
        submission = gradebook.find_submission(assignment, who)
    except MissingEntry:
        trouble.append("it is not in the gradebook")
    else:
        late = float(submission.total_seconds_late)
        waiting = bool(submission.needs_manual_grade)
        points = max(0.0, float(submission.score - submission.late_submission_penalty))
        student = submission.student
        names = (student.first_name, student.last_name)
        name = " ".join(part for part in names if part) or who
    if not verdicts:
        points = None
    return Learner(
        who,
        name,
        points,
        late,
        waiting,
        trouble,
        sum(row["seconds"] for row in rows),
        max(row["memory"] for row in rows),
        verdicts,
        answers,
    )


def _answers(
    folders: CourseDirectory, assignment: str, who: str, notebook: str, prefix: str
) -> dict[str, str]:
    """Give the code of a learner's answers out of the autograded notebook, which grading wrote."""
    folder = folders.format_path(folders.autograded_directory, who, assignment)
    try:
        found = nbformat.read(Path(folder, f"{notebook}.ipynb"), as_version=4)
    except (OSError, ValueError):
        return {}
    return {
        prefix + settings["grade_id"]: cell.source
        for cell in found.cells
        if cell.cell_type == "code"
        and (settings := cell.metadata.get("nbgrader", {})).get("solution")
    }


def _source(folders: CourseDirectory, assignment: str) -> tuple[list[str], str, dict[str, str]]:
    """Give the instructor's code, the title, and the heading above each cell with points."""
    source, title, heading = [], "", ""
    titles: dict[str, str] = {}
    place = Path(folders.format_path(folders.source_directory, ".", assignment))
    for path in sorted(place.glob("*.ipynb")):
        for cell in nbformat.read(path, as_version=4).cells:
            if cell.cell_type == "code":
                source.append(cell.source)
            elif found := first_heading(cell.source):
                heading = _MARKDOWN.sub("", without_points(found))
                title = title or heading
            settings = cell.metadata.get("nbgrader", {})
            if settings.get("grade") or settings.get("task"):
                titles[settings["grade_id"]] = heading
    return source, title, titles


def _exercises(learners: Sequence[Learner], titles: Mapping[str, str]) -> list[Exercise]:
    found: dict[str, Exercise] = {}
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for learner in learners:
        for name, verdict in learner.verdicts.items():
            kind = "wrong" if verdict["verdict"] == "error" else verdict["verdict"]
            counts[name][kind] += 1
            found[name] = Exercise(
                name,
                titles.get(verdict["name"], ""),
                float(verdict["max_points"]),
                {each: counts[name][each] for each in KINDS},
                kind == "by hand",
            )
    return list(found.values())
