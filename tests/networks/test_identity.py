"""A network's identity: structure and weights, equal in every process, other after an edit."""

import copy
import functools
import os
import pickle
import subprocess
import sys
import threading
import types

import pytest
import torch
from torch import nn
from torch.nn import functional as F
from torch.nn.utils import parametrize

from course_utils._torchvision import torchvision
from course_utils.networks.backbone import Backbone
from course_utils.networks.identity import digest_structure
from course_utils.networks.preprocessing import Preprocessing

GAIN = 1.0


def scaled(x):
    return GAIN * x


class Scale(nn.Module):
    factor = 1.0

    def forward(self, x):
        return self.factor * scaled(x)


class OtherScale(Scale):
    def forward(self, x):
        return self.factor + scaled(x)


class Holding(nn.Module):
    """Keeps a function as a plain attribute."""

    def __init__(self, function):
        super().__init__()
        self.function = function

    def forward(self, x):
        return self.function(x)


class Doubled(nn.Module):
    def forward(self, weight):
        return 2 * weight


class Small(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4), nn.ReLU(), nn.Dropout(0.5), nn.MaxPool2d(2)
        )
        self.held = Holding(F.relu)
        self.scale = Scale()
        self.register_buffer("shift", torch.zeros(1), persistent=False)
        self.plain = torch.ones(2)
        self.settings = {"mode": "mean", "steps": [1, 2]}
        self.classifier = nn.Linear(4, 2)

    def forward(self, x):
        x = self.scale(self.held(self.layers(x))).mean(dim=(2, 3)) + self.shift
        return self.classifier(x)


def make():
    torch.manual_seed(0)
    transform = Preprocessing((16, 16), 16, (0.5,) * 3, (0.5,) * 3)
    return Backbone("small", Small(), transform)


def swap_neighbours(network):
    network.layers[2], network.layers[3] = network.layers[3], network.layers[2]


def parametrized(network):
    parametrize.register_parametrization(network.classifier, "weight", Doubled())


def forward_of_instance(network):
    network.scale.forward = types.MethodType(lambda self, x: -x, network.scale)


EDITS = {
    "layer without weights": lambda n: n.layers.__setitem__(2, nn.Sigmoid()),
    "dropout p": lambda n: setattr(n.layers[3], "p", 0.1),
    "stride": lambda n: setattr(n.layers[0], "stride", (2, 2)),
    "padding": lambda n: setattr(n.layers[0], "padding", (1, 1)),
    "padding mode": lambda n: setattr(n.layers[0], "padding_mode", "reflect"),
    "eps": lambda n: setattr(n.layers[1], "eps", 1e-3),
    "pool size": lambda n: setattr(n.layers[4], "kernel_size", 3),
    "in place": lambda n: setattr(n.layers[2], "inplace", True),
    "order": swap_neighbours,
    "layer added": lambda n: n.layers.append(nn.Tanh()),
    "layer removed": lambda n: n.layers.pop(4),
    "subclass with another forward": lambda n: setattr(n, "scale", OtherScale()),
    "forward of an instance": forward_of_instance,
    "function held": lambda n: setattr(n.held, "function", F.gelu),
    "compiled function held": lambda n: setattr(n.held, "function", torch.sigmoid),
    "lambda": lambda n: setattr(n.held, "function", lambda x: x),
    "another lambda": lambda n: setattr(n.held, "function", lambda x: x + 1),
    "partial": lambda n: setattr(n.held, "function", functools.partial(F.leaky_relu)),
    "argument of a partial": lambda n: setattr(
        n.held, "function", functools.partial(F.leaky_relu, negative_slope=0.5)
    ),
    "plain number": lambda n: setattr(n.scale, "factor", 2.0),
    "plain tensor": lambda n: n.plain.add_(1),
    "deep in a dictionary": lambda n: n.settings["steps"].append(3),
    "buffer outside the state dict": lambda n: n.shift.add_(1),
    "weight": lambda n: n.classifier.weight.add_(1),
    "statistics": lambda n: n.layers[1].running_mean.add_(1),
    "hook": lambda n: n.layers[2].register_forward_hook(lambda m, i, o: 2 * o),
    "hook before": lambda n: n.layers[2].register_forward_pre_hook(lambda m, i: (-i[0],)),
    "parametrization": parametrized,
    "weight norm": lambda n: nn.utils.parametrizations.weight_norm(n.classifier),
    "a dtype": lambda n: n.half(),
}


def identity_after(edit):
    backbone = make()
    with torch.no_grad():
        edit(backbone.network)
    found = backbone.identity()
    assert found.problem == ""
    return found


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS.keys())
def test_every_edit_makes_another_network(edit):
    before = make().identity()
    assert identity_after(edit) != before
    assert identity_after(edit) == identity_after(edit)
    assert make().identity() == before


def test_different_edits_make_different_networks():
    found = [identity_after(edit) for edit in EDITS.values()]
    assert len(set(found)) == len(found)


def test_undoing_an_edit_gives_the_identity_back():
    backbone = make()
    before = backbone.identity()
    relu, backbone.network.layers[2] = backbone.network.layers[2], nn.Sigmoid()
    assert backbone.identity() != before
    backbone.network.layers[2] = relu
    assert backbone.identity() == before


def test_what_a_closure_holds_belongs_to_the_network():
    def times(factor):
        return lambda n: setattr(n.held, "function", lambda x: factor * x)

    assert identity_after(times(2)) == identity_after(times(2)) != identity_after(times(3))


def test_what_a_function_of_ones_own_reads_belongs_to_the_network(monkeypatch):
    before = make().identity()
    monkeypatch.setitem(globals(), "GAIN", 3.0)
    assert make().identity() != before
    monkeypatch.setitem(globals(), "GAIN", 1.0)
    assert make().identity() == before
    monkeypatch.setitem(globals(), "scaled", lambda x: x)
    assert make().identity() != before


@pytest.mark.parametrize("kind", [Scale, nn.ReLU])
def test_forward_replaced_for_a_whole_class_is_noticed(monkeypatch, kind):
    before = make().identity()
    monkeypatch.setattr(kind, "forward", lambda self, x: -x)
    assert make().identity() != before


def test_setting_of_a_class_is_noticed(monkeypatch):
    before = make().identity()
    monkeypatch.setattr(Scale, "factor", 5.0)
    assert make().identity() != before


def test_hook_of_all_networks_is_noticed():
    before = make().identity()
    handle = nn.modules.module.register_module_forward_hook(lambda m, i, o: None)
    try:
        assert make().identity() != before
    finally:
        handle.remove()
    assert make().identity() == before


def test_evaluation_and_training_mode_are_one_network():
    backbone = make()
    before = backbone.identity()
    backbone.network.train()
    assert backbone.identity() == before


def test_copies_are_the_same_network():
    backbone = make()
    before = backbone.identity()
    assert copy.deepcopy(backbone).identity() == before
    assert pickle.loads(pickle.dumps(backbone)).identity() == before
    backbone.network(torch.rand(2, 3, 16, 16))
    assert backbone.identity() == before


@pytest.mark.parametrize(
    ("name", "edit"),
    [
        ("held.function", lambda n: setattr(n.held, "function", threading.Lock())),
        ("settings", lambda n: n.settings.update(stream=open(os.devnull))),  # noqa: PTH123, SIM115
        ("hook", lambda n: n.held.register_forward_hook(types.MethodType(print, threading.Lock()))),
    ],
)
def test_what_cannot_be_identified_is_named(name, edit):
    backbone = make()
    edit(backbone.network)
    found = backbone.identity()
    assert (found.weights, found.structure) == ("", "")
    assert found.problem.startswith("small cannot be identified: ")
    assert name in found.problem


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("kind", ["scripted", "quantized", "compiled"])
def test_networks_of_other_machinery_are_never_taken_for_the_plain_one(kind):
    backbone = make()
    before = backbone.identity()
    if kind == "scripted":
        backbone.network = torch.jit.trace(backbone.network, torch.rand(2, 3, 16, 16))
    elif kind == "quantized":
        backbone.network = torch.ao.quantization.quantize_dynamic(
            backbone.network, {nn.Linear}, dtype=torch.qint8
        )
    else:
        backbone.network = torch.compile(backbone.network)
    found = backbone.identity()
    assert found != before
    assert found.problem or found.structure


def test_a_circle_of_references_has_an_end():
    backbone = make()
    before = backbone.identity()
    backbone.network.settings["all"] = backbone.network.settings
    backbone.network.scale.__dict__["parent"] = backbone.network
    assert backbone.identity() not in (before, None)


PRINT_IDENTITIES = """
import torch
from course_utils._torchvision import torchvision
from course_utils.networks.identity import digest_structure, digest_weights
from tests.networks.test_identity import make
print(make().identity())
for name in ("resnet18", "swin_t", "densenet121", "shufflenet_v2_x0_5"):
    print(digest_structure(torchvision.models.get_model(name)))
"""


@pytest.mark.slow
def test_identities_are_the_same_in_every_process(project_root):
    said = {
        subprocess.check_output(
            [sys.executable, "-c", PRINT_IDENTITIES],
            text=True,
            cwd=project_root,
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(project_root)},
        )
        for seed in ("1", "2")
    }
    assert len(said) == 1


@pytest.mark.parametrize("name", ["resnet18", "mobilenet_v3_small", "squeezenet1_1"])
def test_copies_of_torchvisions_networks_are_the_same_network(name):
    network = torchvision.models.get_model(name)
    assert digest_structure(copy.deepcopy(network)) == digest_structure(network)
    assert digest_structure(torchvision.models.get_model(name)) == digest_structure(network)


def test_weights_digest_is_that_of_the_state_dict():
    """So that what was written down about a file of weights stays true."""
    import hashlib

    from course_utils import load_backbone

    backbone = load_backbone("efficientnet_lite0")
    expected = hashlib.sha256()
    for name, tensor in backbone.network.state_dict().items():
        expected.update(f"{name} {tensor.dtype} {tuple(tensor.shape)}\n".encode())
        expected.update(tensor.contiguous().reshape(-1).view(torch.uint8).numpy().data)
    assert backbone.weights_digest == expected.hexdigest()
