"""Data sets by name."""

import copy
import doctest
import importlib
import shutil

import pytest

from course_utils import (
    BadImageError,
    data_directory,
    describe_datasets,
    flatten_images,
    list_datasets,
    load_dataset,
)
from course_utils.datasets import loading
from data_scripts.commands import fetch
from data_scripts.network import Place


def test_an_unknown_name_lists_the_ones_that_exist(tmp_path):
    with pytest.raises(ValueError, match=r"no data set 'cats'.*animal_faces.*textures"):
        load_dataset("cats", data_dir=tmp_path)
    assert "sample_photos" in list_datasets()


@pytest.mark.parametrize("name", ["animal_face", "Animal_Faces", "animalfaces"])
def test_a_name_that_is_nearly_right_gets_the_right_one(name, tmp_path):
    with pytest.raises(ValueError, match="did you mean 'animal_faces'\\?"):
        load_dataset(name, data_dir=tmp_path)


def test_the_data_directory_is_the_variable_or_in_the_project(monkeypatch, project_root, tmp_path):
    monkeypatch.delenv("COURSE_DATA", raising=False)
    assert data_directory() == project_root / "data"
    monkeypatch.setenv("COURSE_DATA", "elsewhere")
    assert data_directory() == project_root / "elsewhere"
    monkeypatch.setenv("COURSE_DATA", str(tmp_path))
    assert data_directory() == tmp_path


def test_textures_are_cut_from_disjoint_halves(tmp_path):
    data = load_dataset("textures", data_dir=tmp_path)
    assert data.train.class_counts() == {"brick": 32, "grass": 32, "gravel": 32}
    columns = {
        split: {int(path.stem.split("_")[2]) for path in data[split].paths} for split in data
    }
    assert max(columns["train"]) + 64 <= min(columns["valid"])
    pixels = [image.tobytes() for split in data.values() for image in split]
    assert len(set(pixels)) == 192


def test_sample_photos_need_nothing_but_the_installed_packages(tmp_path):
    photos = load_dataset("sample_photos", data_dir=tmp_path).all
    assert {"cat", "coffee", "rocket", "flower", "temple"} <= set(photos.class_names)
    assert all(image.mode == "RGB" for image in photos)
    assert list(tmp_path.iterdir()) == []


def test_a_data_set_that_must_be_fetched_gives_the_command(tmp_path):
    with pytest.raises(FileNotFoundError, match="data_scripts fetch test_images"):
        load_dataset("test_images", data_dir=tmp_path)


def test_splits_are_reached_by_name_and_by_attribute(tmp_path):
    data = load_dataset("textures", data_dir=tmp_path)
    assert list(data) == ["train", "valid"] and data.train is data["train"]
    assert copy.deepcopy(data).train.paths == data.train.paths
    assert {"train", "valid", "sample", "class_names"} <= set(dir(data))
    with pytest.raises(KeyError, match="only train, valid"):
        data["test"]
    with pytest.raises(AttributeError, match="train, valid"):
        _ = data.test
    assert "photographs" in repr(data) and "CC0" in repr(data)


def test_a_sample_of_fewer_than_no_pictures_is_refused(tmp_path):
    with pytest.raises(ValueError, match="0 or more; got -1"):
        load_dataset("textures", data_dir=tmp_path).sample(-1, seed=0)


def test_the_table_says_what_is_here_and_what_it_would_be_loaded_as(tmp_path):
    table = describe_datasets(data_dir=tmp_path).set_index("name")
    assert list(table.index) == list_datasets()
    assert table["loads as"].to_dict() == {
        "animal_faces": "painted",
        "test_images": "",
        "campus_images": "",
        "cifar4": "",
        "dogs_vs_cats": "",
        "textures": "photographs",
        "sample_photos": "photographs",
        "painted_animals": "painted",
        "barn_doors": "painted",
    }
    assert table.loc["animal_faces", "to get it"] == "python -m data_scripts fetch animal_faces"
    assert table.loc["textures", ["state", "to get it"]].tolist() == ["made on first use", ""]
    assert list(tmp_path.iterdir()) == []
    load_dataset("textures", data_dir=tmp_path)
    assert describe_datasets(data_dir=tmp_path).set_index("name").loc["textures", "state"] == "here"


def test_the_table_says_photographs_when_they_have_been_fetched(mirror, tmp_path):
    fetch("animal_faces", place=Place(str(mirror)), data_dir=tmp_path, progress=False)
    row = describe_datasets(data_dir=tmp_path).set_index("name").loc["animal_faces"]
    assert row[["loads as", "state", "to get it"]].tolist() == ["photographs", "here", ""]


def test_pictures_that_were_deleted_in_mid_session_are_said_to_be_loaded_again(tmp_path):
    images = load_dataset("textures", data_dir=tmp_path).train
    shutil.rmtree(tmp_path / "textures")
    for attempt in (lambda: images[0], lambda: flatten_images(images, progress=False)):
        with pytest.raises(BadImageError, match="load the data set again"):
            attempt()
    load_dataset("textures", data_dir=tmp_path)
    assert images[0].size == (64, 64)


def test_what_nobody_offers_to_make_gives_the_command(tmp_path, monkeypatch):
    monkeypatch.setattr(loading, "entry_points", lambda **wanted: ())
    with pytest.raises(FileNotFoundError, match="`python -m data_scripts fetch painted_animals`"):
        load_dataset("animal_faces", data_dir=tmp_path)


@pytest.mark.parametrize(
    "module",
    [
        "datasets.loading",
        "images.duplicates",
        "images.flattening",
        "images.quality",
        "images.reading",
        "images.sets",
    ],
)
def test_examples_in_docstrings_are_true(module, monkeypatch, tmp_path):
    monkeypatch.setenv("COURSE_DATA", str(tmp_path))
    results = doctest.testmod(importlib.import_module(f"course_utils.{module}"))
    assert results.attempted > 0 and results.failed == 0
