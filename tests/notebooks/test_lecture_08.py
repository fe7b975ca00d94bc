"""What is true of lecture 8, *When it gets big*, alone."""

import os
import re
import subprocess
import sys

import pytest
from nbclient.exceptions import CellExecutionError
from nbformat.v4 import new_code_cell
from running import PROJECT_ROOT, execute, executed, in_each_world, read, text_of

LECTURE = PROJECT_ROOT / "notebooks" / "08_when_it_gets_big.ipynb"


def said_by(run, cell_id: str) -> str:
    return "\n".join(text_of(output) for output in run.outputs_of(cell_id))


@executed
@in_each_world
def test_a_gpu_that_takes_no_time_helps_small_pictures_and_hardly_large_ones(world, run_of):
    said = said_by(run_of(LECTURE, world), "puzzle-said")
    small, phone = re.findall(r"\*\*(\d+\.\d+) times\*\*", said)
    assert 1 < float(phone) < 3
    assert float(small) > 2 * float(phone)


@executed
@in_each_world
def test_only_the_simple_cache_lies(world, run_of):
    said = said_by(run_of(LECTURE, world), "lies-said")
    assert "wrong after **4 of 5 events**, 29 wrong rows in all" in said
    assert "cache gave 0 wrong rows" in said


@executed
@in_each_world
def test_the_work_is_interrupted_and_goes_on(world, run_of):
    run = run_of(LECTURE, world)
    interrupted = said_by(run, "bulk-interrupted")
    assert "Interrupted." in interrupted
    rows = int(re.search(r"(\d+) rows of 600 pictures", interrupted)[1])
    assert 100 <= rows < 600
    assert "600 pictures x 1280 features" in said_by(run, "bulk-again")
    assert "to be done" not in said_by(run, "bulk-again")


@executed
@in_each_world
def test_memory_grows_with_the_batch_to_the_byte(world, run_of):
    table = said_by(run_of(LECTURE, world), "memory-table")
    assert re.search(r"^1 +0\.01 MB +9\.63 MB +4\.82 MB", table, flags=re.MULTILINE)
    assert re.search(r"^256 +1\.31 MB +2,466\.25 MB", table, flags=re.MULTILINE)


@executed
def test_without_sliders_the_cost_model_still_shows_a_figure_in_words(run_of):
    (shown,) = run_of(LECTURE, "paintings").outputs_of("play")
    words = shown.metadata["image/png"]["alt"]
    for machine in ("laptop", "one GPU", "cluster"):
        assert machine in words
    assert "application/vnd.jupyter.widget-view+json" in shown.data


@executed
def test_without_dask_the_lecture_says_so_and_goes_on(painted_data, tmp_path):
    notebook = read(LECTURE)
    wanted = {"setup", "cluster"}
    notebook.cells = [cell for cell in notebook.cells if cell.id in wanted]
    hide = "import sys; sys.modules['distributed'] = None; sys.modules['dask'] = None"
    notebook.cells.insert(0, new_code_cell(hide))
    run = execute(notebook, painted_data, tmp_path)
    assert "Dask is not installed here" in run.said()


@executed
def test_without_dask_the_course_does_what_the_lecture_does(painted_data, tmp_path):
    program = (
        "import sys; sys.modules['distributed'] = None\n"
        "from course_utils import extract_to_folder, load_dataset\n"
        "pictures = load_dataset('animal_faces').train[:3]\n"
        f"print(len(extract_to_folder(pictures, {str(tmp_path / 'out')!r}, progress=False)))"
    )
    environment = {**os.environ, "COURSE_DATA": str(painted_data)}
    done = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.split()[-1] == "3"


@executed
def test_lecture_8_stops_when_both_folders_gain_the_same(painted_data, tmp_path):
    notebook = read(LECTURE)
    at = next(i for i, cell in enumerate(notebook.cells) if cell.id == "puzzle-said")
    notebook.cells = notebook.cells[: at + 1]
    notebook.cells.insert(at, new_code_cell("jobs['phone'] = jobs['small']"))
    with pytest.raises(CellExecutionError, match="AssertionError"):
        execute(notebook, painted_data, tmp_path)
