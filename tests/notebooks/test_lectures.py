"""Every lecture runs as learners run it: top to bottom, without a network, in time.

Each is executed once with the photographs and once with the paintings; the tests look at what came
out. A lecture asserts its own claims, so that one that has become false stops it.

Here stands what holds for *every* notebook; a new lecture needs no change here. What is true of one
lecture alone (its numbers, its surprise) stands in a file of its own beside this one,
``test_lecture_05.py`` for the fifth. To add one::

    from running import PROJECT_ROOT, executed, in_each_world

    LECTURE = PROJECT_ROOT / "notebooks" / "01_multiclass.ipynb"

    @executed
    @in_each_world
    def test_lecture_1_finds_that_every_model_may_say_no(world, run_of):
        assert "every model says no" in run_of(LECTURE, world).said()

``run_of(path, world)`` gives a ``Run``: ``said()`` is all that it printed, and
``outputs_of("cell-id")`` what one cell showed. However many tests ask, a notebook runs once in each
world (``conftest.py``).
"""

import ast
import re
from pathlib import Path

import pytest
from nbclient.exceptions import CellExecutionError
from nbformat.v4 import new_code_cell, new_notebook
from running import (
    LECTURES,
    PROJECT_ROOT,
    START_PAGE,
    each_lecture,
    each_notebook,
    execute,
    executed,
    in_each_world,
    name_of,
    read,
    text_of,
    texts,
)

from course_utils.lectures import read_lecture

# What one may take on two processor cores. Tested is the processor time of all threads together:
# on an idle machine a notebook, which waits for nothing, is done in no more than that, and unlike
# the time on the clock it hardly depends on what else the machine does.
SECONDS = {START_PAGE: 60}
LECTURE_SECONDS = 120

LOADS_ANIMALS = 'load_dataset("animal_faces")'


def with_animals() -> list[Path]:
    """List the lectures whose pictures may be photographs or paintings."""
    return [path for path in LECTURES if any(LOADS_ANIMALS in c.source for c in read(path).cells)]


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


def _plots_always(source: str) -> bool:
    """Whether code plots whatever the data are: not in an `if`, as where there is no mistake."""
    open_blocks = list(ast.parse(source).body)
    while open_blocks:
        statement = open_blocks.pop()
        if isinstance(statement, ast.For | ast.With):
            open_blocks += statement.body
        elif isinstance(statement, ast.Expr | ast.Assign):
            called = [n.func for n in ast.walk(statement) if isinstance(n, ast.Call)]
            if any(isinstance(f, ast.Name) and f.id.startswith("plot_") for f in called):
                return True
    return False


@executed
@in_each_world
@each_notebook
def test_every_plot_shows_a_figure_and_every_figure_has_words(path, world, run_of):
    for cell in run_of(path, world).notebook.cells:
        if cell.cell_type != "code":
            continue
        figures = [output for output in cell.outputs if "image/png" in output.get("data", {})]
        assert not _plots_always(cell.source) or figures, f"{cell.id} plots, but shows no figure"
        for figure in figures:
            words = figure.metadata.get("image/png", {}).get("alt", "")
            assert len(words.split()) >= 5, f"{cell.id}: a figure without a text alternative"


@executed
@in_each_world
@pytest.mark.parametrize("path", with_animals(), ids=name_of)
def test_where_the_animals_are_loaded_stands_which_pictures_these_are(path, world, run_of):
    first = next(
        cell for cell in run_of(path, world).notebook.cells if LOADS_ANIMALS in cell.source
    )
    said = "\n".join(map(text_of, first.outputs))
    assert ("PAINTED" in said) == (world == "paintings")
    assert "photographs" in said


@executed
def test_the_start_page_lists_every_lecture_with_its_own_words(run_of):
    (listed,) = run_of(START_PAGE, "paintings").outputs_of("lectures-list")
    for path in LECTURES:
        assert f"]({path.name})" in text_of(listed)
        assert read_lecture(path).objectives[0] in text_of(listed)


@executed
@pytest.mark.parametrize(
    "reach",
    [
        "import urllib.request; urllib.request.urlopen('http://example.org')",
        "import socket; socket.create_connection(('93.184.216.34', 80), timeout=5)",
    ],
)
def test_a_notebook_that_reaches_for_the_network_fails_here(reach, painted_data, tmp_path):
    notebook = new_notebook(cells=[new_code_cell(reach)])
    with pytest.raises(CellExecutionError, match="must run without a network"):
        execute(notebook, painted_data, tmp_path)


# --- what can be seen without running them ------------------------------------------------------


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


def test_the_start_page_names_every_assignment():
    start = "\n".join(texts(START_PAGE).values())
    folder = PROJECT_ROOT / "notebooks" / "assignments" / "source"
    there = {path.parent.name for path in folder.glob("*/*.ipynb")}
    assert there == set(re.findall(r"^\| `(\w+)` \|", start, flags=re.MULTILINE))
