"""The three lists of packages (pip, conda, exact versions) name the same things."""

import ast
import sys
import tomllib
from importlib.metadata import PackageNotFoundError, metadata, packages_distributions
from pathlib import Path

import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import Version

# conda-forge's name for a package, where it differs from the name that pip knows.
CONDA_NAMES = {"pytorch": "torch", "python-blosc2": "blosc2", "python-xxhash": "xxhash"}


def read_pyproject(root: Path) -> dict[str, Requirement]:
    """Give every requirement of the project, its extras included, by canonical name."""
    project = tomllib.loads((root / "pyproject.toml").read_text())["project"]
    lines = [*project["dependencies"]]
    for extra in project["optional-dependencies"].values():
        lines += extra
    return {canonicalize_name(Requirement(line).name): Requirement(line) for line in lines}


def read_conda(root: Path) -> dict[str, Requirement]:
    environment = yaml.safe_load((root / "environment.yml").read_text())
    lines: list[str] = []
    for entry in environment["dependencies"]:
        lines += entry["pip"] if isinstance(entry, dict) else [entry]
    requirements = [Requirement(line) for line in lines if not line.startswith("-e")]
    named = {canonicalize_name(r.name): r for r in requirements}
    return {CONDA_NAMES.get(n, n): r for n, r in named.items() if n not in ("python", "pip")}


def read_constraints(root: Path) -> dict[str, Version]:
    lines = (root / "constraints.txt").read_text().splitlines()
    pins = [line.split("==") for line in lines if line and not line.startswith("#")]
    return {canonicalize_name(name): Version(version) for name, version in pins}


def test_conda_environment_and_pyproject_name_the_same_packages(project_root):
    assert set(read_conda(project_root)) == set(read_pyproject(project_root))


def test_conda_environment_and_pyproject_accept_the_same_versions(project_root):
    ours, conda = read_pyproject(project_root), read_conda(project_root)
    differing = {
        name: (str(ours[name].specifier), str(conda[name].specifier))
        for name in ours
        if ours[name].specifier != conda[name].specifier
    }
    assert not differing


def test_every_required_package_has_a_tested_version_that_its_range_accepts(project_root):
    pins = read_constraints(project_root)
    for name, requirement in read_pyproject(project_root).items():
        assert name in pins, f"constraints.txt has no version of {name}: run make constraints"
        assert requirement.specifier.contains(pins[name]), (
            f"constraints.txt pins {name} {pins[name]}, which pyproject.toml's "
            f"{requirement.specifier} does not accept"
        )


def test_constraints_hold_names_and_versions_alone(project_root):
    for line in (project_root / "constraints.txt").read_text().splitlines():
        name, _, version = line.partition("==")
        assert name and Version(version).local is None, f"not a plain pin: {line}"


def test_every_tested_version_installs_on_the_oldest_python_that_the_course_accepts(project_root):
    """Debian's Python 3.11.2 cannot install what wants 3.11.5, and pip then gives up altogether."""
    project = tomllib.loads((project_root / "pyproject.toml").read_text(encoding="utf-8"))[
        "project"
    ]
    oldest = Version(project["requires-python"].removeprefix(">=") + ".0")
    too_new = {}
    for name, tested in read_constraints(project_root).items():
        try:
            installed = metadata(name)
        except PackageNotFoundError:
            continue  # what only the benchmarks need
        wanted = SpecifierSet(installed.get("Requires-Python", ""))
        if Version(installed["Version"]) == tested and oldest not in wanted:
            too_new[f"{name} {tested}"] = str(wanted)
    assert too_new == {}


def test_both_lists_ask_for_the_same_python(project_root):
    project = tomllib.loads((project_root / "pyproject.toml").read_text())["project"]
    environment = yaml.safe_load((project_root / "environment.yml").read_text())
    assert "python" + project["requires-python"] in environment["dependencies"]


def test_tested_torch_and_torchvision_are_built_for_each_other(project_root):
    pins = read_constraints(project_root)
    # torchvision 0.N is built for torch 2.(N - 15): pytorch/vision's compatibility table.
    assert pins["torchvision"].minor == pins["torch"].minor + 15


def imported_modules(folder: Path) -> set[str]:
    """Give the top-level modules that the code in a folder imports, wherever in a file."""
    found: set[str] = set()
    for file in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                found.add(node.module.split(".")[0])
    return found


def test_every_package_that_the_library_imports_is_asked_for_by_name(project_root):
    own = {"course_utils", "data_scripts", "IPython"}  # IPython: only where a notebook runs us
    imported = imported_modules(project_root / "course_utils")
    imported |= imported_modules(project_root / "data_scripts")
    owners = packages_distributions()
    asked_for = set(read_pyproject(project_root))
    unasked = {
        module
        for module in imported - own - set(sys.stdlib_module_names)
        if not {canonicalize_name(owner) for owner in owners.get(module, [])} & asked_for
    }
    assert not unasked
