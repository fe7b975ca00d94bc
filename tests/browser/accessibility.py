"""What axe-core, the usual judge of accessible pages, finds on a page."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

RULES = {
    "resultTypes": ["violations"],
    "runOnly": {
        "type": "tag",
        "values": [
            "wcag2a",
            "wcag2aa",
            "wcag21a",
            "wcag21aa",
            "wcag22aa",
            "best-practice",
            "experimental",
        ],
    },
}


def violations(page: Page) -> list[str]:
    """Name each rule of axe-core that the page breaks, with the first element that breaks it."""
    found = Axe().run(page, options=RULES).response["violations"]
    return [
        f"{rule['id']} ({rule['impact']}), {len(rule['nodes'])} times, first: "
        f"{rule['nodes'][0]['html'][:200]}"
        for rule in found
    ]


def set_colours(page: Page, scheme: str) -> None:
    """Let the website show itself ``"light"`` or ``"dark"``, as its switch would."""
    page.add_init_script(f"localStorage.mode = localStorage.theme = '{scheme}'")
