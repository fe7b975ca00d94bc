"""The website, as ``make book`` builds it."""

import importlib
import pkgutil
import re
import subprocess
from html.parser import HTMLParser
from typing import TypeVar
from urllib.parse import unquote, urlsplit

import pytest
from sphinx.util.inventory import InventoryFile

import course_utils

# The first test builds the website, lectures included, perhaps beside other work.
pytestmark = [pytest.mark.slow, pytest.mark.notebook, pytest.mark.timeout(1500)]


class References(HTMLParser):
    """The pictures of a page, its links, and the files that it loads."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.pictures: list[dict[str, str | None]] = []
        self.links: list[str] = []
        self.loaded: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        named = dict(attrs)
        if tag == "img":
            self.pictures.append(named)
        if tag == "a" and named.get("href"):
            self.links.append(named["href"])
        if tag == "link" and named.get("rel") in {"stylesheet", "preload", "icon", "preconnect"}:
            self.loaded.append(named["href"])
        if tag in {"img", "script", "iframe", "source"} and named.get("src"):
            self.loaded.append(named["src"])


@pytest.fixture(scope="module")
def pages(website) -> dict[str, References]:
    return {
        path.relative_to(website.html).as_posix(): References(path.read_text(encoding="utf-8"))
        for path in sorted(website.html.rglob("*.html"))
        if "_static" not in path.parts
    }


def test_the_website_builds_without_a_warning(website):
    assert website.status == 0, website.said
    assert "WARNING" not in re.sub(r"\[IPKernelApp\] WARNING.*", "", website.said)
    assert (website.html / "index.html").is_file()


def test_building_again_executes_nothing(website):
    with website.lock:
        again = subprocess.run(
            website.command, env=website.environment, capture_output=True, text=True
        )
    assert again.returncode == 0, again.stdout + again.stderr
    assert "Executing notebook" not in again.stdout + again.stderr


def test_the_page_of_lecture_5_shows_its_executed_figures_with_words_for_them(pages):
    figures = [
        picture
        for picture in pages["notebooks/05_deep_features.html"].pictures
        if "jupyter_execute" in picture["src"] or "_images" in picture["src"]
    ]
    assert len(figures) >= 3
    for figure in figures:
        assert len((figure.get("alt") or "").split()) >= 5, f"{figure['src']} is not described"
        assert "jupyter_execute" not in figure["alt"]


def test_no_page_loads_a_file_from_elsewhere(pages):
    for name, page in pages.items():
        elsewhere = [place for place in page.loaded if re.match(r"(https?:)?//", place)]
        assert not elsewhere, f"{name} loads {elsewhere}"


def test_every_link_within_the_website_leads_somewhere(website, pages):
    anchors = {}
    for name in pages:
        text = (website.html / name).read_text(encoding="utf-8")
        anchors[(website.html / name).resolve()] = set(re.findall(r'\bid="([^"]+)"', text))
    broken = []
    for name, page in pages.items():
        for link in page.links:
            parts = urlsplit(link)
            if parts.scheme or parts.netloc or link == "#":
                continue
            here = website.html / name
            target = (here.parent / unquote(parts.path)).resolve() if parts.path else here.resolve()
            there = anchors.get(target, set()) | {""}
            if not target.exists() or unquote(parts.fragment) not in there:
                broken.append(f"{name}: {link}")
    assert not broken


def test_no_lecture_shows_an_error_or_a_progress_bar(website, pages):
    lectures = [name for name in pages if name.startswith("notebooks/")]
    assert len(lectures) >= 2
    for name in lectures:
        text = (website.html / name).read_text(encoding="utf-8")
        assert "Traceback (most recent call last)" not in text, name
        assert "application/vnd.jupyter.widget-view" not in text, name
        assert not re.search(r"\d+%\|", text), name


def test_the_reference_holds_every_public_name_of_the_library(website):
    with (website.html / "objects.inv").open("rb") as inventory:
        known = InventoryFile.load(inventory, "", lambda base, place: place)
    documented = {name for kind in known for name in known[kind] if kind.startswith("py:")}
    modules = [
        module.name
        for module in pkgutil.walk_packages(course_utils.__path__, "course_utils.")
        if not any(part.startswith("_") for part in module.name.split("."))
    ]
    missing = []
    for name in modules:
        module = importlib.import_module(name)
        here = [
            public
            for public, value in vars(module).items()
            if getattr(value, "__module__", "") == name and not isinstance(value, TypeVar)
        ]
        for public in getattr(module, "__all__", [n for n in here if not n.startswith("_")]):
            home = getattr(vars(module).get(public), "__module__", None) or name
            if home in modules and home != name:
                continue  # offered here too; its own module documents it
            if public in vars(module) and f"{name}.{public}" not in documented:
                missing.append(f"{name}.{public}")
    assert not missing, "book/api/ leaves out " + ", ".join(missing)
