"""Features of any number of pictures, into a folder, going on where the last run stopped."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import repeat
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from PIL import Image

from course_utils._progress import ProgressBar
from course_utils.features.bulk.about import About
from course_utils.features.bulk.here import Here
from course_utils.features.bulk.listing import Listed, list_pictures
from course_utils.features.bulk.pictures import PictureList, digest_pictures
from course_utils.features.bulk.stored import StoredFeatures, open_features
from course_utils.features.bulk.writing import RowWriter
from course_utils.features.cluster.connecting import Scheduler, require_dask
from course_utils.features.cluster.orders import Order
from course_utils.features.engines import engine_choices
from course_utils.features.extracting import as_pictures, check_arguments, make_job
from course_utils.features.jobs import Job, recipe_of
from course_utils.features.run import chunk_size, in_chunks, in_groups
from course_utils.images.sets import ImageSet
from course_utils.images.stores import absolute
from course_utils.networks.backbone import Backbone

__all__ = ["extract_to_folder"]

if TYPE_CHECKING:
    from course_utils.features.cluster.computing import Cluster

Pictures = str | os.PathLike[str] | ImageSet | Sequence[str | os.PathLike[str]]
"""A folder, a list, a set, or paths."""


def extract_to_folder(
    pictures: Pictures,
    out: str | os.PathLike[str],
    backbone: str | Backbone = "efficientnet_lite0",
    *,
    layer: str = "features",
    pooled: bool = True,
    device: str = "auto",
    engine: str = "auto",
    precision: str = "auto",
    batch_size: int | Literal["auto"] = "auto",
    on_bad_image: Literal["raise", "skip"] = "skip",
    draft: bool = True,
    threads: int | None = None,
    scheduler: Scheduler | None = None,
    same_pictures: bool = False,
    progress: bool = True,
) -> StoredFeatures:
    """Compute features of any number of pictures, and write them to disk as they come.

    Memory stays bounded, however many pictures there are. Stopped by Ctrl-C, a kill, a crash or a
    full disk, the same call goes on where it was, and the rows are the same to the last bit.

    Parameters
    ----------
    pictures : path, ImageSet or list of paths
        A folder of pictures or of class folders; a list of paths in a text file; a ``.csv`` file
        with the columns ``path`` and ``label`` (see
        :func:`~course_utils.features.bulk.listing.list_pictures`); a set; or paths.
    out : path
        The folder to write, made when missing.
    backbone, layer, pooled, device, engine, precision, batch_size, draft, threads, progress
        As in :func:`~course_utils.features.extracting.extract_features`. The engine that an
        unfinished ``out`` was begun with is kept to.
    on_bad_image : {"skip", "raise"}
        What to do with a picture that cannot be read: leave its row out and list it in
        ``skipped``, or stop there, naming it; the rows before it are kept.
    scheduler : "local", address, distributed.Client or None
        Who computes, as in :func:`~course_utils.features.extracting.extract_features`; this program
        writes.
    same_pictures : bool
        Go on with the pictures that ``out`` was begun with, without looking whether the folder or
        the list still has the same. Otherwise a difference is an error.

    Returns
    -------
    StoredFeatures
        Rows are read from the disk when they are asked for.

    Raises
    ------
    BadImageError
        When a picture cannot be read and ``on_bad_image`` is ``"raise"``.
    ValueError
        When ``out`` holds features of other pictures, or that were made otherwise; nothing is
        changed then.
    ArrayBusyError
        When another program is writing to ``out``.
    OSError
        When the disk is full; the rows that are written stay, and the same call goes on from there.
    TypeError
        When pictures are in memory: they have no path that could be kept.
    """
    check_arguments(on_bad_image, batch_size, threads)
    folder = Path(out)
    job = make_job(
        [],
        backbone,
        layer=layer,
        pooled=pooled,
        batch_size=batch_size,
        skip=True,
        cache=None,
        draft=draft,
        threads=threads,
        progress=False,
    )
    if job.identity.problem:
        raise ValueError(
            f"rows of another network could be taken for this one's: {job.identity.problem}"
        )
    about = About(folder)
    about.check_same(job.settings())
    asked = about.kept_to({"engine": engine, "device": device, "precision": precision})
    with RowWriter(folder, job.row_length, stop_at_bad=on_bad_image == "raise") as writer:
        listed = _listed(pictures, folder / "pictures", keep=same_pictures)
        done = writer.go_on()
        if done < len(listed):
            with _machines(scheduler, job, backbone, threads, asked) as machines:
                made = machines.settle(in_groups(listed))
                about.check_same(recipe_of(made))
                about.begin(job, made, len(listed))
                chunks = in_chunks(listed, done, chunk_size(job))
                with about.noting(machines), _bar(job, listed, done, progress) as bar:
                    for chunk, rows in machines.rows(chunks):
                        writer.add(chunk, rows)
                        about.note_from_time_to_time()
                        bar.update(len(chunk))
    return open_features(folder)


@contextmanager
def _machines(
    scheduler: Scheduler | None,
    job: Job,
    backbone: str | Backbone,
    threads: int | None,
    asked: dict[str, str],
) -> Iterator[Here | Cluster]:
    """Give what computes: this machine, or a cluster."""
    if scheduler is None:
        yield Here(job, engine_choices(**asked))
        return
    require_dask()
    from course_utils.features.cluster.computing import Cluster

    with Cluster(scheduler, Order.of(job, backbone, threads, **asked), job) as cluster:
        yield cluster


def _bar(job: Job, listed: PictureList, done: int, progress: bool) -> ProgressBar:
    return ProgressBar(
        total=len(listed),
        initial=done,
        desc=f"{job.backbone.name}: {job.layer}",
        unit="picture",
        disable=not progress,
    )


def _listed(pictures: Pictures, folder: Path, *, keep: bool) -> PictureList:
    """Give the list that was written when the work began, or write it now."""
    if not folder.exists():
        return PictureList.write(folder, _go_through(pictures), source=_name_of(pictures))
    there = PictureList(folder)
    if not keep and digest_pictures(_go_through(pictures)) != there.digest:
        raise ValueError(
            f"{folder.parent} was begun with other pictures or labels ({len(there):,} pictures of "
            f"{there.source}) than {_name_of(pictures)} has now. Choose another folder to write "
            f"to; or, to go on with the pictures that it was begun with, say same_pictures=True "
            f"(--same-pictures)"
        )
    return there


def _go_through(pictures: Pictures) -> Iterator[Listed]:
    if isinstance(pictures, (str, os.PathLike)):
        yield from list_pictures(pictures)
        return
    labels = pictures.targets.tolist() if isinstance(pictures, ImageSet) else repeat(None)
    for path, label in zip(as_pictures(pictures), labels, strict=False):
        if isinstance(path, Image.Image):
            raise TypeError(
                "pictures in memory have no path to be kept with their features; save them as "
                "files, or use extract_features"
            )
        yield Listed(absolute(path), label)


def _name_of(pictures: Pictures) -> str:
    named = isinstance(pictures, (str, os.PathLike))
    return absolute(pictures) if named else "a sequence of paths"  # type: ignore[arg-type]
