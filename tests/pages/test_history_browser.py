"""Versions and looks in a real browser: accessible, and never too wide."""

import os
from pathlib import Path

import pytest

from tests import walks
from tests.pages.test_openings_browser import WIDTHS, browse

pytestmark = pytest.mark.browser


@pytest.mark.clause("P-RECORD")
@pytest.mark.parametrize("width", WIDTHS)
def test_every_page_is_accessible(live_server, cast, new_context, axe, width):
    case = walks.released(cast)
    check = case.enquiries.get(holder=cast.agencies["trust"])
    decision, item = check.decisions.get(), check.items.get()
    pages = {
        "officer": [f"/versions/requests/{case.pk}/"],
        "trust_spoc": [
            f"/versions/checks/{check.pk}/",
            f"/versions/information/{item.pk}/",
            f"/versions/decisions/{decision.pk}/",
            f"/versions/decisions/{decision.pk}/?new=1",
        ],
    }
    for who, paths in pages.items():
        page = browse(new_context, live_server, cast, who, WIDTHS[width])
        for number, path in enumerate(paths):
            page.goto(f"{live_server.url}{path}")
            if folder := os.environ.get("PICTURES"):
                page.screenshot(path=Path(folder) / f"v-{who}-{number}-{width}.png", full_page=True)
            axe(page)
            wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
            assert wide <= 0, f"{path} is {wide} pixels too wide"
