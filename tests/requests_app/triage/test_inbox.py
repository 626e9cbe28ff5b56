"""The front door's inbox: what is flagged for release, what is late, where a page begins."""

from datetime import timedelta
from unittest.mock import patch
from uuid import uuid4

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from audit.ledger.verifying_rows import verify_live
from decisions.flow import actions as deciding
from decisions.recording import actions as recording
from decisions.scrutiny import actions as scrutinising
from requests_app.asking import actions as asking
from requests_app.asking.selectors import others_of
from requests_app.items import actions as items
from requests_app.models import AgencyCheck, InformationRequest
from requests_app.release import actions as releasing
from requests_app.triage import actions as triage
from tests import walks

pytestmark = pytest.mark.django_db
INBOX = "/inbox/"


def text(response):
    return response.content.decode()


def release(case, cast):
    releasing.release_information(
        InformationRequest.objects.get(pk=case.pk),
        by=cast.officer,
        idempotency_key=uuid4(),
        agency_checks=list(case.agency_checks.all()),
        recipients=[cast.users["requester"]],
    )


def heap_of(case, client):
    groups = ("triage", "answers", "release", "put", "agencies", "requester", "released")
    shown = {g: text(client.get(INBOX, {"group": g})) for g in groups}
    return {group for group, page in shown.items() if case.reference in page}


@pytest.mark.clause("ISA-5.4", "ISA-6.1", part=True)
def test_what_is_shared_after_a_reconsideration_is_to_be_released_again(cast, signed_in):
    officer = signed_in("officer")
    old = walks.refused(cast)
    release(old.case, cast)
    assert heap_of(old.case, officer) == {"released"}
    scrutinising.ask_to_reconsider(old.scrutiny, by=cast.police_partner, reasons="Arrears matter")
    new = deciding.begin_anew(
        type(old).objects.get(pk=old.pk), by=cast.housing_spoc, idempotency_key=uuid4()
    )
    item = new.weighed.get().item
    walks.fill(new, item, by=cast.housing_spoc)
    recording.record_decision(new, by=cast.housing_spoc)
    items.accept_item(item, by=cast.officer)
    assert heap_of(old.case, officer) == {"release"}
    home = text(officer.get("/")).split("Ready to release")[1]
    assert 'portal-card__count">1' in home.split("</li>")[0]
    page = text(officer.get(reverse("requests:triage_case", args=[old.case_id])))
    assert "Nothing: it was released" not in page
    assert "Release it" in page
    release(old.case, cast)
    assert heap_of(old.case, officer) == {"released"}


@pytest.mark.clause("P-RECORD", part=True)
def test_what_was_released_before_that_was_noted_is_not_to_be_released_again(cast, signed_in):
    """Such checks have nothing in the column, and the ledger says so of them for good."""
    case = walks.released(cast)
    officer = signed_in("officer")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE requests_app_enquiry SET released_at = NULL")
    assert heap_of(case, officer) == {"released"}
    assert "Every answer that came in has been released." in text(officer.get("/"))


@pytest.mark.clause("P-RECORD", part=True)
def test_nobody_hides_a_check_from_the_inbox_by_sql(cast, signed_in):
    check = walks.refused(cast).agency_check
    assert heap_of(check.case, signed_in("officer")) == {"release"}
    assert verify_live().wrong == []
    with connection.cursor() as cursor:
        cursor.execute("UPDATE requests_app_enquiry SET released_at = now()")
    assert verify_live().wrong


@pytest.mark.clause("P-TIMELY", part=True)
def test_a_released_request_comes_back_with_a_new_check(cast, signed_in):
    case = walks.released(cast)
    officer = signed_in("officer")
    assert heap_of(case, officer) == {"released"}
    walks.an_agency_check(cast, "housing", InformationRequest.objects.get(pk=case.pk))
    assert heap_of(case, officer) == {"agencies"}


@pytest.mark.clause("P-TIMELY", part=True)
def test_a_stopped_clock_does_not_hide_that_it_is_late(cast, signed_in):
    case = walks.sent(cast)
    late = timezone.now() + timedelta(days=30)
    with patch("django.utils.timezone.now", return_value=late):
        triage.return_request(
            case, by=cast.officer, idempotency_key=uuid4(), questions=["Which day?"]
        )
        officer = signed_in("officer")
        page = text(officer.get(INBOX, {"group": "requester"}))
        assert case.reference in text(officer.get(INBOX, {"group": "late"}))
        assert "Late by" in page
        assert "Clock stopped: waiting for the requester" in page
        assert page.index("Late by") < page.index("Clock stopped")


@pytest.mark.clause("P-TIMELY", part=True)
def test_an_agency_reads_that_its_check_is_late_though_the_clock_is_stopped(cast, signed_in):
    agency_check = walks.taken(cast)
    walks.listed(agency_check, cast.trust_spoc, "A visit")
    decision = deciding.begin_decision(agency_check, by=cast.trust_spoc, idempotency_key=uuid4())
    late = AgencyCheck.objects.get(pk=agency_check.pk).due_at + timedelta(days=3)
    with patch("django.utils.timezone.now", return_value=late):
        from decisions.advice import actions as advising

        advising.seek_advice(
            decision,
            by=cast.trust_spoc,
            idempotency_key=uuid4(),
            step="purpose",
            question="May we?",
        )
        spoc = signed_in("trust_spoc")
        for name in ("requests:checks", "requests:oversight"):
            page = text(spoc.get(reverse(name)))
            assert "Late by 3 days" in " ".join(page.split()), name
            assert "Clock stopped" in page, name


@pytest.mark.parametrize("zone", ["+14:00", ""])
def test_a_moment_that_cannot_be_begins_at_the_top(zone, cast, signed_in):
    case = walks.sent(cast)
    moment = f"0001-01-01T00:00:00{zone}"
    after = f"0~0~{moment}~{moment}~{uuid4()}"
    assert case.reference in text(signed_in("officer").get(INBOX, {"after": after}))
    mine = reverse("requests:mine")
    page = signed_in("requester").get(mine, {"after": f"{moment}~{uuid4()}"})
    assert case.reference in text(page)


def test_initials_are_of_children_who_are_still_in_it(cast):
    from requests_app.people import actions as people

    case = walks.a_draft(cast)
    by, other = cast.requester, {"given_name": "Ola", "family_name": "Other"}
    child = people.add_subject(case, by=by, idempotency_key=uuid4(), role="child", details=other)
    people.remove_subject(child, by=by)
    asking.send_request(InformationRequest.objects.get(pk=case.pk), by=by)
    assert [row.initials for row in others_of(by).rows] == ["Z.E."]
