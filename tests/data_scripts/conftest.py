"""A web server on this computer that misbehaves on request, and a small data set to fetch."""

import hashlib
import socket
import subprocess
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

import numpy as np
import pytest

from course_utils.datasets.kinds import Files
from course_utils.datasets.manifests import ListedFile
from course_utils.datasets.registry import DATA_SETS
from data_scripts import network


class Server(ThreadingHTTPServer):
    """Serve a folder; ``faults[path]`` holds what to do instead, one for each request."""

    daemon_threads = True

    def __init__(self, folder: Path) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.folder = folder
        self.faults: dict[str, list[Callable[[Handler], None]]] = defaultdict(list)
        self.every_time: Callable[[Handler], None] | None = None
        self.requests: list[tuple[str, str | None]] = []

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def handle_error(self, request, client_address):
        """Keep quiet when a client goes away: here that is part of the test."""


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Server

    def log_message(self, *args):
        """Keep quiet."""

    def do_GET(self):
        path = unquote(urlsplit(self.path).path)
        self.server.requests.append((self.path, self.headers.get("Range")))
        waiting = self.server.faults[path]
        if waiting:
            waiting.pop(0)(self)
        elif self.server.every_time:
            self.server.every_time(self)
        else:
            self.give()

    @property
    def content(self) -> bytes | None:
        file = self.server.folder / unquote(urlsplit(self.path).path).lstrip("/")
        return file.read_bytes() if file.is_file() else None

    def answer(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def give(self, ranges: bool = True) -> None:
        body = self.content
        if body is None:
            self.answer(404, b"no such file")
            return
        wanted = self.headers.get("Range")
        if not (wanted and ranges):
            self.answer(200, body)
            return
        start = int(wanted.removeprefix("bytes=").rstrip("-"))
        if start >= len(body):
            self.answer(416, b"")
        else:
            said = f"bytes {start}-{len(body) - 1}/{len(body)}"
            self.answer(206, body[start:], Content_Range=said)


def wrong_bytes(handler):
    handler.answer(200, bytes(len(handler.content)))


def captive_portal(handler):
    handler.answer(200, b"<!DOCTYPE html>\n<title>Log in</title>", Content_Type="text/html")


def missing(handler):
    handler.answer(404, b"")


def forbidden(handler):
    handler.answer(403, b"")


def busy(handler):
    handler.answer(503, b"", Retry_After="0")


def without_ranges(handler):
    handler.give(ranges=False)


def wrong_rest(handler):
    start = int(handler.headers["Range"].removeprefix("bytes=").rstrip("-"))
    handler.answer(206, bytes(len(handler.content) - start))


def drop_after(count):
    def drop(handler):
        wanted = handler.headers.get("Range")
        start = int(wanted.removeprefix("bytes=").rstrip("-")) if wanted else 0
        rest = handler.content[start:]
        handler.send_response(206 if wanted else 200)
        handler.send_header("Content-Length", str(len(rest)))
        handler.end_headers()
        handler.wfile.write(rest[:count])
        handler.wfile.flush()
        handler.connection.shutdown(socket.SHUT_RDWR)
        handler.close_connection = True

    return drop


def silence(seconds):
    def keep_silent(handler):
        time.sleep(seconds)
        handler.close_connection = True

    return keep_silent


def endless(handler):
    handler.send_response(200)
    handler.end_headers()
    try:
        while True:
            handler.wfile.write(bytes(1 << 16))
    except OSError:
        handler.close_connection = True


@pytest.fixture
def serve(request):
    """Give a function that serves a folder until the test ends."""

    def start(folder: Path) -> Server:
        server = Server(folder)
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        request.addfinalizer(server.server_close)
        request.addfinalizer(server.shutdown)
        return server

    return start


@pytest.fixture(autouse=True)
def own_surroundings(monkeypatch, tmp_path):
    """Keep each test's data directory to itself, and the machine's settings out."""
    names = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")
    for name in ("COURSE_DATA_MIRROR", *names, *(name.upper() for name in names)):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COURSE_DATA", str(tmp_path / "data"))
    monkeypatch.setattr(network, "_FIRST_WAIT", 0.01)


@pytest.fixture
def tiny(tmp_path, monkeypatch, serve) -> Server:
    """Serve a data set of six small files, named ``tiny``, as a mirror does."""
    rng = np.random.default_rng(0)
    listed = []
    for split in ("train", "valid"):
        for label in ("cat", "dog", "wild"):
            name = PurePosixPath(split, label, "0.jpg")
            content = rng.bytes(200_000)
            file = tmp_path / "mirror" / "pictures" / name
            file.parent.mkdir(parents=True)
            file.write_bytes(content)
            listed.append(ListedFile(hashlib.sha256(content).hexdigest(), len(content), name))

    class Tiny(Files):
        def files(self, root):
            return tuple(listed)

    info = Tiny(
        name="tiny",
        description="noise",
        licence="none",
        source="this test",
        size="1.2 MB",
        purpose="tests",
        url="https://pictures.example/pictures/",
    )
    monkeypatch.setitem(DATA_SETS, "tiny", info)
    server = serve(tmp_path / "mirror")
    monkeypatch.setenv("COURSE_DATA_MIRROR", server.address)
    return server


@pytest.fixture
def state(tmp_path):
    """Give a function that says what is in the data directory: visible files and their bytes."""

    def look() -> dict[str, bytes]:
        root = tmp_path / "data"
        return {
            file.relative_to(root).as_posix(): file.read_bytes()
            for file in sorted(root.rglob("*"))
            if file.is_file() and not file.relative_to(root).parts[0].startswith(".")
        }

    return look


@pytest.fixture
def small_disk(tmp_path):
    """Give a function that mounts a small disk as the data directory."""
    folder = tmp_path / "data"
    folder.mkdir()
    mounted = []

    def mount(options):
        done = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)], capture_output=True
        )
        if done.returncode:
            pytest.skip("needs the right to mount a small disk")
        mounted.append(folder)
        return folder

    yield mount
    for disk in mounted:
        subprocess.run(["umount", "-l", str(disk)], check=True)
