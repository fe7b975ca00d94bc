"""The built website, as a reader meets it: wide, on a phone, and without any other server."""

import pytest

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
