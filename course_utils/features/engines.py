"""Engines: what pushes batches of pixels through a network, as fast as the device allows.

All of them compute the same function, from uint8 pixels to the output of one layer. The plainest,
torch in float32, is what every other engine is checked against before its results are used.
"""

from __future__ import annotations

import copy
import functools
import importlib.util
import warnings
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from course_utils._cores import usable_cores
from course_utils.networks.devices import PRECISIONS, choose_device
from course_utils.networks.preprocessing import normalise

if TYPE_CHECKING:
    from course_utils.networks.layers import Tap
    from course_utils.networks.preprocessing import Preprocessing

ENGINES = ("openvino", "torch")

# Largest difference from plain float32, relative to the length of a picture's feature vector. Two
# engines in float32 differ by 1e-6 or so; bf16, on 300 photographs and as many paintings, by 0.03
# to 0.07 (median to largest) in EfficientNet-Lite0 and by 0.04 to 0.28 in Lite2, the most sensitive
# network tried. A forgotten normalisation differs by 0.24 and more, red exchanged with blue by 0.35
# (unless a picture is gray), height exchanged with width or the next picture's row by 0.64.
TOLERANCE = {"fp32": 1e-3, "bf16": 0.15, "fp16": 0.05}


@dataclass(frozen=True)
class EngineChoice:
    """Which engine, where, how exactly, and why."""

    engine: str
    device: str
    precision: str
    reason: str

    @property
    def label(self) -> str:
        """Short name, such as ``"openvino bf16 on cpu"``."""
        return f"{self.engine} {self.precision} on {self.device}"


def engine_choices(
    engine: str = "auto", device: str = "auto", precision: str = "auto"
) -> list[EngineChoice]:
    """List the engines to try, the fastest first and plain float32 torch last.

    Parameters
    ----------
    engine : {"auto", "openvino", "torch"}
    device : {"auto", "cuda", "mps", "cpu"}
    precision : {"auto", "fp32", "bf16", "fp16"}
        What is named is kept to: the list then holds nothing else.

    Returns
    -------
    list of EngineChoice
        At least one. Each next one is for when the one before disagrees with float32 torch.

    Raises
    ------
    ValueError
        When a name is unknown, or the choice cannot run on this machine.
    """
    if engine not in ("auto", *ENGINES):
        raise ValueError(f"engine={engine!r} is unknown; choose 'auto', {', '.join(ENGINES)}")
    if precision not in ("auto", *PRECISIONS):
        raise ValueError(
            f"precision={precision!r} is unknown; choose auto, {', '.join(PRECISIONS)}"
        )
    chosen = choose_device(device)
    kind = chosen.partition(":")[0]
    if engine == "openvino" and kind != "cpu":
        raise ValueError(f"engine='openvino' computes on the processor, not on device={chosen!r}")
    if kind == "cpu":
        choices = _processor_choices(engine, precision)
    else:
        name = {"cuda": "an NVIDIA GPU", "mps": "Apple's GPU"}[kind]
        fast = "fp16" if kind == "cuda" else "fp32"
        choices = [
            EngineChoice("torch", chosen, fast, f"{name} is there; {fast} is its fast precision"),
            EngineChoice("torch", chosen, "fp32", f"{name} is there; fp32 was asked for or needed"),
        ]
        if precision not in ("auto", fast):
            choices = [
                EngineChoice("torch", chosen, precision, f"{name}; {precision} was asked for")
            ]
    fitting = [c for c in choices if precision in ("auto", c.precision)]
    if not fitting:
        raise ValueError(
            f"precision={precision!r} cannot be had with engine={engine!r} on {chosen}; "
            f"there are {', '.join(sorted({c.precision for c in choices}))}"
        )
    unique = {(c.engine, c.precision): c for c in reversed(fitting)}
    return [c for c in fitting if unique.pop((c.engine, c.precision), None)]


def _processor_choices(engine: str, precision: str) -> list[EngineChoice]:
    choices = []
    has_openvino = importlib.util.find_spec("openvino") is not None
    if engine == "openvino" and not has_openvino:
        raise ValueError("engine='openvino' needs the package openvino: pip install openvino")
    if engine != "torch" and has_openvino:
        if "BF16" in _openvino_capabilities():
            choices.append(("openvino", "bf16", "the fastest here: the processor computes in bf16"))
        choices.append(("openvino", "fp32", "faster than torch on a processor"))
    if engine != "openvino":
        why = "engine='torch' was asked for" if engine == "torch" else "OpenVINO is not usable"
        if torch.cpu._is_avx512_bf16_supported():
            choices.append(("torch", "bf16", f"{why}; the processor computes in bf16"))
        elif precision == "bf16":
            choices.append(("torch", "bf16", "bf16 was asked for"))
        choices.append(("torch", "fp32", f"{why}; plain float32"))
    return [EngineChoice(name, "cpu", exact, reason) for name, exact, reason in choices]


@functools.cache
def _openvino_capabilities() -> tuple[str, ...]:
    import openvino

    return tuple(openvino.Core().get_property("CPU", "OPTIMIZATION_CAPABILITIES"))


class PixelNetwork(nn.Module):
    """A network from uint8 pixels to the output of one layer: normalising happens inside.

    Parameters
    ----------
    tap : Tap
        The network up to its layer.
    transform : Preprocessing
        Its normalisation is used; pictures are resized and cropped before.
    """

    mean: torch.Tensor
    std: torch.Tensor

    def __init__(self, tap: Tap, transform: Preprocessing) -> None:
        super().__init__()
        self.tap = tap
        self.transform = transform
        # Buffers travel to the GPU once, with the network, and not with every batch.
        mean, std = transform.statistics()
        self.register_buffer("mean", mean, persistent=False)
        self.register_buffer("std", std, persistent=False)

    def forward(self, pixels: torch.Tensor) -> torch.Tensor:
        """Compute (n, d) float32 from (n, height, width, 3) uint8."""
        return self.tap(normalise(pixels, self.mean, self.std))


class Engine(ABC):
    """Computes rows from batches of pixels; several batches may be under way at once.

    Every batch has the same shape, so that a picture's features cannot depend on how many others
    happen to be left at the end: a short batch is filled up, and the extra rows are dropped.

    Attributes
    ----------
    choice : EngineChoice
    batch_size : int
        Pictures that go through at once.
    in_flight : int
        Batches that may be started before the first is fetched.
    """

    choice: EngineChoice
    batch_size: int
    in_flight: int = 1

    @property
    def is_plain(self) -> bool:
        """Whether it is what other engines are checked against."""
        return (self.choice.engine, self.choice.precision) == ("torch", "fp32") and (
            self.choice.device == "cpu"
        )

    @abstractmethod
    def resized(self, batch_size: int) -> Engine:
        """Give an engine for another batch size; this one may no longer be used."""

    def start(self, pixels: NDArray[np.uint8]) -> Any:
        """Begin to compute a batch.

        Parameters
        ----------
        pixels : numpy.ndarray of uint8, shape (n, height, width, 3), n at most ``batch_size``

        Returns
        -------
        object
            To be given to :meth:`finish`, in the same order.
        """
        missing = self.batch_size - len(pixels)
        full = np.concatenate([pixels, np.repeat(pixels[-1:], missing, axis=0)])
        return len(pixels), self._start(full if missing else pixels)

    def finish(self, started: Any) -> NDArray[np.float32]:
        """Wait for a batch that was started, and give its rows, shape (n, d)."""
        n, handle = started
        return np.array(self._finish(handle)[:n], dtype=np.float32)

    def compute(self, pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Start a batch and wait for it."""
        return self.finish(self.start(pixels))

    @abstractmethod
    def _start(self, pixels: NDArray[np.uint8]) -> Any: ...

    @abstractmethod
    def _finish(self, handle: Any) -> NDArray[np.float32]: ...


class TorchEngine(Engine):
    """torch, on a GPU or the processor.

    Works on a copy of the network: memory layout and device of the original stay as they are.
    """

    def __init__(self, network: PixelNetwork, choice: EngineChoice, batch_size: int) -> None:
        self.choice = choice
        self.batch_size = batch_size
        self._device = torch.device(choice.device)
        self._on_gpu = self._device.type == "cuda"
        # Two, so that the processor makes the next batch ready while the GPU computes this one.
        self.in_flight = 2 if self._on_gpu else 1
        self._network = copy.deepcopy(network).eval().requires_grad_(False).to(self._device)
        for parameter in self._network.parameters():
            if parameter.ndim == 4:
                parameter.data = parameter.data.contiguous(memory_format=torch.channels_last)
        self._dtype = {"fp32": None, "bf16": torch.bfloat16, "fp16": torch.float16}[
            choice.precision
        ]

    def resized(self, batch_size: int) -> TorchEngine:
        """Change the batch size."""
        self.batch_size = batch_size
        if self._on_gpu:
            torch.cuda.empty_cache()  # what is left of larger batches cannot be used for smaller
        return self

    def _start(self, pixels: NDArray[np.uint8]) -> Any:
        with torch.inference_mode():
            if not self._on_gpu:
                return self._compute(torch.from_numpy(pixels))
            with torch.cuda.device(self._device):  # events and pinned memory belong to one GPU
                rows = self._compute(torch.from_numpy(pixels).pin_memory())
                landed = torch.empty(rows.shape, dtype=rows.dtype, pin_memory=True)
                landed.copy_(rows, non_blocking=True)
                arrived = torch.cuda.Event()
                arrived.record()
                return landed, arrived

    def _compute(self, batch: torch.Tensor) -> torch.Tensor:
        batch = batch.to(self._device, non_blocking=self._on_gpu)
        half = torch.autocast(self._device.type, self._dtype, enabled=self._dtype is not None)
        # The fastest algorithm found by trying would differ from run to run, and TF32 has 10 bits
        # where float32 was promised 23.
        same_each_time = torch.backends.cudnn.flags(
            enabled=True, benchmark=False, deterministic=True, allow_tf32=False
        )
        with half, same_each_time:
            return self._network(batch).float()

    def _finish(self, handle: Any) -> NDArray[np.float32]:
        if self._on_gpu:
            rows, arrived = handle
            arrived.synchronize()
            return rows.numpy()
        return handle.cpu().numpy()


class OpenVINOEngine(Engine):
    """OpenVINO, on the processor, made from the torch module.

    Small batches on several streams: measured faster than one large batch, and the rows come out
    the same to the last bit for every batch size.
    """

    def __init__(self, network: PixelNetwork, choice: EngineChoice, batch_size: int) -> None:
        import openvino

        self.choice = choice
        self.batch_size = batch_size
        self._source = network
        height, width = network.transform.input_size
        model = _convert(network, (batch_size, height, width, 3))
        settings = {
            "INFERENCE_PRECISION_HINT": {"fp32": "f32", "bf16": "bf16"}[choice.precision],
            "NUM_STREAMS": usable_cores(),
            # The decoding threads share the cores; a pinned thread would wait for its own core.
            "ENABLE_CPU_PINNING": False,
        }
        compiled = openvino.Core().compile_model(model, "CPU", settings)
        self.in_flight = 2 * usable_cores()
        self._idle = [compiled.create_infer_request() for _ in range(self.in_flight)]

    def resized(self, batch_size: int) -> OpenVINOEngine:
        """Compile the network again: its batch size is part of it."""
        return OpenVINOEngine(self._source, self.choice, batch_size)

    def _start(self, pixels: NDArray[np.uint8]) -> Any:
        request = self._idle.pop()
        try:
            request.start_async({0: pixels}, share_inputs=True)
        except BaseException:
            self._idle.append(request)
            raise
        return request, pixels  # the request reads the pixels' memory: keep it alive

    def _finish(self, handle: Any) -> NDArray[np.float32]:
        request, _ = handle
        try:
            request.wait()
            return request.get_output_tensor(0).data.copy()
        finally:
            self._idle.append(request)


def _convert(network: PixelNetwork, shape: tuple[int, ...]) -> Any:
    """Translate a torch module for OpenVINO, for one shape of input.

    ``openvino.convert_model`` would do the same, but it reports its use to Google Analytics and
    runs every network three times more to check the trace; :func:`disagreement` checks the result.
    """
    from openvino.frontend import FrontEndManager
    from openvino.frontend.pytorch.ts_decoder import TorchScriptPythonDecoder

    frontend = FrontEndManager().load_by_framework("pytorch")
    with warnings.catch_warnings(), torch.no_grad():
        # Tracing warns of every size that a network reads from its input; ours is fixed.
        warnings.simplefilter("ignore")
        decoder = TorchScriptPythonDecoder(
            network,
            example_input=torch.zeros(shape, dtype=torch.uint8),
            shared_memory=False,  # training the network later must not reach into the engine
            trace_kwargs={"check_trace": False},
        )
    model = frontend.convert(frontend.load(decoder))
    model.reshape(list(shape))
    return model


# Fast enough on every processor tried; larger ones were no faster, and slower for DenseNet-121.
_FIRST_BATCH = {"openvino": 4, "torch": 8}
_LARGEST_BATCH = {"cuda": 256, "mps": 128, "cpu": 32}


def first_batch_size(choice: EngineChoice) -> int:
    """Give the batch size to begin with when none was asked for."""
    return _FIRST_BATCH[choice.engine]


def largest_batch_size(choice: EngineChoice) -> int:
    """Give the batch size above which growing is not tried."""
    if choice.engine == "openvino":
        return _FIRST_BATCH["openvino"]
    return _LARGEST_BATCH[choice.device.partition(":")[0]]


def build_engine(network: PixelNetwork, choice: EngineChoice, batch_size: int) -> Engine:
    """Make the engine that was chosen."""
    made = {"openvino": OpenVINOEngine, "torch": TorchEngine}[choice.engine]
    return made(network, choice, batch_size)


def disagreement(engine: Engine, network: PixelNetwork, pixels: NDArray[np.uint8]) -> float:
    """Measure how far an engine is from plain float32 torch.

    Parameters
    ----------
    engine : Engine
    network : PixelNetwork
        The same network, on the processor, in float32.
    pixels : numpy.ndarray of uint8, shape (n, height, width, 3)
        A few pictures.

    Returns
    -------
    float
        The largest of the pictures' relative differences; infinite when a number is not finite.
    """
    with torch.inference_mode():
        expected = network(torch.from_numpy(pixels)).double().numpy()
    found = np.concatenate(
        [
            engine.compute(pixels[i : i + engine.batch_size])
            for i in range(0, len(pixels), engine.batch_size)
        ]
    ).astype(np.float64)
    length = np.maximum(np.linalg.norm(expected, axis=1), np.finfo(np.float32).tiny)
    difference = np.linalg.norm(found - expected, axis=1) / length
    return float(difference.max()) if np.isfinite(difference).all() else float("inf")
