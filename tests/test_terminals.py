"""JupyterLab's terminals find the course's environment, whatever a profile puts before it."""

import fcntl
import os
import pty
import re
import runpy
import select
import shutil
import subprocess
import sys
import termios
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

# Echoing the question must not look like the answer.
QUESTION = 'python -c \'import sys, course_utils; print("found" + ":", sys.prefix)\'; exit\n'


class Settings:
    """What traitlets hands to a configuration file: settings appear as they are named."""

    def __getattr__(self, name: str):
        return self.__dict__.setdefault(name, SimpleNamespace())


def terminal_command(root: Path, monkeypatch, shell: str, *, from_terminal: bool) -> list[str]:
    """Give the command with which JupyterLab, configured by the course, starts a terminal."""
    monkeypatch.setenv("SHELL", shell)
    monkeypatch.setattr("sys.stdout.isatty", lambda: from_terminal, raising=False)
    config = Settings()
    monkeypatch.setenv("JUPYTER_CONFIG_PATH", os.environ.get("JUPYTER_CONFIG_PATH", ""))
    runpy.run_path(str(root / "jupyter_lab_config.py"), {"get_config": lambda: config})
    return config.ServerApp.terminado_settings["shell_command"]


@pytest.fixture
def home(tmp_path) -> Path:
    """Give a home directory whose every profile puts another ``python`` first, as pyenv does."""
    home = tmp_path / "home"
    other = home / ".pyenv" / "shims"
    other.mkdir(parents=True)
    for name in ("python", "python3"):
        (other / name).write_text("#!/bin/sh\necho 'found: the wrong python'\n")
        (other / name).chmod(0o755)
    anew = (
        f'PATH="{other}:/usr/local/bin:/usr/bin:/bin"; export PATH\nalias python="{other}/python"\n'
    )
    for name in (".profile", ".bash_profile", ".bashrc", ".zshenv", ".zprofile", ".zshrc"):
        (home / name).write_text(anew + f"touch ~/read{name}\n")
    fish = home / ".config" / "fish" / "config.fish"
    fish.parent.mkdir(parents=True)
    fish.write_text(f"set -gx PATH '{other}' /usr/local/bin /usr/bin /bin\n")
    return home


def say(command: list[str], home: Path, question: str) -> str:
    """Start a terminal, type into it, and give all that it showed until it ended."""
    screen, keyboard = pty.openpty()
    environment = {"HOME": str(home), "PATH": "/usr/bin:/bin", "TERM": "dumb", "LANG": "C.UTF-8"}
    process = subprocess.Popen(
        command,
        stdin=keyboard,
        stdout=keyboard,
        stderr=keyboard,
        env=environment,
        cwd=home,
        start_new_session=True,
        preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
    )
    os.close(keyboard)
    os.write(screen, question.encode())
    shown, until = b"", time.monotonic() + 60
    while time.monotonic() < until:
        if select.select([screen], [], [], 0.2)[0]:
            try:
                shown += os.read(screen, 65536)
            except OSError:  # the shell has ended
                break
        elif process.poll() is not None:
            break
    process.kill()
    process.wait()
    os.close(screen)
    return shown.decode(errors="replace")


@pytest.mark.slow
@pytest.mark.parametrize("from_terminal", [True, False], ids=["plain", "login"])
@pytest.mark.parametrize("kind", ["bash", "zsh", "sh", "fish"])
def test_python_is_the_courses_whatever_the_profile_says(
    project_root, home, monkeypatch, kind, from_terminal
):
    shell = shutil.which(kind)
    if shell is None:
        pytest.skip(f"needs {kind}")
    command = terminal_command(project_root, monkeypatch, shell, from_terminal=from_terminal)
    shown = say(command, home, QUESTION)
    assert re.findall(r"found: (.*?)\r?\n", shown) == [sys.prefix], shown


@pytest.mark.parametrize(
    ("kind", "from_terminal", "read"),
    [
        ("bash", True, {".bashrc"}),
        ("bash", False, {".bash_profile"}),
        ("zsh", True, {".zshenv", ".zshrc"}),
        ("zsh", False, {".zshenv", ".zprofile", ".zshrc"}),
    ],
)
def test_a_terminal_reads_its_owners_files(
    project_root, home, monkeypatch, kind, from_terminal, read
):
    shell = shutil.which(kind)
    if shell is None:
        pytest.skip(f"needs {kind}")
    command = terminal_command(project_root, monkeypatch, shell, from_terminal=from_terminal)
    say(command, home, "exit\n")
    assert {path.name.removeprefix("read") for path in home.glob("read.*")} == read


def test_what_only_starts_the_shell_is_not_left_in_it(project_root, home, monkeypatch):
    command = terminal_command(project_root, monkeypatch, shutil.which("bash"), from_terminal=False)
    shown = say(command, home, "env | grep ^COURSE_; exit\n")
    assert "COURSE_BIN=" not in shown
    assert "COURSE_TERMINAL=" not in shown


def test_a_shell_that_nobody_taught_starts_as_jupyterlab_would_start_it(project_root, monkeypatch):
    with pytest.raises(AttributeError):
        terminal_command(project_root, monkeypatch, "/usr/bin/tcsh", from_terminal=True)
