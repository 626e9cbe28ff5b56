"""The requester's own questions in a real browser: accessible, and never too wide."""

import os
from pathlib import Path
from uuid import uuid4

import pytest

from requests_app.models import InformationRequest
from requests_app.request_parts import actions as parts
from tests import walks
from tests.requests_app.break_glass.test_break_glass_browser import WIDTHS, browse
from tests.requests_app.release.test_own_questions import (
    NOTHING,
    OF_THE_DESK,
    release,
    shared,
    there,
)

pytestmark = pytest.mark.browser
LONG = "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch" * 4
MORE = (
    f"Has anybody at home been known under another name?\nFor instance {LONG}",
    "Which professionals see him each week, and who of them has spoken with him alone?",
)


@pytest.mark.parametrize("width", WIDTHS)
def test_the_questions_fit(live_server, cast, new_context, axe, width):
    draft = walks.a_draft(cast)
    for fact in MORE:
        parts.add_need(
            draft, by=cast.requester, idempotency_key=uuid4(), fact=fact, why="To keep him safe"
        )
    case = walks.accepted(cast, InformationRequest.objects.get(pk=draft.pk))
    first = release(cast, case, shared(cast, case, "housing", question=OF_THE_DESK))
    second = release(cast, case, shared(cast, case))
    page = browse(new_context, live_server, cast, "requester", WIDTHS[width])
    for number, package in enumerate((first, second)):
        page.goto(f"{live_server.url}{there(package)}")
        assert page.get_by_text(NOTHING).count() == len(MORE)
        if folder := os.environ.get("PICTURES"):
            page.screenshot(path=Path(folder) / f"own-{number}-{width}.png", full_page=True)
        axe(page)
        wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert wide <= 0, f"{wide} pixels too wide"
