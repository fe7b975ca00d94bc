"""The whole way, once, in a browser: from a terminal to feedback with points and a comment.

One test after the other, on the same copy of the course: a learner reads and submits, an instructor
grades by program and by hand, the learner sees what came of it.
"""

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessibility import violations
from tests.browser.lab import Lab
from tests.browser.test_lab import (
    choose,
    errors_of,
    open_notebook,
    outputs_of,
    run_all_cells,
    submit_button,
)

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(1500)]

NAME = "a1_multiclass"
LECTURE = "notebooks/00_start_here.ipynb"
WRONG_CELL = "count-models"
WRONG = """
def count_one_vs_rest(n_classes):
    return n_classes


def count_one_vs_one(n_classes):
    return 7
"""
COMMENT = "Clear, and the numbers are right."


class Way:
    """The folder in which it all happens, and whoever has JupyterLab open there."""

    def __init__(self, project_root: Path, folder: Path, data: Path) -> None:
        self._arguments = (project_root, folder, data)
        self.folder = folder / "course"
        self.assignment = self.folder / "my_assignments" / NAME / f"{NAME}.ipynb"
        self.lab: Lab | None = None
        _misleading_profile(folder / "home")

    def start(self, target: str) -> Lab:
        self.stop()
        self.lab = Lab(*self._arguments, target=target)
        return self.lab

    def stop(self) -> None:
        if self.lab is not None:
            self.lab.stop()
        self.lab = None

    def make(self, target: str) -> str:
        done = subprocess.run(
            ["make", target, f"assignment={NAME}"],
            cwd=self.folder,
            env=self.lab.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert done.returncode == 0, done.stdout
        return done.stdout


def _misleading_profile(home: Path) -> None:
    """Let every shell find another Python first, as pyenv and conda do."""
    other = home / ".pyenv" / "shims"
    other.mkdir(parents=True)
    for name in ("python", "python3"):
        (other / name).write_text("#!/bin/sh\necho 'the wrong python'; exit 1\n")
        (other / name).chmod(0o755)
    for name in (".profile", ".bashrc"):
        (home / name).write_text(f'export PATH="{other}:/usr/local/bin:/usr/bin:/bin"\n')


@pytest.fixture(scope="module")
def way(browser, project_root, painted_data, tmp_path_factory) -> Iterator[Way]:
    way = Way(project_root, tmp_path_factory.mktemp("way"), painted_data)
    yield way
    way.stop()


def answers(project_root: Path) -> dict[str, str]:
    """Give the reference's answers by the names of their cells."""
    source = project_root / "notebooks" / "assignments" / "source" / NAME / f"{NAME}.ipynb"
    cells = json.loads(source.read_text(encoding="utf-8"))["cells"]
    return {
        cell["metadata"]["nbgrader"]["grade_id"]: "".join(cell["source"])
        for cell in cells
        if cell["metadata"].get("nbgrader", {}).get("solution")
    }


def answer(notebook: Path, given: dict[str, str]) -> None:
    """Write answers into a learner's notebook, as if they had been typed."""
    content = json.loads(notebook.read_text(encoding="utf-8"))
    for cell in content["cells"]:
        name = cell["metadata"].get("nbgrader", {}).get("grade_id")
        if name in given:
            cell["source"] = given[name].splitlines(keepends=True)
    notebook.write_text(json.dumps(content, indent=1), encoding="utf-8")


def validate(page: Page) -> str:
    page.locator(".jp-NotebookPanel:visible .validate-button").click()
    report = page.locator(".jp-Dialog")
    expect(report).to_be_visible(timeout=180_000)
    said = report.inner_text()
    page.keyboard.press("Escape")
    expect(report).to_have_count(0)
    return said


def test_1_the_terminal_finds_the_courses_python_and_starts_in_its_folder(way, look, screenshots):
    lab = way.start("lab")
    seen = look(lab.own)
    open_notebook(seen.page, lab.start_page.as_uri())
    seen.page.get_by_role("menuitem", name="File", exact=True).click()
    for item in ("New", "Terminal"):
        seen.page.locator(".lm-Menu-itemLabel", has_text=re.compile(f"^{item}$")).click()
    terminal = seen.page.locator(".jp-Terminal:visible")
    expect(terminal).to_be_visible(timeout=30_000)
    seen.page.wait_for_timeout(3000)
    terminal.click()
    said = lab.home / "said.txt"
    seen.page.keyboard.type("(python -m data_scripts list; pwd) > ~/said.txt 2>&1; touch ~/done\n")
    for _ in range(120):
        if (lab.home / "done").exists():
            break
        seen.page.wait_for_timeout(500)
    seen.page.screenshot(path=screenshots / "way-terminal.png")
    lines = said.read_text().splitlines()
    assert any(line.startswith("animal_faces") for line in lines), lines
    assert lines[-1] == str(way.folder)
    assert seen.complaints == []


def test_2_a_lecture_that_was_saved_opens_again_whole(way, look, screenshots):
    seen = look(way.lab.own)
    open_notebook(seen.page, way.lab.address(LECTURE), Path(LECTURE).name)
    saved = run_all_cells(seen.page, way.folder / LECTURE)
    assert errors_of(saved) == []
    assert not [o for o in outputs_of(saved) if any("widget" in kind for kind in o.get("data", {}))]
    way.start("lab")  # the kernel and its widgets are gone
    again = look(way.lab.own)
    open_notebook(again.page, way.lab.address(LECTURE), Path(LECTURE).name)
    again.page.wait_for_timeout(2000)
    again.page.screenshot(path=screenshots / "way-lecture-again.png")
    assert again.page.get_by_text("Error displaying widget").count() == 0


def test_3_validate_tells_a_wrong_answer_from_right_ones(way, look, project_root, screenshots):
    right = answers(project_root)
    address = way.lab.address(f"my_assignments/{NAME}/{NAME}.ipynb")
    answer(way.assignment, right | {WRONG_CELL: WRONG})
    seen = look(way.lab.own)
    open_notebook(seen.page, address, way.assignment.name)
    said = validate(seen.page)
    assert "count_one_vs_one" in said
    answer(way.assignment, right)
    again = look(way.lab.own)
    open_notebook(again.page, address, way.assignment.name)
    said = validate(again.page)
    again.page.screenshot(path=screenshots / "way-validated.png")
    assert "count_one_vs_one" not in said


def test_4_the_answers_are_submitted(way, look):
    seen = look(way.lab.own)
    answer(way.assignment, {WRONG_CELL: WRONG})  # so that the feedback has a miss to speak of
    open_notebook(seen.page, way.lab.start_page.as_uri())
    choose(seen.page, "Nbgrader", "Assignment List")
    downloaded = seen.page.locator("#fetched_assignments_list")
    expect(downloaded).to_contain_text(NAME, timeout=20_000)
    submit_button(downloaded, NAME).click()
    submitted = seen.page.locator("#submitted_assignments_list")
    expect(submitted).to_contain_text(NAME, timeout=20_000)


def test_5_grading_says_nothing_of_what_is_in_order(way):
    way.start("teach")
    said = way.make("grade")
    assert "checksum" not in said
    assert "SAWarning" not in said
    assert "not recognized" not in said
    assert "The learner changed" not in said


def answered(page, method, address):
    """Wait until the server has answered what the block asks for."""
    return page.expect_response(
        lambda answer: answer.request.method == method and address in answer.url, timeout=60_000
    )


def test_6_the_instructor_gives_points_and_a_comment_by_hand(way, look, screenshots):
    seen = look(way.lab.own)
    open_notebook(seen.page, way.lab.start_page.as_uri())
    choose(seen.page, "Nbgrader", "Formgrader")
    grader = seen.page.frame_locator("iframe")
    grader.get_by_role("link", name="Manual Grading").click()
    frame = seen.page.locator("iframe").element_handle().content_frame()
    for address in ("gradebook", f"gradebook/{NAME}"):
        frame.wait_for_url(f"**/formgrader/{address}")
        grader.locator("table").get_by_role("link", name=NAME).first.click()
    frame.wait_for_url(f"**/formgrader/gradebook/{NAME}/{NAME}")
    # What is typed before the page has its grades and comments is not saved.
    with answered(seen.page, "GET", "/api/grades"), answered(seen.page, "GET", "/api/comments"):
        grader.locator("table").get_by_role("link", name="Submission #1").first.click()
    points = grader.locator("#choose-strategy input.score, input.score").last
    expect(points).to_be_visible(timeout=30_000)
    with answered(seen.page, "PUT", "/api/grade/"):
        points.fill("1.5")
        points.press("Tab")
    comment = grader.locator("textarea.comment").last
    with answered(seen.page, "PUT", "/api/comment/"):
        comment.fill(COMMENT)
        comment.press("Tab")
    seen.page.screenshot(path=screenshots / "way-formgrader.png")


def test_7_the_learner_sees_the_points_and_the_comment(way, look, browser, screenshots):
    way.make("feedback")
    lab = way.start("lab")
    seen = look(lab.own)
    open_notebook(seen.page, lab.start_page.as_uri())
    choose(seen.page, "Nbgrader", "Assignment List")
    submitted = seen.page.locator("#submitted_assignments_list")
    expect(submitted).to_contain_text(NAME, timeout=20_000)
    submitted.get_by_text("Fetch Feedback").first.click()
    expect(submitted.get_by_text("View Feedback").first).to_be_visible(timeout=20_000)
    seen.page.screenshot(path=screenshots / "way-feedback-fetched.png")
    submitted.get_by_text("View Feedback").first.click()
    listed = seen.page.locator(".jp-DirListing-item").filter(has_text=f"{NAME}.html")
    expect(listed).to_be_visible(timeout=20_000)
    listed.dblclick()
    shown = seen.page.frame_locator(".jp-HTMLViewer iframe").locator("body")
    expect(shown).to_contain_text(COMMENT, timeout=20_000)
    expect(shown).to_contain_text("1.5 of 2")
    expect(shown).to_contain_text("count_one_vs_one")
    seen.page.screenshot(path=screenshots / "way-feedback.png")
    # JupyterLab keeps checkpoints of what it opens beside it.
    (page,) = (way.assignment.parent / "feedback").glob(f"*/{NAME}.html")
    for width in (1400, 390):
        alone = look("nowhere", width=width, height=844)
        alone.page.goto(page.as_uri())
        alone.page.screenshot(path=screenshots / f"way-feedback-{width}.png", full_page=True)
        assert violations(alone.page) == []
        assert alone.page.evaluate("document.documentElement.scrollWidth") <= width
        assert alone.outside == []
        assert alone.complaints == []


def test_8_the_grades_hold_what_was_given_by_hand(way):
    grades = (way.folder / "notebooks" / "assignments" / "grades.csv").read_text()
    header, row = (line.split(",") for line in grades.splitlines()[:2])
    assert float(row[header.index("score")]) % 1 == 0.5
