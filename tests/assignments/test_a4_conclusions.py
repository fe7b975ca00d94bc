"""What assignment 4 asks its learners to find is there, on photographs and on paintings."""

import numpy as np
import pandas as pd
import pytest
from harness import reference_names
from PIL import Image

from course_utils import extract_features, load_backbone, load_dataset
from data_scripts.painting import paint_animal
from data_scripts.painting.dataset import kind_of

pytestmark = pytest.mark.notebook
CLASSES = ("cat", "dog", "wild")
EACH = 12  # pictures of a class


@pytest.fixture(scope="module")
def learned():
    """Give the names of the notebook in which the reference has answered everything."""
    return reference_names("a4_pretrained")


def probabilities(pictures):
    network = load_backbone("efficientnet_lite0")
    return extract_features(
        pictures, backbone=network, layer="probabilities", precision="fp32", progress=False
    ).X


def photographs():
    faces = load_dataset("animal_faces").valid
    if faces.origin == "painted":
        pytest.skip("there are no photographs here")
    return [faces[int(i)] for c in CLASSES for i in np.flatnonzero(faces.targets == c)[:EACH]]


def paintings():
    return [
        paint_animal(kind_of(0, "valid", label, i), np.random.default_rng([0, 1, number, i]))
        for number, label in enumerate(CLASSES)
        for i in range(EACH)
    ]


@pytest.fixture(scope="module")
def of_night():
    import a4_garden

    return probabilities([Image.fromarray(shot) for shot in a4_garden.empty_garden().values()])


def groups(learned):
    return [learned["group_of"](name) for name in learned["names"]]


def test_her_program_is_sure_of_a_dog_in_every_picture_of_the_empty_garden(learned, of_night):
    found = learned["cat_or_dog"](learned["add_up"](of_night, groups(learned)))
    assert (found["says"] == "dog").all()
    assert found["sure"].min() >= 0.9
    assert 0.1 < (found["sure"] >= 0.97).mean() < 0.9  # another threshold does not help


def test_the_network_names_no_dog_there(learned, of_night):
    first = np.argsort(-of_night, axis=1)[:, :3]
    assert {groups(learned)[i] for i in first.ravel()} == {"other"}


def test_no_idea_at_all_is_a_dog_by_the_number_of_names(learned):
    nothing = np.full((1, 1000), 1 / 1000)
    found = learned["cat_or_dog"](learned["add_up"](nothing, groups(learned)))
    expected = pd.DataFrame({"says": ["dog"], "sure": [118 / (118 + 5)]})
    pd.testing.assert_frame_equal(found, expected)


@pytest.mark.parametrize("world", [photographs, paintings])
def test_the_sum_of_cats_and_dogs_gives_away_what_the_other_two_do_not(world, learned, of_night):
    of_animals = probabilities(world())
    kinds = {
        name: (learned["add_up"](rows, groups(learned)), rows.max(axis=1))
        for name, rows in {
            "pets": of_animals[: 2 * EACH],
            "wild": of_animals[2 * EACH :],
            "empty": of_night,
        }.items()
    }
    both = {name: (sums["cat"] + sums["dog"]).to_numpy() for name, (sums, _) in kinds.items()}
    share = {
        name: learned["cat_or_dog"](sums)["sure"].to_numpy() for name, (sums, _) in kinds.items()
    }
    highest = {name: largest for name, (_, largest) in kinds.items()}
    for others in ("empty", "wild"):
        assert learned["surer"](both["pets"], both[others]) > 0.9
    assert learned["surer"](share["pets"], share["empty"]) < 0.9
    assert learned["surer"](highest["pets"], highest["wild"]) < 0.7
    assert np.mean(both["pets"] >= 0.3) > 0.6
    assert np.mean(both["wild"] >= 0.3) < 0.1
    assert np.mean(both["empty"] >= 0.3) == 0


def test_the_names_that_examples_are_held_against_are_the_networks(learned):
    import a4_hidden_programs

    assert learned["names"] == a4_hidden_programs.NAMES
