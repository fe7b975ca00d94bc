"""Pictures that lie elsewhere: in an object store, on a web server, wherever fsspec reads.

``s3://bucket/cat.jpg``, ``gs://…``, ``http://…`` and others are *addresses*. An object is fetched
whole, and then read by the one policy of :mod:`course_utils.images.reading`.
"""

from __future__ import annotations

import errno
import os
import re
import time
from pathlib import Path
from typing import Any

__all__ = ["StoreError", "absolute", "fetch", "is_address", "list_store", "located"]

# A scheme as in RFC 3986, section 3.1; of at least two letters, so that C:// is no address.
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")
# Seconds before each further try: a store that is busy or restarting is back within some of them.
_PAUSES = (0.5, 1.0, 2.0)
# What no further try would change.
_FINAL = (FileNotFoundError, PermissionError, IsADirectoryError)


class StoreError(OSError):
    """An object could not be fetched, and not because of the object.

    It stops a run also where pictures that cannot be read are skipped: a network that is down for a
    minute must not leave thousands of pictures out.

    Parameters
    ----------
    address : str
    reason : str

    Attributes
    ----------
    address : str
    reason : str
    """

    def __init__(self, address: str, reason: str) -> None:
        super().__init__(errno.EIO, reason, address)
        self.address = address
        self.reason = reason

    def __str__(self) -> str:
        return f"{self.address} could not be fetched: {self.reason}"

    def __reduce__(self) -> tuple[type[StoreError], tuple[str, str]]:
        return type(self), (self.address, self.reason)


def is_address(path: Any) -> bool:
    """Tell an address from the path of a file.

    Examples
    --------
    >>> is_address("s3://bucket/cat.jpg"), is_address("/data/cat.jpg")
    (True, False)
    """
    return isinstance(path, str) and "://" in path and _ADDRESS.match(path) is not None


def located(path: str | os.PathLike[str]) -> Path | str:
    """Give a path as a ``Path``, and an address, which a ``Path`` would change, as it is."""
    return path if isinstance(path, str) and is_address(path) else Path(path)


def absolute(path: str | os.PathLike[str], folder: Path | None = None) -> str:
    """Give a path as every program on this machine understands it; an address stays.

    Parameters
    ----------
    path : path or address
    folder : pathlib.Path or None
        What a relative path is relative to; None for the current folder.
    """
    if isinstance(path, str) and is_address(path):
        return path
    return os.path.abspath(path if folder is None else folder / path)  # noqa: PTH100 - takes out ..


def list_store(address: str) -> list[str]:
    """List the addresses of all objects below one, sorted.

    Raises
    ------
    FileNotFoundError
        When there is nothing.
    """
    import fsspec

    store, path = fsspec.core.url_to_fs(address)
    found = sorted(store.find(path))
    if not found:
        raise FileNotFoundError(f"there is nothing at {address}")
    # What the store calls it, such as /bucket/a.jpg, is made what the caller calls it.
    return [address.rstrip("/") + name.removeprefix(path.rstrip("/")) for name in found]


def fetch(address: str) -> bytes:
    """Fetch an object, trying a few times where the store does not answer.

    Parameters
    ----------
    address : str
        Whatever fsspec knows; keys and endpoints are taken from where fsspec takes them
        (environment variables, ``~/.config/fsspec``).

    Raises
    ------
    FileNotFoundError, PermissionError, IsADirectoryError
        When the store says so of this object.
    StoreError
        When the store cannot be reached in four tries, or the package for it is not installed.
    """
    import fsspec

    problem: Exception
    for pause in (0.0, *_PAUSES):
        time.sleep(pause)
        try:
            store, path = fsspec.core.url_to_fs(address)
            return store.cat_file(path)
        except _FINAL:
            raise
        except ImportError as error:  # names the package, such as s3fs
            raise StoreError(address, str(error)) from error
        except ValueError as error:
            if "Protocol not known" not in str(error):
                raise
            raise StoreError(address, str(error)) from error
        except Exception as error:  # every store's library has its own kinds
            problem = error
    said = f"{type(problem).__name__}: {problem}".rstrip(": ")
    raise StoreError(address, f"{len(_PAUSES) + 1} tries failed, the last with {said}") from problem
