"""``python -m course_utils.grading.report ASSIGNMENT``: a page that says what to teach tomorrow.

It goes to ``reports/ASSIGNMENT`` in the course's folder: ``report.html``, one file that asks no
server for anything, and the same as tables. Without names, people are numbered, code is shown in
its normalised form, and the files are called otherwise.
"""

from __future__ import annotations

import argparse
import csv
import html
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from statistics import median
from typing import Any

from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup
from nbgrader.apps import NbGrader

from course_utils._files import replace_when_complete
from course_utils.grading.alike import Alike, find_alike, normalise
from course_utils.grading.class_results import KINDS, ClassResults, Learner, Remark, read_class
from course_utils.grading.exports import points
from course_utils.grading.report_figures import as_picture, plot_exercises, plot_points

__all__ = ["Pair", "make_page", "make_tables", "without_names", "write_report"]

MOST_PAIRS = 20
SLOW = 5  # times the class's median
TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True)
class Pair:
    """Two learners whose answers are alike, as the page shows them.

    Parameters
    ----------
    first, second
        What they are called.
    answers
        For each cell: its name, how alike in percent, and the code of both.
    """

    first: str
    second: str
    answers: Sequence[tuple[str, int, str, str]]


def without_names(found: ClassResults) -> ClassResults:
    """Give learners numbers instead of names, in an order that does not give the names away.

    Parameters
    ----------
    found
        The results, with names.
    """

    def shuffled(learner: Learner) -> str:
        content = "\n".join(f"{name} {code}" for name, code in sorted(learner.answers.items()))
        return sha256(f"{content} {learner.who}".encode()).hexdigest()

    names = {
        learner.who: f"Learner {number}"
        for number, learner in enumerate(sorted(found.learners, key=shuffled), 1)
    }
    learners = [
        replace(
            learner,
            who=names[learner.who],
            name=names[learner.who],
            answers={name: normalise(code) for name, code in learner.answers.items()},
            trouble=[_hide(text, learner) for text in learner.trouble],
        )
        for learner in found.learners
    ]
    learners.sort(key=lambda learner: int(learner.who.split()[1]))
    return replace(found, learners=learners)


def _hide(text: str, learner: Learner) -> str:
    for name in {learner.who, learner.name}:
        text = re.sub(re.escape(name), "…", text, flags=re.IGNORECASE)
    return text


def _pairs(found: ClassResults, alike: Iterable[Alike]) -> list[Pair]:
    by_id = {learner.who: learner for learner in found.learners}
    return [
        Pair(
            by_id[pair.first].name,
            by_id[pair.second].name,
            [
                (
                    cell,
                    round(100 * degree),
                    by_id[pair.first].answers[cell],
                    by_id[pair.second].answers[cell],
                )
                for cell, degree in pair.answers.items()
            ],
        )
        for pair in alike
    ]


def make_page(found: ClassResults, alike: Sequence[Alike]) -> str:
    """Write the page.

    Parameters
    ----------
    found
        The results, with names or without.
    alike
        Pairs of these learners.
    """
    environment = Environment(
        loader=FileSystemLoader([TEMPLATES / "course_report", TEMPLATES / "course_feedback"]),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"points": points, "code": _with_code, "late": _late}
    reached = [learner.points for learner in found.learners if learner.points is not None]
    tested = [exercise for exercise in found.exercises if not exercise.by_hand]
    remarks: dict[str, list[Remark]] = {}
    for remark in found.remarks():
        remarks.setdefault(remark.exercise, []).append(remark)
    usual = median([learner.seconds for learner in found.learners] or [0.0])
    return environment.get_template("index.html.j2").render(
        found=found,
        kinds=KINDS,
        reached=sorted(reached),
        median=median(reached) if reached else None,
        points_figure=as_picture(plot_points(reached, found.max_points)) if reached else None,
        exercises_figure=as_picture(plot_exercises(tested)) if tested else None,
        tested=tested,
        by_hand=[exercise for exercise in found.exercises if exercise.by_hand],
        waiting=sum(learner.waiting for learner in found.learners),
        remarks=remarks,
        pairs=_pairs(found, alike)[:MOST_PAIRS],
        more_pairs=max(0, len(alike) - MOST_PAIRS),
        troubled=[
            learner
            for learner in found.learners
            if learner.trouble or learner.late or learner.seconds > max(SLOW * usual, 1.0)
        ],
        usual=usual,
    )


def _with_code(message: str) -> Markup:
    """Show what a message has in backquotes as code, and its lines as lines."""
    text = re.sub(r"`([^`]+)`", r"<code>\1</code>", html.escape(message.strip()))
    return Markup(text.replace("\n", "<br>"))


def _late(seconds: float) -> str:
    """Say how late something came.

    Examples
    --------
    >>> _late(90), _late(7200), _late(200000), _late(0)
    ('2 min late', '2 h late', '2 days late', '')
    """
    if seconds <= 0:
        return ""
    if seconds < 3600:
        return f"{max(1, round(seconds / 60))} min late"
    if seconds < 86400:
        return f"{round(seconds / 3600)} h late"
    days = round(seconds / 86400)
    return f"{days} day{'s' if days > 1 else ''} late"


def make_tables(found: ClassResults, alike: Sequence[Alike]) -> dict[str, str]:
    """Give the same as CSV, by file name.

    Parameters
    ----------
    found
        The results, with names or without.
    alike
        Pairs of these learners.
    """
    names = [exercise.name for exercise in found.exercises]
    learners = [["who", "name", "points", "late_seconds", "waiting", "trouble", *names]]
    for learner in found.learners:
        verdicts = [learner.verdicts.get(name, {}).get("verdict", "") for name in names]
        reached = "" if learner.points is None else points(learner.points)
        about = [learner.who, learner.name, reached, f"{learner.late:.0f}"]
        waiting = "yes" if learner.waiting else ""
        learners.append([*about, waiting, "; ".join(learner.trouble), *verdicts])
    exercises = [["exercise", "title", "max_points", *(kind.replace(" ", "_") for kind in KINDS)]]
    for exercise in found.exercises:
        counts = [str(exercise.counts[kind]) for kind in KINDS]
        exercises.append([exercise.name, exercise.title, points(exercise.max_points), *counts])
    told = [["exercise", "learners", "known_misconception", "said"]]
    for remark in found.remarks():
        known = "yes" if remark.known else ""
        told.append([remark.exercise, str(len(remark.learners)), known, remark.said])
    pairs = [["first", "second", "unusual_stretches_in_common", "answers"]]
    for pair in alike:
        cells = "; ".join(f"{cell} {degree:.0%}" for cell, degree in pair.answers.items())
        pairs.append([pair.first, pair.second, str(pair.unusual), cells])
    tables = {"learners": learners, "exercises": exercises, "messages": told, "alike": pairs}
    return {f"{name}.csv": _as_csv(rows) for name, rows in tables.items()}


def _as_csv(rows: Iterable[Sequence[str]]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows([_no_formula(cell) for cell in row] for row in rows)
    return text.getvalue()


# Also as Japanese spreadsheets type them.
_BEGINS_FORMULAS = r"=+\-@\t\r\uff1d\uff0b\uff0d\uff20"


def _no_formula(cell: str) -> str:
    """Write a cell so that no spreadsheet takes it for a formula: learners choose some words.

    Where a semicolon parts the columns, as in Germany, a cell may begin in the middle of this one.
    """
    return re.sub(rf"(^|[;\t\r\n])(?= *[{_BEGINS_FORMULAS}])", r"\1'", cell)


def write_report(found: ClassResults, folder: Path, *, names: bool = True) -> Path:
    """Write the page and the tables.

    Parameters
    ----------
    found
        The results of the class.
    folder
        Where they go; it is made if needed.
    names
        Whether learners are named.

    Returns
    -------
    Path
        The page.
    """
    if not names:
        found = without_names(found)
    alike = find_alike({each.who: each.answers for each in found.learners}, found.source)
    files: Mapping[str, str] = {"report.html": make_page(found, alike), **make_tables(found, alike)}
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        path = folder / (name if names else f"without-names-{name}")
        with replace_when_complete(path) as temporary:
            temporary.write_text(content, encoding="utf-8", newline="")
    return folder / ("report.html" if names else "without-names-report.html")


def main(words: Sequence[str] | None = None) -> None:
    """Write the report on an assignment, and say where it is."""
    parser = argparse.ArgumentParser(prog="python -m course_utils.grading.report")
    parser.add_argument("assignment", help="its name, such as a1_multiclass")
    parser.add_argument("--without-names", action="store_true", help="number the learners")
    given = parser.parse_args(words)
    app: Any = NbGrader()
    app.initialize(["--log-level=WARN"])
    folders = app.coursedir
    try:
        found = read_class(folders, given.assignment)
    except (OSError, ValueError) as error:
        raise SystemExit(str(error)) from None
    folder = Path(folders.root, "reports", given.assignment)
    print(write_report(found, folder, names=not given.without_names))


if __name__ == "__main__":
    main()
