"""Data sets by name."""

import copy
import doctest
import importlib

import pytest

from course_utils import data_directory, list_datasets, load_dataset


def test_an_unknown_name_lists_the_ones_that_exist(tmp_path):
    with pytest.raises(ValueError, match=r"no data set 'cats'.*animal_faces.*textures"):
        load_dataset("cats", data_dir=tmp_path)
    assert "sample_photos" in list_datasets()


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
    with pytest.raises(KeyError, match="only train, valid"):
        data["test"]
    with pytest.raises(AttributeError, match="train, valid"):
        _ = data.test
    assert "photographs" in repr(data) and "CC0" in repr(data)


@pytest.mark.parametrize(
    "module",
    ["images.sets", "images.reading", "datasets.loading", "images.duplicates", "images.quality"],
)
def test_examples_in_docstrings_are_true(module, monkeypatch, tmp_path):
    monkeypatch.setenv("COURSE_DATA", str(tmp_path))
    results = doctest.testmod(importlib.import_module(f"course_utils.{module}"))
    assert results.attempted > 0 and results.failed == 0
