"""The page of results as a colleague opens it: on a phone, in the dark, without a network."""

import pandas as pd
import pytest
from PIL import Image

from course_utils.judging import ResultsPage
from course_utils.plotting import plot_ladder
from tests.browser.accessibility import violations

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    folder = tmp_path_factory.mktemp("results")
    long = "a name without a blank that is much too long for any telephone".replace(" ", "_")
    evil = "<script>document.title = 'caught'<|script> \"quotes\" ümläut.png"
    for name in (f"{long}.png", evil):
        Image.new("RGB", (300, 200), "teal").save(folder / name)
    page = ResultsPage(f"Classifying {long}", "57 of 60 are right <script>alert(1)</script>")
    page.add_heading("What was compared")
    page.add_figure(plot_ladder({"pixels": [True, False], "features": [True, True]}))
    page.add_table(
        pd.DataFrame({f"column number {i}": [f"some words, {i}"] for i in range(9)}), "Many columns"
    )
    page.add_heading("The worst mistakes")
    page.add_pictures([folder / f"{long}.png", folder / evil], ["cat, predicted dog"] * 2)
    page.add_list([long])
    return page.write(folder / "results.html")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1200])
def test_it_can_be_read_by_everybody_and_asks_nobody(written, look, screenshots, width, scheme):
    watched = look("nobody", width=width, height=900)
    watched.page.emulate_media(color_scheme=scheme)
    watched.page.goto(written.as_uri())
    watched.page.screenshot(path=screenshots / f"results {width} {scheme}.png", full_page=True)
    assert watched.outside == []
    assert watched.complaints == []
    assert watched.page.title().startswith("Classifying a_name")
    wider = "document.documentElement.scrollWidth - window.innerWidth"
    assert watched.page.evaluate(wider) <= 0
    dark = watched.page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (dark == "rgb(22, 24, 28)") == (scheme == "dark")
    assert violations(watched.page) == []
