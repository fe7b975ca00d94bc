"""How nbgrader finds the course, wherever in the project it is started from.

Everything that nbgrader writes stays in ``notebooks/assignments`` (git ignores it) except what
learners work on, which is in ``my_assignments``. Set ``COURSE_EXCHANGE`` to a folder that all
accounts can write to when learners and instructor work under different accounts.
"""

import contextlib
import copy
import os
import warnings
from pathlib import Path

from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbgrader.api import MissingEntry
from nbgrader.preprocessors import (
    CheckCellMetadata,
    ClearHiddenTests,
    ClearOutput,
    DeduplicateIds,
    OverwriteCells,
    OverwriteKernelspec,
)

PROJECT_ROOT = Path(__file__).resolve().parent
ASSIGNMENTS = PROJECT_ROOT / "notebooks" / "assignments"

c = get_config()  # noqa: F821 - nbgrader puts this name here

c.CourseDirectory.course_id = "pixels"
c.CourseDirectory.root = str(ASSIGNMENTS)

c.Exchange.root = os.environ.get("COURSE_EXCHANGE", str(ASSIGNMENTS / "exchange"))
# The folder, seen from where JupyterLab starts, into which assignments are fetched.
c.Exchange.assignment_dir = str(PROJECT_ROOT / "my_assignments")

# An endless loop costs a learner the points of that cell, and the instructor a minute.
c.Execute.timeout = 60
c.Execute.interrupt_on_timeout = True

# aN_hidden.py never leaves the source folder, by any of nbgrader's ways. Nothing that a learner
# hands in can stand in its place, or in that of aN_checks.py: grading takes the source's copy.
c.CourseDirectory.ignore = [
    ".ipynb_checkpoints",
    "*.pyc",
    "__pycache__",
    "*_hidden*",
    "*_checks",
    "*_checks.*.so",
    "*_checks.so",
]
# Autograding finds it there: kernels inherit this.
os.environ["PYTHONPATH"] = os.pathsep.join(
    dict.fromkeys(
        [
            *filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep)),
            *(str(path) for path in sorted((ASSIGNMENTS / "source").glob("*/"))),
        ]
    )
)


class OverwriteChangedCells(OverwriteCells):
    """Put locked cells back, with a warning about those only that the learner changed.

    A released test cell lacks its hidden part, so that nbgrader by itself warns about every one.
    """

    def preprocess_cell(
        self, cell: NotebookNode, resources: ResourcesDict, cell_index: int
    ) -> tuple[NotebookNode, ResourcesDict]:
        """Take a cell that is as it was released for unchanged."""
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        with contextlib.suppress(MissingEntry):
            source = self.gradebook.find_source_cell(name, self.notebook_id, self.assignment_id)
            released = copy.deepcopy(cell)
            released.source = source.source
            ClearHiddenTests(parent=self).preprocess_cell(released, resources, cell_index)
            if source.locked and cell.source == released.source:
                cell.source = source.source
        return super().preprocess_cell(cell, resources, cell_index)


c.Autograde.sanitize_preprocessors = [
    ClearOutput,
    DeduplicateIds,
    OverwriteKernelspec,
    OverwriteChangedCells,
    CheckCellMetadata,
]

# nbgrader puts a new submission together before it saves it, of which SQLAlchemy warns each time.
warnings.filterwarnings("ignore", message="Object of type <Submitted")

# Deleting a test cell does not make its exercise disappear.
c.OverwriteCells.add_missing_cells = True

# A released test cell differs from its source by the hidden tests: no reason to warn of it.
c.Autograde.sanitize_preprocessors = [
    "nbgrader.preprocessors.ClearOutput",
    "nbgrader.preprocessors.DeduplicateIds",
    "nbgrader.preprocessors.OverwriteKernelspec",
    "course_utils.grading.restoring.RestoreCells",
    "nbgrader.preprocessors.CheckCellMetadata",
]
# nbgrader makes a submission's records before it adds them to its database, and SQLAlchemy says so.
warnings.filterwarnings("ignore", r"Object of type <Submitted\w+> not in session")

# Feedback in the course's own form: course_utils.grading.feedback says what is on the page.
c.GenerateFeedback.exporter_class = "course_utils.grading.feedback.FeedbackExporter"
c.GenerateFeedback.preprocessors = [
    "course_utils.grading.feedback.Grades",
    "course_utils.grading.feedback.Summary",
]

c.ExportApp.plugin_class = "nbgrader.plugins.CsvExportPlugin"
c.CsvExportPlugin.to = str(ASSIGNMENTS / "grades.csv")
