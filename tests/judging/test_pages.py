"""The page of results: one file, nothing from elsewhere, nothing that runs, words for all of it."""

import html.parser
import re

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from PIL import Image

from course_utils.images import BadImageError
from course_utils.judging import ResultsPage
from course_utils.plotting import plot_ladder

EVIL = "<script>alert(1)</script>"


class Tags(html.parser.HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.tags, self.words = [], ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.words += data


@pytest.fixture
def picture(tmp_path):
    def picture(name):
        exif = Image.Exif()
        exif[0x010F] = "a camera that tells"
        file = tmp_path / name
        Image.new("RGB", (600, 400), "teal").save(file, "JPEG", exif=exif)
        return file

    return picture


@pytest.fixture
def page(picture):
    page = ResultsPage(f"Cats {EVIL}", f"57 of 60 are right {EVIL}")
    page.add_heading(f"Classes & {EVIL}")
    page.add_text(f"Text {EVIL} {{braces}}")
    page.add_list([f"entry {EVIL}"])
    page.add_table(
        pd.DataFrame({EVIL: [f"a {EVIL}"], "n": [3], "share": [0.123456], "none": [np.nan]}),
        f"caption {EVIL}",
    )
    page.add_figure(plot_ladder({f"pixels {EVIL}": [True, False]}))
    page.add_pictures([picture("<img src=x onerror=alert(1)>.jpg")], [f"cat, predicted {EVIL}"])
    return page


def test_whatever_is_called_whatever_nothing_runs(page):
    found = Tags(page.html())
    tags = {tag for tag, _ in found.tags}
    assert "script" not in tags
    assert not [name for _, attrs in found.tags for name in attrs if name.startswith("on")]
    assert found.words.count(EVIL) >= 8
    assert "{braces}" in found.words


def test_nothing_is_loaded_from_elsewhere_and_the_browser_is_told_so(page):
    text = page.html()
    found = Tags(text)
    for _, attrs in found.tags:
        for name in ("src", "href"):
            if name in attrs:
                assert attrs[name].startswith(("data:", "#part-"))
    policy = [attrs for tag, attrs in found.tags if attrs.get("http-equiv")]
    assert policy[0]["content"].startswith("default-src 'none'; img-src data:")
    assert not re.search(r"url\(|@import|https?:", text)


def test_every_picture_has_words_and_every_part_is_reached(page):
    found = Tags(page.html())
    pictures = [attrs for tag, attrs in found.tags if tag == "img"]
    assert len(pictures) == 2
    assert all(len(attrs["alt"].split()) >= 5 for attrs in pictures)
    places = {attrs["id"] for _, attrs in found.tags if "id" in attrs}
    links = {attrs["href"].removeprefix("#") for tag, attrs in found.tags if tag == "a"}
    assert links == places != set()
    assert [tag for tag, _ in found.tags if tag in ("h1", "h2", "nav", "main")]


def test_numbers_are_rounded_and_what_is_none_is_said(page):
    assert '<td class="number">0.12</td>' in page.html()
    assert '<td class="number">none</td>' in page.html()
    assert '<td class="number">3</td>' in page.html()


def test_no_word_of_the_camera_goes_with_a_picture(page):
    import base64

    jpegs = re.findall(r"data:image/jpeg;base64,([\w+/=]+)", page.html())
    assert len(jpegs) == 1
    assert b"a camera that tells" not in base64.b64decode(jpegs[0])
    assert len(jpegs[0]) < 40_000


def test_it_is_written_whole_or_not_at_all(page, tmp_path):
    target = page.write(tmp_path / "results.html")
    assert target.read_text(encoding="utf-8") == page.html()
    (tmp_path / "a file").touch()
    with pytest.raises(OSError, match="a file"):
        page.write(tmp_path / "a file" / "results.html")


def test_a_name_that_is_no_text_is_shown_as_such(picture, tmp_path):
    page = ResultsPage("a", "b")
    page.add_pictures([picture("caf\udce9.jpg")], ["cat, predicted dog"])
    page.write(tmp_path / "results.html")
    assert "caf\\udce9.jpg" in (tmp_path / "results.html").read_text(encoding="utf-8")


def test_what_is_missing_is_refused(tmp_path, picture):
    page = ResultsPage("a", "b")
    with pytest.raises(ValueError, match="no text alternative"):
        page.add_figure(plt.figure())
    with pytest.raises(ValueError, match="0 captions for 1 pictures"):
        page.add_pictures([picture("a.jpg")], [])
    with pytest.raises(BadImageError, match="there is no such file"):
        page.add_pictures([tmp_path / "none.jpg"], ["cat"])
