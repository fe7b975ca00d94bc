"""Any layer, by name: the right one, unspoilt, with its size found."""

import numpy as np
import pytest
import torch
from torch import nn

from course_utils._torchvision import torchvision
from course_utils.networks.layers import TruncatedNetwork, find_layers

SIZE = (64, 64)


def seeded(name):
    torch.manual_seed(0)
    return torchvision.models.get_model(name).eval()


def features_without_classifier(network, attribute):
    """The usual way: replace the classifier by nothing."""
    parent, _, name = attribute.rpartition(".")
    setattr(network.get_submodule(parent), name, nn.Identity())
    return network


@pytest.mark.parametrize(
    ("name", "classifier", "size"),
    [
        ("resnet18", "fc", 512),
        ("mobilenet_v3_small", "classifier.3", 1024),
        ("shufflenet_v2_x0_5", "fc", 1024),
        ("densenet121", "classifier", 1024),
        ("mnasnet0_5", "classifier.1", 1280),
        ("regnet_y_400mf", "fc", 440),
    ],
)
def test_features_are_what_the_classifier_gets(name, classifier, size):
    network = seeded(name)
    images = torch.rand(2, 3, *SIZE)
    truncated = TruncatedNetwork(network, "features", SIZE)
    with torch.inference_mode():
        found = truncated(images)
        expected = features_without_classifier(network, classifier)(images)
    assert truncated.shape == (size,)
    assert torch.equal(found, expected)


def test_features_of_a_network_that_ends_in_a_convolution_are_pooled():
    network = seeded("squeezenet1_1")
    images = torch.rand(2, 3, *SIZE)
    with torch.inference_mode():
        found = TruncatedNetwork(network, "features", SIZE)(images)
        assert torch.equal(found, network.features(images).mean(dim=(2, 3)))


def test_layer_before_an_in_place_activation_is_kept_unspoilt():
    network = seeded("resnet18")
    images = torch.rand(1, 3, *SIZE)
    with torch.inference_mode():
        found = TruncatedNetwork(network, "bn1", SIZE, pooled=False)(images)
        expected = network.bn1(network.conv1(images)).flatten(1)
    assert (expected < 0).any()
    assert torch.equal(found, expected)


def test_layer_that_runs_twice_gives_its_last_output():
    network = seeded("resnet18")
    images = torch.rand(1, 3, *SIZE)
    with torch.inference_mode():
        found = TruncatedNetwork(network, "layer1.0.relu", SIZE, pooled=False)(images)
        expected = TruncatedNetwork(network, "layer1.0", SIZE, pooled=False)(images)
    assert torch.equal(found, expected)


def test_what_comes_after_the_layer_is_not_computed():
    network = seeded("resnet18")
    truncated = TruncatedNetwork(network, "layer1", SIZE)
    network.layer2.register_forward_hook(lambda *_: pytest.fail("went on"))
    with torch.inference_mode():
        truncated(torch.rand(1, 3, *SIZE))


def test_hooks_are_taken_away_again():
    network = seeded("resnet18")
    truncated = TruncatedNetwork(network, "layer1", SIZE)
    with torch.inference_mode():
        truncated(torch.rand(1, 3, *SIZE))
    assert not any(m._forward_hooks or m._forward_pre_hooks for m in network.modules())


def test_pooling_averages_over_positions_in_either_layout():
    network = seeded("swin_t")
    images = torch.rand(1, 3, *SIZE)
    with torch.inference_mode():
        rows_columns_channels = network.features[:2](images)
        found = TruncatedNetwork(network, "features.1", SIZE)(images)
    assert rows_columns_channels.shape == (1, 16, 16, 96)
    torch.testing.assert_close(found, rows_columns_channels.mean(dim=(1, 2)))


def test_tokens_are_averaged():
    torch.manual_seed(0)
    network = torchvision.models.VisionTransformer(
        image_size=64, patch_size=16, num_layers=2, num_heads=2, hidden_dim=32, mlp_dim=64
    ).eval()
    truncated = TruncatedNetwork(network, "encoder.layers.encoder_layer_0", SIZE)
    assert truncated.shape == (32,)
    assert TruncatedNetwork(
        network, "encoder.layers.encoder_layer_0", SIZE, pooled=False
    ).shape == (17, 32)


def test_unpooled_layer_keeps_every_number_and_its_shape():
    truncated = TruncatedNetwork(seeded("resnet18"), "layer4", SIZE, pooled=False)
    assert truncated.shape == (512, 2, 2)
    with torch.inference_mode():
        assert truncated(torch.rand(2, 3, *SIZE)).shape == (2, 2048)


def test_probabilities_are_the_softmax_of_the_logits():
    network = seeded("mobilenet_v3_small")
    images = torch.rand(2, 3, *SIZE)
    with torch.inference_mode():
        logits = TruncatedNetwork(network, "logits", SIZE)(images)
        probabilities = TruncatedNetwork(network, "probabilities", SIZE)(images)
    assert torch.equal(logits, network(images))
    torch.testing.assert_close(probabilities, logits.softmax(dim=1))
    np.testing.assert_allclose(probabilities.sum(dim=1), 1, rtol=1e-6)


def test_every_layer_that_is_found_can_be_read():
    network = seeded("shufflenet_v2_x0_5")
    known = find_layers(network, SIZE)
    images = torch.rand(1, 3, *SIZE)
    for name in [name for name in known if name][::7]:
        truncated = TruncatedNetwork(network, name, SIZE)
        with torch.inference_mode():
            assert truncated(images).shape == (1, int(np.prod(truncated.shape)))
