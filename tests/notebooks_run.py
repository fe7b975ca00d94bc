"""Run cells in a real kernel."""

import nbformat
from nbclient import NotebookClient


def run_cells(*cells: str) -> list[list[nbformat.NotebookNode]]:
    """Run cells one after the other, going on after an error; give what each one shows."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    NotebookClient(notebook, timeout=120, allow_errors=True, kernel_name="python3").execute()
    return [cell.outputs for cell in notebook.cells]
