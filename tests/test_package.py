"""The package as a whole: quick to import, every public name there, torchvision usable."""

import subprocess
import sys

import course_utils


def run_python(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_importing_the_package_loads_no_heavy_library():
    heavy = ("torch", "sklearn", "pandas", "matplotlib", "scipy", "openvino", "timm", "numpy")
    loaded = run_python(
        f"import sys, course_utils; print([m for m in {heavy} if m in sys.modules])"
    )
    assert loaded == "[]"


def test_every_public_name_can_be_imported():
    for name in course_utils.__all__:
        assert getattr(course_utils, name) is not None


def test_reading_pictures_does_not_load_torch():
    rooms = "course_utils.images.sets, course_utils.datasets.loading"
    assert run_python(f"import sys, {rooms}; print('torch' in sys.modules)") == "False"


def test_torchvision_imports_and_builds_a_network_beside_any_torch_build():
    code = (
        "from course_utils._torchvision import torchvision; import torch; "
        "net = torchvision.models.squeezenet1_1(weights=None).eval(); "
        "print(tuple(net(torch.zeros(1, 3, 64, 64)).shape))"
    )
    assert run_python(code) == "(1, 1000)"
