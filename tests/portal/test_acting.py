"""One person, several agencies, acting as one of them."""

import pytest

from agencies.bootstrap.unattended import join
from agencies.grants import revoke
from agencies.permissions import Role
from requests_app.models import InformationRequest

pytestmark = pytest.mark.django_db


@pytest.fixture
def nurse(cast, signed_in):
    """A partner's officer who is one at two agencies."""
    join(cast.users["police_partner"], Role.PARTNER, cast.agencies["board"])
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


@pytest.mark.clause("ISA-7.2", part=True)
def test_a_form_is_posted_for_the_agency_for_which_its_page_was_opened(cast, signed_in):
    """Somebody changes agency in another tab, and then posts what they had open before."""
    school, trust = cast.agencies["school"], cast.agencies["trust"]
    join(cast.users["requester"], Role.REQUESTER, trust)
    client = signed_in("requester")
    switch(client, school)
    page = client.get("/requests/").content.decode()
    assert f'name="acting_for" value="{school.pk}"' in page
    switch(client, trust)
    answer = client.post(
        "/requests/start/",
        {"idempotency_key": "5f0c1a52-8a3f-4b53-9d2e-1f3f1c7f9f10", "acting_for": school.pk},
    )
    assert answer.status_code == 302
    assert InformationRequest.objects.get().agency == school


@pytest.mark.parametrize("whose", ["police", "nonsense"])
def test_a_form_of_an_agency_that_is_no_longer_theirs_does_nothing(cast, signed_in, whose):
    idempotency_key = "5f0c1a52-8a3f-4b53-9d2e-1f3f1c7f9f10"
    agency = cast.agencies[whose].pk if whose in cast.agencies else whose
    answer = signed_in("requester").post(
        "/requests/start/",
        {"idempotency_key": idempotency_key, "acting_for": agency, "note": "What I had typed"},
    )
    assert answer.status_code == 409
    assert "What I had typed" in answer.content.decode()
    assert not InformationRequest.objects.exists()
