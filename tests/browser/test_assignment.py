"""An assignment in JupyterLab: Run All reaches the end, and says what is right and what is not."""

import re

import nbformat
import pytest
from playwright.sync_api import expect

from tests.browser.test_lab import ASSIGNMENT, choose, open_notebook

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(900)]

RUN_SECONDS = 240
ANSWERS = {
    "count-models": """
def count_one_vs_rest(n_classes):
    return n_classes

def count_one_vs_one(n_classes):
    return n_classes * (n_classes + 1) // 2
""",
    "tie-examples": 'tie_examples = [([-2.0, -1.0, 3.0], "a")]',
    "count-votes": "def count_votes(pair_scores, pairs, n_classes:\n    return 1",
}


@pytest.fixture(scope="module")
def started(lab):
    """Give the path of an assignment that was begun: right, wrong, partly right, and no Python."""
    path = lab.folder / "my_assignments" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        cell.source = ANSWERS.get(cell.id, cell.source)
    nbformat.write(notebook, path)
    return path


def test_run_all_reaches_the_end_and_the_table_says_what_is_done(lab, look, screenshots, started):
    seen = look(lab.own)
    page = seen.page
    open_notebook(page, lab.address(f"my_assignments/{ASSIGNMENT}/{started.name}"), started.name)
    choose(page, "Run", "Run All Cells")
    # The last cell is where JupyterLab goes.
    last = page.locator(".jp-NotebookPanel:visible .jp-Cell").last
    expect(last.locator("table")).to_contain_text("checks say right", timeout=RUN_SECONDS * 1000)
    page.screenshot(path=screenshots / "assignment-end.png")
    at_the_end = last.locator("table").inner_text()
    assert re.search("1 of 9 checks say right", at_the_end)
    assert re.search(r"count_one_vs_rest\s+✓ right", at_the_end)
    assert re.search(r"count_one_vs_one\s+✗ incorrect", at_the_end)
    assert re.search(r"count_votes\s+○ not defined: run its cell", at_the_end)
    assert re.search(r"tie_examples\s+◐ partly right", at_the_end)
    assert re.search(r"compare\s+○ not attempted", at_the_end)
    page.keyboard.press("Control+s")
    page.wait_for_timeout(3000)

    saved = {cell.id: cell for cell in nbformat.read(started, as_version=4).cells}
    said = {name: str(cell.get("outputs")) for name, cell in saved.items()}
    assert "Right: `count_one_vs_rest`." in said["test-count-one-vs-rest"]
    assert "A class is not paired with itself." in said["test-count-one-vs-one"]
    assert "SyntaxError" in said["count-votes"]
    assert "Not attempted" in said["test-compare"]
    # The one at the top has been brought up to date by the checks under it.
    assert "1 of 9 checks say right" in said["progress"]
    assert "1 of 9 checks say right" in said["progress-at-the-end"]

    scroller = page.locator(".jp-NotebookPanel:visible .jp-WindowedPanel-outer")
    for name, top in [("top", 700), ("checks", 3500)]:
        scroller.evaluate(f"element => element.scrollTop = {top}")
        page.wait_for_timeout(1500)
        page.screenshot(path=screenshots / f"assignment-{name}.png")
    assert seen.complaints == []
    assert seen.outside == []


def test_validate_shows_two_lines_of_each_test_and_its_message(lab, look, screenshots, started):
    seen = look(lab.own)
    page = seen.page
    open_notebook(page, lab.address(f"my_assignments/{ASSIGNMENT}/{started.name}"), started.name)
    page.locator(".jp-NotebookPanel:visible .validate-button").click()
    report = page.locator("#validation-message")
    expect(report).to_be_visible(timeout=240_000)
    page.screenshot(path=screenshots / "assignment-validate.png")
    said = report.inner_text()
    assert "A class is not paired with itself." in said
    assert "Your examples would not notice somebody who takes the first" in said
    assert 'a1_checks.check("compare", compare)' in said
    assert "count_one_vs_rest" not in said, "it is right"
    assert "Case(" not in said
    assert seen.complaints == []
