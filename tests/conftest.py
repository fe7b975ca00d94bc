"""What several test modules share."""

import os
from pathlib import Path

import pytest

PROJECT_ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def project_root() -> Path:
    return PROJECT_ROOT


@pytest.fixture(scope="session")
def mirror() -> Path:
    """Give the folder of real photographs, laid out as raw.githubusercontent.com lays them out."""
    named = os.environ.get("COURSE_DATA_MIRROR")
    folder = Path(named) if named else PROJECT_ROOT.parent / "shared" / "mirror"
    if not (folder / "UBC-CS").is_dir():
        pytest.skip(f"needs the photographs' mirror, and there is none at {folder}")
    return folder
