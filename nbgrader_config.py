"""How nbgrader finds the course, wherever in the project it is started from.

Everything that nbgrader writes stays in ``notebooks/assignments`` (git ignores it) except what
learners work on, which is in ``my_assignments``. Set ``COURSE_EXCHANGE`` to a folder that all
accounts can write to when learners and instructor work under different accounts.
"""

import os
from pathlib import Path

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

# Deleting a test cell does not make its exercise disappear.
c.OverwriteCells.add_missing_cells = True

c.ExportApp.plugin_class = "nbgrader.plugins.CsvExportPlugin"
c.CsvExportPlugin.to = str(ASSIGNMENTS / "grades.csv")
