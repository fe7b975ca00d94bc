"""What is true of lecture 2, *From linear models to networks*, alone."""

import re

import pytest
from nbclient.exceptions import CellExecutionError
from nbformat.v4 import new_code_cell
from running import PROJECT_ROOT, execute, executed, read, text_of

LECTURE = PROJECT_ROOT / "notebooks" / "02_linear_models_to_networks.ipynb"


def said_by(run, cell_id: str) -> str:
    return "\n".join(text_of(output) for output in run.outputs_of(cell_id))


@executed
def test_depth_without_bends_guesses_and_one_bent_layer_does_not(run_of):
    said = said_by(run_of(LECTURE, "paintings"), "puzzle-said")
    right = [float(number) for number in re.findall(r"\*\*(\d\.\d\d)\*\*", said)]
    parameters = re.findall(r"\(([\d,]+) parameters\)", said)
    assert parameters == ["3", "20,601", "33"]
    assert right[0] < 0.6 and right[1] < 0.6 and right[2] > 0.95


@executed
def test_sgd_recovers_the_weights_that_made_the_data(run_of):
    said = said_by(run_of(LECTURE, "paintings"), "weights-recovered")
    steps = int(re.search(r"After \*\*(\d+) steps\*\*", said)[1])
    assert 1 < steps < 100
    rows = re.findall(r"(?:weight|intercept)\s+(-?[\d.]+)\s+(-?[\d.]+)", said)
    assert len(rows) == 3
    for hidden, found in rows:
        assert float(found) == pytest.approx(float(hidden), abs=0.05)


@executed
def test_lecture_2_stops_when_the_deep_network_is_more_than_one_layer(painted_data, tmp_path):
    notebook = read(LECTURE)
    at = next(i for i, cell in enumerate(notebook.cells) if cell.id == "merged")
    said = next(i for i, cell in enumerate(notebook.cells) if cell.id == "puzzle-said")
    bent = "b = MLPClassifier((20, 20), activation='relu', **solver).fit(X, y)"
    notebook.cells = [*notebook.cells[: said + 1], new_code_cell(bent), notebook.cells[at]]
    with pytest.raises(CellExecutionError, match="AssertionError"):
        execute(notebook, painted_data, tmp_path)
