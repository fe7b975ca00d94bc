"""The built website, as a reader meets it: wide, on a phone, and without any other server."""

import pytest
from playwright.sync_api import expect

from tests.browser.accessibility import set_colours, violations

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(1500)]

PAGES = [
    "index.html",
    "notebooks/00_start_here.html",
    "notebooks/05_deep_features.html",
    "glossary.html",
    "instructors.html",
    "credits.html",
    "data.html",
    "api/pictures.html",
]


@pytest.mark.parametrize("width", [1400, 390], ids=["wide", "phone"])
def test_pages_are_readable_and_need_no_other_server(website_address, look, screenshots, width):
    seen = look(website_address, width=width, height=844)
    for name in PAGES:
        seen.page.goto(f"http://{website_address}/{name}", wait_until="networkidle")
        seen.page.screenshot(path=screenshots / f"{width}-{name.replace('/', '-')}.png")
        whole = screenshots / f"{width}-{name.replace('/', '-')}-whole.png"
        seen.page.screenshot(path=whole, full_page=True)
        # Wider than the window means scrolling sideways for every line.
        shown = seen.page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
        assert shown[0] <= shown[1], f"{name} is {shown[0]} px wide in a window of {shown[1]}"
        assert seen.complaints == [], name
        assert seen.outside == [], name


@pytest.mark.parametrize("width", [1400, 390], ids=["wide", "phone"])
def test_lecture_5_shows_its_figures_with_words_for_them(website_address, look, width):
    seen = look(website_address, width=width, height=844)
    address = f"http://{website_address}/notebooks/05_deep_features.html"
    seen.page.goto(address, wait_until="networkidle")
    figures = seen.page.evaluate(
        """() => [...document.querySelectorAll('.cell_output img')].map(picture => {
            picture.scrollIntoView();
            const box = picture.getBoundingClientRect();
            return {natural: picture.naturalWidth, alt: picture.alt,
                    left: box.left, right: box.right, width: box.width};
        })"""
    )
    assert len(figures) >= 3
    for figure in figures:
        assert figure["natural"] > 0
        assert len(figure["alt"].split()) >= 5
        assert figure["width"] > 100
        assert figure["left"] >= 0
        assert figure["right"] <= width


def test_the_search_finds_a_term_of_the_glossary(website_address, look, screenshots):
    seen = look(website_address)
    address = f"http://{website_address}/search.html?q=one-vs-rest"
    seen.page.goto(address, wait_until="networkidle")
    results = seen.page.locator("#search-results")
    results.get_by_role("link", name="Glossary").first.wait_for(timeout=10_000)
    seen.page.screenshot(path=screenshots / "search.png")
    assert seen.complaints == []
    assert seen.outside == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1400, 390], ids=["wide", "phone"])
def test_axe_finds_no_violation_on_any_page(website, website_address, look, width, scheme):
    seen = look(website_address, width=width, height=844)
    set_colours(seen.page, scheme)
    found = {}
    for path in sorted(website.html.rglob("*.html")):
        name = path.relative_to(website.html).as_posix()
        if "_static" in path.parts or (width < 1000 and name not in PAGES):
            continue
        seen.page.goto(f"http://{website_address}/{name}", wait_until="networkidle")
        assert seen.page.evaluate("document.documentElement.dataset.theme") == scheme
        if broken := violations(seen.page):
            found[name] = broken
    assert not found


def test_axe_is_not_blind(look, website_address):
    seen = look(website_address)
    seen.page.goto(f"http://{website_address}/glossary.html", wait_until="networkidle")
    seen.page.evaluate("document.querySelector('article').innerHTML += '<button></button>'")
    assert [rule for rule in violations(seen.page) if rule.startswith("button-name (critical)")]


LECTURE = "notebooks/05_deep_features.html"


def test_on_a_phone_a_tap_shows_a_figure_in_full_size(website_address, look, screenshots):
    seen = look(website_address, width=390, height=844)
    seen.page.goto(f"http://{website_address}/{LECTURE}", wait_until="networkidle")
    figure = seen.page.locator(".cell_output img").first
    natural, shown = figure.evaluate("picture => [picture.naturalWidth, picture.clientWidth]")
    assert shown < natural / 2  # it cannot be read like this
    figure.click()
    whole = seen.page.locator("dialog.full-size img")
    expect(whole).to_be_visible()
    assert whole.evaluate("picture => picture.clientWidth") == natural
    assert whole.get_attribute("alt") == figure.get_attribute("alt")
    assert violations(seen.page) == []
    seen.page.screenshot(path=screenshots / "390-figure-in-full-size.png")
    seen.page.get_by_role("button", name="Close").click()
    expect(whole).to_have_count(0)
    figure.click()
    seen.page.keyboard.press("Escape")
    expect(whole).to_have_count(0)
    assert seen.page.url.endswith(LECTURE)


def test_a_figure_opens_in_full_size_without_scripts_too(browser, website_address):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"http://{website_address}/{LECTURE}")
    source = page.locator(".cell_output img").first.get_attribute("src")
    page.locator(".cell_output img").first.click()
    page.wait_for_url(f"**/{source.split('/')[-1]}")
    context.close()


def test_a_table_that_is_too_wide_shows_that_it_scrolls(website_address, look, screenshots):
    seen = look(website_address, width=390, height=844)
    address = f"http://{website_address}/notebooks/00_start_here.html"
    seen.page.goto(address, wait_until="networkidle")
    wide = seen.page.locator(".cell_output .more-right:has(table)").first
    hint = seen.page.locator(".cell_output .more-right:has(table) + .scroll-hint").first
    expect(hint).to_be_visible()
    wide.scroll_into_view_if_needed()
    seen.page.screenshot(path=screenshots / "390-wide-table.png")
    box = wide.element_handle()
    seen.page.evaluate("element => element.scrollLeft = element.scrollWidth", box)
    seen.page.wait_for_timeout(200)
    assert "more-left" in box.get_attribute("class")
    assert "more-right" not in box.get_attribute("class")


def test_in_the_dark_figures_keep_their_colours_and_have_no_frame(website_address, look):
    seen = look(website_address)
    set_colours(seen.page, "dark")
    seen.page.goto(f"http://{website_address}/{LECTURE}", wait_until="networkidle")
    styles = seen.page.evaluate(
        """() => [...document.querySelectorAll('.bd-article .cell_output img')].map(picture => {
            const style = getComputedStyle(picture);
            return [style.filter, style.padding, style.backgroundColor];
        })"""
    )
    assert len(styles) >= 3
    assert {tuple(style) for style in styles} == {("none", "0px", "rgb(255, 255, 255)")}


@pytest.mark.parametrize("width", [1400, 390], ids=["wide", "phone"])
def test_headings_stand_above_their_columns_and_names_stay_whole(website_address, look, width):
    seen = look(website_address, width=width, height=844)
    address = f"http://{website_address}/notebooks/00_start_here.html"
    seen.page.goto(address, wait_until="networkidle")
    tables = seen.page.evaluate(
        """() => {
            // A range over a whole cell would count the boxes of the elements in it, too.
            function lines(cell) {
                const texts = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
                const tops = new Set();
                while (texts.nextNode()) {
                    const words = document.createRange();
                    words.selectNodeContents(texts.currentNode);
                    for (const box of words.getClientRects()) tops.add(Math.round(box.top));
                }
                return tops.size;
            }
            return [...document.querySelectorAll('.bd-article table')].map(table =>
                [...table.rows].map(row => [...row.cells].map(cell => ({
                    align: getComputedStyle(cell).textAlign,
                    lines: /^[a-z_0-9]+$/.test(cell.textContent.trim()) ? lines(cell) : 1,
                    text: cell.textContent.trim(),
                }))));
        }"""
    )
    assert len(tables) >= 3
    for rows in tables:
        for column in zip(*rows, strict=True):
            assert len({cell["align"] for cell in column[:2]}) == 1, column[:2]
            assert [cell for cell in column if cell["lines"] != 1] == []
