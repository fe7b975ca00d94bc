"""Nothing that a learner puts into the exchange reaches another's work, or ends the collecting."""

import getpass
import os
import shutil

import pytest
from nbgrader.coursedir import CourseDirectory

from course_utils.grading.collecting import SafeCollect

from .course import Course
from .tiny import NAME

SECRET_FILE = "canary-of-the-instructors-files"


def put(inbound, who, when="2026-01-10 10:00:00 UTC"):
    folder = inbound / f"{who}+{NAME}+{when}+x"
    folder.mkdir()
    (folder / f"{NAME}.ipynb").write_text("{}")
    (folder / "timestamp.txt").write_text(when)
    return folder


@pytest.fixture(scope="module")
def collected(tmp_path_factory):
    """An exchange that hostile learners have written to, collected."""
    course = Course(tmp_path_factory.mktemp("course"))
    me = getpass.getuser()
    secret = course.root / "secret.txt"
    secret.write_text(SECRET_FILE)
    exchange = course.assignments / "exchange"
    exchange.mkdir()
    exchange.chmod(0o777)
    course.generate()
    course.command("nbgrader", "release_assignment", NAME)
    inbound = exchange / "pixels" / "inbound"
    honest = put(inbound, me)
    (honest / "notes.txt").write_text("mine")
    (honest / "link").symlink_to(secret)
    (honest / "folder").symlink_to(course.root)
    os.mkfifo(honest / "pipe")
    escape = "\x1b[2Jall is well\nzoe  3"
    odd = (f"eve+{NAME}+{escape}+x", f"<b>+{NAME}+2026-01-10 10:00:00 UTC+x")
    for name in ("nonsense", f"eve+{NAME}+yesterday", f"eve+{NAME}", "+++", f"+{NAME}+x+y", *odd):
        (inbound / name).mkdir()
    (inbound / f"zed+{NAME}+2026-01-10 10:00:00 UTC+x").symlink_to(course.root)
    put(inbound, "nobody", "2026-01-11 10:00:00 UTC")  # in nobody's name, but not nobody's
    course.said = course.command("nbgrader", "collect", NAME)
    course.me = me
    return course


pytestmark = pytest.mark.slow


def test_an_honest_submission_is_there_with_its_files(collected):
    folder = collected.assignments / "submitted" / collected.me / NAME
    assert (folder / f"{NAME}.ipynb").read_text() == "{}"
    assert (folder / "notes.txt").read_text() == "mine"
    assert (folder / "timestamp.txt").is_file()


def test_no_link_and_no_pipe_was_followed_and_each_is_named(collected):
    submitted = collected.assignments / "submitted"
    for path in submitted.rglob("*"):
        assert path.is_dir() or SECRET_FILE not in path.read_text()
        assert not path.is_symlink()
    note = (submitted / collected.me / NAME / "LEFT_OUT.txt").read_text()
    for name in ("link", "folder", "pipe"):
        assert f"left out: {name}: " in note


def test_nobody_hands_in_for_somebody_else_and_nonsense_ends_nothing(collected):
    assert [path.name for path in (collected.assignments / "submitted").iterdir()] == [collected.me]
    assert "says that it is nobody's" in collected.said
    assert "Traceback" not in collected.said


def test_no_name_in_the_exchange_writes_to_the_terminal_what_it_likes(collected):
    assert "\x1b[2J" not in collected.said
    assert "\nzoe" not in collected.said
    assert "is nobody's name" in collected.said


def test_a_submission_that_goes_while_others_are_collected_ends_nothing(tmp_path, monkeypatch):
    inbound = tmp_path / "inbound"
    inbound.mkdir()
    collect = SafeCollect(coursedir=CourseDirectory(root=str(tmp_path), assignment_id=NAME))
    collect.inbound_path, collect.check_owner = str(inbound), True
    me = getpass.getuser()
    when = "2026-01-10 10:00:00 UTC"
    records = [
        {"username": who, "filename": put(inbound, who, when).name, "timestamp": when}
        for who in ("gone", me)
    ]
    shutil.rmtree(inbound / records[0]["filename"])
    collect.src_records = records
    collect.copy_files()
    assert [path.name for path in (tmp_path / "submitted").iterdir()] == [me]
    assert collect.src_records == records


def test_collecting_again_takes_what_is_newer(collected):
    inbound = collected.assignments / "exchange" / "pixels" / "inbound"
    newer = put(inbound, collected.me, "2026-01-12 10:00:00 UTC")
    (newer / f"{NAME}.ipynb").write_text('{"new": 1}')
    collected.command("nbgrader", "collect", NAME, "--update")
    folder = collected.assignments / "submitted" / collected.me / NAME
    assert (folder / f"{NAME}.ipynb").read_text() == '{"new": 1}'


def test_feedback_reaches_everybody_else_when_a_submission_has_no_secret(collected, tmp_path):
    pages = {"amy": "a" * 128, "bob": None, "cat": b"\xff", "dan": "d" * 128}
    pages |= {"eve": b"x" * 1_200 + b"\xff", "fay,amy": None, "gus": "g" * 128}
    for who, secret in pages.items():
        folder = collected.assignments / "feedback" / who / NAME
        folder.mkdir(parents=True)
        (folder / f"{NAME}.html").write_text(f"the feedback of {who}")
        (folder / "timestamp.txt").write_text("2026-01-10 10:00:00 UTC")
        if secret is not None:
            content = secret if isinstance(secret, bytes) else secret.encode()
            (folder / "submission_secret.txt").write_bytes(content)
    (collected.assignments / "feedback" / "gus" / NAME / "x.html").mkdir()
    said = collected.command("nbgrader", "release_feedback", NAME)
    assert "'gus' is handed no feedback: it could not be copied (IsADirectoryError)" in said
    for who in ("bob", "cat", "eve", "fay,amy"):
        assert f"'{who}' is handed no feedback: the submission has no submission_secret.txt" in said
    released = collected.assignments / "exchange" / "pixels" / "feedback"
    found = {page.read_text() for page in released.glob("*.html")}
    assert found - {"the feedback of gus"} == {"the feedback of amy", "the feedback of dan"}
