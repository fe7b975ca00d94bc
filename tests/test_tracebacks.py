"""In a notebook the course's own errors show their message and the reader's line, and no more."""

import re

import pytest

from tests.notebooks_run import run_cells

pytestmark = pytest.mark.slow


def traceback_of(outputs) -> str:
    (error,) = outputs
    assert error.output_type == "error"
    return re.sub(r"\x1b\[[0-9;]*m", "", "\n".join(error.traceback))


@pytest.fixture(scope="module")
def shown() -> dict[str, str]:
    """Give what each kind of error shows."""
    cells = {
        "own": "from course_utils import load_dataset\nanswer = 1\nload_dataset('no such set')",
        "whole": "%tb",
        "in a function": (
            "def mine():\n    return load_dataset('no such set')\n\n"
            "def outer():\n    mine()\n\nouter()"
        ),
        "through scikit-learn": (
            "from sklearn.pipeline import make_pipeline\nfrom course_utils import DeepFeatures\n"
            "make_pipeline(DeepFeatures(), None).fit(['no such file.jpg'], [0])"
        ),
        "with a cause": (
            "from course_utils import read_image\n"
            "from pathlib import Path\nPath('broken.jpg').write_bytes(b'no picture')\n"
            "try:\n    read_image('broken.jpg')\nfinally:\n    Path('broken.jpg').unlink()"
        ),
        "reader's": "1 / 0",
        "numpy's": "import numpy as np\nnp.zeros(3).reshape(2, 2)",
        "syntax": "answer = = 2",
        "checks": "from course_utils.checks import check_number\ncheck_number('x', 3, 4)",
    }
    return dict(zip(cells, map(traceback_of, run_cells(*cells.values())), strict=True))


def test_the_courses_own_error_shows_the_readers_line_and_the_message_and_no_library(shown):
    text = shown["own"]
    assert "load_dataset('no such set')" in text
    assert "no such set" in text.splitlines()[-3]
    assert "course_utils/" not in text
    assert len(text.splitlines()) < 15


def test_the_whole_traceback_is_one_word_away(shown):
    assert "%tb" in shown["own"].splitlines()[-1]
    assert "course_utils/" in shown["whole"]
    assert "%tb" not in shown["whole"]


def test_the_readers_own_functions_are_all_shown(shown):
    text = shown["in a function"]
    assert text.index("outer()") < text.index("mine()\n") < text.index("return load_dataset")
    assert "course_utils/" not in text


def test_libraries_between_the_reader_and_the_course_are_left_out_too(shown):
    text = shown["through scikit-learn"]
    assert ".fit(['no such file.jpg'], [0])" in text
    assert "site-packages" not in text
    assert "%tb" in text


def test_a_cause_inside_the_library_is_left_to_the_message(shown):
    text = shown["with a cause"]
    assert "broken.jpg" in text
    assert "The above exception" not in text
    assert "PIL" not in text


def test_errors_from_elsewhere_are_shown_as_ever(shown):
    assert "ZeroDivisionError" in shown["reader's"]
    assert "reshape" in shown["numpy's"]
    assert "SyntaxError" in shown["syntax"]
    for kind in ("reader's", "numpy's", "syntax", "checks"):
        assert "%tb" not in shown[kind]
