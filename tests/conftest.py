"""What several test modules share."""

import json
import os
import pickle
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest
from filelock import FileLock
from hypothesis import settings
from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn
from xdist.scheduler import LoadFileScheduling

from course_utils._cores import usable_cores
from tests.notebooks.running import LECTURES, TEMPLATES, Run, execute, read

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# No deadline: a busy machine is no bug. The same examples on every run of CI: what fails there
# fails again for whoever looks into it.
settings.register_profile("course", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("course")

# A shell that starts the tests in the background lets them ignore Ctrl-C, and through them every
# program that they start to see how it takes Ctrl-C.
signal.signal(signal.SIGINT, signal.default_int_handler)

PROJECT_ROOT = Path(__file__).resolve().parents[1]
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-sync",
    "--no-first-run",
]


# Files that take minutes, the longest first: one that began last would be waited for in the end.
LONGEST_FIRST = [
    "assignments/test_grading.py",
    "notebooks/test_lectures.py",
    "assignments/test_apart.py",
    "grading/test_class.py",
    "grading/test_attacks.py",
]
# Of these, each notebook may go to another process: one process would be busy with all seven
# assignments for a third of the whole time.
BY_NOTEBOOK = [
    "assignments/test_grading.py",
    "assignments/test_apart.py",
    "notebooks/test_lectures.py",
]


class FilesAndNotebooks(LoadFileScheduling):
    """Hand out tests by the file, and those of `BY_NOTEBOOK` by the notebook that they try."""

    def _split_scope(self, nodeid: str) -> str:
        file, _, test = nodeid.partition("::")
        notebook = re.search(r"\[(\w+)", test) if file.endswith(tuple(BY_NOTEBOOK)) else None
        return f"{file}[{notebook[1]}]" if notebook else file


def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> LoadFileScheduling | None:
    return FilesAndNotebooks(config, log) if config.getoption("dist") == "loadfile" else None


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Start half as many processes again as there are cores: many tests wait most of the time.

    They wait for browsers, for JupyterLab, and for learners' cells that never end.
    """
    cores = usable_cores()
    return cores + (cores + 1) // 2


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the longest files first; what has no place in the list keeps its order."""
    places = {PROJECT_ROOT / "tests" / name: place for place, name in enumerate(LONGEST_FIRST)}
    items.sort(key=lambda item: places.get(item.path, len(places)))


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


def run_once(path: Path, world: str, data: Path, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Execute a notebook in a world, once for all tests of all processes."""
    kept = shared_folder(tmp_path_factory) / f"{path.stem} on {world}.pickle"
    with FileLock(f"{kept}.lock"):
        if not kept.exists():
            done = execute(read(path), data, tmp_path_factory.mktemp("no_network"))
            kept.write_bytes(pickle.dumps(done))
    return pickle.loads(kept.read_bytes())


class Website(NamedTuple):
    """A built website: where its pages are, what building it said, and how to build it again.

    Whoever builds it again, or copies it, holds the lock: other processes look at the pages.
    """

    html: Path
    lock: FileLock
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
    lock = FileLock(f"{outcome}.lock")
    with lock:
        if not outcome.exists():
            _keep_executed_lectures(painted_data, tmp_path_factory)
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
    return Website(output / "_build" / "html", lock, status, said, command, environment)


def _keep_executed_lectures(data: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Hand the website the lectures as tests executed them, which takes minutes each time.

    It executes by itself what is left: the start page, and the pages that show a little code.
    """
    # In a process of its own, as the website is built: what tests import adds packages to this one.
    code = (
        "import pathlib, runpy, sys; root, data = map(pathlib.Path, sys.argv[1:]); "
        "print(runpy.run_path(root / 'book' / 'build.py')['world_digest'](root, data))"
    )
    asked = [sys.executable, "-c", code, str(PROJECT_ROOT), str(data)]
    world = subprocess.run(asked, check=True, capture_output=True, text=True).stdout.strip()
    folder = PROJECT_ROOT / ".cache" / "lectures" / world
    folder.mkdir(parents=True, exist_ok=True)
    cache = get_cache(str(folder))
    for path in (*LECTURES, *TEMPLATES):
        try:
            cache.match_cache_notebook(read(path))
        except KeyError:
            executed = run_once(path, "paintings", data, tmp_path_factory).notebook
            for cell in executed.cells:  # with the times of this run, nothing would match it
                cell.metadata.pop("execution", None)
            cache.cache_notebook_bundle(CacheBundleIn(executed, str(path)), check_validity=False)


@pytest.fixture(scope="session")
def browser() -> "Iterator[Browser]":
    """Start the system's own Chromium; a process can have no more than one driver of browsers."""
    place = shutil.which("chromium") or shutil.which("chromium-browser")
    if place is None:
        pytest.skip("needs Chromium, and there is none on this machine (Debian: chromium)")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=place, args=CHROMIUM_FLAGS)
        yield started
        started.close()
