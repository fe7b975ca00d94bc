"""Whatever a learner writes, the pages that show it run nothing, ask nobody, and are made soon."""

import re
import time

import nbformat
import pytest
from bs4 import BeautifulSoup
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output, new_raw_cell

from course_utils.grading import pages, texts
from course_utils.grading.feedback import FeedbackExporter, Summary
from course_utils.grading.pages import ansi2html, clean_html, highlight_code, markdown2html

SCRIPT = "<script>alert(1)</script>"
TEST = {"grade": True, "solution": False, "grade_id": "test-a", "score": 0.0, "points": 3.0}
WRITTEN = {
    "a formula": f"$\\text{{{SCRIPT}}}$",
    "a formula of its own line": f"$$\\text{{{SCRIPT}}}$$",
    "an environment": f"\\begin{{align}}\\text{{{SCRIPT}}}\\end{{align}}",
    "a boxed formula": f"$\\fbox{{{SCRIPT}}}$",
    "a formula with a style": "$\\style{position:fixed;inset:0;background:white}{\\text{x}}$",
    "a formula with a class": "$\\class{total}{x}$",
    "a formula with a link": "$\\href{javascript:alert(1)}{x}$",
    "a diagram": f"```mermaid\n{SCRIPT}\n```",
    "code": f"```python\n{SCRIPT}\n```",
    "a table": f"| a |\n| - |\n| $\\text{{{SCRIPT}}}$ |",
    "HTML": f"<div>{SCRIPT}<b onclick=alert(1)>x</b></div>",
    "a place of the page": "<p class='total' id='test-a'>3 of 3 points</p>",
    "a heading like a place": "# test-a",
    "a picture of Formgrader's": "![a drawing](/formgrader/?path=submitted/eve/a1)",
    "a picture from elsewhere": "![a drawing](//example.org/x.png) <img src=https://e.org/x>",
    "pictures in HTML": "<p><img src='/formgrader/?path=x'><img src='x.svg' alt='x'></p>",
    "a drawing with a program": "<p><img src='data:image/svg+xml,<svg onload=alert(1)>'></p>",
    "links to the server": "[a](drawing.html) [b](/formgrader/?path=x) [c](http:x.html) [d](//h/x)",
    "links in HTML": "<p><a href='x.html'>a</a> <a href='http:/x'>b</a> <a href='\\x'>c</a></p>",
    "a link with a backslash": "[a](http:\\\\x.html) <p><a href='https:\\x'>b</a></p>",
}


def page_of(*cells) -> BeautifulSoup:
    resources = {"nbgrader": {"score": 0.0, "max_score": 3.0, "late_penalty": 0}}
    test = new_code_cell("pass", metadata={"nbgrader": dict(TEST)})
    made = new_notebook(cells=[new_markdown_cell("# Assignment"), *cells, test])
    text, _ = FeedbackExporter(preprocessors=[Summary()]).from_notebook_node(made, resources)
    return BeautifulSoup(text, "html.parser")


def assert_harmless(page: BeautifulSoup) -> None:
    assert page.find(["script", "iframe", "object", "form", "base", "meta", "link"]) is None
    for element in page.find_all(True):
        for name, value in element.attrs.items():
            assert not name.startswith("on"), element
            if name in ("href", "src"):
                assert re.match(r"(?:https?://[^/\\]|mailto:|#|data:image/png;base64,)", value)
                assert name == "href" or value.startswith("data:")
        assert "position" not in element.get("style", "")


def body_of(page: BeautifulSoup) -> BeautifulSoup:
    for part in page.select("head, style, header, nav"):
        part.decompose()
    return page


@pytest.mark.parametrize("what", WRITTEN)
@pytest.mark.parametrize(
    "shown_as", ["markdown", "raw", "text/markdown", "text/latex", "text/html"]
)
def test_nothing_on_the_feedback_page_runs_or_orders_or_imitates(what, shown_as):
    text = WRITTEN[what]
    if shown_as in ("markdown", "raw"):
        cell = (new_markdown_cell if shown_as == "markdown" else new_raw_cell)(text)
    else:
        cell = new_code_cell("1", outputs=[new_output("display_data", data={shown_as: text})])
    page = page_of(cell)
    assert page.select_one(".total").get_text() == "0 of 3 points"
    assert len(page.select(".total")) == len(page.select("#test-a")) == 1
    assert_harmless(body_of(page))


@pytest.mark.parametrize("what", WRITTEN)
def test_nothing_in_formgrader_runs_or_orders_or_imitates(what):
    page = BeautifulSoup(clean_html(markdown2html(WRITTEN[what])), "html.parser")
    assert_harmless(page)
    assert page.select("[id], .total") == []


def test_classes_of_formgraders_own_buttons_and_layers_do_not_stay():
    for name in ("full-credit", "modal-backdrop", "navbar-fixed-top", "btn", "highlight btn"):
        assert "class" not in clean_html(f"<div class='{name}'>x</div>")
    assert 'class="kn"' in clean_html("<span class='kn'>import</span>")


def test_formulas_are_what_they_say():
    page = BeautifulSoup(texts.rendered(r"$\frac{a}{2} \leq \text{a <b> & c}$"), "html.parser")
    assert page.math.mfrac is not None
    assert page.math.get_text().replace("\xa0", " ") == "a2≤a <b> & c"


def test_an_own_picture_and_a_link_to_another_site_stay():
    text = texts.rendered("![a dot](data:image/png;base64,AAAA) [s](https://scikit-learn.org/x)")
    page = BeautifulSoup(text, "html.parser")
    assert page.img.attrs == {"src": "data:image/png;base64,AAAA", "alt": "a dot"}
    assert page.a["href"] == "https://scikit-learn.org/x"


def test_the_picture_that_is_not_shown_is_described():
    assert "<em>my drawing</em>" in texts.rendered("![my drawing](drawing.png)")


@pytest.mark.parametrize("many", ["![a]", "[a]"])
def test_a_page_is_not_many_times_as_long_as_what_was_written(many):
    target = "data:image/png;base64," + "A" * 2_400
    if many == "[a]":
        target = "https://example.org/" + "a" * 2_400
    text = f"[a]: {target}\n\n" + many * 640
    cells = [new_markdown_cell(f"{text}\n\n{number}") for number in range(20)]
    assert len(str(page_of(*cells))) < 3 * sum(len(cell.source) for cell in cells)


def test_colours_of_long_outputs_take_no_time():
    started = time.process_time()
    shown = ansi2html("\x1b[" + "1;" * 2_000_000 + "m<b>" + "\x1b[31ma\x1b[1mb" * 25_000)
    assert time.process_time() - started < 8
    assert "<b>" not in shown
    assert len(shown) < 5_000_000
    assert "ansi-red" in ansi2html("\x1b[31mred\x1b[0m")


SLOW = {
    "blank lines in Python": new_code_cell("a" + " \n" * 60_000 + "b"),
    "Before, again and again": new_markdown_cell("**Before**: x " * 60_000),
    "blank lines": new_markdown_cell("\n" * 60_000),
    "dashes": new_markdown_cell("-\n" * 60_000),
    "a heading of blanks": new_markdown_cell("# x" + " " * 100_000 + "x"),
    "a heading of points": new_markdown_cell("# (" + "point " * 60_000),
    "environments that never end": new_markdown_cell("\\begin{a}" * 60_000),
}


@pytest.mark.parametrize("what", SLOW)
def test_a_page_is_made_soon(what):
    started = time.process_time()
    page_of(SLOW[what])
    assert time.process_time() - started < 8


def test_the_texts_of_one_page_in_formgrader_take_no_longer_together_than_they_may(monkeypatch):
    shortened = pages.Patience
    monkeypatch.setattr(pages, "Patience", lambda: shortened(each=0.1, together=0.3))
    monkeypatch.setattr(pages, "_PAGE", pages._OnePage())
    started = time.process_time()
    for _ in range(20):
        shown = highlight_code("a" + " \n" * 6_000 + "b")
    assert time.process_time() - started < 3
    assert shown.startswith("<pre>a")
    time.sleep(0.6)  # the next page
    assert "kn" in highlight_code("import a")


def test_one_learners_page_takes_no_time_from_the_next():
    exporter = FeedbackExporter(preprocessors=[Summary()])
    resources = {"nbgrader": {"score": 0.0, "max_score": 3.0, "late_penalty": 0}}
    for _ in range(2):
        exporter._patience._left = 0.0
        made = new_notebook(cells=[new_markdown_cell("*so*")])
        text, _ = exporter.from_notebook_node(made, dict(resources))
        assert "<em>so</em>" in text


def test_what_is_left_open_in_one_cell_ends_with_it():
    page = page_of(new_markdown_cell("<div><p>a <b>bold <code>x"), new_markdown_cell("after"))
    after = next(p for p in page.find_all("p") if p.get_text() == "after")
    assert after.find_parents(["b", "code", "p"]) == []


def test_each_table_of_a_page_has_a_name_of_its_own():
    table = "| a |\n| - |\n| 1 |"
    page = page_of(new_markdown_cell(table), new_markdown_cell(f"{table}\n\nand\n\n{table}"))
    names = [region["aria-label"] for region in page.select("main > div .scrolls")]
    assert names == ["Table 1", "Table 2", "Table 3"]


def test_the_title_is_the_instructors_where_the_course_is_known(tmp_path):
    class Folders:
        source_directory = "source"

        def format_path(self, step, student, assignment):
            return str(tmp_path / step / assignment)

    class Step(FeedbackExporter):
        coursedir = Folders()

    source = tmp_path / "source" / "a1"
    source.mkdir(parents=True)
    nbformat.write(new_notebook(cells=[new_markdown_cell("# Assignment 1")]), source / "a1.ipynb")
    exporter = FeedbackExporter(preprocessors=[Summary()], parent=Step())
    names = {"notebook": "a1", "assignment": "a1", "student": "eve"}
    resources = {"nbgrader": {"score": 0.0, "max_score": 3.0, "late_penalty": 0, **names}}
    made = new_notebook(cells=[new_markdown_cell("# 3 of 3 points")])
    text, _ = exporter.from_notebook_node(made, resources)
    assert BeautifulSoup(text, "html.parser").h1.get_text() == "Assignment 1"
