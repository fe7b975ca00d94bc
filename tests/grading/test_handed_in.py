"""Whatever lies in a submission's folder, it is taken or set aside, and nobody waits for it."""

import contextlib
import os
import socket
import subprocess
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course_utils.grading.handed_in import (
    MAX_FILES,
    NOTE,
    TIME,
    defuse,
    in_words,
    is_name,
    look_through,
    read_submission,
    set_aside,
)

IGNORE = ["__pycache__", "*.pyc", "*_checks"]


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "submitted" / "mallory" / "a1"
    made.mkdir(parents=True)
    (made / "a1.ipynb").write_text("{}")
    (made / "notes.txt").write_text("mine")
    yield made
    # Python itself cannot delete folders that are so deep in each other.
    subprocess.run(["rm", "-rf", made, tmp_path / "set_aside"], check=True)


def a_link(folder):
    (folder / "x").symlink_to("/etc/passwd")


def a_link_to_nothing(folder):
    (folder / "x").symlink_to(os.fsdecode(b"/\xff\xfe"))


def a_link_to_a_folder(folder):
    (folder / "x").symlink_to("/")


def a_pipe(folder):
    os.mkfifo(folder / "x")


def a_socket(folder):
    with contextlib.chdir(folder):  # a socket's path must be short
        socket.socket(socket.AF_UNIX).bind("x")


def a_name_in_another_encoding(folder):
    (folder / os.fsdecode(b"caf\xe9")).write_text("x")


def a_name_that_writes_on_the_terminal(folder):
    (folder / "\x1b]0;x\x07").write_text("x")


def a_name_of_two_lines(folder):
    (folder / "a\nmallory  12 points").write_text("x")


def folders_in_folders(folder):
    here = os.open(folder, os.O_RDONLY)
    for _ in range(1500):  # deeper than Python recurses, and than a path may be long
        os.mkdir("d", dir_fd=here)
        below = os.open("d", os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = below
    os.close(here)


def many_files(folder):
    for number in range(MAX_FILES + 100):
        (folder / f"z{number}").write_text("")


def many_notebooks(folder):
    for number in range(200):
        (folder / f"z{number}.ipynb").write_text("{}")


def a_large_file(folder):
    with (folder / "x").open("wb") as file:
        file.truncate(10 << 30)


def no_time(folder):
    (folder / "timestamp.txt").write_text("tomorrow")


def a_time_of_megabytes(folder):
    (folder / "timestamp.txt").write_bytes(b"\xff" * 3_000_000)


def a_pipe_for_a_time(folder):
    os.mkfifo(folder / "timestamp.txt")


HOSTILE = [
    a_link,
    a_link_to_nothing,
    a_link_to_a_folder,
    a_pipe,
    a_socket,
    a_name_in_another_encoding,
    a_name_that_writes_on_the_terminal,
    a_name_of_two_lines,
    folders_in_folders,
    many_files,
    many_notebooks,
    a_large_file,
    no_time,
    a_time_of_megabytes,
    a_pipe_for_a_time,
]


@pytest.mark.parametrize("hostile", HOSTILE, ids=lambda made: made.__name__)
def test_what_is_not_taken_is_moved_and_named_and_the_rest_is_read(folder, hostile):
    hostile(folder)
    started = time.monotonic()
    defuse(notebooks=[str(folder / "a1.ipynb")])
    submission = read_submission(folder, "a1", IGNORE)
    assert time.monotonic() - started < 60
    assert submission.content == b"{}"
    assert submission.files["notes.txt"] == b"mine"
    assert len(submission.files) <= MAX_FILES
    said = "; ".join(submission.oddities)
    assert "left out" in said
    assert said.isprintable()
    said.encode()
    assert look_through(folder).refused == []
    aside = folder.parents[2] / "set_aside" / "mallory" / "a1" / "1"
    assert aside.is_dir()
    # Whoever copies what is left finds regular files of modest size and nothing else.
    for place, folders, names in os.walk(folder):
        assert not any(Path(place, name).is_symlink() for name in [*folders, *names])
        assert len(names) <= MAX_FILES + 60


def test_reading_again_says_the_same_and_a_second_surprise_is_added(folder):
    a_pipe(folder)
    set_aside(folder)
    first = read_submission(folder, "a1", IGNORE)
    set_aside(folder)
    assert read_submission(folder, "a1", IGNORE) == first
    (folder / "y").symlink_to("/")
    set_aside(folder)
    assert len(read_submission(folder, "a1", IGNORE).oddities) == 2
    assert NOTE not in first.files


def test_an_ordinary_submission_stays_as_it_is(folder):
    (folder / "timestamp.txt").write_text("2026-01-16 10:00:00.000000 UTC")
    (folder / "pictures").mkdir()
    (folder / "pictures" / "café.png").write_bytes(b"x")
    before = sorted(folder.rglob("*"))
    set_aside(folder)
    assert sorted(folder.rglob("*")) == before
    submission = read_submission(folder, "a1", IGNORE)
    assert submission.oddities == ()
    assert set(submission.files) == {"notes.txt", "pictures/café.png"}


def test_a_submission_that_cannot_be_looked_through_is_set_aside_whole(folder, monkeypatch):
    def broken(folder):
        raise OSError("the disk is gone")

    monkeypatch.setattr("course_utils.grading.handed_in.set_aside", broken)
    (folder / "secret").symlink_to("/etc/passwd")
    defuse(notebooks=[str(folder / "a1.ipynb")])
    assert [path.name for path in folder.iterdir()] == [NOTE]
    assert "could not be looked through" in read_submission(folder, "a1", IGNORE).oddities[0]


@given(st.lists(st.tuples(st.text(), st.text()), max_size=30))
def test_what_is_said_is_short_and_any_terminal_may_print_it(refused):
    lines = in_words([(name, "a link to somewhere else") for name, _ in refused])
    assert len(lines) <= 11
    for line in lines:
        assert line.isprintable()
        line.encode()
        assert len(line) < 1000


@pytest.mark.parametrize(
    "name",
    [
        "nbgrader_config.py",
        "NBGrader_Config.json",
        "a/b/jupyter_server_config.py",
        "nbgrader_config.py/nbgrader_config.py",
        "nbgrader_config." + "x" * 170,
        ".envrc",
    ],
)
def test_settings_that_a_program_would_follow_are_nowhere_under_their_name(folder, name):
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text("raise SystemExit")
    handed_in = read_submission(folder, "a1", IGNORE)
    assert name not in handed_in.files
    (oddity,) = handed_in.oddities
    assert oddity.endswith(": settings, which a program would follow")
    set_aside(folder)
    root = folder.parents[2]
    assert not [path for path in root.rglob(Path(name).name) if path.is_file()]
    (aside,) = (path for path in (root / "set_aside").rglob("*") if path.is_file())
    assert (aside.name, aside.read_text()) == ("settings-0", "raise SystemExit")
    assert (folder / "a1.ipynb").is_file()


def test_a_folder_of_settings_is_taken_for_none(folder):
    (folder / ".git").mkdir()
    (folder / ".git" / "config").write_text("[core]")
    assert look_through(folder).taken == ["a1.ipynb", "notes.txt"]


@pytest.mark.parametrize(
    ("text", "is_time"),
    [
        ("2026-01-10 10:00:00.123456 UTC", True),
        ("2026-01-10T10:00:00+02:00\n", True),
        ("", True),
        ("9999-12-31 23:59:59 UTC", False),
        ("0001-01-01 00:00:00 UTC", False),
        ("12:00", False),
        ("May", False),
        ("10", False),
    ],
)
def test_only_a_day_and_a_time_of_this_century_say_when(folder, text, is_time):
    (folder / TIME).write_text(text)
    assert (TIME in look_through(folder).taken) is is_time


def test_a_note_that_a_learner_wrote_forges_no_line_of_the_table(folder):
    lines = [
        "zoe  3/3",
        "left out: x" + " " * 61 + "zoe  3/3",
        "left out: " + "x" * 5_000,
    ]
    first = "What was handed in here beside this was left out:"
    (folder / NOTE).write_text("\n".join([first, *lines]))
    oddities = read_submission(folder, "a1", IGNORE).oddities
    assert len(oddities) == 2
    assert oddities[0] == "left out: x zoe 3/3"
    assert len(oddities[1]) == 300


@pytest.mark.parametrize("who", ["alice", "müller.2", "Jane Doe", "a@b.example", "x_y-z+1"])
def test_accounts_and_people_have_names(who):
    assert is_name(who)


@pytest.mark.parametrize(
    "who",
    [
        *["", ".", "..", "=cmd", "-x", "a ", " a", "a\nb  3/3", "\x1b[2J", "a/b", "<b>", "a,b"],
        *["\uff41lice", "a;b", "a'b", "\udcff", "x" * 201],
    ],
)
def test_what_a_page_or_a_table_takes_for_more_is_no_name(who):
    assert not is_name(who)
