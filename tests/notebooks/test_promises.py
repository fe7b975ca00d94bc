"""Every lecture, and every template, keeps what was promised of it, and says where."""

import re
from collections.abc import Iterator

import pytest
from promises import PROMISES, Kept
from running import LECTURES, TEMPLATES, read

from course_utils.lectures import read_lecture

NUMBERS = {read_lecture(path).number: path for path in (*LECTURES, *TEMPLATES)}


def headings_above(cells) -> Iterator[tuple[str, str]]:
    """Give each cell's id with the heading below which it stands, without number or code marks."""
    heading = ""
    for cell in cells:
        if cell.cell_type == "markdown":
            own = re.findall(r"^#+ (?:\d+ )?(.+)$", cell.source, flags=re.MULTILINE)
            # A cell that ends one section and begins another belongs to both.
            yield from ((cell.id, section.replace("`", "")) for section in [heading, *own])
            heading = own[-1] if own else heading
        yield cell.id, heading.replace("`", "")


def test_every_lecture_and_template_says_where_it_keeps_its_promises():
    assert set(PROMISES) == set(NUMBERS)


@pytest.mark.parametrize("number", sorted(NUMBERS))
def test_no_promise_stands_twice(number):
    promises = [kept.promise for kept in PROMISES[number]]
    assert len(set(promises)) == len(promises) >= 5


@pytest.mark.parametrize(
    ("number", "kept"),
    [(number, kept) for number, rows in PROMISES.items() for kept in rows],
    ids=lambda value: value.cell if isinstance(value, Kept) else str(value),
)
def test_a_promise_is_kept_by_a_cell_of_its_section(number, kept):
    places = set(headings_above(read(NUMBERS[number]).cells))
    sections = {section for _, section in places}
    assert kept.section in sections, f"lecture {number} has no section {kept.section!r}"
    assert (kept.cell, kept.section) in places, f"{kept.section!r} has no cell {kept.cell!r}"
