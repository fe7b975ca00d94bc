"""Grades as learning management systems take them, by nbgrader's export plugins.

``nbgrader export --exporter=course_utils.grading.exports.CanvasExportPlugin --to grades.csv``

A grade is written when it is final. The cell of somebody who handed nothing in, or whose answers
wait for a person, stays empty, and the log names them.
"""

from __future__ import annotations

import csv
import io
from abc import ABCMeta, abstractmethod
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.plugins import ExportPlugin
from traitlets import Dict, Unicode

from course_utils._files import replace_when_complete

__all__ = ["BlackboardExportPlugin", "CanvasExportPlugin", "MoodleExportPlugin"]


class _TraitsAndABC(type(ExportPlugin), ABCMeta):  # type: ignore[misc]
    """The metaclass of a plugin, which has traits, with abstract methods."""


class _LmsExportPlugin(ExportPlugin, metaclass=_TraitsAndABC):
    """What the three have in common: who and which assignments, and a row for each learner."""

    columns = Dict(
        value_trait=Unicode(),
        help="The system's own name of an assignment's column, with its number, by assignment.",
    ).tag(config=True)

    default_file = "grades.csv"
    quoting: Any = csv.QUOTE_MINIMAL

    def export(self, gradebook: Gradebook) -> None:
        """Write the file.

        Parameters
        ----------
        gradebook
            nbgrader's, open.
        """
        wanted = {str(name) for name in self.assignment}
        chosen = {str(name) for name in self.student}
        assignments = [a for a in gradebook.assignments if not wanted or a.name in wanted]
        students = [s for s in gradebook.students if not chosen or s.id in chosen]
        students.sort(key=lambda s: (s.last_name or "", s.first_name or "", s.id))
        text = io.StringIO()
        writer = csv.writer(text, quoting=self.quoting)
        writer.writerows(self.headings(assignments))
        for student in students:
            grades = [self._grade(gradebook, a.name, student.id) for a in assignments]
            writer.writerow([*self.person(student), *grades])
        destination = Path(self.to or self.default_file)
        with replace_when_complete(destination) as temporary:
            temporary.write_text(text.getvalue(), encoding="utf-8", newline="")
        self.log.info("Wrote the grades of %d learners to %s", len(students), destination)

    @abstractmethod
    def headings(self, assignments: list[Any]) -> Iterable[list[str]]:
        """Give the first row, or rows."""

    @abstractmethod
    def person(self, student: Any) -> list[str]:
        """Give the columns that say who it is."""

    def column(self, assignment: Any) -> str:
        """Give the heading of an assignment's column."""
        return str(self.columns.get(assignment.name, assignment.name))

    def _grade(self, gradebook: Gradebook, assignment: str, student: str) -> str:
        try:
            submission = gradebook.find_submission(assignment, student)
        except MissingEntry:
            self.log.warning("%s has not handed in %s: left empty", student, assignment)
            return ""
        if submission.needs_manual_grade:
            self.log.warning("%s: a person has to read some of %s: left empty", student, assignment)
            return ""
        return points(max(0.0, submission.score - submission.late_submission_penalty))


class CanvasExportPlugin(_LmsExportPlugin):
    """Canvas: *Grades → Import*.

    Canvas finds people by its own number (nbgrader's ``lms_user_id``), or by their login, which
    nbgrader's student id is taken for. A column that it does not know becomes a new assignment; one
    that it knows is called as in its own export: ``Assignment 1 (4711)``.
    """

    default_file = "grades-canvas.csv"

    def headings(self, assignments: list[Any]) -> Iterable[list[str]]:
        """Give the names of the columns, and the row of possible points."""
        names = [self.column(assignment) for assignment in assignments]
        yield ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", *names]
        possible = [points(assignment.max_score) for assignment in assignments]
        yield ["    Points Possible", "", "", "", "", *possible]

    def person(self, student: Any) -> list[str]:
        """Give name, Canvas's number, and login."""
        name = ", ".join(part for part in (student.last_name, student.first_name) if part)
        return [name or student.id, student.lms_user_id or "", "", student.id, ""]


class MoodleExportPlugin(_LmsExportPlugin):
    """Moodle: *Grades → Import → CSV file*, where you choose what each column is.

    Map *Username* to the user, and each assignment to its grade item, or to a new one. Nothing else
    in the file says who it is: where such a cell is empty, Moodle gives the grade to the person in
    the row above.
    """

    default_file = "grades-moodle.csv"

    def headings(self, assignments: list[Any]) -> Iterable[list[str]]:
        """Give the names of the columns, as in Moodle's own export."""
        names = [self.column(assignment) for assignment in assignments]
        yield ["First name", "Last name", "Username", *names]

    def person(self, student: Any) -> list[str]:
        """Give name and login."""
        return [student.first_name or "", student.last_name or "", student.id]


class BlackboardExportPlugin(_LmsExportPlugin):
    """Blackboard: *Grade Center → Work Offline → Upload*, with a comma as the delimiter.

    Blackboard finds people by user name. A column that it does not know becomes a new one, of text;
    one that it knows is called as in its own download: ``A1 [Total Pts: 12 Score] |4711``.
    """

    default_file = "grades-blackboard.csv"
    quoting = csv.QUOTE_ALL

    def headings(self, assignments: list[Any]) -> Iterable[list[str]]:
        """Give the names of the columns."""
        names = [self.column(assignment) for assignment in assignments]
        yield ["Last Name", "First Name", "Username", *names]

    def person(self, student: Any) -> list[str]:
        """Give name and user name."""
        return [student.last_name or "", student.first_name or "", student.id]


def points(number: float) -> str:
    """Write points without needless zeros.

    Examples
    --------
    >>> points(2.50), points(3.0), points(1 / 3)
    ('2.5', '3', '0.33')
    """
    return f"{number:.2f}".rstrip("0").rstrip(".")
