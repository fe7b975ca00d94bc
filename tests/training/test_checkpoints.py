"""Checkpoints: whole or not at all, resumed to the same bits, refused where they do not belong."""

import os
import signal
import subprocess
import sys
import threading
import time

import numpy as np
import pandas as pd
import pytest
import torch

from course_utils import load_backbone
from course_utils.training import Augmentation, fine_tune, load_best, runs, with_new_head
from course_utils.training.checkpoints import read_checkpoint
from tests.features.conftest import make_tiny
from tests.training.conftest import CLASSES, PLAIN, make_model, make_pictures

GIVEN = {
    **PLAIN,
    "epochs": 5,
    "batch_size": 8,
    "learning_rate": 0.02,
    "seed": 3,
    "augmentation": Augmentation(mirror=True, shift=0.1, light=0.2),
}


def model_to_train():
    """Dropout, batch norm that moves, a frozen layer, and an optimizer with a memory."""
    return make_model(0.5, "norm", "mix", "classifier")


def train_here(tints, **changed):
    return fine_tune(model_to_train(), tints["train"], tints["valid"], **{**GIVEN, **changed})


def assert_same_bits(one, other):
    columns = one.history.columns.drop("seconds")
    pd.testing.assert_frame_equal(one.history[columns], other.history[columns], check_exact=True)
    assert one.model.weights_digest == other.model.weights_digest
    np.testing.assert_array_equal(one.probabilities, other.probabilities)
    assert one.best_epoch == other.best_epoch


@pytest.mark.parametrize("precision", ["fp32", "bf16", "fp16"])
def test_a_run_in_three_parts_ends_with_the_bits_of_one_that_went_through(
    tints, tmp_path, precision
):
    given = {"precision": precision}
    whole = train_here(tints, **given)
    for epochs in (1, 3, 5):
        parts = train_here(tints, **given, epochs=epochs, checkpoint=tmp_path / "run.pt")
    assert_same_bits(whole, parts)


def test_a_finished_run_is_given_back_at_once(tints, tmp_path, monkeypatch):
    first = train_here(tints, checkpoint=tmp_path / "run.pt")

    def train_epoch(*arguments, **options):
        raise AssertionError("trained again")

    monkeypatch.setattr(runs, "train_epoch", train_epoch)
    again = train_here(tints, checkpoint=tmp_path / "run.pt")
    pd.testing.assert_frame_equal(first.history, again.history, check_exact=True)


def test_best_weights_load_without_running_code_of_the_file(tints, tmp_path):
    run = train_here(tints, checkpoint=tmp_path / "run.pt")
    torch.load(tmp_path / "run.pt", weights_only=True)
    loaded = load_best(tmp_path / "run.pt", model_to_train())
    assert loaded.weights_digest == run.model.weights_digest
    assert not loaded.network.training


VICTIM = """
import sys
from pathlib import Path
from tests.training.test_checkpoints import train_here
from course_utils import ImageSet

tints = {name: ImageSet.from_folder(Path(sys.argv[1]) / name, name="tints", split=name,
                                    progress=False) for name in ("train", "valid")}
print("ready", flush=True)
train_here(tints, epochs=int(sys.argv[3]), checkpoint=sys.argv[2])
"""


def start(project_root, pictures, checkpoint, epochs):
    child = subprocess.Popen(
        [sys.executable, "-c", VICTIM, str(pictures), str(checkpoint), str(epochs)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(project_root), "OMP_NUM_THREADS": "1"},
        cwd=project_root,
    )
    assert child.stdout.readline() == b"ready\n"
    return child


@pytest.mark.slow
def test_killed_at_any_moment_it_goes_on_and_ends_with_the_same_bits(tints, tmp_path, project_root):
    pictures = tints["train"].paths[0].parents[2]
    path, epochs, killed = tmp_path / "run.pt", 40, 0
    before = torch.get_num_threads()
    torch.set_num_threads(1)  # as in the subprocess: bits depend on who adds up what
    try:
        for delay in (0.0, 0.02, 0.15, 0.4):
            begun = path.stat().st_mtime_ns if path.exists() else 0
            child = start(project_root, pictures, path, epochs)
            deadline = time.monotonic() + 60
            while (
                (path.stat().st_mtime_ns if path.exists() else 0) == begun
                and child.poll() is None
                and time.monotonic() < deadline
            ):
                time.sleep(0.002)
            time.sleep(delay)
            child.send_signal(signal.SIGKILL)
            killed += child.wait() == -signal.SIGKILL
            child.stdout.close()
            child.stderr.close()
            read_checkpoint(path)  # whole, whenever the kill came
        assert killed >= 2
        done = len(read_checkpoint(path)["history"])
        resumed = train_here(tints, epochs=epochs, checkpoint=path)
        assert done > 0
        assert_same_bits(train_here(tints, epochs=epochs), resumed)
    finally:
        torch.set_num_threads(before)


def interrupt_in_epoch(number, monkeypatch):
    real, calls = runs.train_epoch, []

    def train_epoch(network, batches, *arguments, **options):
        calls.append(1)

        def interrupted():
            for i, batch in enumerate(batches):
                if len(calls) == number and i == 1:
                    signal.raise_signal(signal.SIGINT)
                yield batch

        return real(network, interrupted(), *arguments, **options)

    monkeypatch.setattr(runs, "train_epoch", train_epoch)


def test_ctrl_c_loses_the_running_epoch_alone(tints, tmp_path, monkeypatch):
    whole = train_here(tints)
    with monkeypatch.context() as patch:
        interrupt_in_epoch(3, patch)
        with pytest.warns(UserWarning, match=r"interrupted in epoch 3.*goes on from there"):
            part = train_here(tints, checkpoint=tmp_path / "run.pt")
    assert part.stopped == "interrupted" and len(part.history) == 2
    assert_same_bits(whole, train_here(tints, checkpoint=tmp_path / "run.pt"))


def test_ctrl_c_in_the_first_epoch_is_ctrl_c(tints, monkeypatch):
    interrupt_in_epoch(1, monkeypatch)
    with pytest.raises(KeyboardInterrupt):
        train_here(tints)


def test_ctrl_c_while_a_checkpoint_is_written_comes_after_it(tints, tmp_path, monkeypatch):
    real = runs.write_checkpoint

    def write(path, state):
        if len(state["history"]) == 2:
            signal.raise_signal(signal.SIGINT)
        real(path, state)

    monkeypatch.setattr(runs, "write_checkpoint", write)
    with pytest.warns(UserWarning, match="interrupted in epoch 3"):
        run = train_here(tints, checkpoint=tmp_path / "run.pt")
    assert len(run.history) == len(read_checkpoint(tmp_path / "run.pt")["history"]) == 2
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_it_also_trains_in_a_thread_where_no_signal_may_be_handled(tints, tmp_path):
    done = []
    thread = threading.Thread(
        target=lambda: done.append(train_here(tints, epochs=1, checkpoint=tmp_path / "run.pt"))
    )
    thread.start()
    thread.join()
    assert len(done) == 1


def test_a_full_disk_leaves_the_checkpoint_before(tints, tmp_path, monkeypatch):
    path = tmp_path / "run.pt"
    train_here(tints, epochs=2, checkpoint=path)
    before = path.read_bytes()

    def full(state, target):
        target.write_bytes(b"half")
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(torch, "save", full)
        with pytest.raises(OSError, match="No space"):
            train_here(tints, checkpoint=path)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


# --- refused -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"seed": 4}, r"Different: seed \(3 there, 4 here\)"),
        ({"batch_size": 4}, "batch_size"),
        ({"augmentation": None}, "augmentation"),
        ({"body_learning_rate": 0.02}, "body_learning_rate"),
        ({"precision": "bf16"}, "precision"),
        ({"monitor": "valid_accuracy"}, "monitor"),
    ],
)
def test_a_checkpoint_of_other_settings_is_refused(tints, tmp_path, changed, message):
    path = tmp_path / "run.pt"
    train_here(tints, epochs=1, checkpoint=path)
    before = path.read_bytes()
    with pytest.raises(ValueError, match=message):
        train_here(tints, checkpoint=path, **changed)
    assert path.read_bytes() == before


def test_a_checkpoint_of_other_pictures_labels_or_networks_is_refused(tints, tmp_path):
    path, train, valid = tmp_path / "run.pt", tints["train"], tints["valid"]
    train_here(tints, epochs=1, checkpoint=path)
    swapped = train.subset(np.r_[1, 0, 2 : len(train)])
    other = with_new_head(make_tiny(seed=1), CLASSES, size=32)
    frozen = make_model(0.5)
    for message, model, pictures in (
        ("the training pictures", model_to_train(), swapped),
        ("the network", other, train),
        ("trained", frozen, train),
    ):
        with pytest.raises(ValueError, match=message):
            fine_tune(model, pictures, valid, checkpoint=path, **GIVEN)
    with pytest.raises(ValueError, match="the validation pictures"):
        fine_tune(model_to_train(), train, valid[:-1], checkpoint=path, **GIVEN)


def test_renamed_pictures_are_the_same_pictures(tints, tmp_path):
    path = tmp_path / "run.pt"
    whole = train_here(tints)
    train_here(tints, epochs=2, checkpoint=path)
    moved = {name: make_pictures(tmp_path / name, n, seed) for name, n, seed in SAME}
    assert_same_bits(whole, train_here(moved, checkpoint=path))


SAME = (("train", 8, 0), ("valid", 6, 1))


@pytest.mark.parametrize("at", [0.1, 0.5, 0.9])
def test_a_damaged_checkpoint_is_refused_and_kept(tints, tmp_path, at):
    path = tmp_path / "run.pt"
    train_here(tints, epochs=1, checkpoint=path)
    damaged = bytearray(path.read_bytes())
    start = int(at * len(damaged))
    damaged[start : start + 64] = bytes(64 * [0xA5])
    path.write_bytes(damaged)
    with pytest.raises(ValueError, match="damaged"):
        train_here(tints, checkpoint=path)
    path.write_bytes(damaged[:start])
    with pytest.raises(ValueError, match="damaged"):
        train_here(tints, checkpoint=path)
    assert path.stat().st_size == start


def test_a_file_that_would_run_code_is_refused(tmp_path):
    class Evil:
        def __reduce__(self):
            return os.mkdir, (str(tmp_path / "ran"),)

    torch.save({"format": Evil()}, tmp_path / "evil.pt")
    with pytest.raises(ValueError, match="no checkpoint"):
        load_best(tmp_path / "evil.pt", make_model())
    torch.save({"weights": torch.ones(3)}, tmp_path / "other.pt")
    with pytest.raises(ValueError, match="no checkpoint of fine_tune"):
        load_best(tmp_path / "other.pt", make_model())
    assert not (tmp_path / "ran").exists()


def test_best_weights_are_refused_by_another_network_and_other_classes(tints, tmp_path):
    path = tmp_path / "run.pt"
    train_here(tints, epochs=1, checkpoint=path)
    with pytest.raises(ValueError, match="classes blue, green, red"):
        load_best(path, with_new_head(make_tiny(), ("a", "b", "c"), size=32))
    with pytest.raises(ValueError, match="whose layers are not those"):
        load_best(path, with_new_head(load_backbone(), CLASSES))
    with pytest.raises(FileNotFoundError, match="no checkpoint at"):
        load_best(tmp_path / "missing.pt", make_model())


def test_a_network_that_cannot_be_identified_gets_no_checkpoint(tints, tmp_path):
    model = model_to_train()
    model.network.secret = threading.Lock()
    model.network.__dict__["__deepcopy__"] = lambda memo: model.network
    with pytest.raises(ValueError, match="Leave checkpoint out"):
        fine_tune(model, tints["train"], tints["valid"], checkpoint=tmp_path / "run.pt", **GIVEN)
