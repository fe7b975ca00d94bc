"""The Makefile says what it does, and what to do when a machine lacks something."""

import os
import re
import shutil
import site
import subprocess
import venv
from pathlib import Path

import pytest


def run_make(folder: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["make", "--no-print-directory", *words],
        cwd=folder,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
    )


@pytest.fixture
def bare_copy(project_root, tmp_path) -> Path:
    """Give a folder that holds what a fresh clone needs for its environment, and no more."""
    for name in ("Makefile", "pyproject.toml", "constraints.txt"):
        shutil.copy(project_root / name, tmp_path)
    return tmp_path


def test_make_alone_says_what_each_target_does(project_root):
    printed = run_make(project_root).stdout
    targets = re.findall(r"^\.PHONY: (\S+)$", (project_root / "Makefile").read_text(), re.M)
    assert {"lab", "test", "book", "release", "grade", "bench", "clean"} <= set(targets)
    for target in targets:
        assert re.search(rf"^  make {target} +\w.{{15}}", printed, re.M), (
            f"{target} is not described"
        )


def test_without_a_recent_python_it_says_which_is_needed(bare_copy, tmp_path):
    old = tmp_path / "old python"
    old.mkdir()
    for name in ("python", "python3", "python3.11", "python3.12", "python3.13"):
        (old / name).write_text("#!/bin/sh\nexit 1\n")
        (old / name).chmod(0o755)
    done = run_make(bare_copy, "env", PATH=f"{old}:/usr/bin:/bin")
    assert done.returncode != 0
    assert "needs Python 3.11 or newer" in done.stdout
    assert "make lab PYTHON=" in done.stdout
    assert not (bare_copy / ".venv").exists()


def test_a_course_folder_that_formgrader_cannot_show_is_told_at_once(project_root, tmp_path):
    done = run_make(project_root, "teach", f"course={tmp_path}")
    assert done.returncode != 0
    assert f"outside of {project_root}" in done.stdout
    assert f"{tmp_path}. Put it inside" in done.stdout


def borrow_packages(folder: Path) -> None:
    """Give a folder a ``.venv`` of its own that finds the installed packages, so no network."""
    venv.create(folder / ".venv", symlinks=True)
    [packages] = (folder / ".venv").glob("lib/python*/site-packages")
    (packages / "borrowed.pth").write_text("\n".join(site.getsitepackages()) + "\n")


# Nothing is asked of an index, and setuptools is the installed one (pip takes "0" for that wish).
OFFLINE = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": "", "PIP_NO_BUILD_ISOLATION": "0"}


def copy_sources(project_root: Path, folder: Path) -> None:
    for name in ("README.md", "LICENSE"):
        shutil.copy(project_root / name, folder)
    for name in ("course_utils", "data_scripts"):
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(project_root / name, folder / name, ignore=ignored)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["course", "my course"])
def test_the_environment_is_made_in_any_folder_and_pip_keeps_to_its_log(
    project_root, bare_copy, name
):
    folder = bare_copy / name
    folder.mkdir()
    for file in ("Makefile", "pyproject.toml", "constraints.txt"):
        (bare_copy / file).rename(folder / file)
    copy_sources(project_root, folder)
    borrow_packages(folder)
    done = run_make(folder, "env", **OFFLINE)
    assert done.returncode == 0, done.stdout + done.stderr
    assert len(done.stdout.splitlines()) == 1 and "minutes, once" in done.stdout
    assert "Successfully installed course-utils" in (folder / ".venv/install.log").read_text()
    said = subprocess.run(
        [folder / ".venv/bin/python", "-c", "import course_utils; print(course_utils.__file__)"],
        cwd=bare_copy, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert said.stdout.startswith(str(folder))
    # Under another make, as in `make test`, it calls itself make[1].
    again = run_make(folder, "env", **OFFLINE).stdout
    assert re.fullmatch(r"make(\[\d\])?: Nothing to be done for 'env'\.\n", again), again


@pytest.mark.slow
@pytest.mark.parametrize("name", ["course", "my course"])
@pytest.mark.parametrize(
    ("pip_says", "advice"),
    [
        ("ERROR: No matching distribution found for torch", "needs a network: connect"),
        ("NewConnectionError: Failed to establish a new connection", "needs a network: connect"),
        ("OSError: [Errno 28] No space left on device", "disk is full: make room"),
        ("ERROR: something quite else", "who looks after the course"),
    ],
)
def test_a_failing_installation_shows_its_log_and_says_what_to_do(
    bare_copy, name, pip_says, advice
):
    folder = bare_copy / name
    folder.mkdir()
    for file in ("Makefile", "pyproject.toml", "constraints.txt"):
        (bare_copy / file).rename(folder / file)
    program = folder / ".venv" / "bin" / "python"
    program.parent.mkdir(parents=True)
    program.write_text(f'#!/bin/sh\necho "Collecting torch"\necho "{pip_says}" >&2\nexit 1\n')
    program.chmod(0o755)
    done = run_make(folder, "env")
    assert done.returncode != 0
    assert pip_says in done.stdout and "last lines of .venv/install.log" in done.stdout
    # The advice comes last, where it is seen.
    assert advice in " ".join(done.stdout.splitlines()[-2:])
    assert ("network" in done.stdout) == ("network" in advice)
    assert not list((folder / ".venv").glob(".ready-*"))


def test_on_a_terminal_one_line_tells_how_far_the_installation_is(bare_copy):
    program = bare_copy / ".venv" / "bin" / "python"
    program.parent.mkdir(parents=True)
    program.write_text(
        "#!/bin/sh\necho 'Collecting torch'\necho '  Downloading torch-2.6.whl (178 MB)'\n"
        "echo 'Installing collected packages: torch'\necho 'Some chatter'\n"
    )
    program.chmod(0o755)
    ours, theirs = os.openpty()
    subprocess.run(
        ["make", "--no-print-directory", "env"],
        cwd=bare_copy, stdout=theirs, stderr=theirs, check=True,
    )  # fmt: skip
    said = os.read(ours, 10_000).decode()
    assert "Downloading torch-2.6.whl (178 MB)" in said and "a minute or two" in said
    assert "chatter" not in said
    # One line stays; the others are each written over the one before.
    assert said.count("\n") == 1 and said.endswith("\r\033[K")


def test_the_start_page_says_what_make_lab_has_done_with_the_assignments(project_root):
    planned = run_make(project_root, "--dry-run", "lab", "NEW_ASSIGNMENTS=a1_multiclass").stdout
    assert "course_utils.grading.handing_out a1_multiclass" in planned
    notebook = (project_root / "notebooks" / "00_start_here.ipynb").read_text()
    assert "**Downloaded assignments**" in notebook
