"""A full disk costs nothing that was there."""

import errno
import os
import subprocess
import sys

import numpy as np
import pytest

from course_utils import ArrayWriter, load_array, save_array

SMALL = 4 * 2**20


def noise(n_rows, seed=0):
    """Give rows of 4 KiB that do not compress."""
    return np.random.default_rng(seed).integers(0, 256, (n_rows, 4096), dtype=np.uint8)


@pytest.fixture
def small_disk(tmp_path):
    """Mount a file system of 4 MiB."""
    if os.geteuid() != 0:
        pytest.skip("only root can mount a small file system; the next test does without")
    folder = tmp_path / "disk"
    folder.mkdir()
    options = ["-t", "tmpfs", "-o", f"size={SMALL}", "tmpfs"]
    if subprocess.run(["mount", *options, folder], capture_output=True).returncode:
        pytest.skip("this system does not let root mount a small file system")
    yield folder
    subprocess.run(["umount", "--lazy", folder], check=True)


def fill(disk, leave):
    """Fill the disk but for ``leave`` bytes."""
    status = os.statvfs(disk)
    with (disk / "ballast").open("wb") as file:
        file.write(bytes(max(0, status.f_bavail * status.f_frsize - leave)))


@pytest.mark.parametrize("n_rows", [10, 300, 2000])
def test_a_save_that_finds_no_room_leaves_the_old_array(small_disk, n_rows):
    old = noise(300)
    save_array(small_disk / "a", old)
    fill(small_disk, leave=8192)
    before = {entry.name for entry in (small_disk / "a").iterdir()}
    with pytest.raises(OSError, match=r"no room to write.*untouched") as caught:
        save_array(small_disk / "a", noise(n_rows, seed=1))
    assert caught.value.errno == errno.ENOSPC
    np.testing.assert_array_equal(load_array(small_disk / "a"), old)
    assert {entry.name for entry in (small_disk / "a").iterdir()} == before
    (small_disk / "ballast").unlink()
    save_array(small_disk / "a", old[::-1])
    np.testing.assert_array_equal(load_array(small_disk / "a"), old[::-1])


def test_a_first_save_that_finds_no_room_leaves_nothing(small_disk):
    with pytest.raises(OSError, match="no room"):
        save_array(small_disk / "a", noise(2000))
    assert not (small_disk / "a").exists()
    free = os.statvfs(small_disk)
    assert free.f_bavail * free.f_frsize > 0.9 * SMALL


def test_an_append_that_finds_no_room_keeps_what_was_committed_and_can_be_repeated(small_disk):
    rows = noise(1200)
    with ArrayWriter(small_disk / "a", 4096, "u1") as writer:
        writer.append(rows[:150])
        writer.commit()
        fill(small_disk, leave=300_000)
        failures = 0
        for start in range(150, 400, 50):
            while True:
                try:
                    writer.append(rows[start : start + 50])
                    break
                except OSError as error:
                    assert "150 committed rows are safe" in str(error)
                    failures += 1
                    assert failures == 1
                    np.testing.assert_array_equal(load_array(small_disk / "a"), rows[:150])
                    (small_disk / "ballast").unlink()
    assert failures == 1
    np.testing.assert_array_equal(load_array(small_disk / "a"), rows[:400])


def test_a_commit_that_finds_no_room_can_be_repeated(small_disk):
    rows = noise(200)
    with ArrayWriter(small_disk / "a", 4096, "u1") as writer:
        writer.append(rows[:10])
        writer.commit()
        fill(small_disk, leave=0)
        writer.append(rows[10:60])
        with pytest.raises(OSError, match="10 committed rows are safe"):
            writer.commit()
        np.testing.assert_array_equal(load_array(small_disk / "a"), rows[:10])
        (small_disk / "ballast").unlink()
        writer.append(rows[60:])
    np.testing.assert_array_equal(load_array(small_disk / "a"), rows)


def test_a_writer_that_cannot_commit_at_its_end_loses_only_what_was_not_committed(small_disk):
    rows = noise(100)
    with pytest.raises(OSError, match="no room"), ArrayWriter(small_disk / "a", 4096, "u1") as w:
        w.append(rows[:10])
        w.commit()
        fill(small_disk, leave=0)
        w.append(rows[10:90])
    (small_disk / "ballast").unlink()
    with ArrayWriter(small_disk / "a") as writer:
        assert len(writer) == 10
        writer.append(rows[10:])
    np.testing.assert_array_equal(load_array(small_disk / "a"), rows)


_LIMITED = """
import resource, signal, sys
import numpy as np
from course_utils import ArrayWriter, load_array, save_array
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
name = sys.argv[1]
rows = np.random.default_rng(0).integers(0, 256, (1000, 4096), dtype=np.uint8)
save_array(name, rows[:200])
resource.setrlimit(resource.RLIMIT_FSIZE, (2**20, resource.RLIM_INFINITY))
for write in (lambda: save_array(name, rows[:900]),
              lambda: ArrayWriter(name).append(rows[:400])):
    try:
        write()
    except OSError as error:
        assert "no room" in str(error), error
    else:
        raise AssertionError("there was room")
    assert (load_array(name) == rows[:200]).all()
print("kept")
"""


def test_a_limit_on_files_costs_nothing_either(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", _LIMITED, tmp_path / "a"], capture_output=True, text=True
    )
    assert done.stdout == "kept\n", done.stderr
