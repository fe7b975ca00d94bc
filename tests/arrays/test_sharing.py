"""Several processes at one array: readers see committed states, writers keep out of each other."""

import multiprocessing
import os
import pickle
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import numpy as np
import pytest

from course_utils import ArrayWriter, load_array, open_array, save_array
from course_utils.arrays import ArrayBusyError

WIDTH = 300
SPAWN = multiprocessing.get_context("spawn")


def numbered(start, count):
    return np.repeat(np.arange(start, start + count, dtype="f4"), WIDTH).reshape(count, WIDTH)


def read_until_done(name, number, done, n_sizes, results):
    """Read again and again; count the states that were seen, report the first fault."""
    sizes, last = set(), 0
    try:
        while not done.is_set():
            stored = open_array(name)
            n = len(stored)
            assert n % 50 == 0, f"{n} rows were never committed"
            assert n >= last, f"{n} rows after {last}"
            whole = stored[:]
            np.testing.assert_array_equal(whole, numbered(0, n))
            if n > 10:
                np.testing.assert_array_equal(stored[n - 10 :], numbered(n - 10, 10))
            stored.close()
            last = n
            sizes.add(n)
            n_sizes[number] = len(sizes)
        results.put("")
    except BaseException as error:
        results.put(f"{type(error).__name__}: {error}")


@pytest.mark.slow
def test_readers_in_other_processes_see_only_committed_rows_while_one_appends(tmp_path):
    name = tmp_path / "a"
    save_array(name, numbered(0, 0))
    done, results = SPAWN.Event(), SPAWN.Queue()
    n_sizes = SPAWN.Array("i", 3)
    readers = [
        SPAWN.Process(target=read_until_done, args=(name, number, done, n_sizes, results))
        for number in range(3)
    ]
    for reader in readers:
        reader.start()
    try:
        total, until = 0, time.monotonic() + 60
        while min(n_sizes) < 5 and time.monotonic() < until and results.empty():
            with ArrayWriter(name, WIDTH, "f4") as writer:
                for _ in range(20):
                    writer.append(numbered(total, 30))
                    writer.append(numbered(total + 30, 20))
                    total += 50
                    writer.commit()
    finally:
        done.set()
    faults = [results.get(timeout=60) for _ in readers]
    for reader in readers:
        reader.join()
    assert faults == ["", "", ""]
    assert min(n_sizes) >= 5, list(n_sizes)


@pytest.mark.slow
def test_readers_see_the_old_or_the_new_array_while_it_is_replaced(tmp_path):
    name = tmp_path / "a"
    versions = [np.full((900 + 900 * k, WIDTH), k, "f4") for k in range(3)]
    save_array(name, versions[0])
    stop, faults, reads = threading.Event(), [], [0]

    def read():
        try:
            while not stop.is_set():
                stored = open_array(name)
                time.sleep(0.001)
                found = stored[:]
                np.testing.assert_array_equal(found, versions[int(found[0, 0])])
                reads[0] += 1
        except BaseException as error:
            faults.append(error)

    with ThreadPoolExecutor(3) as pool:
        for _ in range(3):
            pool.submit(read)
        for round_ in range(60):
            save_array(name, versions[round_ % 3])
        stop.set()
    assert not faults
    assert reads[0] > 3


def test_an_open_array_keeps_showing_what_it_was_opened_on(tmp_path):
    old, new = numbered(0, 2000), numbered(5, 700)
    save_array(tmp_path / "a", old)
    opened = open_array(tmp_path / "a")
    save_array(tmp_path / "a", new)
    np.testing.assert_array_equal(opened[:], old)
    np.testing.assert_array_equal(load_array(tmp_path / "a"), new)
    with ArrayWriter(tmp_path / "a") as writer:
        writer.append(old)
    np.testing.assert_array_equal(opened[1000:1010], old[1000:1010])


def test_a_second_writer_gets_a_clear_error_and_changes_nothing(tmp_path):
    with ArrayWriter(tmp_path / "a", WIDTH, "f4") as writer:
        writer.append(numbered(0, 5))
        for write in (
            lambda: ArrayWriter(tmp_path / "a", WIDTH, "f4"),
            lambda: save_array(tmp_path / "a", np.zeros(3)),
        ):
            with pytest.raises(ArrayBusyError, match=r"another notebook.*Wait until"):
                write()
        writer.append(numbered(5, 5))
    np.testing.assert_array_equal(load_array(tmp_path / "a"), numbered(0, 10))
    save_array(tmp_path / "a", np.zeros(3))


def hold(name, holding, release):
    writer = ArrayWriter(name, WIDTH, "f4")
    writer.append(numbered(0, 5))
    writer.commit()
    writer.append(numbered(5, 5))
    holding.set()
    release.wait(60)
    os._exit(1)


@pytest.mark.slow
def test_a_writer_in_another_process_keeps_others_out_until_it_dies(tmp_path):
    holding, release = SPAWN.Event(), SPAWN.Event()
    other = SPAWN.Process(target=hold, args=(tmp_path / "a", holding, release))
    other.start()
    assert holding.wait(60)
    with pytest.raises(ArrayBusyError, match="another program"):
        save_array(tmp_path / "a", np.zeros(3))
    other.kill()
    other.join()
    assert (tmp_path / "a" / "lock").exists(), "the dead process could not tidy up"
    with ArrayWriter(tmp_path / "a") as writer:
        assert len(writer) == 5
        writer.append(numbered(5, 1))
    np.testing.assert_array_equal(load_array(tmp_path / "a"), numbered(0, 6))


def save_many_times(name, value, results):
    saved = busy = 0
    while saved < 10:
        try:
            save_array(name, np.full((400, WIDTH), value, "f4"))
            saved += 1
        except ArrayBusyError:
            busy += 1
            time.sleep(0.001)
    results.put(busy)


@pytest.mark.slow
def test_writers_that_race_never_mix(tmp_path):
    results = SPAWN.Queue()
    writers = [
        SPAWN.Process(target=save_many_times, args=(tmp_path / "a", value, results))
        for value in (1, 2, 3)
    ]
    for writer in writers:
        writer.start()
    while any(writer.is_alive() for writer in writers):
        with suppress(FileNotFoundError):
            assert len(np.unique(load_array(tmp_path / "a"))) == 1
    for writer in writers:
        writer.join()
        assert writer.exitcode == 0
    assert len(np.unique(load_array(tmp_path / "a"))) == 1
    assert len(list((tmp_path / "a").glob("chunks-*"))) <= 1


def test_an_array_that_is_first_saved_while_another_looks_for_it_is_not_taken_for_foreign(
    tmp_path, monkeypatch
):
    name = tmp_path / "a"
    name.mkdir()
    look = os.path.lexists

    def look_just_before_the_save(path):
        found = look(path)
        with monkeypatch.context() as unpatched:
            unpatched.setattr(os.path, "lexists", look)
            save_array(name, numbered(0, 5))
        return found

    with monkeypatch.context() as patch:
        patch.setattr(os.path, "lexists", look_just_before_the_save)
        found = load_array(name)
    np.testing.assert_array_equal(found, numbered(0, 5))


def test_threads_can_share_an_open_array(tmp_path):
    save_array(tmp_path / "a", numbered(0, 4000))
    stored = open_array(tmp_path / "a")
    order = np.random.default_rng(0).permutation(4000)
    with ThreadPoolExecutor(4) as pool:
        rows = np.stack(list(pool.map(lambda row: stored[int(row)], order)))
    np.testing.assert_array_equal(rows[:, 0], order)


def test_an_open_array_can_be_sent_to_another_process(tmp_path):
    save_array(tmp_path / "a", numbered(0, 4000))
    copy = pickle.loads(pickle.dumps(open_array(tmp_path / "a")))
    np.testing.assert_array_equal(copy[[3, 3999]], numbered(0, 4000)[[3, 3999]])


def test_reading_needs_no_right_to_write(tmp_path):
    save_array(tmp_path / "a", numbered(0, 4000))
    for entry in (tmp_path / "a").iterdir():
        entry.chmod(0o444)
    (tmp_path / "a").chmod(0o555)
    before = sorted(entry.stat().st_mtime_ns for entry in (tmp_path / "a").iterdir())
    np.testing.assert_array_equal(load_array(tmp_path / "a"), numbered(0, 4000))
    assert before == sorted(entry.stat().st_mtime_ns for entry in (tmp_path / "a").iterdir())
