"""A pretrained network, with everything that belongs to its weights."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from course_utils.networks.preprocessing import Preprocessing

if TYPE_CHECKING:
    from torch import nn

    from course_utils.networks.identity import NetworkIdentity
    from course_utils.networks.layers import TruncatedNetwork

__all__ = ["Backbone"]


@dataclass(eq=False)
class _Findings:
    """What this process has found out about a network; neither copied nor pickled with it."""

    weights: tuple[bytes, str] = (b"", "")
    truncated: dict[tuple[Any, ...], TruncatedNetwork] = field(default_factory=dict)
    sealed: NetworkIdentity | None = None


@dataclass(eq=False)
class Backbone:
    """A pretrained network, and what is needed to use it as it was trained.

    Parameters
    ----------
    name : str
        Such as ``"efficientnet_lite0"``.
    network : torch.nn.Module
        Takes float32 of shape (n, 3, height, width), gives logits of shape (n, classes). It is put
        in evaluation mode, on the processor, with gradients switched off.
    transform : Preprocessing
        Turns a PIL image into the network's input, exactly as in training. Another one can be
        put in its place, to see what happens; whatever uses it then warns.
    class_names : tuple of str
        One name for each logit; empty when the network has no classifier.
    source : str
        Where the weights came from.

    Attributes
    ----------
    trained_with : Preprocessing
        The ``transform`` that it was made with.
    """

    name: str
    network: nn.Module
    transform: Preprocessing
    class_names: tuple[str, ...] = ()
    source: str = ""
    trained_with: Preprocessing = field(init=False, repr=False)
    _findings: _Findings = field(default_factory=_Findings, init=False, repr=False)

    def __post_init__(self) -> None:
        self.network.eval().requires_grad_(False)
        self.trained_with = self.transform

    def transform_mismatch(self) -> str:
        """Say how the transform differs from the one that the weights were trained with.

        The classic case: most networks want ImageNet's mean and deviation, so people write them
        down from memory for a network that was trained with others, and nothing fails; the network
        is only right less often.

        Returns
        -------
        str
            Such as ``"mean is (0.485, 0.456, 0.406), trained with (0.5, 0.5, 0.5)"``; empty when
            there is no difference.
        """
        now, trained = (
            {**vars(transform), "class": type(transform).__name__}
            for transform in (self.transform, self.trained_with)
        )
        return "; ".join(
            f"{key} is {_short(now[key])}, trained with {_short(trained[key])}"
            for key in trained
            if now[key] != trained[key]
        )

    def __getstate__(self) -> dict[str, Any]:
        return {**vars(self), "_findings": _Findings()}

    @property
    def layers(self) -> list[str]:
        """Names of the layers that ``extract_features`` can read."""
        from course_utils.networks.layers import find_layers, hooks_lock

        reserved = ("", "features", "logits", "probabilities")
        with hooks_lock:
            known = find_layers(self.network, self.transform.input_size)
        return [name for name in known if name not in reserved]

    @property
    def feature_size(self) -> int:
        """Length of the feature vector that goes into the classifier; found by a dummy pass."""
        return self.layer_size("features")

    def layer_size(self, layer: str, *, pooled: bool = True) -> int:
        """Find how many numbers a layer gives for one picture.

        Parameters
        ----------
        layer : str
            ``"features"``, ``"logits"``, ``"probabilities"`` or a name in :attr:`layers`.
        pooled : bool
            Whether the layer's output is averaged over positions.

        Raises
        ------
        ValueError
            When there is no such layer.
        """
        return math.prod(self.truncated(layer, pooled=pooled).shape)

    def truncated(self, layer: str, *, pooled: bool = True) -> TruncatedNetwork:
        """Give the network up to a layer.

        Parameters
        ----------
        layer : str
            ``"features"``, ``"logits"``, ``"probabilities"`` or a name in :attr:`layers`.
        pooled : bool
            Whether the layer's output is averaged over positions.

        Returns
        -------
        TruncatedNetwork
            A module; its ``shape`` is that of the output. It is kept for as long as the network's
            structure stays the same, because finding the shape takes a pass.

        Raises
        ------
        ValueError
            When there is no such layer.
        """
        from course_utils.networks.layers import TruncatedNetwork, hooks_lock

        structure = self.identity().structure
        kept = self._findings.truncated
        key = (layer, pooled, self.transform.input_size, structure, id(self.network))
        found = kept.get(key) if structure else None
        if found is None:
            with hooks_lock:
                size = self.transform.input_size
                found = TruncatedNetwork(self.network, layer, size, pooled=pooled)
            # What belongs to an earlier structure would keep replaced layers in memory.
            for old in [k for k in list(kept) if k[3:] != key[3:]]:
                kept.pop(old, None)
            kept[key] = found
        return found

    @property
    def weights_digest(self) -> str:
        """SHA-256 of the network's parameters and buffers, as they are now."""
        return self.identity().weights

    def identity(self) -> NetworkIdentity:
        """Find out what tells this network from every other, as it is now.

        Returns
        -------
        NetworkIdentity
            Digests of the weights and of the structure: layers, their code, settings and hooks. The
            same in every process. Where the network holds something that cannot be identified, the
            digests are empty and ``problem`` says what it is.
        """
        from course_utils.networks.identity import (
            NetworkIdentity,
            NotIdentifiableError,
            digest_structure,
            digest_weights,
        )
        from course_utils.networks.layers import hooks_lock

        if self._findings.sealed is not None:
            return self._findings.sealed
        try:
            self._findings.weights = digest_weights(self.network, self._findings.weights)
            with hooks_lock:  # another thread's hooks do not belong to the network
                structure = digest_structure(self.network)
        except NotIdentifiableError as error:
            return NetworkIdentity("", "", f"{self.name} cannot be identified: {error}")
        return NetworkIdentity(self._findings.weights[1], structure)

    def seal(self) -> Backbone:
        """Promise that the network will not change any more, so that its identity can be kept."""
        self._findings.sealed = self.identity()
        return self

    def __repr__(self) -> str:
        height, width = self.transform.input_size
        return (
            f"Backbone({self.name!r}: {height} x {width} pixels → {self.feature_size} features"
            f" → {len(self.class_names) or 'no'} classes; weights from {self.source})"
        )


def _short(value: Any) -> str:
    if not isinstance(value, tuple):
        return repr(value)
    return f"({', '.join(f'{number:.3g}' for number in value)})"
