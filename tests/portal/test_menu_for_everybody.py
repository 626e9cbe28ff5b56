"""Pages that are open to everybody show whoever is signed in the menu of the other pages."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agencies.grants import revoke
from agencies.permissions import Role
from tests.authentication.factor_steps import passworded
from tests.decisions.filling import text
from tests.statements import texts

pytestmark = pytest.mark.django_db

OPEN = ("/help/", "/contact/", "/privacy/", "/accessibility/")


def menu_of(page):
    """The menu as it stands, with whether an entry is that of the page."""
    assert page.status_code == 200
    return text(page).partition('id="navigation">')[2].partition("</ul>")[0]


@pytest.mark.parametrize(
    "who", ["requester", "officer", "trust_spoc", "trust_nurse", "administrator"]
)
@pytest.mark.parametrize("where", OPEN)
def test_whoever_is_signed_in_finds_the_menu_of_the_start_page(cast, signed_in, who, where):
    client = signed_in(who)
    menu = menu_of(client.get(where))
    assert "Who to call" in menu
    assert menu == menu_of(client.get("/"))
    assert "acting for <strong>" in text(client.get(where))


@pytest.mark.parametrize("where", OPEN)
def test_a_visitor_has_no_menu_and_it_costs_no_statement(cast, client, where):
    with CaptureQueriesContext(connection) as read:
        assert menu_of(client.get(where)) == ""
    asked = " ".join(texts(read))
    for table in (
        "signed_in_session",
        "agencies_membership",
        "agencies_user",
        "requests_app",
        "set_config",
    ):
        assert table not in asked
    assert len(read) <= 2


def test_whoever_belongs_to_no_agency_reads_them_without_a_menu(cast, signed_in):
    client = signed_in("police_partner")
    revoke(cast.users["police_partner"], Role.PARTNER, cast.agencies["police"])
    assert client.get("/").status_code == 403
    for where in OPEN:
        assert menu_of(client.get(where)) == ""


def test_before_the_second_factor_nobody_acts(cast, settings):
    settings.SECOND_FACTOR_REQUIRED = True
    client = passworded(cast.users["trust_spoc"])
    page = client.get("/accessibility/")
    assert menu_of(page) == ""
    assert "acting for <strong>" not in text(page)
    assert client.get("/help/").status_code == 302


def test_they_still_take_no_post(cast, signed_in):
    for where in OPEN:
        assert signed_in("requester").post(where, {"acting_for": "nonsense"}).status_code == 405
