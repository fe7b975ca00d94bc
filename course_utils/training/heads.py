"""A pretrained network with a new last layer, for one's own classes."""

from __future__ import annotations

import copy
import dataclasses
from collections.abc import Sequence

import torch
from torch import nn

from course_utils.networks.backbone import Backbone
from course_utils.networks.layers import find_layers, hooks_lock
from course_utils.training.freezing import unfreeze

__all__ = ["head_name", "with_new_head"]


def with_new_head(
    backbone: Backbone,
    class_names: Sequence[str],
    *,
    dropout: float = 0.0,
    seed: int = 0,
    size: int | None = None,
) -> Backbone:
    """Copy a network and give the copy a new last layer; all but that layer is frozen.

    Parameters
    ----------
    backbone : Backbone
        It stays as it is.
    class_names : sequence of str
        The new classes, at least two.
    dropout : float, default 0.0
        Share of the features that are set to zero at random while the head is trained.
    seed : int, default 0
        The head starts from random weights (PyTorch's, uniform within 1/√features).
    size : int, optional
        Side of the pictures that the copy takes, in pixels: smaller ones than the weights were
        trained with are quicker and less sharp. The crop keeps its share of the picture.

    Returns
    -------
    Backbone
        Its head is a dropout and a linear layer, and alone can be trained.

    Raises
    ------
    ValueError
        When there are fewer than two classes, a class name repeats, ``dropout`` is no share, or the
        network does not end in a linear layer.

    Examples
    --------
    >>> from course_utils import load_backbone
    >>> model = with_new_head(load_backbone(), ["cat", "dog"], dropout=0.2)
    >>> model.class_names
    ('cat', 'dog')
    """
    names = tuple(map(str, class_names))
    if len(names) < 2 or len(set(names)) != len(names):
        raise ValueError(f"class_names must be two or more different names; got {names}")
    if not 0 <= dropout < 1:
        raise ValueError(f"dropout={dropout} must be a share from 0 to below 1")
    transform = backbone.transform
    if size is not None:
        if size < 32:
            raise ValueError(f"size={size} is too small for a network that halves it five times")
        resize = round(transform.resize * size / min(transform.input_size))
        transform = dataclasses.replace(transform, input_size=(size, size), resize=resize)
    network = copy.deepcopy(backbone.network)
    where = head_name(backbone)
    parent, _, last = where.rpartition(".")
    old = network.get_submodule(where)
    features = next(m.in_features for m in old.modules() if isinstance(m, nn.Linear))
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        linear = nn.Linear(features, len(names))
    setattr(network.get_submodule(parent), last, nn.Sequential(nn.Dropout(dropout), linear))
    model = Backbone(
        name=backbone.name,
        network=network,
        transform=transform,
        class_names=names,
        source=f"{backbone.source}; new head for {len(names)} classes, seed {seed}",
    )
    unfreeze(model.network, where)
    return model


def head_name(backbone: Backbone) -> str:
    """Give the name of the last linear layer to run, or of the new head around it.

    Raises
    ------
    ValueError
        When no linear layer gives the network's output.
    """
    with hooks_lock:
        known = find_layers(backbone.network, backbone.transform.input_size)
    modules = dict(backbone.network.named_modules())
    linear = [name for name in known if isinstance(modules[name], nn.Linear)]
    if not linear or known[linear[-1]].shape != known[""].shape:
        raise ValueError(
            f"{backbone.name} does not end in a linear layer, so it has no head to replace; "
            "list_backbones() has networks that do"
        )
    parent = linear[-1].rpartition(".")[0]
    # What with_new_head made: the dropout belongs to the head.
    within = modules[parent] if parent else None
    is_ours = isinstance(within, nn.Sequential) and [type(m) for m in within] == [
        nn.Dropout,
        nn.Linear,
    ]
    return parent if is_ours else linear[-1]
