"""One person, several agencies, acting as one of them."""

import pytest

from agencies.holding import grant, revoke
from agencies.permissions import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def nurse(cast, signed_in):
    """A partner's officer who is one at two agencies."""
    grant(cast.users["police_partner"], Role.PARTNER, cast.agencies["board"])
    return signed_in("police_partner")


def acts_for(client) -> str:
    page = client.get("/").content.decode()
    return page.partition("acting for <strong>")[2].partition("</strong>")[0]


def switch(client, agency, **more):
    return client.post("/acting/", {"agency": str(agency.pk)}, **more)


def test_the_choice_is_kept_and_said(cast, nurse):
    assert acts_for(nurse) == "Anytown Care Board"  # the first by name
    answer = switch(nurse, cast.agencies["police"], follow=True)
    assert answer.redirect_chain == [("/", 302)]
    assert "You now act for Anytown Police." in answer.content.decode()
    assert acts_for(nurse) == "Anytown Police"


@pytest.mark.parametrize("wanted", ["", "nonsense", "\x00", "00000000-0000-0000-0000-000000000000"])
def test_nonsense_is_refused_and_changes_nothing(nurse, wanted):
    before = acts_for(nurse)
    assert nurse.post("/acting/", {"agency": wanted}).status_code == 404
    assert acts_for(nurse) == before


def test_nobody_acts_for_an_agency_that_is_not_theirs(cast, nurse):
    before = acts_for(nurse)
    assert switch(nurse, cast.agencies["trust"]).status_code == 404
    assert acts_for(nurse) == before


def test_a_role_that_is_taken_away_is_gone_on_the_next_page(cast, nurse):
    switch(nurse, cast.agencies["police"])
    revoke(cast.users["police_partner"], Role.PARTNER, cast.agencies["police"])
    assert acts_for(nurse) == "Anytown Care Board"
    revoke(cast.users["police_partner"], Role.PARTNER, cast.agencies["board"])
    assert nurse.get("/").status_code == 403


def test_it_takes_a_post(nurse):
    assert nurse.get("/acting/").status_code == 405


def test_without_a_session_it_only_asks_to_sign_in(client, cast):
    answer = switch(client, cast.agencies["police"])
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/")
