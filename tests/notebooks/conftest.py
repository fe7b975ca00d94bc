"""Executed notebooks, each once in each world for all tests that look at it."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import PROJECT_ROOT, run_once
from tests.notebooks.running import Run

PHOTOGRAPHS = ("animal_faces", "test_images", "campus_images")


@pytest.fixture(scope="session")
def photograph_data(mirror, tmp_path_factory) -> Path:
    """Give a data directory into which the photographs were fetched, as a learner does it."""
    folder = tmp_path_factory.mktemp("photographs")
    subprocess.run(
        [sys.executable, "-m", "data_scripts", "fetch", *PHOTOGRAPHS],
        cwd=PROJECT_ROOT,
        env={**os.environ, "COURSE_DATA": str(folder), "COURSE_DATA_MIRROR": str(mirror)},
        check=True,
        capture_output=True,
    )
    return folder


@pytest.fixture
def run_of(request, tmp_path_factory) -> Callable[[Path, str], Run]:
    """Give a function that executes a notebook in a world, once for all tests of all processes."""

    def run(path: Path, world: str) -> Run:
        fixture = {"photographs": "photograph_data", "paintings": "painted_data"}[world]
        return run_once(path, world, request.getfixturevalue(fixture), tmp_path_factory)

    return run
