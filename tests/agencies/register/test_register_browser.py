"""Every page of the register in a real browser, wide and narrow: no rule of axe is broken."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from agencies.register import actions
from tests.agencies.register_files.test_register_files import NEW, as_csv
from tests.register import listed

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, databases=["default", "keystore"]),
]
WIDTHS = (1280, 375)


@pytest.mark.clause("ISA-10", part=True)
def test_the_pages_of_the_register_break_no_rule(cast, live_server, page, axe, signed_in, tmp_path):
    agency, twin = listed(cast), listed(cast, name="Anytown Ash School again")
    today = timezone.localdate()
    actions.plan_closure(
        agency,
        by=cast.administrator,
        idempotency_key=uuid4(),
        starts=today,
        ends=today + timedelta(days=20),
        answers="Anytown Council, education safeguarding",
        answers_phone="0151 496 9900",
        answers_email="education@council.example",
    )
    for cookie in signed_in("administrator").cookies.values():
        told = {"name": cookie.key, "value": cookie.value, "url": live_server.url}
        page.context.add_cookies([told])

    def look():
        for wide in WIDTHS:
            page.set_viewport_size({"width": wide, "height": 900})
            axe(page)
            width = "document.documentElement.scrollWidth"
            assert page.evaluate(width) <= wide, page.url

    def go(name, *args, more=""):
        page.goto(live_server.url + reverse(f"agencies:{name}", args=args) + more)
        look()

    for name in ("register", "agency_add", "partnership", "register_files", "calls"):
        go(name)
    for name in ("agency", "agency_change", "agency_close", "agency_leave", "call"):
        go(name, agency.pk)
    go("agency_post", agency.pk, "spoc")
    go("agency_merge", twin.pk)
    go("agency_merge", twin.pk, more=f"?into={agency.pk}")
    go("agency_add")
    with page.expect_navigation():
        page.get_by_role("button", name="Add the agency").click()
    look()
    for row in (NEW, NEW | {"kind": "circus"}):
        (tmp_path / "register.csv").write_bytes(as_csv(row))
        go("register_files")
        page.set_input_files("input[type=file]", str(tmp_path / "register.csv"))
        with page.expect_navigation():
            page.get_by_role("button", name="Check the file").click()
        look()
