"""The report says how the class did, in words and figures, and can leave the names out."""

import csv
import json
import re
from pathlib import Path

import nbformat
import pytest
from bs4 import BeautifulSoup
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from nbgrader.api import Gradebook
from nbgrader.coursedir import CourseDirectory

from course_utils.grading.class_results import read_class
from course_utils.grading.report import write_report
from tests.browser.accessibility import violations
from tests.grading.test_alike import DISGUISED, LONG, OTHER

ADVICE = "Compare the scores themselves: `argmax` does."
HOSTILE = "=cmd|' /C calc'!A0 <script>alert(1)</script>; =cmd\n\uff1dcmd"
PEOPLE = {
    # who: first name, code, verdict of the one exercise, message, misconception
    "ann": ("Ann", LONG, "right", "", ""),
    "bob": ("Bob", OTHER, "wrong", "Incorrect: it is 3.", ADVICE),
    "cid": ("Cid", DISGUISED, "wrong", "Incorrect: it is 4.", ADVICE),
    "dee": ("Dee", "pass", "wrong", "Incorrect: it should be 1; it is 'a'.", ""),
    "eve": ("Eve", "oh()", "error", "Incorrect: it should be 2; it is 'b'.", ""),
    "fay": ("Fay", "", "not attempted", "Not attempted.", ""),
}


def row(who, verdict, message, misconception, **more):
    test = {"name": "test-ex", "max_points": 3.0, "seconds": 0.1, "verdict": verdict}
    test |= {"points": 3.0 * (verdict == "right")}
    test |= {"message": message, "misconception": misconception}
    words = {"name": "why", "max_points": 1.0, "verdict": "by hand", "points": 0.0, "seconds": 0.0}
    words |= {"message": "", "misconception": ""}
    result = {"version": 1, "assignment": "a1", "notebook": "a1", "digest": who}
    result |= {"status": "graded", "points": test["points"], "max_points": 3.0}
    result |= {"exercises": [test, words], "oddities": [], "seconds": 1.0, "cpu": 1.0}
    return result | {"memory": 1 << 20, "who": who} | more


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    root = tmp_path_factory.mktemp("course")
    folders = CourseDirectory(root=str(root), course_id="pixels")
    source = new_notebook(
        cells=[
            new_markdown_cell("# Assignment 1: few\n\nWords."),
            new_markdown_cell("## Exercise 1: `predict` (3 points)"),
            new_code_cell("test()", metadata={"nbgrader": {"grade": True, "grade_id": "test-ex"}}),
        ]
    )
    (root / "source" / "a1").mkdir(parents=True)
    nbformat.write(source, root / "source" / "a1" / "a1.ipynb")
    rows = [row(who, *found[2:]) for who, found in PEOPLE.items()]
    rows.append(row("gil", "error", "x", "", status="unreadable", oddities=["gil's is no JSON"]))
    rows[1]["oddities"] = [HOSTILE]
    rows[2]["seconds"] = 40.0
    report = root / "results" / "a1" / "report.json"
    report.parent.mkdir(parents=True)
    report.write_text(json.dumps({"version": 1, "rows": rows, "seconds": {"grading": 46.0}}))
    with Gradebook(folders.db_url, "pixels") as gradebook:
        gradebook.add_assignment("a1", duedate="2026-01-01 00:00:00 UTC")
        gradebook.add_notebook("a1", "a1")
        gradebook.add_grade_cell("test-ex", "a1", "a1", max_score=3, cell_type="code")
        gradebook.add_grade_cell("why", "a1", "a1", max_score=1, cell_type="markdown")
        for each in rows:
            who = each["who"]
            gradebook.add_student(who, first_name=PEOPLE.get(who, ("Gil",))[0], last_name="Park")
            late = "2026-01-02 02:00:00 UTC" if who == "dee" else "2025-12-31 00:00:00 UTC"
            gradebook.add_submission("a1", who, timestamp=late)
            mark = gradebook.find_grade("test-ex", "a1", "a1", who)
            mark.auto_score, mark.needs_manual_grade = each["points"], False
            mark = gradebook.find_grade("why", "a1", "a1", who)
            mark.manual_score = 1.0 if who == "ann" else None
            mark.needs_manual_grade = who == "fay"
        gradebook.db.commit()
    for who, (_, code, *_) in PEOPLE.items():
        place = root / "autograded" / who / "a1"
        place.mkdir(parents=True)
        settings = {"nbgrader": {"solution": True, "grade_id": "ex"}}
        answer = new_notebook(cells=[new_code_cell(code, metadata=settings)])
        nbformat.write(answer, place / "a1.ipynb")
    return folders


@pytest.fixture(scope="module")
def found(course):
    return read_class(course, "a1")


@pytest.fixture(scope="module")
def folder(found, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("reports")
    write_report(found, folder)
    write_report(found, folder, names=False)
    return folder


def words(element) -> str:
    return " ".join(element.get_text(" ").split())


def page(folder, name="report.html") -> BeautifulSoup:
    return BeautifulSoup((folder / name).read_text(encoding="utf-8"), "html.parser")


def table(folder, name) -> list[dict[str, str]]:
    with (folder / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_each_exercise_says_how_many_had_it_right_wrong_or_not_attempted(folder):
    counts = [words(cell) for cell in page(folder).select(".exercises tbody tr > *")]
    assert counts == ["ex", "1", "0", "4", "1", "3"]
    (test, by_hand) = table(folder, "exercises.csv")
    assert (test["right"], test["wrong"], test["not_attempted"]) == ("1", "4", "1")
    assert by_hand["exercise"] == "why"
    assert "A person grades: why (1 point)" in words(page(folder))


def test_misconceptions_are_counted_in_the_words_of_the_message_and_others_by_their_pattern(folder):
    told = [words(item) for item in page(folder).select(".told li")]
    assert told[0] == "2 learners: Compare the scores themselves: argmax does."
    assert told[1] == "2 learners: Incorrect: it should be 1; it is 'a'."
    assert [each["learners"] for each in table(folder, "messages.csv")] == ["2", "2"]


def test_points_count_what_a_person_gave_and_no_work_is_not_zero_points(found, folder):
    points = {learner.who: learner.points for learner in found.learners}
    assert points == {"ann": 4, "bob": 0, "cid": 0, "dee": 0, "eve": 0, "fay": 0, "gil": None}
    text = words(page(folder))
    assert "1 handed in no notebook that can be read" in text
    assert "A person has to read answers of 1 learner yet" in text


def test_answers_alike_are_shown_side_by_side_with_care(folder):
    (pair,) = page(folder).select("details.pair")
    assert words(pair.summary) == "Ann Park and Cid Park: 1 answer"
    shown = [code.get_text().strip() for code in pair.select("pre")]
    assert shown == [LONG.strip(), DISGUISED.strip()]
    assert "says nothing about how they came to be" in words(page(folder).select_one("#alike"))


def test_what_was_late_slow_odd_or_unreadable_is_named(folder):
    rows = {words(r.th): words(r) for r in page(folder).select("#trouble tbody tr")}
    assert rows.keys() == {"Bob Park", "Cid Park", "Dee Park", "Gil Park"}
    assert "1 day late" in rows["Dee Park"]
    assert "40.0 s" in rows["Cid Park"]
    assert "no notebook" in rows["Gil Park"]


def test_what_learners_wrote_starts_nothing_on_the_page_or_in_a_spreadsheet(folder):
    assert page(folder).find("script") is None
    assert "<script>" in words(page(folder).select_one("#trouble"))
    bob = next(each for each in table(folder, "learners.csv") if each["who"] == "bob")
    assert bob["trouble"].startswith("'=cmd")
    # A spreadsheet that takes semicolons for the ends of cells begins anew behind each.
    assert not re.search(r"[;\n] *[=\uff1d]", bob["trouble"])


def test_the_page_asks_no_server_for_anything_and_every_figure_has_words(folder):
    text = (folder / "report.html").read_text(encoding="utf-8")
    assert not re.search(r"""(src|href)=["'](?!data:|#)""", text)
    assert not re.search(r"url\(|@import", text)
    figures = page(folder).select("img")
    assert len(figures) == 2
    assert "median is 0" in figures[0]["alt"]
    assert "test-ex: 1 right, 4 wrong, 1 not attempted" in figures[1]["alt"]


def test_without_names_no_file_has_a_name_or_a_learners_own_words(folder):
    files = list(folder.glob("without-names-*"))
    assert len(files) == 5
    for path in files:
        text = re.sub(r"base64,[^\"]*", "", path.read_text(encoding="utf-8"))
        for name in (*PEOPLE, "gil", "Park", "results", "# mine"):
            assert not re.search(rf"\b{name}\b", text), (path.name, name)
        assert "Learner 1" in text or path.name.endswith(("exercises.csv", "messages.csv"))


def test_without_results_it_says_what_to_do_first(course):
    with pytest.raises(FileNotFoundError, match="make grade assignment=a7"):
        read_class(course, "a7")


def test_results_of_another_version_are_not_guessed_at(course, tmp_path):
    (tmp_path / "results" / "a1").mkdir(parents=True)
    (tmp_path / "results" / "a1" / "report.json").write_text('{"version": 99}')
    with pytest.raises(ValueError, match="another version"):
        read_class(CourseDirectory(root=str(tmp_path)), "a1")


@pytest.mark.browser
@pytest.mark.parametrize("width", [1280, 360])
def test_axe_finds_nothing_and_a_phone_need_not_scroll_sideways(folder, browser, width):
    shown = browser.new_page(viewport={"width": width, "height": 800})
    shown.goto((folder / "report.html").as_uri())
    assert violations(shown) == []
    assert shown.evaluate("document.documentElement.scrollWidth") <= width
    shown.close()
