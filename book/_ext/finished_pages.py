"""Finish the pages that Sphinx has written: for screen readers, for phones, for tables of data.

The theme's templates and pandas' tables are others' code. What they leave out is put right in the
pages that they made, which is the same for every page and survives their next version:

- tables: a heading without text is no heading; pandas' two rows of headings become one; numbers
  and their headings are aligned to the right;
- figures: each is a link to its own file, so that a tap shows it in full size (``course.js`` then
  shows it above the page);
- the theme's side bar and buttons get the names that assistive technology asks for.

Everything here may run twice on the same page and changes nothing the second time.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from bs4 import BeautifulSoup, NavigableString, Tag
from sphinx.application import Sphinx

NUMBER = re.compile(r"[-+\u2212±]?\d[\d,. ]*(e[-+]?\d+)?\s*(%|s|ms|MB|GB)?", re.IGNORECASE)


def finish(page: str) -> str:
    """Give a page of the website as readers should get it."""
    soup = BeautifulSoup(page, "html.parser")
    for table in soup.select(".bd-article table"):
        _merge_headings(table)
        _drop_empty_headings(table)
        _align_numbers(table)
    if soup.find("meta", attrs={"http-equiv": "Refresh"}) and not soup.find("link", rel="icon"):
        # A page that leads on names no icon, and the browser asks for one that is not there.
        soup.append(soup.new_tag("link", rel="icon", href="_static/favicon.svg"))
    for table in soup.select("table.indextable"):
        table["role"] = "presentation"  # Sphinx lays its lists of names out as tables
    for picture in soup.select(".bd-article .cell_output img, .bd-article figure img"):
        _link_to_full_size(soup, picture)
    _name_the_themes_parts(soup)
    return str(soup)


def _cells(row: Tag) -> list[Tag]:
    return row.find_all(["th", "td"], recursive=False)


def _is_empty(cell: Tag) -> bool:
    return not cell.get_text(strip=True) and cell.find("img") is None


def _merge_headings(table: Tag) -> None:
    """Put the names of a pandas index beside the names of the columns: two rows become one."""
    rows = table.select("thead > tr")
    if len(rows) != 2:
        return
    columns, index = (_cells(row) for row in rows)
    if any(cell.has_attr("colspan") for cell in columns + index) or len(columns) != len(index):
        return
    if all(_is_empty(a) or _is_empty(b) for a, b in zip(columns, index, strict=True)):
        for above, below in zip(columns, index, strict=True):
            if _is_empty(above):
                above.replace_with(below.extract())
        space = rows[1].next_sibling
        if isinstance(space, NavigableString) and not space.strip():
            space.extract()
        rows[1].decompose()


def _drop_empty_headings(table: Tag) -> None:
    """Make a heading without text a plain cell; what stands below it then heads its row."""
    for cell in table.select("thead th"):
        if _is_empty(cell):
            cell.name = "td"
            cell.attrs.pop("scope", None)
    head, rows = table.find("thead"), table.select("tbody > tr")
    if head is None or not rows:
        return
    tops = [_cells(row)[0] for row in table.select("thead > tr")]
    if all(_is_empty(cell) for cell in tops):
        for row in rows:
            first = _cells(row)[0]
            first.name = "th"
            first["scope"] = "row"
    if head.find("th") is None:
        head.decompose()


def _align_numbers(table: Tag) -> None:
    body = [_cells(row) for row in table.select("tbody > tr")]
    width = len(body[0]) if body else 0
    if any(len(row) != width for row in body):
        return
    heads = [row for row in map(_cells, table.select("thead > tr")) if len(row) == width]
    for column in range(width):
        said = [row[column].get_text(strip=True) for row in body if row[column].name == "td"]
        said = [text for text in said if text not in ("", "-", "\u2013", "NaN", "None")]
        if said and all(NUMBER.fullmatch(text) for text in said):
            for row in [*heads, *body]:
                row[column]["class"] = [*dict.fromkeys([*row[column].get("class", []), "number"])]


def _link_to_full_size(soup: BeautifulSoup, picture: Tag) -> None:
    if picture.find_parent("a") is None and not picture["src"].startswith("data:"):
        link = soup.new_tag("a", href=picture["src"], title="Open in full size")
        link["class"] = ["full-size"]
        picture.wrap(link)


def _name_the_themes_parts(soup: BeautifulSoup) -> None:
    side = soup.select_one(".bd-sidebar-primary .sidebar-primary-items__start")
    if side is not None:
        side["role"], side["aria-label"] = "navigation", "Course"
    for item in soup.select(".bd-sidebar-primary li.has-children"):
        chapter, fold = item.find("a"), item.select_one("summary")
        if chapter is not None and fold is not None:
            fold["aria-label"] = f"Pages of “{chapter.get_text(strip=True)}”"
    for button in soup.select("button.search-button-field"):
        # It says "Search Ctrl+K": that is its name, and what a voice command would call it.
        button.attrs.pop("aria-label", None)
    for icon in soup.select("button.theme-switch-button i"):
        icon.attrs.pop("title", None)  # the button has a name and a tooltip of its own
        icon["aria-hidden"] = "true"


def finish_all(app: Sphinx, problem: Exception | None) -> None:
    """Finish every page after a build."""
    if problem is not None or app.builder.format != "html":
        return
    for path in sorted(Path(app.outdir).rglob("*.html")):
        if "_static" in path.parts:
            continue
        written = path.read_text(encoding="utf-8")
        finished = finish(written)
        if finished != written:
            path.write_text(finished, encoding="utf-8")


def setup(app: Sphinx) -> dict[str, Any]:
    """Run when all pages are there."""
    app.connect("build-finished", finish_all)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
