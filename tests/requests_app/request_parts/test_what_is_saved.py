"""What pages say of saving is what they do."""

import pytest

from requests_app.models import Consent, InformationRequest
from tests import walks
from tests.requests_app.people.test_particulars import one_line
from tests.requests_app.request_parts.test_request_parts import CONSENTS, to

pytestmark = pytest.mark.django_db

NEXT_PAGE = "Your answer is saved with the next page, not with this one."


@pytest.fixture
def client(signed_in):
    return signed_in("requester")


def consent_of(case):
    return Consent.objects.get(case=case).answer


def test_continue_saves_nothing_and_says_so(client, cast):
    case = walks.a_draft(cast)
    before = consent_of(case)
    page = one_line(client.get(to("consent", case)))
    assert NEXT_PAGE in page
    assert "Save and continue" not in page
    there = client.post(to("consent", case), {"answer": "given"}).url
    assert consent_of(case) == before != "given"
    details = one_line(client.get(there))
    assert "Save and continue" in details
    assert NEXT_PAGE not in details
    assert client.post(there, CONSENTS["given"]).status_code == 302
    assert consent_of(case) == "given"


def test_a_page_that_comes_back_is_not_saved_and_the_help_says_so(client, cast):
    case = walks.a_draft(cast)
    posted = {"purposes": [], "reason": "Typed anew"}
    assert client.post(to("purpose", case), posted).status_code == 422
    assert InformationRequest.objects.get(pk=case.pk).purpose_reason != "Typed anew"
    helping = one_line(client.get("/help/"))
    assert "One that comes back with a problem is not saved" in helping
    assert "“Continue” alone saves nothing" in helping
