"""Who has looked at the requests in which one child appears (ISA-7.2)."""

import pytest
from django.urls import reverse
from django.utils import timezone

from encryption.casekeys import destroy_case_key
from requests_app.access_log import selectors as lists
from requests_app.asking import actions as asking
from tests import walks

pytestmark = [pytest.mark.django_db, pytest.mark.clause("ISA-7.2", part=True)]


def there(case):
    child = case.subjects.get(role="child")
    return reverse("requests:child_access_log", args=[case.pk, child.pk])


def look(signed_in, who, case):
    return signed_in(who).get(reverse("requests:case", args=[case.pk]))


@pytest.fixture
def cases(cast):
    return walks.sent(cast), walks.sent(cast)


def references(answer):
    return {row.detail for row in answer.context["page"].rows}


def test_looks_at_every_request_with_the_child_are_told(signed_in, cast, cases):
    one, other = cases
    look(signed_in, "requester", one)
    look(signed_in, "classmate", other)
    answer = signed_in("officer").get(there(one))
    assert answer.status_code == 200
    assert references(answer) == {one.reference, other.reference}
    page = answer.content.decode()
    assert "Rita Requester" in page
    assert "Carl Classroom" in page
    assert "Was refused" in page
    assert "Zed" not in page
    listed = signed_in("officer").get(reverse("requests:access_log", args=[one.pk]))
    assert there(one) in listed.content.decode()


def test_a_request_with_another_child_is_left_out(signed_in, cast, cases):
    draft = walks.a_draft(cast, given_name="Ona", family_name="Quite", nhs_number="", upn="")
    other = asking.send_request(draft, by=cast.requester)
    look(signed_in, "requester", other)
    assert other.reference not in references(signed_in("officer").get(there(cases[0])))


def test_only_the_front_door_may_ask(signed_in, cast, cases):
    people = ("requester", "classmate", "school_spoc", "trust_spoc", "police_partner")
    for who in (*people, "administrator", "desk_lead"):
        assert signed_in(who).get(there(cases[0])).status_code == 404, who
    risk = cases[1].subjects.get(role="child")
    wrong = reverse("requests:child_access_log", args=[cases[0].pk, risk.pk])
    assert signed_in("officer").get(wrong).status_code == 404


def test_it_is_narrowed_by_kind_person_agency_and_days(signed_in, cast, cases):
    one = cases[0]
    look(signed_in, "requester", one)
    look(signed_in, "classmate", one)
    officer, today = signed_in("officer"), timezone.localdate()

    def people(**query):
        answer = officer.get(there(one), query)
        assert answer.status_code == 200
        return {str(row.who) for row in answer.context["page"].rows}

    assert people(kind="refused") == {"Carl Classroom"}
    assert people(email=cast.users["requester"].email.upper()) == {"Rita Requester"}
    assert people(agency=cast.agencies["front_door"].pk) == {str(cast.users["officer"])}
    assert people(email="no@body.example") == set()
    day = {"since_day": today.day, "since_month": today.month, "since_year": today.year}
    assert "Rita Requester" in people(**day)
    before = {"until_day": 1, "until_month": 1, "until_year": today.year - 1}
    assert people(**before) == set()


@pytest.mark.parametrize("query", ["kind=x", "agency=x", "email=%00", "since_day=40"])
def test_what_is_asked_wrongly_comes_back(signed_in, cases, query):
    assert signed_in("officer").get(f"{there(cases[0])}?{query}").status_code == 422


def test_a_long_list_is_in_pages_and_costs_the_same(signed_in, cases, flat, monkeypatch):
    one, officer = cases[0], signed_in("officer")
    flat(lambda: officer.get(there(one)), add=lambda: look(signed_in, "requester", one))
    real = lists.page_of
    monkeypatch.setattr(lists, "page_of", lambda *a, **k: real(*a, most=5, **k))
    page = officer.get(there(one)).content.decode()
    after = page.split("?after=")[1].split('"')[0]
    assert officer.get(f"{there(one)}?after={after}").content.decode() != page


def test_once_the_key_is_destroyed_who_looked_is_still_told(signed_in, cases):
    one = cases[0]
    look(signed_in, "requester", one)
    destroy_case_key(one.pk)
    assert "Rita Requester" in signed_in("officer").get(there(one)).content.decode()
    entries = signed_in("officer").get(reverse("requests:access_log", args=[one.pk]))
    assert entries.status_code == 200
