"""Printing a record in a real browser: an accessible page, and a file that is downloaded."""

import pytest

from decisions.printing import pdf
from requests_app.models import Release
from tests import walks
from tests.decisions.printing.printed import Printed, at
from tests.requests_app.break_glass.test_break_glass_browser import WIDTHS, browse

pytestmark = pytest.mark.browser


@pytest.mark.clause("ISA-6.1", part=True)
@pytest.mark.parametrize("width", WIDTHS)
def test_a_record_is_asked_for_and_downloaded(live_server, cast, new_context, axe, width):
    case = walks.released(cast)
    for who, what, row in (
        ("officer", "request", case),
        ("requester", "released", Release.objects.get()),
        ("trust_spoc", "check", case.agency_checks.get(holder=cast.agencies["trust"])),
    ):
        page = browse(new_context, live_server, cast, who, WIDTHS[width])
        page.set_default_timeout((pdf.SECONDS + pdf.PATIENCE) * 1_000)
        page.goto(f"{live_server.url}{at(what, row)}")
        axe(page)
        page.get_by_role("button", name="Make the file").click()
        page.get_by_role("link", name="Tick the box to confirm").click()
        axe(page)
        wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert wide <= 0
        page.get_by_label("I need this record").check()
        with page.expect_download() as got:
            page.get_by_role("button", name="Make the file").click()
        reference = getattr(row, "reference", case.reference)
        assert got.value.suggested_filename == f"record-{reference}.pdf"
        assert "OFFICIAL-SENSITIVE" in Printed(got.value.path().read_bytes()).text
