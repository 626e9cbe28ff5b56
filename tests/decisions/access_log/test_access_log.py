"""What one person saw between two times, by the agency it belonged to (ISA-7.2)."""

from datetime import date, timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from audit.record import Kind, log_access
from requests_app.models import InformationRequest
from tests import walks

pytestmark = [pytest.mark.django_db, pytest.mark.clause("ISA-7.2", part=True)]
HERE = "/seen/"


def ask(client, user, since=0, until=0, **times):
    today = timezone.localdate()
    query = {"email": user.email, **times}
    for name, days in (("since", since), ("until", until)):
        day = today + timedelta(days=days)
        query |= {
            f"{name}_day": day.day,
            f"{name}_month": day.month,
            f"{name}_year": f"{day.year:04}",
        }
    return client.get(HERE, query)


def said(answer):
    return {(row.owner, str(row.what)): row.entries for row in answer.context["rows"]}


@pytest.fixture
def case(cast):
    walks.released(cast)
    return InformationRequest.objects.get()


def test_looks_are_told_by_the_agency_that_owns_what_was_seen(signed_in, cast, case):
    check = case.agency_checks.get(holder=cast.agencies["trust"])
    signed_in("officer").get(reverse("requests:triage_case", args=[case.pk]))
    for _ in range(2):
        signed_in("officer").get(reverse("requests:check_for_desk", args=[check.pk]))
    decision = case.agency_checks.get(holder=cast.agencies["housing"]).decisions.get()
    at_decision = {"person": str(cast.users["officer"].pk), "may": "triage_request"}
    at_decision["agency"] = str(cast.agencies["front_door"].pk)
    log_access(Kind.PRINTED, decision, **at_decision)
    answer = ask(signed_in("desk_lead"), cast.users["officer"])
    found = said(answer)
    trust, housing = str(cast.agencies["trust"]), str(cast.agencies["housing"])
    assert found[trust, "Agency check"] == 2
    assert found[trust, "Piece of information"] == 2
    assert found[housing, "Decision"] == 1
    assert found[str(cast.agencies["school"]), "Information request"] == 1
    page = answer.content.decode()
    for words in ("Zed", case.reference, check.reference, "Attendance"):
        assert words not in page


def test_looks_before_and_after_are_left_out(signed_in, cast, case):
    signed_in("officer").get(reverse("requests:triage_case", args=[case.pk]))
    lead, officer = signed_in("desk_lead"), cast.users["officer"]
    assert said(ask(lead, officer))
    assert not said(ask(lead, officer, since=-9, until=-1))


def test_it_is_asked_to_the_minute(signed_in, cast, case):
    lead, officer = signed_in("desk_lead"), cast.users["officer"]
    look = {"person": str(officer.pk), "may": "triage_request"}
    with time_machine.travel("2026-07-01 13:30:40Z", tick=False):  # 14:30 in London
        log_access(Kind.OPENED, case, agency=str(cast.agencies["front_door"].pk), **look)
    days = (date(2026, 7, 1) - timezone.localdate()).days

    def found(**times):
        return sum(said(ask(lead, officer, days, days, **times)).values())

    assert found() == found(since_time="14:30", until_time="2.30pm") == 1
    assert not found(since_time="14:31")
    assert not found(until_time="14:29")


def test_the_end_comes_after_the_beginning(signed_in, cast):
    lead, officer = signed_in("desk_lead"), cast.users["officer"]
    wrong = ask(lead, officer, since_time="14:31", until_time="14:30")
    assert wrong.status_code == 422
    assert b"The last time must be the first time or after it" in wrong.content
    assert ask(lead, officer, since_time="14:30", until_time="14:30").status_code == 200
    none = ask(lead, officer, since_time="25:00")
    assert b"The time on the first day must be a time, such as 9:30 or 14:05" in none.content


@pytest.fixture
def on(signed_in, cast, case):
    """What is asked from one time to another of one day, after looks at these moments."""
    lead, officer = signed_in("desk_lead"), cast.users["officer"]
    look = {"person": str(officer.pk), "may": "triage_request"}

    def asked(day, since, until, *moments):
        for moment in moments:
            with time_machine.travel(f"{day} {moment}Z", tick=False):
                log_access(Kind.OPENED, case, agency=str(cast.agencies["front_door"].pk), **look)
        days = (date.fromisoformat(day) - timezone.localdate()).days
        return ask(lead, officer, days, days, since_time=since, until_time=until)

    return asked


def test_an_hour_that_comes_twice_is_asked_for_as_both(on):
    day, moments = "2024-10-27", ("00:29", "00:30", "01:29", "01:30:59", "01:31")
    assert sum(said(on(day, "1:30", "1:30", *moments)).values()) == 3
    assert sum(said(on(day, "", "1:59")).values()) == 5
    assert sum(said(on(day, "", "0:59")).values()) == 0
    assert sum(said(on(day, "2:00", "")).values()) == 0


def test_a_time_that_no_clock_showed_is_told_and_none_is_lost_beside_it(on):
    day, moments = "2024-03-31", ("00:59:59", "01:00", "01:29")
    for times in (("1:30", "3:30"), ("0:30", "1:00"), ("1:59", "")):
        answer = on(day, *times)
        assert answer.status_code == 422
        assert b"Clocks went forward over this time that day" in answer.content
    assert sum(said(on(day, "0:59", "0:59", *moments)).values()) == 1
    assert sum(said(on(day, "2:00", "2:29")).values()) == 2


@pytest.mark.parametrize(
    ("since", "until", "status"),
    [("0001-01-01", "9999-12-30", 200), ("0001-01-01", "9999-12-31", 422)],
)
def test_the_ends_of_the_calendar_are_days_like_others(signed_in, cast, since, until, status):
    today = timezone.localdate()
    first, last = ((date.fromisoformat(day) - today).days for day in (since, until))
    assert ask(signed_in("desk_lead"), cast.users["officer"], first, last).status_code == status


def test_another_agency_is_told_of_its_own_people_alone(signed_in, cast, case):
    check = case.agency_checks.get(holder=cast.agencies["trust"])
    signed_in("officer").get(reverse("requests:triage_case", args=[case.pk]))
    signed_in("trust_spoc").get(reverse("requests:check", args=[check.pk]))
    lead = signed_in("trust_adviser")
    assert not said(ask(lead, cast.users["officer"]))
    assert said(ask(lead, cast.users["trust_spoc"])) == {
        (str(cast.agencies["trust"]), "Agency check"): 1
    }


def test_only_those_who_watch_may_ask(signed_in, cast):
    people = ("administrator", "officer", "trust_spoc", "trust_manager", "police_partner")
    for who in people:
        assert ask(signed_in(who), cast.users["officer"]).status_code == 404, who


@pytest.mark.parametrize(
    "query", ["email=x", "email=&since_day=1", "email=%00", "since_day=99&since_month=x"]
)
def test_what_is_asked_wrongly_comes_back(signed_in, query):
    assert signed_in("desk_lead").get(f"{HERE}?{query}").status_code == 422


def test_what_asks_nothing_is_the_empty_form(signed_in):
    page = signed_in("desk_lead").get(f"{HERE}?a=b")
    assert page.status_code == 200
    assert not page.context["form"].is_bound


def test_many_looks_cost_what_one_costs(signed_in, cast, case, flat):
    lead, officer = signed_in("desk_lead"), signed_in("officer")
    flat(
        lambda: ask(lead, cast.users["officer"]),
        add=lambda: officer.get(reverse("requests:triage_case", args=[case.pk])),
    )
