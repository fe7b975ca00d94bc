"""What is true of lecture 5, *Deep features*, alone."""

import re

import pytest
from nbclient.exceptions import CellExecutionError
from nbformat.v4 import new_code_cell
from running import PROJECT_ROOT, Run, execute, executed, in_each_world, read

LECTURE = PROJECT_ROOT / "notebooks" / "05_deep_features.ipynb"


def right_answers(run: Run) -> tuple[int, int]:
    """Give how many of 150 pixels and features got right, in the lecture's own words."""
    said = re.search(r"Pixels: (\d+) of 150 right\. Deep features: (\d+) of 150 right", run.said())
    assert said, "lecture 5 no longer says how many of 150 were right"
    return int(said[1]), int(said[2])


@executed
def test_on_photographs_lecture_5_finds_what_is_known_about_them(run_of):
    run = run_of(LECTURE, "photographs")
    pixels, features = right_answers(run)
    assert 97 <= pixels <= 103
    assert features == 131
    assert "19 of the 19 mistakes are wild animals" in run.said()


@executed
def test_on_paintings_lecture_5_finds_the_same_gap(run_of):
    run = run_of(LECTURE, "paintings")
    pixels, features = right_answers(run)
    assert features - pixels >= 15
    said = re.search(r"(\d+) of the (\d+) mistakes are wild animals", run.said())
    assert said, "lecture 5 no longer says whose the mistakes are"
    assert int(said[1]) >= 0.8 * int(said[2])


@executed
@in_each_world
def test_lecture_5_measures_in_the_features_what_its_map_only_shows(world, run_of):
    run = run_of(LECTURE, world)
    assert "*cat* **50**; *dog* **50**; *wild* **31 + 19**" in run.said()
    assert "19 mistakes lie" in run.said() or "20 mistakes lie" in run.said()


@executed
def test_lecture_5_shows_a_sign_of_life_while_it_tries_layers(run_of):
    (progress,) = run_of(LECTURE, "paintings").outputs_of("layers-scores")
    assert "layers" in progress.data["text/plain"]


def test_lecture_5_comes_to_its_first_idea_without_a_page_of_imports():
    cells = read(LECTURE).cells
    first_idea = next(i for i, cell in enumerate(cells) if cell.id == "first-question")
    code = "\n".join(cell.source for cell in cells[:first_idea] if cell.cell_type == "code")
    assert len([line for line in code.splitlines() if line]) <= 10


@executed
def test_lecture_5_classifies_every_sample_photograph(run_of):
    from course_utils import load_dataset

    run = run_of(LECTURE, "paintings")
    table = run.outputs_of("classify-all")[0].data["text/html"]
    for subject in load_dataset("sample_photos")["all"].class_names:
        assert f">{subject}</th>" in table
    for subject, right in [("cat", "tiger cat"), ("coffee", "espresso"), ("rocket", "missile")]:
        row = re.search(rf">{subject}</th>.*?</tr>", table, flags=re.DOTALL)
        assert right in row[0]


@executed
def test_lecture_5_stops_when_features_are_no_better_than_pixels(painted_data, tmp_path):
    notebook = read(LECTURE)
    claim = next(i for i, cell in enumerate(notebook.cells) if cell.id == "first-result-said")
    notebook.cells = notebook.cells[: claim + 1]
    notebook.cells.insert(claim, new_code_cell("feature_model.fit(0 * train.X, train.y)"))
    with pytest.raises(CellExecutionError, match="AssertionError"):
        execute(notebook, painted_data, tmp_path)
