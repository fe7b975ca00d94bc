"""Weights of networks: finding the file, checking that it is the right one, loading it."""

from __future__ import annotations

import functools
import hashlib
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from torch import nn

__all__ = [
    "WeightsNotFoundError",
    "copy_in_order",
    "downloaded_file",
    "fetch_weights",
    "load_weights_file",
    "read_weights",
]


class WeightsNotFoundError(FileNotFoundError):
    """A network's weights are not on this machine, and could not be downloaded."""


def downloaded_file(url: str) -> Path:
    """Give the place of a download in torch's own folder, whether it is there yet or not."""
    import torch

    return Path(torch.hub.get_dir()) / "checkpoints" / url.rsplit("/", 1)[1]


def fetch_weights(url: str, what: str) -> Path:
    """Give the local file of a download, after checking the hash that its name carries.

    Parameters
    ----------
    url : str
        Its last part is the file's name, such as ``resnet18-f37072fd.pth``: the digits are the
        beginning of the file's SHA-256.
    what : str
        What to call it in an error.

    Returns
    -------
    pathlib.Path
        In torch's own folder of downloads (``TORCH_HOME``).

    Raises
    ------
    WeightsNotFoundError
        When it is not here and cannot be downloaded.
    ValueError
        When the file that is here has another hash.
    """
    import torch

    file = downloaded_file(url)
    found = re.search(r"-([0-9a-f]{8,})\.", file.name)
    prefix = found.group(1) if found else ""
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        try:
            torch.hub.download_url_to_file(url, str(file), prefix or None, progress=True)
        except (OSError, RuntimeError, ValueError) as error:
            # "from None": forty lines of the download library's calls would bury the way out.
            raise WeightsNotFoundError(
                f"{what} are not on this machine and could not be downloaded "
                f"({type(error).__name__}: {error}). Download {url} on a machine with a network, "
                f"put the file {file.name} into the folder {file.parent}, and try again; or use "
                f"'efficientnet_lite0', which needs no download."
            ) from None
    _check_hash(file, prefix, url)
    return file


@functools.lru_cache(maxsize=32)
def _sha256(path: str, size: int, modified: int) -> str:
    with Path(path).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _check_hash(file: Path, prefix: str, url: str) -> None:
    stat = file.stat()
    actual = _sha256(str(file), stat.st_size, stat.st_mtime_ns)
    if not actual.startswith(prefix):
        raise ValueError(
            f"{file} is damaged or is another file: its SHA-256 begins with "
            f"{actual[: len(prefix)]}, but its name promises {prefix}. Delete it, and download "
            f"{url} again."
        )


def read_weights(file: Path) -> dict[str, Any]:
    """Read a file of weights, without ever running code that it holds.

    Raises
    ------
    ValueError
        When it is no file of weights.
    """
    import torch

    try:
        # weights_only: a file that somebody passed on must not be able to run code.
        state = torch.load(file, map_location="cpu", weights_only=True)
    except FileNotFoundError:
        raise
    except Exception as error:
        raise ValueError(
            f"{file} is not a file of PyTorch weights that can be read safely "
            f"({type(error).__name__}). It should hold what torch.save(network.state_dict(), …) "
            f"writes."
        ) from error
    if isinstance(state, dict) and isinstance(state.get("state_dict"), dict):
        state = state["state_dict"]
    if not isinstance(state, dict):
        raise ValueError(f"{file} holds an object of type {type(state).__name__}, not a state_dict")
    return state


def load_weights_file(
    network: nn.Module,
    name: str,
    weights: str | os.PathLike[str],
    alternatives: list[str] | None = None,
) -> None:
    """Load a file of weights into a network.

    Parameters
    ----------
    network : torch.nn.Module
    name : str
        What to call the network in an error.
    weights : path
        What ``torch.save(network.state_dict(), …)`` wrote.
    alternatives : list of str or None
        What else could have been given; named in an error.

    Raises
    ------
    ValueError
        When there is no such file, or it holds other weights.
    """
    file = Path(weights)
    if not file.exists():
        raise ValueError(
            f"weights={str(weights)!r} is neither a file nor a set of weights of {name}; choose "
            f"{', '.join(['default', *(alternatives or [])])}, or the path of a state_dict"
        )
    try:
        network.load_state_dict(read_weights(file))
    except RuntimeError as error:
        reason = str(error).splitlines()
        raise ValueError(
            f"{file} holds the weights of another network than {name}: "
            f"{' '.join(reason[1:3])[:300]}"
        ) from error


def copy_in_order(state: dict[str, Any], network: nn.Module) -> None:
    """Load weights of the same architecture whose layers go by other names.

    Both lists are in the order in which the layers run, so the n-th tensor of one is the n-th of
    the other; a difference in number or shape means that they are not the same architecture.
    """
    wanted = network.state_dict()
    shapes_differ = [
        theirs
        for (theirs, given), own in zip(state.items(), wanted.values(), strict=False)
        if given.shape != own.shape
    ]
    if len(state) != len(wanted) or shapes_differ:
        raise ValueError(
            f"the packaged weights do not fit {type(network).__name__}: {len(state)} tensors for "
            f"{len(wanted)}, shapes differ at {shapes_differ[:3]}"
        )
    network.load_state_dict(dict(zip(wanted, state.values(), strict=True)))
