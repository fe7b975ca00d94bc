"""A training run on disk: whole or not at all, and only where it belongs."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
import xxhash

from course_utils._files import replace_when_complete
from course_utils.networks.backbone import Backbone
from course_utils.networks.description import bytes_of

__all__ = ["check_belongs", "load_best", "read_checkpoint", "write_checkpoint"]

FORMAT = "course_utils training, version 1"
_PARTS = {"belongs_to", "best", "digest", "format", "history", "network", "optimizer", "scaler"}


def write_checkpoint(path: str | os.PathLike[str], state: Mapping[str, Any]) -> None:
    """Write a checkpoint: the whole new one, or the old one stays.

    Parameters
    ----------
    path : path
    state : mapping
        Tensors, numbers, strings, and dicts and lists of them: what ``weights_only=True`` loads.

    Raises
    ------
    OSError
        When the folder cannot be written to, or the disk is full.
    """
    whole = {**state, "format": FORMAT}
    whole["digest"] = _digest(whole)
    with replace_when_complete(path) as temporary:
        torch.save(whole, temporary)


def read_checkpoint(path: str | os.PathLike[str]) -> dict[str, Any]:
    """Read a checkpoint, with ``weights_only=True``: loading it runs no code of the file.

    Raises
    ------
    FileNotFoundError
        When there is none.
    ValueError
        When the file is no checkpoint of this course, or is damaged.
    """
    path = Path(path)
    if not path.is_file():
        raise FileNotFoundError(f"there is no checkpoint at {path}")
    try:
        state = torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:  # whatever a damaged or foreign file makes torch stumble over
        raise ValueError(
            f"{path} is damaged, or no checkpoint: {type(error).__name__} when it was read. Move "
            "it away to start anew"
        ) from error
    if not isinstance(state, dict) or state.get("format") != FORMAT or set(state) != _PARTS:
        raise ValueError(
            f"{path} is a torch file, but no checkpoint of fine_tune; give another name"
        )
    if state.pop("digest") != _digest(state):
        raise ValueError(f"{path} is damaged: its contents have changed. Move it away")
    return state


def check_belongs(
    path: str | os.PathLike[str], state: Mapping[str, Any], belongs_to: Mapping[str, Any]
) -> None:
    """Refuse a checkpoint of another run.

    Raises
    ------
    ValueError
        The message says what differs: the network, the data, or which settings.
    """
    theirs = state["belongs_to"]
    different = [name for name in belongs_to if theirs.get(name) != belongs_to[name]]
    if not different:
        return
    said = []
    for name in different:
        if name in ("network", "training pictures", "validation pictures"):
            said.append(f"the {name}")
        else:
            said.append(f"{name} ({theirs.get(name)!r} there, {belongs_to[name]!r} here)")
    raise ValueError(
        f"{path} belongs to another run. Different: {'; '.join(said)}. Give this run a checkpoint "
        "of its own, or repeat the arguments of the other one to go on with it"
    )


def load_best(path: str | os.PathLike[str], model: Backbone) -> Backbone:
    """Give a network the best weights of a checkpoint.

    Parameters
    ----------
    path : path
        What was given to ``fine_tune(…, checkpoint=path)``.
    model : Backbone
        A network of the same layers and classes; it stays as it is.

    Returns
    -------
    Backbone
        In evaluation mode, gradients off.

    Raises
    ------
    FileNotFoundError, ValueError
        When there is no checkpoint, it is damaged, or it is of another network or other classes.
    """
    state = read_checkpoint(path)
    classes = state["belongs_to"]["classes"]
    if list(model.class_names) != classes:
        raise ValueError(
            f"{path} is of a network for the classes {', '.join(classes)}; this one is for "
            f"{', '.join(model.class_names)}"
        )
    try:
        return with_weights(model, state["best"])
    except RuntimeError as error:
        raise ValueError(
            f"{path} is of {state['belongs_to']['name']}, whose layers are not those of this "
            f"{model.name}: {str(error).splitlines()[0]}"
        ) from error


def with_weights(model: Backbone, weights: Mapping[str, torch.Tensor]) -> Backbone:
    """Copy a network, with other weights."""
    import copy

    network = copy.deepcopy(model.network)
    network.load_state_dict(dict(weights))
    return Backbone(
        model.name,
        network,
        model.transform,
        model.class_names,
        source=f"{model.source}; fine-tuned",
    )


def _digest(state: Any) -> str:
    digest = xxhash.xxh3_128()
    _add(digest, state)
    return digest.hexdigest()


def _add(digest: Any, value: Any) -> None:
    """Walk through a checkpoint in its order; types and lengths keep neighbours apart."""
    if isinstance(value, torch.Tensor):
        digest.update(f"tensor {value.dtype} {tuple(value.shape)}\n".encode())
        digest.update(bytes_of(value.detach().cpu().contiguous(), "a checkpoint's tensor"))
    elif isinstance(value, Mapping):
        digest.update(f"dict {len(value)}\n".encode())
        for key, entry in value.items():
            digest.update(f"{key!r}\n".encode())
            _add(digest, entry)
    elif isinstance(value, (list, tuple)):
        digest.update(f"list {len(value)}\n".encode())
        for entry in value:
            _add(digest, entry)
    else:
        digest.update(f"{value!r}\n".encode())
