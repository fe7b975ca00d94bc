"""JupyterLab as a learner meets it: it opens, a lecture runs, an assignment can be validated."""

import contextlib
import json
import time
from pathlib import Path

import psutil
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.lab import STOP_SECONDS

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(1500)]

LECTURE = "notebooks/05_deep_features.ipynb"
ASSIGNMENT = "a1_multiclass"
# Beside tests that use both cores; a lecture's own limit is tested elsewhere.
RUN_SECONDS = 600


def open_notebook(page: Page, address: str, name: str = "00_start_here.ipynb") -> None:
    page.goto(address)
    # What was open before opens too.
    current = page.locator("#jp-main-dock-panel .lm-TabBar-tab.jp-mod-current")
    expect(current).to_contain_text(name, timeout=60_000)
    expect(page.locator(".jp-NotebookPanel:visible .jp-Notebook")).to_be_visible(timeout=60_000)
    # Cells that are run while the kernel is starting are not run at all.
    expect(page.locator("#jp-main-statusbar")).to_contain_text("| Idle", timeout=60_000)


def choose(page: Page, menu: str, item: str) -> None:
    page.get_by_role("menuitem", name=menu, exact=True).click()
    page.get_by_role("menuitem", name=item, exact=True).first.click()


def menu_items(page: Page, menu: str) -> list[str]:
    page.get_by_role("menuitem", name=menu, exact=True).click()
    shown = page.locator(".lm-Menu .lm-Menu-itemLabel").all_inner_texts()
    page.keyboard.press("Escape")
    return [text for text in shown if text]


def run_all_cells(page: Page, notebook: Path) -> dict:
    """Run all cells, save, and give the notebook as it then is on disk."""
    saved = json.loads(notebook.read_text(encoding="utf-8"))
    choose(page, "Run", "Run All Cells")
    until = time.monotonic() + RUN_SECONDS
    while time.monotonic() < until:
        page.wait_for_timeout(1000)
        page.keyboard.press("Control+s")
        page.wait_for_timeout(500)
        with contextlib.suppress(json.JSONDecodeError):  # it is being written
            saved = json.loads(notebook.read_text(encoding="utf-8"))
        code = [cell for cell in saved["cells"] if cell["cell_type"] == "code"]
        if all(cell["execution_count"] for cell in code) or errors_of(saved):
            return saved
    pytest.fail(f"{notebook.name} did not run through within {RUN_SECONDS} s")


def outputs_of(notebook: dict) -> list[dict]:
    return [output for cell in notebook["cells"] for output in cell.get("outputs", [])]


def errors_of(notebook: dict) -> list[str]:
    return [
        f"{output['ename']}: {output['evalue']}"
        for output in outputs_of(notebook)
        if output["output_type"] == "error"
    ]


def figures_while_scrolling(page: Page, screenshots: Path, name: str) -> dict[str, tuple[int, str]]:
    """Scroll through a notebook; give each figure's width and description by its source."""
    scroller = page.locator(".jp-NotebookPanel:visible .jp-WindowedPanel-outer")
    page.evaluate("element => element.scrollTop = 0", scroller.element_handle())
    figures: dict[str, tuple[int, str]] = {}
    for step in range(200):
        page.wait_for_timeout(150)
        for source, width, alt in page.evaluate(
            """() => [...document.querySelectorAll('.jp-OutputArea img')]
                .map(picture => [picture.src, picture.naturalWidth, picture.alt])"""
        ):
            figures[source] = (width, alt)
        if step % 2 == 0:
            page.screenshot(path=screenshots / f"{name}-{step:03}.png")
        at_end = scroller.evaluate(
            """element => {
                const before = element.scrollTop;
                element.scrollTop += element.clientHeight * 0.9;
                return element.scrollTop - before < 1;
            }"""
        )
        if at_end:
            return figures
    pytest.fail("the notebook does not end")


def test_make_lab_opens_the_start_page_and_asks_nothing(lab, look, screenshots):
    seen = look(lab.own)
    open_notebook(seen.page, lab.start_page.as_uri())
    seen.page.wait_for_timeout(3000)
    seen.page.screenshot(path=screenshots / "lab-start.png")
    assert seen.page.locator(".jp-Dialog").count() == 0
    assert seen.page.locator(".Toastify__toast").count() == 0
    assert seen.complaints == []
    assert seen.outside == []


def test_lecture_5_runs_in_the_browser_and_shows_its_figures(lab, look, screenshots):
    seen = look(lab.own)
    open_notebook(seen.page, lab.address(LECTURE), Path(LECTURE).name)
    saved = run_all_cells(seen.page, lab.folder / LECTURE)
    assert errors_of(saved) == []
    assert [o["name"] for o in outputs_of(saved) if o.get("name") == "stderr"] == []
    figures = figures_while_scrolling(seen.page, screenshots, "lecture-5")
    assert len(figures) >= 3
    for width, alt in figures.values():
        assert width > 100
        assert len(alt.split()) >= 5
    assert seen.page.get_by_text("Error displaying widget").count() == 0
    assert seen.complaints == []
    assert seen.outside == []


def test_validate_says_what_is_missing_in_an_assignment(lab, look, screenshots):
    seen = look(lab.own)
    notebook = f"my_assignments/{ASSIGNMENT}/{ASSIGNMENT}.ipynb"
    open_notebook(seen.page, lab.address(notebook), Path(notebook).name)
    seen.page.screenshot(path=screenshots / "assignment.png")
    seen.page.locator(".jp-NotebookPanel:visible .validate-button").click()
    report = seen.page.locator("#validation-message")
    expect(report).to_be_visible(timeout=120_000)
    seen.page.screenshot(path=screenshots / "validate.png")
    expect(report).to_contain_text("Not attempted")
    expect(report).to_contain_text("count_one_vs_rest")
    assert seen.complaints == []
    assert seen.outside == []


def submit_button(downloaded: Locator, assignment: str) -> Locator:
    """Find the button of one assignment among those of all that were downloaded."""
    rows = downloaded.locator(".list_item").filter(has_text=assignment)
    return rows.get_by_role("button", name="Submit", exact=True).first


def test_a_learner_submits_an_assignment_from_the_assignment_list(lab, look, screenshots):
    seen = look(lab.own)
    open_notebook(seen.page, lab.start_page.as_uri())
    choose(seen.page, "Nbgrader", "Assignment List")
    downloaded = seen.page.locator("#fetched_assignments_list")
    expect(downloaded).to_contain_text(ASSIGNMENT, timeout=20_000)
    submit_button(downloaded, ASSIGNMENT).click()
    submitted = seen.page.locator("#submitted_assignments_list")
    expect(submitted).to_contain_text(ASSIGNMENT, timeout=20_000)
    seen.page.screenshot(path=screenshots / "assignment-list.png")
    received = lab.folder / "notebooks" / "assignments" / "exchange" / "pixels" / "inbound"
    assert [path for path in received.iterdir() if ASSIGNMENT in path.name]
    assert seen.complaints == []
    assert seen.outside == []


def test_a_learner_meets_no_tools_of_the_instructor(lab, look):
    seen = look(lab.own)
    open_notebook(seen.page, lab.start_page.as_uri())
    assert menu_items(seen.page, "Nbgrader") == ["Assignment List"]
    assert seen.page.get_by_text("ruff.toml").count() == 0
    assert seen.page.get_by_text("Create Assignment").count() == 0


def test_validate_stands_above_assignments_alone(lab, look):
    seen = look(lab.own)
    open_notebook(seen.page, lab.start_page.as_uri())
    button = seen.page.locator(".jp-NotebookPanel:visible .validate-button")
    expect(button).to_be_attached()
    expect(button).to_be_hidden()
    notebook = f"my_assignments/{ASSIGNMENT}/{ASSIGNMENT}.ipynb"
    open_notebook(seen.page, lab.address(notebook), Path(notebook).name)
    expect(button).to_be_visible()


def test_an_instructor_finds_the_assignment_in_formgrader(teaching_lab, look, screenshots):
    seen = look(teaching_lab.own)
    open_notebook(seen.page, teaching_lab.start_page.as_uri())
    assert {"Assignment List", "Formgrader"} <= set(menu_items(seen.page, "Nbgrader"))
    choose(seen.page, "Nbgrader", "Formgrader")
    table = seen.page.frame_locator("iframe").locator("table")
    expect(table).to_contain_text(ASSIGNMENT, timeout=30_000)
    seen.page.screenshot(path=screenshots / "formgrader.png")
    assert seen.complaints == []
    assert seen.outside == []


# The last test here, since nobody needs the server after it.
def test_ctrl_c_stops_the_server_its_kernels_and_make(lab, look):
    seen = look(lab.own)
    open_notebook(seen.page, lab.start_page.as_uri())
    running = lab.processes()
    assert any("ipykernel" in " ".join(process.cmdline()) for process in running)
    # Tornado complains of pages that were closed while it wrote to them, at any time before.
    said_before = lab.said()
    lab.press_ctrl_c()
    _, left = psutil.wait_procs(running, timeout=STOP_SECONDS)
    assert left == []
    assert "Traceback" not in lab.said().removeprefix(said_before)
    assert not list((lab.home / "runtime").glob("jpserver-*"))
