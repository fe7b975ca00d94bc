"""Let links that a notebook *prints* lead to pages of the website.

The start page prints the list of lectures, with links to the notebooks beside it. Links in its text
are resolved when it is read; those in an output stay as they were printed, until here.
"""

import posixpath
import re
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx


def lead_to_pages(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Point links to notebooks that are pages of the website at these pages."""
    for link in doctree.findall(nodes.reference):
        notebook = re.fullmatch(r"([\w./-]+)\.ipynb", link.get("refuri", ""))
        if notebook is None:
            continue
        target = posixpath.normpath(posixpath.join(posixpath.dirname(docname), notebook[1]))
        if target in app.env.found_docs:
            link["refuri"] = app.builder.get_relative_uri(docname, target)


def setup(app: Sphinx) -> dict[str, Any]:
    """Tell Sphinx."""
    app.connect("doctree-resolved", lead_to_pages)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
