"""What several test modules share."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest
from filelock import FileLock
from hypothesis import settings

# No deadline: a busy machine is no bug. The same examples on every run of CI: what fails there
# fails again for whoever looks into it.
settings.register_profile("course", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("course")

# A shell that starts the tests in the background lets them ignore Ctrl-C, and through them every
# program that they start to see how it takes Ctrl-C.
signal.signal(signal.SIGINT, signal.default_int_handler)

PROJECT_ROOT = Path(__file__).resolve().parents[1]


def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the temporary folder that all processes of one test run share."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


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


@pytest.fixture(scope="session")
def painted_data(tmp_path_factory) -> Path:
    """Give a data directory as a machine without a network has it: with painted pictures."""
    folder = tmp_path_factory.mktemp("painted") / "data"
    nowhere = folder.parent / "no network"
    subprocess.run(
        [sys.executable, "-m", "data_scripts", "prepare"],
        cwd=PROJECT_ROOT,
        env={**os.environ, "COURSE_DATA": str(folder), "COURSE_DATA_MIRROR": str(nowhere)},
        check=True,
        capture_output=True,
    )
    return folder


class Website(NamedTuple):
    """A built website: where its pages are, what building it said, and how to build it again."""

    html: Path
    status: int
    said: str
    command: list[str]
    environment: dict[str, str]


@pytest.fixture(scope="session")
def website(painted_data, tmp_path_factory) -> Website:
    """Build the website once for all tests, as ``make book`` does, from painted pictures."""
    output = shared_folder(tmp_path_factory) / "book"
    command = [sys.executable, str(PROJECT_ROOT / "book" / "build.py"), "--output", str(output)]
    environment = {**os.environ, "COURSE_DATA": str(painted_data), "NO_COLOR": "1"}
    environment.pop("COURSE_DATA_MIRROR", None)
    outcome = output.with_name("book.json")
    with FileLock(f"{outcome}.lock"):
        if not outcome.exists():
            done = subprocess.run(
                command,
                env=environment,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                timeout=3600,
            )
            outcome.write_text(json.dumps([done.returncode, done.stdout]), encoding="utf-8")
    status, said = json.loads(outcome.read_text(encoding="utf-8"))
    return Website(output / "_build" / "html", status, said, command, environment)
