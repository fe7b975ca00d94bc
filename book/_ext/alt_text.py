"""Carry a figure's text alternative from a notebook's output onto the website.

myst-nb reads an output's width and height from its metadata but not its ``alt``. With this
extension it does: a picture whose metadata says ``{"image/png": {"alt": "…"}}`` becomes
``<img alt="…">``. :mod:`course_utils.plotting.alt` puts the words there.

Switched on in ``_config.yml``::

    sphinx:
      local_extensions:
        alt_text: _ext
      config:
        alt_text_required: true

With ``alt_text_required`` a picture that nobody described is a warning, which names the cell. (Off
unless set.)
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from docutils import nodes
from myst_nb.core.render import MimeData, NbElementRenderer, load_mime_renders
from sphinx.application import Sphinx

PICTURE_FORMATS = ("image/png", "image/jpeg", "image/svg+xml")


class DescribedPictures:
    """A myst-nb renderer for pictures whose output metadata has an ``alt``."""

    mime_priority_overrides: ClassVar[Sequence[tuple[str, str, int | None]]] = ()

    @staticmethod
    def handle_mime(
        renderer: NbElementRenderer, data: MimeData, inline: bool
    ) -> list[nodes.Element] | None:
        """Render a described picture; give None, so that myst-nb does its own, for all else."""
        described = [mime for mime in PICTURE_FORMATS if _alt(data, mime)]
        if data.mime_type in described:
            pictures = renderer.render_image(data)
            for picture in pictures:
                picture["alt"] = _alt(data, data.mime_type)
            return pictures
        if data.mime_type == "text/html" and described:
            # The same picture again, for JupyterLab. As a file it need not be sent with the page.
            return []
        if data.mime_type in PICTURE_FORMATS:
            _remark_missing(renderer, data)
        return None


def _remark_missing(renderer: NbElementRenderer, data: MimeData) -> None:
    environment = renderer.renderer.sphinx_env
    by_hand = data.cell_metadata.get("mystnb", {}).get("image", {}).get("alt")
    if environment is None or not environment.config.alt_text_required or by_hand:
        return
    renderer.logger.warning(
        f"the picture below cell {(data.cell_index or 0) + 1} has no text alternative: "
        "call set_alt_text(figure, …) of course_utils.plotting where it is drawn",
        subtype="alt_text",
        line=data.line,
    )


def _alt(data: MimeData, mime: str) -> str:
    return str(data.output_metadata.get(mime, {}).get("alt", ""))


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the renderer with myst-nb."""
    app.add_config_value("alt_text_required", default=False, rebuild="env", types=[bool])
    renderers = load_mime_renders()
    if DescribedPictures not in renderers:
        renderers.insert(0, DescribedPictures)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
