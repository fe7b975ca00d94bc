"""JupyterLab as a learner starts it, in a copy of the course that may be changed."""

import fcntl
import json
import os
import pty
import shutil
import subprocess
import sys
import termios
import time
from pathlib import Path

import psutil
import pytest

NEEDED = (
    "Makefile",
    "pyproject.toml",
    "constraints.txt",
    "nbgrader_config.py",
    "jupyter_lab_config.py",
)
START_SECONDS = 300  # it copies seven assignments first
STOP_SECONDS = 60  # several kernels, on a busy machine


class Lab:
    """A running ``make lab``, or ``make teach``.

    The copy has this environment's Python as its ``.venv``, and a home directory that no Jupyter
    has been used in before. Started again in the same folder, both are as they were left.
    """

    def __init__(self, project_root: Path, folder: Path, data: Path, target: str = "lab") -> None:
        self.folder = folder / "course"
        self.home = folder / "home"
        self.log = folder / "lab.log"
        if not self.folder.exists():
            _copy_course(project_root, self.folder)
        self.home.mkdir(exist_ok=True)
        unset = ("JUPYTER_CONFIG_PATH", "JUPYTER_CONFIG_DIR", "JUPYTER_PATH", "JUPYTER_DATA_DIR")
        self.environment = {name: v for name, v in os.environ.items() if name not in unset}
        self.environment |= {
            "HOME": str(self.home),
            "JUPYTER_RUNTIME_DIR": str(self.home / "runtime"),
            "COURSE_DATA": str(data),
            "COURSE_DATA_MIRROR": str(folder / "no network"),
            "SHELL": "/bin/bash",
        }
        flags = "--no-browser --port=0"
        if os.geteuid() == 0:
            flags += " --allow-root"
        # Jupyter answers Ctrl-C differently in a terminal and without one: give it a terminal.
        self._keyboard, terminal = pty.openpty()
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                ["make", "--no-print-directory", target, f"LAB_FLAGS={flags}"],
                cwd=self.folder,
                env=self.environment,
                stdin=terminal,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
            )
        os.close(terminal)
        try:
            self.start_page = self._wait_for("jpserver-file-to-run-*-open.html")
            server = json.loads(self._wait_for("jpserver-*[0-9].json").read_text())
        except BaseException:
            self.stop()
            raise
        self.own = f"localhost:{server['port']}"
        self.token = server["token"]

    def address(self, path: str) -> str:
        """Give the address at which JupyterLab opens a file of the copy."""
        return f"http://{self.own}/lab/tree/{path}?token={self.token}"

    def said(self) -> str:
        """Give what the server has printed."""
        return self.log.read_text(errors="replace")

    def processes(self) -> list[psutil.Process]:
        """List ``make``, the server and its kernels."""
        try:
            make = psutil.Process(self.process.pid)
            return [make, *make.children(recursive=True)]
        except psutil.NoSuchProcess:
            return []

    def press_ctrl_c(self) -> None:
        """Press Ctrl-C in the terminal, which interrupts every process in its foreground."""
        os.write(self._keyboard, b"\x03")

    def stop(self) -> None:
        """End everything that was started here, politely if possible."""
        running = self.processes()
        if self.process.poll() is None:
            self.press_ctrl_c()
        _, left = psutil.wait_procs(running, timeout=STOP_SECONDS)
        for process in left:
            process.kill()
        self.process.wait()
        if self._keyboard >= 0:
            os.close(self._keyboard)
            self._keyboard = -1

    def _wait_for(self, pattern: str) -> Path:
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until and self.process.poll() is None:
            for found in (self.home / "runtime").glob(pattern):
                if found.stat().st_size:
                    return found
            time.sleep(0.1)
        pytest.fail(f"make did not start JupyterLab within {START_SECONDS} s:\n{self.said()}")


def _copy_course(project_root: Path, folder: Path) -> None:
    folder.mkdir()
    for name in NEEDED:
        shutil.copy2(project_root / name, folder)
    for name in ("course_utils", "data_scripts"):
        (folder / name).symlink_to(project_root / name)
    ignored = shutil.ignore_patterns(
        ".ipynb_checkpoints", "release", "submitted", "autograded", "feedback", "exchange", "*.db"
    )
    shutil.copytree(project_root / "notebooks", folder / "notebooks", ignore=ignored)
    for name in ("labconfig", "jupyter_server_config.d"):
        shutil.copytree(project_root / name, folder / name)
    (folder / ".venv").mkdir()
    for entry in Path(sys.prefix).iterdir():
        (folder / ".venv" / entry.name).symlink_to(entry)
    # make compares times: what is installed here is what the copy asks for.
    ready = folder / ".venv" / ".ready-lab"
    ready.unlink(missing_ok=True)
    ready.touch()
