"""What one call of extraction was asked for, and its result as it grows."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

import numpy as np
import PIL
import torch
from numpy.typing import NDArray

from course_utils._cores import usable_cores
from course_utils.features.cache import FeatureCache
from course_utils.features.decoding import FileState, Picture
from course_utils.features.engines import EngineChoice
from course_utils.networks.backbone import Backbone
from course_utils.networks.identity import NetworkIdentity, digest_structure
from course_utils.networks.layers import TruncatedNetwork
from course_utils.networks.preprocessing import Preprocessing

__all__ = ["Job", "Rows", "recipe_of"]

# To be raised whenever a change of this code changes the numbers that a recipe gives.
_CODE_VERSION = 1
_RECIPE = (
    *("backbone", "weights", "structure", "layer", "pooled", "row_length", "transform", "draft"),
    *("engine", "device", "precision", "code", "torch", "pillow", "openvino"),
)


@dataclass(frozen=True)
class Job:
    """What one call of :func:`~course_utils.features.extracting.extract_features` asks for."""

    sources: list[Picture]
    backbone: Backbone
    identity: NetworkIdentity
    truncated: TruncatedNetwork
    layer: str
    pooled: bool
    batch_size: int | Literal["auto"]
    skip: bool
    cache: FeatureCache | None
    draft: bool
    threads: int
    progress: bool
    cores: int = field(default_factory=usable_cores)
    """What the engine may use."""
    digests: dict[int, tuple[FileState | None, bytes]] | None = None
    """Where to note each picture's file state and SHA-256, if they are wanted without a cache."""

    @property
    def row_length(self) -> int:
        """Count the numbers that a picture gets."""
        return math.prod(self.truncated.shape)

    def settings(self) -> dict[str, Any]:
        """Say what was asked for that a row's numbers depend on."""
        settings: dict[str, Any] = {
            "backbone": self.backbone.name,
            "weights": self.identity.weights,
            "structure": self.identity.structure,
            "layer": self.layer,
            "pooled": self.pooled,
            "row_length": self.row_length,
            "transform": _as_json(asdict(self.backbone.transform)),
            "draft": self.draft,
        }
        if type(self.backbone.transform) is not Preprocessing:
            settings["transform"]["class"] = digest_structure(type(self.backbone.transform))
        return settings

    def recipe(self, choice: EngineChoice) -> dict[str, Any]:
        """Say everything that a row's numbers depend on, apart from the picture."""
        recipe: dict[str, Any] = {
            **self.settings(),
            "engine": choice.engine,
            "device": choice.device.partition(":")[0],
            "precision": choice.precision,
            "code": _CODE_VERSION,
            "torch": torch.__version__,
            "pillow": PIL.__version__,
        }
        if choice.engine == "openvino":
            import openvino

            recipe["openvino"] = openvino.__version__
        return recipe


class Rows:
    """The result as it grows: which rows are there, which are missing, which never will be."""

    def __init__(self, n: int, row_length: int) -> None:
        self._X: NDArray[np.float32] | None = None
        self._shape = (n, row_length)
        self._missing = np.ones(n, dtype=bool)
        self.skipped: list[tuple[int, str]] = []
        self.computed = 0

    def missing(self) -> NDArray[np.int64]:
        """Give the numbers of the pictures that have no row yet."""
        return np.flatnonzero(self._missing)

    def put(self, at: NDArray[np.int64], values: NDArray[np.float32]) -> None:
        """Set some rows; when it is all of them, in order, they are not copied."""
        if self._X is None and np.array_equal(at, np.arange(len(self._missing))):
            self._X = values
        else:
            if self._X is None:
                self._X = np.empty(self._shape, np.float32)
            self._X[at] = values
        self._missing[at] = False

    def copy(self, source: int, target: int) -> None:
        """Give a picture the row of its twin."""
        assert self._X is not None
        self.put(np.array([target]), self._X[source])

    def finish(self) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """Give the rows that are there, and the numbers of their pictures."""
        kept = np.flatnonzero(~self._missing)
        X = self._X if self._X is not None else np.empty(self._shape, np.float32)
        return (X if len(kept) == len(X) else X[kept]), kept


def recipe_of(provenance: dict[str, Any]) -> dict[str, Any]:
    """Give the part of a provenance that the rows depend on."""
    return {key: provenance[key] for key in _RECIPE if key in provenance}


def _as_json(values: dict[str, Any]) -> dict[str, Any]:
    return {k: list(v) if isinstance(v, tuple) else v for k, v in values.items()}
