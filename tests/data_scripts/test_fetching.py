"""Fetching on networks and disks as bad as they come."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from course_utils.datasets.registry import DATA_SETS
from data_scripts import fetching
from data_scripts.__main__ import main
from tests.data_scripts import conftest as faults

FIRST = "/pictures/train/cat/0.jpg"
REAL = ("animal_faces", "test_images", "campus_images")


def files_of(name):
    return DATA_SETS[name].files(Path("anywhere"))


@pytest.fixture
def run(capfd):
    """Give a function that runs the command; check that what it says is for people."""

    def command(*arguments):
        status = main(arguments)
        said = capfd.readouterr()
        assert "Traceback" not in said.err
        # What is left without the progress bar is one sentence of advice, or nothing.
        advice = [line for line in re.split(r"[\r\n]", said.err) if line.startswith("data: ")]
        assert len(advice) == (1 if status else 0)
        return status, advice[0] if advice else said.out

    return command


@pytest.mark.parametrize("by", ["http", "folder"])
def test_all_real_files_arrive_and_a_second_fetch_does_nothing(
    mirror, serve, monkeypatch, run, state, by
):
    server = serve(mirror)
    monkeypatch.setenv("COURSE_DATA_MIRROR", server.address if by == "http" else str(mirror))
    assert run("fetch", *REAL)[0] == 0
    assert len(state()) == 307
    assert run("verify", *REAL) == (0, "".join(
        f"{name}: all {len(files_of(name))} files are as they should be.\n" for name in REAL
    ))  # fmt: skip
    asked = len(server.requests)
    assert asked == (307 if by == "http" else 0)
    status, said = run("fetch", *REAL)
    assert status == 0 and said.count("nothing to do") == 3
    assert len(server.requests) == asked


@pytest.mark.parametrize(
    ("fault", "advice"),
    [
        (faults.wrong_bytes, "SHA-256 differs.*Try again later"),
        (faults.captive_portal, "log in to the network, and run it again"),
        (faults.missing, "has no .*0.jpg .404.; complete the mirror, or unset COURSE_DATA_MIRROR"),
        (faults.forbidden, "refuses to give .*403"),
        (faults.busy, "in trouble .503.; run it again later"),
        (faults.drop_after(0), "check the network and run it again"),
        (faults.silence(2), "does not answer in time; run it again later"),
        (faults.endless, "SHA-256 differs"),
    ],
)
def test_each_fault_ends_in_advice_and_the_data_as_before(tiny, run, state, fault, advice):
    assert run("fetch", "textures")[0] == 0
    before = state()
    tiny.every_time = fault
    status, said = run("fetch", "tiny", "--timeout", "0.3")
    assert status == 1
    assert re.search(advice, said)
    assert state() == before
    tiny.every_time = None
    assert run("fetch", "tiny")[0] == 0
    assert len(state()) == len(before) + 6


def test_one_bad_file_among_good_ones_is_named_and_the_others_are_kept_whole(tiny, run, state):
    tiny.faults[FIRST] = [faults.wrong_bytes]
    status, said = run("fetch", "tiny")
    assert status == 1 and FIRST in said
    assert "tiny/train/cat/0.jpg" not in state()
    assert {len(content) for content in state().values()} <= {200_000}


def test_one_data_set_that_cannot_be_had_does_not_keep_the_next_from_coming(tiny, capsys, state):
    tiny.every_time = faults.missing
    assert main(["fetch", "tiny", "textures"]) == 1
    assert "404" in capsys.readouterr().err
    assert len([name for name in state() if name.startswith("textures/")]) == 193


def test_a_dropped_connection_goes_on_where_it_stopped(tiny, run):
    tiny.faults[FIRST] = [faults.drop_after(70_000), faults.drop_after(50_000)]
    assert run("fetch", "tiny")[0] == 0
    starts = [start for path, start in tiny.requests if path == FIRST]
    assert starts[0] is None
    offsets = [int(start.removeprefix("bytes=").rstrip("-")) for start in starts[1:]]
    # What had arrived but was not written yet is asked for again: at most 16 KiB a drop.
    assert len(offsets) == 2 and 50_000 < offsets[0] <= 70_000 < offsets[1] <= 120_000
    assert run("verify", "tiny")[0] == 0


def test_a_download_that_broke_off_goes_on_in_the_next_run(tiny, run):
    tiny.faults[FIRST] = [faults.drop_after(100_000)] + [faults.missing] * 9
    assert run("fetch", "tiny")[0] == 1
    tiny.faults[FIRST], tiny.requests[:] = [], []
    assert run("fetch", "tiny")[0] == 0
    [start] = [start for path, start in tiny.requests if path == FIRST]
    assert int(start.removeprefix("bytes=").rstrip("-")) >= 65_536


def test_a_server_without_ranges_costs_time_but_not_the_file(tiny, run):
    tiny.faults[FIRST] = [faults.drop_after(70_000), faults.without_ranges]
    assert run("fetch", "tiny")[0] == 0
    assert run("verify", "tiny")[0] == 0


def test_a_web_page_in_place_of_the_rest_does_not_cost_the_start(tiny, run):
    tiny.faults[FIRST] = [faults.drop_after(100_000), faults.captive_portal]
    assert "log in" in run("fetch", "tiny")[1]
    tiny.requests.clear()
    assert run("fetch", "tiny")[0] == 0
    assert [start for path, start in tiny.requests if path == FIRST] != [None]


@pytest.mark.parametrize("size", [1000, 200_000, 300_000])
def test_a_start_that_was_damaged_is_thrown_away_and_fetched_anew(tiny, run, tmp_path, size):
    partial = tmp_path / "data" / ".partial" / f"{files_of('tiny')[0].sha256}.part"
    partial.parent.mkdir(parents=True)
    partial.write_bytes(b"x" * size)
    assert run("fetch", "tiny")[0] == 0
    assert run("verify", "tiny")[0] == 0


def test_pieces_that_do_not_fit_are_thrown_away_and_the_file_fetched_in_one(tiny, run):
    tiny.faults[FIRST] = [faults.drop_after(70_000), faults.wrong_rest]
    assert run("fetch", "tiny")[0] == 0
    assert [start for path, start in tiny.requests if path == FIRST][-1] is None
    assert run("verify", "tiny")[0] == 0


def test_a_server_in_trouble_is_asked_again(tiny, run):
    tiny.faults[FIRST] = [faults.busy, faults.busy]
    assert run("fetch", "tiny")[0] == 0


def test_what_will_not_change_is_not_asked_again(tiny, run):
    tiny.faults[FIRST] = [faults.missing] * 5
    run("fetch", "tiny")
    assert len([path for path, _ in tiny.requests if path == FIRST]) == 1


def test_nobody_answering_is_said_within_seconds(run, monkeypatch, tiny):
    tiny.shutdown()
    tiny.server_close()
    start = time.monotonic()
    status, said = run("fetch", "tiny")
    assert status == 1 and "no connection to 127.0.0.1" in said
    assert time.monotonic() - start < 5


def test_files_come_through_a_proxy(tiny, run, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", tiny.address)
    monkeypatch.setenv("COURSE_DATA_MIRROR", "http://campus.example")
    assert run("fetch", "tiny")[0] == 0
    assert tiny.requests[0][0].startswith("http://campus.example/pictures/")


@pytest.mark.parametrize("form", ["file://{}", "{}/", "relative"])
def test_a_mirror_folder_may_be_written_in_several_ways(
    tiny, run, monkeypatch, tmp_path, project_root, form
):
    folder = tmp_path / "mirror"
    relative = os.path.relpath(folder, project_root)
    monkeypatch.setenv(
        "COURSE_DATA_MIRROR", relative if form == "relative" else form.format(folder)
    )
    assert run("fetch", "tiny")[0] == 0
    assert tiny.requests == []


def test_a_proxy_that_does_not_work_is_named(tiny, run, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("COURSE_DATA_MIRROR", "http://campus.example")
    assert "check HTTPS_PROXY" in run("fetch", "tiny")[1]


@pytest.mark.parametrize(
    ("mirror", "advice"),
    [
        ("/nowhere/at/all", "no such folder"),
        ("http://", "not an address"),
        ("http://[::1", "not an address"),
        ("http://exa mple.invalid", "no connection"),
        ("http://" + "a" * 70 + ".invalid", "no connection"),
    ],
)
def test_a_mirror_that_is_none_is_named(tiny, run, monkeypatch, mirror, advice):
    monkeypatch.setenv("COURSE_DATA_MIRROR", mirror)
    assert re.search(advice, run("fetch", "tiny")[1])


def test_a_password_in_the_mirrors_address_is_not_shown(tiny, run, monkeypatch):
    monkeypatch.setenv("COURSE_DATA_MIRROR", tiny.address.replace("//", "//me:secret@"))
    for fault in (faults.missing, faults.wrong_bytes, faults.captive_portal, faults.busy, None):
        tiny.every_time = fault
        assert "secret" not in run("fetch", "tiny")[1]


def test_an_incomplete_mirror_folder_is_named(tiny, run, monkeypatch, tmp_path, state):
    monkeypatch.setenv("COURSE_DATA_MIRROR", str(tmp_path / "mirror"))
    (tmp_path / "mirror" / FIRST[1:]).unlink()
    status, said = run("fetch", "tiny")
    assert status == 1 and re.search("mirror has no file .*train/cat/0.jpg; complete", said)


def test_too_small_a_disk_is_said_before_anything_is_fetched(tiny, run, small_disk, state):
    small_disk("size=512k")
    status, said = run("fetch", "tiny")
    assert status == 1 and re.search(r"needs 1 MB .* has \S+ MB left; make room there", said)
    assert tiny.requests == [] and state() == {}


def test_a_disk_that_fills_up_is_said_and_left_with_its_room(
    tiny, run, small_disk, state, monkeypatch
):
    disk = small_disk("size=900k")
    enough = shutil.disk_usage(disk)._replace(free=10**9)
    monkeypatch.setattr(fetching.shutil, "disk_usage", lambda path: enough)
    status, said = run("fetch", "tiny")
    assert status == 1 and "is full; make room there and run it again" in said
    assert {len(content) for content in state().values()} <= {200_000}
    assert list(disk.glob(".partial/*.part")) == []


def test_a_folder_that_may_not_be_written_is_said(tiny, run, small_disk):
    small_disk("ro")
    for name in ("tiny", "textures"):
        status, said = run("fetch", name)
        assert status == 1 and "may not be written to; set COURSE_DATA" in said


def test_a_file_in_place_of_the_folder_is_said(tiny, run, tmp_path):
    (tmp_path / "data").write_text("mine")
    assert "a file lies where a folder should be" in run("fetch", "tiny")[1]
    assert (tmp_path / "data").read_text() == "mine"


@pytest.fixture
def start(project_root, mirror, serve, tmp_path):
    """Give a function that starts a fetch of the real files in a process of its own."""
    server = serve(mirror)
    environment = os.environ | {
        "COURSE_DATA": str(tmp_path / "data"),
        "COURSE_DATA_MIRROR": server.address,
    }

    def begin(name):
        command = [sys.executable, "-m", "data_scripts", "fetch", name]
        return server, subprocess.Popen(
            command, cwd=project_root, env=environment, stderr=subprocess.PIPE, text=True
        )

    return begin


def wait_until(true, seconds=60):
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.02)


@pytest.mark.slow
@pytest.mark.parametrize("kill", [signal.SIGINT, signal.SIGKILL])
def test_an_interrupt_leaves_whole_files_and_the_next_run_goes_on(
    start, state, run, kill, monkeypatch, tmp_path
):
    unfinished = tmp_path / "data" / ".partial"
    server, process = start("animal_faces")
    # From the fifth file on, the server falls silent in the middle.
    server.every_time = lambda handler: (
        handler.give() if len(server.requests) < 5 else faults.silence(30)(handler)
    )
    wait_until(lambda: len(server.requests) > 6)
    process.send_signal(kill)
    _, said = process.communicate(timeout=8)
    if kill == signal.SIGINT:
        assert process.returncode == 130
        assert "Traceback" not in said and "stopped. What arrived is kept" in said
    sizes = {f"animal_faces/{file.path}": file.size for file in files_of("animal_faces")}
    arrived = state()
    assert all(len(content) == sizes[name] for name, content in arrived.items())
    whole_but_not_yet_placed = [
        file
        for file in files_of("animal_faces")
        if (unfinished / f"{file.sha256}.part").is_file()
        and (unfinished / f"{file.sha256}.part").stat().st_size == file.size
    ]

    server.every_time = None
    monkeypatch.setenv("COURSE_DATA_MIRROR", server.address)
    server.requests.clear()
    assert run("fetch", "animal_faces")[0] == 0
    assert len(server.requests) == 300 - len(arrived) - len(whole_but_not_yet_placed)
    assert run("verify", "animal_faces")[0] == 0
