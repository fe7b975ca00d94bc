"""The benchmarks still run: what they measure is for people to read, not for tests to judge."""

import os
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image


@pytest.fixture
def small_mirror(tmp_path):
    """Give a folder laid out as the photographs' mirror, with few and small pictures."""
    rng = np.random.default_rng(0)
    for split in ("train", "valid"):
        for kind in ("cat", "dog", "wild"):
            folder = tmp_path / "UBC-CS/course/commit/lectures/data/animal_faces" / split / kind
            folder.mkdir(parents=True)
            for i in range(4):
                pixels = rng.integers(0, 256, (8, 8, 3), dtype=np.uint8)
                Image.fromarray(pixels).resize((300, 300)).save(folder / f"{i}.jpg")
    return tmp_path


@pytest.mark.slow
def test_benchmark_of_extraction_prints_every_row(project_root, small_mirror):
    options = ["--quick", "--rounds", "1", "--networks", "efficientnet_lite0"]
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.bench_features", *options],
        cwd=project_root,
        env={**os.environ, "COURSE_DATA_MIRROR": str(small_mirror)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    for row in (
        "plain loop",
        "timm's inference",
        "decoding alone",
        "network alone, torch fp32 on cpu",
        "extract_features",
        "ceiling 1 / (1/decoding + 1/network)",
        "second call",
        "load_array of the same features",
        "asking the file system whether files changed",
        "import course_utils",
        "first feature",
    ):
        assert f"\n| {row} | " in done.stdout, f"no row for {row}"


def test_unknown_benchmark_is_named_with_those_that_there_are(project_root):
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks", "speed"],
        cwd=project_root,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 2
    assert "no benchmark called bench_speed; there are: bench_arrays" in done.stdout
