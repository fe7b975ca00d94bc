"""Engines: every one computes what plain float32 torch computes, or is not used."""

import os
import subprocess
import sys

import numpy as np
import pytest
import torch
from torch import nn

from course_utils import extract_features, load_backbone, load_dataset
from course_utils._torchvision import torchvision
from course_utils.features.decoding import decode_picture
from course_utils.features.engines import (
    EngineChoice,
    PixelNetwork,
    batch_size_for,
    build_engine,
    disagreement,
    engine_choices,
)
from course_utils.features.engines.base import TOLERANCE
from course_utils.features.engines.openvino_engine import OpenVINOEngine
from course_utils.features.engines.torch_engine import TorchEngine
from course_utils.networks.backbone import Backbone
from course_utils.networks.devices import choose_device, is_out_of_memory
from course_utils.networks.layers import TruncatedNetwork
from course_utils.networks.preprocessing import Preprocessing
from tests.features.conftest import TinyNetwork, by_hand, make_tiny

ON_CPU = [("torch", "fp32"), ("torch", "bf16"), ("openvino", "fp32"), ("openvino", "bf16")]
SIZE = 64


def pixel_network(name, layer="features"):
    torch.manual_seed(0)
    network = torchvision.models.get_model(name).eval()
    transform = Preprocessing((SIZE, SIZE), SIZE, (0.5,) * 3, (0.25,) * 3)
    return PixelNetwork(TruncatedNetwork(network, layer, (SIZE, SIZE)), transform).eval()


def noise(n, seed=0):
    return np.random.default_rng(seed).integers(0, 256, (n, SIZE, SIZE, 3), dtype=np.uint8)


def choice(engine, precision, device="cpu"):
    available = {(c.engine, c.precision) for c in engine_choices(device=device)}
    if precision == "bf16" and engine == "openvino" and (engine, precision) not in available:
        pytest.skip("this processor does not compute in bf16")
    return EngineChoice(engine, device, precision, "the test says so")


@pytest.fixture(scope="module")
def small():
    return pixel_network("squeezenet1_1")


@pytest.mark.parametrize(("engine", "precision"), ON_CPU)
@pytest.mark.parametrize("name", ["squeezenet1_1", "resnet18"])
def test_engine_agrees_with_plain_torch(name, engine, precision):
    network = pixel_network(name)
    built = build_engine(network, choice(engine, precision), 2)
    assert disagreement(built, network, noise(3)) <= TOLERANCE[precision]


@pytest.mark.slow
@pytest.mark.parametrize(
    "name",
    [
        "mobilenet_v3_small",
        "densenet121",
        "efficientnet_b0",
        "swin_t",
        "convnext_tiny",
        "googlenet",
        "vgg11",
    ],
)
def test_openvino_agrees_with_plain_torch_on_many_kinds_of_network(name):
    network = pixel_network(name)
    built = build_engine(network, choice("openvino", "fp32"), 2)
    assert disagreement(built, network, noise(2)) <= TOLERANCE["fp32"]


@pytest.fixture(scope="module")
def lite0_and_photographs():
    backbone = load_backbone("efficientnet_lite0")
    tap = TruncatedNetwork(backbone.network, "features", backbone.transform.input_size)
    photographs = load_dataset("sample_photos").all.paths[:6]
    pixels = np.stack([decode_picture(p, backbone.transform, draft=True) for p in photographs])
    return PixelNetwork(tap, backbone.transform).eval(), pixels


class Mistaken(TorchEngine):
    """An engine that computes exactly, but from pixels that were changed on the way."""

    def __init__(self, network, mistake):
        super().__init__(network, EngineChoice("torch", "cpu", "fp32", ""), 2)
        self._mistake = mistake

    def _start(self, pixels):
        return super()._start(np.ascontiguousarray(self._mistake(pixels)))


@pytest.mark.parametrize(
    "mistake",
    [
        lambda pixels: pixels[..., ::-1],
        lambda pixels: pixels.transpose(0, 2, 1, 3),
        lambda pixels: pixels[:, ::-1],
        lambda pixels: np.ascontiguousarray(pixels.transpose(0, 3, 1, 2)).reshape(pixels.shape),
        lambda pixels: pixels // 2,
        lambda pixels: pixels[::-1],
    ],
    ids=["red is blue", "height is width", "upside down", "channels first", "dark", "other row"],
)
def test_the_loosest_tolerance_tells_a_mistake_from_rounding(lite0_and_photographs, mistake):
    network, pixels = lite0_and_photographs
    exact = Mistaken(network, lambda pixels: pixels)
    assert disagreement(exact, network, pixels[:2]) < TOLERANCE["fp32"]
    assert disagreement(Mistaken(network, mistake), network, pixels[:2]) > TOLERANCE["bf16"]


@pytest.mark.parametrize(("engine", "precision"), [case for case in ON_CPU if case[1] == "bf16"])
def test_half_precision_is_within_its_tolerance_on_photographs(
    lite0_and_photographs, engine, precision
):
    network, pixels = lite0_and_photographs
    built = build_engine(network, choice(engine, precision), 2)
    assert disagreement(built, network, pixels) < TOLERANCE[precision]


@pytest.mark.parametrize(("engine", "precision"), ON_CPU)
def test_rows_depend_neither_on_neighbours_nor_on_place_in_the_batch(small, engine, precision):
    built = build_engine(small, choice(engine, precision), 4)
    pixels = noise(4)
    together = built.compute(pixels)
    others = built.compute(np.concatenate([noise(2, seed=1), pixels[:2]]))
    np.testing.assert_array_equal(others[2:], together[:2])
    np.testing.assert_array_equal(built.compute(pixels[:1]), together[:1])


@pytest.mark.parametrize(("engine", "precision"), ON_CPU)
def test_rows_do_not_depend_on_the_batch_size(small, engine, precision):
    pixels = noise(5)
    rows = []
    for size in (1, 2, 5):
        built = build_engine(small, choice(engine, precision), size)
        parts = [built.compute(pixels[i : i + size]) for i in range(0, 5, size)]
        rows.append(np.concatenate(parts))
    tolerance = {"fp32": 1e-5, "bf16": 0.02}[precision]
    for other in rows[1:]:
        difference = np.linalg.norm(other - rows[0], axis=1) / np.linalg.norm(rows[0], axis=1)
        assert difference.max() <= tolerance


def test_engine_leaves_the_network_as_it_was(small):
    before = {k: v.clone() for k, v in small.truncated.network.state_dict().items()}
    for engine, precision in ON_CPU[:3]:
        build_engine(small, choice(engine, precision), 2).compute(noise(2))
    after = small.truncated.network.state_dict()
    assert all(torch.equal(before[k], after[k]) for k in before)
    assert all(p.is_contiguous() for p in small.truncated.network.parameters())


def test_several_batches_under_way_come_back_as_they_were_started(small):
    built = build_engine(small, choice("openvino", "fp32"), 2)
    pixels = noise(2 * built.in_flight)
    started = [built.start(pixels[i : i + 2]) for i in range(0, len(pixels), 2)]
    rows = np.concatenate([built.finish(handle) for handle in started])
    np.testing.assert_array_equal(
        rows, np.concatenate([built.compute(pixels[i : i + 2]) for i in range(0, len(pixels), 2)])
    )


def test_a_network_in_training_mode_is_put_into_evaluation_mode(paths):
    tiny = make_tiny()
    expected = by_hand(tiny, paths[0])
    tiny.network.train()
    found = extract_features([paths[0]] * 3, tiny, precision="fp32", draft=False, progress=False)
    np.testing.assert_allclose(found.X, np.tile(expected, (3, 1)), atol=1e-5)
    assert tiny.network.training, "the network belongs to the caller and is left as it was"


def test_no_gradients_and_no_changed_statistics(tiny, paths):
    before = {k: v.clone() for k, v in tiny.network.state_dict().items()}
    extract_features(paths[:4], tiny, engine="torch", progress=False)
    assert not any(p.requires_grad or p.grad is not None for p in tiny.network.parameters())
    assert all(torch.equal(v, before[k]) for k, v in tiny.network.state_dict().items())


@pytest.mark.parametrize("precision", ["fp32", "bf16"])
def test_engine_that_disagrees_is_not_used_and_the_step_back_is_said(
    tiny, paths, monkeypatch, precision
):
    if precision == "bf16":
        choice("openvino", "bf16")
    honest = OpenVINOEngine._finish
    monkeypatch.setattr(
        OpenVINOEngine, "_finish", lambda self, handle: honest(self, handle)[:, ::-1]
    )
    expected = extract_features(paths, tiny, engine="torch", precision=precision, progress=False)
    with pytest.warns(UserWarning, match=f"openvino {precision} on cpu disagrees.*using torch"):
        found = extract_features(paths, tiny, precision=precision, progress=False)
    np.testing.assert_array_equal(found.X, expected.X)
    assert found.provenance["engine"] == "torch"


def test_engine_that_disagreed_once_is_not_used_for_the_next_pictures(tiny, paths, monkeypatch):
    with monkeypatch.context() as broken:
        broken.setattr(OpenVINOEngine, "_finish", lambda self, handle: np.zeros((4, 12)))
        with pytest.warns(UserWarning, match="disagrees"):
            extract_features(paths, tiny, precision="fp32", progress=False)
    with pytest.warns(UserWarning, match="openvino fp32 on cpu disagrees.*using torch"):
        second = extract_features(paths[:3], tiny, precision="fp32", progress=False)
    assert second.provenance["engine"] == "torch"
    with torch.no_grad():
        next(tiny.network.parameters()).mul_(2)  # another network: judged anew
    third = extract_features(paths[:3], tiny, precision="fp32", progress=False)
    assert third.provenance["engine"] == "openvino"


def test_engine_that_was_asked_for_and_disagrees_is_an_error(tiny, paths, monkeypatch):
    monkeypatch.setattr(OpenVINOEngine, "_finish", lambda self, handle: np.full((4, 12), np.nan))
    with pytest.raises(RuntimeError, match="openvino fp32 on cpu disagrees"):
        extract_features(paths, tiny, engine="openvino", precision="fp32", progress=False)


class Untranslatable(TinyNetwork):
    """Uses an operation that OpenVINO has no translation for."""

    def forward(self, x):
        return super().forward(x) + torch.lgamma(x.mean() + 2) * 0


def test_network_that_openvino_cannot_translate_runs_on_torch(paths):
    odd = make_tiny(Untranslatable)
    with pytest.warns(UserWarning, match="using torch fp32"):
        found = extract_features(
            paths[:3], odd, layer="logits", precision="fp32", draft=False, progress=False
        )
    assert found.provenance["engine"] == "torch"


def test_provenance_names_the_engine_and_the_reason(tiny, paths):
    made = extract_features(paths[:3], tiny, progress=False).provenance
    first = engine_choices()[0]
    assert (made["engine"], made["precision"]) == (first.engine, first.precision)
    assert made["reason"] == first.reason
    assert 0 <= made["difference_from_fp32"] <= TOLERANCE[first.precision]


@pytest.mark.parametrize(("engine", "precision"), ON_CPU)
def test_engine_and_precision_can_be_forced(tiny, paths, engine, precision):
    choice(engine, precision)
    found = extract_features(
        paths[:3], tiny, engine=engine, precision=precision, device="cpu", progress=False
    )
    assert (found.provenance["engine"], found.provenance["precision"]) == (engine, precision)


class Hungry(TinyNetwork):
    """Has memory for two pictures at a time."""

    limit = 2

    def forward(self, x):
        if len(x) > self.limit:
            raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB")
        return super().forward(x)


def test_batches_are_halved_when_memory_runs_out(paths):
    hungry = make_tiny(Hungry)
    found = extract_features(
        paths, hungry, engine="torch", precision="fp32", batch_size=16, draft=False, progress=False
    )
    expected = np.stack([by_hand(hungry, path) for path in paths])
    np.testing.assert_allclose(found.X, expected, atol=1e-5)
    assert found.provenance["batch_size"] == 2
    assert found.provenance["computed"] == len(paths)


class Shrinking(TinyNetwork):
    """Has memory for eight pictures at first, and for three after some batches."""

    def forward(self, x):
        self.passes = getattr(self, "passes", 0) + 1
        if len(x) > (8 if self.passes < 4 else 3):
            raise RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried to allocate")
        return super().forward(x)


def test_finished_rows_are_kept_when_memory_runs_out_later(paths):
    shrinking = make_tiny(Shrinking)
    found = extract_features(
        paths,
        shrinking,
        engine="torch",
        precision="fp32",
        batch_size=8,
        draft=False,
        progress=False,
    )
    expected = np.stack([by_hand(make_tiny(), path) for path in paths])
    np.testing.assert_allclose(found.X, expected, atol=1e-5)
    assert found.provenance["batch_size"] == 2
    assert found.provenance["computed"] == len(paths)


def test_too_little_memory_for_a_single_picture_says_so(tiny, paths, monkeypatch):
    def none_left(self, pixels):
        raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB")

    extract_features(paths[:2], tiny, engine="torch", batch_size=2, progress=False)
    monkeypatch.setattr(TorchEngine, "_start", none_left)
    with pytest.raises(MemoryError, match="does not suffice for a single picture in tiny"):
        extract_features(paths, tiny, engine="torch", batch_size=2, progress=False)


def test_errors_that_are_not_about_memory_are_not_retried(paths):
    class Broken(TinyNetwork):
        def forward(self, x):
            if len(x) > 2:
                raise ZeroDivisionError("a bug")
            return super().forward(x)

    with pytest.raises(ZeroDivisionError, match="a bug"):
        extract_features(
            paths, make_tiny(Broken), engine="torch", precision="fp32", batch_size=4, progress=False
        )


def test_numbers_that_are_not_finite_are_an_error_that_names_the_picture(paths):
    class Overflowing(nn.Module):
        def __init__(self):
            super().__init__()
            self.classifier = nn.Linear(3, 2)

        def forward(self, x):
            return self.classifier(x.mean(dim=(2, 3)) / 0)

    transform = Preprocessing((8, 8), 8, (0.5,) * 3, (0.5,) * 3)
    broken = Backbone("overflowing", Overflowing(), transform)
    with pytest.raises(ArithmeticError, match=rf"not finite for .*{paths[0].name}"):
        extract_features(paths[:1], broken, engine="torch", precision="fp32", progress=False)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"engine": "onnx"}, "engine='onnx' is unknown; choose 'auto', openvino, torch"),
        ({"precision": "int8"}, "precision='int8' is unknown"),
        ({"device": "tpu"}, "device='tpu' is unknown; choose 'auto', cuda, mps, cpu"),
        ({"batch_size": 0}, "batch_size=0 must be"),
        ({"batch_size": 2.5}, "batch_size=2.5 must be"),
        ({"on_bad_image": "ignore"}, "on_bad_image='ignore' must be 'raise' or 'skip'"),
        ({"threads": 0}, "threads=0 must be"),
        ({"precision": "fp16", "device": "cpu"}, "precision='fp16' cannot be had"),
        ({"layer": "clasifier"}, "Did you mean 'classifier'"),
    ],
)
def test_wrong_argument_is_named_with_the_right_ones(tiny, paths, arguments, message):
    with pytest.raises(ValueError, match=message.replace(".", r"\.")):
        extract_features(paths[:1], tiny, progress=False, **arguments)


def test_absent_device_is_named_with_those_that_are_there():
    absent = [
        name
        for name, there in (
            ("cuda", torch.cuda.is_available()),
            ("mps", torch.backends.mps.is_available()),
        )
        if not there
    ]
    for name in absent:
        with pytest.raises(ValueError, match=r"is not on this machine; here are .*cpu"):
            choose_device(name)


def test_gpu_goes_before_the_processor(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    assert choose_device() == "cuda"
    first, second = engine_choices()
    assert (first.engine, first.precision, second.precision) == ("torch", "fp16", "fp32")
    assert [c.precision for c in engine_choices(precision="bf16")] == ["bf16"]


def test_without_openvino_torch_is_used(monkeypatch, tiny, paths):
    import importlib.util

    find = importlib.util.find_spec
    monkeypatch.setattr(
        "importlib.util.find_spec", lambda name, *a: None if name == "openvino" else find(name, *a)
    )
    made = extract_features(paths[:2], tiny, progress=False).provenance
    assert made["engine"] == "torch"
    assert "OpenVINO is not usable" in made["reason"]
    with pytest.raises(ValueError, match="pip install openvino"):
        extract_features(paths[:2], tiny, engine="openvino", progress=False)


@pytest.mark.parametrize("device", ["cuda", "mps"])
@pytest.mark.parametrize("precision", ["auto", "fp32", "bf16"])
def test_gpu_agrees_with_the_processor(device, precision, paths):
    present = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available()}
    if not present[device]:
        pytest.skip(f"there is no {device} device on this machine")
    tiny = make_tiny()
    found = extract_features(paths, tiny, device=device, precision=precision, progress=False)
    expected = extract_features(paths, tiny, engine="torch", device="cpu", precision="fp32")
    difference = np.linalg.norm(found.X - expected.X) / np.linalg.norm(expected.X)
    assert difference <= TOLERANCE[found.provenance["precision"]]


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (torch.OutOfMemoryError("CUDA out of memory."), True),
        (MemoryError(), True),
        (RuntimeError("[enforce fail] DefaultCPUAllocator: can't allocate memory"), True),
        (RuntimeError("MPS backend out of memory (MPS allocated: 9 GB)"), True),
        (RuntimeError("std::bad_alloc"), True),
        (RuntimeError("CUDA error: an illegal memory access was encountered"), False),
        (RuntimeError("mat1 and mat2 shapes cannot be multiplied"), False),
        (ValueError("out of memory"), False),
    ],
)
def test_lack_of_memory_is_told_from_other_errors(error, expected):
    assert is_out_of_memory(error) is expected


@pytest.mark.parametrize("step", ["_start", "_finish"])
@pytest.mark.parametrize("kind", [TorchEngine, OpenVINOEngine])
def test_requests_under_way_survive_that_memory_runs_out(paths, monkeypatch, kind, step):
    """Only the engine that a batch was started with can finish it."""
    engine = {TorchEngine: "torch", OpenVINOEngine: "openvino"}[kind]
    settings = {"engine": engine, "precision": "fp32", "draft": False, "progress": False}
    tiny = make_tiny()
    expected = np.stack([by_hand(tiny, path) for path in paths])
    extract_features(paths[:1], tiny, batch_size=4, **settings)
    real, calls = getattr(kind, step), []

    def failing(self, given):
        calls.append(self.batch_size)
        if self.batch_size == 4 and len(calls) >= 4:
            raise RuntimeError("std::bad_alloc")
        return real(self, given)

    monkeypatch.setattr(kind, step, failing)
    monkeypatch.setattr(kind, "in_flight", 3, raising=False)
    found = extract_features(paths, tiny, batch_size=4, **settings)
    np.testing.assert_allclose(found.X, expected, atol=1e-5)
    assert found.provenance["computed"] == len(paths)
    assert found.provenance["batch_size"] == 2
    assert {2, 4} == set(calls)


@pytest.fixture
def builds(monkeypatch):
    """Note the batch size of every engine that is built."""
    built = []

    def noting(network, choice, batch_size, *others):
        built.append(batch_size)
        return build_engine(network, choice, batch_size, *others)

    monkeypatch.setattr("course_utils.features.runner.build_engine", noting)
    return built


@pytest.mark.parametrize("engine", ["torch", "openvino"])
def test_equal_calls_build_one_engine(paths, builds, engine):
    tiny = make_tiny()
    many = [*paths] * 12
    for images in (many, many, many, paths[:3]):
        extract_features(images, tiny, engine=engine, precision="fp32", progress=False)
    assert len(builds) == 1


def test_engine_that_was_halved_for_want_of_memory_serves_the_next_call(paths, builds):
    hungry = make_tiny(Hungry)
    for _ in range(3):
        found = extract_features(paths, hungry, engine="torch", precision="fp32", progress=False)
        assert found.provenance["batch_size"] == 2
    assert builds == [8]


def test_batch_size_is_the_same_for_few_and_many_pictures(paths):
    sizes = {
        extract_features(images, make_tiny(), engine="torch", progress=False).provenance[
            "batch_size"
        ]
        for images in (paths[:1], paths, [*paths] * 20)
    }
    assert len(sizes) == 1


@pytest.mark.parametrize(
    "choice",
    [
        EngineChoice("openvino", "cpu", "fp32", ""),
        EngineChoice("torch", "cpu", "bf16", ""),
        EngineChoice("torch", "cuda:1", "fp16", ""),
        EngineChoice("torch", "mps", "fp32", ""),
    ],
)
def test_every_engine_and_device_has_a_batch_size(choice):
    assert batch_size_for(choice) >= 1


def replace_activation(tiny):
    tiny.network.act = nn.Sigmoid()


def widen_stride(tiny):
    tiny.network.mix.stride = (2, 2)


def hook(tiny):
    tiny.network.mix.register_forward_hook(lambda module, inputs, output: -output)


@pytest.mark.parametrize("engine", ["torch", "openvino"])
@pytest.mark.parametrize("edit", [replace_activation, widen_stride, hook])
def test_network_that_was_edited_gives_its_own_rows(paths, tmp_path, edit, engine):
    settings = {"engine": engine, "precision": "fp32", "draft": False, "progress": False}
    tiny = make_tiny()
    for cache in (None, tmp_path):
        before = extract_features(paths[:5], tiny, cache=cache, **settings)
    edit(tiny)
    expected = np.stack([by_hand(tiny, path) for path in paths[:5]])
    for cache in (None, tmp_path, tmp_path):
        after = extract_features(paths[:5], tiny, cache=cache, **settings)
        np.testing.assert_allclose(after.X, expected, atol=1e-5)
    assert after.provenance["from_cache"] == 5
    assert np.abs(after.X - before.X).max() > 0.01


def test_layer_of_a_network_that_was_edited_has_its_new_size(paths):
    tiny = make_tiny()
    assert tiny.feature_size == 12
    tiny.network.classifier = nn.Sequential(nn.Linear(12, 7), nn.ReLU(), nn.Linear(7, 2))
    assert tiny.feature_size == 7
    assert extract_features(paths[:2], tiny, progress=False).X.shape == (2, 7)


def test_failure_of_an_engine_is_not_held_against_an_edited_network(tiny, paths, monkeypatch):
    with monkeypatch.context() as broken:
        broken.setattr(OpenVINOEngine, "_finish", lambda self, handle: np.zeros((4, 12)))
        with pytest.warns(UserWarning, match="disagrees"):
            extract_features(paths[:3], tiny, precision="fp32", progress=False)
    tiny.network.act = nn.Hardswish()
    found = extract_features(paths[:3], tiny, precision="fp32", progress=False)
    assert found.provenance["engine"] == "openvino"


def test_ctrl_c_interrupts_after_another_thread_has_let_an_openvino_network_go():
    """OpenVINO's plugin left the main thread a stack for signals that was no more."""
    code = """
import gc, os, signal, threading
from PIL import Image
from course_utils import extract_features, load_backbone
kept = [load_backbone("efficientnet_lite0")]
extract_features([Image.new("RGB", (9, 9))], kept[0], engine="openvino", progress=False)
def forget():
    kept.clear()
    gc.collect()
thread = threading.Thread(target=forget)
thread.start()
thread.join()
try:
    os.kill(os.getpid(), signal.SIGINT)
except KeyboardInterrupt:
    print("interrupted")
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "interrupted\n"), done.stderr


def test_a_forked_process_makes_engines_of_its_own_and_does_not_wait_for_its_parents():
    """The parent's threads are not in it: rows that they should compute would never come."""
    code = """
import os
from PIL import Image
from course_utils import extract_features, load_backbone
backbone = load_backbone("efficientnet_lite0")
def extract():
    return extract_features(
        [Image.new("RGB", (9, 9))], backbone, engine="openvino", precision="fp32", progress=False
    ).X
expected = extract()
child = os.fork()
if child == 0:
    os._exit(0 if (extract() == expected).all() else 1)
print(os.waitpid(child, 0)[1])
"""
    # With more threads torch itself does not survive a fork.
    alone = os.environ | {"OMP_NUM_THREADS": "1"}
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=alone,
        capture_output=True,
        text=True,
        timeout=300,
        check=True,
    )
    assert done.stdout == "0\n"
