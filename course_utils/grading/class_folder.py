"""The instructor's course folder: who has handed something in, and what it is graded by."""

from __future__ import annotations

import glob
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.apps import AutogradeApp

from course_utils.grading.handed_in import is_name, read_submission
from course_utils.grading.results import Results
from course_utils.grading.steps import SandboxedExporter, read_exam
from course_utils.grading.submissions import Exam, Submission


@dataclass(frozen=True)
class Work:
    """A submission that is to be graded; it is read when its turn comes, and not kept."""

    who: str
    exam: Exam
    folder: Path
    ignore: Sequence[str]
    digest: str

    def submission(self) -> Submission:
        """Read it."""
        return read_submission(self.folder, self.exam.notebook, self.ignore)


class Course:
    """The instructor's course folder, as nbgrader's configuration describes it.

    Parameters
    ----------
    assignment
        What is graded.
    """

    def __init__(self, assignment: str) -> None:
        self.app = AutogradeApp()
        self.app.initialize([assignment, "--log-level=WARN"])
        self.folders = self.app.coursedir
        self.folders.assignment_id = assignment
        self.assignment = assignment
        self.results = Results(self.folders, assignment)
        self.limits = SandboxedExporter(config=self.app.config, parent=None).limits()

    def learners(self) -> list[str]:
        """Give who has handed something in."""
        return sorted(filter(is_name, self._folders()))

    def nobodies(self) -> list[str]:
        """Give what is called as nobody is called, so that it is not graded."""
        return sorted(who for who in self._folders() if not is_name(who))

    def _folders(self) -> list[str]:
        folders = self.folders
        step = folders.format_path(folders.submitted_directory, "*", self.assignment)
        found = map(Path, glob.glob(step))  # noqa: PTH207 - the pattern is an absolute path
        return [place.parent.name for place in found if place.is_dir()]

    def submitted(self, who: str) -> Path:
        """Give the folder of a submission."""
        folders = self.folders
        return Path(folders.format_path(folders.submitted_directory, who, self.assignment))

    def exams(self) -> list[Exam]:
        """Give what each notebook of the assignment is graded by.

        Raises
        ------
        SystemExit
            When the assignment was never generated.
        """
        try:
            with Gradebook(self.folders.db_url, self.folders.course_id) as gradebook:
                names = [n.name for n in gradebook.find_assignment(self.assignment).notebooks]
        except MissingEntry:
            raise SystemExit(
                f"The gradebook knows no assignment {self.assignment!r}. Generate it first: "
                f"make release assignment={self.assignment}"
            ) from None
        return [read_exam(self.folders, self.assignment, name) for name in sorted(names)]
