"""Put an assignment's locked cells back, and say so only where somebody had changed them."""

from __future__ import annotations

from typing import Any

from nbformat import NotebookNode
from nbgrader.api import MissingEntry
from nbgrader.preprocessors import ClearHiddenTests, OverwriteCells

__all__ = ["RestoreCells"]


class RestoreCells(OverwriteCells):
    """nbgrader's ``OverwriteCells``, silent about what is in order.

    A released test cell lacks the hidden tests, so it always differs from its source. nbgrader
    warns of each one ("checksum has changed"), and what a learner did change drowns in it.
    """

    def preprocess_cell(
        self, cell: NotebookNode, resources: dict[str, Any], cell_index: int
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """Put the source's version of one cell in place of the submitted one."""
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        try:
            source = self.gradebook.find_source_cell(name, self.notebook_id, self.assignment_id)
        except MissingEntry:
            source = None
        if source is not None and source.locked and cell.source == self._released(source):
            cell.source = source.source
        return super().preprocess_cell(cell, resources, cell_index)

    def report_change(self, name: str, attr: str, old: Any, new: Any) -> None:
        """Say in plain words which cell is not as it was released."""
        what = "its text" if attr == "checksum" else f"its {attr} ({old} became {new})"
        self.log.warning(
            "The learner changed the locked cell %s: %s. It is graded as it was released.",
            name,
            what,
        )

    def _released(self, source: Any) -> str:
        cell = NotebookNode(source=source.source)
        ClearHiddenTests(parent=self)._remove_hidden_test_region(cell)
        return str(cell.source)
