"""What ``classify_image`` says about pictures, and about what are none."""

import dataclasses

import numpy as np
import pytest
from PIL import Image

from course_utils import BadImageError, classify_image, load_backbone, load_dataset


@pytest.fixture(scope="module")
def photos():
    images = load_dataset("sample_photos").all
    return dict(zip(images.class_names, images.paths, strict=True))


@pytest.mark.parametrize(
    ("subject", "right"),
    [
        ("cat", {"tabby", "tiger cat", "Egyptian cat"}),
        ("coffee", {"espresso", "cup", "coffee mug"}),
        ("rocket", {"missile", "projectile", "space shuttle"}),
    ],
)
def test_names_what_is_in_a_photograph(photos, subject, right):
    assert classify_image(photos[subject], topn=1)["class"][0] in right


def test_gives_the_most_probable_classes_in_order(photos):
    table = classify_image(photos["cat"], topn=5)
    assert table.columns.tolist() == ["class", "probability"]
    assert len(table) == 5
    assert table["probability"].is_monotonic_decreasing
    assert table["probability"].between(0, 1).all()
    assert len(classify_image(photos["cat"])) == 4


def test_probabilities_of_all_classes_sum_to_one(photos):
    table = classify_image(photos["cat"], topn=1000)
    assert table["probability"].sum() == pytest.approx(1, abs=1e-9)
    assert set(table["class"]) == set(load_backbone().class_names)


def test_a_file_and_the_picture_in_it_are_the_same(photos):
    with Image.open(photos["coffee"]) as picture:
        from_picture = classify_image(picture)
    assert from_picture.equals(classify_image(photos["coffee"]))


def test_probabilities_are_the_softmax_of_the_networks_own_logits(photos):
    import torch

    backbone = load_backbone()
    with Image.open(photos["cat"]) as picture, torch.inference_mode():
        logits = backbone.network(backbone.transform(picture.convert("RGB"))[None])[0]
    expected = torch.softmax(logits, 0).max().item()
    assert classify_image(photos["cat"], 1)["probability"][0] == pytest.approx(expected, abs=1e-5)


def test_every_mode_of_picture_is_classified(photos):
    with Image.open(photos["cat"]) as picture:
        grey = picture.convert("L")
    expected = classify_image(grey)
    sixteen_bits = Image.fromarray(np.asarray(grey).astype(np.uint16) * 257)
    for mode in (grey.convert("RGBA"), grey.convert("RGB"), sixteen_bits):
        assert classify_image(mode)["class"].tolist() == expected["class"].tolist()


def test_a_network_loads_once(photos, monkeypatch):
    from course_utils.networks import loading

    classify_image(photos["cat"])
    monkeypatch.setattr(loading, "load_backbone", lambda *_: pytest.fail("loaded again"))
    classify_image(photos["coffee"])


def test_takes_a_loaded_backbone(photos):
    expected = classify_image(photos["cat"])
    assert classify_image(photos["cat"], backbone=load_backbone()).equals(expected)


def test_a_backbone_without_class_names_is_refused(photos):
    from course_utils.networks.backbone import Backbone

    known = load_backbone()
    nameless = Backbone("mine", known.network, known.transform)
    with pytest.raises(ValueError, match="mine has no class names"):
        classify_image(photos["cat"], backbone=nameless)


@pytest.mark.parametrize("topn", [0, -1, 1001])
def test_topn_out_of_range_says_the_range(photos, topn):
    with pytest.raises(ValueError, match=f"topn is {topn}; efficientnet_lite0 knows 1 to 1000"):
        classify_image(photos["cat"], topn)


def test_topn_that_is_no_whole_number_is_refused(photos):
    with pytest.raises(TypeError):
        classify_image(photos["cat"], 2.5)


def test_an_unknown_network_lists_the_known(photos):
    with pytest.raises(ValueError, match="efficientnet_lite0"):
        classify_image(photos["cat"], backbone="efficientnet_light0")


def test_a_file_that_is_no_picture_is_named(tmp_path):
    (tmp_path / "notes.jpg").write_text("not a picture")
    with pytest.raises(BadImageError, match=r"notes\.jpg"):
        classify_image(tmp_path / "notes.jpg")


def test_what_is_neither_path_nor_picture_is_refused():
    with pytest.raises(TypeError, match="image is of type ndarray"):
        classify_image(np.zeros((8, 8, 3), np.uint8))


def test_a_network_in_training_mode_classifies_as_in_evaluation_mode(photos):
    backbone = load_backbone()
    expected = classify_image(photos["cat"], backbone=backbone)
    backbone.network.train()
    before = {name: tensor.clone() for name, tensor in backbone.network.state_dict().items()}
    for _ in range(3):
        assert classify_image(photos["cat"], backbone=backbone).equals(expected)
    after = backbone.network.state_dict()
    assert all((before[name] == tensor).all() for name, tensor in after.items())
    assert backbone.network.training, "the network belongs to the caller and is left as it was"


def test_a_replaced_transform_is_warned_of(photos):
    backbone = load_backbone()
    backbone.transform = dataclasses.replace(backbone.transform, mean=(0.485, 0.456, 0.406))
    with pytest.warns(UserWarning, match=r"mean is \(0\.485.*trained with \(0\.498"):
        classify_image(photos["cat"], backbone=backbone)


def test_classifying_and_extracting_hold_one_network(photos):
    from course_utils import extract_features
    from course_utils.networks import loading

    loading.shared_backbone.cache_clear()
    classify_image(photos["cat"])
    extract_features([photos["cat"]], progress=False)
    assert loading.shared_backbone.cache_info().misses == 1


def test_a_set_of_pictures_is_refused_in_words(photos):
    with pytest.raises(TypeError, match="image is of type ImageSet; give a file's path"):
        classify_image(load_dataset("sample_photos").all)
