"""The pictures of assignment 6, and the features that its notebook and its grading use for them."""

import importlib
import sys

import numpy as np
import pytest
from PIL import Image
from sklearn.linear_model import LogisticRegression

from course_utils import extract_features, load_dataset
from course_utils.datasets.registry import DATA_SETS
from data_scripts.door_features import coordinates
from data_scripts.painting.cameras import CAMERAS, seen_by
from data_scripts.painting.doors import CLASSES, camera_of, paint_doors

RECIPE = DATA_SETS["barn_doors"].recipe
SEED, N_NEW = RECIPE["seed"], RECIPE["n_valid"]


@pytest.fixture(scope="module")
def released(project_root):
    """Import what stands beside the notebook."""
    folder = project_root / "notebooks" / "assignments" / "source" / "a6_predictions"
    sys.path.insert(0, str(folder))
    yield importlib.import_module
    sys.path.remove(str(folder))


def cameras_of_new_pictures():
    return np.array([camera_of(SEED, "valid", c, i) for c in CLASSES for i in range(N_NEW)])


def test_each_camera_sees_as_many_pictures_of_each_class_and_training_has_one():
    for label in CLASSES:
        seen = [camera_of(SEED, "valid", label, i) for i in range(N_NEW)]
        assert {seen.count(camera) for camera in CAMERAS} == {N_NEW // len(CAMERAS)}
        assert seen != [camera_of(SEED + 1, "valid", label, i) for i in range(N_NEW)]
        assert {camera_of(SEED, "train", label, i) for i in range(9)} == {"in order"}


def test_cameras_change_a_picture_as_their_names_say():
    pixels = np.zeros((50, 50, 3), dtype=np.uint8)
    pixels[10, 5] = (255, 0, 0)
    picture = Image.fromarray(pixels)
    seen = {camera: np.asarray(seen_by(camera, picture)) for camera in CAMERAS}
    assert np.array_equal(seen["in order"], pixels)
    assert (seen["without colour"] == seen["without colour"][:, :, :1]).all()
    assert seen["behind a leaf"][10, 5].tolist() == [140, 0, 0]
    row, column = np.unravel_index(seen["head down"][:, :, 0].argmax(), (50, 50))
    assert row > 35 and column > 40
    with pytest.raises(ValueError, match=r"'broken'.*head down"):
        seen_by("broken", picture)


def test_a_painted_set_is_the_same_again_and_its_names_betray_no_camera(tmp_path):
    for folder in ("one", "two"):
        numbers = {"n_train": 1, "n_valid": 4, "seed": 3, "size": 40}
        paint_doors(tmp_path / folder, **numbers, progress=False)
    files = [sorted((tmp_path / folder).rglob("*.jpg")) for folder in ("one", "two")]
    assert [a.read_bytes() for a in files[0]] == [b.read_bytes() for b in files[1]]
    assert {f.name for f in files[0]} == {f"{c}_00{i}.jpg" for c in CLASSES for i in range(4)}


def test_the_group_that_learners_look_for_is_the_foxes_of_the_camera_that_hangs_head_down(released):
    rows = np.flatnonzero(cameras_of_new_pictures() == "head down")
    group = released("a6_hidden_programs").GROUP
    assert group == [row for row in rows.tolist() if row >= 2 * N_NEW]
    assert list(released("a6_checks").FOXES) == list(range(2 * N_NEW, 3 * N_NEW))


def test_mistakes_are_those_of_one_camera_and_other_oddities_are_harmless(released):
    pictures = released("a6_pictures")
    model = LogisticRegression(max_iter=2000).fit(*pictures.training_pictures())
    X, y = pictures.new_pictures()
    right, camera = model.predict(X) == y, cameras_of_new_pictures()
    fox = y == CLASSES.index("fox")
    assert right[(camera == "head down") & fox].mean() < 0.2
    for other in set(CAMERAS) - {"head down"}:
        assert right[camera == other].mean() > 0.95
    surest = np.argsort(np.where(right, 0, -model.predict_proba(X).max(axis=1)))[:12]
    assert (camera[surest] == "head down").sum() >= 10


def test_labels_that_are_chosen_well_are_worth_far_more_points_than_random_ones(released):
    test = released("a6_hidden").check.__self__.tests["teach"]
    rng, group = np.random.default_rng(0), released("a6_hidden_programs").GROUP

    def points(rows):
        try:
            test.run(rows)
        except AssertionError as error:
            return getattr(error, "points", 0)
        return 4

    draws = 25
    random = [points(rng.choice(3 * N_NEW, 3, replace=False).tolist()) for _ in range(draws)]
    chosen = [points(rng.choice(group, 3, replace=False).tolist()) for _ in range(draws)]
    assert np.mean(chosen) > 3.6
    assert np.mean(random) < 1.8 and np.median(random) < 0.5


def test_the_coordinates_keep_all_products_with_what_was_learned():
    rng = np.random.default_rng(0)
    known, others = rng.normal(size=(6, 40)), rng.normal(size=(9, 40))
    origin, directions = coordinates(known, others, numbers=10)
    assert np.allclose(directions @ directions.T, np.eye(10))
    written = [(table - origin) @ directions.T for table in (known, others)]
    exact = (others - origin) @ (known - origin).T
    assert np.allclose(written[1] @ written[0].T, exact)


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_the_features_are_those_of_the_pictures(released):
    pictures, doors = released("a6_pictures"), load_dataset("barn_doors")
    train, new = (extract_features(part, precision="fp32").X for part in doors.values())
    predicted = LogisticRegression(max_iter=2000).fit(train, doors.train.y).predict(new)
    model = LogisticRegression(max_iter=2000).fit(*pictures.training_pictures())
    X, y = pictures.new_pictures()
    assert (y == doors.valid.y).all()
    assert (model.predict(X) == predicted).mean() > 0.97
    table = pictures.training_pictures()[0]
    ours, theirs = table @ table.T, (train - train.mean(0)) @ (train - train.mean(0)).T
    assert np.corrcoef(ours.ravel(), theirs.ravel())[0, 1] > 0.999
