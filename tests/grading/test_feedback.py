"""The feedback page says points first, names exercises, and asks no server for anything."""

import copy
import re

import nbformat
import pytest
from bs4 import BeautifulSoup
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from course_utils.grading.feedback import FeedbackExporter, Summary


def graded(score, points, **settings) -> dict:
    return {"nbgrader": {"grade": True, "score": score, "points": points, **settings}}


def failure(*lines: str):
    return new_output("error", ename="IncorrectError", evalue="…", traceback=list(lines))


@pytest.fixture
def notebook() -> nbformat.NotebookNode:
    return new_notebook(
        cells=[
            new_markdown_cell(
                "# Assignment 1: counting\n\n**Before**: lecture 1, *Models*. **Time**: 1 h"
            ),
            new_markdown_cell(
                "## Exercise 1: how many (3 points)\n\n$n(n-1)/2$ and $$\\sum_i x_i$$"
            ),
            new_code_cell(
                "def count(n): ...",
                metadata={
                    "nbgrader": {"solution": True, "grade_id": "count", "comment": "Nearly!"}
                },
            ),
            new_code_cell(
                "check(count)",
                metadata=graded(1, 3, grade_id="test-count"),
                outputs=[failure("\x1b[31mIncorrect: `count(3)` is 6.\x1b[0m", "  Expected 3.")],
            ),
            new_markdown_cell(
                "## Exercise 2: draw (1 point)\n\nTo read again: lecture 1, *Pairs*."
            ),
            new_code_cell(
                "draw()",
                metadata=graded(1, 1, grade_id="test-draw"),
                outputs=[
                    new_output(
                        "display_data",
                        {
                            "text/html": "<style>b{}</style><script>alert(1)</script>"
                            "<table onclick='x()'><tr><th></th><th>a</th></tr></table>"
                        },
                    )
                ],
            ),
            new_markdown_cell("## Exercise 3: say why (2 points)"),
            new_markdown_cell(
                "Because.",
                metadata=graded(0, 2, grade_id="why", solution=True, waiting=True),
            ),
        ]
    )


@pytest.fixture
def page(notebook) -> BeautifulSoup:
    exporter = FeedbackExporter(preprocessors=[Summary()])
    resources = {"nbgrader": {"score": 2.0, "max_score": 6.0, "late_penalty": 0}}
    text, _ = exporter.from_notebook_node(notebook, resources)
    return BeautifulSoup(text, "html.parser")


def row(page, name) -> str:
    (found,) = (r for r in page.select(".summary tbody tr") if name in r.th.get_text())
    return " ".join(found.get_text(" ").split())


def test_the_points_stand_at_the_top_and_each_exercise_has_its_name_and_its_own(page):
    assert page.select_one("header h1").get_text() == "Assignment 1: counting"
    assert page.select_one(".total").get_text() == "2 of 6 points"
    names = [cell.get_text(strip=True) for cell in page.select(".summary tbody th")]
    assert names == ["Exercise 1: how many", "Exercise 2: draw", "Exercise 3: say why"]
    assert "1 of 3" in row(page, "how many")


def test_a_miss_says_what_the_test_said_and_what_to_read_again(page):
    text = row(page, "how many")
    assert "Incorrect: count(3) is 6. Expected 3." in text
    assert "Nearly!" in text
    assert "Read again: lecture 1, Models" in text


def test_a_right_answer_needs_no_reading_and_an_unread_one_is_not_called_wrong(page):
    assert row(page, "draw").endswith("All right.")
    assert "Not graded yet" in row(page, "say why")
    assert "Read again" not in row(page, "say why")


def test_an_exercise_may_say_itself_what_to_read_again(notebook):
    notebook.cells[5].metadata.nbgrader.score = 0
    _, resources = Summary()(notebook, {})
    assert resources["feedback"]["exercises"][1]["read_again"] == [
        "lecture 1, *Models*",
        "lecture 1, *Pairs*.",
    ]


def test_hints_are_left_out(notebook):
    hints = "<details>\n<summary>A nudge</summary>\n\nDraw three dots.\n\n</details>"
    notebook.cells.insert(4, new_markdown_cell(hints, id="count-hints"))
    text, _ = FeedbackExporter(preprocessors=[Summary()]).from_notebook_node(
        notebook, {"nbgrader": {"score": 2.0, "max_score": 6.0, "late_penalty": 0}}
    )
    assert "how many" in text
    assert "Draw three dots" not in text


def test_every_link_leads_to_a_place_on_the_page(page):
    places = {element["id"] for element in page.select("[id]")}
    links = [link["href"] for link in page.select("nav a")]
    assert links
    assert {link.removeprefix("#") for link in links} <= places


def test_formulas_are_drawn_without_a_script_and_nothing_comes_from_elsewhere(page):
    assert len(page.find_all("math")) == 2
    assert page.find("script") is None
    loaded = [e.get("src") or e.get("href") for e in page.select("img, link, iframe, script")]
    assert [place for place in loaded if place and not place.startswith("data:")] == []
    assert not re.search(r"url\(|@import", page.style.get_text())


def test_what_a_learners_cell_shows_brings_no_script_and_no_style(page):
    text = str(page.main)
    assert "alert" not in text
    assert "onclick" not in text
    assert "<style" not in text
    assert page.select_one(".output table th").get_text() == "a"


@pytest.mark.parametrize(
    "written",
    [
        "*so*<script>alert(1)</script>",
        "<script>alert(1)</script>",
        "<div onclick='alert(1)'>so</div>",
        "a <img src=x onerror=alert(1)> b",
        "[so](javascript:alert(1))",
    ],
)
def test_nothing_that_a_learner_writes_in_markdown_runs_in_the_page(written):
    markdown = dict(FeedbackExporter().default_filters())["course_markdown"]
    page = markdown(written)
    assert not re.search(r"<script|<[^>]*onerror|<[^>]*onclick|href=.javascript", page)
    assert "<b>bold</b>" in markdown("a <b>bold</b> word")


def text_of(notebook) -> str:
    resources = {"nbgrader": {"score": 2.0, "max_score": 6.0, "late_penalty": 0}}
    return FeedbackExporter(preprocessors=[Summary()]).from_notebook_node(notebook, resources)[0]


@pytest.mark.parametrize("beginning", ["# ", "## ", "# My *own* "])
def test_a_heading_that_a_learner_puts_first_runs_nothing(notebook, beginning):
    written = f"{beginning}<script>alert(1)</script> <img src=x onerror=alert(2)> a < b"
    notebook.cells.insert(0, new_markdown_cell(written))
    page = BeautifulSoup(text_of(notebook), "html.parser")
    assert page.find("script") is None
    assert not [e for e in page.find_all() if any(name.startswith("on") for name in e.attrs)]
    assert page.h1.get_text().endswith("a < b")


def test_a_tag_that_a_learner_leaves_open_ends_with_its_cell(notebook):
    notebook.cells.insert(2, new_markdown_cell("a <b>bold word, <code>and <i>more"))
    text = text_of(notebook)
    for tag in ("b", "code", "i"):
        assert text.count(f"<{tag}>") == text.count(f"</{tag}>")


def test_a_figure_of_a_learners_cell_is_there_with_its_text_alternative(notebook):
    """As the course's figures are: a picture, and HTML for who cannot see it."""
    data = {"image/png": "AAAA", "text/html": "<img alt='A line.' src='data:image/png;base64,x'>"}
    output = nbformat.v4.new_output(
        "display_data", data=data, metadata={"image/png": {"alt": "A rising line."}}
    )
    notebook.cells.insert(2, nbformat.v4.new_code_cell("draw()", outputs=[output]))
    page = BeautifulSoup(text_of(notebook), "html.parser")
    assert page.select("img[alt='A rising line.'][src='data:image/png;base64,AAAA']")


def test_every_picture_has_a_text_and_every_output_a_form_that_is_no_script(notebook):
    def shown(**data):
        return nbformat.v4.new_output("display_data", data={"text/plain": "in words", **data})

    outputs = [
        shown(**{"image/png": "AAAA"}),
        shown(**{"image/svg+xml": "<svg/>"}),
        shown(**{"image/png": "BBBB", "text/html": "<img src='data:image/png;base64,BBBB'>"}),
        shown(**{"application/javascript": "alert(1)"}),
        shown(**{"application/vnd.jupyter.widget-view+json": {"model_id": "a"}}),
    ]
    notebook.cells.insert(2, nbformat.v4.new_code_cell("draw()", outputs=outputs))
    page = BeautifulSoup(text_of(notebook), "html.parser")
    assert len(page.select("img")) >= 3
    assert all(picture["alt"] for picture in page.select("img"))
    assert str(page).count("in words") == 2
    assert page.find("script") is None


def test_the_next_page_of_a_process_is_like_its_first(notebook):
    assert text_of(copy.deepcopy(notebook)) == text_of(copy.deepcopy(notebook))
