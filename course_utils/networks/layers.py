"""Reading what any layer of a network computes.

A forward hook keeps the layer's output. Shapes are found with one dummy pass, never typed in by
hand, so that a new network needs no table of sizes.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TypeGuard

import torch
from torch import nn

__all__ = ["LayerInfo", "TruncatedNetwork", "evaluating", "find_layers", "hooks_lock", "positions"]

# Hooks are set on the caller's own network while it is looked at, so that two threads would see
# each other's. Engines compute on copies, and need no lock.
hooks_lock = threading.Lock()
"""Held while a network is looked into with hooks: those of two threads would see each other."""


class _Reached(Exception):
    """The last layer that is needed has run: what comes after it need not."""


@dataclass(frozen=True)
class LayerInfo:
    """What one dummy pass taught about a layer.

    Attributes
    ----------
    calls : int
        How often it runs.
    shape : tuple of int
        Of its last output for one picture, without the batch axis.
    input_shape : tuple of int
        Of its last input.
    """

    calls: int
    shape: tuple[int, ...]
    input_shape: tuple[int, ...]


@contextmanager
def _hooks(handles: list[torch.utils.hooks.RemovableHandle]) -> Iterator[None]:
    try:
        yield
    finally:
        for handle in handles:
            handle.remove()


@contextmanager
def evaluating(network: nn.Module) -> Iterator[None]:
    """Put a network into evaluation mode for a while, each of its layers.

    In training mode dropout would make features random, and batch norm would make them depend on
    the other pictures of the batch, and change with every pass.
    """
    training = [module for module in network.modules() if module.training]
    if training:
        network.eval()
    try:
        yield
    finally:
        for module in training:
            module.training = True


def _dummy(input_size: tuple[int, int]) -> torch.Tensor:
    # Two pictures, so that an output whose first axis is not the batch can be told apart.
    return torch.zeros(2, 3, *input_size)


def find_layers(network: nn.Module, input_size: tuple[int, int]) -> dict[str, LayerInfo]:
    """Find every layer that can be read: its output is one tensor with a row a picture.

    Parameters
    ----------
    network : torch.nn.Module
    input_size : tuple of int
        Height and width of its input, in pixels.

    Returns
    -------
    dict of str to LayerInfo
        In the order in which the layers finish; the whole network, named "", is the last.
    """
    found: dict[str, LayerInfo] = {}
    calls: Counter[str] = Counter()

    def note(name: str, inputs: tuple[object, ...], output: object) -> None:
        calls[name] += 1
        found.pop(name, None)
        given = inputs[0] if inputs else None
        if _has_a_row_a_picture(output) and isinstance(given, torch.Tensor):
            shapes = tuple(output.shape[1:]), tuple(given.shape[1:])
            found[name] = LayerInfo(calls[name], *shapes)

    handles = [
        module.register_forward_hook(
            lambda _m, inputs, output, name=name: note(name, inputs, output)
        )
        for name, module in network.named_modules()
    ]
    with evaluating(network), _hooks(handles), torch.inference_mode():
        network(_dummy(input_size))
    return found


def _has_a_row_a_picture(output: object) -> TypeGuard[torch.Tensor]:
    return isinstance(output, torch.Tensor) and output.ndim >= 2 and output.shape[0] == 2


def _find_classifier(network: nn.Module, known: dict[str, LayerInfo]) -> str | None:
    """Find the layer that turns features into class scores.

    It is the last linear layer to run, or, in a network that ends in a convolution and an average
    (SqueezeNet), the last convolution. A timm network without a classifier has none.
    """
    if getattr(network, "num_classes", None) == 0:
        return None
    modules = dict(network.named_modules())
    for kinds in ((nn.Linear,), (nn.Conv2d,)):
        for name in reversed(known):
            if isinstance(modules[name], kinds):
                return name
    return None


def positions(shape: tuple[int, ...]) -> tuple[int, ...]:
    """Tell which axes of a layer's output are positions in the picture.

    They are the two spatial axes of a convolutional map, or the token axis of a transformer.
    Pictures are square, so of three axes the two of equal length are the spatial ones:
    (channels, h, h) in most networks, (h, h, channels) in Swin.

    Parameters
    ----------
    shape : tuple of int
        Of the output for one picture, without the batch axis.

    Returns
    -------
    tuple of int
        Axes, counted with the batch axis in front; empty when there is nothing to average over.

    Examples
    --------
    >>> positions((1280, 7, 7)), positions((7, 7, 768)), positions((197, 768)), positions((1000,))
    ((2, 3), (1, 2), (1,), ())
    """
    if len(shape) == 2:
        return (1,)
    if len(shape) == 3:
        channels_last = shape[0] == shape[1] != shape[2]
        return (1, 2) if channels_last else (2, 3)
    return ()


class TruncatedNetwork(nn.Module):
    """A network that ends at one of its layers.

    Parameters
    ----------
    network : torch.nn.Module
        In evaluation mode. It is not changed: hooks are set for each pass and taken away after it.
    layer : str
        ``"features"`` (what the classifier gets), ``"logits"``, ``"probabilities"``, or the name
        of a layer. Of a layer that runs several times, the last run counts.
    input_size : tuple of int
        Height and width of the network's input, in pixels.
    pooled : bool
        Whether to average over positions; otherwise every number is kept, flattened.

    Attributes
    ----------
    shape : tuple of int
        Of the output for one picture before it is flattened; found by a dummy pass.

    Raises
    ------
    ValueError
        When the network has no such layer.
    """

    def __init__(
        self,
        network: nn.Module,
        layer: str,
        input_size: tuple[int, int],
        *,
        pooled: bool = True,
    ) -> None:
        super().__init__()
        self.network = network
        self.layer = layer
        self.input_size = input_size
        known = find_layers(network, input_size)
        self._at_input = layer == "features"
        if layer == "features":
            self._last = _find_classifier(network, known) or ""
        elif layer in ("logits", "probabilities"):
            self._last = ""
        elif layer in known and layer:
            self._last = layer
        else:
            raise ValueError(_no_such_layer(layer, known))
        info = known[self._last]
        self._calls = info.calls
        self.shape = info.input_shape if self._at_input and self._last else info.shape
        self._positions: tuple[int, ...] = ()
        if pooled or layer == "features":
            self._positions = positions(self.shape)
            self.shape = tuple(n for i, n in enumerate(self.shape, 1) if i not in self._positions)

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        """Compute the layer's output.

        Parameters
        ----------
        images : torch.Tensor of float, shape (n, 3, height, width)

        Returns
        -------
        torch.Tensor of float, shape (n, d)
        """
        output = self._before_pooling(images)
        if self._positions:
            output = output.mean(dim=self._positions)
        return output.flatten(1)

    def _before_pooling(self, images: torch.Tensor) -> torch.Tensor:
        output = self._run_to_last(images) if self._last else self.network(images)
        return output.float().softmax(dim=1) if self.layer == "probabilities" else output

    def _run_to_last(self, images: torch.Tensor) -> torch.Tensor:
        kept: list[torch.Tensor] = []

        def keep_output(_module: nn.Module, _inputs: object, output: torch.Tensor) -> None:
            # The clone matters: a ReLU that works in place would change the kept tensor later.
            kept.append(output.clone())
            if len(kept) == self._calls and not torch.jit.is_tracing():
                raise _Reached

        def keep_input(_module: nn.Module, inputs: tuple[torch.Tensor, ...]) -> None:
            kept.append(inputs[0].clone())
            if not torch.jit.is_tracing():
                raise _Reached

        module = self.network.get_submodule(self._last)
        if self._at_input:
            handle = module.register_forward_pre_hook(keep_input)
        else:
            handle = module.register_forward_hook(keep_output)
        with _hooks([handle]), suppress(_Reached):
            self.network(images)
        return kept[-1]


def _no_such_layer(layer: str, known: dict[str, LayerInfo]) -> str:
    near = get_close_matches(layer, known, n=3)
    hint = f" Did you mean {' or '.join(map(repr, near))}?" if near else ""
    return (
        f"layer={layer!r} is not a layer of this network.{hint} Choose 'features', 'logits', "
        f"'probabilities', or a name in Backbone.layers."
    )
