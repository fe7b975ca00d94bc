"""Run notebooks as learners do, and look into them: what every test of a lecture shares."""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import nbformat
import pytest
from nbclient import NotebookClient
from nbconvert.preprocessors import CoalesceStreamsPreprocessor
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell

from course_utils.lectures import read_lecture

PROJECT_ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted((PROJECT_ROOT / "notebooks").glob("[0-9]*.ipynb"))
START_PAGE = PROJECT_ROOT / "notebooks" / "00_start_here.ipynb"
TEMPLATES = [path for path in NOTEBOOKS if path != START_PAGE and read_lecture(path).is_template]
LECTURES = [path for path in NOTEBOOKS if path not in (START_PAGE, *TEMPLATES)]
WORLDS = ("photographs", "paintings")
"""A world is what the course's pictures are on this machine."""

# Python imports this module before anything else: sockets lead nowhere from then on.
NO_NETWORK = """
import socket

def _refuse(*args, **kwargs):
    raise OSError("a notebook must run without a network, but reached for " + repr(args[-1]))

class _OfflineSocket(socket.socket):
    def connect(self, address):
        inet = self.family in (socket.AF_INET, socket.AF_INET6)
        if inet and address[0] not in ("127.0.0.1", "::1"):
            _refuse(address)
        return super().connect(address)

socket.socket = _OfflineSocket
socket.getaddrinfo = _refuse
"""


class Run(NamedTuple):
    """One executed notebook."""

    notebook: NotebookNode
    processor_seconds: float

    def outputs(self, kind: str | None = None) -> list[NotebookNode]:
        """Give all outputs in order, or those of one kind of cell output."""
        cells = [cell for cell in self.notebook.cells if cell.cell_type == "code"]
        outputs = [output for cell in cells for output in cell.outputs]
        return [output for output in outputs if kind in (None, output.output_type)]

    def said(self) -> str:
        """Give the texts of all outputs, one a line."""
        return "\n".join(text_of(output) for output in self.outputs())

    def outputs_of(self, cell_id: str) -> list[NotebookNode]:
        """Give the outputs of one cell."""
        (cell,) = [cell for cell in self.notebook.cells if cell.id == cell_id]
        return cell.outputs


def text_of(output: NotebookNode) -> str:
    data = output.get("data", {})
    return output.get("text") or data.get("text/markdown") or data.get("text/plain") or ""


def execute(notebook: NotebookNode, data: Path, folder: Path) -> Run:
    """Execute a notebook in a kernel of its own that has no network and these data."""
    (folder / "sitecustomize.py").write_text(NO_NETWORK, encoding="utf-8")
    environment = {name: os.environ[name] for name in os.environ if name != "COURSE_DATA_MIRROR"}
    environment |= {
        "COURSE_DATA": str(data),
        # On a busy machine threads that wait for each other would count as work.
        "OMP_NUM_THREADS": "1",
        "PYTHONPATH": str(folder),
        # nbgrader's tools, which the start page looks for, lie beside this Python.
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
    }
    notebook.cells.append(new_code_cell("import time; print(time.process_time())"))
    client = NotebookClient(
        notebook,
        timeout=600,
        kernel_name="python3",
        resources={"metadata": {"path": str(PROJECT_ROOT / "notebooks")}},
    )
    client.execute(env=environment)
    seconds = float(notebook.cells.pop().outputs[0].text)
    # A busy kernel sends what a cell printed in several pieces, cut anywhere.
    whole, _ = CoalesceStreamsPreprocessor().preprocess(notebook, {})
    return Run(whole, seconds)


def read(path: Path) -> NotebookNode:
    return nbformat.read(path, as_version=4)


def texts(path: Path) -> dict[str, str]:
    """Give the Markdown cells of a notebook by their ids."""
    return {cell.id: cell.source for cell in read(path).cells if cell.cell_type == "markdown"}


def name_of(path: Path) -> str:
    return path.stem


in_each_world = pytest.mark.parametrize("world", WORLDS)
each_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=name_of)
each_lecture = pytest.mark.parametrize("path", LECTURES, ids=name_of)


def executed(test: Callable) -> Callable:
    """Mark a test that needs executed notebooks."""
    return pytest.mark.notebook(pytest.mark.slow(test))
