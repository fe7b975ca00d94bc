"""A figure with sliders: they move it, and whoever has none sees the figure as it starts."""

import base64
import sys

import ipywidgets
import matplotlib.pyplot as plt
import nbformat
import pytest
from IPython.core.interactiveshell import InteractiveShell
from nbclient import NotebookClient

from course_utils.plotting import explore, interactive, set_alt_text

WIDGET = "application/vnd.jupyter.widget-view+json"

CELL = """
%matplotlib inline
import matplotlib.pyplot as plt
from course_utils.plotting import explore, interactive, set_alt_text

def line(slope_of_line=2.0, dashed=False):
    _, ax = plt.subplots()
    ax.plot([0, 1], [0, slope_of_line], "--" if dashed else "-")
    set_alt_text(ax, f"A line of slope {slope_of_line}.")

explore(line, slope_of_line=(0.0, 5.0, 0.5), dashed=False)
"""
MOVE = """
from ipywidgets.widgets.widget import _instances
panel = next(w for w in _instances.values() if type(w).__name__ == "VBox")
slider, box, shown = panel.children
print(slider.description, slider.value, slider.min, slider.max, box.value)
print(shown.value[:40])
slider.value = 4.5
print(shown.value[:40])
"""
BREAK = """
def fails_later(n=1):
    plt.plot([n])
    if n > 1:
        raise KeyError("<n>")
    set_alt_text(plt.gcf(), "A dot.")

explore(fails_later, n=(1, 3))
panel = [w for w in _instances.values() if type(w).__name__ == "VBox"][-1]
panel.children[0].value = 2
print(panel.children[-1].value, plt.get_fignums())
panel.children[0].value = 1
print(panel.children[-1].value[:17])
"""


@pytest.fixture(scope="module")
def executed():
    """Give an executed notebook that shows a figure with controls, and then moves them."""
    sources = [CELL, "plt.get_fignums()", MOVE, BREAK]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(s) for s in sources])
    NotebookClient(notebook, kernel_name="python3", timeout=300).execute()
    return notebook


def printed(cell):
    """Give what a cell printed: a busy kernel sends it in several pieces."""
    return "".join(output.text for output in cell.outputs if output.output_type == "stream")


@pytest.mark.slow
@pytest.mark.notebook
def test_one_output_holds_both_the_sliders_and_the_picture_with_its_words(executed):
    (output,) = executed.cells[0].outputs
    assert WIDGET in output.data
    assert base64.b64decode(output.data["image/png"]).startswith(b"\x89PNG")
    assert output.metadata["image/png"]["alt"] == "A line of slope 2.0."
    assert 'alt="A line of slope 2.0."' in output.data["text/html"]


@pytest.mark.slow
@pytest.mark.notebook
def test_the_sliders_start_where_the_picture_does(executed):
    said = printed(executed.cells[2]).splitlines()
    assert said[0] == "slope of line 2.0 0.0 5.0 False"


@pytest.mark.slow
@pytest.mark.notebook
def test_moving_a_slider_draws_the_figure_anew_with_its_words(executed):
    said = printed(executed.cells[2]).splitlines()
    assert said[1].startswith('<img alt="A line of slope 2.0."')
    assert said[2].startswith('<img alt="A line of slope 4.5."')


@pytest.mark.slow
@pytest.mark.notebook
def test_what_goes_wrong_later_is_told_where_the_figure_was_and_passes(executed):
    said = printed(executed.cells[3]).splitlines()
    assert said == ["<pre>KeyError: &#x27;&lt;n&gt;&#x27;</pre> []", '<img alt="A dot."']


@pytest.mark.slow
@pytest.mark.notebook
def test_no_figure_stays_open_to_be_shown_a_second_time(executed):
    assert executed.cells[1].outputs[0].data["text/plain"] == "[]"


def test_outside_a_notebook_the_figure_waits_as_any_other():
    def dots(n=3):
        _, ax = plt.subplots()
        ax.plot(range(n), "o")
        set_alt_text(ax, f"{n} dots.")

    assert explore(dots, n=(1, 5)) is None
    (line,) = plt.gcf().axes[0].lines
    assert len(line.get_xdata()) == 3


def two(a=1, b=2):
    plt.figure()


def halves(a=1.5):
    plt.figure()


def no_default(a):
    plt.figure()


@pytest.mark.parametrize(
    ("draw", "controls", "error", "message"),
    [
        (two, {"a": (0, 1)}, TypeError, "two takes a, b, and controls are given for a:"),
        (two, {}, TypeError, "controls are given for none"),
        (two, {"a": (0, 1), "c": (0, 1)}, TypeError, "given for a, c"),
        (no_default, {"a": (0, 1)}, TypeError, "no_default has no default for a"),
        (two, {"a": (5, 9), "b": [2, 3]}, ValueError, "a is 1 by default, which its control"),
        (halves, {"a": (0, 9)}, ValueError, "a is 1.5 by default, which its control"),
        (two, {"a": (0, 9), "b": [3, 4]}, ValueError, "b is 2 by default, which its control"),
        (two, {"a": (0, 9), "b": {"three": 3}}, ValueError, "b is 2 by default"),
        (two, {"a": True, "b": [2]}, ValueError, "a is 1 by default, which its control True"),
        (
            two,
            {"a": ipywidgets.IntSlider(1), "b": [2]},
            TypeError,
            "the control of a is of type IntSlider: give",
        ),
    ],
)
def test_what_would_show_something_else_than_the_picture_is_refused(draw, controls, error, message):
    with pytest.raises(error, match=message):
        explore(draw, **controls)


@pytest.mark.parametrize("n", [0, 2])
def test_a_function_that_draws_no_figure_or_several_is_named(n):
    def draws(a=1):
        for _ in range(n):
            plt.figure()

    with pytest.raises(ValueError, match=f"draws drew {n} figures; explore shows exactly one"):
        explore(draws, a=(0, 2))


def test_a_figure_without_words_is_refused_and_closed():
    def mute(a=1):
        plt.figure()

    with pytest.raises(ValueError, match="the figure of mute has no text alternative"):
        explore(mute, a=(0, 2))
    assert plt.get_fignums() == []


def test_without_ipywidgets_the_picture_is_shown_alone(monkeypatch):
    monkeypatch.setitem(sys.modules, "ipywidgets", None)
    monkeypatch.setattr(interactive, "_shell", lambda: InteractiveShell())
    sent = []
    monkeypatch.setattr("IPython.display.display", lambda data, **_: sent.append(data))

    def dot(a=1):
        plt.plot([a])
        set_alt_text(plt.gcf(), "A dot.")

    explore(dot, a=(0, 2))
    (data,) = sent
    assert WIDGET not in data
    assert "text/plain" in data
