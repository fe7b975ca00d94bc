"""Hostile submissions gain nothing, learn nothing, harm nobody, and leave nothing behind."""

from __future__ import annotations

import contextlib
import os
import socket
import threading
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from course_utils.grading.limits import Limits
from course_utils.grading.submissions import grade
from course_utils.grading.workers import start_workers

from .attacks import Attack
from .more_attacks import ALL, SOCKET
from .tiny import POINTS, RIGHT, SECRET, exam, notebook, submission

pytestmark = pytest.mark.slow

CANARY = "canary-of-the-machine"


def run(attack: Attack) -> dict[str, object]:
    made = notebook(attack.code, after=attack.after)
    if attack.edit:
        attack.edit(made)
    limits = Limits(**{"cell": 15, **attack.limits})
    return grade(exam(), submission(made, attack.files), limits)


def honest() -> dict[str, object]:
    return grade(exam(), submission(notebook(RIGHT)), Limits(cell=30))


@pytest.fixture(scope="module", autouse=True)
def machine(tmp_path_factory):
    """A machine with secrets: environment, home, a server, an abstract socket."""
    os.environ["COURSE_TEST_SECRET"] = CANARY
    servers = []
    Path(SOCKET).unlink(missing_ok=True)
    for family, address in (
        (socket.AF_INET, ("127.0.0.1", 48731)),
        (socket.AF_UNIX, "\0course-canary"),
        (socket.AF_UNIX, SOCKET),
    ):
        server = socket.socket(family)
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        server.bind(address)
        server.listen()
        threading.Thread(target=_serve, args=(server,), daemon=True).start()
        servers.append(server)
    honest()  # the sandbox stands before the first attack
    yield
    for server in servers:
        server.close()
    Path(SOCKET).unlink()
    del os.environ["COURSE_TEST_SECRET"]


def _serve(server: socket.socket) -> None:
    while True:
        try:
            connection, _ = server.accept()
        except OSError:
            return
        connection.sendall(CANARY.encode())
        connection.close()


def _processes_of_sandboxes() -> int:
    """Count the processes of this test run's sandboxes: forks keep their command line."""
    found = 0
    for process in psutil.Process().children(recursive=True):
        with contextlib.suppress(psutil.Error):
            found += "course_utils.grading.zygote" in process.cmdline()
    return found


def _settles_at(count: Callable[[], int], value: int) -> bool:
    deadline = time.monotonic() + 10
    while count() != value and time.monotonic() < deadline:
        time.sleep(0.05)
    return count() == value


@pytest.mark.parametrize("attack", ALL, ids=lambda attack: attack.what)
def test_an_attack_gains_nothing_learns_nothing_and_harms_nobody(attack):
    places = [Path("/tmp"), Path("/dev/shm"), Path.home(), Path(__file__).parents[2]]
    resting = _processes_of_sandboxes()
    before = {place: sorted(path.name for path in place.iterdir()) for place in places}
    result = run(attack)
    assert result["points"] == 0, result["exercises"]
    assert result["max_points"] == POINTS
    told = [cell.get("outputs") for cell in result["executed"]["cells"]]
    for secret in (SECRET, CANARY):
        assert secret not in str(told)
    assert len(str(result)) < 40_000_000
    assert result["exercises"][0]["message"]
    # Its processes are gone, and whoever comes next finds nothing of it.
    after = {place: sorted(path.name for path in place.iterdir()) for place in places}
    new = {name for place in places for name in {*after[place]} - {*before[place]}}
    assert not new & {"left", "pickled", "traced"}
    assert "left behind" not in str(told)
    follower = honest()
    assert follower["points"] == POINTS
    assert follower["oddities"] == []
    assert _settles_at(_processes_of_sandboxes, resting)


def test_there_are_at_least_a_hundred_of_them_each_with_a_name_of_its_own():
    assert len({attack.what for attack in ALL}) == len(ALL) >= 100


def test_the_right_answer_gets_its_points_and_a_blank_reads_not_attempted():
    assert honest()["points"] == POINTS
    blank = grade(exam(), submission(notebook("raise NotImplementedError()")), Limits())
    assert blank["points"] == 0


def test_output_without_end_costs_a_learner_that_cell_and_no_other():
    made = notebook(RIGHT)
    endless = notebook("while True:\n    print('x' * 10_000)").cells[0]
    endless.metadata = {}
    made.cells.insert(0, endless)
    result = grade(exam(), submission(made), Limits(cell=5))
    assert result["points"] == POINTS
    assert "cell 1 did not finish in time" in result["oddities"]


def test_a_worker_gives_its_submissions_one_core_of_their_own():
    code = f"{RIGHT}\nimport os\nprint('cores:', len(os.sched_getaffinity(0)))"
    with start_workers(1) as pool:
        work = pool.submit(grade, exam(), submission(notebook(code)), Limits())
        result = work.result()
    assert result["points"] == POINTS
    assert "cores: 1\n" in str(result["executed"]["cells"][0]["outputs"][0]["text"])
