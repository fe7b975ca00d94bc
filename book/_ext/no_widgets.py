"""Leave progress bars and widgets off the website.

Nothing progresses on a page, and a finished bar says a time that differs from build to build. To
draw a widget, a page would load scripts from another server. A figure with sliders comes with a
picture of itself.
"""

from typing import Any

from docutils import nodes
from myst_nb.core.render import MimeData, NbElementRenderer, load_mime_renders
from sphinx.application import Sphinx

WIDGET = "application/vnd.jupyter.widget-view+json"
BETWEEN_PICTURE_AND_PLAIN_TEXT = 95  # myst-nb ranks pictures 40 to 70, Markdown 80, plain text 100


class NoWidgets:
    """A myst-nb renderer that draws nothing for a widget or a bar; all else is myst-nb's."""

    # Ahead of the plain text that stands in for a widget, and behind a picture,
    # which is what a figure with sliders looks like without them.
    mime_priority_overrides = (("*", WIDGET, BETWEEN_PICTURE_AND_PLAIN_TEXT),)

    @staticmethod
    def handle_mime(
        renderer: NbElementRenderer, data: MimeData, inline: bool
    ) -> list[nodes.Element] | None:
        """Render a widget, or what ``course_utils._progress`` shows, as nothing."""
        progress = data.output_metadata.get("course_utils", {}).get("progress")
        if data.mime_type != WIDGET and not progress:
            return None
        # An empty list would be dropped, and the plain text chosen after all.
        return [nodes.raw("", "", format="html")]


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the renderer with myst-nb."""
    renderers = load_mime_renders()
    if NoWidgets not in renderers:
        renderers.insert(0, NoWidgets)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
