"""How fast features are extracted, against the plain loop, the ceilings and the cache.

python -m tests.benchmarks.bench_features [--rounds N] [--networks NAME…] [--quick]

All that is compared is measured in turn, round after round, in one process on one machine; the
table gives each one's best round, since other programs can only make a round slower; processor time
hardly depends on them. DenseNet-121
has random weights when its own are not on the machine: its speed is the same.
"""

import argparse
import copy
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
import warnings
from pathlib import Path

import numpy as np
import torch
from torch.utils.data import DataLoader
from tqdm import tqdm

from course_utils import ImageSet, extract_features, load_array, load_backbone, save_array
from course_utils._cores import usable_cores
from course_utils._torchvision import torchvision
from course_utils.features.cache import FeatureCache
from course_utils.features.decoding import decode_picture, map_in_order
from course_utils.features.engines import (
    Engine,
    EngineChoice,
    PixelNetwork,
    build_engine,
    engine_choices,
)
from course_utils.features.run import run  # noqa: F401 - imported now, so that no round pays for it
from course_utils.networks.backbone import Backbone
from course_utils.networks.devices import choose_device
from course_utils.networks.layers import TruncatedNetwork
from course_utils.networks.preprocessing import Preprocessing
from course_utils.networks.weights import WeightsNotFoundError

# timm imports torchvision, so course_utils makes it importable first.
import timm  # isort: skip
import timm.data  # isort: skip

PROJECT_ROOT = Path(__file__).resolve().parents[2]


def photographs() -> tuple[Path, str]:
    """Give a folder of class folders, and what is in it."""
    named = os.environ.get("COURSE_DATA_MIRROR")
    mirror = Path(named) if named else PROJECT_ROOT.parent / "shared" / "mirror"
    found = sorted(mirror.glob("UBC-CS/*/*/lectures/data/animal_faces/train"))
    if found:
        return found[0].parent, "photographs of animal_faces, 512 pixels"
    from data_scripts.painting import paint_dataset

    folder = Path(tempfile.mkdtemp()) / "painted"
    paint_dataset(folder, progress=False)
    return folder, "painted animals, 256 pixels (no photographs here)"


def backbone(name: str) -> Backbone:
    """Load a network, with random weights when its own are not here."""
    try:
        return load_backbone(name)
    except WeightsNotFoundError:
        torch.manual_seed(0)
        preset = torchvision.models.get_model_weights(name).DEFAULT.transforms()
        transform = Preprocessing(
            (preset.crop_size[0],) * 2, preset.resize_size[0], tuple(preset.mean), tuple(preset.std)
        )
        return Backbone(name, torchvision.models.get_model(name), transform, (), "random numbers")


def plain_loop(network: Backbone, folder: Path, device: str) -> int:
    """Do what a first tutorial does: an image folder, worker processes, float32 batches."""
    transform = network.transform
    steps = torchvision.transforms.Compose(
        [
            torchvision.transforms.Resize(transform.input_size),
            torchvision.transforms.ToTensor(),
            torchvision.transforms.Normalize(transform.mean, transform.std),
        ]
    )
    loader = DataLoader(
        torchvision.datasets.ImageFolder(folder, steps), batch_size=64, shuffle=True, num_workers=4
    )
    # A copy, because moving a network moves it for everybody.
    truncated = TruncatedNetwork(
        copy.deepcopy(network.network), "features", transform.input_size
    ).to(device)
    rows = []
    with torch.no_grad():
        for batch, _ in loader:
            rows.append(truncated(batch.to(device)).cpu().numpy())
    return len(np.concatenate(rows))


# Pictures at once through torch, where a fixed number is wanted.
LOOP_BATCH = {"cuda": 256, "mps": 64, "cpu": 16}

# What timm calls the networks.
TIMM_NAMES = {"efficientnet_lite0": "tf_efficientnet_lite0"}


def timm_inference(name: str, folder: Path, device: str) -> int:
    """Do what timm's inference script does, at its best settings: its loader, its network."""
    model = timm.create_model(TIMM_NAMES.get(name, name), num_classes=0).eval().to(device)
    model = model.to(memory_format=torch.channels_last)
    loader = timm.data.create_loader(
        timm.data.create_dataset("", folder),
        batch_size=256 if device == "cuda" else 32,
        num_workers=usable_cores(),
        device=torch.device(device),
        **timm.data.resolve_data_config(model=model),
    )
    half = torch.float16 if device == "cuda" else torch.bfloat16
    pays = device != "cpu" or torch.cpu._is_avx512_bf16_supported()
    rows = []
    with torch.inference_mode(), torch.autocast(device, half, enabled=pays):
        for batch, _ in loader:
            rows.append(model(batch.contiguous(memory_format=torch.channels_last)).float().cpu())
    return len(torch.cat(rows))


def decode_all(paths: list[Path], transform: Preprocessing) -> list[np.ndarray]:
    """Decode as extraction does, with nothing else going on."""
    return list(
        map_in_order(
            lambda path: decode_picture(path, transform, draft=True),
            paths,
            threads=usable_cores(),
            ahead=64,
        )
    )


def pixels_for(engine: Engine, pixels: np.ndarray) -> np.ndarray:
    """Give as many pictures as an engine takes a second or so for."""
    return pixels[:128] if engine.choice.device == "cpu" else pixels


def network_only(engine, pixels: np.ndarray) -> None:
    """Push decoded pictures through an engine, as many batches at once as it takes."""
    started = []
    for start in range(0, len(pixels), engine.batch_size):
        if len(started) == engine.in_flight:
            engine.finish(started.pop(0))
        started.append(engine.start(pixels[start : start + engine.batch_size]))
    for handle in started:
        engine.finish(handle)


def processor_seconds() -> float:
    """Give the processor time used so far, by this process and by its workers that have ended."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def timed(function, *arguments) -> float:
    """Give the seconds that a call takes."""
    return timed_both(function, *arguments)[0]


def timed_both(function, *arguments) -> tuple[float, float]:
    """Give the seconds that a call takes, and the processor seconds."""
    began, used = time.perf_counter(), processor_seconds()
    function(*arguments)
    return time.perf_counter() - began, processor_seconds() - used


def measure_network(name: str, folder: Path, rounds: int, copies: int, loop_split: str) -> None:
    """Print pictures a second of the loop, the stages, each engine and the whole."""
    network = backbone(name)
    device = choose_device()
    paths = [
        path for split in ("train", "valid") for path in ImageSet.from_folder(folder / split).paths
    ]
    many = paths * copies
    decoded = np.stack(decode_all(paths[:128], network.transform))
    # A GPU is done with 128 pictures before it is warm.
    pixels = decoded if device == "cpu" else np.concatenate([decoded] * 16)
    truncated = TruncatedNetwork(network.network, "features", network.transform.input_size)
    pixel_network = PixelNetwork(truncated, network.transform).eval()
    choices = [*engine_choices(engine="auto"), EngineChoice("torch", "cpu", "fp32", "")]
    engines = {
        choice.label: build_engine(
            pixel_network, choice, 4 if choice.engine == "openvino" else LOOP_BATCH[choice.device]
        )
        for choice in choices
    }
    best = next(iter(engines))

    def whole() -> None:
        extract_features(many, network, progress=False)

    whole()  # makes the engine and checks it
    loop_folder = folder / loop_split
    n_loop = len(ImageSet.from_folder(loop_folder))
    seconds: dict[str, list[tuple[float, float]]] = {}
    for _ in tqdm(range(rounds), desc=name, disable=None):
        parts = {
            "plain loop": (timed_both(plain_loop, network, loop_folder, device), n_loop),
            "timm's inference": (timed_both(timm_inference, name, folder, device), len(paths)),
            "decoding alone": (timed_both(decode_all, many, network.transform), len(many)),
            **{
                f"network alone, {label}": (
                    timed_both(network_only, engine, subset := pixels_for(engine, pixels)),
                    len(subset),
                )
                for label, engine in engines.items()
            },
            "extract_features": (timed_both(whole), len(many)),
        }
        for part, (spent, n) in parts.items():
            seconds.setdefault(part, []).append((spent[0] / n, spent[1] / n))
    rate = {part: 1 / min(wall for wall, _ in spent) for part, spent in seconds.items()}
    used = {part: min(work for _, work in spent) for part, spent in seconds.items()}
    ceiling, stages = (
        "ceiling 1 / (1/decoding + 1/network)",
        ("decoding alone", f"network alone, {best}"),
    )
    rate[ceiling] = 1 / sum(1 / rate[stage] for stage in stages)
    used[ceiling] = sum(used[stage] for stage in stages)
    print(f"\n{name}, {network.transform.input_size[0]} pixels ({network.source})\n")
    print("| what | pictures a second | times the plain loop | processor ms a picture |")
    print("| --- | ---: | ---: | ---: |")
    for part, speed in rate.items():
        ratio = speed / rate["plain loop"]
        print(f"| {part} | {speed:.1f} | {ratio:.1f} | {1000 * used[part]:.2f} |")
    whole_rate = rate["extract_features"]
    print(
        f"\nextract_features: {whole_rate / rate['plain loop']:.1f} times the plain loop, "
        f"{whole_rate / rate[ceiling]:.2f} of the ceiling by the clock and "
        f"{used[ceiling] / used['extract_features']:.2f} by processor time"
    )


def measure_cache(folder: Path, rounds: int, n: int) -> None:
    """Print how long a second call takes, against loading the saved array."""
    with tempfile.TemporaryDirectory() as scratch:
        originals = [
            path
            for split in ("train", "valid")
            for path in ImageSet.from_folder(folder / split).paths
        ]
        paths = []
        for i in range(n):
            # A few bytes behind the end of the picture make it another file to the cache.
            path = Path(scratch) / f"{i:05d}.jpg"
            path.write_bytes(originals[i % len(originals)].read_bytes() + str(i).encode())
            os.utime(path, (1e9, 1e9))
            paths.append(path)
        time.sleep(2.1)  # the cache trusts no file that is younger than two seconds
        cache = FeatureCache(Path(scratch) / "cache")
        first = timed(lambda: extract_features(paths, cache=cache, progress=False))
        features = extract_features(paths, cache=cache, progress=False)
        assert features.provenance["from_cache"] == n
        save_array(Path(scratch) / "saved", features.X)
        names = [str(path) for path in paths]
        second, load, ask = [], [], []
        for _ in range(max(rounds, 7)):
            second.append(timed(lambda: extract_features(paths, cache=cache, progress=False)))
            load.append(timed(lambda: load_array(Path(scratch) / "saved")))
            ask.append(timed(lambda: [*map(os.stat, names)]))
    print(f"\nThe cache, {n} pictures\n\n| what | milliseconds |\n| --- | ---: |")
    print(f"| first call | {1000 * first:.0f} |")
    print(f"| second call | {1000 * statistics.median(second):.1f} |")
    print(f"| load_array of the same features | {1000 * statistics.median(load):.1f} |")
    print(f"| asking the file system whether files changed | {1000 * statistics.median(ask):.1f} |")
    whole = statistics.median(second)
    floor = statistics.median(load) + statistics.median(ask)
    print(
        f"\nsecond call: {whole / statistics.median(load):.2f} times load_array, "
        f"{whole / floor:.2f} times load_array and asking"
    )


def measure_start(folder: Path, rounds: int) -> None:
    """Print the seconds from a fresh Python to the first feature, and of the import alone."""
    picture = ImageSet.from_folder(folder / "train").paths[0]
    programs = {
        "import course_utils": "import course_utils",
        "import torch": "import torch",
        "first feature": (
            "from course_utils import extract_features\n"
            f"extract_features([{str(picture)!r}], progress=False)"
        ),
    }
    seconds: dict[str, list[float]] = {name: [] for name in programs}
    bare = []
    for _ in range(rounds):
        bare.append(timed(subprocess.check_call, [sys.executable, "-c", "pass"]))
        for name, program in programs.items():
            seconds[name].append(timed(subprocess.check_call, [sys.executable, "-c", program]))
    print("\nFrom a fresh Python\n\n| what | seconds |\n| --- | ---: |")
    for name, spent in seconds.items():
        print(f"| {name} | {min(spent) - min(bare):.2f} |")


def processor() -> str:
    """Name the processor."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor()


def main() -> None:
    """Measure all, print tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--networks", nargs="*", default=["efficientnet_lite0", "densenet121"])
    parser.add_argument("--quick", action="store_true", help="fewer pictures")
    options = parser.parse_args()
    warnings.simplefilter("ignore", UserWarning)
    folder, what = photographs()
    print(f"{processor()}, {usable_cores()} cores, {platform.system()}; {what}")
    print(f"Python {platform.python_version()}, torch {torch.__version__}, timm {timm.__version__}")
    if choose_device() == "cuda":
        print(torch.cuda.get_device_name())
    for name in options.networks:
        slow = name != "efficientnet_lite0"
        copies = 1 if options.quick or slow else 4
        if choose_device() != "cpu":
            copies *= 10
        measure_network(name, folder, options.rounds, copies, "valid")
    measure_cache(folder, options.rounds, 1_000 if options.quick else 10_000)
    measure_start(folder, options.rounds)


if __name__ == "__main__":
    main()
