"""A wheel of the package holds all that it needs, tried in an environment without the sources."""

import importlib.metadata
import os
import shutil
import site
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

# What a user of the installed package does who has no network.
SESSION = """
import sys
from pathlib import Path
import course_utils, data_scripts
from course_utils import describe_datasets, list_datasets, load_dataset

for package in (course_utils, data_scripts):
    folder = Path(package.__file__).parent
    assert folder.is_relative_to(sys.prefix), f"{folder} is not what the wheel installed"
    assert (folder / "py.typed").is_file()

loaded = []
for name in list_datasets():
    try:
        data = load_dataset(name)
    except FileNotFoundError as needs_a_network:
        assert f"data_scripts fetch {name}" in str(needs_a_network)
        continue
    assert all(image.mode == "RGB" for images in data.values() for image in images[:2])
    loaded.append(name)
assert set(describe_datasets()["state"]) == {"here", "to be fetched"}
print(*loaded)
"""


@pytest.fixture(scope="module")
def wheel(project_root, tmp_path_factory) -> Path:
    """Build a wheel from a copy, so that the sources stay as they are."""
    folder = tmp_path_factory.mktemp("wheel")
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(project_root / name, folder)
    for name in ("course_utils", "data_scripts"):
        shutil.copytree(
            project_root / name, folder / name, ignore=shutil.ignore_patterns("__pycache__")
        )
    command = [sys.executable, "-m", "pip", "wheel", "--no-deps"]
    if int(importlib.metadata.version("setuptools").split(".")[0]) >= 77:
        command.append("--no-build-isolation")  # so that building needs no network
    done = subprocess.run(
        [*command, "--wheel-dir", folder / "dist", folder], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    [built] = (folder / "dist").glob("*.whl")
    return built


@pytest.fixture(scope="module")
def python(wheel, tmp_path_factory) -> Path:
    """Make an environment with the wheel in it, which borrows the packages that it depends on."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, symlinks=True)
    python = folder / "bin" / "python"
    subprocess.run(
        [sys.executable, "-m", "pip", "--python", python, "install", "--no-deps", "--no-index",
         "--quiet", wheel],
        check=True,
    )  # fmt: skip
    [packages] = folder.glob("lib/python*/site-packages")
    # A folder named in a .pth file is searched after this environment's own, and its own .pth
    # files, which would bring the sources in, are not read.
    (packages / "borrowed.pth").write_text("\n".join(site.getsitepackages()) + "\n")
    return python


@pytest.mark.slow
def test_a_wheel_holds_every_module_and_the_files_beside_them(wheel, project_root):
    names = set(zipfile.ZipFile(wheel).namelist())
    sources = [
        file.relative_to(project_root).as_posix()
        for package in ("course_utils", "data_scripts")
        for file in (project_root / package).rglob("*")
        if file.is_file() and "__pycache__" not in file.parts
    ]
    assert set(sources) <= names
    assert {name for name in names if ".dist-info/" not in name} <= set(sources)


@pytest.mark.slow
def test_an_installed_wheel_loads_every_data_set_that_needs_no_network(python, tmp_path):
    environment = {
        **{name: value for name, value in os.environ.items() if name != "PYTHONPATH"},
        "COURSE_DATA": str(tmp_path / "data"),
    }
    done = subprocess.run(
        [python, "-c", SESSION], cwd=tmp_path, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == [
        "animal_faces",
        "textures",
        "sample_photos",
        "painted_animals",
        "barn_doors",
    ]
    subprocess.run(
        [python, "-m", "data_scripts", "verify", "painted_animals"],
        cwd=tmp_path, env=environment, check=True,
    )  # fmt: skip
