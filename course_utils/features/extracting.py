"""Deep features: what a pretrained network computes for each picture.

Row i belongs to picture i, whatever the batch size, the number of threads, the pictures that were
skipped and the rows that came from the cache. How that is done is in
:mod:`course_utils.features.run`.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from course_utils._cores import usable_cores
from course_utils.datasets.loading import Dataset
from course_utils.features.cache import FeatureCache, as_cache
from course_utils.features.cluster.connecting import Scheduler, require_dask
from course_utils.features.cluster.orders import Order
from course_utils.features.decoding import Picture, path_of
from course_utils.features.engines import engine_choices
from course_utils.features.jobs import Job
from course_utils.features.run import run_first_that_works
from course_utils.images.sets import ImageSet
from course_utils.networks.backbone import Backbone
from course_utils.networks.loading import shared_backbone

__all__ = ["FeatureSet", "as_pictures", "check_arguments", "extract_features", "make_job"]


@dataclass(eq=False)
class FeatureSet:
    """Features of pictures, row by row.

    Parameters
    ----------
    X : numpy.ndarray of float32, shape (n, d)
        Row i belongs to ``paths[i]``.
    y : numpy.ndarray of int64, shape (n,), or None
        Index into ``class_names``; None for pictures without labels.
    paths : tuple of pathlib.Path, or of str for addresses
        One a row; for pictures that were given in memory ``<picture i>``.
    class_names : tuple of str
        Empty for pictures without labels.
    provenance : dict
        How the features were made: network, weights, layer, preprocessing, engine and why that
        engine, precision, and how many rows were computed or came from the cache. Plain JSON.
    skipped : list of (pathlib.Path, str)
        Pictures without a row, and why.
    """

    X: NDArray[np.float32]
    y: NDArray[np.int64] | None
    paths: tuple[Path | str, ...]
    class_names: tuple[str, ...] = ()
    provenance: dict[str, Any] = field(default_factory=dict)
    skipped: list[tuple[Path | str, str]] = field(default_factory=list)

    @property
    def targets(self) -> NDArray[np.str_] | None:
        """Class names of the rows, shape (n,), or None for pictures without labels."""
        return None if self.y is None else np.array(self.class_names)[self.y]

    def __len__(self) -> int:
        return len(self.X)

    def __repr__(self) -> str:
        made = ", ".join(str(self.provenance.get(key)) for key in ("backbone", "layer", "engine"))
        skipped = f"; {len(self.skipped)} pictures skipped" if self.skipped else ""
        n, d = self.X.shape
        return f"<FeatureSet: {n} pictures x {d} features ({made}){skipped}>"


def extract_features(
    images: ImageSet | Sequence[Picture],
    backbone: str | Backbone = "efficientnet_lite0",
    *,
    layer: str = "features",
    pooled: bool = True,
    device: str = "auto",
    engine: str = "auto",
    precision: str = "auto",
    batch_size: int | Literal["auto"] = "auto",
    on_bad_image: Literal["raise", "skip"] = "raise",
    cache: FeatureCache | str | os.PathLike[str] | bool | None = None,
    draft: bool = True,
    threads: int | None = None,
    scheduler: Scheduler | None = None,
    progress: bool = True,
) -> FeatureSet:
    """Compute what a layer of a pretrained network makes of each picture.

    The network is in evaluation mode and computes no gradients. Each picture is resized, cropped
    and normalised as for the network's training; two shortcuts, ``draft`` and ``precision``, make
    it several times as fast and change the features a little.

    Parameters
    ----------
    images : ImageSet, or sequence of paths, addresses or PIL images
        An address is such as ``s3://bucket/cat.jpg``: see :mod:`course_utils.images.stores`.
    backbone : str or Backbone
        See :func:`~course_utils.networks.loading.load_backbone`.
    layer : str
        ``"features"`` (what goes into the classifier), ``"logits"``, ``"probabilities"``, or a
        name in ``Backbone.layers``.
    pooled : bool
        Average a layer's output over the positions in the picture; otherwise keep every number.
    device : {"auto", "cuda", "mps", "cpu"} or such as "cuda:1"
        The best that is there, or the one that is named.
    engine : {"auto", "openvino", "torch"}
        What computes. By itself: OpenVINO on a processor, torch on a GPU. The first pictures of a
        call are also computed by plain float32 torch, and an engine that disagrees is not used.
    precision : {"auto", "fp32", "bf16", "fp16"}
        By itself: half precision where the device is made for it. On photographs the features'
        cosine with float32 is at least 0.997 (EfficientNet-Lite0, bf16). ``"fp32"`` is exact.
    batch_size : int or "auto"
        Pictures that go through the network at once, by itself what was measured to be fastest;
        halved when memory runs out.
    on_bad_image : {"raise", "skip"}
        What to do with a picture that cannot be read: stop, naming it, or leave its row out and
        list it in ``skipped``.
    cache : FeatureCache, path, bool or None
        A folder where features are kept for the next call; True for one in the data directory.
        Rows finished before an interruption are kept there too. They are found again only for
        the same network, its structure, settings and hooks included.
    draft : bool
        Decode JPEG files at a fraction of their size where the network takes small pictures: three
        times as fast. The network then sees slightly other pixels than in training: on 300
        photographs of 512 pixels the features' cosine with exact decoding was 0.996 in the median
        and 0.986 at worst, and a classifier got the same ones right. False for exact decoding.
    threads : int or None
        Decoding threads; None for one a core.
    scheduler : "local", address, distributed.Client or None
        Who computes. None: this process. Otherwise the workers of a Dask cluster, which read the
        pictures themselves, so that all of them must reach them under the same paths: its
        scheduler's address (``"tcp://host:8786"``), a client of it, or ``"local"`` for a process a
        core on this machine. Rows, order and promises are the same; ``provenance["workers"]``
        says who computed how many.
    progress : bool
        Show a progress bar, once there is something to wait for.

    Returns
    -------
    FeatureSet

    Raises
    ------
    BadImageError
        When a picture cannot be read and ``on_bad_image`` is ``"raise"``.
    ValueError
        When an argument is not one of the choices; the message lists them.
    TypeError
        When ``images`` is not a list of pictures, such as a whole data set with its splits.
    MemoryError
        When not even one picture at a time fits into the device's memory.
    ImportError
        When ``scheduler`` is given and Dask is not installed.
    OSError
        When the scheduler, a worker's share of the pictures, or a store cannot be reached.

    Warns
    -----
    UserWarning
        When pictures were skipped; when an engine disagreed with float32 torch and another one
        was used; when the backbone's transform is not the one that its weights were trained with;
        when the cache is left out because the network cannot be told from others.

    Examples
    --------
    >>> from course_utils import load_dataset
    >>> photos = load_dataset("sample_photos").all
    >>> extract_features(photos, progress=False).X.shape[1]
    1280
    """
    check_arguments(on_bad_image, batch_size, threads)
    sources = as_pictures(images)
    job = make_job(
        sources,
        backbone,
        layer=layer,
        pooled=pooled,
        batch_size=batch_size,
        skip=on_bad_image == "skip",
        cache=as_cache(cache),
        draft=draft,
        threads=threads,
        progress=progress,
    )
    asked = {"engine": engine, "device": device, "precision": precision}
    if scheduler is None:
        result = run_first_that_works(job, engine_choices(**asked))
    else:
        require_dask()
        from course_utils.features.cluster.computing import run_on_cluster

        result = run_on_cluster(job, Order.of(job, backbone, threads, **asked), scheduler)
    skipped = [(path_of(sources[i], i), reason) for i, reason in result.skipped]
    if skipped:
        warnings.warn(
            f"{len(skipped)} of {len(sources)} pictures could not be read and have no row; see "
            f".skipped. The first: {skipped[0][0]} ({skipped[0][1]})",
            stacklevel=2,
        )
    labelled = isinstance(images, ImageSet)
    return FeatureSet(
        X=result.X,
        y=images.labels[result.kept] if labelled else None,  # type: ignore[union-attr]
        paths=tuple(path_of(sources[i], i) for i in result.kept.tolist()),
        class_names=tuple(images.class_names) if labelled else (),  # type: ignore[union-attr]
        provenance=result.provenance,
        skipped=skipped,
    )


def make_job(
    sources: list[Picture],
    backbone: str | Backbone,
    *,
    layer: str,
    pooled: bool,
    batch_size: int | Literal["auto"],
    skip: bool,
    cache: FeatureCache | None,
    draft: bool,
    threads: int | None,
    progress: bool,
) -> Job:
    """Load the network, and say what is to be done with it.

    Raises
    ------
    ValueError
        When there is no such network or layer.
    """
    own = shared_backbone(backbone) if isinstance(backbone, str) else backbone
    if mismatch := own.transform_mismatch():
        warnings.warn(
            f"{own.name} sees pictures unlike those it was trained on, so its features are worse: "
            f"{mismatch}",
            stacklevel=3,
        )
    identity = own.identity()
    if identity.problem and cache is not None:
        warnings.warn(
            f"the cache is not used, because rows of another network could be taken for this one's:"
            f" {identity.problem}",
            stacklevel=3,
        )
        cache = None
    return Job(
        sources=sources,
        backbone=own,
        identity=identity,
        truncated=own.truncated(layer, pooled=pooled),
        layer=layer,
        pooled=pooled,
        batch_size=batch_size,
        skip=skip,
        cache=cache,
        draft=draft,
        threads=threads or usable_cores(),
        progress=progress,
    )


def check_arguments(on_bad_image: str, batch_size: int | str, threads: int | None) -> None:
    """Refuse what is not one of the choices.

    Raises
    ------
    ValueError
        Naming the argument and what it may be.
    """
    if on_bad_image not in ("raise", "skip"):
        raise ValueError(f"on_bad_image={on_bad_image!r} must be 'raise' or 'skip'")
    if batch_size != "auto" and not (_is_whole(batch_size) and int(batch_size) >= 1):
        raise ValueError(f"batch_size={batch_size!r} must be 'auto' or a whole number from 1")
    if threads is not None and not (_is_whole(threads) and threads >= 1):
        raise ValueError(f"threads={threads!r} must be None or a whole number from 1")


def _is_whole(number: Any) -> bool:
    return isinstance(number, (int, np.integer)) and not isinstance(number, bool)


def as_pictures(images: ImageSet | Sequence[Picture]) -> list[Picture]:
    """Make a list of paths and PIL images, and check that it is one.

    Raises
    ------
    TypeError
        When it is something else; the message says what to write.
    """
    if isinstance(images, ImageSet):
        return list(images.paths)
    if isinstance(images, (str, os.PathLike, Image.Image)):
        raise TypeError(
            "images must be a list of pictures, not a single one: write [picture]; for a folder "
            "of class folders, ImageSet.from_folder(folder)"
        )
    if isinstance(images, Dataset):
        raise TypeError(
            f"images is the whole data set {images.name!r}; choose one of its splits: "
            f"{' or '.join(f'data.{split}' for split in images)}"
        )
    sources = list(images)
    for i, source in enumerate(sources):
        # str and Path first: asking an abstract class takes ten times as long
        if not isinstance(source, (str, Path, Image.Image, os.PathLike)):
            raise TypeError(
                f"images[{i}] is of type {type(source).__name__}; a picture is a path or a PIL "
                f"image (Image.fromarray makes one of an array)"
            )
    return sources
