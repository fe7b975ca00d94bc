"""Run attacks against stock nbgrader, in a bubblewrap that keeps them from this machine.

``python -m tests.grading.stock`` prints, as JSON, what each attack got: ``works`` or ``fails``.
With numbers it is the part inside, which has a course folder and a home of its own and plays the
instructor.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat

from .attacks import HARM, POINTS
from .more_attacks import ALL, SOCKET
from .tiny import CHECKS, HIDDEN, NAME, RIGHT, SECRET, TEST, notebook

ROOT = Path(__file__).resolve().parents[2]
COURSE, HOME, LIBRARY = Path("/tmp/course"), Path("/tmp/home"), Path("/tmp/lib")
CANARY = "canary-of-the-machine"
CONFIG = """
c = get_config()
c.CourseDirectory.root = "/tmp/course"
c.CourseDirectory.ignore = ["__pycache__", "*_hidden*"]
c.Execute.timeout = 15
c.Execute.iopub_timeout = 15
c.OverwriteCells.add_missing_cells = True
"""


def against_stock(attacks: list[int]) -> dict[str, str]:
    """Run these attacks, in as few sandboxes as they can share; give works or fails for each."""
    alone = [n for n in attacks if ALL[n].alone or ALL[n].wants == HARM]
    together = [n for n in attacks if n not in alone]
    groups = [together] if together else []
    groups += [[n] for n in alone]
    with ThreadPoolExecutor(2) as pool:
        found = pool.map(_in_bubblewrap, groups)
    return {what: outcome for part in found for what, outcome in part.items()}


def _in_bubblewrap(group: list[int]) -> dict[str, str]:
    command = ["bwrap", "--unshare-all", "--die-with-parent", "--new-session"]
    command += ["--ro-bind", "/", "/", "--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp"]
    command += ["--dir", str(HOME), "--setenv", "HOME", str(HOME), "--chdir", str(ROOT)]
    # What `make test` exports: with the course's own settings it would not be nbgrader as it comes.
    for name in ("JUPYTER_CONFIG_PATH", "COURSE_FOLDER", "COURSE_EXCHANGE"):
        command += ["--unsetenv", name]
    command += ["--"]
    command += [sys.executable, "-m", "tests.grading.stock", *map(str, group)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=1800)
    if done.returncode:  # the instructor's own process was ended
        assert len(group) == 1, done.stderr
        return {ALL[group[0]].what: "works"}
    return dict(json.loads(done.stdout.splitlines()[-1]))


def _inside(group: list[int]) -> dict[str, str]:
    _set_up(group)
    environment = os.environ | {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "PYTHONPATH": f"{COURSE / 'source' / NAME}:{LIBRARY}",
        "COURSE_TEST_SECRET": CANARY,
    }
    # A copy of the library that can be written to, as an instructor's own can.
    for command in (["generate_assignment", NAME, "--create"], ["autograde", NAME]):
        seconds = 60 + 30 * len(group)  # what holds nbgrader up for longer has done harm
        done = subprocess.run(
            ["timeout", "-s", "KILL", str(seconds), "nbgrader", *command],
            cwd=COURSE,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
    scores = _scores()
    found = {}
    for number in group:
        attack = ALL[number]
        if attack.wants == POINTS:
            worked = scores.get(f"a{number}", 0) > 0
        elif attack.wants == HARM:
            worked = bool(done.returncode) or scores.get("zoe") != 5 or _planted()
        else:
            graded = COURSE / "autograded" / f"a{number}" / NAME / f"{NAME}.ipynb"
            outputs = str([c.get("outputs") for c in nbformat.read(graded, 4).cells])
            worked = SECRET in outputs or CANARY in outputs
        found[attack.what] = "works" if worked else "fails"
    return found


def _set_up(group: list[int]) -> None:
    shutil.copytree(ROOT / "course_utils", LIBRARY / "course_utils")
    source = COURSE / "source" / NAME
    source.mkdir(parents=True)
    (COURSE / "nbgrader_config.py").write_text(CONFIG)
    (source / "tiny_checks.py").write_text(CHECKS)
    (source / "tiny_hidden.py").write_text(HIDDEN)
    nbformat.write(notebook(RIGHT, TEST), source / f"{NAME}.ipynb")
    (HOME / "secret.txt").write_text(CANARY)
    (COURSE / "grades.txt").write_text(CANARY)
    _hand_in("zoe", notebook(RIGHT), {})
    for number in group:
        attack = ALL[number]
        made = notebook(attack.code, after=attack.after)
        if attack.edit:
            attack.edit(made)
        _hand_in(f"a{number}", made, attack.files)
    for family, address in (
        (socket.AF_INET, ("127.0.0.1", 48731)),
        (socket.AF_UNIX, "\0course-canary"),
        (socket.AF_UNIX, SOCKET),
    ):
        server = socket.socket(family)
        server.bind(address)
        server.listen()
        threading.Thread(target=_serve, args=(server,), daemon=True).start()


def _hand_in(who: str, made: nbformat.NotebookNode, files: dict[str, bytes]) -> None:
    folder = COURSE / "submitted" / who / NAME
    folder.mkdir(parents=True)
    (folder / f"{NAME}.ipynb").write_text(json.dumps(made))
    for name, content in files.items():
        (folder / name).write_bytes(content)


def _serve(server: socket.socket) -> None:
    while True:
        connection, _ = server.accept()
        connection.sendall(CANARY.encode())
        connection.close()


def _scores() -> dict[str, float]:
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{COURSE}/gradebook.db") as gradebook:
        return {s.student.id: s.score for s in gradebook.assignment_submissions(NAME)}


def _planted() -> bool:
    """Whether a submission has left something, in a file or as a process."""
    for place in (COURSE, HOME, LIBRARY, Path("/tmp/left"), Path("/dev/shm")):
        for path in place.rglob("*"):
            if "submitted" in path.parts or not path.is_file():
                continue
            if path.name in ("traced", "pickled", "left", "left.py"):
                return True
            if b"planted by a submission" in path.read_bytes() and path.suffix != ".ipynb":
                return True
    return sum("ipykernel_launcher" in _command(p) for p in Path("/proc").glob("[0-9]*")) > 0


def _command(process: Path) -> str:
    try:
        return (process / "cmdline").read_text()
    except OSError:
        return ""


if __name__ == "__main__":
    given = [int(text) for text in sys.argv[1:]]
    if given:
        print(json.dumps(_inside(given)))
    else:
        tried = [n for n, a in enumerate(ALL) if a.stock in ("works", "fails")]
        print(json.dumps(against_stock(tried), indent=1))
