"""JupyterLab's kernels, which never start in a folder that a learner handed in.

A kernel takes modules from the folder of its notebook, before it runs a cell: an
``ipykernel_launcher.py`` in there would run as soon as somebody looks at the notebook in
JupyterLab. ``jupyter_lab_config.py`` names this.
"""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager

__all__ = ["KernelsApart"]

# What nbgrader and the course keep of learners, beside the instructor's own ``source``.
_OF_LEARNERS = {"submitted", "autograded", "feedback", "set_aside", "exchange"}


class KernelsApart(AsyncMappingKernelManager):
    """Jupyter's own, but for where kernels of learners' notebooks start: in an empty folder."""

    def cwd_for_path(self, path: str, **options: Any) -> str:
        """Give the folder that a kernel starts in.

        Parameters
        ----------
        path
            The folder of its notebook, seen from where JupyterLab started.
        """
        place = super().cwd_for_path(path, **options)
        return self._nowhere.name if _is_of_learners(Path(place)) else str(place)

    @cached_property
    def _nowhere(self) -> TemporaryDirectory[str]:
        return TemporaryDirectory(prefix="no-modules-here-")


def _is_of_learners(place: Path) -> bool:
    whole = place.resolve()
    return any(
        (folder / "source").is_dir() and whole.relative_to(folder).parts[0] in _OF_LEARNERS
        for folder in whole.parents
    )
