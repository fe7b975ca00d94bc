"""New heads, freezing, augmentation, and which pictures are refused."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from torch import nn

from course_utils import ImageSet, load_backbone
from course_utils.networks.backbone import Backbone
from course_utils.networks.preprocessing import Preprocessing
from course_utils.training import (
    Augmentation,
    check_splits,
    count_parameters,
    freeze,
    unfreeze,
    with_new_head,
)
from course_utils.training.freezing import keep_frozen_norms_in_eval
from course_utils.training.heads import head_name
from tests.features.conftest import make_tiny
from tests.training.conftest import CLASSES, make_model


def test_a_new_head_alone_can_be_trained_and_the_old_network_stays_as_it_was():
    old = make_tiny()
    before = old.identity()
    new = with_new_head(old, CLASSES, dropout=0.3)
    assert old.identity() == before
    assert count_parameters(new.network, trainable=True) == 12 * 3 + 3
    assert new.network(torch.zeros(2, 3, 32, 32)).shape == (2, 3)
    assert new.network.classifier[0].p == 0.3 and not new.network.training


def test_the_seed_decides_the_head_and_nobody_elses_random_numbers_move():
    old = make_tiny()
    torch.manual_seed(5)
    expected = torch.rand(1)
    torch.manual_seed(5)
    heads = [with_new_head(old, CLASSES, seed=s) for s in (0, 0, 1)]
    assert torch.rand(1) == expected
    one, same, other = (head.network.classifier[1].weight for head in heads)
    assert torch.equal(one, same) and not torch.equal(one, other)


def test_smaller_pictures_keep_the_share_that_is_cropped():
    backbone = load_backbone()
    small = with_new_head(backbone, CLASSES, size=112).transform
    assert small.input_size == (112, 112)
    assert small.resize / 112 == pytest.approx(backbone.transform.resize / 224, abs=0.01)


def test_the_head_of_a_head_is_replaced_as_a_whole():
    twice = with_new_head(with_new_head(make_tiny(), CLASSES, dropout=0.5), ["a", "b"])
    assert head_name(twice) == "classifier"
    assert [type(m) for m in twice.network.classifier] == [nn.Dropout, nn.Linear]
    assert isinstance(twice.network.classifier[1], nn.Linear)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"class_names": ["one"]}, "two or more"),
        ({"class_names": ["a", "a"]}, "different"),
        ({"class_names": CLASSES, "dropout": 1.0}, "dropout"),
        ({"class_names": CLASSES, "size": 8}, "too small"),
    ],
)
def test_a_head_that_cannot_be_is_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        with_new_head(make_tiny(), **arguments)


def test_a_network_without_a_linear_end_is_refused():
    network = nn.Sequential(nn.Conv2d(3, 4, 3), nn.AdaptiveAvgPool2d(1), nn.Flatten())
    transform = Preprocessing((32, 32), 32, (0, 0, 0), (1, 1, 1))
    with pytest.raises(ValueError, match="does not end in a linear layer"):
        with_new_head(Backbone("convolutions", network, transform, tuple("abcd")), CLASSES)


def test_freezing_counts_what_can_be_trained():
    network = make_tiny().network
    assert unfreeze(network) == count_parameters(network)
    assert freeze(network, "stem", "norm") == count_parameters(network) - 8 * 27 - 8 - 16
    assert freeze(network) == 0
    assert unfreeze(network, "classifier") == 12 * 5 + 5


def test_a_wrong_name_changes_nothing_and_suggests_a_near_one():
    network = make_tiny().network
    with pytest.raises(ValueError, match=r"no layer 'clasifier'.*'classifier'"):
        unfreeze(network, "stem", "clasifier")
    assert count_parameters(network, trainable=True) == 0


def test_frozen_norms_stay_in_evaluation_mode_and_unfrozen_ones_do_not():
    network = make_tiny().network.train()
    keep_frozen_norms_in_eval(network)
    assert not network.norm.training
    assert network.drop.training
    unfreeze(network, "norm")
    network.train()
    keep_frozen_norms_in_eval(network)
    assert network.norm.training


# --- augmentation ------------------------------------------------------------------------------

EVERYTHING = Augmentation(mirror=True, turn=20, shift=0.1, zoom=0.2, shear=0.1, light=0.2)


def pixels(n, seed=0):
    rng = np.random.default_rng(seed)
    return torch.from_numpy(rng.integers(0, 256, (n, 12, 12, 3), dtype=np.uint8))


@settings(max_examples=30)
@given(st.permutations(range(6)), st.integers(1, 5))
def test_a_pictures_changes_depend_neither_on_order_nor_on_the_batch(order, size):
    batch = pixels(6)
    at_once = EVERYTHING(batch, range(6), seed=3, epoch=2)
    for start in range(0, 6, size):
        part = list(order[start : start + size])
        changed = EVERYTHING(batch[part], part, seed=3, epoch=2)
        assert torch.equal(changed, at_once[part])


def test_each_epoch_seed_and_picture_is_changed_in_its_own_way():
    one = pixels(1)
    kinds = [(0, 1, 0), (1, 1, 0), (0, 2, 0), (0, 1, 1)]
    seen = {EVERYTHING(one, [i], seed=s, epoch=e).numpy().tobytes() for s, e, i in kinds}
    assert len(seen) == len(kinds)


def test_mirroring_swaps_left_and_right_in_half_of_all_cases_and_nothing_else():
    one = pixels(1)
    flipped = torch.flip(one, dims=[2])
    versions = [Augmentation(mirror=True)(one, [0], seed=0, epoch=e) for e in range(200)]
    mirrored = sum(torch.equal(version, flipped) for version in versions)
    assert mirrored + sum(torch.equal(version, one) for version in versions) == 200
    assert 70 < mirrored < 130


def test_light_alone_moves_nothing():
    grey = torch.full((1, 12, 12, 3), 100, dtype=torch.uint8)
    changed = Augmentation(light=0.5)(grey, [0], seed=0, epoch=1)
    assert len(changed.unique()) == 1 and changed.unique() != 100


def test_no_augmentation_gives_the_very_pixels():
    batch = pixels(3)
    assert Augmentation()(batch, range(3), seed=0, epoch=1) is batch


def test_a_preview_shows_what_training_sees():
    picture = Image.fromarray(pixels(1)[0].numpy()).resize((40, 40))
    transform = Preprocessing((32, 32), 36, (0, 0, 0), (1, 1, 1))
    shown = EVERYTHING.preview(picture, transform, 3, seed=7)
    seen = torch.from_numpy(transform.pixels(picture).copy())[None]
    expected = EVERYTHING(seen, [0], seed=7, epoch=2)[0].numpy()
    assert len(shown) == 3
    np.testing.assert_array_equal(np.asarray(shown[1]), expected)


@pytest.mark.parametrize("wrong", [{"turn": -1}, {"shift": 0.9}, {"light": 2}])
def test_an_augmentation_out_of_range_is_refused(wrong):
    with pytest.raises(ValueError, match=next(iter(wrong))):
        Augmentation(**wrong)


# --- splits ------------------------------------------------------------------------------------


def test_sets_without_a_common_picture_pass(tints):
    check_splits(**tints, progress=False)


def copied(images, target, change):
    with Image.open(images.paths[0]) as picture:
        change(picture.resize((96, 96))).save(target)
    return ImageSet((target,), np.array([0]), images.class_names)


@pytest.mark.parametrize(
    ("kind", "change"),
    [
        ("nearly the same", lambda picture: picture),
        ("mirror image", lambda picture: picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT)),
    ],
)
def test_a_copy_in_another_set_is_found_by_its_looks(tints, tmp_path, kind, change):
    twin = copied(tints["train"], tmp_path / "twin.png", change)
    with pytest.raises(ValueError, match=f"overlap.*{kind}"):
        check_splits(train=tints["train"], test=twin, progress=False)
    check_splits(train=tints["train"], test=twin, copies="allow", progress=False)


def test_the_same_file_in_two_sets_is_never_allowed(tints, tmp_path):
    file = tmp_path / "renamed.png"
    file.write_bytes(tints["train"].paths[3].read_bytes())
    twin = ImageSet((file,), np.array([0]), CLASSES)
    with pytest.raises(ValueError, match=r"the same file as.*renamed\.png"):
        check_splits(train=tints["train"], test=twin, copies="allow", progress=False)


def test_unfit_sets_are_refused_in_words(tints, tmp_path):
    train, valid = tints["train"], tints["valid"]
    other = ImageSet(valid.paths, valid.labels, ("azure", "green", "red"))
    cases = {
        "empty": {"train": train, "valid": valid[:0]},
        "labels do not mean the same": {"train": train, "valid": other},
        "no picture of red": {"train": train.subset(train.targets != "red"), "valid": valid},
    }
    for message, splits in cases.items():
        with pytest.raises(ValueError, match=message):
            check_splits(**splits, progress=False)
    with pytest.raises(TypeError, match="has no labels"):
        check_splits(train=list(train.paths), valid=valid)


def test_a_model_of_tests_trains_what_it_says():
    assert count_parameters(make_model(0.0, "mix").network, trainable=True) > 12 * 3 + 3
