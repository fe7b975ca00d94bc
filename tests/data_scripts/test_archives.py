"""Data sets that come as one archive, from small archives in the published formats."""

import hashlib
import io
import os
import pickle
import re
import subprocess
import tarfile
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from course_utils import load_dataset
from course_utils._torchvision import torchvision
from course_utils.datasets.registry import DATA_SETS
from data_scripts.__main__ import main

CIFAR10_NAMES = (
    "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck",
)  # fmt: skip


def offer(monkeypatch, mirror: Path, name: str, archive: bytes) -> None:
    """Lay an archive out in a mirror, and expect its hash instead of the published one's."""
    info = DATA_SETS[name]
    file = mirror / info.url.split("/", 3)[3]
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(archive)
    sha256 = hashlib.sha256(archive).hexdigest()
    monkeypatch.setitem(DATA_SETS, name, replace(info, sha256=sha256, bytes=len(archive)))
    monkeypatch.setenv("COURSE_DATA_MIRROR", str(mirror))


def tar_of(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as tar:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    return buffer.getvalue()


def zip_of(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


@pytest.fixture
def small_cifar10(monkeypatch):
    """Give the files of a small CIFAR-10: 20 training and 7 test pictures of each class."""
    rng = np.random.default_rng(0)
    published = torchvision.datasets.CIFAR10

    def batch(labels):
        data = rng.integers(0, 256, (len(labels), 3072), dtype=np.uint8)
        # Red of the first pixel tells the label, so that a mix-up would show.
        data[:, 0] = np.array(labels) * 20
        return pickle.dumps(
            {"data": data, "labels": list(labels), "batch_label": "", "filenames": []}
        )

    files = {name: batch(list(range(10)) * 4) for name, _ in published.train_list}
    files |= {name: batch(list(range(10)) * 7) for name, _ in published.test_list}
    files[published.meta["filename"]] = pickle.dumps({"label_names": list(CIFAR10_NAMES)})
    md5 = {name: hashlib.md5(content).hexdigest() for name, content in files.items()}
    for attribute in ("train_list", "test_list"):
        listed = [[name, md5[name]] for name, _ in getattr(published, attribute)]
        monkeypatch.setattr(published, attribute, listed)
    meta = published.meta | {"md5": md5[published.meta["filename"]]}
    monkeypatch.setattr(published, "meta", meta)
    info = DATA_SETS["cifar4"]
    recipe = {**info.recipe, "train_per_class": 15}
    monkeypatch.setitem(DATA_SETS, "cifar4", replace(info, recipe=recipe))
    return {f"cifar-10-batches-py/{name}": content for name, content in files.items()}


def nothing_came_of_it(data: Path) -> bool:
    """Say whether the data directory holds nothing but, perhaps, the checked archive."""
    files = [file for file in data.rglob("*") if file.is_file() and file.suffix != ".lock"]
    return all(file.parent.name == ".archives" for file in files)


def test_cifar4_holds_four_classes_of_cifar10(monkeypatch, tmp_path, small_cifar10, capsys):
    offer(monkeypatch, tmp_path / "mirror", "cifar4", tar_of(small_cifar10))
    with pytest.raises(FileNotFoundError, match="fetch cifar4"):
        load_dataset("cifar4")
    assert main(["fetch", "cifar4"]) == 0
    data = load_dataset("cifar4")
    assert data.train.class_counts() == dict.fromkeys(("automobile", "bird", "cat", "dog"), 15)
    assert data.test.class_counts() == dict.fromkeys(("automobile", "bird", "cat", "dog"), 7)
    for images in data.values():
        for image, target in zip(images, images.targets, strict=True):
            assert image.size == (32, 32)
            assert image.getpixel((0, 0))[0] == CIFAR10_NAMES.index(target) * 20
    assert main(["verify", "cifar4"]) == 0
    assert not (tmp_path / "data" / ".archives").exists()
    capsys.readouterr()
    assert main(["fetch", "cifar4"]) == 0
    assert "nothing to do" in capsys.readouterr().out


def test_the_same_cifar4_is_made_every_time(monkeypatch, tmp_path, small_cifar10):
    offer(monkeypatch, tmp_path / "mirror", "cifar4", tar_of(small_cifar10))
    names = []
    for data_dir in ("one", "two"):
        monkeypatch.setenv("COURSE_DATA", str(tmp_path / data_dir))
        main(["fetch", "cifar4"])
        names.append([path.name for path in load_dataset("cifar4").train.paths])
    assert names[0] == names[1]


class Burglar:
    """Pickled, it makes a file when it is unpickled."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def __reduce__(self):
        return os.mkdir, (str(self.file),)


@pytest.mark.parametrize("archive_hash", ["differs", "agrees"])
def test_nothing_is_unpickled_before_its_hash_is_checked(
    monkeypatch, tmp_path, small_cifar10, capsys, archive_hash
):
    small_cifar10["cifar-10-batches-py/data_batch_3"] = pickle.dumps(Burglar(tmp_path / "broken"))
    archive = tar_of(small_cifar10)
    offer(monkeypatch, tmp_path / "mirror", "cifar4", archive)
    if archive_hash == "differs":
        monkeypatch.setitem(DATA_SETS, "cifar4", replace(DATA_SETS["cifar4"], sha256="0" * 64))
    assert main(["fetch", "cifar4"]) == 1
    advice = {"differs": "SHA-256 differs", "agrees": "not the published one"}[archive_hash]
    assert advice in capsys.readouterr().err
    assert not (tmp_path / "broken").exists()
    assert nothing_came_of_it(tmp_path / "data")


@pytest.mark.parametrize(
    "name", ["../../escaped.txt", "/tmp/escaped_from_archive.txt", "cifar-10-batches-py/../../../x"]
)
def test_a_tar_cannot_write_outside_its_folder(monkeypatch, tmp_path, small_cifar10, capsys, name):
    offer(monkeypatch, tmp_path / "mirror", "cifar4", tar_of(small_cifar10 | {name: b"x"}))
    status = main(["fetch", "cifar4"])
    # An absolute path is taken as one below the folder; the others are refused.
    assert status == (0 if name.startswith("/") else 1)
    assert status == 0 or "not safe to unpack" in capsys.readouterr().err
    assert not (tmp_path / "escaped.txt").exists()
    assert not Path("/tmp/escaped_from_archive.txt").exists()


def test_a_link_in_a_tar_cannot_lead_outside(monkeypatch, tmp_path, small_cifar10, capsys):
    buffer = io.BytesIO(tar_of(small_cifar10))
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as tar:
        link = tarfile.TarInfo("out")
        link.type, link.linkname = tarfile.SYMTYPE, str(tmp_path)
        tar.addfile(link)
        member = tarfile.TarInfo("out/escaped.txt")
        tar.addfile(member, io.BytesIO())
    offer(monkeypatch, tmp_path / "mirror", "cifar4", buffer.getvalue())
    assert main(["fetch", "cifar4"]) == 1
    assert "not safe" in capsys.readouterr().err
    assert not (tmp_path / "escaped.txt").exists()


def pets(per_class: int = 20) -> dict[str, bytes]:
    """Give the files of a small PetImages, broken and odd ones included."""
    rng = np.random.default_rng(0)
    files = {"readme[1].txt": b"read me", "CDLA-Permissive-2.0.pdf": b"terms"}
    for label, shade in (("Cat", 60), ("Dog", 180)):
        files[f"PetImages/{label}/Thumbs.db"] = b"not a picture"
        for i in range(per_class):
            coarse = rng.integers(shade - 50, shade + 50, (8, 8, 3), np.uint8)
            image = Image.fromarray(coarse).resize((90 + i, 80), Image.Resampling.BICUBIC)
            buffer = io.BytesIO()
            # Some of the published files are not JPEGs, whatever their names say.
            image.save(buffer, "PNG" if i == 3 else "JPEG")
            files[f"PetImages/{label}/{i}.jpg"] = buffer.getvalue()
    files["PetImages/Cat/5.jpg"] = files["PetImages/Cat/4.jpg"]
    files["PetImages/Cat/666.jpg"] = b""
    files["PetImages/Dog/11702.jpg"] = b""
    files["PetImages/Dog/7.jpg"] = files["PetImages/Dog/7.jpg"][:-300]
    return files


def test_dogs_vs_cats_leaves_the_broken_files_out_and_says_which(monkeypatch, tmp_path, capsys):
    offer(monkeypatch, tmp_path / "mirror", "dogs_vs_cats", zip_of(pets()))
    assert main(["fetch", "dogs_vs_cats"]) == 0
    data = load_dataset("dogs_vs_cats")
    assert {split: images.class_counts() for split, images in data.items()} == {
        "train": {"cat": 16, "dog": 15},
        "valid": {"cat": 2, "dog": 2},
        "test": {"cat": 2, "dog": 2},
    }
    assert all(image.mode == "RGB" for images in data.values() for image in images)
    left_out = (tmp_path / "data" / "dogs_vs_cats" / "unreadable.txt").read_text().splitlines()
    assert [line.split(":")[0] for line in left_out] == [
        "PetImages/Cat/666.jpg",
        "PetImages/Dog/11702.jpg",
        "PetImages/Dog/7.jpg",
    ]
    assert "3 files that cannot be read were left out" in str(data)
    twins = [s for s, images in data.items() for p in images.paths
             if p.parent.name == "cat" and p.name in ("00004.jpg", "00005.jpg")]  # fmt: skip
    assert len(twins) == 2 and len(set(twins)) == 1
    sample = data.sample(2, seed=0)
    assert [images.class_counts() for images in sample.values()] == [{"cat": 2, "dog": 2}] * 3
    assert main(["verify", "dogs_vs_cats"]) == 0


@pytest.mark.parametrize("name", ["../escaped.jpg", "/escaped.jpg", "C:\\escaped.jpg", "..\\e.jpg"])
def test_a_zip_cannot_write_outside_its_folder(monkeypatch, tmp_path, capsys, name):
    offer(monkeypatch, tmp_path / "mirror", "dogs_vs_cats", zip_of(pets(8) | {name: b"x"}))
    assert main(["fetch", "dogs_vs_cats"]) == 1
    assert "not safe to unpack" in capsys.readouterr().err
    assert nothing_came_of_it(tmp_path / "data")


def test_an_archive_without_pictures_is_said(monkeypatch, tmp_path, capsys):
    offer(monkeypatch, tmp_path / "mirror", "dogs_vs_cats", zip_of({"a.txt": b"x"}))
    assert main(["fetch", "dogs_vs_cats"]) == 1
    assert "holds no picture" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["cifar4", "dogs_vs_cats"])
def test_an_archive_that_is_none_is_said(monkeypatch, tmp_path, capsys, name):
    offer(monkeypatch, tmp_path / "mirror", name, b"this is no archive")
    assert main(["fetch", name]) == 1
    assert "is not an archive" in capsys.readouterr().err


def test_a_disk_that_fills_up_while_unpacking_is_said(monkeypatch, tmp_path, capsys, small_disk):
    archive = zip_of(pets(100))
    disk = small_disk(f"size={len(archive) + 150_000}")
    offer(monkeypatch, tmp_path / "mirror", "dogs_vs_cats", archive)
    assert main(["fetch", "dogs_vs_cats"]) == 1
    assert "is full; make room" in capsys.readouterr().err
    assert nothing_came_of_it(disk)
    subprocess.run(["mount", "-o", "remount,size=10m", str(disk)], check=True)
    assert main(["fetch", "dogs_vs_cats"]) == 0
    assert "train" in load_dataset("dogs_vs_cats")


def test_published_hashes_are_in_the_registry():
    assert all(re.fullmatch("[0-9a-f]{64}", DATA_SETS[name].sha256)
               for name in ("cifar4", "dogs_vs_cats"))  # fmt: skip
