"""How nbgrader finds the course, wherever in the project it is started from.

Everything that nbgrader writes stays in ``notebooks/assignments`` (git ignores it) except what
learners work on, which is in ``my_assignments``. Set ``COURSE_EXCHANGE`` to a folder that all
accounts can write to when learners and instructor work under different accounts.
"""

import importlib.util
import os
import warnings
from pathlib import Path

PROJECT_ROOT = Path(__file__).resolve().parent
# Another course folder, such as that of `make demo-class`, is named in the environment.
ASSIGNMENTS = Path(
    os.environ.get("COURSE_FOLDER") or PROJECT_ROOT / "notebooks" / "assignments"
).resolve()

c = get_config()  # noqa: F821 - nbgrader puts this name here

c.CourseDirectory.course_id = "pixels"
c.CourseDirectory.root = str(ASSIGNMENTS)

c.Exchange.root = os.environ.get("COURSE_EXCHANGE") or str(ASSIGNMENTS / "exchange")
# The folder, seen from where JupyterLab starts, into which assignments are fetched.
c.Exchange.assignment_dir = str(PROJECT_ROOT / "my_assignments")

# An endless loop costs a learner the points of that cell, and the instructor a minute.
c.Execute.timeout = 60

# aN_hidden.py never leaves the source folder, by any of nbgrader's ways. Nothing that a learner
# hands in can stand in its place, or in that of aN_checks.py and aN_sealed.py: grading takes the
# source's copies.
c.CourseDirectory.ignore = [
    ".ipynb_checkpoints",
    "*.pyc",
    "__pycache__",
    "*_hidden*",
    "*_checks",
    "*_checks.*.so",
    "*_checks.so",
    "*_sealed",
    "*_sealed.*.so",
    "*_sealed.so",
]

# Collecting follows no link, and nothing in the exchange ends it for everybody.
c.ExchangeFactory.collect = "course_utils.grading.collecting.SafeCollect"
# Nor does a submission end the handing out of feedback.
c.ExchangeFactory.release_feedback = "course_utils.grading.releasing.SafeReleaseFeedback"

# Autograding runs what learners wrote in a sandbox, and the test cells outside of it: a submission
# is read, graded and made a notebook by the course's exporter, whoever starts nbgrader's step, be
# it make, the command line or Formgrader. book/instructors.md says what that promises.
c.Autograde.exporter_class = "course_utils.grading.steps.SandboxedExporter"
c.Autograde.pre_convert_hook = "course_utils.grading.handed_in.defuse"
c.Autograde.sanitize_preprocessors = []  # nothing of a learner's but text is left by then
c.Autograde.autograde_preprocessors = [
    f"nbgrader.preprocessors.{step}"
    for step in ("LimitOutput", "SaveAutoGrades", "AssignLatePenalties", "CheckCellMetadata")
]
# Nor does a page that shows a submission, to its learner or in Formgrader, run anything of it.
c.HTMLExporter.sanitize_html = True
c.HTMLExporter.filters = {
    name: f"course_utils.grading.pages.{name}"
    for name in ("ansi2html", "clean_html", "highlight_code", "markdown2html", "strip_files_prefix")
}
GRADING = Path(importlib.util.find_spec("course_utils").origin).parent / "grading"
c.HTMLExporter.template_file = str(
    GRADING / "templates" / "course_formgrade" / "course_formgrade.html.j2"
)
# A test cell that cannot be run apart from the learner's code is named before it is handed out.
c.GenerateAssignment.preprocessors = [
    "nbgrader.preprocessors.IncludeHeaderFooter",
    "nbgrader.preprocessors.InstantiateTests",
    "course_utils.grading.steps.NameTestCells",
    "nbgrader.preprocessors.LockCells",
    "nbgrader.preprocessors.ClearSolutions",
    "nbgrader.preprocessors.ClearOutput",
    "nbgrader.preprocessors.CheckCellMetadata",
    "nbgrader.preprocessors.ComputeChecksums",
    "nbgrader.preprocessors.SaveCells",
    "nbgrader.preprocessors.ClearHiddenTests",
    "nbgrader.preprocessors.ClearMarkScheme",
    "nbgrader.preprocessors.ComputeChecksums",
    "nbgrader.preprocessors.CheckCellMetadata",
]

# nbgrader puts a new submission together before it saves it, of which SQLAlchemy warns each time.
warnings.filterwarnings("ignore", message="Object of type <Submitted")

# Feedback in the course's own form: course_utils.grading.feedback says what is on the page.
c.GenerateFeedback.exporter_class = "course_utils.grading.feedback.FeedbackExporter"
c.GenerateFeedback.preprocessors = [
    "course_utils.grading.feedback.Grades",
    "course_utils.grading.feedback.Summary",
]

c.ExportApp.plugin_class = "nbgrader.plugins.CsvExportPlugin"
c.CsvExportPlugin.to = str(ASSIGNMENTS / "grades.csv")
