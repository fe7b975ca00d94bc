"""What is true of lecture 3, *Pictures as numbers*, alone."""

import re

import pytest
from nbclient.exceptions import CellExecutionError
from nbformat.v4 import new_code_cell
from running import PROJECT_ROOT, Run, execute, executed, in_each_world, read, text_of

PICTURES_AS_NUMBERS = PROJECT_ROOT / "notebooks" / "03_pictures_as_numbers.ipynb"

# A collection in CIFAR's place, with a test split and other numbers than the animals have.
WITH_CIFAR = """
import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from course_utils import wilson_interval
from course_utils.datasets import Dataset

def new_classifier():
    return make_pipeline(StandardScaler(), LogisticRegression(max_iter=2000))

def load_dataset(name, real=load_dataset):
    assert name == "cifar4"
    faces = real("animal_faces")
    splits = {"train": faces["train"], "test": faces["valid"][::2]}
    return Dataset("cifar4", splits, "photographs", "", "", "")
"""


def cell_says(run: Run, cell_id: str) -> str:
    return "\n".join(map(text_of, run.outputs_of(cell_id)))


def numbers(pattern: str, said: str) -> list[float]:
    found = re.search(pattern, said)
    assert found, f"{pattern!r} is no longer said: {said}"
    return [float(number) for number in found.groups()]


@executed
@in_each_world
def test_shuffling_all_pixels_changes_no_prediction(world, run_of):
    said = cell_says(run_of(PICTURES_AS_NUMBERS, world), "puzzle-answer")
    in_order, shuffled, same = numbers(
        r"were: (\d+) of 150 right\. Shuffled: (\d+) of 150 right.*\n?.*150 predictions, (\d+)",
        said,
    )
    assert same >= 148
    assert abs(in_order - shuffled) <= 2
    if world == "photographs":
        assert 97 <= in_order <= 103


@executed
@in_each_world
def test_64_dots_do_as_well_as_40000_pixels(world, run_of):
    said = cell_says(run_of(PICTURES_AS_NUMBERS, world), "shrink-said")
    dots, pixels = numbers(r"dots (\d+) of 150 right, with 200 x 200 pixels (\d+)", said)
    assert abs(dots - pixels) <= 9


@executed
@in_each_world
def test_a_step_to_the_side_takes_training_pictures_below_guessing(world, run_of):
    said = cell_says(run_of(PICTURES_AS_NUMBERS, world), "shift-said")
    by_5, by_40 = numbers(r"moved by 5: ([\d.]+\d),.*By 40: ([\d.]+\d), below", said)
    assert by_5 > 0.85
    assert by_40 < 1 / 3


@executed
@in_each_world
def test_deep_features_do_not_mind_the_same_step(world, run_of):
    said = cell_says(run_of(PICTURES_AS_NUMBERS, world), "bridge-said")
    pixels, features = numbers(r"by 40: ([\d.]+\d) with pixels, \*\*([\d.]+\d)\*\* with deep", said)
    assert features > 0.95 > pixels


@executed
@in_each_world
def test_random_labels_are_learned_by_heart_and_teach_nothing(world, run_of):
    said = cell_says(run_of(PICTURES_AS_NUMBERS, world), "random-labels")
    in_training, on_new = numbers(r"\*\*([\d.]+\d) in training\*\*, and ([\d.]+\d) on new", said)
    assert in_training == 1
    assert abs(on_new - 1 / 3) < 0.08


@executed
@in_each_world
def test_the_cell_to_play_with_offers_sliders_and_a_picture_on_which_the_model_errs(world, run_of):
    (shown,) = run_of(PICTURES_AS_NUMBERS, world).outputs_of("play")
    assert {"application/vnd.jupyter.widget-view+json", "image/png"} <= set(shown.data)
    words = shown.metadata["image/png"]["alt"]
    probability = {name: float(p) for name, p in re.findall(r"(cat|dog|wild) ([\d.]+)", words)}
    assert words.startswith("A cat, moved 20 pixels to the right")
    assert max(probability, key=probability.__getitem__) != "cat"


@executed
def test_without_cifar_the_lecture_says_whose_small_pictures_these_are(run_of):
    said = cell_says(run_of(PICTURES_AS_NUMBERS, "paintings"), "small-load")
    assert "These are paintings, as before, shrunk" in said


@executed
def test_where_cifar_is_here_the_lecture_takes_it_and_judges_by_its_test_pictures(
    painted_data, tmp_path
):
    notebook = read(PICTURES_AS_NUMBERS)
    cells = {cell.id: cell for cell in notebook.cells if cell.cell_type == "code"}
    small = [cell for name, cell in cells.items() if name.startswith("small-")]
    notebook.cells = [cells["load-data"], new_code_cell(WITH_CIFAR), *small]
    run = execute(notebook, painted_data, tmp_path)
    said = cell_says(run, "small-load")
    assert "These are CIFAR-10 pictures" in said
    assert "150 to train, 75 new ones" in said
    assert "All 75:" in cell_says(run, "small-said")


@executed
def test_lecture_3_stops_when_every_picture_is_shuffled_in_its_own_way(painted_data, tmp_path):
    notebook = read(PICTURES_AS_NUMBERS)
    answer = next(i for i, cell in enumerate(notebook.cells) if cell.id == "puzzle-answer")
    each_its_own = "shuffled_train = rng.permuted(pixels_train, axis=1)"
    notebook.cells = notebook.cells[: answer + 1]
    notebook.cells.insert(answer, new_code_cell(each_its_own))
    with pytest.raises(CellExecutionError, match="AssertionError"):
        execute(notebook, painted_data, tmp_path)
