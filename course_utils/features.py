"""Deep features: what a pretrained network computes for each picture."""

from __future__ import annotations

import functools
import os
import warnings
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from course_utils.backbones import Backbone, load_backbone
from course_utils.devices import choose_device
from course_utils.images import BadImageError, ImageSet, read_image

Picture = str | os.PathLike[str] | Image.Image


@dataclass(eq=False)
class FeatureSet:
    """Features of pictures, row by row.

    Parameters
    ----------
    X : numpy.ndarray of float32, shape (n, d)
        Row i belongs to picture i.
    y : numpy.ndarray of int64, shape (n,), or None
        Index into ``class_names``; None for pictures without labels.
    paths : tuple of pathlib.Path
        One a row; for pictures that were given in memory ``<picture i>``.
    class_names : tuple of str
        Empty for pictures without labels.
    provenance : dict
        How the features were made: network, layer, device, precision, and so on.
    skipped : list of (pathlib.Path, str)
        Pictures without a row, and why.
    """

    X: NDArray[np.float32]
    y: NDArray[np.int64] | None
    paths: tuple[Path, ...]
    class_names: tuple[str, ...] = ()
    provenance: dict[str, Any] = field(default_factory=dict)
    skipped: list[tuple[Path, str]] = field(default_factory=list)

    @property
    def targets(self) -> NDArray[np.str_] | None:
        """Class names of the rows, shape (n,), or None for pictures without labels."""
        return None if self.y is None else np.array(self.class_names)[self.y]

    def __len__(self) -> int:
        return len(self.X)

    def __repr__(self) -> str:
        made = ", ".join(f"{key}={self.provenance.get(key)}" for key in ("backbone", "layer"))
        skipped = f", {len(self.skipped)} skipped" if self.skipped else ""
        return f"FeatureSet({len(self)} pictures x {self.X.shape[1]} features, {made}{skipped})"


@functools.lru_cache(maxsize=2)
def _shared_backbone(name: str) -> Backbone:
    # Never handed out, so that nobody's training can change it between two calls.
    return load_backbone(name)


def extract_features(
    images: ImageSet | Sequence[Picture],
    backbone: str | Backbone = "efficientnet_lite0",
    *,
    layer: str = "features",
    pooled: bool = True,
    device: str = "auto",
    precision: str = "auto",
    batch_size: int | Literal["auto"] = "auto",
    on_bad_image: Literal["raise", "skip"] = "raise",
    cache: Any = None,
    progress: bool = True,
) -> FeatureSet:
    """Compute what a layer of a pretrained network makes of each picture.

    Parameters
    ----------
    images : ImageSet, or sequence of paths or PIL images
    backbone : str or Backbone
        See :func:`~course_utils.backbones.load_backbone`.
    layer : str
        ``"features"`` (what goes into the classifier), ``"logits"``, ``"probabilities"``, or a
        name in ``Backbone.layers``.
    pooled : bool
        Average a layer's output over positions; otherwise keep every number.
    device : {"auto", "cuda", "mps", "cpu"}
    precision : {"auto", "fp32"}
    batch_size : int or "auto"
        Pictures that go through the network at once. It does not change the features.
    on_bad_image : {"raise", "skip"}
        What to do with a picture that cannot be read: stop, naming it, or leave its row out and
        list it in ``skipped``.
    cache
        Where to keep features between calls; None for nowhere.
    progress : bool
        Show a progress bar.

    Returns
    -------
    FeatureSet

    Raises
    ------
    BadImageError
        When a picture cannot be read and ``on_bad_image`` is ``"raise"``.
    ValueError
        When an argument is not one of the choices; the message lists them.
    """
    import torch
    from tqdm.auto import tqdm

    from course_utils.layers import Tap

    if on_bad_image not in ("raise", "skip"):
        raise ValueError(f"on_bad_image={on_bad_image!r} must be 'raise' or 'skip'")
    chosen = choose_device(device)
    own = _shared_backbone(backbone) if isinstance(backbone, str) else backbone
    size = 32 if batch_size == "auto" else int(batch_size)
    transform = own.transform
    tap = Tap(own.network, layer, transform.input_size, pooled=pooled).eval().to(chosen)
    sources: Sequence[Picture] = images.paths if isinstance(images, ImageSet) else images

    rows: list[NDArray[np.float32]] = []
    kept: list[int] = []
    skipped: list[tuple[Path, str]] = []
    batch: list[NDArray[np.uint8]] = []

    def run_batch() -> None:
        with torch.inference_mode():
            pixels = torch.from_numpy(np.stack(batch)).to(chosen)
            rows.append(tap(transform.normalise(pixels)).float().cpu().numpy())
        batch.clear()

    try:
        decoded = _decode_in_order(sources, own)
        for i, result in enumerate(
            tqdm(decoded, total=len(sources), desc="features", unit="picture", disable=not progress)
        ):
            if isinstance(result, BadImageError):
                if on_bad_image == "raise":
                    raise result
                skipped.append((result.path, result.reason))
                continue
            kept.append(i)
            batch.append(result)
            if len(batch) == size:
                run_batch()
        if batch:
            run_batch()
    finally:
        own.network.to("cpu")
    if skipped:
        warnings.warn(
            f"{len(skipped)} of {len(sources)} pictures could not be read and have no row; see "
            f"skipped. The first: {skipped[0][0]} ({skipped[0][1]})",
            stacklevel=2,
        )
    labelled = isinstance(images, ImageSet)
    return FeatureSet(
        X=np.concatenate(rows)
        if rows
        else np.empty((0, own.layer_size(layer, pooled=pooled)), np.float32),
        y=images.labels[kept] if labelled else None,
        paths=tuple(_path_of(sources[i], i) for i in kept),
        class_names=tuple(images.class_names) if labelled else (),
        provenance={
            "backbone": own.name,
            "weights": own.weights_digest,
            "layer": layer,
            "pooled": pooled,
            "device": chosen,
            "precision": "fp32",
        },
        skipped=skipped,
    )


def _path_of(source: Picture, i: int) -> Path:
    return Path(f"<picture {i}>") if isinstance(source, Image.Image) else Path(source)


def _decode_in_order(
    sources: Sequence[Picture], backbone: Backbone
) -> Iterator[NDArray[np.uint8] | BadImageError]:
    """Decode in threads, ahead of the network but never more than a few pictures ahead."""
    transform = backbone.transform

    def decode(source: Picture) -> NDArray[np.uint8] | BadImageError:
        try:
            picture = (
                source.convert("RGB") if isinstance(source, Image.Image) else read_image(source)
            )
        except BadImageError as error:
            return error
        return transform.pixels(picture)

    threads = min(16, os.cpu_count() or 1)
    waiting: deque[Future[NDArray[np.uint8] | BadImageError]] = deque()
    with ThreadPoolExecutor(threads) as pool:
        try:
            for source in sources:
                waiting.append(pool.submit(decode, source))
                if len(waiting) > 64:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            pool.shutdown(cancel_futures=True)


def __getattr__(name: str) -> Any:
    # scikit-learn takes half a second to load, and only this class needs it.
    if name == "DeepFeatures":
        from course_utils.transformer import DeepFeatures

        return DeepFeatures
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
