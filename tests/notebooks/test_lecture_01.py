"""What is true of lecture 1, *Multi-class strategies*, alone."""

import re

import pytest
from nbclient.exceptions import CellExecutionError
from nbformat.v4 import new_code_cell
from running import PROJECT_ROOT, execute, executed, read, text_of

LECTURE = PROJECT_ROOT / "notebooks" / "01_multiclass_strategies.ipynb"
WIDGET = "application/vnd.jupyter.widget-view+json"


@executed
def test_a_model_that_says_yes_to_nobody_wins_its_group(run_of):
    said = run_of(LECTURE, "paintings").said()
    assert "says yes for **0 of 300** points" in said
    assert "**287 of 300** points are put in their own group" in said


@executed
def test_of_twenty_classes_in_the_plane_half_the_models_never_say_yes(run_of):
    said = run_of(LECTURE, "paintings").said()
    assert re.search(r"\*\*(9|10|11) of the 20 models never say yes\*\*", said)


@executed
def test_it_says_the_same_whatever_pictures_are_here(run_of):
    one, other = (run_of(LECTURE, world) for world in ("photographs", "paintings"))
    for cell in ("row-result", "proba-said", "tie-find", "twenty-silent"):
        assert text_of(one.outputs_of(cell)[0]) == text_of(other.outputs_of(cell)[0]), cell


@executed
@pytest.mark.parametrize("cell", ["play-star", "play-row"])
def test_a_cell_to_play_with_also_shows_a_picture(run_of, cell):
    (shown,) = run_of(LECTURE, "paintings").outputs_of(cell)
    assert WIDGET in shown.data
    assert "image/png" in shown.data


@executed
@pytest.mark.parametrize(
    ("claim", "spoiled"),
    [
        ("row-result", "y_row = np.random.default_rng(0).permutation(y_row)"),
        ("blobs-claims", "stars = stars[:1]"),
        ("row-shrink", "def row_with(middle): return X_row, y_row"),
    ],
)
def test_lecture_1_stops_where_its_claim_is_no_longer_true(claim, spoiled, painted_data, tmp_path):
    notebook = read(LECTURE)
    place = next(i for i, cell in enumerate(notebook.cells) if cell.id == claim)
    notebook.cells = notebook.cells[: place + 1]
    source = notebook.cells[place].source
    # row_with is defined in the very cell that claims something of it
    source = source.replace("\n\nrows = []", f"\n\n{spoiled}\n\nrows = []", 1)
    notebook.cells[place].source = source
    notebook.cells.insert(place, new_code_cell(spoiled))
    with pytest.raises(CellExecutionError, match="AssertionError"):
        execute(notebook, painted_data, tmp_path)
