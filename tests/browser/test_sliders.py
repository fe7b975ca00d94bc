"""A figure with sliders, under a learner's hands in JupyterLab."""

import nbformat
import pytest
from playwright.sync_api import expect

from tests.browser.test_lab import choose, open_notebook

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(600)]

CELL = """
import matplotlib.pyplot as plt
from course_utils.plotting import explore, set_alt_text

def line(slope_of_line=2.0):
    _, ax = plt.subplots()
    ax.plot([0, 1], [0, slope_of_line])
    set_alt_text(ax, f"A line of slope {slope_of_line}.")

explore(line, slope_of_line=(0.0, 5.0, 0.5))
"""


def test_a_slider_moved_by_the_keyboard_redraws_the_figure_with_its_words(lab, look, screenshots):
    notebook = lab.folder / "notebooks" / "sliders.ipynb"
    written = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(CELL)])
    # Without it JupyterLab asks which kernel is wanted.
    written.metadata.kernelspec = {"name": "python3", "display_name": "Python 3 (ipykernel)"}
    nbformat.write(written, notebook)
    seen = look(lab.own)
    open_notebook(seen.page, lab.address("notebooks/sliders.ipynb"), notebook.name)
    choose(seen.page, "Run", "Run All Cells")
    pictures = seen.page.locator(".jp-NotebookPanel:visible .jp-OutputArea img")
    expect(pictures).to_have_attribute("alt", "A line of slope 2.0.", timeout=90_000)
    assert pictures.count() == 1, "the sliders' figure and the still one are both shown"

    slider = seen.page.get_by_role("slider")
    slider.focus()
    seen.page.keyboard.press("ArrowRight")
    expect(pictures).to_have_attribute("alt", "A line of slope 2.5.", timeout=20_000)
    seen.page.screenshot(path=screenshots / "sliders.png")
    assert seen.complaints == []
    assert seen.outside == []
