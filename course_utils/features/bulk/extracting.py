"""Features of any number of pictures, into a folder, going on where the last run stopped."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import repeat
from pathlib import Path
from typing import Any, Literal

from PIL import Image

from course_utils._files import replace_when_complete
from course_utils._progress import ProgressBar
from course_utils.features.bulk.listing import Listed, list_pictures
from course_utils.features.bulk.pictures import PictureList, digest_pictures
from course_utils.features.bulk.stored import StoredFeatures, open_features
from course_utils.features.bulk.writing import RowWriter
from course_utils.features.decoding import Picture
from course_utils.features.engines import EngineChoice, engine_choices
from course_utils.features.extracting import as_pictures, check_arguments, make_job
from course_utils.features.jobs import Job
from course_utils.features.run import Extraction, run, settle_engine
from course_utils.images.sets import ImageSet
from course_utils.networks.backbone import Backbone

__all__ = ["extract_to_folder"]

# Rows that are computed, and then written, together: a second of work or so, which is what a
# kill costs; fewer where rows are long, so that they fit into memory.
_CHUNK_PICTURES = 256
_CHUNK_BYTES = 16 * 2**20
# Pictures that are tried at a time until one can be read and the engine be checked on it.
_TRIED = 16
_ABOUT = "provenance.json"

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
    began, folder = time.monotonic(), Path(out)
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
    begun = _read_begun(folder)
    choices = _choices(engine_choices(engine, device, precision), begun, folder)
    _check_same(job.recipe(choices[0]) if begun else {}, begun, folder)
    with RowWriter(folder, job.row_length, stop_at_bad=on_bad_image == "raise") as writer:
        listed = _listed(pictures, folder / "pictures", keep=same_pictures)
        done = writer.go_on()
        if done < len(listed):
            choice = settle_engine(job, choices, _groups(listed, 0, _TRIED))
            about = begun or _describe(job, choice, listed)
            _note(folder, about)
            size = max(1, min(_CHUNK_PICTURES, _CHUNK_BYTES // (4 * job.row_length)))
            with ProgressBar(
                total=len(listed),
                initial=done,
                desc=f"{job.backbone.name}: {layer}",
                unit="picture",
                disable=not progress,
            ) as bar:
                for paths, rows in _rows_here(job, choice, _groups(listed, done, size)):
                    writer.add(paths, rows)
                    bar.update(len(paths))
            seconds = about["seconds"] + time.monotonic() - began
            _note(folder, {**about, "seconds": round(seconds, 3)})
    return open_features(folder)


def _describe(job: Job, choice: EngineChoice, listed: PictureList) -> dict[str, Any]:
    return {
        **job.recipe(choice),
        "source": job.backbone.source,
        "reason": choice.reason,
        "shape": list(job.truncated.shape),
        "pictures": len(listed),
        "seconds": 0.0,
    }


def _rows_here(
    job: Job, choice: EngineChoice, chunks: Iterator[list[Picture]]
) -> Iterator[tuple[list[Picture], Extraction]]:
    """Compute chunk after chunk on this machine."""
    for paths in chunks:
        yield paths, run(replace(job, sources=paths), choice)


def _groups(listed: PictureList, start: int, size: int) -> Iterator[list[Picture]]:
    for first in range(start, len(listed), size):
        yield [Path(path) for path in listed.paths(first, first + size)]


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
        yield Listed(str(Path(path).absolute()), label)


def _name_of(pictures: Pictures) -> str:
    named = isinstance(pictures, (str, os.PathLike))
    return str(Path(pictures).absolute()) if named else "a sequence of paths"  # type: ignore[arg-type]


def _read_begun(folder: Path) -> dict[str, Any]:
    """Read what the rows that are there were made with; empty when there are none."""
    try:
        return json.loads((folder / _ABOUT).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}


def _choices(
    choices: list[EngineChoice], begun: dict[str, Any], folder: Path
) -> list[EngineChoice]:
    """Keep to the engine that the rows which are there were made with."""
    if not begun:
        return choices
    kept = [c for c in choices if all(begun[key] == value for key, value in _made(c).items())]
    if not kept:
        raise ValueError(
            f"{folder} was begun with {begun['engine']} {begun['precision']} on {begun['device']}; "
            f"here there is {', '.join(choice.label for choice in choices)}. Rows of two engines "
            f"do not belong together: choose another folder, or go on where it was begun"
        )
    return kept


def _made(choice: EngineChoice) -> dict[str, str]:
    return {
        "engine": choice.engine,
        "device": choice.device.partition(":")[0],
        "precision": choice.precision,
    }


def _check_same(recipe: dict[str, Any], begun: dict[str, Any], folder: Path) -> None:
    different = [key for key, value in recipe.items() if begun and begun.get(key) != value]
    if different:
        said = "; ".join(f"{key} was {begun.get(key)}, is {recipe[key]}" for key in different)
        raise ValueError(
            f"{folder} holds features that were made otherwise ({said}); rows of both would not "
            f"belong together. Choose another folder"
        )


def _note(folder: Path, provenance: dict[str, Any]) -> None:
    with replace_when_complete(folder / _ABOUT) as temporary:
        temporary.write_text(json.dumps(provenance, indent=1, ensure_ascii=False), encoding="utf-8")
