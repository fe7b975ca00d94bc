"""Let docstrings say ``course_utils.ImageSet`` for what lives in ``course_utils.images``.

Readers import from the package itself, so that is how docstrings name things; the reference pages
are made from the modules, one by one.
"""

import re
from typing import Any

from docutils import nodes
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

import course_utils


def resolve(
    app: Sphinx, env: BuildEnvironment, reference: pending_xref, shown: nodes.Element
) -> nodes.Node | None:
    """Find the page of a name that was given by its short path."""
    path = re.fullmatch(r"course_utils\.(\w+)((?:\.\w+)*)", reference.get("reftarget", ""))
    if path is None or reference.get("refdomain") != "py":
        return None
    module = getattr(getattr(course_utils, path[1], None), "__module__", None)
    if module is None:
        return None
    python = env.get_domain("py")
    return python.resolve_xref(
        env,
        reference["refdoc"],
        app.builder,
        reference["reftype"],
        f"{module}.{path[1]}{path[2]}",
        reference,
        shown,
    )


def setup(app: Sphinx) -> dict[str, Any]:
    """Tell Sphinx."""
    app.connect("missing-reference", resolve)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
