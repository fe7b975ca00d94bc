"""Fetching files from their source, or from a mirror of it.

What a course needs on bad networks: a file appears in its place when all of it is here and its
hash is right, a download that broke off goes on where it stopped, what is worth retrying is
retried, files come in parallel, and whatever goes wrong ends in one sentence.
"""

from __future__ import annotations

import queue
import shutil
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO
from urllib.parse import urlsplit

from course_utils.datasets.manifests import ListedFile, sha256_of
from data_scripts.errors import DataError, is_full_disk
from data_scripts.network import (
    Place,
    explain,
    is_worth_retrying,
    seconds_to_wait,
    without_password,
)

if TYPE_CHECKING:
    import requests

__all__ = ["TIMEOUT", "Fetch", "fetch_files"]

_PARALLEL = 8
# What a broken connection costs at most: bytes that arrived but were not handed over yet.
_CHUNK = 1 << 14
_ATTEMPTS = 3
# Seconds to wait for a connection, or for the next bytes on it.
TIMEOUT = 30.0


class _Stopped(Exception):
    """Another download failed, or the user interrupted: this one ends too."""


class _TooLong(Exception):
    """More arrives than the file has."""


@dataclass
class Fetch:
    """One data set being fetched: what its downloads share.

    Parameters
    ----------
    name
        The data set's name, for messages.
    place
        Where from.
    partial_folder
        Where unfinished downloads wait, each under the hash that it must come to.
    timeout
        Seconds to wait for a connection, or for the next bytes.
    on_bytes
        Called with the number of bytes that arrived (negative when a download starts anew).
    """

    name: str
    place: Place
    partial_folder: Path
    timeout: float = TIMEOUT
    on_bytes: Callable[[int], Any] = lambda count: None
    stopped: threading.Event = field(default_factory=threading.Event)
    # Hashes of files that came in more than one piece.
    _pieced: set[str] = field(default_factory=set)
    _per_thread: threading.local = field(default_factory=threading.local)

    def get(self, url: str, listed: ListedFile, target: Path) -> None:
        """Fetch one file, check its hash, and put it in place.

        Raises
        ------
        DataError
            When it cannot be had, or is not what it should be.
        OSError
            When it cannot be written.
        """
        source = self.place.locate(url)
        partial = self.partial_folder / f"{listed.sha256}.part"

        if partial.exists():
            self._pieced.add(listed.sha256)
        for is_last in (False, True):
            if self._comes_whole(source, partial, listed):
                break
            self.on_bytes(-_size(partial))
            partial.unlink()
            # Pieces may not fit each other: only a download in one piece is proof.
            if is_last or listed.sha256 not in self._pieced:
                raise DataError(
                    f"{self.name} could not be fetched: {without_password(source)} is not the "
                    "file that the course was made with (its SHA-256 differs), so it was thrown "
                    "away. Try again later; if it stays so, fetch from another mirror or report it."
                )
        self._end_if_stopped()
        target.parent.mkdir(parents=True, exist_ok=True)
        partial.replace(target)

    def _comes_whole(self, source: str, partial: Path, listed: ListedFile) -> bool:
        """Download a file, or the rest of it; say whether it is the right one."""
        try:
            self._download(source, partial, listed)
        except _TooLong:
            return False
        return sha256_of(partial) == listed.sha256

    def _download(self, source: str, partial: Path, listed: ListedFile) -> None:
        try:
            if source.startswith(("http://", "https://")):
                self._download_by_http(source, partial, listed)
            else:
                self._copy(Path(source), partial, listed)
        except OSError as problem:
            if is_full_disk(problem):
                partial.unlink(missing_ok=True)
            raise

    def _copy(self, source: Path, partial: Path, listed: ListedFile) -> None:
        if not source.is_file():
            raise DataError(
                f"{self.name} could not be fetched: the mirror has no file {source}; complete the "
                "mirror, or unset COURSE_DATA_MIRROR to fetch from the source."
            )
        with source.open("rb") as incoming, partial.open("wb") as out:
            while chunk := incoming.read(_CHUNK):
                self._write(chunk, out, listed)

    def _download_by_http(self, url: str, partial: Path, listed: ListedFile) -> None:
        import requests

        fruitless = 0
        while True:
            before = _size(partial)
            if before >= listed.size:
                # All of it is here, or too much: the hash decides.
                return
            try:
                self._request(url, partial, before, listed)
                return
            except requests.RequestException as problem:
                # A bad line that still brings bytes gets there in the end.
                fruitless = 0 if _size(partial) > before else fruitless + 1
                if fruitless >= _ATTEMPTS or not is_worth_retrying(problem):
                    raise explain(self.name, url, self.place, problem) from problem
                self._wait(seconds_to_wait(problem, fruitless))

    def _request(self, url: str, partial: Path, start: int, listed: ListedFile) -> None:
        with self._ask(url, start) as response:
            response.raise_for_status()
            chunks = response.iter_content(_CHUNK)
            first = next(chunks, b"")
            continues = response.status_code == 206
            if continues:
                self._pieced.add(listed.sha256)
            else:
                # Before the good start that may be here is overwritten.
                self._refuse_web_page(first, response)
                self.on_bytes(-start)
            self._end_if_stopped()
            with partial.open("ab" if continues else "wb") as out:
                self._write(first, out, listed)
                for chunk in chunks:
                    self._write(chunk, out, listed)

    def _ask(self, url: str, start: int) -> requests.Response:
        import requests
        import urllib3

        headers = {"Accept-Encoding": "identity"}
        if start:
            headers["Range"] = f"bytes={start}-"
        try:
            return self._session().get(url, headers=headers, stream=True, timeout=self.timeout)
        except urllib3.exceptions.HTTPError as problem:
            # requests lets this one through, for names that cannot be host names.
            raise requests.exceptions.InvalidURL(str(problem)) from problem

    def _write(self, chunk: bytes, out: BinaryIO, listed: ListedFile) -> None:
        self._end_if_stopped()
        if out.tell() + len(chunk) > listed.size:
            # Unending answers must not fill the disk.
            raise _TooLong
        out.write(chunk)
        self.on_bytes(len(chunk))

    def _end_if_stopped(self) -> None:
        # A thread that was left waiting must not touch what a later run has begun anew.
        if self.stopped.is_set():
            raise _Stopped

    def _session(self) -> requests.Session:
        import requests

        # One connection a thread, kept open from file to file. It heeds HTTPS_PROXY and the like.
        if not hasattr(self._per_thread, "session"):
            self._per_thread.session = requests.Session()
        return self._per_thread.session

    def _wait(self, seconds: float) -> None:
        if self.stopped.wait(seconds):
            raise _Stopped

    def _refuse_web_page(self, start: bytes, response: requests.Response) -> None:
        if start[:256].lstrip().lower().startswith((b"<!doctype", b"<html", b"<head", b"<?xml")):
            host = urlsplit(without_password(response.url)).netloc
            raise DataError(
                f"{self.name} could not be fetched: {host} answered with a web page in "
                "place of the file, as networks do before you log in. Open a browser, log in to "
                "the network, and run it again."
            )


def fetch_files(
    name: str,
    wanted: Iterable[tuple[str, ListedFile, Path]],
    *,
    place: Place,
    data_dir: Path,
    timeout: float = TIMEOUT,
    progress: bool = True,
) -> int:
    """Fetch the files that are not here yet, in parallel.

    Parameters
    ----------
    name
        The data set's name.
    wanted
        For each file its address, what it must be, and where it goes.
    place
        The source or a mirror.
    data_dir
        The data directory; unfinished downloads wait in its ``.partial``.
    timeout
        Seconds to wait for a connection, or for the next bytes.
    progress
        Show a progress bar.

    Returns
    -------
    int
        How many files were fetched.

    Raises
    ------
    DataError
        When one cannot be had. Files that arrived stay; the rest is as it was.
    OSError
        When a file cannot be written.
    KeyboardInterrupt
        When interrupted; what arrived is kept for the next time.
    """
    from course_utils._progress import ProgressBar

    todo = [
        (url, listed, target)
        for url, listed, target in wanted
        if not (target.is_file() and sha256_of(target) == listed.sha256)
    ]
    if not todo:
        return 0
    partial_folder = data_dir / ".partial"
    partial_folder.mkdir(parents=True, exist_ok=True)
    total = sum(listed.size for _, listed, _ in todo)
    started = {
        listed.sha256: _size(partial_folder / f"{listed.sha256}.part") for _, listed, _ in todo
    }
    _require_room(name, total - sum(started.values()), data_dir)
    bar = ProgressBar(
        total=total,
        initial=sum(started.values()),
        desc=f"fetch {name}",
        unit="B",
        unit_scale=True,
        disable=not progress,
    )
    fetch = Fetch(name, place, partial_folder, timeout, on_bytes=bar.update)
    try:
        with bar:
            _get_all(fetch, todo)
    except OSError as problem:
        if is_full_disk(problem):
            for _, listed, _ in todo:
                (partial_folder / f"{listed.sha256}.part").unlink(missing_ok=True)
        raise
    finally:
        _remove_if_empty(partial_folder)
    return len(todo)


def _get_all(fetch: Fetch, todo: list[tuple[str, ListedFile, Path]]) -> None:
    """Download in parallel; at the first failure stop all and raise it."""
    waiting = iter(todo)
    taking = threading.Lock()
    outcomes: queue.Queue[BaseException | None] = queue.Queue()

    def work() -> None:
        while not fetch.stopped.is_set():
            with taking:
                item = next(waiting, None)
            if item is None:
                return
            try:
                fetch.get(*item)
            except BaseException as problem:
                outcomes.put(problem)
            else:
                outcomes.put(None)

    # Daemons, because Ctrl-C must not wait until a silent server's time is up, as it would for
    # the threads of a ThreadPoolExecutor. Whatever they leave behind is in the partial folder.
    threads = [threading.Thread(target=work, daemon=True) for _ in range(min(_PARALLEL, len(todo)))]
    for thread in threads:
        thread.start()
    try:
        for _ in todo:
            problem = _next_outcome(outcomes)
            if problem is not None:
                raise problem
    finally:
        fetch.stopped.set()
        deadline = time.monotonic() + 1
        for thread in threads:
            thread.join(max(0, deadline - time.monotonic()))


def _next_outcome(outcomes: queue.Queue[BaseException | None]) -> BaseException | None:
    # Waiting in short turns lets Ctrl-C through on every system.
    while True:
        try:
            return outcomes.get(timeout=0.2)
        except queue.Empty:
            continue


def _size(file: Path) -> int:
    return file.stat().st_size if file.exists() else 0


def _require_room(name: str, needed: int, data_dir: Path) -> None:
    free = shutil.disk_usage(data_dir).free
    if needed > free:
        raise DataError(
            f"{name} could not be fetched: it needs {needed / 1e6:,.0f} MB and the disk that holds "
            f"{data_dir} has {free / 1e6:,.0f} MB left; make room there, or set COURSE_DATA to a "
            "folder on another disk."
        )


def _remove_if_empty(folder: Path) -> None:
    try:
        folder.rmdir()
    except OSError:
        return
