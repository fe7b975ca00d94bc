"""The library's rooms: imports point one way, modules stay short, and the map's paths are true."""

import ast
import graphlib
import re
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[1]
LIBRARY = PROJECT / "course_utils"
MOST_LINES = 400

# What each room may import from, beside itself; a module outside of the rooms serves all of them.
MAY_IMPORT = {
    "arrays": set(),
    "checks": set(),
    "multiclass": set(),
    "images": set(),
    "datasets": {"images", "arrays"},
    "networks": {"images", "arrays", "datasets"},
    "features": {"networks", "datasets", "images", "arrays"},
    "classifiers": {"features", "networks", "datasets", "images", "arrays"},
    "plotting": {"features", "networks", "datasets", "images", "arrays", "multiclass"},
    "judging": {"plotting", "features", "networks", "datasets", "images", "arrays"},
    "training": {"features", "networks", "datasets", "images", "arrays"},
    "grading": {"plotting", "features", "networks", "datasets", "images", "arrays", "checks"},
}


def module_name(file: Path) -> str:
    parts = file.relative_to(PROJECT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_name(file): file for file in sorted(LIBRARY.rglob("*.py"))}


def imported_names(file: Path) -> set[str]:
    """Give all that a module imports, also inside functions and for type checkers alone."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            assert node.level == 0, f"{file} imports relatively"
            names.update(f"{node.module}.{alias.name}" for alias in node.names)
    return names


def modules_imported_by(file: Path) -> set[str]:
    found = set()
    for name in imported_names(file):
        module = name if name in MODULES else name.rpartition(".")[0]
        if module in MODULES:
            found.add(module)
    return found


def room_of(module: str) -> str:
    return module.split(".")[1] if "." in module else ""


def test_no_module_imports_itself_round_a_circle_also_not_inside_functions():
    graph = {name: modules_imported_by(file) - {name} for name, file in MODULES.items()}
    try:
        tuple(graphlib.TopologicalSorter(graph).static_order())
    except graphlib.CycleError as error:
        pytest.fail(" imports ".join(reversed(error.args[1])))


@pytest.mark.parametrize("module", [name for name in MODULES if room_of(name) in MAY_IMPORT])
def test_a_room_imports_only_what_stands_below_it(module):
    room = room_of(module)
    above = {
        other
        for other in modules_imported_by(MODULES[module])
        if room_of(other) in MAY_IMPORT.keys() - MAY_IMPORT[room] - {room}
    }
    assert not above, f"{module} imports {above}"


def test_every_folder_of_the_library_is_a_room_with_a_place_in_the_order():
    rooms = {folder.name for folder in LIBRARY.iterdir() if (folder / "__init__.py").is_file()}
    assert rooms <= MAY_IMPORT.keys()


def test_the_library_does_not_import_the_scripts_or_the_tests():
    for module, file in MODULES.items():
        packages = {name.split(".")[0] for name in imported_names(file)}
        assert not packages & {"data_scripts", "tests"}, module


@pytest.mark.parametrize("package", ["course_utils", "data_scripts"])
def test_every_module_can_be_read_in_one_sitting(package):
    lengths = {
        str(file.relative_to(PROJECT)): len(file.read_text(encoding="utf-8").splitlines())
        for file in (PROJECT / package).rglob("*.py")
    }
    assert not {file: n for file, n in lengths.items() if n > MOST_LINES}


def test_the_map_names_every_room_and_only_places_that_exist():
    page = (PROJECT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    paths = {path for path in re.findall(r"`([\w./<>-]+)`", page) if "/" in path}
    assert paths, "the map names no path"
    # A name to fill in, such as <name>, stands for whatever is there.
    missing = [path for path in paths if not list(PROJECT.glob(re.sub(r"<\w+>", "*", path)))]
    assert not missing
    for room in LIBRARY.iterdir():
        if (room / "__init__.py").is_file():
            assert f"`course_utils/{room.name}/`" in page


def test_the_tests_mirror_the_rooms():
    for room in LIBRARY.iterdir():
        if (room / "__init__.py").is_file():
            assert list((PROJECT / "tests" / room.name).glob("test_*.py")), room.name
