"""kill -9 at any moment: the old array or the new one; after an append, committed rows."""

import json
import os
import subprocess
import sys

import numpy as np
import pytest

from course_utils import ArrayWriter, load_array, open_array, save_array

pytestmark = pytest.mark.slow

N_KILLS = 200  # a quarter each in first saves and appends, half while overwriting
WIDTH = 500
ROWS = 2500  # 5 MB, ten chunks


def values(version):
    """Give an array whose every row tells its version and its number."""
    array = np.random.default_rng(7).normal(size=(ROWS, WIDTH)).astype("f4")
    array[:, 0] = version
    array[:, 1] = np.arange(ROWS)
    return array


# A fresh interpreter takes a second to import; a fork of one that is ready takes milliseconds.
# The nursery holds the arrays ready. For each line it reads it forks a victim, kills it after the
# delay that the line asks for, and says whether that was in time, what the victim had said that it
# had committed, and how long it lived.
_NURSERY = """
import json, os, signal, sys, time
sys.path.insert(0, {root!r})
from tests.arrays.test_crash import victim, values
arrays = [values(0), values(1)]
for line in sys.stdin:
    name, kind, version, delay = line.split()
    hear, say = os.pipe()
    pid = os.fork()
    if pid == 0:
        victim(name, kind, arrays[int(version)], say)
        os._exit(0)
    os.close(say)
    with open(hear, "rb", buffering=0) as file:
        file.read(1)
        begun = time.perf_counter()
        if delay != "never":
            time.sleep(float(delay))
            os.kill(pid, signal.SIGKILL)
        said = b"".join(iter(lambda: file.read(1000), b"")).decode().split()
    killed = os.WIFSIGNALED(os.waitpid(pid, 0)[1])
    print(json.dumps([killed, list(map(int, said)), time.perf_counter() - begun]), flush=True)
"""


def victim(name, kind, array, say):
    """Do what gets killed."""
    os.write(say, b" ")
    if kind == "save":
        save_array(name, array)
        return
    with ArrayWriter(name, WIDTH, "f4") as writer:
        for start in range(len(writer), ROWS, 37):
            writer.append(array[start : start + 37])
            if start % 4 == 0:
                writer.commit()
                os.write(say, f"{len(writer)} ".encode())


@pytest.fixture(scope="module")
def nursery(project_root):
    process = subprocess.Popen(
        [sys.executable, "-c", _NURSERY.format(root=str(project_root))],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    yield process
    process.stdin.close()
    process.wait(timeout=30)


def run_and_kill(nursery, name, kind, version, delay):
    """Run a victim, and kill it ``delay`` seconds after its start unless that is ``"never"``.

    Returns whether the kill came in time, how many rows the victim said it had committed, and how
    long it lived.
    """
    print(name, kind, version, delay, file=nursery.stdin, flush=True)
    killed, said, seconds = json.loads(nursery.stdout.readline())
    return killed, said, seconds


def how_long(nursery, name, kind, version, prepare):
    """Measure the victim undisturbed, so that the kills fall all over its work."""
    durations = []
    for _ in range(3):
        prepare()
        durations.append(run_and_kill(nursery, name, kind, version, "never")[2])
    return sorted(durations)[1]


def remove(name):
    for entry in name.iterdir() if name.exists() else ():
        entry.unlink()
    if name.exists():
        name.rmdir()


def test_killed_during_a_first_save_there_is_the_array_or_none(nursery, tmp_path):
    name, new = tmp_path / "a", values(1)
    duration = how_long(nursery, name, "save", 1, lambda: remove(name))
    seen = {"none": 0, "whole": 0}
    for kill in range(N_KILLS // 4):
        remove(name)
        run_and_kill(nursery, name, "save", 1, 1.1 * duration * kill / (N_KILLS // 4))
        try:
            np.testing.assert_array_equal(load_array(name), new)
            seen["whole"] += 1
        except FileNotFoundError:
            seen["none"] += 1
        save_array(name, new[:10])
        np.testing.assert_array_equal(load_array(name), new[:10])
        assert {entry.name for entry in name.iterdir()} <= {"manifest", "lock"}
    assert seen["none"] > 0, seen


def test_killed_while_overwriting_there_is_the_old_array_or_the_new(nursery, tmp_path):
    name, versions = tmp_path / "a", [values(0), values(1)]
    save_array(name, versions[0])
    duration = how_long(nursery, name, "save", 1, lambda: save_array(name, versions[0]))
    old, seen = 1, {"old": 0, "new": 0}
    for kill in range(N_KILLS // 2):
        new = 1 - old
        run_and_kill(nursery, name, "save", new, 1.1 * duration * kill / (N_KILLS // 2))
        found = load_array(name)
        version = int(found[0, 0])
        np.testing.assert_array_equal(found, versions[version])
        seen["new" if version == new else "old"] += 1
        old = version
    assert seen["old"] > 0, seen


def test_killed_while_appending_there_is_a_prefix_of_committed_rows(nursery, tmp_path):
    name, whole = tmp_path / "a", values(1)
    duration = how_long(nursery, name, "append", 1, lambda: remove(name))
    remove(name)
    survivors, n_killed = 0, 0
    for kill in range(N_KILLS // 4):
        # Now and then from the start, otherwise on from where the last victim died.
        if kill % 5 == 0:
            remove(name)
        delay = duration * (0.02 + 0.6 * (kill % 17) / 17)
        killed, said, _ = run_and_kill(nursery, name, "append", 1, delay)
        n_killed += killed
        try:
            stored = open_array(name)
        except FileNotFoundError:
            assert not said
            continue
        # What it said was committed is there. One commit more may have happened unsaid.
        assert len(stored) >= (said[-1] if said else 0)
        assert len(stored) % 37 == 0 or len(stored) == ROWS
        np.testing.assert_array_equal(stored[:], whole[: len(stored)])
        survivors += 1
    assert survivors > 0 and n_killed > 0
    with ArrayWriter(name, WIDTH, "f4") as writer:
        writer.append(whole[len(writer) :])
    np.testing.assert_array_equal(load_array(name), whole)
