"""What `tests/test_structure.py` holds of the library holds of the data scripts too."""

import ast
from graphlib import TopologicalSorter
from pathlib import Path


def imported_by(file: Path) -> set[str]:
    """Give the full names that a module imports, wherever in it."""
    found = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def modules_of(folder: Path) -> dict[str, Path]:
    return {
        ".".join(file.relative_to(folder.parent).with_suffix("").parts): file
        for file in sorted(folder.rglob("*.py"))
    }


def test_the_library_imports_nothing_of_data_scripts(project_root):
    for name, file in modules_of(project_root / "course_utils").items():
        assert not {i for i in imported_by(file) if i.startswith("data_scripts")}, name


def test_modules_import_each_other_in_no_circle(project_root):
    modules = modules_of(project_root / "data_scripts")
    graph = {
        name: {
            other
            for other in modules
            if any(i == other or i.startswith(f"{other}.") for i in imported_by(file))
        }
        for name, file in modules.items()
    }
    list(TopologicalSorter(graph).static_order())  # raises CycleError, which names the circle


def test_a_module_can_be_read_in_one_sitting(project_root):
    for file in (project_root / "data_scripts").rglob("*.py"):
        assert len(file.read_text(encoding="utf-8").splitlines()) <= 400, file
