"""The book's tables of threats are those of the attacks that are tried."""

import pytest

from .attacks import POINTS
from .course import ROOT
from .more_attacks import ALL
from .stock import against_stock
from .threats import different, summary, table


def test_the_page_has_the_tables_that_the_benchmark_prints():
    page = (ROOT / "book" / "threats.md").read_text(encoding="utf-8")
    assert table() in page
    assert summary() in page


def test_a_measurement_that_contradicts_the_list_is_named():
    attack = ALL[0]
    assert different({attack.what: attack.stock}) == []
    (said,) = different({attack.what: "surprising"})
    assert said.startswith(attack.what)


@pytest.mark.slow
def test_what_works_on_nbgrader_as_it_comes_is_seen_to_work():
    tried = [n for n, attack in enumerate(ALL) if attack.wants == POINTS][:2]
    assert [ALL[n].stock for n in tried] == ["works", "works"]
    assert different(against_stock(tried)) == []
