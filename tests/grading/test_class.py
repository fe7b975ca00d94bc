"""A class is graded whatever single submissions do, from wherever it was interrupted."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import psutil
import pytest

from course_utils.grading.run import table

from .course import ROOT, Course
from .tiny import NAME, POINTS, RIGHT, SECRET, WRONG, notebook

pytestmark = pytest.mark.slow

SCHEMA = notebook(WRONG)
SCHEMA.cells[1].metadata.nbgrader["schema_version"] = 99
NOISY = f"{WRONG}\nprint('x' * 50_000_000)"
PROGRAM = notebook(
    f"{WRONG}\nfrom IPython.display import HTML, Javascript, display\n"
    "display(HTML('<b>bold</b><script>alert(48731)</script><img src=x onerror=alert(48731)>'))\n"
    "display(Javascript('alert(48731)'))"
)
PROGRAM.cells.append(nbformat.v4.new_markdown_cell("*so*<script>alert(48731)</script>"))
DEAD = f"{WRONG}\nimport os\nos._exit(1)"
STRANGE = {
    "not-json": b"{",
    "another-format": b'{"nbformat": 7, "cells": []}',
    "no-cells": b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {}}',
    "no-notebook": None,
    "another-schema": SCHEMA,
    "noisy": notebook(NOISY),
    "dead": notebook(DEAD),
    "program": PROGRAM,
}


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    course = Course(tmp_path_factory.mktemp("course"))
    course.generate()
    course.hand_in("alice", notebook(RIGHT))
    course.hand_in("bob", notebook(WRONG))
    for who, content in STRANGE.items():
        course.hand_in(who, content)
    wrong_name = course.hand_in("wrong-name", None)
    (wrong_name / "homework.ipynb").write_text(json.dumps(notebook(RIGHT)))
    link = course.hand_in("link", None)
    (link / f"{NAME}.ipynb").symlink_to(
        course.assignments / "submitted" / "alice" / NAME / f"{NAME}.ipynb"
    )
    (link / "gradebook.txt").symlink_to(course.assignments / "gradebook.db")
    course.hand_in("zoe", notebook("def mystery(n):\n    return n * 7 + 3"))
    course.said = course.grade("--workers=2")
    return course


def test_every_learner_has_a_line_in_the_table_and_a_score_in_the_gradebook(course):
    everybody = {"alice", "bob", "zoe", "wrong-name", "link", *STRANGE}
    assert set(course.rows()) == set(course.scores()) == everybody
    for who in everybody:
        assert f"\n{who} " in course.said


def test_only_right_answers_have_points_and_the_gradebook_agrees_with_the_report(course):
    assert {who for who, score in course.scores().items() if score} == {"alice", "zoe"}
    assert course.scores()["zoe"] == POINTS
    assert {who: row["points"] for who, row in course.rows().items()} == course.scores()


@pytest.mark.parametrize(
    ("who", "says"),
    [
        ("not-json", "not JSON"),
        ("another-format", "not a notebook of version"),
        ("no-cells", "without cells"),
        ("no-notebook", f"there is no {NAME}.ipynb"),
        ("wrong-name", f"there is no {NAME}.ipynb"),
        ("link", "a link to"),
        ("dead", "Python ended in cell 1"),
    ],
)
def test_what_was_odd_is_said_in_the_table(course, who, says):
    assert says in "; ".join(course.rows()[who]["oddities"])
    assert says in course.said


def test_a_link_is_not_followed_into_the_autograded_folder_or_the_feedback(course):
    alice = course.assignments / "submitted" / "alice" / NAME / f"{NAME}.ipynb"
    assert json.loads(alice.read_text())["cells"]
    for step in ("autograded", "feedback"):
        for path in (course.assignments / step / "link").rglob("*"):
            assert path.is_dir() or b"SQLite format" not in path.read_bytes()


def test_feedback_and_export_are_there_for_everybody_who_has_a_notebook(course):
    for who in ("alice", "bob", "dead", "not-json", "another-schema", "noisy"):
        assert (course.assignments / "feedback" / who / NAME / f"{NAME}.html").is_file()
    assert "alice" in (course.assignments / "grades.csv").read_text()


def test_no_program_of_a_submission_is_in_a_page_that_shows_it(course):
    page = course.assignments / "feedback" / "program" / NAME / f"{NAME}.html"
    shown = page.read_text().partition("<body")[2]
    assert "<b>bold</b>" in shown
    assert "<em>so</em>" in shown
    assert not re.search(r"<script[^>]*>\s*alert\(48731|<img[^>]*onerror", shown)


def test_the_autograded_notebook_is_valid_and_short_and_has_the_message(course):
    made = course.autograded("noisy")
    nbformat.validate(made)
    assert len(str(made)) < 8_000_000
    assert "The output is cut off here" in str(made.cells[0].outputs)
    assert made.cells[1].outputs[0].ename == "IncorrectError"


def test_nbgraders_own_command_gives_the_same_scores_and_notebooks(course):
    for who, score in (("alice", POINTS), ("bob", 0)):
        before = course.autograded(who)
        shutil.rmtree(course.assignments / "autograded" / who)
        shutil.move(course.results, course.root / "away")
        course.command("nbgrader", "autograde", NAME, f"--student={who}")
        assert course.scores()[who] == score
        assert course.autograded(who) == before
        shutil.rmtree(course.results)
        shutil.move(course.root / "away", course.results)


def test_the_button_of_formgrader_takes_the_same_way(course):
    before = course.autograded("bob")
    shutil.rmtree(course.assignments / "autograded" / "bob")
    code = (
        "from nbgrader.apps import NbGrader\nfrom nbgrader.apps.api import NbGraderAPI\n"
        "app = NbGrader(); app.initialize([])\n"
        f"print(NbGraderAPI(config=app.config).autograde({NAME!r}, 'bob')['success'])"
    )
    assert "True" in course.command(sys.executable, "-c", code)
    assert course.autograded("bob") == before


def test_not_executing_is_not_a_way_to_full_points(course):
    course.command("nbgrader", "autograde", NAME, "--student=bob", "--force", "--no-execute")
    assert course.scores()["bob"] == 0


def test_the_gradebook_keeps_points_that_were_given_by_hand(course):
    from nbgrader.api import Gradebook

    url = f"sqlite:///{course.assignments}/gradebook.db"
    with Gradebook(url, "pixels") as gradebook:
        mark = gradebook.find_grade("test", NAME, NAME, "dead")
        mark.manual_score = 2.0
        gradebook.db.commit()
    course.grade("--force", "--no-feedback")
    assert course.scores()["dead"] == 2.0


def what_counts(row):
    exercises = [{k: v for k, v in e.items() if k != "seconds"} for e in row["exercises"]]
    kept = {k: v for k, v in row.items() if k not in ("seconds", "cpu", "memory")}
    return kept | {"exercises": exercises}


def test_the_number_of_workers_changes_no_score_and_no_notebook(course):
    rows = {who: what_counts(row) for who, row in course.rows().items()}
    notebooks = {who: course.autograded(who) for who in ("alice", "bob", "dead", "noisy")}
    course.grade("--workers=1", "--force", "--no-feedback")
    assert {who: what_counts(row) for who, row in course.rows().items()} == rows
    assert {who: course.autograded(who) for who in notebooks} == notebooks


def test_without_bubblewrap_nothing_is_run_and_one_sentence_says_what_to_install(course, tmp_path):
    for program in ("python3", "nbgrader", "alembic"):
        (tmp_path / program).symlink_to(Path(sys.executable).parent / program)
    said = course.command(
        sys.executable, "-m", "course_utils.grading", NAME, "--force", succeeds=False,
        PATH=str(tmp_path),
    )  # fmt: skip
    assert "Nothing was run" in said
    assert "Install it" in said
    assert "Traceback" not in said
    assert course.scores()["alice"] == POINTS
    shutil.move(course.results, course.root / "away")
    said = course.command(
        "nbgrader", "autograde", NAME, "--student=bob", "--force", succeeds=False,
        PATH=str(tmp_path),
    )  # fmt: skip
    shutil.move(course.root / "away", course.results)
    assert "Nothing was run" in said
    assert "Traceback" not in said
    assert not (course.assignments / "autograded" / "bob" / NAME).exists()
    course.grade("--no-feedback", "--force")


def interrupted_course(tmp_path):
    course = Course(tmp_path)
    course.generate()
    slow = "import time\ntime.sleep(1)\n"
    for number in range(6):
        answer = RIGHT if number % 2 else WRONG
        course.hand_in(f"learner-{number}", notebook(f"# {number}\n{slow}{answer}"))
    return course


def started(course, *words, **more):
    return subprocess.Popen(
        [sys.executable, "-m", "course_utils.grading", NAME, "--workers=2", *words],
        cwd=course.root,
        env=course.environment(**more),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def wait_for(condition, seconds=120):
    deadline = time.monotonic() + seconds
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert condition()


EXPECTED = {f"learner-{n}": POINTS if n % 2 else 0 for n in range(6)}


def test_a_killed_run_leaves_no_process_and_goes_on_where_it_was(tmp_path):
    course = interrupted_course(tmp_path)
    run = started(course, "--no-feedback")
    wait_for(lambda: len(list(course.results.glob("*.json.z"))) >= 2)
    processes = psutil.Process(run.pid).children(recursive=True)
    run.send_signal(signal.SIGKILL)
    run.wait()
    wait_for(lambda: not any(p.is_running() and p.status() != "zombie" for p in processes))
    there = {path: path.stat().st_mtime_ns for path in course.results.glob("*.json.z")}
    course.grade("--workers=2", "--no-feedback")
    assert course.scores() == EXPECTED
    assert {path: path.stat().st_mtime_ns for path in there} == there


def test_a_run_killed_while_it_writes_the_gradebook_is_put_right_by_the_next(tmp_path):
    course = interrupted_course(tmp_path)
    run = started(course, "--no-feedback")
    wait_for(lambda: (course.results / "recorded.json").is_file())
    run.send_signal(signal.SIGKILL)
    run.wait()
    course.grade("--workers=2", "--no-feedback")
    assert course.scores() == EXPECTED


def test_a_run_killed_before_all_feedback_is_written_writes_the_rest_next_time(tmp_path):
    course = interrupted_course(tmp_path)
    run = started(course)
    wait_for(lambda: (course.results / "fed_back.json").is_file())
    run.send_signal(signal.SIGKILL)
    run.wait()
    there = json.loads((course.results / "fed_back.json").read_text())
    assert 0 < len(there) < len(EXPECTED)
    feedback = course.assignments / "feedback"
    pages = [feedback / who / NAME / f"{NAME}.html" for who in there]
    written = [page.stat().st_mtime_ns for page in pages]
    course.grade("--workers=2")
    assert len(list(feedback.rglob("*.html"))) == len(EXPECTED)
    assert [page.stat().st_mtime_ns for page in pages] == written


def test_feedback_that_cannot_be_written_for_one_learner_is_said_and_stops_nobody(tmp_path):
    course = interrupted_course(tmp_path)
    (course.assignments / "feedback").mkdir()
    (course.assignments / "feedback" / "learner-2").write_text("a file where a folder has to be")
    said = course.grade("--workers=2")
    assert "nbgrader could not write the feedback" in said
    assert "nbgrader could not write" in "; ".join(course.rows()["learner-2"]["oddities"])
    pages = {page.parts[-3] for page in (course.assignments / "feedback").rglob("*.html")}
    assert pages == set(EXPECTED) - {"learner-2"}
    assert course.scores() == EXPECTED


def test_what_is_graded_already_is_not_graded_again(tmp_path):
    course = interrupted_course(tmp_path)
    course.grade("--no-feedback")
    before = (course.assignments / "autograded" / "learner-1" / NAME / f"{NAME}.ipynb").stat()
    said = course.grade("--no-feedback")
    after = (course.assignments / "autograded" / "learner-1" / NAME / f"{NAME}.ipynb").stat()
    assert after.st_mtime_ns == before.st_mtime_ns
    assert "6 submissions" in said


def test_a_dask_cluster_grades_the_same_also_when_a_worker_is_killed(tmp_path):
    distributed = pytest.importorskip("distributed")
    course = interrupted_course(tmp_path)
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
    ) as cluster:
        pids = [worker.process.process.pid for worker in cluster.workers.values()]
        run = started(course, "--no-feedback", COURSE_SCHEDULER=cluster.scheduler_address)
        wait_for(lambda: len(list(course.results.glob("*.json.z"))) >= 1)
        os.kill(pids[0], signal.SIGKILL)
        assert run.wait(300) == 0
    assert course.scores() == EXPECTED


def test_a_folder_that_is_called_as_nobody_is_called_is_named_and_not_graded(tmp_path):
    course = Course(tmp_path)
    course.generate()
    course.hand_in("alice", notebook(RIGHT))
    course.hand_in("eve\nzoe  5 of 5\x1b[2J", notebook(RIGHT))
    course.hand_in("<img src=x onerror=alert(1)>", notebook(RIGHT))
    course.hand_in(os.fsdecode(b"\xff"), None)
    said = course.grade("--workers=1")
    assert course.rows().keys() == course.scores().keys() == {"alice"}
    assert "\x1b" not in said
    assert "\nzoe" not in said
    assert said.count("is nobody's name") == 3


def test_a_learner_with_many_oddities_has_one_short_line_in_the_table():
    row = {"who": "eve", "points": 0, "max_points": 5, "oddities": [f"odd {n}" for n in range(99)]}
    said = table([row], {})
    assert "odd 9; and 89 more, in report.json" in said
    assert "odd 10" not in said


def test_a_message_of_any_length_is_told_at_once():
    code = (
        "from course_utils.checks import IncorrectError\n"
        "from course_utils.grading.testcells import run_test\n"
        "def cell(): raise IncorrectError('x ' * 20_000_000)\n"
        "import builtins; builtins.cell = cell\n"
        "verdict = run_test('cell()', 1.0, None)\n"
        "told = ''.join(verdict.outputs[0]['traceback'])\n"
        "print(verdict.verdict, len(verdict.message), len(told))"
    )
    started = time.monotonic()
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "wrong 10000 10000\n"
    assert time.monotonic() - started < 60


def test_an_assignment_with_a_test_cell_that_cannot_run_apart_is_not_generated(tmp_path):
    course = Course(tmp_path)
    path = course.assignments / "source" / NAME / f"{NAME}.ipynb"
    made = nbformat.read(path, 4)
    made.cells[1].source += "\nprint(np.mean([1]))\n%time"
    nbformat.write(made, path)
    said = course.command(
        "nbgrader", "generate_assignment", NAME, "--create", "--force", succeeds=False
    )
    assert "Test cell test is not Python alone" in said
    made.cells[1].source = "assert np.mean([mystery(1)]) == 10\nmystery = None"
    nbformat.write(made, path)
    said = course.command(
        "nbgrader", "generate_assignment", NAME, "--create", "--force", succeeds=False
    )
    assert "uses 'np'" in said
    assert not list((course.assignments / "release").rglob("*.ipynb"))


def test_running_without_a_sandbox_takes_a_setting_that_says_so(tmp_path):
    course = Course(tmp_path)
    course.generate()
    course.hand_in("alice", notebook(RIGHT))
    course.hand_in("bob", notebook(WRONG))
    course.grade("--no-feedback", COURSE_RUN_LEARNERS_CODE_UNPROTECTED="1")
    assert course.scores() == {"alice": POINTS, "bob": 0}


def test_the_hidden_tests_are_in_no_file_but_the_source_and_the_gradebook(course):
    for path in course.root.rglob("*"):
        if path.is_file() and not {"source", "results"} & set(path.parts):
            assert path.suffix == ".db" or SECRET.encode() not in path.read_bytes(), path
    assert (ROOT / "nbgrader_config.py").is_file()
