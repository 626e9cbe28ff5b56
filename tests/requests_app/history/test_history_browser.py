"""Versions and looks in a real browser: accessible, and never too wide."""

import os
from pathlib import Path

import pytest
from django.utils import timezone

from tests import walks
from tests.requests_app.break_glass.test_break_glass_browser import WIDTHS, browse

pytestmark = pytest.mark.browser
DAYS = ("since", "until")


@pytest.mark.clause("P-RECORD", part=True)
@pytest.mark.parametrize("width", WIDTHS)
def test_every_page_is_accessible(live_server, cast, new_context, axe, width):
    case = walks.released(cast)
    check = case.agency_checks.get(holder=cast.agencies["trust"])
    decision, item = check.decisions.get(), check.items.get()
    child, today = case.subjects.get(role="child"), timezone.localdate()
    days = [(f"{n}_day={today.day}&{n}_month={today.month}&{n}_year={today.year}") for n in DAYS]
    asked = "&".join([f"email={cast.users['officer'].email}", *days])
    pages = {
        "officer": [
            f"/versions/requests/{case.pk}/",
            f"/who-has-looked/requests/{case.pk}/",
            f"/who-has-looked/requests/{case.pk}/children/{child.pk}/?kind=opened",
        ],
        "desk_lead": ["/seen/", f"/seen/?{asked}", "/seen/?email=x"],
        "trust_spoc": [
            f"/versions/checks/{check.pk}/",
            f"/versions/information/{item.pk}/",
            f"/versions/decisions/{decision.pk}/",
            f"/versions/decisions/{decision.pk}/?new=1",
            f"/who-has-looked/checks/{check.pk}/?kind=opened",
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
