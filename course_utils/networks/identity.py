"""Which network is it? What its numbers depend on, apart from the picture, as two digests.

Weights alone do not tell: put a sigmoid where a ReLU was and every tensor is still the same. So the
*structure* belongs to the identity as well: the classes of all layers with their code, their
settings, their order, their hooks. The digests are the same in every process, and any difference
that could matter makes another one; that some make one that do not matter only costs a computation.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any, NamedTuple

import xxhash
from torch import nn
from torch.nn.modules import module as torch_hooks

from course_utils.networks.description import Description, NotIdentifiableError, bytes_of

__all__ = ["NetworkIdentity", "NotIdentifiableError", "digest_structure", "digest_weights"]


class NetworkIdentity(NamedTuple):
    """What tells a network from every other."""

    weights: str
    """SHA-256 of its parameters and buffers."""
    structure: str
    """SHA-256 of its layers, their code, settings, order and hooks."""
    problem: str = ""
    """Empty, or a sentence that says why the two do not identify it."""


def digest_weights(network: nn.Module, last: tuple[bytes, str] = (b"", "")) -> tuple[bytes, str]:
    """Digest a network's parameters and buffers, as they are now.

    They are read anew each time, because there is no sure sign that a network was not trained
    since. What takes long, SHA-256, is computed only when their XXH3 of 128 bits has changed: 0.7 s
    a gigabyte the first time, less than a tenth of that later.

    Parameters
    ----------
    network : torch.nn.Module
    last : tuple of bytes and str
        What this function gave the last time.

    Returns
    -------
    quick : bytes
        XXH3 of 128 bits.
    exact : str
        SHA-256, in hexadecimal digits.

    Raises
    ------
    NotIdentifiableError
        When a tensor is of a kind whose memory does not tell its numbers (quantized, sparse, …).
    """
    quick = xxhash.xxh3_128()
    for part in _bytes_of_weights(network):
        quick.update(part)
    if quick.digest() == last[0]:
        return last
    exact = hashlib.sha256()
    for part in _bytes_of_weights(network):
        exact.update(part)
    return quick.digest(), exact.hexdigest()


def digest_structure(thing: Any) -> str:
    """Digest what a network computes, apart from its weights.

    Parameters
    ----------
    thing : torch.nn.Module, or anything that a network may hold

    Returns
    -------
    str
        SHA-256, in hexadecimal digits.

    Raises
    ------
    NotIdentifiableError
        When something in it cannot be identified; the message names it.
    """
    description = Description()
    try:
        for hooks in (torch_hooks._global_forward_pre_hooks, torch_hooks._global_forward_hooks):
            description.add(list(hooks.values()), "a hook of all networks")
        description.add(thing, "network")
    except NotIdentifiableError:
        raise
    except Exception as error:  # layers may be anything: what cannot be walked is not identified
        raise NotIdentifiableError(f"walking through it ended in {error!r}") from error
    return description.digest()


def _bytes_of_weights(network: nn.Module) -> Iterator[Any]:
    # The order and the names are those of a state_dict, which hooks might change.
    for prefix, module in network.named_modules(remove_duplicate=False):
        kept = module._non_persistent_buffers_set
        buffers = {name: b for name, b in module._buffers.items() if name not in kept}
        for name, tensor in [*module._parameters.items(), *buffers.items()]:
            if tensor is not None:
                full = f"{prefix}.{name}" if prefix else name
                yield f"{full} {tensor.dtype} {tuple(tensor.shape)}\n".encode()
                yield bytes_of(tensor, full)
