"""Libraries that learners use work in the sandbox as they do outside of it."""

from __future__ import annotations

import pytest

from course_utils.grading.limits import Limits
from course_utils.grading.submissions import grade

from .tiny import POINTS, exam, notebook, submission

pytestmark = pytest.mark.slow

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


def test_scikit_learns_neighbours_are_found_in_the_sandbox():
    graded = grade(exam(), submission(notebook(NEIGHBOURS)), Limits(cell=60))
    (exercise,) = graded["exercises"]
    assert exercise["points"] == POINTS, exercise["message"]
