"""Every notebook of the project is in its tidy form, and the tool that brings it there works."""

import json
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from tidy import PROJECT_ROOT, UntidyNotebookError, complaints, find_notebooks, main, tidied

NOTEBOOKS = list(find_notebooks(PROJECT_ROOT / "notebooks"))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_each_notebook_of_the_project_is_tidy(path):
    found = complaints(path.read_text(encoding="utf-8"), str(path))
    assert not found, "\n".join([*found, "repair with: python tests/notebooks/tidy.py"])


def test_no_notebook_has_a_lint_error():
    done = subprocess.run(
        [sys.executable, "-m", "ruff", "check", "--quiet", *map(str, NOTEBOOKS)],
        capture_output=True,
        text=True,
        cwd=PROJECT_ROOT,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture
def run_in_an_editor() -> str:
    """Give a notebook as it looks after somebody ran it and saved it."""
    code = new_code_cell("x=1\nx\n", execution_count=3, metadata={"ExecuteTime": {"a": 1}})
    code.outputs = [new_output("execute_result", {"text/plain": "1"}, execution_count=3)]
    graded = new_code_cell("y = 2", metadata={"nbgrader": {"grade": True}, "editable": False})
    twin = new_markdown_cell("Two spaces at the end  \nbreak a line.")
    notebook = new_notebook(cells=[code, graded, twin])
    twin.id = graded.id  # only now: new_notebook repairs it
    notebook.metadata = {"language_info": {"name": "python", "version": "3.11.9"}, "widgets": {}}
    return json.dumps(notebook, indent=4)


def test_tidying_removes_what_running_left_and_keeps_what_the_author_set(run_in_an_editor):
    notebook = nbformat.reads(tidied(run_in_an_editor), as_version=4)
    code, graded, text = notebook.cells
    assert (code.outputs, code.execution_count, code.metadata) == ([], None, {})
    assert code.source == "x = 1\nx"
    assert graded.metadata == {"nbgrader": {"grade": True}, "editable": False}
    assert text.source == "Two spaces at the end  \nbreak a line."
    assert notebook.metadata.language_info == {"name": "python"}
    assert len({cell.id for cell in notebook.cells}) == 3
    assert graded.id == json.loads(run_in_an_editor)["cells"][1]["id"], "ids must stay as they are"


def test_complaints_name_the_cell_and_what_is_untidy(run_in_an_editor):
    found = "\n".join(complaints(run_in_an_editor, "run.ipynb"))
    for what in ("cell 1", "outputs", "ExecuteTime", "ruff", "cell 3", "id that another cell has"):
        assert what in found
    assert complaints(tidied(run_in_an_editor)) == []


def test_cells_of_an_old_notebook_get_the_same_ids_every_time():
    old = json.dumps(
        {
            "nbformat": 4,
            "nbformat_minor": 2,
            "metadata": {},
            "cells": [{"cell_type": "markdown", "metadata": {}, "source": ["same"]}] * 2,
        }
    )
    assert tidied(old) == tidied(old)
    ids = [cell["id"] for cell in json.loads(tidied(old))["cells"]]
    assert len(set(ids)) == 2


@settings(max_examples=6, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["code", "markdown"]), st.text(max_size=30)), max_size=5))
def test_tidying_twice_changes_nothing_more(contents):
    # Quoted, so that any text is code that parses.
    cells = [
        new_code_cell(f"x = {text!r}") if kind == "code" else new_markdown_cell(text)
        for kind, text in contents
    ]
    once = tidied(nbformat.writes(new_notebook(cells=cells)))
    assert tidied(once) == once


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"nbformat": 3}', '{"nbformat": 4}'])
def test_what_is_no_notebook_is_refused_by_name(text):
    with pytest.raises(UntidyNotebookError, match=r"mine\.ipynb"):
        tidied(text, "mine.ipynb")


def test_code_that_does_not_parse_is_refused_and_left_as_it_was(tmp_path: Path, capsys):
    path = tmp_path / "broken.ipynb"
    path.write_text(nbformat.writes(new_notebook(cells=[new_code_cell("def f(:")])))
    before = path.read_bytes()
    assert main([str(path)]) == 2
    assert "broken.ipynb" in capsys.readouterr().err
    assert path.read_bytes() == before


def test_command_checks_without_changing_and_repairs_when_asked(
    tmp_path: Path, run_in_an_editor, capsys
):
    path = tmp_path / "run.ipynb"
    path.write_text(run_in_an_editor)
    assert main(["--check", str(tmp_path)]) == 1
    assert path.read_text() == run_in_an_editor
    assert "run.ipynb" in capsys.readouterr().out
    assert main([str(tmp_path)]) == 0
    assert main(["--check", str(tmp_path)]) == 0
    assert list(tmp_path.iterdir()) == [path]


def test_notebooks_made_by_nbgrader_are_not_looked_at(tmp_path: Path):
    for folder in ("source", "release", "autograded", ".ipynb_checkpoints"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "a.ipynb").touch()
    assert list(find_notebooks(tmp_path)) == [tmp_path / "source" / "a.ipynb"]
