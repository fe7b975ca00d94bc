"""A training run: its state after each epoch, on disk and going on from there."""

from __future__ import annotations

import dataclasses
import time
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import torch
from numpy.typing import NDArray

from course_utils._progress import ProgressBar
from course_utils.images.sets import ImageSet
from course_utils.networks.backbone import Backbone
from course_utils.networks.devices import PRECISIONS, choose_device
from course_utils.training.augmentation import Augmentation
from course_utils.training.checkpoints import (
    check_belongs,
    read_checkpoint,
    with_weights,
    write_checkpoint,
)
from course_utils.training.freezing import batch_norms
from course_utils.training.heads import head_name
from course_utils.training.loop import Computing, NotFiniteError, evaluate, train_epoch
from course_utils.training.pictures import PictureBatches
from course_utils.training.splits import content_digest

__all__ = ["Run", "RunSettings", "choose_precision"]


@dataclass(frozen=True)
class RunSettings:
    """All that a run's numbers depend on, apart from network and pictures; see ``fine_tune``."""

    learning_rate: float
    body_learning_rate: float
    weight_decay: float
    class_weights: Sequence[float] | None
    augmentation: Augmentation
    batch_size: int
    monitor: str
    seed: int
    device: str
    precision: str
    draft: bool


def choose_precision(device: str, precision: str) -> tuple[str, str]:
    """Choose where to train and how exactly.

    Raises
    ------
    ValueError
        When a name is unknown, or the device is not there.
    """
    chosen = choose_device(device)
    if precision not in ("auto", *PRECISIONS):
        raise ValueError(
            f"precision={precision!r} is unknown; choose auto, {', '.join(PRECISIONS)}"
        )
    if precision != "auto":
        return chosen, precision
    if chosen.startswith("cuda"):
        return chosen, "bf16" if torch.cuda.is_bf16_supported() else "fp16"
    # On a processor made for bf16 (Intel with AMX), whole steps in bf16 took 1.0 to 1.5 times as
    # long as in fp32 (EfficientNet-Lite0, pictures of 96 pixels).
    return chosen, "fp32"


class Run:
    """One network being trained, from the first epoch or from a checkpoint on.

    Parameters
    ----------
    model : Backbone
        It is trained itself.
    train, valid : ImageSet
    settings : RunSettings
    path : pathlib.Path or None
        The checkpoint.
    """

    def __init__(
        self,
        model: Backbone,
        train: ImageSet,
        valid: ImageSet,
        settings: RunSettings,
        path: Path | None,
    ) -> None:
        self.settings, self._path, self._model = settings, path, model
        self.history: list[dict[str, float]] = []
        self.computing = Computing(settings.device, settings.precision)
        belongs_to = self._identify(train, valid) if path is not None else {}
        self._belongs_to = belongs_to
        there = read_checkpoint(path) if path is not None and path.exists() else None
        if there is not None and path is not None:
            check_belongs(path, there, belongs_to)
            _warn_of_another_torch(path, there)
        head = head_name(model)
        network = model.network
        self.trains_norms = any(
            p.requires_grad for norm in batch_norms(network) for p in norm.parameters()
        )
        network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        self._network = network.to(settings.device)
        self._optimizer = self._new_optimizer(head)
        self._best = self._weights()
        self._best_logits: torch.Tensor | None = None
        prepare = {"draft": settings.draft, "device": settings.device}
        self._train = PictureBatches(train, model.transform, **prepare)  # type: ignore[arg-type]
        self._valid = PictureBatches(valid, model.transform, **prepare)  # type: ignore[arg-type]
        if there is not None:
            self._restore(there)

    @property
    def best_epoch(self) -> int:
        """The number of the best epoch, from 1; of equal ones the first."""
        values = [row[self.settings.monitor] for row in self.history]
        if self.settings.monitor == "valid_accuracy":
            values = [-value for value in values]
        return int(np.argmin(values)) + 1

    def train_until(self, *, epochs: int, patience: int | None, progress: bool) -> str:
        """Train until all epochs are done or something ends it; give its name."""
        try:
            while len(self.history) < epochs:
                if patience is not None and self._epochs_without_improvement() >= patience:
                    return "no improvement"
                self._one_epoch(epochs, progress)
        except KeyboardInterrupt:
            if not self.history:
                raise
            return "interrupted"
        except NotFiniteError as error:
            if not self.history:
                raise NotFiniteError(
                    f"{error} in the first epoch: try a smaller learning rate than "
                    f"{self.settings.learning_rate:g} (body {self.settings.body_learning_rate:g})"
                ) from error
            return "not finite"
        return "all epochs done"

    def table(self) -> pd.DataFrame:
        """Give the history, a row for each epoch."""
        index = pd.RangeIndex(1, len(self.history) + 1, name="epoch")
        return pd.DataFrame(self.history, index=index)

    def best_model(self) -> Backbone:
        """Give the network with the weights of its best epoch, on the processor."""
        self._network.cpu()
        return with_weights(self._model, self._best)

    def best_probabilities(self) -> NDArray[np.float32]:
        """Give what the best weights say of the validation pictures."""
        if self._best_logits is None:  # the best epoch was before a resumed run began
            self._network.load_state_dict(self._best)
            self._network.to(self.settings.device)
            self._best_logits = self._validate()
        return self._best_logits.softmax(dim=1).numpy()

    def settings_in_words(self) -> dict[str, Any]:
        """Give all settings as plain JSON."""
        trained = [name for name, p in self._network.named_parameters() if p.requires_grad]
        return {
            **dataclasses.asdict(self.settings),
            "network": self._model.name,
            "classes": list(self._model.class_names),
            "picture size": list(self._model.transform.input_size),
            "trained": trained,
            "torch": str(torch.__version__),
        }

    def _epochs_without_improvement(self) -> int:
        return len(self.history) - self.best_epoch if self.history else 0

    def _one_epoch(self, epochs: int, progress: bool) -> None:
        began, number = time.perf_counter(), len(self.history) + 1
        settings, n = self.settings, len(self._train.images)
        weights = settings.class_weights
        class_weights = None if weights is None else torch.tensor(weights, device=settings.device)
        bar = ProgressBar(
            total=n,
            desc=f"epoch {number} of {epochs}",
            unit="picture",
            delay=1,
            disable=not progress,
        )
        with bar, _one_way_to_compute():
            seen = train_epoch(
                self._network,
                self._train.training(
                    batch_size=settings.batch_size,
                    augmentation=settings.augmentation,
                    seed=settings.seed,
                    epoch=number,
                ),
                self._optimizer,
                class_weights=class_weights,
                computing=self.computing,
                after_step=bar.update,
            )
            logits = self._validate()
        labels = torch.from_numpy(self._valid.images.y)
        on_processor = None if class_weights is None else class_weights.cpu()
        loss = torch.nn.functional.cross_entropy(logits, labels, weight=on_processor).item()
        if not np.isfinite(loss):
            raise NotFiniteError(f"the validation loss became {loss}")
        row = {
            "train_loss": seen.loss,
            "train_accuracy": seen.accuracy,
            "valid_loss": loss,
            "valid_accuracy": float((logits.argmax(dim=1) == labels).float().mean()),
            "seconds": time.perf_counter() - began,
        }
        self._finish(row, logits)

    def _validate(self) -> torch.Tensor:
        """Compute the logits of the validation pictures with the weights as they are."""
        with _one_way_to_compute():
            return evaluate(
                self._network,
                self._valid.in_order(batch_size=self.settings.batch_size),
                computing=self.computing,
            )

    def _finish(self, row: dict[str, float], logits: torch.Tensor) -> None:
        """Count an epoch as done: what follows is quick, and Ctrl-C waits for it."""
        with _interrupts_wait():
            self.history.append(row)
            if self.best_epoch == len(self.history):
                self._best, self._best_logits = self._weights(), logits
            if self._path is not None:
                write_checkpoint(
                    self._path,
                    {
                        "belongs_to": {**self._belongs_to, "torch": str(torch.__version__)},
                        "history": self.history,
                        "network": self._weights(),
                        "best": self._best,
                        "optimizer": self._optimizer.state_dict(),
                        "scaler": self.computing.scaler.state_dict(),
                    },
                )

    def _restore(self, state: dict[str, Any]) -> None:
        self.history = list(state["history"])
        self._best = state["best"]
        self._network.load_state_dict(state["network"])
        self._optimizer.load_state_dict(state["optimizer"])
        self.computing.scaler.load_state_dict(state["scaler"])

    def _weights(self) -> dict[str, torch.Tensor]:
        state = self._network.state_dict()
        return {name: tensor.detach().cpu().clone() for name, tensor in state.items()}

    def _new_optimizer(self, head: str) -> torch.optim.Optimizer:
        rates = {True: self.settings.learning_rate, False: self.settings.body_learning_rate}
        groups: dict[tuple[bool, bool], list[torch.nn.Parameter]] = {}
        for name, parameter in self._network.named_parameters():
            if parameter.requires_grad:
                of_head = name == head or name.startswith(f"{head}.")
                groups.setdefault((of_head, parameter.ndim > 1), []).append(parameter)
        return torch.optim.AdamW(
            {
                "params": parameters,
                "lr": rates[of_head],
                "weight_decay": self.settings.weight_decay if decays else 0.0,
            }
            for (of_head, decays), parameters in groups.items()
        )

    def _identify(self, train: ImageSet, valid: ImageSet) -> dict[str, Any]:
        """Say what a checkpoint belongs to."""
        identity = self._model.identity()
        if identity.problem:
            raise ValueError(
                f"a checkpoint could be taken for another network's: {identity.problem}. Leave "
                "checkpoint out"
            )
        return {
            "network": [identity.weights, identity.structure],
            "training pictures": content_digest(train),
            "validation pictures": content_digest(valid),
            **self._shared_settings(),
        }

    def _shared_settings(self) -> dict[str, Any]:
        """Give the settings that a resumed run must share with the one that it resumes."""
        transform = dataclasses.asdict(self._model.transform)
        return {
            **{k: _plain(v) for k, v in dataclasses.asdict(self.settings).items()},
            "name": self._model.name,
            "classes": list(self._model.class_names),
            "preprocessing": _plain(transform),
            "trained": [n for n, p in self._model.network.named_parameters() if p.requires_grad],
        }


def _warn_of_another_torch(path: Path, state: dict[str, Any]) -> None:
    theirs = state["belongs_to"]["torch"]
    if theirs != torch.__version__:
        warnings.warn(
            f"{path} was written with torch {theirs}, and here is {torch.__version__}: the run goes"
            " on, but may differ in the last digits from one that was never stopped",
            stacklevel=5,
        )


def _plain(value: Any) -> Any:
    """Turn tuples into lists and NumPy's numbers into Python's, as they come back from a file."""
    if isinstance(value, dict):
        return {key: _plain(entry) for key, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(entry) for entry in value]
    return value.item() if isinstance(value, np.generic) else value


@contextmanager
def _one_way_to_compute() -> Iterator[None]:
    """Let a GPU choose the same algorithm each time: by itself it takes whatever is free."""
    before = torch.backends.cudnn.deterministic, torch.backends.cudnn.benchmark
    torch.backends.cudnn.deterministic, torch.backends.cudnn.benchmark = True, False
    try:
        yield
    finally:
        torch.backends.cudnn.deterministic, torch.backends.cudnn.benchmark = before


@contextmanager
def _interrupts_wait() -> Iterator[None]:
    """Let Ctrl-C wait until the block is done, where this is the main thread."""
    import signal
    import threading

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    waiting: list[Any] = []
    before = signal.signal(signal.SIGINT, lambda *signalled: waiting.append(signalled))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
        if waiting:
            raise KeyboardInterrupt
