"""A real browser, a real JupyterLab, and a folder for what they look like."""

import contextlib
import functools
import http.server
import os
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser.lab import Lab


@pytest.fixture(scope="session")
def screenshots(tmp_path_factory) -> Path:
    """Give the folder for screenshots: ``COURSE_SCREENSHOTS``, or a temporary one."""
    named = os.environ.get("COURSE_SCREENSHOTS")
    folder = Path(named) if named else tmp_path_factory.mktemp("screenshots")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


class Watched:
    """A page of the browser, with everything that it complained about or asked others for."""

    def __init__(self, page: Page, own: str) -> None:
        self.page = page
        self.complaints: list[str] = []
        self.outside: list[str] = []
        page.on("console", self._said)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("response", self._answered)
        page.on("request", functools.partial(self._asked, own=own))

    def _said(self, message) -> None:
        if message.type == "error":
            self.complaints.append(message.text)

    def _answered(self, response) -> None:
        if response.status >= 400:
            self.complaints.append(f"{response.status} for {response.url}")

    def _asked(self, request, own: str) -> None:
        if request.url.startswith(("http:", "https:", "ws:", "wss:")) and own not in request.url:
            self.outside.append(request.url)


@pytest.fixture
def look(browser) -> Iterator[Callable[..., Watched]]:
    """Give a function that opens a watched page: ``look(own, width, height)``.

    ``own`` is the host and port that the page may talk to.
    """
    with contextlib.ExitStack() as opened:

        def open_page(own: str, width: int = 1400, height: int = 900) -> Watched:
            context = browser.new_context(viewport={"width": width, "height": height})
            opened.callback(context.close)
            return Watched(context.new_page(), own)

        yield open_page


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Serve files without a line of log for each."""

    def log_message(self, *args: object) -> None:
        return


@pytest.fixture(scope="session")
def website_address(website, tmp_path_factory) -> Iterator[str]:
    """Serve a copy of the built website from this machine; give its address."""
    assert website.status == 0, website.said
    served = tmp_path_factory.mktemp("served") / "html"
    with website.lock:
        shutil.copytree(website.html, served)
    handler = functools.partial(Quiet, directory=str(served))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture(scope="module")
def lab(browser, project_root, painted_data, tmp_path_factory) -> Iterator[Lab]:
    """Start JupyterLab with ``make lab`` in a copy of the course, and stop it in the end."""
    started = Lab(project_root, tmp_path_factory.mktemp("lab"), painted_data)
    yield started
    started.stop()


@pytest.fixture(scope="module")
def teaching_lab(browser, project_root, painted_data, tmp_path_factory) -> Iterator[Lab]:
    """Start JupyterLab with ``make teach`` in a copy of the course, and stop it in the end."""
    started = Lab(project_root, tmp_path_factory.mktemp("teach"), painted_data, target="teach")
    yield started
    started.stop()
