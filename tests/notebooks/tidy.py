"""Bring notebooks into the one form in which the project keeps them.

    python tests/notebooks/tidy.py             tidy every notebook under notebooks/
    python tests/notebooks/tidy.py --check     change nothing; say what would change, exit with 1
    python tests/notebooks/tidy.py A.ipynb …   only these notebooks or folders

The form: no outputs, no execution counts, code formatted by ruff, an id for every cell that never
changes, metadata that says something about the course and nothing about the machine, and JSON laid
out exactly as Jupyter writes it. A notebook that was only opened and run is then unchanged again.
"""

from __future__ import annotations

import argparse
import copy
import hashlib
import json
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import nbformat

from course_utils._files import replace_when_complete

PROJECT_ROOT = Path(__file__).resolve().parents[2]

# What JupyterLab or an editor adds of its own (execution times, folded outputs, widget state) is
# left out; what an author sets on purpose stays.
KEPT_CELL_METADATA = {"deletable", "editable", "mystnb", "nbgrader", "slideshow", "tags"}
# nbgrader makes these folders; only an assignment's source is the project's.
MADE_BY_TOOLS = {
    ".ipynb_checkpoints",
    "autograded",
    "exchange",
    "feedback",
    "release",
    "submitted",
}
NOTEBOOK_METADATA = {
    "kernelspec": {
        "display_name": "Python 3 (ipykernel)",
        "language": "python",
        "name": "python3",
    },
    # Without its version, which would change with every reader's Python.
    "language_info": {"name": "python"},
}


class UntidyNotebookError(ValueError):
    """A notebook that cannot be tidied: not JSON, not a notebook, or code that does not parse."""


def find_notebooks(folder: Path) -> Iterator[Path]:
    """Give the notebooks that people wrote, without those that tools made from them."""
    for path in sorted(folder.rglob("*.ipynb")):
        if not MADE_BY_TOOLS.intersection(path.relative_to(folder).parts[:-1]):
            yield path


def tidied(text: str, name: str = "notebook.ipynb") -> str:
    """Give the tidy form of a notebook's JSON text. Tidying twice changes nothing more.

    Parameters
    ----------
    text
        The notebook's JSON, of format 4.0 or later.
    name
        Its path, or what to call it in error messages.

    Raises
    ------
    UntidyNotebookError
        When ``text`` is no valid notebook, or its code cannot be parsed.
    """
    try:
        raw = json.loads(text)
        if raw["nbformat"] != 4:
            raise UntidyNotebookError(
                f"{name}: nbformat {raw['nbformat']}; open and save it in JupyterLab to get 4"
            )
        cells = raw["cells"]
    except (json.JSONDecodeError, KeyError, TypeError) as error:
        raise UntidyNotebookError(f"{name}: not a notebook ({error!r})") from error

    for cell in cells:
        cell["source"] = _joined(cell["source"]).strip("\n")
        cell["metadata"] = _kept_metadata(cell.get("metadata", {}))
        if cell["cell_type"] == "code":
            cell["outputs"], cell["execution_count"] = [], None
    _give_ids(cells)
    raw.update(metadata=copy.deepcopy(NOTEBOOK_METADATA), nbformat_minor=5)

    notebook = nbformat.reads(_ruff_format(json.dumps(raw), name), as_version=4)
    try:
        nbformat.validate(notebook)
    except nbformat.ValidationError as error:
        raise UntidyNotebookError(f"{name}: not a valid notebook: {error}") from error
    return nbformat.writes(notebook) + "\n"


def complaints(text: str, name: str = "notebook.ipynb") -> list[str]:
    """Say what is untidy about a notebook, one line for each kind; empty when it is tidy."""
    wanted = tidied(text, name)
    if text == wanted:
        return []
    now, then = json.loads(text), json.loads(wanted)
    found = []
    if now.get("metadata") != then["metadata"] or now.get("nbformat_minor") != 5:
        found.append("notebook metadata or format version")
    for number, (old, new) in enumerate(zip(now["cells"], then["cells"], strict=True), start=1):
        where = f"cell {number} ({new['id']})"
        if old.get("id") != new["id"]:
            found.append(f"{where}: no id, or an id that another cell has")
        if old.get("outputs") or old.get("execution_count") is not None:
            found.append(f"{where}: outputs or an execution count")
        if old.get("metadata", {}) != new["metadata"]:
            found.append(f"{where}: metadata {sorted(old.get('metadata', {}))}")
        if _joined(old["source"]) != _joined(new["source"]):
            found.append(f"{where}: source not as ruff formats it, or blank lines around it")
    return [f"{name}: {what}" for what in found or ["JSON not laid out as Jupyter writes it"]]


def _joined(source: str | list[str]) -> str:
    return source if isinstance(source, str) else "".join(source)


def _kept_metadata(metadata: dict) -> dict:
    return {key: metadata[key] for key in KEPT_CELL_METADATA & metadata.keys() if metadata[key]} | {
        # False is a statement for these two, not the lack of one.
        key: metadata[key]
        for key in ("deletable", "editable")
        if key in metadata
    }


def _give_ids(cells: list[dict]) -> None:
    # From the content and not at random, so that two people who tidy get the same notebook.
    taken: set[str] = set()
    for cell in cells:
        identity, attempt = cell.get("id"), 0
        while not identity or identity in taken:
            content = f"{attempt}{cell['cell_type']}{cell['source']}"
            identity = hashlib.sha256(content.encode()).hexdigest()[:8]
            attempt += 1
        cell["id"] = identity
        taken.add(identity)


def _ruff_format(text: str, name: str) -> str:
    ruff = [sys.executable, "-m", "ruff", "format", "--stdin-filename"]
    # Its folder decides on the length of lines; what lies elsewhere is treated as a lecture.
    path = Path(name).resolve()
    if not path.is_relative_to(PROJECT_ROOT / "notebooks"):
        path = PROJECT_ROOT / "notebooks" / path.name
    done = subprocess.run(
        [*ruff, str(path), "-"],
        input=text,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    if done.returncode:
        raise UntidyNotebookError(f"{name}: {done.stderr.strip()}")
    return done.stdout


def _selected(paths: Iterable[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            yield from find_notebooks(path)
        elif path.is_file():
            yield path
        else:
            raise UntidyNotebookError(f"{path}: no such notebook or folder")


def main(arguments: list[str] | None = None) -> int:
    """Tidy or check the notebooks named; give the exit status."""
    parser = argparse.ArgumentParser(description="Tidy the course's notebooks.")
    parser.add_argument("paths", nargs="*", type=Path, default=[PROJECT_ROOT / "notebooks"])
    parser.add_argument(
        "--check", action="store_true", help="change nothing, exit with 1 if untidy"
    )
    options = parser.parse_args(arguments)
    untidy = 0
    try:
        for path in _selected(options.paths):
            text = path.read_text(encoding="utf-8")
            found = complaints(text, str(path))
            if not found:
                continue
            untidy += 1
            if options.check:
                print(*found, sep="\n")
            else:
                with replace_when_complete(path) as temporary:
                    temporary.write_text(tidied(text, str(path)), encoding="utf-8", newline="\n")
                print(f"tidied {path}")
    except UntidyNotebookError as error:
        print(error, file=sys.stderr)
        return 2
    return 1 if options.check and untidy else 0


if __name__ == "__main__":
    sys.exit(main())
