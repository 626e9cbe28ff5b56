"""What is wrong with how a page is laid out: texts that overlap, overflow, break, or scroll it."""

from collections.abc import Iterable
from pathlib import Path

from playwright.sync_api import Page

WIDTHS = (1280, 768, 375, 320)
SCRIPT = (Path(__file__).parent / "measuring.js").read_text()


def faults_of(page: Page, widths: Iterable[int] = WIDTHS) -> list[str]:
    """Every fault of the page that is open, at each width; the window is resized in place."""
    found = []
    for width in widths:
        page.set_viewport_size({"width": width, "height": 900})
        found += [f"{width}: {fault}" for fault in page.evaluate(SCRIPT)]
    return found
