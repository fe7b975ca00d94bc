"""The list of lectures says what the notebooks say, and names what one forgot to say."""

import dataclasses
import doctest
import json

import pytest

from course_utils import lectures
from course_utils.lectures import lecture_table, list_lectures, list_templates, read_lecture

FIRST = """# 3 · Pictures as numbers

> A perfect score in training.
> A poor one on new pictures.

**After this lecture you can**

- flatten a [picture](../book/glossary.md#term-picture), or not;
- say *why*.

**You need** nothing.

**Time** about 40 minutes to read and try; seconds to run.
"""


@pytest.fixture
def write(tmp_path):
    def write(text, name="03_pictures.ipynb"):
        path = tmp_path / name
        cell = {"cell_type": "markdown", "metadata": {}, "source": text.splitlines(keepends=True)}
        path.write_text(json.dumps({"cells": [cell], "nbformat": 4}), encoding="utf-8")
        return path

    return write


def test_a_lecture_is_read_from_its_first_cell(write):
    path = write(FIRST)
    assert dataclasses.asdict(read_lecture(path)) == {
        "path": path,
        "number": 3,
        "title": "Pictures as numbers",
        "promise": "A perfect score in training. A poor one on new pictures.",
        "objectives": ("flatten a picture, or not", "say *why*"),
        "time": "about 40 minutes",
        "is_template": False,
    }


@pytest.mark.parametrize(
    ("lost", "message"),
    [
        ("# 3 · ", "the first cell has no title"),
        ("> ", "no sentence below the title"),
        ("- ", "no list below '[*][*]After this lecture you can"),
        ("**Time** ", "no '[*][*]Time"),
    ],
)
def test_what_the_first_cell_lacks_is_named_with_the_file(write, lost, message):
    with pytest.raises(ValueError, match=rf"03_pictures\.ipynb: .*{message}"):
        read_lecture(write(FIRST.replace(lost, "")))


@pytest.mark.parametrize("content", ["", "[]", '{"cells": []}', '{"cells": [{}]}'])
def test_a_file_that_is_no_notebook_is_named(tmp_path, content):
    path = tmp_path / "01_broken.ipynb"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ValueError, match=r"01_broken\.ipynb is no notebook"):
        list_lectures(tmp_path)


def test_lectures_come_in_order_without_the_start_page_and_a_learners_own(write, tmp_path):
    write(FIRST)
    write(FIRST.replace("3 · ", "1 · "), "01_first.ipynb")
    write("# Start here", "00_start_here.ipynb")
    write("my notes", "notes.ipynb")
    assert [lecture.number for lecture in list_lectures(tmp_path)] == [1, 3]


def test_a_lecture_that_calls_itself_by_another_number_is_refused(write, tmp_path):
    write(FIRST, "04_pictures.ipynb")
    with pytest.raises(ValueError, match=r"04_pictures\.ipynb calls itself lecture 3"):
        list_lectures(tmp_path)


def test_the_table_has_a_row_a_lecture_with_a_link_and_no_stray_column(write):
    lecture = read_lecture(write(FIRST.replace("say *why*", "say a|b")))
    *_, row = lecture_table([lecture], folder="notebooks").splitlines()
    assert row == (
        "| 3 | [Pictures as numbers](notebooks/03_pictures.ipynb) | about 40 minutes "
        r"| flatten a picture, or not; say a\|b |"
    )
    assert "](03_pictures.ipynb)" in lecture_table([lecture])


def test_a_template_is_listed_apart_from_the_lectures(write, tmp_path):
    write(FIRST)
    own = FIRST.replace("3 · ", "9 · ").replace(
        "After this lecture you can", "In this template you"
    )
    write(own, "09_own.ipynb")
    assert [lecture.number for lecture in list_lectures(tmp_path)] == [3]
    assert [template.number for template in list_templates(tmp_path)] == [9]
    head, _, row = lecture_table(list_templates(tmp_path)).splitlines()
    assert head == "| | template | time | in it you |"
    assert "](09_own.ipynb)" in row


def test_every_lecture_of_the_course_can_be_listed(project_root):
    there = {path.name for path in (project_root / "notebooks").glob("0[1-9]_*.ipynb")}
    notebooks = project_root / "notebooks"
    listed = list_lectures(notebooks) + list_templates(notebooks)
    assert {lecture.path.name for lecture in listed} == there
    assert all(len(lecture.objectives) >= 3 for lecture in listed)


def test_docstring_examples_hold(project_root, monkeypatch):
    monkeypatch.chdir(project_root)
    results = doctest.testmod(lectures)
    assert results.attempted > 0
    assert results.failed == 0
