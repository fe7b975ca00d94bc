"""Fine-tune a network: a history, the best weights, and where it stopped."""

from __future__ import annotations

import copy
import os
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from course_utils.images.sets import ImageSet
from course_utils.networks.backbone import Backbone
from course_utils.training.augmentation import Augmentation
from course_utils.training.runs import Run, RunSettings, choose_precision
from course_utils.training.splits import check_splits

__all__ = ["FineTuned", "fine_tune"]


@dataclass(frozen=True, eq=False, repr=False)
class FineTuned:
    """What fine-tuning came to.

    Parameters
    ----------
    model : Backbone
        The network with the weights of its best epoch, in evaluation mode, gradients off.
    history : pandas.DataFrame
        A row for each epoch, indexed from 1: ``train_loss``, ``train_accuracy`` (on pictures as
        training saw them), ``valid_loss``, ``valid_accuracy``, ``seconds``.
    best_epoch : int
        The row whose validation loss is lowest (or accuracy highest, as asked for).
    stopped : str
        Why it ended: ``"all epochs done"``, ``"no improvement"``, ``"interrupted"`` or
        ``"not finite"``.
    probabilities : numpy.ndarray of float32, shape (n_valid, n_classes)
        What ``model`` says of the validation pictures; row i belongs to picture i.
    settings : dict
        How it was trained, seeds included. Plain JSON.
    """

    model: Backbone
    history: pd.DataFrame
    best_epoch: int
    stopped: str
    probabilities: NDArray[np.float32]
    settings: dict[str, Any]

    @property
    def predicted(self) -> NDArray[np.int64]:
        """The most probable class of each validation picture, shape (n_valid,)."""
        return self.probabilities.argmax(axis=1)

    def __repr__(self) -> str:
        best = self.history.loc[self.best_epoch]
        return (
            f"<FineTuned {self.model.name}: {len(self.history)} epochs, {self.stopped}; best is "
            f"epoch {self.best_epoch}, validation accuracy {best['valid_accuracy']:.3f}>"
        )


def fine_tune(
    model: Backbone,
    train: ImageSet,
    valid: ImageSet,
    *,
    test: ImageSet | None = None,
    epochs: int = 10,
    learning_rate: float = 1e-3,
    body_learning_rate: float | None = None,
    weight_decay: float = 0.01,
    class_weights: Literal["balanced"] | Mapping[str, float] | None = None,
    augmentation: Augmentation | None = None,
    batch_size: int = 32,
    patience: int | None = None,
    monitor: Literal["valid_loss", "valid_accuracy"] = "valid_loss",
    seed: int = 0,
    checkpoint: str | os.PathLike[str] | None = None,
    device: str = "auto",
    precision: str = "auto",
    draft: bool = True,
    copies: Literal["raise", "allow"] = "raise",
    progress: bool = True,
) -> FineTuned:
    """Train what is not frozen in a network on labelled pictures.

    The optimizer is AdamW (Loshchilov and Hutter, 2019, arXiv:1711.05101) with steps of constant
    size. The epoch that does best on the validation pictures is the one that is kept.

    Parameters
    ----------
    model : Backbone
        From :func:`~course_utils.training.heads.with_new_head`; what is trained is what
        :func:`~course_utils.training.freezing.unfreeze` unfroze. It stays as it is: a copy is
        trained.
    train, valid : ImageSet
        Of the model's classes.
    test : ImageSet, optional
        It is only checked that nothing is trained or chosen on its pictures.
    epochs : int, default 10
        At most so many passes over the training pictures.
    learning_rate : float, default 1e-3
        Of the head: AdamW's usual one.
    body_learning_rate : float, optional
        Of all other unfrozen layers; a tenth of ``learning_rate`` unless given, because they
        already know something.
    weight_decay : float, default 0.01
        Pull of the weights towards zero (L2), PyTorch's default. Intercepts and the scales of
        normalisation, all that has one axis, are left out.
    class_weights : "balanced", mapping of class name to float, or None
        How much a training picture of each class counts in the loss: with ``"balanced"`` n / (k ·
        pictures of its class), so that all classes count alike. The losses in the history are
        weighted so too.
    augmentation : Augmentation, optional
        Of training pictures only.
    batch_size : int, default 32
        Pictures that make one step together. What does not fit into memory is computed in parts.
    patience : int, optional
        Stop after so many epochs without improvement; None for never.
    monitor : {"valid_loss", "valid_accuracy"}
        What makes an epoch the best; of equal ones the first.
    seed : int, default 0
        Of the order of the pictures, their augmentation and dropout. All of these follow from the
        seed and the number of the epoch alone.
    checkpoint : path, optional
        A file that holds the run after each epoch. When it is there already, the run goes on from
        it, and on the same machine ends with the same bits as one that was never stopped. More
        ``epochs`` or another ``patience`` may be asked for then.
    device : {"auto", "cuda", "mps", "cpu"} or such as "cuda:1"
    precision : {"auto", "fp32", "bf16", "fp16"}
        With 16 bits, layers compute in half precision while the weights stay in 32 bits (*mixed
        precision*). By itself, on an NVIDIA GPU bf16, or fp16 where it has none; elsewhere fp32: on
        an Intel processor with AMX, steps in bf16 took 1.0 to 1.5 times as long, so measure it on
        yours.
    draft : bool
        Decode JPEG files at a fraction of their size where that is enough.
    copies : {"raise", "allow"}
        See :func:`~course_utils.training.splits.check_splits`.
    progress : bool
        Show a progress bar.

    Returns
    -------
    FineTuned
        Also after Ctrl-C, of the epochs that were finished (``stopped`` is ``"interrupted"``), and
        when the loss was no number any more (``"not finite"``); both with a warning.

    Raises
    ------
    TypeError, ValueError
        When pictures are unfit (see :func:`~course_utils.training.splits.check_splits`), their
        classes are not the model's, nothing is unfrozen, an argument is out of range, or the
        checkpoint is damaged or belongs to another network, other pictures or settings.
    NotFiniteError
        When the loss was no number before the first epoch was finished.
    KeyboardInterrupt
        On Ctrl-C before the first epoch was finished.
    MemoryError
        When not even one picture at a time fits into memory.
    BadImageError
        When a picture cannot be read.

    Warns
    -----
    UserWarning
        When a batch was computed in parts for want of memory; when it was interrupted, or the loss
        was no number; when a checkpoint comes from another version of torch.
    """
    _check_numbers(locals())
    splits = {"train": train, "valid": valid, **({} if test is None else {"test": test})}
    check_splits(copies=copies, progress=progress, **splits)
    _check_model(model, train)
    exact = choose_precision(device, precision)
    settings = RunSettings(
        learning_rate=learning_rate,
        body_learning_rate=learning_rate / 10 if body_learning_rate is None else body_learning_rate,
        weight_decay=weight_decay,
        class_weights=_weights_of(class_weights, train),
        augmentation=augmentation or Augmentation(),
        batch_size=batch_size,
        monitor=monitor,
        seed=seed,
        device=exact[0],
        precision=exact[1],
        draft=draft,
    )
    path = None if checkpoint is None else Path(checkpoint)
    run = Run(copy.deepcopy(model), train, valid, settings, path)
    stopped = run.train_until(epochs=epochs, patience=patience, progress=progress)
    _warn_of(stopped, run, path)
    return FineTuned(
        model=run.best_model(),
        history=run.table(),
        best_epoch=run.best_epoch,
        stopped=stopped,
        probabilities=run.best_probabilities(),
        settings=run.settings_in_words(),
    )


def _check_numbers(given: Mapping[str, Any]) -> None:
    for name, least in {"epochs": 1, "batch_size": 1, "patience": 1, "seed": 0}.items():
        value = given[name]
        if value is None and name == "patience":
            continue
        whole = isinstance(value, (int, np.integer)) and not isinstance(value, bool)
        if not whole or value < least:
            raise ValueError(f"{name}={value!r} must be a whole number from {least}")
    for name in ("learning_rate", "body_learning_rate", "weight_decay"):
        value = given[name]
        if value is None and name == "body_learning_rate":
            continue
        if not 0 <= value < float("inf"):
            raise ValueError(f"{name}={value!r} must be a number from 0")
    if given["monitor"] not in ("valid_loss", "valid_accuracy"):
        raise ValueError(
            f"monitor={given['monitor']!r} must be 'valid_loss' or 'valid_accuracy': choosing by "
            "the training pictures would choose what was learned by heart"
        )


def _check_model(model: Backbone, train: ImageSet) -> None:
    if not isinstance(model, Backbone):
        raise TypeError(
            f"model is of type {type(model).__name__}; with_new_head(load_backbone(…), class_names)"
            " makes one"
        )
    if model.class_names != train.class_names:
        few = ", ".join(model.class_names[:4]) + (", …" if len(model.class_names) > 4 else "")
        raise ValueError(
            f"the model tells {len(model.class_names)} classes apart ({few}), and the pictures are "
            f"of {', '.join(train.class_names)}: with_new_head(backbone, train.class_names) fits"
        )
    if model.layer_size("logits") != len(model.class_names):
        raise ValueError(
            f"the network gives {model.layer_size('logits')} numbers for {len(model.class_names)} "
            "classes: with_new_head(backbone, train.class_names) fits"
        )
    if not any(p.requires_grad for p in model.network.parameters()):
        raise ValueError(
            "everything is frozen, so there is nothing to train: unfreeze(model.network, "
            "'classifier') unfreezes a head, unfreeze(model.network) all of it"
        )


def _weights_of(
    asked: Literal["balanced"] | Mapping[str, float] | None, train: ImageSet
) -> Sequence[float] | None:
    counts = train.class_counts()
    if asked is None:
        return None
    if isinstance(asked, str):
        if asked != "balanced":
            raise ValueError(f"class_weights={asked!r} must be 'balanced', a mapping or None")
        return [len(train) / (len(counts) * count) for count in counts.values()]
    if set(asked) != set(counts) or not all(0 < w < float("inf") for w in asked.values()):
        raise ValueError(
            f"class_weights must hold a positive number for each of {', '.join(counts)}; "
            f"got {dict(asked)}"
        )
    return [float(asked[name]) for name in counts]


def _warn_of(stopped: str, run: Run, path: Path | None) -> None:
    kept = "" if path is None else f"; {path} holds them, and the same call goes on from there"
    if stopped == "interrupted":
        warnings.warn(
            f"interrupted in epoch {len(run.history) + 1}: this is the result of the epochs before"
            f"{kept}",
            stacklevel=3,
        )
    if stopped == "not finite":
        warnings.warn(
            f"in epoch {len(run.history) + 1} the loss was no finite number any more, so training "
            "ended: try a smaller learning rate. This is the result of the epochs before",
            stacklevel=3,
        )
    if run.computing.halved:
        by_batch = (
            " Batch normalisation is being trained, and saw these parts rather than whole batches."
            if run.trains_norms
            else ""
        )
        warnings.warn(
            f"memory ran out: batches were computed in parts of {run.computing.at_once} pictures, "
            f"whose gradients add up to the same, up to rounding.{by_batch}",
            stacklevel=3,
        )
