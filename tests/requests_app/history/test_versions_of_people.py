"""The link to the versions of a person: where there is more than one to read, at no cost."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from requests_app.asking import actions as asking
from requests_app.models import InformationRequest, Subject
from requests_app.people import actions as subjects
from requests_app.triage import actions as triage
from tests import walks
from tests.decisions.filling import text
from tests.statements import texts

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(signed_in):
    return signed_in("officer")


def to(name, case, *more):
    return reverse(f"requests:{name}", args=[case.pk, *more])


def linked(officer, case):
    """Whose versions the page of the request leads to; each has more than one, and nobody else."""
    page = text(officer.get(to("triage_case", case)))
    found = set()
    for person in Subject.objects.filter(case=case, status="current"):
        there = to("person_history", case, person.pk)
        versions = officer.get(there).context["history"].versions
        assert (there in page) == (len(versions) > 1), person.name
        if there in page:
            found.add(person.given_name)
    return found


def change(cast, person, **details):
    subjects.change_subject(Subject.objects.get(pk=person.pk), by=cast.requester, details=details)


def returned(cast, case):
    case = InformationRequest.objects.get(pk=case.pk)
    return triage.return_request(
        case, by=cast.officer, idempotency_key=uuid4(), questions=["Which school?"]
    )


def sent_again(cast, case):
    asked = case.clarifications.get(status="asked")
    asking.answer_clarification(asked, by=cast.requester, answer="See there")
    asking.send_request(InformationRequest.objects.get(pk=case.pk), by=cast.requester)


@pytest.mark.clause("P-RECORD", part=True)
def test_a_change_in_the_draft_makes_no_link(cast, officer):
    case = walks.a_draft(cast)
    change(cast, case.subjects.get(role="child"), upn="B801200005001")
    case = walks.sent(cast, case)
    assert linked(officer, case) == set()


@pytest.mark.clause("P-RECORD", part=True)
def test_a_change_after_it_was_sent_makes_one(cast, officer):
    case = walks.sent(cast)
    returned(cast, case)
    change(cast, case.subjects.get(role="child"), upn="B801200005001")
    late = {"given_name": "Una", "relationship": "Aunt"}
    aunt = subjects.add_subject(
        case, by=cast.requester, idempotency_key=uuid4(), role="connected", details=late
    )
    sent_again(cast, case)
    assert linked(officer, case) == {"Zed"}
    returned(cast, case)
    change(cast, aunt, address="1 Invented Street")
    sent_again(cast, case)
    assert linked(officer, case) == {"Zed", "Una"}


def test_it_costs_no_statement(cast, officer):
    """Whether there are versions comes with the people themselves."""
    case = walks.sent(cast)
    officer.get(to("triage_case", case))
    with CaptureQueriesContext(connection) as read:
        officer.get(to("triage_case", case))
    people = [sql for sql in texts(read) if 'FROM "requests_app_subject"' in sql]
    of_versions = [sql for sql in texts(read) if "requests_app_historicalsubject" in sql]
    assert of_versions == people[: len(of_versions)]
    assert len(of_versions) == 1
