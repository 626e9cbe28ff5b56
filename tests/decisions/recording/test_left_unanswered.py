"""The last decision says that it sends the answer, and which questions nothing answers."""

from uuid import uuid4

import pytest
from django.urls import reverse

from decisions.flow import actions as deciding
from requests_app.agency_checks import actions as agency_checks
from requests_app.items import actions as items
from tests import walks
from tests.decisions.filling import at, text

pytestmark = pytest.mark.django_db
SENDS = "recording it sends your agency’s answer to the front door"
HEADING = "Questions that nothing on your list answers"
FOR_THE_DESK = "Questions that nothing here answers"
ANSWERED, UNANSWERED = "Seen at hospital?", "Any concern?"


def ready(cast, agency_check, item):
    decision = deciding.begin_decision(agency_check, by=cast.trust_spoc, idempotency_key=uuid4())
    walks.fill(decision, item, by=cast.trust_spoc)
    return decision


def below(page, heading):
    """The list under a heading, if it is there."""
    return page.split(heading)[1].split("</ul>")[0] if heading in page else ""


def test_the_last_says_that_it_sends_and_what_nothing_answers(cast, signed_in):
    page = text(signed_in("trust_spoc").get(at("record", walks.ready_to_share(cast))))
    assert SENDS in page
    assert "Record and send the answer" in page
    assert UNANSWERED in below(page, HEADING)
    assert ANSWERED not in below(page, HEADING)


def test_one_that_is_not_the_last_says_neither(cast, signed_in):
    agency_check = walks.taken(cast)
    (first,) = walks.listed(agency_check, cast.trust_spoc, "Attendance", special=True)
    decision = ready(cast, agency_check, first)
    (later,) = walks.listed(agency_check, cast.trust_spoc, "Notes")
    page = text(signed_in("trust_spoc").get(at("record", decision)))
    assert SENDS not in page
    assert "Record this decision" in page
    assert HEADING not in page
    items.drop_item(later, by=cast.trust_spoc)
    assert SENDS in text(signed_in("trust_spoc").get(at("record", decision)))


def test_what_was_taken_off_the_list_answers_nothing(cast, signed_in):
    agency_check = walks.taken(cast)
    (first,) = walks.listed(agency_check, cast.trust_spoc, "Attendance", special=True)
    second = items.list_item(
        agency_check,
        by=cast.trust_spoc,
        idempotency_key=uuid4(),
        title="Worries",
        question=next(each for each in agency_check.questions.all() if each.fact == UNANSWERED),
    )
    decision = ready(cast, agency_check, first)
    client = signed_in("trust_spoc")
    assert HEADING not in text(client.get(at("record", decision)))
    items.drop_item(second, by=cast.trust_spoc)
    assert UNANSWERED in below(text(client.get(at("record", decision))), HEADING)


def test_the_front_door_sees_what_nothing_answers(cast, signed_in):
    decision = walks.shared(cast)
    address = reverse("requests:check_for_desk", args=[decision.agency_check_id])
    page = text(signed_in("officer").get(address))
    assert UNANSWERED in below(page, FOR_THE_DESK)
    assert ANSWERED not in below(page, FOR_THE_DESK)


def test_not_known_answers_every_question(cast, signed_in):
    check = walks.taken(cast, "housing")
    address = reverse("requests:check_for_desk", args=[check.pk])
    assert FOR_THE_DESK not in text(signed_in("officer").get(address)), "it is still awaited"
    agency_checks.answer_not_known(check, by=cast.housing_spoc, searched="Tenancies")
    assert FOR_THE_DESK not in text(signed_in("officer").get(address))
