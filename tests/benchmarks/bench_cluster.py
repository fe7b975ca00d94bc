"""What a Dask cluster costs and gains, and whether memory stays bounded.

python -m tests.benchmarks.bench_cluster [PART…] [--scheduler tcp://host:8786] [--pictures N]

Parts: ``rate`` (two one-thread workers against one process with two threads), ``overhead`` (what a
chunk costs apart from its pictures), ``store`` (a slow object store, over the number of workers),
``memory`` (scheduler, workers and client over time, for 1,000, 10,000 and 100,000 pictures) and
``scaling``, which is what to run on a cluster: the same pictures through more and more of its
workers. Ways that are compared take turns in one run.
"""

import argparse
import os
import shutil
import statistics
import tempfile
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import dask
import numpy as np
import psutil
from distributed import Client, LocalCluster
from PIL import Image

from course_utils import ImageSet, extract_features, extract_to_folder
from course_utils._cores import usable_cores
from course_utils.features.cluster.connecting import DASK_SETTINGS
from course_utils.images import stores
from tests.benchmarks.bench_features import photographs, processor
from tests.features.conftest import TinyNetwork, make_tiny

PARTS = ("rate", "overhead", "store", "memory", "scaling")
# Pictures of 96 pixels through a small network: 100,000 of them in minutes.
SMALL = 96
# What a far object store answers in.
LATENCY = 0.05


def linked(folder: Path, originals: list[Path], n: int) -> list[Path]:
    """Make n hard links, in folders of a thousand, to pictures."""
    links = []
    for i in range(n):
        link = folder / f"{i // 1000:04d}" / f"{i:07d}.jpg"
        if i % 1000 == 0:
            link.parent.mkdir(parents=True)
        os.link(originals[i % len(originals)], link)
        links.append(link)
    return links


def small_pictures(folder: Path, originals: list[Path]) -> list[Path]:
    """Shrink pictures, so that a hundred thousand can be decoded for real."""
    folder.mkdir()
    files = []
    for i, original in enumerate(originals):
        files.append(folder / f"{i}.jpg")
        with Image.open(original) as picture:
            picture.convert("RGB").resize((SMALL, SMALL)).save(files[-1], quality=85)
    return files


@contextmanager
def local_cluster(workers: int) -> Iterator[Client]:
    """Start worker processes of one thread each."""
    with (
        dask.config.set(DASK_SETTINGS),
        LocalCluster(n_workers=workers, threads_per_worker=1, dashboard_address=":0") as cluster,
        Client(cluster, set_as_default=False) as client,
    ):
        client.wait_for_workers(workers)
        yield client


def seconds_of(function: Callable[[], object]) -> float:
    """Give the seconds that a call takes."""
    began = time.perf_counter()
    function()
    return time.perf_counter() - began


def processor_seconds(client: Client) -> float:
    """Give the processor time used so far, by this process, the scheduler in it and the workers."""
    used = [psutil.Process(pid).cpu_times() for pid in client.run(os.getpid).values()]
    used.append(psutil.Process().cpu_times())
    return sum(times.user + times.system for times in used)


def measure_rate(originals: list[Path], n: int, rounds: int) -> None:
    """Print pictures a second of one process with two threads, and of two workers with one."""
    pictures = (originals * (n // len(originals) + 1))[:n]
    ways: dict[str, Callable[[], object]] = {}
    with local_cluster(2) as client:
        ways["one process, two threads"] = lambda: extract_features(
            pictures, threads=2, progress=False
        )
        ways["two workers, one thread each"] = lambda: extract_features(
            pictures, scheduler=client, progress=False
        )
        for way in ways.values():
            way()  # loads the network, makes the engine
        spent: dict[str, list[float]] = {name: [] for name in ways}
        used: dict[str, list[float]] = {name: [] for name in ways}
        for _ in range(rounds):
            for name, way in ways.items():
                before = processor_seconds(client)
                spent[name].append(seconds_of(way))
                used[name].append(processor_seconds(client) - before)
    print(f"\n{n:,} pictures, best and median of {rounds} rounds\n")
    print("| who | pictures a second, best | median | processor ms a picture |")
    print("| --- | ---: | ---: | ---: |")
    for name, seconds in spent.items():
        best, median = n / min(seconds), n / statistics.median(seconds)
        print(f"| {name} | {best:.0f} | {median:.0f} | {1000 * min(used[name]) / n:.2f} |")
    one, two = (min(seconds) for seconds in spent.values())
    ratios = [f"{a / b:.2f}" for a, b in zip(*spent.values(), strict=True)]
    print(f"\nratio of the best {one / two:.2f}; of each round {', '.join(ratios)}")


def measure_overhead(originals: list[Path], folder: Path) -> None:
    """Print what a picture costs a cluster beside decoding and network: almost nothing to do."""
    picture = small_pictures(folder / "one", originals[:1])[0]
    tiny = make_tiny()
    options = {"engine": "torch", "precision": "fp32", "progress": False}

    def extract(n: int, **who) -> None:
        extract_features([picture] * n, tiny, **who, **options)

    with local_cluster(1) as client:
        ways = ({"threads": 1}, {"scheduler": client})
        spent = {}
        for n in (256, 5120):
            for way in ways:
                extract(n, **way)
            spent[n] = [
                min(seconds_of(lambda n=n, way=way: extract(n, **way)) for _ in range(3))
                for way in ways
            ]
    few, many = spent[256], spent[5120]
    each = [(b - a) / (5120 - 256) * 1e6 for a, b in zip(few, many, strict=True)]
    print("\nA picture more, microseconds (a tiny network, one thread)\n")
    print("| one process | one worker | overhead |\n| ---: | ---: | ---: |")
    print(f"| {each[0]:.0f} | {each[1]:.0f} | {each[1] - each[0]:.0f} |")
    print(f"\nto begin on a cluster that is there: {few[1] - few[0]:.2f} s")


def answer_slowly(latency: float) -> None:
    """Let every object come after some time; run on a worker."""
    import fsspec.implementations.local

    def slow(self, path: str, *arguments, **options) -> bytes:
        time.sleep(latency)
        return Path(self._strip_protocol(path)).read_bytes()

    fsspec.implementations.local.LocalFileSystem.cat_file = slow


def measure_store(originals: list[Path], n: int) -> None:
    """Print the rate over the number of workers, with a store that takes its time."""
    addresses = [f"file://{path}" for path in (originals * (n // len(originals) + 1))[:n]]
    assert stores.is_address(addresses[0])
    print(f"\n{n} pictures from a store that answers after {1000 * LATENCY:.0f} ms\n")
    print("| workers | reading threads each | pictures a second | most that waiting allows |")
    print("| ---: | ---: | ---: | ---: |")
    for workers in (1, 2, 4, 8):
        with local_cluster(workers) as client:
            client.run(answer_slowly, LATENCY)
            for threads in (1, 8):
                options = {"scheduler": client, "threads": threads, "progress": False}
                extract_features(addresses[: 16 * workers], **options)
                rate = n / seconds_of(lambda o=options: extract_features(addresses, **o))
                most = workers * threads / LATENCY
                print(f"| {workers} | {threads} | {rate:.0f} | {most:.0f} |", flush=True)


class Memory(threading.Thread):
    """Notes the memory of this process and of its children, every half second."""

    def __init__(self, client: Client) -> None:
        super().__init__(daemon=True)
        self._over = threading.Event()
        workers = client.run(os.getpid)
        scheduler = client.run_on_scheduler(os.getpid)
        self._who = {"workers": [psutil.Process(pid) for pid in workers.values()]}
        self._who["scheduler"] = [psutil.Process(scheduler)]
        self._who["client"] = [psutil.Process()]
        self.seen: list[tuple[float, dict[str, int]]] = []

    def run(self) -> None:
        began = time.monotonic()
        while not self.seen or not self._over.wait(0.5):  # a short run is seen once
            megabytes = {
                who: max(process.memory_info().rss for process in processes) >> 20
                for who, processes in self._who.items()
            }
            self.seen.append((time.monotonic() - began, megabytes))

    def stop(self) -> None:
        self._over.set()
        self.join()


def hold_scheduler(connection) -> None:
    """Run in a process of its own: the scheduler and its workers, apart from the client."""
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=":0") as cluster:
        connection.send(cluster.scheduler_address)
        connection.recv()


@contextmanager
def separate_cluster() -> Iterator[Client]:
    """Start two workers and a scheduler that does not share the client's process."""
    import multiprocessing

    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=hold_scheduler, args=(there,))
    process.start()
    with Client(here.recv(), set_as_default=False) as client:
        client.wait_for_workers(2)
        yield client
    here.send("end")
    process.join()


def measure_memory(originals: list[Path], folder: Path, most: int) -> None:
    """Print time a picture and memory over time, for more and more pictures."""
    small = small_pictures(folder / "small", originals)
    tiny = make_tiny(TinyNetwork)
    options = {"engine": "torch", "precision": "fp32", "progress": False}
    print(f"\nHard links to pictures of {SMALL} pixels, all decoded, a tiny network, two workers\n")
    print("| pictures | seconds | µs a picture | scheduler MB | workers MB | client MB |")
    print("| ---: | ---: | ---: | ---: | ---: | ---: |")
    with separate_cluster() as client:
        extract_features(small[:64], tiny, scheduler=client, **options)
        for n in [n for n in (1_000, 10_000, 100_000) if n <= most]:
            place = folder / f"{n}"
            linked(place, small, n)
            memory = Memory(client)
            memory.start()
            spent = seconds_of(
                lambda place=place, n=n: extract_to_folder(
                    place, folder / f"out{n}", tiny, scheduler=client, **options
                )
            )
            memory.stop()
            peak = {
                who: max(seen[who] for _, seen in memory.seen)
                for who in ("scheduler", "workers", "client")
            }
            numbers = " | ".join(str(megabytes) for megabytes in peak.values())
            print(f"| {n:,} | {spent:.1f} | {1e6 * spent / n:.0f} | {numbers} |", flush=True)
            shutil.rmtree(place)
    print("\nThe last run, MB over time\n")
    print(
        "| part of the run | scheduler | largest worker | client |\n| ---: | ---: | ---: | ---: |"
    )
    for at in np.linspace(0, len(memory.seen) - 1, 9).astype(int):
        when, seen = memory.seen[at]
        print(f"| {when:.0f} s | {seen['scheduler']} | {seen['workers']} | {seen['client']} |")


def measure_scaling(originals: list[Path], n: int, scheduler: str | None) -> None:
    """Print the rate of more and more workers of a cluster; here, of this machine's cores."""
    pictures = (originals * (n // len(originals) + 1))[:n]
    with Client(scheduler) if scheduler else local_cluster(usable_cores()) as client:
        everyone = list(client.nthreads())
        counts = sorted({1, *(2**k for k in range(1, 12) if 2**k < len(everyone)), len(everyone)})
        print(f"\n{n:,} pictures, {len(everyone)} workers of {scheduler or 'this machine'}\n")
        print("| workers | pictures a second | of the first, times | efficiency |")
        print("| ---: | ---: | ---: | ---: |")
        first = 0.0
        # From all to one: workers are sent away, and a scheduler does not call them back.
        rates = {}
        for count in reversed(counts):
            if extra := list(client.nthreads())[count:]:
                client.retire_workers(extra)
            extract_features(pictures[: 16 * count], scheduler=client, progress=False)
            seconds = seconds_of(
                lambda: extract_features(pictures, scheduler=client, progress=False)
            )
            rates[count] = n / seconds
        for count in counts:
            first = first or rates[count]
            times = rates[count] / first
            print(f"| {count} | {rates[count]:.0f} | {times:.2f} | {times / count:.2f} |")


def main() -> None:
    """Measure the parts that were asked for, print tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", default=[*PARTS], help=", ".join(PARTS))
    parser.add_argument("--pictures", type=int, default=2_000, help="for rate and scaling")
    parser.add_argument("--most", type=int, default=100_000, help="pictures, for memory")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--scheduler", help="of a cluster that is there, for scaling")
    parser.add_argument("--folder", type=Path, help="photographs that all workers can reach")
    options = parser.parse_args()
    warnings.simplefilter("ignore", UserWarning)
    folder, what = (options.folder, "your photographs") if options.folder else photographs()
    originals = [
        path.absolute()
        for split in sorted(folder.iterdir())
        if split.is_dir()
        for path in ImageSet.from_folder(split).paths
    ]
    busy = psutil.cpu_percent(interval=2)
    print(
        f"{processor()}, {usable_cores()} cores; {what}; other programs used {busy:.0f} % of them"
    )
    with tempfile.TemporaryDirectory() as scratch:
        if "rate" in options.parts:
            measure_rate(originals, options.pictures, options.rounds)
        if "overhead" in options.parts:
            measure_overhead(originals, Path(scratch))
        if "store" in options.parts:
            measure_store(originals, min(512, options.pictures))
        if "memory" in options.parts:
            measure_memory(originals, Path(scratch), options.most)
        if "scaling" in options.parts:
            measure_scaling(originals, options.pictures, options.scheduler)


if __name__ == "__main__":
    main()
