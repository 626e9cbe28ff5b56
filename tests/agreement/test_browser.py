"""The agreement's pages in a real browser: states in one line, and no text twice on a phone."""

import pytest
from django.urls import reverse

from tests.agreement import walks as editions
from tests.requests_app.break_glass.test_break_glass_browser import WIDTHS, browse

pytestmark = [pytest.mark.browser, pytest.mark.clause("ISA-10", part=True)]
LINES = "tag => tag.getBoundingClientRect().height / parseFloat(getComputedStyle(tag).lineHeight)"


@pytest.mark.parametrize("width", WIDTHS)
def test_editions_and_their_comparison_are_read_at_any_width(
    live_server, cast, new_context, axe, width
):
    one = editions.edition_one(cast)
    text = one.text.replace("safeguarding", "keeping safe", 1)
    two = editions.proposed(cast, text=text, title="A title of many words, as partners write them")
    page = browse(new_context, live_server, cast, "police_partner", WIDTHS[width])
    page.goto(live_server.url + reverse("agreement:overview"))
    tag = page.locator(".portal-table .govuk-tag", has_text="In force")
    assert tag.first.evaluate(LINES) < 2
    axe(page)
    page.goto(live_server.url + reverse("agreement:compare", args=[one.pk, two.pk]))
    same = page.locator("td.portal-diff__same")
    assert same.count() > 3
    assert same.first.is_visible() is (width == "desktop")
    assert page.locator("del").first.is_visible()
    axe(page)
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert wide <= 0
