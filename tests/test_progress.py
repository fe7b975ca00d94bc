"""Progress bars move while something runs, and leave a line that a saved notebook can show."""

import subprocess
import sys

import pytest

from tests.notebooks_run import run_cells

pytestmark = pytest.mark.slow

WIDGET = "application/vnd.jupyter.widget-view+json"


@pytest.fixture(scope="module")
def shown(painted_data) -> dict[str, list]:
    """Give what the bars of the library, and of the data scripts, leave in a notebook."""
    cells = {
        "set up": f"""
import os
os.environ["COURSE_DATA"] = {str(painted_data)!r}
from pathlib import Path
from tempfile import TemporaryDirectory
from tqdm.contrib.concurrent import thread_map
from course_utils import extract_features, load_dataset
from course_utils._progress import ProgressBar
from data_scripts.painting import paint_dataset
animals = load_dataset("animal_faces")
few = animals.train.sample(20, seed=0)
""",
        "features": "X = extract_features(few)",
        "painting": """
with TemporaryDirectory() as folder:
    # Long enough for a bar, which what takes less than a second does not get.
    paint_dataset(Path(folder) / "painted", n_train=20, n_valid=20)
""",
        "quick": "list(ProgressBar(range(3), delay=5));",
        "stopped": "for i in ProgressBar(range(10), desc='search'):\\n    if i == 4: break",
        "failed": "for i in ProgressBar(range(10), desc='search'):\\n    1 / (i - 4)",
        "threads": "thread_map(abs, range(20), tqdm_class=ProgressBar, desc='abs', unit='number');",
        "bytes": "for _ in ProgressBar(range(2048), unit='B', unit_scale=True, desc='fetch'): pass",
    }
    cells = {name: code.replace("\\n", "\n") for name, code in cells.items()}
    return dict(zip(cells, run_cells(*cells.values()), strict=True))


def line_of(outputs) -> str:
    (output,) = (output for output in outputs if output.output_type == "display_data")
    assert set(output.data) == {"text/plain"}
    return output.data["text/plain"]


def test_no_bar_is_a_widget_or_red_text(shown):
    for name, outputs in shown.items():
        for output in outputs:
            assert WIDGET not in output.get("data", {}), name
            assert output.get("name") != "stderr", (name, output)


@pytest.mark.parametrize(
    ("name", "line"),
    [("threads", "abs: 20 numbers in 0 s"), ("bytes", "fetch: 2.05kB in 0 s")],
)
def test_a_finished_bar_is_one_line_of_text(shown, name, line):
    assert line_of(shown[name]) == line


@pytest.mark.parametrize("name", ["features", "painting"])
def test_the_bars_of_the_course_finish_with_a_line_of_text(shown, name):
    assert line_of(shown[name]).endswith(" s")
    assert "pictures in" in line_of(shown[name])


def test_what_is_too_quick_for_a_bar_leaves_nothing(shown):
    assert [output for output in shown["quick"] if output.output_type == "display_data"] == []


@pytest.mark.parametrize("name", ["stopped", "failed"])
def test_a_bar_that_was_stopped_says_how_far_it_came(shown, name):
    assert "4/10" in line_of(shown[name]) or "5/10" in line_of(shown[name])


def test_in_a_terminal_bars_are_tqdms_own():
    code = "from course_utils._progress import ProgressBar; list(ProgressBar(range(3), desc='x'))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "3/3" in done.stderr
    assert done.stdout == ""


def test_no_notebook_makes_a_bar_that_cannot_be_shown_again(project_root):
    """Tqdm's own are widgets in a notebook: saved and opened again, "model not found"."""
    notebooks = sorted((project_root / "notebooks").rglob("*.ipynb"))
    assert notebooks
    elsewhere = [path.name for path in notebooks if "tqdm" in path.read_text(encoding="utf-8")]
    assert not elsewhere, "use course_utils.ProgressBar in " + ", ".join(elsewhere)


def test_nothing_in_the_course_makes_a_bar_of_another_kind(project_root):
    elsewhere = [
        path.relative_to(project_root).as_posix()
        for package in ("course_utils", "data_scripts")
        for path in sorted((project_root / package).rglob("*.py"))
        if path.name != "_progress.py"
        and any(
            bar in path.read_text(encoding="utf-8")
            for bar in ("tqdm.auto", "tqdm.notebook", "import tqdm", "import trange")
        )
    ]
    assert not elsewhere, "use course_utils._progress.ProgressBar in " + ", ".join(elsewhere)
