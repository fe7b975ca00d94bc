"""What is true of lecture 4, *Pretrained networks out of the box*, alone."""

import re

import pytest
from nbclient.exceptions import CellExecutionError
from nbformat.v4 import new_code_cell
from running import PROJECT_ROOT, execute, executed, read, text_of

LECTURE = PROJECT_ROOT / "notebooks" / "04_pretrained_networks.ipynb"


def said_by(run, cell_id: str) -> str:
    return "\n".join(text_of(output) for output in run.outputs_of(cell_id))


@executed
@pytest.mark.parametrize(
    ("world", "learned", "named"), [("photographs", 131, 146), ("paintings", 130, 141)]
)
def test_names_without_labels_beat_labels_without_names(run_of, world, learned, named):
    said = said_by(run_of(LECTURE, world), "puzzle-said")
    found = re.search(r"labels: (\d+) of 150 right\. Without any: (\d+) of 150 right", said)
    assert int(found[1]) == pytest.approx(learned, abs=2)
    assert int(found[2]) == pytest.approx(named, abs=2)


@executed
@pytest.mark.parametrize("world", ["photographs", "paintings"])
def test_shrunken_pictures_make_the_network_surer_and_change_its_mind(run_of, world):
    said = said_by(run_of(LECTURE, world), "wrong-preprocessing-said")
    changed = int(re.search(r"64 by 64 changes (\d+)%", said)[1])
    before, after = re.search(r"rises from (\d\.\d+) to (\d\.\d+)", said).groups()
    assert changed > 50 and float(after) > float(before) + 0.3


@executed
@pytest.mark.parametrize("world", ["photographs", "paintings"])
def test_single_pictures_without_a_class_get_more_than_a_typical_animal(run_of, world):
    said = said_by(run_of(LECTURE, world), "confidence-said")
    assert int(re.search(r"\*\*(\d+) of 192 patches", said)[1]) >= 5


@executed
def test_no_engine_steps_back_in_front_of_the_reader(run_of):
    for world in ("photographs", "paintings"):
        assert "disagrees with plain float32" not in run_of(LECTURE, world).said()


@executed
def test_lecture_4_stops_when_names_are_no_better_than_labels(painted_data, tmp_path):
    notebook = read(LECTURE)
    at = next(i for i, cell in enumerate(notebook.cells) if cell.id == "puzzle-said")
    notebook.cells = notebook.cells[: at + 1]
    spoil = "valid.X[:, [network.class_names.index('Egyptian cat')]] += 1"
    notebook.cells.insert(at, new_code_cell(spoil))
    with pytest.raises(CellExecutionError, match="AssertionError"):
        execute(notebook, painted_data, tmp_path)
