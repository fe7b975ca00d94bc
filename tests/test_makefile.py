"""The Makefile says what it does, and what to do when a machine lacks something."""

import os
import re
import shutil
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


@pytest.mark.slow
def test_a_failing_installation_says_that_the_first_time_needs_a_network(bare_copy):
    venv.create(bare_copy / ".venv", with_pip=True)
    done = run_make(bare_copy, "env", PIP_NO_INDEX="1", PIP_FIND_LINKS="")
    assert done.returncode != 0
    assert "needs a network" in done.stdout
    assert not list((bare_copy / ".venv").glob(".ready-*"))
