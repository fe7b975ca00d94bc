"""A server extension for JupyterLab: what a page makes a browser ask Formgrader for stays harmless.

nbgrader's ``/formgrader/?path=FOLDER`` runs the ``nbgrader_config.py`` of that folder as whoever
started JupyterLab, and any page can make their browser ask for it; a file that was handed in is
given out as it is, to run in JupyterLab's own name. ``jupyter_server_config.d`` names this
extension, which answers these two addresses before nbgrader does.
"""

from __future__ import annotations

from typing import Any

from jupyter_server.utils import url_path_join
from nbgrader.server_extensions.formgrader.base import BaseHandler
from nbgrader.server_extensions.formgrader.handlers import (
    FormgraderHandler,
    SubmissionFilesHandler,
)
from tornado import web

__all__ = ["HandedIn", "ThisCourse"]


class ThisCourse(FormgraderHandler):
    """Formgrader's first page, for the course that JupyterLab was started with."""

    def get(self) -> None:
        """Show it.

        Raises
        ------
        tornado.web.HTTPError
            403 for another folder.
        """
        if self.get_argument("path", ""):
            raise web.HTTPError(
                403,
                "Formgrader would run the nbgrader_config.py of this folder. To grade another "
                "course folder: make teach course=NAME.",
            )
        super().get()

    def write_error(self, status_code: int, **options: Any) -> None:
        """Show what was wrong: nbgrader's own page for 403 says "not authorized", and no more."""
        super(BaseHandler, self).write_error(status_code, **options)


class HandedIn(SubmissionFilesHandler):
    """A file that was handed in: a page among them runs no script in JupyterLab's name."""

    def set_extra_headers(self, path: str) -> None:
        """Have browsers keep it apart."""
        self.set_header("Content-Security-Policy", "sandbox; default-src 'none'; img-src data:")


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": __name__}]


def _load_jupyter_server_extension(server: Any) -> None:
    """Answer first: Jupyter loads extensions by the order of their names, nbgrader's later."""
    base = server.web_app.settings["base_url"]
    leads_on = "(?:next|prev)(?:_incorrect)?/?$"  # to another submission
    own = {
        "formgrader/?": ThisCourse,
        # nbgrader takes any number of slashes for one.
        f"formgrader/submissions/(?!components/)(/*[^/]+/+(?!{leads_on}).+)": HandedIn,
    }
    server.web_app.add_handlers(
        ".*$", [(url_path_join(base, place), handler) for place, handler in own.items()]
    )
