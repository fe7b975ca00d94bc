"""Pages that show a submission run nothing of it, and look as before."""

import time

import nbformat
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from course_utils.grading.feedback import FeedbackExporter
from course_utils.grading.outputs import clean
from course_utils.grading.pages import clean_html, markdown2html, strip_files_prefix
from course_utils.grading.patience import LONGEST, Patience


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<SCRIPT src=//x></SCRIPT >alert",
        "<scr<script></script>ipt>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<a href='javascript:alert(1)'>x</a>",
        "<iframe src=//x></iframe><object data=x></object><form action=x><input></form>",
        "<svg onload=alert(1)><foreignObject></svg>",
        "<style>@import '//x'</style><link rel=stylesheet href=//x><meta http-equiv=refresh>",
        "<div style='position:fixed;background:url(//x)'>",
    ],
)
@pytest.mark.parametrize("clean", [clean_html, strip_files_prefix])
def test_nothing_that_runs_loads_or_covers_is_left(text, clean):
    found = clean(text).lower()
    for trace in ("<script", "onerror", "onload", "javascript:", "<iframe", "<style", "position"):
        assert trace not in found


@given(st.text(alphabet="<>/'\"=scriptonload &;javs:"))
def test_no_text_becomes_a_script(text):
    assert "<script" not in clean_html(text).lower()


def test_headings_pictures_and_tables_of_pandas_stay():
    text = "<h2>A</h2><p>b <em>c</em></p><img src='data:image/png;base64,x' alt='d'>"
    assert clean_html(text).replace('"', "'") == text
    table = clean_html(pd.DataFrame({"a": [1]})._repr_html_())
    assert "<th>a</th>" in table.replace(' style="text-align: right;"', "")
    assert "vertical-align" not in table


SLOW = {
    "tags in each other": "<div>" * 30_000,
    "environments that never end": "\\begin{a}" * 10_000,
    "backquotes": "`" * 50_000,
}


@pytest.mark.parametrize("what", SLOW)
@pytest.mark.parametrize("render", [clean_html, markdown2html])
def test_a_text_that_takes_too_long_is_shown_as_it_was_typed(render, what):
    started = time.process_time()
    assert isinstance(render(SLOW[what]), str)
    assert time.process_time() - started < 6


def test_the_texts_of_one_page_together_take_no_longer_than_they_may():
    def for_ever(text):
        while True:
            pass

    patience = Patience(each=0.1, together=0.2)
    started = time.process_time()
    shown = [patience.render(for_ever, "<b>") for _ in range(20)]
    assert time.process_time() - started < 2
    assert shown == ["<pre>&lt;b&gt;</pre>"] * 20
    assert Patience().render(str.upper, "ok") == "OK"


def test_one_rendering_may_be_within_another_and_both_end():
    def outer(text):
        Patience(each=5).render(lambda inner: inner, text)
        while True:
            pass

    assert Patience(each=0.2).render(outer, "x") == "<pre>x</pre>"


def test_a_text_of_megabytes_is_cut_off_and_a_broken_one_is_shown():
    assert len(Patience().render(str.upper, "x" * 9_000_000)) < LONGEST + 100

    def broken(text):
        raise RecursionError

    assert Patience().render(broken, "x") == "<pre>x</pre>"


INTO_A_TAG = 'x" onerror="pwned()" x="'
HOSTILE_OUTPUTS = [
    {"output_type": "display_data", "data": data, "metadata": metadata}
    for data, metadata in [
        ({"image/png": INTO_A_TAG, "text/plain": "p"}, {}),
        ({"image/jpeg": INTO_A_TAG, "text/plain": "p"}, {}),
        ({"image/png": "aGk="}, {"image/png": {"width": "1 onerror=pwned()", "alt": INTO_A_TAG}}),
        ({"image/png": "aGk="}, {"image/png": {"height": "1 onerror=pwned()"}}),
        ({"image/svg+xml": "<svg onload=pwned()><script>pwned()</script></svg>"}, {}),
        ({"text/html": "<img src=x onerror=pwned()><iframe srcdoc=x></iframe>"}, {}),
        ({"text/latex": "$x$<script>pwned()</script>"}, {}),
        ({"text/markdown": "<script>pwned()</script>[x](javascript:pwned())"}, {}),
        ({"text/plain": "</pre><script>pwned()</script>"}, {}),
        ({"application/javascript": "pwned()", "text/plain": "p"}, {}),
        ({"text/html": "x"}, {"text/html": {"isolated": True}, "filenames": {"image/png": "x"}}),
    ]
]


@pytest.mark.parametrize("output", HOSTILE_OUTPUTS, ids=lambda output: str(output["data"])[:40])
def test_no_output_puts_a_program_into_feedback_or_formgrader(output):
    from html.parser import HTMLParser

    from nbconvert.exporters import HTMLExporter

    cell = nbformat.v4.new_code_cell("1")
    cell.outputs = [nbformat.from_dict(o) for o in clean([output], 1)]
    notebook = nbformat.v4.new_notebook(cells=[cell])
    formgrader = HTMLExporter(
        sanitize_html=True, template_name="classic", filters={"clean_html": clean_html}
    )
    found = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag, attributes):
            names = {name for name, _ in attributes if name.startswith("on")}
            if names or tag == "iframe" or any("javascript:" in (v or "") for _, v in attributes):
                found.append((tag, attributes))

        def handle_data(self, data):
            if self.cdata_elem == "script" and "pwned" in data:
                found.append(data)

    feedback = FeedbackExporter()
    resources = {
        "nbgrader": {"score": 0, "max_score": 1, "late_penalty": 0},
        "feedback": {"title": "t", "exercises": []},
    }
    pages = [
        exporter.from_notebook_node(notebook, resources)[0] for exporter in (feedback, formgrader)
    ]
    for page in pages:
        Reader().feed(page)
    assert found == []
