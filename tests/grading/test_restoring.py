"""Of a submission, the text of its answers counts, and nothing else."""

import json

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st

from course_utils.grading.restoring import UnreadableError, grade_id, read_notebook, restore

from .tiny import RELEASED_TEST, RIGHT, TEST, exam, notebook, settings

CELLS = exam().cells


def cells_of(made):
    return read_notebook(json.dumps(made).encode())


def test_an_untouched_submission_has_no_oddities():
    restored, oddities = restore(cells_of(notebook(RIGHT)), CELLS)
    assert oddities == []
    assert [cell["source"] for cell in restored["cells"]] == [RIGHT, TEST]


def test_what_is_restored_is_a_notebook_for_nbformat_and_for_nbgrader():
    from nbgrader.nbgraderformat import MetadataValidator

    restored, _ = restore(cells_of(notebook(RIGHT, after="1")), CELLS)
    made = nbformat.from_dict(restored)
    nbformat.validate(made)
    MetadataValidator().validate_nb(made)


@pytest.mark.parametrize(
    ("edit", "says"),
    [
        (lambda cells: cells.pop(1), "cell test was missing"),
        (lambda cells: cells.pop(0), "cell answer was missing"),
        (lambda cells: cells[1].update(source="pass"), "the locked cell test was changed"),
        (lambda cells: cells[1].update(cell_type="raw"), "cell test was made a raw cell"),
        (lambda cells: cells.append(dict(cells[1])), "cell test is there more than once"),
    ],
)
def test_every_change_of_an_instructors_cell_is_put_right_and_named(edit, says):
    made = json.loads(json.dumps(notebook(RIGHT)))
    edit(made["cells"])
    restored, oddities = restore(cells_of(made), CELLS)
    assert says in oddities
    known = {grade_id(cell): cell for cell in restored["cells"] if grade_id(cell)}
    assert known["test"]["source"] == TEST
    assert known["test"]["cell_type"] == "code"
    assert known["test"]["metadata"]["nbgrader"]["points"] == 5


def test_tags_outputs_and_settings_of_the_submission_are_gone():
    made = notebook(RIGHT)
    for cell in made.cells:
        cell.metadata.update(tags=["skip-execution"], editable=True)
        cell.outputs = [nbformat.v4.new_output("stream", text="5.0")]
    made.cells[1].metadata.nbgrader.update(points=99, schema_version=77)
    restored, _ = restore(cells_of(made), CELLS)
    for cell in restored["cells"]:
        assert cell["outputs"] == []
        assert set(cell["metadata"]) == {"nbgrader"}
    assert restored["cells"][1]["metadata"]["nbgrader"]["schema_version"] == 3


def test_the_last_of_two_answers_counts_as_in_nbgrader():
    made = notebook("first")
    again = nbformat.v4.new_code_cell("last", metadata={"nbgrader": settings("answer", False)})
    made.cells.insert(1, again)
    restored, _ = restore(cells_of(made), CELLS)
    answers = [cell for cell in restored["cells"] if grade_id(cell) == "answer"]
    assert [cell["source"] for cell in answers] == ["last"]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "not JSON"),
        (b"\xff\xfe{", "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b"[1]", "not a notebook"),
        (b'{"nbformat": 5, "cells": []}', "not a notebook of version"),
        (b'{"nbformat": 4}', "without cells"),
        (b'{"nbformat": 4, "cells": 3}', "without cells"),
        (json.dumps({"nbformat": 4, "cells": [{}] * 3000}).encode(), "too many"),
    ],
)
def test_what_is_no_notebook_is_refused_in_words(content, says):
    with pytest.raises(UnreadableError, match=says):
        read_notebook(content)


def test_a_notebook_of_version_3_is_read():
    old = {"nbformat": 3, "worksheets": [{"cells": [{"cell_type": "code", "input": "x = 1"}]}]}
    assert read_notebook(json.dumps(old).encode())[0]["source"] == "x = 1"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=10,
)
CELL = st.fixed_dictionaries(
    {},
    optional={
        "cell_type": st.sampled_from(["code", "markdown", "raw", "heading"]) | JSON,
        "source": st.text() | st.lists(st.text()) | JSON,
        "metadata": st.fixed_dictionaries(
            {},
            optional={
                "nbgrader": st.fixed_dictionaries(
                    {}, optional={"grade_id": st.sampled_from(["answer", "test"]) | JSON}
                )
                | JSON
            },
        )
        | JSON,
    },
)


@given(st.lists(CELL | JSON, max_size=6))
def test_any_cells_at_all_give_a_valid_notebook_with_the_instructors_tests(cells):
    content = json.dumps({"nbformat": 4, "cells": cells}).encode()
    restored, _ = restore(read_notebook(content), CELLS)
    nbformat.validate(nbformat.from_dict(restored))
    tests = [cell for cell in restored["cells"] if grade_id(cell) == "test"]
    assert [cell["source"] for cell in tests] == [TEST]
    assert RELEASED_TEST not in [cell["source"] for cell in tests]


def test_cells_keep_ids_that_are_some_and_get_others_in_their_place():
    names = ["count-hints", "count-hints", "<b>", "cell-7", None, 3]
    cells = [{"cell_type": "markdown", "source": "", "metadata": {}, "id": name} for name in names]
    restored, _ = restore(cells_of({"nbformat": 4, "cells": cells}), CELLS)
    found = [cell["id"] for cell in restored["cells"]]
    assert "count-hints" in found
    assert len(set(found)) == len(found) == len(names) + len(CELLS)
    made = nbformat.from_dict(restored)
    nbformat.validate(made)


def test_the_same_oddity_is_said_once():
    made = json.loads(json.dumps(notebook(RIGHT)))
    made["cells"] += [made["cells"][1]] * 500
    _, oddities = restore(cells_of(made), CELLS)
    assert oddities == ["cell test is there more than once"]
