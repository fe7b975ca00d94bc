"""The training loop: one epoch on a screen, and a look at the validation pictures after it."""

from __future__ import annotations

import contextlib
import gc
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

import torch
from torch import nn

from course_utils.networks.devices import is_out_of_memory
from course_utils.training.freezing import batch_norms, keep_frozen_norms_in_eval

__all__ = ["Batch", "Computing", "EpochResult", "NotFiniteError", "evaluate", "train_epoch"]

DTYPES = {"fp32": torch.float32, "bf16": torch.bfloat16, "fp16": torch.float16}


class NotFiniteError(ArithmeticError):
    """The loss is no number any more: the learning rate is too large, most often."""


class Batch(NamedTuple):
    """Pictures that make one step together."""

    inputs: torch.Tensor
    """Normalised, float32, shape (n, 3, height, width)."""
    labels: torch.Tensor
    """int64, shape (n,)."""
    seed: int
    """For dropout: the same in a resumed run as in one that went through."""


class EpochResult(NamedTuple):
    """What an epoch came to."""

    loss: float
    accuracy: float


@dataclass
class Computing:
    """Where and how exactly to compute, and how many pictures fit into memory at once."""

    device: str = "cpu"
    precision: str = "fp32"
    at_once: int = 2**30
    halved: bool = False
    scaler: torch.amp.GradScaler = field(init=False)

    def __post_init__(self) -> None:
        # Gradients in fp16 vanish when they are small; multiplied by a large number they do not.
        kind = self.device.partition(":")[0]
        self.scaler = torch.amp.GradScaler(kind, enabled=self.precision == "fp16")

    def mixed_precision(self) -> contextlib.AbstractContextManager[object]:
        """Let layers compute in 16 bits where that is good enough; weights stay in 32."""
        return torch.autocast(
            self.device.partition(":")[0],
            dtype=DTYPES[self.precision],
            enabled=self.precision != "fp32",
        )


def train_epoch(
    network: nn.Module,
    batches: Iterable[Batch],
    optimizer: torch.optim.Optimizer,
    *,
    class_weights: torch.Tensor | None = None,
    computing: Computing | None = None,
    after_step: Callable[[int], object] = lambda n: None,
) -> EpochResult:
    """Go through the training pictures once, with a step of the optimizer after each batch.

    Parameters
    ----------
    network : torch.nn.Module
        Its weights change.
    batches : iterable of Batch
    optimizer : torch.optim.Optimizer
    class_weights : torch.Tensor, shape (n_classes,), optional
        How much a picture of each class counts.
    computing : Computing, optional
        Device, precision and memory.
    after_step : callable
        Called with the number of pictures after each step: a progress bar's ``update``.

    Returns
    -------
    EpochResult
        Loss and accuracy on the training pictures as they were seen: augmented, with dropout, by
        weights that were still changing.

    Raises
    ------
    NotFiniteError
        When the loss is no number any more.
    MemoryError
        When not even one picture at a time fits into the device's memory.
    """
    computing = computing or Computing()
    network.train()
    keep_frozen_norms_in_eval(network)
    loss_sum, right, weight_sum, n = 0.0, 0, 0.0, 0
    for batch in batches:
        logits, loss = gradients_of(network, batch, optimizer, class_weights, computing)
        computing.scaler.step(optimizer)  # optimizer.step(), unless fp16 needs its rescue
        computing.scaler.update()
        weight = total_weight(batch.labels, class_weights)
        loss_sum, weight_sum = loss_sum + loss * weight, weight_sum + weight
        right += int((logits.argmax(dim=1) == batch.labels).sum())
        n += len(batch.labels)
        after_step(len(batch.labels))
    return EpochResult(loss_sum / weight_sum, right / n)


def gradients_of(
    network: nn.Module,
    batch: Batch,
    optimizer: torch.optim.Optimizer,
    class_weights: torch.Tensor | None,
    computing: Computing,
) -> tuple[torch.Tensor, float]:
    """Compute a batch's gradients, in smaller parts where memory runs out; give logits and loss.

    The parts' gradients add up to the batch's, up to rounding. Two things see the parts: batch
    normalisation in training mode, and on some devices the draws of dropout.
    """
    weight = total_weight(batch.labels, class_weights)
    while True:
        norms = [(b, b.clone()) for norm in batch_norms(network) for b in norm.buffers()]
        optimizer.zero_grad(set_to_none=True)
        try:
            with seeded(batch.seed, batch.inputs.device):
                all_logits, loss_sum = [], 0.0
                parts = zip(
                    batch.inputs.split(computing.at_once),
                    batch.labels.split(computing.at_once),
                    strict=True,
                )
                for inputs, labels in parts:
                    with computing.mixed_precision():
                        logits = network(inputs).float()
                    loss = nn.functional.cross_entropy(
                        logits, labels, weight=class_weights, reduction="sum"
                    )
                    if not torch.isfinite(loss):
                        raise NotFiniteError(f"the loss became {loss.item()}")
                    computing.scaler.scale(loss / weight).backward()
                    all_logits.append(logits.detach())
                    loss_sum += loss.item()
            return torch.cat(all_logits), loss_sum / weight
        except Exception as error:
            if not is_out_of_memory(error):
                raise
            # Parts that went through have moved the norms' running means already.
            with torch.no_grad():
                for buffer, before in norms:
                    buffer.copy_(before)
            _halve(computing, len(batch.labels), error)
        _release_memory(computing)


def evaluate(
    network: nn.Module, inputs: Iterable[torch.Tensor], *, computing: Computing | None = None
) -> torch.Tensor:
    """Compute the logits of pictures, in evaluation mode and without gradients.

    Parameters
    ----------
    network : torch.nn.Module
    inputs : iterable of torch.Tensor
        Batches of normalised pictures, float32, shape (n, 3, height, width).
    computing : Computing, optional

    Returns
    -------
    torch.Tensor of float32, shape (n in all, n_classes)
        On the processor.

    Raises
    ------
    MemoryError
        When not even one picture at a time fits into the device's memory.
    """
    computing = computing or Computing()
    network.eval()
    rows = []
    for batch in inputs:
        waiting = list(batch.split(computing.at_once))
        while waiting:
            try:
                with torch.inference_mode(), computing.mixed_precision():
                    rows.append(network(waiting[0]).float().cpu())
                waiting.pop(0)
                continue
            except Exception as error:
                if not is_out_of_memory(error):
                    raise
                _halve(computing, len(waiting[0]), error)
            _release_memory(computing)
            waiting = [part for whole in waiting for part in whole.split(computing.at_once)]
    return torch.cat(rows)


def total_weight(labels: torch.Tensor, class_weights: torch.Tensor | None) -> float:
    """Add up what the pictures count; without class weights, their number."""
    return float(len(labels) if class_weights is None else class_weights[labels].sum())


@contextlib.contextmanager
def seeded(seed: int, device: torch.device) -> Iterator[None]:
    """Let layers draw from a seed, and leave the caller's random numbers as they were."""
    index = device.index if device.index is not None else 0
    with torch.random.fork_rng(devices=[index] if device.type == "cuda" else []):
        torch.manual_seed(seed)
        yield


def _halve(computing: Computing, n: int, error: Exception) -> None:
    if min(n, computing.at_once) <= 1:
        raise MemoryError(
            f"the memory of {computing.device} does not suffice to train on a single picture; "
            "close other programs that use it, or choose smaller pictures, fewer unfrozen layers, "
            "a smaller network, or device='cpu'"
        ) from error
    computing.at_once = min(n, computing.at_once) // 2
    computing.halved = True


def _release_memory(computing: Computing) -> None:
    # Outside of the except block: until it ends, the error's traceback holds the tensors.
    gc.collect()
    if computing.device.startswith("cuda"):
        torch.cuda.empty_cache()
