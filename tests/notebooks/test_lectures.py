"""Every lecture runs as learners run it: top to bottom, without a network, in time.

Each is executed once with the photographs and once with the paintings; the tests below look at what
came out. A lecture asserts its own claims, so that one that has become false stops it.
"""

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import nbformat
import pytest
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell

PROJECT_ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted((PROJECT_ROOT / "notebooks").glob("[0-9]*.ipynb"))
START_PAGE = PROJECT_ROOT / "notebooks" / "00_start_here.ipynb"
LECTURES = [path for path in NOTEBOOKS if path != START_PAGE]
DEEP_FEATURES = PROJECT_ROOT / "notebooks" / "05_deep_features.ipynb"
WORLDS = ("photographs", "paintings")

# What one may take on two processor cores. Tested is the processor time of all threads together:
# on an idle machine a notebook, which waits for nothing, is done in no more than that, and unlike
# the time on the clock it hardly depends on what else the machine does.
SECONDS = {START_PAGE: 60}
LECTURE_SECONDS = 120

# Python imports this module before anything else: sockets lead nowhere from then on.
NO_NETWORK = """
import socket

def _refuse(*args, **kwargs):
    raise OSError("a notebook must run without a network, but reached for " + repr(args[-1]))

class _OfflineSocket(socket.socket):
    def connect(self, address):
        inet = self.family in (socket.AF_INET, socket.AF_INET6)
        if inet and address[0] not in ("127.0.0.1", "::1"):
            _refuse(address)
        return super().connect(address)

socket.socket = _OfflineSocket
socket.getaddrinfo = _refuse
"""


class Run(NamedTuple):
    """One executed notebook."""

    notebook: NotebookNode
    processor_seconds: float

    def outputs(self, kind: str | None = None) -> list[NotebookNode]:
        """Give all outputs in order, or those of one kind of cell output."""
        cells = [cell for cell in self.notebook.cells if cell.cell_type == "code"]
        outputs = [output for cell in cells for output in cell.outputs]
        return [output for output in outputs if kind in (None, output.output_type)]

    def said(self) -> str:
        """Give the texts of all outputs, one a line."""
        return "\n".join(text_of(output) for output in self.outputs())


def text_of(output: NotebookNode) -> str:
    data = output.get("data", {})
    return output.get("text") or data.get("text/markdown") or data.get("text/plain") or ""


def execute(notebook: NotebookNode, data: Path, folder: Path) -> Run:
    """Execute a notebook in a kernel of its own that has no network and these data."""
    (folder / "sitecustomize.py").write_text(NO_NETWORK, encoding="utf-8")
    environment = {name: os.environ[name] for name in os.environ if name != "COURSE_DATA_MIRROR"}
    environment |= {
        "COURSE_DATA": str(data),
        # On a busy machine threads that wait for each other would count as work.
        "OMP_NUM_THREADS": "1",
        "PYTHONPATH": str(folder),
        # nbgrader's tools, which the start page looks for, lie beside this Python.
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
    }
    notebook.cells.append(new_code_cell("import time; print(time.process_time())"))
    client = NotebookClient(
        notebook,
        timeout=600,
        kernel_name="python3",
        resources={"metadata": {"path": str(PROJECT_ROOT / "notebooks")}},
    )
    client.execute(env=environment)
    return Run(notebook, float(notebook.cells.pop().outputs[0].text))


@pytest.fixture(scope="module")
def photograph_data(mirror, tmp_path_factory) -> Path:
    """Give a data directory into which the photographs were fetched, as a learner does it."""
    folder = tmp_path_factory.mktemp("photographs")
    subprocess.run(
        [sys.executable, "-m", "data_scripts", "fetch", "animal_faces"],
        cwd=PROJECT_ROOT,
        env={**os.environ, "COURSE_DATA": str(folder), "COURSE_DATA_MIRROR": str(mirror)},
        check=True,
        capture_output=True,
    )
    return folder


@pytest.fixture(scope="module")
def run_of(request, tmp_path_factory) -> Callable[[Path, str], Run]:
    """Give a function that executes a notebook in a world, and remembers what came out."""
    runs: dict[tuple[Path, str], Run] = {}

    def run(path: Path, world: str) -> Run:
        fixture = {"photographs": "photograph_data", "paintings": "painted_data"}[world]
        data = request.getfixturevalue(fixture)
        if (path, world) not in runs:
            notebook = nbformat.read(path, as_version=4)
            runs[path, world] = execute(notebook, data, tmp_path_factory.mktemp("no_network"))
        return runs[path, world]

    return run


def name_of(path: Path) -> str:
    return path.stem


in_each_world = pytest.mark.parametrize("world", WORLDS)
each_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=name_of)
each_lecture = pytest.mark.parametrize("path", LECTURES, ids=name_of)
executes = [pytest.mark.notebook, pytest.mark.slow]


def executed(test: Callable) -> Callable:
    """Mark a test that needs executed notebooks."""
    for mark in executes:
        test = mark(test)
    return test


@executed
@in_each_world
@each_notebook
def test_runs_top_to_bottom_offline_within_its_time(path, world, run_of):
    run = run_of(path, world)
    code = [cell for cell in run.notebook.cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in code] == list(range(1, len(code) + 1))
    assert run.outputs("error") == []
    assert run.processor_seconds < SECONDS.get(path, LECTURE_SECONDS)


@executed
@in_each_world
@each_notebook
def test_no_warning_disturbs_the_reader(path, world, run_of):
    streams = run_of(path, world).outputs("stream")
    assert [output.text for output in streams if output.name == "stderr"] == []


@executed
@in_each_world
@each_notebook
def test_every_plot_shows_a_figure_and_every_figure_has_words(path, world, run_of):
    for cell in run_of(path, world).notebook.cells:
        if cell.cell_type != "code":
            continue
        figures = [output for output in cell.outputs if "image/png" in output.get("data", {})]
        plots = re.search(r"^(    )*plot_\w+\(", cell.source, flags=re.MULTILINE)
        assert not plots or figures, f"{cell.id} plots, but shows no figure"
        for figure in figures:
            words = figure.metadata.get("image/png", {}).get("alt", "")
            assert len(words.split()) >= 5, f"{cell.id}: a figure without a text alternative"


@executed
@in_each_world
@each_lecture
def test_the_first_output_says_which_pictures_these_are(path, world, run_of):
    first = text_of(run_of(path, world).outputs()[0])
    progress = "Painting:" in first
    if progress:
        first = text_of(run_of(path, world).outputs()[1])
    assert ("PAINTED" in first) == (world == "paintings")
    assert "photographs" in first


def right_answers(run: Run) -> tuple[int, int]:
    """Give how many of 150 pixels and features got right, in the lecture's own words."""
    said = re.search(r"Pixels: (\d+) of 150 right\. Deep features: (\d+) of 150 right", run.said())
    assert said, "lecture 5 no longer says how many of 150 were right"
    return int(said[1]), int(said[2])


@executed
def test_on_photographs_lecture_5_finds_what_is_known_about_them(run_of):
    run = run_of(DEEP_FEATURES, "photographs")
    pixels, features = right_answers(run)
    assert 97 <= pixels <= 103
    assert features == 131
    assert "19 of the 19 mistakes are wild animals" in run.said()


@executed
def test_on_paintings_lecture_5_finds_the_same_gap(run_of):
    run = run_of(DEEP_FEATURES, "paintings")
    pixels, features = right_answers(run)
    assert features - pixels >= 15
    said = re.search(r"(\d+) of the (\d+) mistakes are wild animals", run.said())
    assert said, "lecture 5 no longer says whose the mistakes are"
    assert int(said[1]) >= 0.8 * int(said[2])


@executed
def test_lecture_5_classifies_every_sample_photograph(run_of):
    from course_utils import load_dataset

    cells = {cell.id: cell for cell in run_of(DEEP_FEATURES, "paintings").notebook.cells}
    table = cells["classify-all"].outputs[0].data["text/html"]
    for subject in load_dataset("sample_photos")["all"].class_names:
        assert f">{subject}</th>" in table
    for subject, right in [("cat", "tiger cat"), ("coffee", "espresso"), ("rocket", "missile")]:
        row = re.search(rf">{subject}</th>.*?</tr>", table, flags=re.DOTALL)
        assert right in row[0]


@executed
def test_lecture_5_stops_when_features_are_no_better_than_pixels(painted_data, tmp_path):
    notebook = nbformat.read(DEEP_FEATURES, as_version=4)
    claim = next(i for i, cell in enumerate(notebook.cells) if cell.id == "first-result-said")
    notebook.cells = notebook.cells[: claim + 1]
    notebook.cells.insert(claim, new_code_cell("feature_model.fit(0 * train.X, train.y)"))
    with pytest.raises(CellExecutionError, match="AssertionError"):
        execute(notebook, painted_data, tmp_path)


@executed
@pytest.mark.parametrize(
    "reach",
    [
        "import urllib.request; urllib.request.urlopen('http://example.org')",
        "import socket; socket.create_connection(('93.184.216.34', 80), timeout=5)",
    ],
)
def test_a_notebook_that_reaches_for_the_network_fails_here(reach, painted_data, tmp_path):
    notebook = nbformat.v4.new_notebook(cells=[new_code_cell(reach)])
    with pytest.raises(CellExecutionError, match="must run without a network"):
        execute(notebook, painted_data, tmp_path)


# --- what can be seen without running them ------------------------------------------------------


def texts(path: Path) -> dict[str, str]:
    """Give the Markdown cells of a notebook by their ids."""
    notebook = nbformat.read(path, as_version=4)
    return {cell.id: cell.source for cell in notebook.cells if cell.cell_type == "markdown"}


@each_lecture
def test_a_lecture_opens_with_what_it_is_for_and_closes_with_what_to_keep(path):
    first, *_ = texts(path).values()
    for part in ("After this lecture you can", "You need", "Time"):
        assert f"**{part}" in first
    last = "\n".join(list(texts(path).values())[-3:])
    for part in ("## To take away", "Assignment", "Next"):
        assert part in last


@each_notebook
def test_every_answer_to_a_question_gives_its_reason(path):
    questions = {name: text for name, text in texts(path).items() if "<details>" in text}
    assert questions
    for name, text in questions.items():
        answers = re.findall(
            r"<details>\n<summary>(.+?)</summary>\n\n(.+?)\n</details>", text, flags=re.DOTALL
        )
        # A blank line after the summary: otherwise the reason is not read as Markdown.
        assert len(answers) == text.count("<details>") >= 3, name
        assert len([reason for _, reason in answers if reason.startswith("**Yes")]) == 1, name
        assert all(len(reason.split()) >= 8 for _, reason in answers), name


@each_lecture
def test_no_result_is_typed_into_the_text(path):
    for name, text in texts(path).items():
        if "as they reported" in text or name.startswith("quiz"):
            continue
        typed = re.findall(r"\b0\.\d+|\b\d+ of \d+\b|\b\d+(?:\.\d+)? %(?! lie| contain)", text)
        assert set(typed) <= {"95 %"}, f"{name} has {typed}: print what the code computes"


@each_notebook
def test_links_to_files_lead_somewhere(path):
    for name, text in texts(path).items():
        for target in re.findall(r"\]\(([^)#\s]+)\)", text):
            if not target.startswith("http"):
                assert (path.parent / target).is_file(), f"{name} links to {target}"


def test_the_start_page_leads_to_every_lecture():
    start = "\n".join(texts(START_PAGE).values())
    for path in LECTURES:
        assert f"]({path.name})" in start


def test_the_start_page_names_every_assignment():
    start = "\n".join(texts(START_PAGE).values())
    folder = PROJECT_ROOT / "notebooks" / "assignments" / "source"
    there = {path.parent.name for path in folder.glob("*/*.ipynb")}
    assert there == set(re.findall(r"^\| `(\w+)` \|", start, flags=re.MULTILINE))
