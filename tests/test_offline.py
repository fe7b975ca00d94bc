"""A machine without a network is where the course has to work."""

import subprocess
import sys

import pytest

# Fails on any look-up or connection, and then does what lectures do.
LECTURE = """
import socket

def refuse(*arguments, **named):
    raise AssertionError(f"went to the network: {arguments}")

socket.getaddrinfo = socket.create_connection = socket.socket.connect = refuse

from course_utils import (
    check_quality, classify_image, extract_features, flatten_images, load_dataset, read_image,
)
from data_scripts.__main__ import main

faces = load_dataset("animal_faces")
print(faces)
assert faces.origin == "painted"
textures = load_dataset("textures")
photos = load_dataset("sample_photos").all
assert flatten_images(textures.train, size=(16, 16)).shape == (96, 256)
assert check_quality(textures).good
assert sum(map(len, faces.train.split_into({"train": 0.8, "valid": 0.2}, seed=0).values())) == 150
coffee = photos.paths[photos.class_names.index("coffee")]
assert read_image(coffee).mode == "RGB"
assert classify_image(coffee)["class"][0] == "espresso"
features = extract_features(faces.valid.sample(2, seed=0), progress=False)
assert features.X.shape == (6, 1280)
for command in (["list"], ["verify"], ["fetch", "textures", "painted_animals", "sample_photos"]):
    assert main(command) == 0
"""


@pytest.mark.slow
def test_every_function_that_lectures_use_works_without_a_network(
    project_root, tmp_path, monkeypatch
):
    monkeypatch.delenv("COURSE_DATA_MIRROR", raising=False)
    monkeypatch.setenv("COURSE_DATA", str(tmp_path / "data"))
    done = subprocess.run(
        [sys.executable, "-c", LECTURE], cwd=project_root, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert "PAINTED, not photographs" in done.stdout
