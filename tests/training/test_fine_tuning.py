"""Fine-tuning: what it learns, what it gives back, what it refuses, and the same numbers again."""

import json

import numpy as np
import pandas as pd
import pytest
import torch
from torch import nn

from course_utils import ImageSet, load_dataset
from course_utils.networks.backbone import Backbone
from course_utils.training import Augmentation, fine_tune, freeze, train_epoch, with_new_head
from course_utils.training import loop as loop_module
from course_utils.training.loop import Batch, Computing, NotFiniteError
from tests.features.conftest import make_tiny
from tests.training.conftest import CLASSES, PLAIN, make_model

QUICK = {**PLAIN, "epochs": 4, "batch_size": 8, "learning_rate": 0.02}


def numbers(run):
    return run.history.drop(columns="seconds")


def same(one, other):
    pd.testing.assert_frame_equal(numbers(one), numbers(other), check_exact=True)
    assert one.model.weights_digest == other.model.weights_digest
    np.testing.assert_array_equal(one.probabilities, other.probabilities)


def test_it_learns_and_gives_back_the_best_epoch(tints):
    model = make_model(0.0, "stem", "norm", "mix", "classifier")
    before = model.identity()
    run = fine_tune(model, tints["train"], tints["valid"], **{**QUICK, "epochs": 12})
    assert model.identity() == before, "the given model must stay as it is"
    assert run.history["train_loss"].iloc[-1] < run.history["train_loss"].iloc[0]
    assert run.history["valid_accuracy"].max() > 0.6
    assert run.best_epoch == run.history["valid_loss"].idxmin()
    right = (run.predicted == tints["valid"].y).mean()
    assert right == pytest.approx(run.history.loc[run.best_epoch, "valid_accuracy"])
    assert run.stopped == "all epochs done" and not run.model.network.training
    json.dumps(run.settings)
    assert run.settings["seed"] == 0


def test_only_what_is_unfrozen_moves_running_means_included(tints):
    model = make_model()
    run = fine_tune(model, tints["train"], tints["valid"], **QUICK)
    old, new = model.network.state_dict(), run.model.network.state_dict()
    moved = {name for name in old if not torch.equal(old[name], new[name])}
    assert moved == {"classifier.1.weight", "classifier.1.bias"}


def test_the_same_seed_gives_the_same_bits_and_another_one_does_not(tints):
    model = make_model(0.5)
    augmentation = Augmentation(mirror=True, light=0.2)
    runs = [
        fine_tune(model, tints["train"], tints["valid"], seed=s, augmentation=augmentation, **QUICK)
        for s in (1, 1, 2)
    ]
    same(runs[0], runs[1])
    assert not numbers(runs[0]).equals(numbers(runs[2]))


def test_random_numbers_of_the_caller_are_left_alone(tints):
    model = make_model(0.5)
    torch.manual_seed(0)
    expected = torch.rand(3)
    torch.manual_seed(0)
    fine_tune(model, tints["train"], tints["valid"], **QUICK)
    assert torch.equal(torch.rand(3), expected)


def test_it_stops_when_the_validation_set_improves_no_more(tints):
    given = {**QUICK, "epochs": 40, "learning_rate": 0.3}
    run = fine_tune(make_model(), tints["train"], tints["valid"], patience=2, **given)
    assert run.stopped == "no improvement"
    assert len(run.history) == run.best_epoch + 2 < 40


def test_a_head_without_decay_and_the_loop_by_hand_agree(tints):
    """The loop is plain SGD on cross-entropy when the optimizer is: one step by hand."""
    network = nn.Sequential(nn.Flatten(), nn.Linear(12, 3))
    inputs, labels = torch.rand(5, 3, 2, 2), torch.tensor([0, 1, 2, 0, 1])
    weight, bias = (p.detach().clone().requires_grad_() for p in network[1].parameters())
    loss = nn.functional.cross_entropy(inputs.flatten(1) @ weight.T + bias, labels)
    loss.backward()
    optimizer = torch.optim.SGD(network.parameters(), lr=0.1)
    result = train_epoch(network, [Batch(inputs, labels, 0)], optimizer)
    assert result.loss == pytest.approx(loss.item())
    torch.testing.assert_close(network[1].weight.detach(), (weight - 0.1 * weight.grad).detach())


def test_class_weights_count_as_if_pictures_were_repeated(tints):
    network = nn.Sequential(nn.Flatten(), nn.Linear(12, 2))
    inputs, labels = torch.rand(3, 3, 2, 2), torch.tensor([0, 0, 1])
    weights = torch.tensor([1.0, 2.0])
    gradients = []
    for batch, class_weights in (
        (Batch(inputs, labels, 0), weights),
        (Batch(inputs[[0, 1, 2, 2]], labels[[0, 1, 2, 2]], 0), None),
    ):
        optimizer = torch.optim.SGD(network.parameters(), lr=0.0)
        train_epoch(network, [batch], optimizer, class_weights=class_weights)
        gradients.append(network[1].weight.grad.clone())
    torch.testing.assert_close(*gradients)


def test_balanced_weights_are_recorded(tints):
    some = tints["train"].subset(np.r_[0:8, 8:10, 16:24])
    given = {**QUICK, "epochs": 1}
    run = fine_tune(make_model(), some, tints["valid"], class_weights="balanced", **given)
    assert run.settings["class_weights"] == pytest.approx([18 / 24, 18 / 6, 18 / 24])
    with pytest.raises(ValueError, match="positive number for each"):
        fine_tune(make_model(), some, tints["valid"], class_weights={"red": 1}, **given)


@pytest.mark.parametrize("precision", ["bf16", "fp16"])
def test_mixed_precision_on_a_processor_learns_nearly_the_same(tints, precision):
    model = make_model()
    exact = fine_tune(model, tints["train"], tints["valid"], **QUICK)
    mixed = fine_tune(model, tints["train"], tints["valid"], **{**QUICK, "precision": precision})
    assert mixed.model.network.stem.weight.dtype == torch.float32
    assert mixed.settings["precision"] == precision
    np.testing.assert_allclose(mixed.probabilities, exact.probabilities, atol=0.03)


def full_when_more_than(n, network):
    """Let a network's memory run out as a processor's does, with more than n pictures."""
    forward = network.forward

    def limited(x):
        if len(x) > n:
            raise RuntimeError("DefaultCPUAllocator: can't allocate memory")
        return forward(x)

    network.forward = limited


@pytest.mark.parametrize("fits", [1, 3, 5])
def test_when_memory_runs_out_the_parts_gradients_add_up_to_the_same(fits):
    gradients = []
    for limit in (None, fits):
        network = make_tiny().network.requires_grad_(True)
        freeze(network, "norm")
        network.drop.p = 0.0
        computing = Computing()
        if limit:
            full_when_more_than(limit, network)
        torch.manual_seed(1)
        batch = Batch(torch.rand(8, 3, 32, 32), torch.arange(8) % 5, 0)
        optimizer = torch.optim.SGD(network.parameters(), lr=0.0)
        result = train_epoch(network, [batch], optimizer, computing=computing)
        gradients.append((network.stem.weight.grad.clone(), result.loss, computing.halved))
    torch.testing.assert_close(gradients[0][0], gradients[1][0])
    assert gradients[0][1] == pytest.approx(gradients[1][1])
    assert (gradients[0][2], gradients[1][2]) == (False, True)


def test_when_memory_runs_out_running_means_are_moved_once():
    means = []
    for limit in (None, 4):
        network = make_tiny().network.requires_grad_(True)
        network.drop.p = 0.0
        calls = []
        if limit:
            forward = network.forward

            def limited(x, forward=forward, calls=calls):
                calls.append(len(x))
                out = forward(x)  # the norms have moved by now
                if len(calls) == 1:
                    raise MemoryError
                return out

            network.forward = limited
        torch.manual_seed(1)
        batch = Batch(torch.rand(8, 3, 32, 32), torch.arange(8) % 5, 0)
        optimizer = torch.optim.SGD(network.parameters(), lr=0.0)
        train_epoch(network, [batch], optimizer, computing=Computing())
        means.append(int(network.norm.num_batches_tracked))
    assert means == [1, 2], "one step, and two parts of 4 after a failed whole that left no trace"


def test_memory_that_holds_no_picture_is_an_error_in_words(tints, monkeypatch):
    def full(*arguments, **options):
        raise MemoryError

    monkeypatch.setattr(loop_module.nn.functional, "cross_entropy", full)
    with pytest.raises(MemoryError, match="single picture"):
        fine_tune(make_model(), tints["train"], tints["valid"], **QUICK)


def test_running_out_of_memory_is_said_once_and_the_result_is_the_same(tints, monkeypatch):
    expected = fine_tune(make_model(), tints["train"], tints["valid"], **QUICK)
    real, calls = nn.functional.cross_entropy, []

    def once(*arguments, **options):
        calls.append(1)
        if len(calls) == 2:
            raise MemoryError
        return real(*arguments, **options)

    monkeypatch.setattr(loop_module.nn.functional, "cross_entropy", once)
    with pytest.warns(UserWarning, match=r"parts of 4 pictures.*up to rounding\.$"):
        run = fine_tune(make_model(), tints["train"], tints["valid"], **QUICK)
    np.testing.assert_allclose(run.probabilities, expected.probabilities, atol=1e-4)


def test_a_rate_that_destroys_everything_is_named(tints):
    model = make_model(0.0, "stem", "norm", "mix", "classifier")
    given = {**QUICK, "learning_rate": 1e30, "body_learning_rate": 1e30}
    with pytest.raises(NotFiniteError, match="smaller learning rate than 1e\\+30"):
        fine_tune(model, tints["train"], tints["valid"], **given)


@pytest.mark.parametrize(
    "wrong",
    [
        {"epochs": 0},
        {"batch_size": 2.5},
        {"patience": 0},
        {"seed": -1},
        {"learning_rate": -0.1},
        {"weight_decay": float("nan")},
        {"monitor": "train_loss"},
        {"class_weights": "equal"},
        {"precision": "int8"},
        {"device": "abacus"},
    ],
)
def test_a_setting_out_of_range_is_named(tints, wrong):
    with pytest.raises(ValueError, match=next(iter(wrong))):
        fine_tune(make_model(), tints["train"], tints["valid"], **{**QUICK, **wrong})


def test_a_model_that_does_not_fit_is_refused(tints):
    train, valid = tints["train"], tints["valid"]
    with pytest.raises(ValueError, match="tells 5 classes apart"):
        fine_tune(make_tiny(), train, valid, **QUICK)
    frozen = make_model()
    freeze(frozen.network)
    with pytest.raises(ValueError, match="everything is frozen"):
        fine_tune(frozen, train, valid, **QUICK)
    few = Backbone("tiny", make_tiny().network, frozen.transform, CLASSES)
    with pytest.raises(ValueError, match="5 numbers for 3 classes"):
        fine_tune(few, train, valid, **QUICK)
    with pytest.raises(TypeError, match="with_new_head"):
        fine_tune(frozen.network, train, valid, **QUICK)


def test_a_test_set_that_overlaps_training_is_refused_before_anything_is_trained(tints):
    train, valid = tints["train"], tints["valid"]
    with pytest.raises(ValueError, match="train and test overlap in 4 pictures"):
        fine_tune(make_model(), train, valid, test=train[:4], **QUICK)


def test_a_whole_data_set_is_refused_with_its_splits(tints):
    with pytest.raises(TypeError, match=r"data\.train or data\.valid"):
        fine_tune(make_model(), load_dataset("textures"), tints["valid"], **QUICK)


def test_pictures_that_do_not_fit_into_memory_are_read_again_with_the_same_bits(tints, monkeypatch):
    from course_utils.training import pictures

    kept = fine_tune(make_model(), tints["train"], tints["valid"], **QUICK)
    monkeypatch.setattr(pictures, "KEPT_BYTES", 0)
    same(kept, fine_tune(make_model(), tints["train"], tints["valid"], **QUICK))


def test_two_pictures_are_enough_to_start(tints):
    two = ImageSet(tints["train"].paths[::12], np.array([0, 1]), ("a", "b"))
    model = with_new_head(make_tiny(), ("a", "b"), size=32)
    valid = ImageSet(tints["valid"].paths[:1], np.array([1]), ("a", "b"))
    run = fine_tune(model, two, valid, **{**QUICK, "epochs": 1})
    assert run.probabilities.shape == (1, 2)
