"""A number that fails its own check: a warning wherever it is read to be checked, never a stop."""

from uuid import uuid4

import pytest
from django.urls import reverse

from requests_app.asking import actions as asking
from requests_app.models import AgencyCheck, InformationRequest, Release
from tests import walks
from tests.decisions.filling import text
from tests.decisions.printing.printed import printed
from tests.requests_app.agency_checks.test_putting_checks import filled
from tests.requests_app.request_parts.test_request_parts import CHILD, to

pytestmark = pytest.mark.django_db

WRONG = {"nhs_number": "9990000019", "upn": "A801200005001"}
DOUBTS = ("NHS number does not look right", "(UPN) does not look right")


def doubted(response):
    """How often a page doubts each of the two numbers."""
    assert response.status_code == 200
    return counted(text(response))


def counted(said):
    return [said.count(words) for words in DOUBTS]


@pytest.fixture
def client(signed_in):
    return signed_in("requester")


@pytest.mark.clause("P-ACCURATE", part=True)
def test_it_warns_on_every_page_on_which_the_requester_checks_it(client, cast):
    case = walks.a_draft(cast, **WRONG)
    child, risk = case.subjects.get(role="child"), case.subjects.get(role="risk")
    pages = [to("child", case), to("person_change", case, child.pk), to("review", case)]
    for page in pages:
        for _ in range(2):  # not the first time only
            assert doubted(client.get(page)) == [1, 1], page
    assert doubted(client.get(to("others", case))) == [0, 0]
    assert doubted(client.get(to("person_change", case, risk.pk))) == [0, 0]
    assert client.post(to("send", case)).status_code == 302
    assert doubted(client.get(to("case", case))) == [1, 1]


@pytest.mark.clause("P-ACCURATE", part=True)
def test_the_front_door_and_who_gets_the_number_are_warned(cast, signed_in):
    case = walks.accepted(cast, walks.a_draft(cast, **WRONG))
    officer = signed_in("officer")
    for name in ("triage_case", "triage_checks"):
        answer = officer.get(to(name, case), follow=True)
        assert doubted(answer) == [1, 1], name
    shown = {"person_1": ["name", "nhs_number"]}
    assert officer.post(to("put_check", case), filled(cast, **shown)).status_code == 302
    check = reverse("requests:check", args=[AgencyCheck.objects.get().pk])
    assert doubted(signed_in("trust_spoc").get(check)) == [1, 0]


@pytest.mark.clause("P-ACCURATE", part=True)
def test_prints_warn_as_the_pages_do_that_they_are_of(cast, signed_in):
    case = walks.accepted(cast, walks.a_draft(cast, **WRONG))
    officer, spoc = signed_in("officer"), signed_in("trust_spoc")
    shown = {"person_1": ["name", "nhs_number"]}
    assert officer.post(to("put_check", case), filled(cast, **shown)).status_code == 302
    check = AgencyCheck.objects.get()
    assert doubted(officer.get(reverse("requests:check_for_desk", args=[check.pk]))) == [1, 0]
    record = printed(spoc, "check", check).text
    assert "999 000 0019 Warning: The NHS number does not look right. Check it;" in record
    assert counted(record) == [1, 0]
    # Of the person, and of what the agency was shown.
    assert counted(printed(officer, "request", case).text) == [2, 1]


@pytest.mark.clause("P-ACCURATE", part=True)
def test_so_does_the_print_of_what_was_asked_and_released(cast, client):
    walks.released(cast, walks.a_draft(cast, **WRONG))
    assert counted(printed(client, "released", Release.objects.get()).text) == [1, 1]


def test_a_right_number_is_doubted_nowhere(client, cast, signed_in):
    case = walks.a_draft(cast)
    child = case.subjects.get(role="child")
    for page in (to("child", case), to("person_change", case, child.pk), to("review", case)):
        assert doubted(client.get(page)) == [0, 0]
    asking.send_request(InformationRequest.objects.get(pk=case.pk), by=cast.requester)
    assert doubted(signed_in("officer").get(to("triage_case", case))) == [0, 0]
    released = walks.released(cast)
    assert "Warning" not in printed(signed_in("officer"), "request", released).text


def test_once_it_is_put_right_nothing_warns(client, cast):
    case = walks.a_draft(cast, **WRONG)
    page = to("person_change", case, case.subjects.get(role="child").pk)
    right = CHILD | {"nhs_number": "999 000 0018", "upn": "", "idempotency_key": str(uuid4())}
    assert doubted(client.post(page, right, follow=True)) == [0, 0]
    assert doubted(client.get(to("review", case))) == [0, 0]


def test_what_comes_back_with_errors_is_doubted_too(client, cast):
    case = walks.a_draft(cast)
    page = to("person_add", case, "child")
    answer = client.post(page, {"nhs_number": "999 000 0019", "upn": "B801200005001"})
    assert answer.status_code == 422
    assert DOUBTS[0] in text(answer)
    assert DOUBTS[1] not in text(answer)
