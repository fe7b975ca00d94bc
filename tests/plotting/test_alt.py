"""The text alternative: from the line that draws to the notebook's output and the website."""

import json
import re
import subprocess
import sys

import matplotlib.pyplot as plt
import nbformat
import pytest

from course_utils.plotting import get_alt_text, set_alt_text


def test_a_figure_nobody_described_has_no_alternative():
    assert get_alt_text(plt.figure()) is None


def test_parts_are_read_in_order_and_the_whole_replaces_them():
    figure, (left, right) = plt.subplots(1, 2)
    set_alt_text(right, "Right side.")
    set_alt_text(left, "Left\n   side.")
    assert get_alt_text(figure) == "Left side. Right side."
    set_alt_text(figure, "Both sides.")
    assert get_alt_text(figure) == "Both sides."


def test_subfigures_count_as_parts():
    figure = plt.figure()
    top, bottom = figure.subfigures(2, 1)
    set_alt_text(top.subplots(), "Axes at the top.")
    set_alt_text(bottom, "All of the bottom.")
    assert get_alt_text(figure) == "Axes at the top. All of the bottom."
    assert get_alt_text(top) == "Axes at the top."


def test_empty_words_are_refused():
    with pytest.raises(ValueError, match="empty"):
        set_alt_text(plt.figure(), "  \n ")


def test_the_description_goes_with_its_figure():
    figure = plt.figure()
    set_alt_text(figure, "Short-lived.")
    from course_utils.plotting import alt

    assert figure in alt._texts
    plt.close(figure)
    del figure
    import gc

    gc.collect()
    assert "Short-lived." not in alt._texts.values()


WORDS = 'Accuracy "rises" from 0.67 & <pixels> to 0.87.'

CELLS = [
    f"""
import matplotlib.pyplot as plt
from course_utils.plotting import set_alt_text

def draw(described=True):
    figure, ax = plt.subplots(figsize=(2, 1))
    ax.plot([0, 1])
    if described:
        set_alt_text(ax, {WORDS!r})
    return figure

draw();
""",
    "figure = draw()\nplt.close(figure)\nfigure",
    "draw(described=False);",
    "%config InlineBackend.figure_formats = ['retina']\ndraw();",
    "%config InlineBackend.figure_formats = ['svg']\ndraw();",
]


@pytest.fixture(scope="module")
def executed(tmp_path_factory):
    """Run a notebook of figures, as JupyterLab's kernel does."""
    from nbclient import NotebookClient

    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(c) for c in CELLS])
    folder = tmp_path_factory.mktemp("executed")
    resources = {"metadata": {"path": str(folder)}}
    NotebookClient(notebook, timeout=120, kernel_name="python3", resources=resources).execute()
    nbformat.validate(notebook)
    return notebook


def outputs(notebook, cell):
    return [o for o in notebook.cells[cell].outputs if "data" in o]


def alt_of_html(html):
    from html.parser import HTMLParser

    found = []

    class Images(HTMLParser):
        def handle_starttag(self, tag, attributes):
            if tag == "img":
                found.append(dict(attributes))

    Images().feed(html)
    return [image.get("alt") for image in found]


@pytest.mark.notebook
@pytest.mark.parametrize(("cell", "kind"), [(0, "display_data"), (1, "execute_result")])
def test_words_reach_the_metadata_and_html_of_a_notebooks_output(executed, cell, kind):
    (output,) = outputs(executed, cell)
    assert output.output_type == kind
    assert output.metadata["image/png"]["alt"] == WORDS
    assert alt_of_html(output.data["text/html"]) == [WORDS]
    assert output.data["image/png"].strip() in output.data["text/html"]


@pytest.mark.notebook
def test_a_figure_without_words_is_sent_as_ever(executed):
    (output,) = outputs(executed, 2)
    assert set(output.data) == {"image/png", "text/plain"}
    assert "image/png" not in output.metadata


@pytest.mark.notebook
def test_words_survive_a_change_of_figure_format(executed):
    (retina,) = outputs(executed, 3)
    assert retina.metadata["image/png"]["alt"] == WORDS
    assert f'width="{retina.metadata["image/png"]["width"]}"' in retina.data["text/html"]
    (svg,) = outputs(executed, 4)
    assert svg.metadata["image/svg+xml"]["alt"] == WORDS
    assert alt_of_html(svg.data["text/html"]) == [WORDS]


@pytest.mark.notebook
def test_nbconvert_writes_the_words(executed):
    from nbconvert import HTMLExporter

    page, _ = HTMLExporter().from_notebook_node(executed)
    assert alt_of_html(page).count(WORDS) == 4


@pytest.mark.notebook
@pytest.mark.slow
def test_the_website_shows_the_words_and_the_picture_as_a_file_and_misses_words_left_out(
    executed, tmp_path, project_root
):
    book = tmp_path / "book"
    book.mkdir()
    nbformat.write(executed, book / "page.ipynb")
    config = {
        "title": "One page",
        "execute": {"execute_notebooks": "off"},
        "sphinx": {
            "local_extensions": {"alt_text": str(project_root / "book" / "_ext")},
            "config": {"alt_text_required": True},
        },
    }
    # JSON is YAML too
    (book / "_config.yml").write_text(json.dumps(config))
    (book / "_toc.yml").write_text(json.dumps({"format": "jb-book", "root": "page"}))
    build = "from jupyter_book.cli.main import main; main()"
    built = subprocess.run(
        [sys.executable, "-c", build, "build", str(book)],
        capture_output=True,
        text=True,
    )
    assert built.returncode == 0, built.stdout + built.stderr
    warnings = [line for line in built.stderr.splitlines() if "WARNING" in line]
    assert len(warnings) == 1, warnings
    assert "the picture below cell 3 has no text alternative" in warnings[0]
    page = (book / "_build" / "html" / "page.html").read_text()
    assert alt_of_html(page).count(WORDS) == 4
    assert "base64" not in page
    pictures = re.findall(r'<img [^>]*src="(_images/[^"]+)"', page)
    assert len(pictures) == 5
    assert all((book / "_build" / "html" / picture).is_file() for picture in pictures)
