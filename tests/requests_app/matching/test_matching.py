"""Possible matches: found by tokens, scored in memory, shown to the front door alone."""

from datetime import date

import pytest
from django.urls import reverse

from audit.models import AccessEntry
from requests_app.asking import actions as asking
from requests_app.matching.scoring import likeness
from requests_app.models import InformationRequest, MatchToken, Subject
from requests_app.people import actions as people
from requests_app.triage import actions as triage
from tests import walks

pytestmark = pytest.mark.django_db


def text(response):
    return response.content.decode()


def at(case):
    return reverse("requests:matches", args=[case.pk])


def sent(cast, *, risk=None, **child):
    draft = walks.a_draft(cast, **child)
    if risk:
        person = draft.subjects.get(role="risk")
        people.change_subject(person, by=cast.requester, details={"given_name": risk})
        draft = InformationRequest.objects.get(pk=draft.pk)
    return asking.send_request(draft, by=cast.requester)


def unlike(**more):
    """A child that nothing else of these tests is like."""
    return {
        "given_name": "Quill",
        "family_name": "Invented",
        "date_of_birth": date(2009, 1, 2),
        "nhs_number": "",
        "address": "",
        **more,
    }


@pytest.fixture
def officer(signed_in):
    return signed_in("officer")


def test_the_same_number_is_found_and_named_as_the_reason(cast, officer):
    case, other = sent(cast), sent(cast, **unlike(nhs_number="999 000 0018"))
    page = text(officer.get(at(case)))
    assert other.reference in page
    assert "Same NHS number" in page
    assert "Quill Invented" in page


def test_a_similar_name_and_the_same_year_are_found(cast, officer):
    case = sent(cast, nhs_number="")
    alike = unlike(family_name="Exampel", given_name="Zedd", date_of_birth=date(2015, 9, 9))
    other = sent(cast, **alike)
    page = text(officer.get(at(case)))
    assert other.reference in page
    assert "Similar name and same year of birth" in page


def test_nothing_alike_says_so(cast, officer):
    case, other = sent(cast), sent(cast, risk="Otto", **unlike())
    page = text(officer.get(at(case)))
    assert "No possible match was found" in page
    assert other.reference not in page


def test_a_surname_alone_is_no_match(cast, officer):
    case = sent(cast, nhs_number="")
    sent(cast, risk="Otto", **unlike(family_name="Example"))
    assert "No possible match was found" in text(officer.get(at(case)))


def test_the_search_and_each_look_are_noted(cast, officer):
    case, other = sent(cast), sent(cast)
    officer.get(at(case))
    me = str(cast.users["officer"].pk)
    assert AccessEntry.objects.filter(case_id=case.pk, kind="searched", person=me).count() == 1
    assert AccessEntry.objects.filter(case_id=other.pk, kind="opened", person=me).count() == 1


def test_nobody_else_sees_matches(cast, signed_in):
    case = sent(cast)
    sent(cast)
    for name in ("requester", "school_spoc", "trust_spoc", "police_partner"):
        assert signed_in(name).get(at(case)).status_code == 404


def test_drafts_match_nothing_and_declined_requests_as_long_as_they_are_kept(cast, officer):
    case = sent(cast)
    draft = walks.a_draft(cast)
    declined = triage.decline_request(sent(cast), by=cast.officer, reason="No purpose")
    page = text(officer.get(at(case)))
    assert draft.reference not in page
    assert declined.reference in page
    assert "Declined" in page
    assert MatchToken.objects.filter(case=declined).exists()
    asking.discard_draft(draft, by=cast.requester)
    assert not MatchToken.objects.filter(case=draft).exists()


def test_tokens_follow_the_person(cast):
    case = walks.a_draft(cast)
    child = case.subjects.get(role="child")
    before = set(MatchToken.objects.filter(subject=child).values_list("kind", flat=True))
    of_the_rest = {"surname_and_year", "forename_and_birth", "full_name", "name", "birth"}
    assert {"nhs_number", *of_the_rest, "address", "place"} == before
    people.change_subject(child, by=cast.requester, details={"nhs_number": ""})
    after = set(MatchToken.objects.filter(subject=child).values_list("kind", flat=True))
    assert after == before - {"nhs_number"}
    people.remove_subject(Subject.objects.get(pk=child.pk), by=cast.requester)
    assert not MatchToken.objects.filter(subject=child).exists()


def test_a_token_holds_nothing_that_can_be_read(cast):
    sent(cast)
    for token in MatchToken.objects.all():
        assert len(bytes(token.token)) == 32
        assert b"Zed" not in bytes(token.token)


def test_it_suggests_and_changes_nothing(cast, officer):
    case, other = sent(cast), sent(cast)
    before = {c.pk: c.version for c in InformationRequest.objects.all()}
    officer.get(at(case))
    assert {c.pk: c.version for c in InformationRequest.objects.all()} == before
    assert officer.post(at(case)).status_code == 405
    assert other.subjects.count() == 2


def test_as_many_queries_for_eleven_matches_as_for_one(cast, officer, flat):
    case = sent(cast)
    flat(lambda: officer.get(at(case)), add=lambda: sent(cast))


def person(**details):
    return Subject(**({"given_name": "Zed", "family_name": "Example"} | details))


BORN = date(2015, 3, 27)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ({"family_name": "Łukasz"}, {"family_name": "Lukasz"}, "same name"),
        ({"given_name": "Zoë"}, {"given_name": "Zoe"}, "same name"),
        ({"family_name": "Ковальчук"}, {"family_name": "Kovalchuk"}, "same name"),
        ({"family_name": "سلمان"}, {"family_name": "Salman"}, "similar name"),
        ({"family_name": "سلمان"}, {"family_name": "حسين"}, "similar first name"),
    ],
)
def test_a_name_is_compared_in_latin_script(one, other, same):
    assert [str(reason) for reason in likeness(person(**one), person(**other)).reasons] == [same]


def test_a_name_with_letters_of_its_own_is_found(cast, officer):
    case = sent(cast, nhs_number="", given_name="Łucja", family_name="Wałęsa-Błoch")
    other = sent(cast, nhs_number="", given_name="Lucja", family_name="Walesa-Bloch")
    page = text(officer.get(at(case)))
    assert other.reference in page
    assert "Same name and same date of birth" in page


@pytest.mark.parametrize(
    ("one", "other", "reasons"),
    [
        ({"nhs_number": "9990000018"}, {"nhs_number": "999 000 0018", "given_name": ""}, True),
        ({"date_of_birth": BORN}, {"date_of_birth": BORN}, True),
        ({"date_of_birth": BORN}, {"date_of_birth": BORN, "family_name": "Éxample"}, True),
        ({"date_of_birth": BORN}, {"date_of_birth": date(1999, 1, 1)}, False),
        (
            {"date_of_birth": BORN},
            {"date_of_birth": BORN, "given_name": "Mo", "family_name": "Quux"},
            False,
        ),
    ],
)
def test_what_counts_as_alike(one, other, reasons):
    found = likeness(person(**one), person(**other))
    assert found.is_shown is reasons
    assert found.reasons or not reasons
