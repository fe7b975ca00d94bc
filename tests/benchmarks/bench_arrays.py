"""The array cache against bcolz, python-blosc2, zarr, h5py and np.save.

``python -m tests.benchmarks.bench_arrays`` measures on real features (10,000 x 1,280 float32, from
EfficientNet-Lite0) and real pictures (2,000 x 224 x 224 x 3 uint8). Both are made once, from crops
of the pictures of ``animal_faces``, and kept in the system's folder for temporary files.
``--codecs`` measures instead what the defaults for compression were chosen from.

Every time is the best of several rounds in which the candidates take turns, so that what else the
computer does at the time falls on all of them alike.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

import bcolz
import blosc2
import h5py
import numpy as np
import zarr
from PIL import Image

from course_utils import extract_features, load_array, load_dataset, open_array, save_array
from course_utils.arrays._codec import choose_compression

N_FEATURES, N_PICTURES, SIDE = 10_000, 2_000, 224
BATCH = 64
# Who takes this many seconds to save an array need not do so in every round.
SLOW = 1.5

Save = Callable[[Path, np.ndarray], object]
Load = Callable[[Path], np.ndarray]
Slice = Callable[[Path, int, int], np.ndarray]


@dataclass
class Candidate:
    """A way of keeping an array, and its best times in seconds."""

    name: str
    save: Save
    load: Load
    slice: Slice
    seconds: dict[str, float] = field(default_factory=dict)
    bytes_on_disk: int = 0

    def note(self, what: str, seconds: float) -> None:
        """Remember a time when it is the best so far."""
        self.seconds[what] = min(seconds, self.seconds.get(what, np.inf))


def candidates(array: np.ndarray) -> list[Candidate]:
    """List what is compared; the first is ours."""
    same_codec = choose_compression(array.dtype, array.shape[1:], "fast") | {
        "nthreads": blosc2.nthreads
    }

    def save_h5(path: Path, a: np.ndarray) -> None:
        with h5py.File(path, "w") as file:
            file.create_dataset("a", data=a, chunks=True, compression="lzf", shuffle=True)

    def load_h5(path: Path, start: int = 0, stop: int | None = None) -> np.ndarray:
        with h5py.File(path) as file:
            return file["a"][start:stop]

    def blosc(name: str, **options: object) -> Candidate:
        return Candidate(
            name,
            lambda path, a: blosc2.asarray(a, urlpath=str(path), mode="w", **options),
            lambda path: blosc2.open(str(path))[:],
            lambda path, i, j: blosc2.open(str(path))[i:j],
        )

    def ours(name: str, **options: str) -> Candidate:
        return Candidate(
            name,
            lambda path, a: save_array(path, a, **options),
            load_array,
            lambda path, i, j: open_array(path)[i:j],
        )

    return [
        ours("ours"),
        ours('ours, "small"', compression="small"),
        Candidate(
            "bcolz",
            lambda path, a: bcolz.carray(a, rootdir=str(path), mode="w").flush(),
            lambda path: bcolz.open(str(path), mode="r")[:],
            lambda path, i, j: bcolz.open(str(path), mode="r")[i:j],
        ),
        blosc("python-blosc2"),
        blosc("python-blosc2, our codec", cparams=same_codec),
        Candidate(
            "zarr",
            lambda path, a: zarr.create_array(str(path), data=a, overwrite=True),
            lambda path: zarr.open_array(str(path), mode="r")[:],
            lambda path, i, j: zarr.open_array(str(path), mode="r")[i:j],
        ),
        Candidate("h5py, lzf", save_h5, load_h5, load_h5),
        Candidate(
            "np.save",
            lambda path, a: np.save(path.with_suffix(".npy"), a),
            lambda path: np.load(path.with_suffix(".npy")),
            lambda path, i, j: np.array(np.load(path.with_suffix(".npy"), mmap_mode="r")[i:j]),
        ),
    ]


def measure(array: np.ndarray, rounds: int, folder: Path) -> list[Candidate]:
    """Let the candidates save, load and slice ``array`` in turns."""
    everyone = candidates(array)
    start = len(array) // 2 - 7
    for round_ in range(rounds):
        # Whoever comes first in a round always would find the computer in another state.
        turns = list(enumerate(everyone))
        turns = turns[round_ % len(turns) :] + turns[: round_ % len(turns)]
        for number, candidate in turns:
            if candidate.seconds.get("save", 0) > SLOW:
                continue
            path = folder / f"{number}"
            candidate.note("save", timed(lambda c=candidate, p=path: c.save(p, array)))
            candidate.note("sync", candidate.seconds["save"] + timed(lambda p=path: flush(p)))
        for number, candidate in turns:
            path = folder / f"{number}"
            # Memory that nobody has used yet is slow the first time: touch it outside the clock.
            np.ones(array.nbytes, np.uint8)
            begun = time.perf_counter()
            loaded = candidate.load(path)
            candidate.note("load", time.perf_counter() - begun)
            if round_ == 0:
                np.testing.assert_array_equal(loaded, array)
                candidate.bytes_on_disk = sum(f.stat().st_size for f in files_of(path))
            del loaded
            for _ in range(5):
                seconds = timed(lambda c=candidate, p=path: c.slice(p, start, start + BATCH))
                candidate.note("slice", seconds)
    own = Candidate("64 rows alone", save_array, load_array, lambda p, i, j: load_array(p))
    save_array(folder / "own", array[start : start + BATCH])
    for _ in range(5 * rounds):
        own.note("load", timed(lambda: load_array(folder / "own")))
    return [*everyone, own]


def timed(action: Callable[[], object]) -> float:
    """Return how many seconds ``action`` takes."""
    begun = time.perf_counter()
    action()
    return time.perf_counter() - begun


def files_of(path: Path) -> list[Path]:
    """List the files that a candidate wrote."""
    paths = [path, path.with_suffix(".npy")]
    return [
        file
        for p in paths
        for file in (p.rglob("*") if p.is_dir() else [p])
        if file.is_file() and file.name != "lock"
    ]


def flush(path: Path) -> None:
    """Make sure that what a candidate wrote is on the disk; ours has done that already."""
    for file in files_of(path):
        descriptor = os.open(file, os.O_RDONLY)
        os.fsync(descriptor)
        os.close(descriptor)


def report(title: str, array: np.ndarray, measured: list[Candidate]) -> list[str]:
    """Print a table and the ratios that were promised; return the promises that were missed."""
    *everyone, own = measured
    ours, bcolz_, blosc_plain, blosc_same = (everyone[k] for k in (0, 2, 3, 4))
    print(f"\n### {title}: {' x '.join(f'{n:,}' for n in array.shape)} {array.dtype}, ", end="")
    print(f"{array.nbytes / 1e6:.0f} MB\n")
    print("| | save, ms | save and flush, ms | load, ms | 64 rows, ms | size |")
    print("| :-- | --: | --: | --: | --: | --: |")
    for c in everyone:
        times = " | ".join(
            f"{c.seconds[k] * 1e3:.{d}f}"
            for k, d in (("save", 0), ("sync", 0), ("load", 0), ("slice", 1))
        )
        print(f"| {c.name} | {times} | {c.bytes_on_disk / array.nbytes:.3f} |")
    print(f"\n64 rows stored alone take {own.seconds['load'] * 1e3:.1f} ms to load.\n")
    missed = []
    for promise, ratio, bound, at_least in (
        ("times as fast to save as bcolz", _ratio(bcolz_, ours, "save"), 1.0, True),
        ("times as fast to save as bcolz, both flushed", _ratio(bcolz_, ours, "sync"), 1.0, True),
        ("times as fast to load as bcolz", _ratio(bcolz_, ours, "load"), 1.5, True),
        ("of python-blosc2's time to save", _ratio(ours, blosc_plain, "save"), 1.25, False),
        ("of python-blosc2's time to load", _ratio(ours, blosc_plain, "load"), 1.25, False),
        ("of its time to save with our codec", _ratio(ours, blosc_same, "save"), 1.25, False),
        ("of the same, both flushed", _ratio(ours, blosc_same, "sync"), 1.25, False),
        ("of its time to load with our codec", _ratio(ours, blosc_same, "load"), 1.25, False),
        ("of bcolz's size", ours.bytes_on_disk / bcolz_.bytes_on_disk, 1.0, False),
        ("of the time of 64 rows alone", ours.seconds["slice"] / own.seconds["load"], 4.0, False),
    ):
        met = ratio >= bound if at_least else ratio <= bound
        wanted = f"{'at least' if at_least else 'at most'} {bound}"
        print(f"- {ratio:.2f} {promise} (wanted: {wanted}{'' if met else '; MISSED'})")
        if not met:
            missed.append(f"{title}: {ratio:.2f} {promise}, wanted {wanted}")
    return missed


def _ratio(a: Candidate, b: Candidate, what: str) -> float:
    return a.seconds[what] / b.seconds[what]


def real_arrays() -> tuple[np.ndarray, np.ndarray, str]:
    """Make features and pictures from crops of animal faces, or find those made before."""
    splits = load_dataset("animal_faces").values()
    images = [image for split in splits for image in split]
    origin = next(iter(splits)).origin
    folder = Path(tempfile.gettempdir()) / f"course-bench-arrays-{origin}"
    if not (folder / "features.npy").exists():
        folder.mkdir(exist_ok=True)
        print(f"Computing {N_FEATURES:,} features (a minute, once) ...", file=sys.stderr)
        rng = np.random.default_rng(0)
        pictures, features = [], []
        for start in range(0, N_FEATURES, 1000):
            batch = [crop(images[k], rng) for k in rng.integers(len(images), size=1000)]
            if start < N_PICTURES:
                pictures += [np.asarray(picture) for picture in batch]
            features.append(extract_features(batch, progress=False).X)
        np.save(folder / "pictures.npy", np.stack(pictures))
        np.save(folder / "features.npy", np.concatenate(features))
    return (
        np.load(folder / "features.npy"),
        np.load(folder / "pictures.npy"),
        f"{len(images)} {'photographs' if origin == 'photographs' else 'painted pictures'}",
    )


def crop(image: Image.Image, rng: np.random.Generator) -> Image.Image:
    """Cut a random square out of a picture, as augmentation does."""
    side = rng.uniform(0.5, 1) * min(image.size)
    left, top = (rng.uniform(0, length - side) for length in image.size)
    return image.resize(
        (SIDE, SIDE), Image.Resampling.BILINEAR, box=(left, top, left + side, top + side)
    )


def print_codecs(array: np.ndarray, chunk_bytes: int = 2**19) -> None:
    """Print size and times of many codecs and filters on chunks of ``array``."""
    codec, kind = blosc2.Codec, blosc2.Filter
    data = array.reshape(-1).view(np.uint8)
    chunks = [data[k : k + chunk_bytes] for k in range(0, len(data), chunk_bytes)]
    target = np.empty_like(data)
    into = [target[k : k + chunk_bytes] for k in range(0, len(data), chunk_bytes)]
    print(f"\n### {array.dtype}, {array.nbytes / 1e6:.0f} MB, chunks of {chunk_bytes >> 10} KiB\n")
    print("| codec | level | filters | compress, ms | decompress, ms | size |")
    print("| :-- | --: | :-- | --: | --: | --: |")
    pixel = 3 if array.dtype == np.uint8 else array.itemsize
    filters: list[tuple[list[blosc2.Filter], int]] = [
        ([kind.NOFILTER], array.itemsize),
        ([kind.SHUFFLE], pixel),
        ([kind.BITSHUFFLE], array.itemsize),
        ([kind.SHUFFLE, kind.BYTEDELTA], pixel),
    ]
    settings = [(codec.BLOSCLZ, 5), (codec.LZ4, 1), (codec.LZ4, 7), (codec.LZ4, 9), (codec.ZSTD, 1)]
    with ThreadPoolExecutor(blosc2.nthreads) as pool:
        for (name, level), (chosen, size) in ((s, f) for s in settings for f in filters):
            options = {
                "codec": name, "clevel": level, "filters": chosen, "typesize": size, "nthreads": 1,
                "filters_meta": [0] * len(chosen), "blocksize": 2**18 // size * size,
                "splitmode": blosc2.SplitMode.NEVER_SPLIT,
            }  # fmt: skip
            compress_s, decompress_s = [], []
            for _ in range(3):
                begun = time.perf_counter()
                packed = list(pool.map(lambda c, o=options: blosc2.compress2(c, **o), chunks))
                compress_s.append(time.perf_counter() - begun)
                begun = time.perf_counter()
                list(pool.map(lambda p, d: blosc2.decompress2(p, dst=d, nthreads=1), packed, into))
                decompress_s.append(time.perf_counter() - begun)
            words = "+".join(f.name.lower() for f in chosen)
            ratio = sum(map(len, packed)) / len(data)
            print(
                f"| {name.name} | {level} | {words} | {min(compress_s) * 1e3:.0f} | "
                f"{min(decompress_s) * 1e3:.0f} | {ratio:.3f} |",
                flush=True,
            )


def machine() -> str:
    """Name the processor and the versions."""
    model = platform.processor() or platform.machine()
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        model = next(line.split(":")[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        pass
    packages = ("numpy", "blosc2", "xxhash", "bcolz-zipline", "zarr", "h5py")
    return (
        f"{model}, {os.cpu_count()} cores, {platform.system()} {platform.release()}, "
        f"Python {platform.python_version()}; "
        + ", ".join(f"{package} {version(package)}" for package in packages)
    )


def main() -> int:
    """Run the benchmark; the exit status is 0 also when a promise is missed."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--codecs", action="store_true", help="compare codecs and filters instead")
    options = parser.parse_args()
    features, pictures, origin = real_arrays()
    print(
        f"## The array cache\n\n{machine()}.\nMade from {origin}; best of {options.rounds} rounds."
    )
    if options.codecs:
        print_codecs(features)
        print_codecs(pictures)
        return 0
    missed = []
    for title, array in (("Features", features), ("Pictures", pictures)):
        folder = Path(tempfile.mkdtemp(prefix="course-bench-"))
        try:
            missed += report(title, array, measure(array, options.rounds, folder))
        finally:
            shutil.rmtree(folder)
    print("\nEvery promise was kept." if not missed else "\nMissed:\n- " + "\n- ".join(missed))
    return 0


if __name__ == "__main__":
    sys.exit(main())
