"""Where a request stands in the inbox, as the database keeps it, is where it stands by its rows."""

import json
from contextlib import contextmanager
from io import StringIO
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.models import Case, Count, Exists, F, IntegerField, OuterRef, Q, Value, When

from audit.ledger.verifying_rows import verify_live
from decisions.flow import actions as deciding
from decisions.recording import actions as recording
from decisions.scrutiny import actions as scrutinising
from requests_app.agency_checks import actions as checking
from requests_app.agency_checks import chasing, withdrawing
from requests_app.asking import actions as asking
from requests_app.items import actions as items
from requests_app.models import (
    AgencyCheck,
    InboxPlace,
    InformationRequest,
    Item,
    Pause,
    ReleasedAnswer,
)
from requests_app.release import actions as releasing
from requests_app.transitions import AGENCY_CHECK, ITEM, RECEIPT, RELEASED_ANSWER, REQUEST
from requests_app.triage import actions as triage
from requests_app.triage import owning
from tests import walks
from workflow import transitions

pytestmark = [pytest.mark.django_db, pytest.mark.clause("P-TIMELY", part=True)]
HANGS_ON = (REQUEST, AGENCY_CHECK, ITEM, RECEIPT, RELEASED_ANSWER)

# The definition once more, by the models.
CHECKS = AgencyCheck.objects.filter(case=OuterRef("pk")).exclude(status="withdrawn")
TO_TAKE_IN = Exists(
    Item.objects.filter(agency_check=OuterRef("pk"), status=Item.Status.OFFERED, receipt=None)
)
WAS_RELEASED = Exists(
    ReleasedAnswer.objects.filter(
        agency_check=OuterRef("pk"), release__released_at__gte=OuterRef("answered_at")
    )
)
ANSWERED = Q(status=AgencyCheck.Status.ANSWERED)
RELEASABLE = ANSWERED & Q(released_at=None) & ~Q(TO_TAKE_IN) & ~Q(WAS_RELEASED)
AT_WORK = Q(status__in=InformationRequest.AT_WORK)
PLACES = (
    Q(status="sent"),
    AT_WORK & Exists(CHECKS.filter(TO_TAKE_IN)),
    AT_WORK & Exists(CHECKS.filter(RELEASABLE)),
    AT_WORK & ~Exists(CHECKS),
    AT_WORK & Exists(CHECKS.filter(status__in=AgencyCheck.OPEN)),
    Q(status="returned"),
)
WHENS = [When(condition, then=Value(place)) for place, condition in enumerate(PLACES)]
PLACE = Case(*WHENS, default=Value(6), output_field=IntegerField())
RATED = {"red": 0, "amber": 1, "green": 2}


def by_definition():
    rows = InformationRequest.objects.exclude(status__in=["draft", "discarded", "declined"])
    counted = rows.annotate(
        place=PLACE,
        asked=Count("agency_checks", filter=~Q(agency_checks__status="withdrawn")),
        answered=Count("agency_checks", filter=Q(agency_checks__status="answered")),
    )
    own = Pause.objects.filter(agency_check=None, ended_at=None)
    before = own.filter(began_at__lte=F("case__due_at")).exclude(case__rating="red")
    standing = set(before.values_list("case", flat=True))
    return {
        row.pk: (
            *(row.desk_id, row.place, RATED[row.rating], row.due_at, row.sent_at),
            *(row.asked, row.answered, row.owner_id),
            *(row.agency_id, json.dumps(row.purposes)),
            None if row.pk in standing else row.due_at,
        )
        for row in counted
    }


def kept():
    names = (
        *("desk_id", "place", "urgency", "due_at", "sent_at", "asked", "answered", "owner_id"),
        *("agency_id", "purposes", "late_from"),
    )
    return {row[0]: row[1:] for row in InboxPlace.objects.values_list("pk", *names)}


@contextmanager
def compared(monkeypatch):
    """After each transition both are the same; which transitions were made, and which places."""
    made, places, record = set(), set(), transitions.record

    def recorded(move, *args, **kwargs):
        record(move, *args, **kwargs)
        assert kept() == by_definition(), move
        made.add(move)
        places.update(place[1] for place in kept().values())

    with monkeypatch.context() as patched:
        patched.setattr(transitions, "record", recorded)
        yield made, places


def release(case, cast, *checks):
    releasing.release_information(
        InformationRequest.objects.get(pk=case.pk),
        by=cast.officer,
        idempotency_key=uuid4(),
        agency_checks=list(checks),
        recipients=[cast.users["requester"]],
    )


def before_it_is_accepted(cast):
    asking.discard_draft(walks.a_draft(cast), by=cast.requester)
    triage.decline_request(walks.sent(cast), by=cast.officer, reason="No purpose")
    again, back = walks.sent(cast), walks.sent(cast)
    for case in (again, back):
        triage.return_request(case, by=cast.officer, idempotency_key=uuid4(), questions=["Which?"])
    asking.answer_clarification(again.clarifications.get(), by=cast.requester, answer="Monday")
    asking.send_request(InformationRequest.objects.get(pk=again.pk), by=cast.requester)
    triage.take_back_request(InformationRequest.objects.get(pk=back.pk), by=cast.officer)


def with_checks(cast):
    case = walks.accepted(cast)
    owning.claim_request(case, by=cast.officer)
    owning.hand_over_request(case, by=cast.officer, colleague=cast.users["officer2"])
    owning.give_back_request(case, by=cast.officer2)
    known = walks.an_agency_check(cast, "trust", case)
    triage.change_rating(
        InformationRequest.objects.get(pk=case.pk), by=cast.officer, rating="red", reason="Worse"
    )
    nurse = cast.users["trust_nurse"]
    known = AgencyCheck.objects.get(pk=known.pk)
    chasing.remind_agency_check(known, by=cast.officer)
    more = {"fact": "Seen since?", "why": "The bruise"}
    chasing.add_question(known, by=cast.officer, idempotency_key=uuid4(), **more)
    known = AgencyCheck.objects.get(pk=known.pk)
    checking.hand_agency_check(known, by=cast.trust_spoc, colleague=nurse)
    dropped = walks.listed(known, cast.trust_spoc, "A visit")[0]
    items.drop_item(dropped, by=cast.trust_spoc)
    checking.answer_not_known(known, by=cast.trust_spoc, searched="All files")
    release(case, cast, known)
    case = InformationRequest.objects.get(pk=case.pk)
    for holder, because in (("police", "not_needed"), ("housing", "mistake")):
        gone = walks.an_agency_check(cast, holder, case)
        withdrawing.withdraw_agency_check(gone, by=cast.officer, because=because)
    refused = walks.shared(cast, case=InformationRequest.objects.get(pk=case.pk), holder="school")
    items.refuse_item(refused.weighed.get().item, by=cast.officer, reason="Not ours to have")
    release(case, cast, refused.agency_check)


def decided_anew(cast):
    old = walks.refused(cast)
    release(old.case, cast, old.agency_check)
    scrutinising.ask_to_reconsider(old.scrutiny, by=cast.police_partner, reasons="Arrears matter")
    new = deciding.begin_anew(
        type(old).objects.get(pk=old.pk), by=cast.housing_spoc, idempotency_key=uuid4()
    )
    item = new.weighed.get().item
    walks.fill(new, item, by=cast.housing_spoc)
    recording.record_decision(new, by=cast.housing_spoc)
    items.accept_item(item, by=cast.officer)
    release(old.case, cast, *old.case.agency_checks.all())


def test_after_each_transition_it_is_kept(cast, walked_anew, monkeypatch):
    with compared(monkeypatch) as (made, places):
        before_it_is_accepted(cast)
        with_checks(cast)
        decided_anew(cast)
        walks.released(cast)
    assert {f"{table.name}.{name}" for table in HANGS_ON for name in table.table} <= made
    assert places == set(range(7))
    assert verify_live().wrong == []


def sql(*statements):
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def test_whatever_writes_it_is_kept(cast):
    """By SQL too, which nobody's transition makes."""
    check = walks.refused(cast).agency_check
    for written in ("released_at = now()", "released_at = NULL", "answered_at = now()"):
        sql(f"UPDATE requests_app_enquiry SET {written} WHERE id = '{check.pk}'")  # noqa: S608
        assert kept() == by_definition(), written


def test_the_check_of_the_ledger_names_one_that_was_changed_and_it_is_put_right(cast):
    case, declined = walks.sent(cast), walks.sent(cast)
    triage.decline_request(declined, by=cast.officer, reason="No purpose")
    sql(
        "UPDATE requests_app_inboxplace SET place = 6",
        "INSERT INTO requests_app_inboxplace (case_id, place, urgency, due_at, sent_at, asked,"  # noqa: S608
        " answered, desk_id, purposes) SELECT id, 0, 0, due_at, sent_at, 0, 0, desk_id, '[]'"
        f" FROM requests_app_informationrequest WHERE id = '{declined.pk}'",
    )
    wrong = {
        f"Request {row.reference} is not in its own heap of the inbox." for row in (case, declined)
    }
    assert set(verify_live().wrong) == wrong
    call_command("inbox_places", stdout=(said := StringIO()))
    assert said.getvalue() == "Requests that were not in their own heap: 2.\n"
    assert verify_live().wrong == []


def test_one_that_was_never_sent_has_no_place_whatever_was_written(cast):
    draft, planted = walks.a_draft(cast), walks.a_draft(cast)
    sql(
        *(
            "UPDATE requests_app_informationrequest"  # noqa: S608
            f" SET status = 'sent', sent_at = now(), due_at = now() WHERE id = '{case.pk}'"
            for case in (draft, planted)
        ),
        f"UPDATE requests_app_informationrequest SET status = 'draft' WHERE id = '{draft.pk}'",  # noqa: S608
    )
    assert [*kept()] == [planted.pk]
    sql(
        "SET LOCAL session_replication_role = replica",
        f"UPDATE requests_app_informationrequest SET status = 'draft' WHERE id = '{planted.pk}'",  # noqa: S608
        "SET LOCAL session_replication_role = origin",
    )
    call_command("inbox_places", stdout=(said := StringIO()))
    assert said.getvalue() == "Requests that were not in their own heap: 1.\n"
    assert kept() == {}
