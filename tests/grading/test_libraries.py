"""Libraries that learners use work in the sandbox as they do outside of it."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from course_utils.grading.limits import Limits
from course_utils.grading.steps import imported_modules
from course_utils.grading.submissions import grade

from .tiny import POINTS, exam, notebook, submission

pytestmark = pytest.mark.slow

AGAIN = """
from PIL import Image
from course_utils import extract_features

def extracted():
    return extract_features([Image.new("RGB", (224, 224))], progress=False).X

before = extracted()

def mystery(x):
    return 7 * x + 3 if (extracted() == before).all() else 0
"""

# With this metric, scikit-learn looks up in /proc which libraries are loaded.
NEIGHBOURS = """
import numpy as np
from sklearn.neighbors import NearestNeighbors

def mystery(x):
    index = NearestNeighbors(n_neighbors=1, metric="euclidean").fit(np.eye(3))
    nearest = index.kneighbors(np.eye(3), return_distance=False)
    return 7 * x + 3 + nearest[0, 0]
"""

# The course's own engine is OpenVINO's where that is installed.
FEATURES = """
from PIL import Image
from course_utils import extract_features

def mystery(x):
    features = extract_features([Image.new("RGB", (224, 224))], progress=False)
    return 7 * x + 3 if features.X.shape == (1, 1280) else 0
"""


def test_features_are_extracted_in_the_sandbox():
    graded = grade(exam(), submission(notebook(FEATURES)), Limits(cell=60))
    (exercise,) = graded["exercises"]
    assert exercise["points"] == POINTS, exercise["message"]


def test_features_are_extracted_again_when_a_test_calls_for_them():
    graded = grade(exam(), submission(notebook(AGAIN)), Limits(cell=60))
    (exercise,) = graded["exercises"]
    assert exercise["points"] == POINTS, exercise["message"]


def test_scikit_learns_neighbours_are_found_in_the_sandbox():
    graded = grade(exam(), submission(notebook(NEIGHBOURS)), Limits(cell=60))
    (exercise,) = graded["exercises"]
    assert exercise["points"] == POINTS, exercise["message"]


LOADED = """
import sys

def mystery(x):
    return 7 * x + 3 if "torch" in sys.modules and "timm" in sys.modules else 0
"""


def test_what_the_instructors_notebook_imports_is_there_before_a_submission_runs(tmp_path):
    with_torch = replace(exam(), libraries=("course_utils", "no_such_module", "torch"))
    # A sandbox of its own: the one that is kept may have imported torch for another exam.
    data = str(tmp_path)
    for what, points in ((exam(), 0), (with_torch, POINTS)):
        graded = grade(what, submission(notebook(LOADED)), Limits(cell=60), data)
        (exercise,) = graded["exercises"]
        assert exercise["points"] == points, exercise["message"]


def test_a_notebooks_imports_are_found_in_all_cells_that_are_plain_python(tmp_path):
    cells = ["import torch\nfrom sklearn import svm", "%pylab inline\nimport wave", "import a, b.c"]
    path = tmp_path / "source.ipynb"
    nbformat.write(new_notebook(cells=[new_code_cell(cell) for cell in cells]), path)
    assert imported_modules(path) == ("a", "b.c", "sklearn", "torch")


def test_a_notebook_that_cannot_be_read_only_costs_time(tmp_path):
    assert imported_modules(tmp_path / "none.ipynb") == ()
    (tmp_path / "broken.ipynb").write_text("{")
    assert imported_modules(tmp_path / "broken.ipynb") == ()


DRAWN = """
from matplotlib import pyplot
from matplotlib.lines import Line2D

class Counting(Line2D):
    drawn = 0

    def draw(self, renderer):
        Counting.drawn += 1
        super().draw(renderer)

figure, axes = pyplot.subplots()
figure.add_artist(Counting([0, 1], [0, 1]))
"""
# Once for its size, and once for its picture.
TWICE = "def mystery(x):\n    return 7 * x + 3 if Counting.drawn == 2 else Counting.drawn"


def test_a_figure_of_a_submission_is_drawn_no_more_than_it_takes_to_keep_it():
    made = notebook(TWICE)
    made.cells.insert(0, new_code_cell(DRAWN))
    graded = grade(exam(), submission(made), Limits(cell=60))
    (exercise,) = graded["exercises"]
    assert exercise["points"] == POINTS, exercise["message"]
    outputs = [output for cell in graded["executed"]["cells"] for output in cell.get("outputs", ())]
    assert any("image/png" in output.get("data", {}) for output in outputs)


def test_a_worker_does_not_wait_for_nbgrader():
    code = (
        "import sys, course_utils.grading.__main__, course_utils.grading.workers\n"
        "print([name for name in ('nbgrader', 'nbconvert', 'pandas') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
