"""The pages of retention in a real browser: accessible, and never too wide."""

import pytest

from retention.models import Disposal, DisposalList, DisposalStatement
from tests.requests_app.break_glass.test_break_glass_browser import WIDTHS, browse
from tests.retention import walks

pytestmark = pytest.mark.browser


@pytest.fixture
def settled(cast):
    """Something on every page."""
    gone = walks.closed(cast)
    walks.destroyed(cast, gone)
    kept, waiting, due = (walks.closed(cast) for _ in range(3))
    walks.held(cast, kept)
    walks.held(cast, kept, "trust_manager")
    walks.served(cast, kept)
    walks.disposing.list_for_disposal([waiting], by=cast.officer, idempotency_key=kept.pk)
    return gone, kept, due


@pytest.mark.clause("ISA-10", part=True)
@pytest.mark.parametrize("width", WIDTHS)
def test_every_page_is_accessible(live_server, cast, settled, new_context, axe, width):
    gone, kept, due = settled
    check = kept.agency_checks.get(holder=cast.agencies["trust"])
    listed = DisposalList.objects.get(status="listed")
    certificate = Disposal.objects.get(status="destroyed")
    statement = DisposalStatement.objects.get(agency=cast.agencies["trust"])
    pages = {
        "officer": [
            "/disposals/",
            "/disposals/due/",
            f"/disposals/{listed.pk}/",
            *[f"/kept/requests/{case.pk}/" for case in (gone, kept, due)],
            f"/kept/requests/{kept.pk}/hold/",
        ],
        "desk_lead": [
            "/",
            f"/disposals/{listed.pk}/",
            f"/disposals/certificates/{certificate.pk}/",
        ],
        "requester": [f"/kept/requests/{kept.pk}/", f"/kept/requests/{due.pk}/"],
        "trust_manager": [
            f"/kept/checks/{check.pk}/",
            f"/kept/checks/{check.pk}/hold/",
            "/statements/",
            f"/statements/{statement.pk}/",
        ],
        "administrator": ["/retention/", f"/retention/agencies/{check.holder_id}/"],
    }
    said = []
    for who, paths in pages.items():
        page = browse(new_context, live_server, cast, who, WIDTHS[width])
        page.on("console", lambda m: said.append(m.text) if m.type in {"error", "warning"} else 0)
        for path in paths:
            page.goto(f"{live_server.url}{path}")
            axe(page)
            wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
            assert wide <= 0, f"{path} is {wide} pixels too wide"
    assert said == []
