"""Reading what any layer of a network computes.

A *tap* is a forward hook that keeps one layer's output. Shapes are found with one dummy pass, never
typed in by hand, so that a new network needs no table of sizes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from difflib import get_close_matches

import torch
from torch import nn


class _Reached(Exception):
    """The tapped layer has run: what comes after it need not."""


@dataclass(frozen=True)
class LayerInfo:
    """What one dummy pass taught about a layer: how often it runs, and its output's shape."""

    calls: int
    shape: tuple[int, ...]


@contextmanager
def _hooks(handles: list[torch.utils.hooks.RemovableHandle]) -> Iterator[None]:
    try:
        yield
    finally:
        for handle in handles:
            handle.remove()


def _dummy(input_size: tuple[int, int]) -> torch.Tensor:
    # Two pictures, so that an output whose first axis is not the batch can be told apart.
    return torch.zeros(2, 3, *input_size)


def survey(network: nn.Module, input_size: tuple[int, int]) -> dict[str, LayerInfo]:
    """Find every layer that can be tapped: its output is one tensor with a row a picture.

    Parameters
    ----------
    network : torch.nn.Module
        In evaluation mode.
    input_size : tuple of int
        Height and width of its input, in pixels.

    Returns
    -------
    dict of str to LayerInfo
        In the order in which the layers finish; shapes without the batch axis.
    """
    found: dict[str, LayerInfo] = {}
    calls: Counter[str] = Counter()

    def note(name: str, output: object) -> None:
        calls[name] += 1
        if isinstance(output, torch.Tensor) and output.ndim >= 2 and output.shape[0] == 2:
            found.pop(name, None)
            found[name] = LayerInfo(calls[name], tuple(output.shape[1:]))
        else:
            found.pop(name, None)

    handles = [
        module.register_forward_hook(lambda _m, _i, output, name=name: note(name, output))
        for name, module in network.named_modules()
        if name
    ]
    with _hooks(handles), torch.inference_mode():
        network(_dummy(input_size))
    return found


def find_classifier(network: nn.Module, input_size: tuple[int, int]) -> str | None:
    """Find the layer that turns features into class scores.

    It is the last linear layer to run, or, in a network that ends in a convolution and an average
    (SqueezeNet), the last convolution. A timm network without a classifier has none.
    """
    if getattr(network, "num_classes", None) == 0:
        return None
    order = list(survey(network, input_size))
    modules = dict(network.named_modules())
    for kinds in ((nn.Linear,), (nn.Conv2d,)):
        for name in reversed(order):
            if isinstance(modules[name], kinds):
                return name
    return None


def pool(output: torch.Tensor) -> torch.Tensor:
    """Average a layer's output over its positions: one number a channel is left.

    Positions are the two spatial axes of a convolutional map or the token axis of a transformer.
    Pictures are square, so the two axes of equal length are the spatial ones: (channels, h, h) in
    most networks, (h, h, channels) in Swin.
    """
    if output.ndim == 3:
        return output.mean(dim=1)
    if output.ndim == 4:
        first, second, third = output.shape[1:]
        channels_last = first == second != third
        return output.mean(dim=(1, 2) if channels_last else (2, 3))
    return output.flatten(1)


class Tap(nn.Module):
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
        self.pooled = pooled
        self._at_input = False
        self._calls = 0
        self._tapped: str | None = None
        if layer == "features":
            self._tapped = find_classifier(network, input_size)
            self._at_input = True
        elif layer not in ("logits", "probabilities"):
            known = survey(network, input_size)
            if layer not in known:
                near = get_close_matches(layer, known, n=3)
                hint = f" Did you mean {' or '.join(map(repr, near))}?" if near else ""
                raise ValueError(
                    f"layer={layer!r} is not a layer of this network.{hint} Choose 'features', "
                    f"'logits', 'probabilities', or a name in Backbone.layers."
                )
            self._tapped = layer
            self._calls = known[layer].calls

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        """Compute the layer's output.

        Parameters
        ----------
        images : torch.Tensor of float, shape (n, 3, height, width)

        Returns
        -------
        torch.Tensor of float, shape (n, d)
        """
        output = self.network(images) if self._tapped is None else self._run_to_tap(images)
        if self.layer == "probabilities":
            output = output.float().softmax(dim=1)
        return pool(output) if self.pooled or self.layer == "features" else output.flatten(1)

    def _run_to_tap(self, images: torch.Tensor) -> torch.Tensor:
        kept: list[torch.Tensor] = []
        assert self._tapped is not None

        def keep_output(_module: nn.Module, _inputs: object, output: torch.Tensor) -> None:
            # The clone matters: a ReLU that works in place would change the kept tensor later.
            kept.append(output.clone())
            if len(kept) == self._calls and not torch.jit.is_tracing():
                raise _Reached

        def keep_input(_module: nn.Module, inputs: tuple[torch.Tensor, ...]) -> None:
            kept.append(inputs[0].clone())
            if not torch.jit.is_tracing():
                raise _Reached

        module = self.network.get_submodule(self._tapped)
        if self._at_input:
            handle = module.register_forward_pre_hook(keep_input)
        else:
            handle = module.register_forward_hook(keep_output)
        with _hooks([handle]):
            with suppress(_Reached):
                self.network(images)
        return kept[-1]
