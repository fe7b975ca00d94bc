"""Pages are finished for screen readers and phones, whatever the theme and pandas left out."""

import importlib.util

import pandas as pd
import pytest
from bs4 import BeautifulSoup


@pytest.fixture(scope="module")
def finish(project_root):
    place = project_root / "book" / "_ext" / "finished_pages.py"
    specification = importlib.util.spec_from_file_location("finished_pages", place)
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)

    def twice(body: str) -> BeautifulSoup:
        once = module.finish(
            f'<html><body><article class="bd-article">{body}</article></body></html>'
        )
        assert module.finish(once) == once
        return BeautifulSoup(once, "html.parser")

    return twice


def texts(cells) -> list[str]:
    return [cell.get_text(strip=True) for cell in cells]


def test_the_name_of_a_pandas_index_stands_beside_the_names_of_the_columns(finish):
    table = pd.DataFrame({"p": [0.5]}, index=pd.Index(["cat"], name="photograph of"))
    for page in (table.to_html(), table.style.to_html()):
        soup = finish(page)
        assert [texts(row.find_all("th")) for row in soup.select("thead tr")] == [
            ["photograph of", "p"]
        ]


def test_two_rows_of_headings_that_both_say_something_stay(finish):
    table = pd.DataFrame([[1, 2]], columns=pd.MultiIndex.from_tuples([("a", "b"), ("c", "d")]))
    assert len(finish(table.to_html()).select("thead tr")) == 2


def test_an_empty_corner_is_no_heading_and_what_stands_below_it_heads_its_row(finish):
    soup = finish(
        "<table><thead><tr><th></th><th>pictures</th></tr></thead>"
        "<tbody><tr><td>train</td><td>150</td></tr></tbody></table>"
    )
    assert texts(soup.find_all("th")) == ["pictures", "train"]
    assert soup.select_one("tbody th")["scope"] == "row"


def test_a_table_without_any_heading_above_gets_them_at_the_side(finish):
    soup = finish(
        "<table><thead><tr><th><p></p></th><th>\N{NO-BREAK SPACE}</th></tr></thead>"
        "<tbody><tr><td>pixels</td><td>many</td></tr></tbody></table>"
    )
    assert soup.find("thead") is None
    assert texts(soup.find_all("th")) == ["pixels"]


def test_numbers_stand_right_with_their_heading_and_words_left(finish):
    table = pd.DataFrame({"word": ["a", "b"], "size": ["1,024", "-3.5e2"], "mixed": ["1", "x"]})
    soup = finish(table.to_html(index=False))
    assert texts(soup.select(".number")) == ["size", "1,024", "-3.5e2"]


def test_a_figure_links_to_itself_and_a_link_stays_what_it_is(finish):
    soup = finish(
        '<div class="cell_output"><img alt="a cat" src="cat.png"></div>'
        '<figure><a href="x.html"><img alt="a dog" src="dog.png"></a></figure>'
        '<p><img alt="an icon" src="icon.png"></p>'
    )
    assert [link["href"] for link in soup.find_all("a")] == ["cat.png", "x.html"]
