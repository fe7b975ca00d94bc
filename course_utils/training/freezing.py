"""Which of a network's weights are trained, and which stay as they are."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from torch import nn
from torch.nn.modules.batchnorm import _BatchNorm

__all__ = ["count_parameters", "freeze", "keep_frozen_norms_in_eval", "unfreeze"]


def freeze(network: nn.Module, *layers: str) -> int:
    """Keep weights as they are while others are trained.

    Parameters
    ----------
    network : torch.nn.Module
        It is changed.
    *layers : str
        Names as in ``network.named_modules()``, each with all that is inside it; none for the
        whole network.

    Returns
    -------
    int
        How many parameters can be trained now.

    Raises
    ------
    ValueError
        When there is no such layer.

    Examples
    --------
    >>> network = nn.Sequential(nn.Linear(4, 3), nn.Linear(3, 2))
    >>> freeze(network, "0")
    8
    """
    return _set(network, layers, trainable=False)


def unfreeze(network: nn.Module, *layers: str) -> int:
    """Let weights be trained; the counterpart of :func:`freeze`, with the same arguments.

    Parameters
    ----------
    network : torch.nn.Module
        It is changed.
    *layers : str
        Names of layers; none for the whole network.

    Returns
    -------
    int
        How many parameters can be trained now.

    Raises
    ------
    ValueError
        When there is no such layer.
    """
    return _set(network, layers, trainable=True)


def count_parameters(network: nn.Module, *, trainable: bool = False) -> int:
    """Count a network's parameters, or only those that are trained.

    Parameters
    ----------
    network : torch.nn.Module
    trainable : bool, default False
        Whether to leave out the frozen ones.

    Examples
    --------
    >>> count_parameters(nn.Linear(1280, 3))
    3843
    """
    return sum(p.numel() for p in network.parameters() if p.requires_grad or not trainable)


def keep_frozen_norms_in_eval(network: nn.Module) -> None:
    """Put each batch normalisation whose weights are frozen into evaluation mode.

    ``network.train()`` would let it normalise by the batch and overwrite the mean and deviation
    that it learned from a million pictures by those of a few: a layer that looks frozen and is not.

    Parameters
    ----------
    network : torch.nn.Module
        It is changed; call this after ``network.train()``.
    """
    for norm in batch_norms(network):
        if not any(p.requires_grad for p in norm.parameters()):
            norm.eval()


def batch_norms(network: nn.Module) -> Iterator[nn.Module]:
    """Give every layer of batch normalisation."""
    return (module for module in network.modules() if isinstance(module, _BatchNorm))


def _set(network: nn.Module, layers: tuple[str, ...], *, trainable: bool) -> int:
    modules = dict(network.named_modules())
    for name in layers:  # all names first: a wrong one leaves the network as it was
        if name not in modules or not name:
            near = get_close_matches(name, modules, n=3)
            hint = f" Did you mean {' or '.join(map(repr, near))}?" if near else ""
            children = ", ".join(name for name, _ in network.named_children())
            raise ValueError(f"the network has no layer {name!r}.{hint} Its parts are {children}")
    for name in layers or ("",):
        modules[name].requires_grad_(trainable)
    return count_parameters(network, trainable=True)
