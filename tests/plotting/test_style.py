"""Drawing in the course's style leaves a notebook's own figures alone."""

import nbformat
import pytest

CELLS = [
    """
import matplotlib.pyplot as plt
import numpy as np
from course_utils.plotting import plot_images
""",
    "plot_images([np.zeros((4, 4, 3), 'uint8')]);",
    "fig, ax = plt.subplots()",
]


@pytest.mark.notebook
def test_a_notebook_still_shows_its_own_figures_after_one_of_the_courses():
    from nbclient import NotebookClient

    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(c) for c in CELLS])
    NotebookClient(notebook, timeout=120, kernel_name="python3").execute()
    kinds = [[output.output_type for output in cell.outputs] for cell in notebook.cells]
    assert kinds == [[], ["display_data"], ["display_data"]]
