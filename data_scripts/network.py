"""Where files come from, and what it means when the network refuses."""

from __future__ import annotations

import os
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from data_scripts.errors import DataError

if TYPE_CHECKING:
    import requests

__all__ = [
    "Place",
    "answers",
    "explain",
    "is_worth_retrying",
    "seconds_to_wait",
    "without_password",
]

# Seconds before the first repetition; it doubles from one to the next.
_FIRST_WAIT = 0.5
_LONGEST_WAIT = 30.0
# RFC 9110 and RFC 6585: what a server says when the same request may succeed later.
_WORTH_RETRYING = {408, 425, 429, 500, 502, 503, 504}


@dataclass(frozen=True)
class Place:
    """Where files are fetched from: the internet, or a mirror of it.

    Parameters
    ----------
    mirror
        ``None`` for the files' own addresses. Otherwise a folder, or the address of a web server,
        laid out as the source is: an address's ``https://host/`` is replaced by the mirror.
    """

    mirror: str | None = None

    @classmethod
    def from_environment(cls, project_root: Path) -> Place:
        """Read ``COURSE_DATA_MIRROR``; a relative folder is meant from the project's root.

        Raises
        ------
        DataError
            When it names a folder that does not exist, or is not an address.
        """
        mirror = os.environ.get("COURSE_DATA_MIRROR", "").strip()
        if not mirror:
            return cls()
        if mirror.startswith(("http://", "https://")):
            return cls(_checked_address(mirror).rstrip("/") + "/")
        folder = project_root / Path(mirror.removeprefix("file://")).expanduser()
        if not folder.is_dir():
            raise DataError(
                f"COURSE_DATA_MIRROR is {mirror!r}, but there is no such folder; correct it, or "
                "unset it to fetch from the source."
            )
        return cls(str(folder))

    def locate(self, url: str) -> str:
        """Give the address, or the file, that stands in for ``url`` here."""
        path = urlsplit(url).path.lstrip("/")
        if self.mirror is None:
            return url
        if self.mirror.startswith("http"):
            return self.mirror + path
        return str(Path(self.mirror) / unquote(path))

    def __str__(self) -> str:
        return (
            "its source" if self.mirror is None else f"the mirror {without_password(self.mirror)}"
        )


def without_password(url: str) -> str:
    """Leave the user's name and password out of an address, so that it can be shown."""
    scheme, slashes, rest = url.partition("://")
    host, slash, path = rest.partition("/")
    return scheme + slashes + host.rpartition("@")[2] + slash + path


def _checked_address(address: str) -> str:
    try:
        host = urlsplit(address).hostname
    except ValueError:
        host = None
    if not host:
        raise DataError(
            f"COURSE_DATA_MIRROR is {without_password(address)!r}, which is not an address; "
            "correct it, or unset it to fetch from the source."
        )
    return address


def explain(name: str, url: str, place: Place, problem: requests.RequestException) -> DataError:
    """Say what a failed request means for the person who waits, and what to do.

    Parameters
    ----------
    name
        The data set that was being fetched.
    url
        The address that was asked.
    place
        The source or a mirror.
    problem
        What requests raised.
    """
    import requests

    url = without_password(url)
    host = urlsplit(url).netloc
    cannot = f"{name} could not be fetched"
    mirrored = "" if place.mirror is None else " (from COURSE_DATA_MIRROR)"
    if isinstance(problem, requests.HTTPError) and problem.response is not None:
        status = problem.response.status_code
        if status in {404, 410}:
            advice = (
                "complete the mirror, or unset COURSE_DATA_MIRROR to fetch from the source."
                if place.mirror
                else "it has moved: set COURSE_DATA_MIRROR to a mirror, and report it."
            )
            return DataError(f"{cannot}: {host}{mirrored} has no {url} (404); {advice}")
        if status in {401, 403, 407, 451}:
            return DataError(
                f"{cannot}: {host}{mirrored} refuses to give {url} ({status}); you may need "
                "to log in to the network, or to set HTTPS_PROXY or COURSE_DATA_MIRROR."
            )
        return DataError(
            f"{cannot}: {host}{mirrored} answers that it is in trouble ({status}); run it "
            "again later, it goes on where it stopped."
        )
    if isinstance(problem, requests.exceptions.ProxyError):
        return DataError(
            f"{cannot}: the proxy on the way to {host} does not work; check HTTPS_PROXY and "
            "HTTP_PROXY."
        )
    if isinstance(problem, requests.exceptions.SSLError):
        return DataError(
            f"{cannot}: the connection to {host} is not trustworthy (its certificate is not "
            "valid); log in to the network in a browser, check the clock, or use a mirror."
        )
    if isinstance(problem, requests.Timeout):
        return DataError(
            f"{cannot}: {host}{mirrored} does not answer in time; run it again later, it goes "
            "on where it stopped, or set COURSE_DATA_MIRROR to a mirror."
        )
    return DataError(
        f"{cannot}: no connection to {host}{mirrored}, or it broke off; check the network and "
        "run it again, it goes on where it stopped, or set COURSE_DATA_MIRROR to a mirror."
    )


def is_worth_retrying(problem: requests.RequestException) -> bool:
    """Say whether the same request may succeed a moment later."""
    import requests

    if isinstance(problem, requests.HTTPError):
        return problem.response is not None and problem.response.status_code in _WORTH_RETRYING
    if isinstance(problem, requests.exceptions.SSLError | requests.exceptions.ProxyError):
        return False
    return not isinstance(problem, ValueError)


def seconds_to_wait(problem: requests.RequestException, fruitless: int) -> float:
    """Give the pause before the next request: what the server asks for, or ever longer."""
    answer = problem.response
    asked = answer.headers.get("Retry-After", "") if answer is not None else ""
    pause = float(asked) if asked.isdigit() else _FIRST_WAIT * 2**fruitless
    return min(pause, _LONGEST_WAIT)


def answers(url: str, *, place: Place, seconds: float) -> str:
    """Ask whether a file can be had here, for a few seconds at most.

    Parameters
    ----------
    url
        A file at the source.
    place
        The source or a mirror.
    seconds
        How long to wait, looking up the name included.

    Returns
    -------
    str
        Empty when it can be had; otherwise the reason, as the end of a sentence.
    """
    import requests

    source = place.locate(url)
    if not source.startswith(("http://", "https://")):
        return "" if Path(source).is_file() else f"{place} has no {source}"
    host = urlsplit(without_password(source)).netloc
    said = [f"{host} does not answer within {seconds:g} seconds"]

    def ask() -> None:
        try:
            with requests.get(source, stream=True, timeout=seconds) as response:
                is_page = "text/html" in response.headers.get("Content-Type", "")
                if not response.ok:
                    said[0] = f"{host} answers {response.status_code}"
                elif is_page:
                    said[0] = f"{host} answers with a web page (log in to the network?)"
                else:
                    said[0] = ""
        except requests.Timeout:
            return
        except (requests.RequestException, ValueError):
            said[0] = f"there is no connection to {host}"

    # requests has no limit on looking up a name, which can take much longer than this.
    thread = threading.Thread(target=ask, daemon=True)
    thread.start()
    thread.join(seconds)
    return said[0]
