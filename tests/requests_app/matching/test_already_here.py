"""Is this child already here? Shown with the request without asking, and counted for lists."""

from datetime import date
from uuid import uuid4

import pytest
from django.urls import reverse

from audit.models import AccessEntry
from encryption.casekeys import destroy_case_key
from requests_app.asking import actions as asking
from requests_app.models import InformationRequest
from requests_app.people import actions as people
from requests_app.triage import actions as triage
from requests_app.triage.inbox import board
from tests import walks

pytestmark = pytest.mark.django_db
DESK = reverse("requests:inbox")
CHILD = {
    "given_name": "William",
    "family_name": "Weighmore",
    "date_of_birth": date(2013, 9, 2),
    "nhs_number": "",
}


def text(response):
    return response.content.decode()


def sent(cast, risk="", **child):
    """A request about this child, and about an adult whom no other request names."""
    draft = walks.a_draft(cast, **CHILD | child)
    adult = draft.subjects.get(role="risk")
    if risk:
        people.change_subject(adult, by=cast.requester, details={"given_name": risk})
    else:
        people.remove_subject(adult, by=cast.requester)
    draft = InformationRequest.objects.get(pk=draft.pk)
    return asking.send_request(draft, by=cast.requester)


def page_of(client, case):
    return text(client.get(reverse("requests:triage_case", args=[case.pk])))


@pytest.fixture
def officer(signed_in):
    return signed_in("officer")


@pytest.mark.parametrize(
    ("child", "reason"),
    [
        ({}, "Same name and same date of birth"),
        ({"given_name": "Bill"}, "Same name in another form and same date of birth"),
        ({"given_name": "Weighmore", "family_name": "William"}, "Same name, the other way round"),
        ({"date_of_birth": date(2013, 2, 9)}, "day and month of birth the other way round"),
        ({"date_of_birth": date(2012, 9, 2)}, "nearly the same date of birth"),
        ({"family_name": "Waymore"}, "same date of birth"),
        ({"given_name": "Wiliam", "family_name": "Weimore"}, "same date of birth"),
        ({"given_name": "Weihgmore", "family_name": "Wjlliam"}, "same date of birth"),
    ],
)
def test_a_request_says_that_its_child_may_be_known(cast, officer, child, reason):
    case, other = sent(cast), sent(cast, **child)
    page = page_of(officer, case)
    assert "May already be known here" in page
    assert other.reference in page
    assert reason in page


def test_a_request_that_is_over_counts_until_it_is_destroyed(cast, officer):
    case = sent(cast)
    over = triage.decline_request(sent(cast), by=cast.officer, reason="No purpose")
    page = page_of(officer, case)
    assert over.reference in page
    assert "declined" in page
    destroy_case_key(over.pk)
    assert over.reference not in page_of(officer, case)
    assert "May already be known here" not in page_of(officer, over)


def test_a_mother_without_a_date_of_birth_is_known_by_her_name(cast, officer):
    case = sent(cast, risk="Wanda")
    other = sent(cast, "Wanda", given_name="Quill", family_name="Quux")
    page = page_of(officer, case)
    assert other.reference in page
    assert "No date of birth to compare" in page


def test_brothers_and_sisters_stand_with_a_match_and_with_an_address(cast, officer):
    home = "Flat 2, 14 Elm Road, Anytown, AB1 2CD"
    case = sent(cast, address=home)
    again = sent(cast, given_name="Bill", risk="Otto")
    sister = sent(
        cast,
        given_name="Wanda",
        family_name="Quux",
        date_of_birth=date(2010, 5, 6),
        address="2/14 elm rd, Anytown",
    )
    neighbour = sent(
        cast,
        given_name="Nobody",
        family_name="Elsewhere",
        date_of_birth=date(2011, 5, 6),
        address="Flat 3, 14 Elm Road, Anytown, AB1 2CD",
    )
    every = reverse("requests:matches", args=[case.pk])
    for page in (page_of(officer, case), text(officer.get(every))):
        said = " ".join(page.split())
        assert again.reference in said
        assert "Also in that request: Otto Risk (" in said
        assert "Same address" in said
        assert sister.reference in said
        assert "Wanda Quux, " in said
        assert neighbour.reference not in said
    assert AccessEntry.objects.filter(case_id=sister.pk, kind="opened").count() == 2


def test_an_address_alone_is_said_with_the_request(cast, officer):
    case = sent(cast, address="14 Elm Road")
    other = sent(
        cast,
        given_name="Wanda",
        family_name="Quux",
        date_of_birth=date(2010, 5, 6),
        address="14 Elm Rd",
    )
    page = page_of(officer, case)
    assert "This address is in other requests" in page
    assert other.reference in page
    destroy_case_key(other.pk)
    assert other.reference not in page_of(officer, case)


def test_nothing_is_said_where_nobody_is_known(cast, officer):
    case = sent(cast)
    sent(cast, given_name="Quill", family_name="Quux", date_of_birth=date(2009, 1, 2))
    assert "May already be known here" not in page_of(officer, case)


def test_what_is_shown_is_noted_and_no_more(cast, officer):
    case, others = sent(cast), [sent(cast) for _ in range(4)]
    page = page_of(officer, case)
    shown = [each for each in others if each.reference in page]
    assert len(shown) == 3
    me = str(cast.users["officer"].pk)
    noted = AccessEntry.objects.filter(person=me, kind="opened").exclude(case_id=case.pk)
    assert {each.case_id for each in noted} == {each.pk for each in shown}


def test_the_page_asks_as_much_for_eleven_as_for_one(cast, officer, flat):
    case = sent(cast)
    flat(lambda: page_of(officer, case), add=lambda: sent(cast))


def listed(cast, *, by="officer"):
    """The requests of a desk of which the list says that somebody may be known."""
    rows = board(getattr(cast, by), {}).rows
    return {row.reference for row in rows if row.may_be_known}


def test_the_desk_says_whose_people_may_be_known(cast, officer):
    alone = sent(cast)
    assert listed(cast) == set()
    assert "Possible match" not in text(officer.get(DESK))
    renamed = sent(cast, family_name="Quux")
    nobody = sent(cast, given_name="Otto", family_name="Other", date_of_birth=date(2001, 1, 1))
    numbered = sent(cast, given_name="Quill", date_of_birth=None, nhs_number="999 000 0026")
    assert listed(cast) == {alone.reference, renamed.reference}
    other = sent(cast, given_name="Anon", date_of_birth=None, nhs_number="9990000026")
    assert {numbered.reference, other.reference} <= listed(cast)
    assert nobody.reference not in listed(cast)
    page = text(officer.get(DESK))
    assert page.count(">Possible match<") == 4
    assert f"{reverse('requests:triage_case', args=[alone.pk])}#matches-heading" in page


def test_the_desk_says_so_of_requests_that_are_over_and_not_of_drafts(cast):
    case, _draft = sent(cast), walks.a_draft(cast, **CHILD)
    assert listed(cast) == set()
    triage.decline_request(sent(cast), by=cast.officer, reason="No purpose")
    assert listed(cast) == {case.reference}


def test_the_desk_says_nothing_of_somebody_who_was_taken_out(cast):
    case, other = sent(cast), sent(cast)
    assert listed(cast) == {case.reference, other.reference}
    ask = {"question": "Who is it?"}
    triage.return_request(
        InformationRequest.objects.get(pk=other.pk),
        by=cast.officer,
        idempotency_key=uuid4(),
        questions=[ask["question"]],
    )
    people.remove_subject(other.subjects.get(role="child"), by=cast.requester)
    assert listed(cast) == set()


def test_the_desk_asks_as_much_for_eleven_as_for_one_and_opens_nothing(cast, officer, flat):
    sent(cast)
    flat(lambda: officer.get(DESK), add=lambda: sent(cast))
    assert text(officer.get(DESK)).count(">Possible match<") == 12
    assert not AccessEntry.objects.filter(person=cast.users["officer"].pk).exists()
