"""Nothing that a learner puts into the exchange reaches another's work, or ends the collecting."""

import getpass
import os

import pytest

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
    for name in ("nonsense", f"eve+{NAME}+yesterday", f"eve+{NAME}", "+++", f"+{NAME}+x+y"):
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


def test_collecting_again_takes_what_is_newer(collected):
    inbound = collected.assignments / "exchange" / "pixels" / "inbound"
    newer = put(inbound, collected.me, "2026-01-12 10:00:00 UTC")
    (newer / f"{NAME}.ipynb").write_text('{"new": 1}')
    collected.command("nbgrader", "collect", NAME, "--update")
    folder = collected.assignments / "submitted" / collected.me / NAME
    assert (folder / f"{NAME}.ipynb").read_text() == '{"new": 1}'


def test_feedback_reaches_everybody_else_when_a_submission_has_no_secret(collected, tmp_path):
    pages = {"amy": "a" * 128, "bob": None, "cat": b"\xff", "dan": "d" * 128}
    for who, secret in pages.items():
        folder = collected.assignments / "feedback" / who / NAME
        folder.mkdir(parents=True)
        (folder / f"{NAME}.html").write_text(f"the feedback of {who}")
        (folder / "timestamp.txt").write_text("2026-01-10 10:00:00 UTC")
        if secret is not None:
            content = secret if isinstance(secret, bytes) else secret.encode()
            (folder / "submission_secret.txt").write_bytes(content)
    said = collected.command("nbgrader", "release_feedback", NAME)
    for who in ("bob", "cat"):
        assert f"'{who}' is handed no feedback: the submission has no submission_secret.txt" in said
    released = collected.assignments / "exchange" / "pixels" / "feedback"
    found = {page.read_text() for page in released.glob("*.html")}
    assert found == {"the feedback of amy", "the feedback of dan"}
