"""Checking and recording a decision, and deciding anew (P-RECORD, ISA-5.4)."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from decisions.flow import actions as deciding
from decisions.models import Decision
from decisions.scrutiny import actions as scrutinising
from requests_app.items import actions as items
from requests_app.models import Item
from tests import walks
from tests.decisions.filling import (
    BASIS,
    CONTENT,
    NOT_TOLD,
    answer_to_share,
    at,
    confirmed,
    fill_in,
    say,
    text,
)

pytestmark = pytest.mark.django_db


def checked(client, decision):
    """What the page on which a decision is checked carries."""
    return {
        "expected_version": client.get(at("record", decision))
        .context["form"]["expected_version"]
        .value()
    }


def test_what_nobody_was_shown_is_not_recorded(cast, decision, client):
    walks.fill(decision, decision.weighed.get().item, by=cast.trust_spoc)
    assert client.post(at("record", decision)).status_code == 409
    decision.refresh_from_db()
    assert decision.status == "open"


@pytest.fixture
def client(signed_in):
    return signed_in("trust_spoc")


@pytest.fixture
def manager(signed_in):
    return signed_in("trust_manager")


@pytest.fixture
def agency_check(cast):
    return walks.taken(cast)


@pytest.fixture
def decision(cast, agency_check):
    walks.listed(agency_check, cast.trust_spoc, "Attendance in October", special=True)
    return deciding.begin_decision(agency_check, by=cast.trust_spoc, idempotency_key=uuid4())


@pytest.mark.clause("F-FLOW", "H-HOW", "DP-SPECIAL", "ISA-4.4", "CAL")
@pytest.mark.clause("P-ACCURATE", part=True)
def test_the_way_to_sharing_through_the_pages(cast, decision, client):
    answer_to_share(client, decision)
    page = text(client.get(at("decision", decision)))
    assert "Outcome: Share" in page
    assert "You can share, but should consider how." in page
    for task in ("Lawful basis", "Attendance in October", "How it is shared", "Caldicott"):
        assert task in page
    assert "Check and record" not in page.replace("can check and record", "")
    assert client.get(at("record", decision)).status_code == 302
    fill_in(client, decision)
    check = text(client.get(at("record", decision)))
    for words in (
        "Attended with a bruise",
        "Public task",
        "Safeguarding of children",
        "Gaining consent would place a child at risk",
        "How each golden rule was met",
        "The child or family was not told: Risk of harm",
        "cannot be changed",
    ):
        assert words in check
    done = text(client.post(at("record", decision), checked(client, decision), follow=True))
    assert "Decision recorded: Shared." in done
    assert "answer was sent to Anytown Front Door" in done
    item = Item.objects.get()
    assert (item.status, item.content) == ("offered", "Attended with a bruise")


@pytest.mark.clause("F-FLOW")
@pytest.mark.clause("ISA-5.4", "P-RECORD", part=True)
def test_the_way_to_not_sharing_is_no_longer(cast, signed_in):
    client = signed_in("housing_spoc")
    agency_check = walks.taken(cast, "housing")
    walks.listed(agency_check, cast.housing_spoc, "Rent account")
    decision = deciding.begin_decision(agency_check, by=cast.housing_spoc, idempotency_key=uuid4())
    say(client, decision, "purpose", "no", "Not relevant")
    page = text(client.get(at("decision", decision)))
    assert "Outcome: Do not share" in page
    assert "Caldicott" not in page
    why = at("why_not", decision)
    missing = client.post(why, {"because": "Rent says nothing about harm"})
    assert missing.status_code == 422
    assert "Enter the safety and well-being that you considered" in text(missing)
    assert "Rent says nothing about harm" in text(missing)
    client.post(why, {"because": "Rent says nothing about harm", "safety": "No risk seen"})
    done = text(client.post(at("record", decision), checked(client, decision), follow=True))
    assert "Decision recorded: Not shared." in done
    assert "Waiting for scrutiny" in done
    for words in ("Rent says nothing about harm", "No risk seen", "Not relevant"):
        assert words in done
    assert client.get(at("caldicott", decision)).status_code == 404


def test_where_nothing_is_shared_the_caldicott_principles_are_read_and_not_asked(
    cast, decision, client, signed_in
):
    """They are of the use of information, and there is none."""
    say(client, decision, "purpose", "no", "Not relevant")
    assert "Caldicott" not in text(client.get(at("decision", decision)))
    assert client.get(at("caldicott", decision)).status_code == 302
    page, principles = text(client.get(at("why_not", decision))), decision.edition.caldicott
    assert all(principle in page for principle in principles.values())
    assert page.count('type="radio"') == 0
    client.post(at("why_not", decision), {"because": "Says nothing", "safety": "No risk seen"})
    done = text(client.post(at("record", decision), checked(client, decision), follow=True))
    assert "Decision recorded: Not shared." in done
    assert "Caldicott" not in done
    other = walks.ready_to_refuse(cast, case=decision.case)
    page = text(signed_in("housing_spoc").get(at("why_not", other)))
    assert "Caldicott" not in page, "it is not of health or social care"


def test_what_was_said_to_the_caldicott_principles_stays_in_the_record(cast, decision, client):
    """As in those that were recorded when they were asked of every decision."""
    principles = dict.fromkeys(decision.edition.caldicott, (False, "Weighed by the guardian"))
    say(client, decision, "purpose", "no", "Not relevant")
    deciding.consider_points(decision, by=cast.trust_spoc, kind="caldicott", points=principles)
    client.post(at("why_not", decision), {"because": "Says nothing", "safety": "No risk seen"})
    done = text(client.post(at("record", decision), checked(client, decision), follow=True))
    assert "Decision recorded: Not shared." in done
    assert done.count("Weighed by the guardian") == len(principles)


def test_only_what_was_checked_is_recorded(cast, decision, client, manager):
    walks.fill(decision, decision.weighed.get().item, by=cast.trust_spoc)
    page = client.get(at("record", decision))
    expected_version = page.context["form"]["expected_version"].value()
    say(manager, decision, "purpose", "yes", "For another reason")
    late = client.post(at("record", decision), {"expected_version": expected_version})
    assert late.status_code == 409
    assert "has changed since you checked it" in text(late)
    decision.refresh_from_db()
    assert decision.status == "open"


@pytest.mark.clause("F-FLOW")
@pytest.mark.clause("P-RECORD", part=True)
def test_recording_twice_is_recording_once_and_nothing_changes_afterwards(cast, decision, client):
    item = decision.weighed.get().item
    walks.fill(decision, item, by=cast.trust_spoc)
    expected_version = checked(client, decision)
    for _ in range(2):
        assert client.post(at("record", decision), expected_version).status_code == 302
    assert decision.history.filter(history_change_reason="record").count() == 1
    for name in ("sharing", "basis", "how", "caldicott", "told", "why_not", "record", "split"):
        assert client.get(at(name, decision)).status_code == 302
    for page, data in (
        (at("step", decision, "purpose"), {"choice": "no", "reasons": "On second thoughts"}),
        (at("basis", decision), BASIS),
        (at("content", decision, item.pk), CONTENT),
        (at("told", decision), NOT_TOLD),
        (at("how", decision), confirmed(decision.edition.how)),
        (at("why_not", decision), {"because": "On second thoughts", "safety": "Something"}),
    ):
        assert client.post(page, data).status_code == 409


@pytest.mark.clause("P-RECORD", part=True)
def test_when_it_was_decided_and_when_it_was_entered_are_two_times(
    cast, decision, client, signed_in
):
    walks.fill(decision, decision.weighed.get().item, by=cast.trust_spoc)
    page = at("record", decision)
    now = timezone.localtime()

    def when(moment, at_time):
        days = {"on_day": moment.day, "on_month": moment.month, "on_year": moment.year}
        return {**days, "at": at_time}

    for data, words in (
        ({"at": "09:30"}, "Enter the day on which it was decided"),
        (when(now, ""), "Enter the time"),
        (when(now, "half past"), "Enter the time"),
        (when(now, "25:00"), "Enter the time"),
        (when(now - timedelta(days=9), "09:30"), "before the check was sent"),
        (when(now + timedelta(days=9), "09:30"), "today or in the past"),
    ):
        answer = client.post(page, data)
        assert answer.status_code == 422, data
        assert words in text(answer)
    expected_version = checked(client, decision)
    later = timezone.now() + timedelta(hours=30)
    with time_machine.travel(later, tick=True):
        morning = timezone.localtime(later - timedelta(hours=2))  # no time that clocks left out
        answer = signed_in("trust_spoc").post(
            page, when(morning, f"{morning:%H:%M}") | expected_version
        )
    assert answer.status_code == 302
    decision.refresh_from_db()
    assert timezone.localtime(decision.decided_at).strftime("%H:%M") == f"{morning:%H:%M}"
    assert decision.entered_at - decision.decided_at > timedelta(hours=1)


def test_what_is_taken_off_the_list_holds_nothing_up(cast, agency_check, client):
    first, _second = walks.listed(agency_check, cast.trust_spoc, "Attendance", "Listed by mistake")
    decision = deciding.begin_decision(agency_check, by=cast.trust_spoc, idempotency_key=uuid4())
    items.drop_item(_second, by=cast.trust_spoc)
    walks.fill(decision, first, by=cast.trust_spoc)
    assert "Listed by mistake" not in text(client.get(at("record", decision)))
    expected_version = checked(client, decision)
    assert client.post(at("record", decision), expected_version).status_code == 302
    agency_check.refresh_from_db()
    assert (agency_check.status, agency_check.outcome) == ("answered", "share")


@pytest.mark.clause("ISA-5.4", "P-RECORD", part=True)
def test_deciding_anew_keeps_the_old_decision_readable(cast, signed_in):
    client = signed_in("housing_spoc")
    old = walks.refused(cast)
    assert client.post(at("anew", old), {"idempotency_key": str(uuid4())}).status_code == 409
    scrutinising.ask_to_reconsider(old.scrutiny, by=cast.police_partner, reasons="Arrears matter")
    page = text(client.get(at("decision", old)))
    assert "Arrears matter" in page
    assert "Reconsider this decision" in page
    idempotency_key = {"idempotency_key": str(uuid4())}
    begun = client.post(at("anew", old), idempotency_key)
    assert client.post(at("anew", old), idempotency_key).url == begun.url
    assert client.post(at("anew", old), {"idempotency_key": str(uuid4())}).status_code == 409
    new = Decision.objects.get(supersedes=old)
    assert "Rent account" in text(client.get(begun.url))
    walks.fill(new, new.weighed.get().item, by=cast.housing_spoc)
    client.post(at("record", new), checked(client, new))
    assert "Read the decision that this one replaces" in text(client.get(at("decision", new)))
    page = text(client.get(at("decision", old)))
    assert "Rent says nothing about harm" in page
    assert "See the newer decision" in page
    listed = text(client.get(reverse("decisions:of_check", args=[old.agency_check_id])))
    assert "Reconsidered since" in listed
