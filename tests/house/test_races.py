"""Two people at once, and one person twice, with real threads on PostgreSQL."""

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import OperationalError, connection, connections, transaction

from agreement.signing.participation import only_if_it_takes_part
from audit.models import Event
from decisions.flow import actions as deciding
from decisions.models import Decision, Scrutiny
from decisions.recording import actions as recording
from decisions.scrutiny import actions as scrutinising
from outbox.models import Message
from requests_app.agency_checks import actions as agency_checks
from requests_app.asking import actions as asking
from requests_app.items import actions as items
from requests_app.models import (
    AgencyCheck,
    InformationRequest,
    Item,
    Need,
    Opening,
    Receipt,
    Release,
)
from requests_app.release import actions as releasing
from requests_app.request_parts import actions as parts
from requests_app.triage import actions as triage
from tests import walks
from tests.agreement import walks as editions
from tests.patience import PATIENCE
from workflow.transitions import TransitionRefused

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "keystore"])


def at_once(*acts: Callable[[], Any]) -> list[str]:
    """Start the acts together; what became of each."""
    gate, ends = threading.Barrier(len(acts)), ["?"] * len(acts)

    def run(number: int) -> None:
        try:
            gate.wait(PATIENCE)
            acts[number]()
            ends[number] = "made"
        except (TransitionRefused, PermissionDenied):
            ends[number] = "refused"
        except Exception as fault:  # noqa: BLE001 - the test reports whatever it was
            ends[number] = repr(fault)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    return sorted(ends)


def fresh(row: Any) -> Any:
    """The row as another request would load it."""
    return type(row)._base_manager.get(pk=row.pk)


def events(move: str) -> int:
    return Event.objects.filter(move=move).count()


def test_this_is_postgresql():
    assert connection.vendor == "postgresql"


def test_two_take_a_check_at_once_and_one_has_it(cast):
    agency_check = walks.an_agency_check(cast)
    one, other = cast.trust_spoc, cast.trust_manager
    ends = at_once(
        lambda: agency_checks.take_agency_check(fresh(agency_check), by=one),
        lambda: agency_checks.take_agency_check(fresh(agency_check), by=other),
    )
    assert ends == ["made", "refused"]
    assert events("enquiry.take") == 1


def test_accepting_and_declining_at_once_is_one_or_the_other(cast):
    case = walks.sent(cast)
    for check in triage.checks_left(case):
        triage.answer_check(case, by=cast.officer, check=check, answer="yes", note="")
    one, other = cast.officer, cast.officer2
    ends = at_once(
        lambda: triage.accept_request(fresh(case), by=one),
        lambda: triage.decline_request(fresh(case), by=other, reason="No purpose"),
    )
    assert ends == ["made", "refused"]
    assert events("informationrequest.accept") + events("informationrequest.decline") == 1
    told = Message.objects.filter(topic__in=["request.accepted", "request.declined"], to="")
    assert told.count() == 1


def test_accepting_and_refusing_an_item_at_once_leaves_one_receipt(cast):
    item = walks.shared(cast).weighed.get().item
    one, other = cast.officer, cast.officer2
    ends = at_once(
        lambda: items.accept_item(fresh(item), by=one),
        lambda: items.refuse_item(fresh(item), by=other, reason="Not ours"),
    )
    assert ends == ["made", "refused"]
    assert Receipt.objects.count() == 1


def test_two_partners_close_a_scrutiny_at_once_and_one_does(cast):
    scrutiny = walks.refused(cast).scrutiny
    one, other = cast.police_partner, cast.board_partner
    ends = at_once(
        lambda: scrutinising.accept_decision(fresh(scrutiny), by=one),
        lambda: scrutinising.ask_to_reconsider(fresh(scrutiny), by=other, reasons="Think"),
    )
    assert ends == ["made", "refused"]
    assert Scrutiny.objects.exclude(status="open").count() == 1


def test_a_decision_recorded_while_its_answer_changes_holds_what_was_recorded(cast):
    decision = walks.ready_to_share(cast)
    one, other = cast.trust_spoc, cast.trust_manager
    ends = at_once(
        lambda: recording.record_decision(fresh(decision), by=one),
        lambda: deciding.answer_step(
            fresh(decision), by=other, step="purpose", choice="no", reasons="Changed my mind"
        ),
    )
    recorded = Decision.objects.get(pk=decision.pk)
    said = recorded.answers.get(step="purpose").choice
    if recorded.status == Decision.Status.RECORDED:
        assert (recorded.outcome, said) == ("share", "yes")
        assert ends == ["made", "refused"]
    else:
        # The change came first, and there were no reasons yet for not sharing.
        assert (said, ends) == ("no", ["made", "refused"])
        assert Item.objects.get().status == Item.Status.HELD


TIMES = 4


@pytest.mark.parametrize(
    "act", ["start", "need", "send", "put", "take", "list", "record", "release"]
)
def test_one_person_doing_the_same_thing_at_once_does_it_once(cast, act):
    idempotency_key = uuid4()
    doings = {
        "start": doing_start,
        "need": doing_need,
        "send": doing_send,
        "put": doing_put,
        "take": doing_take,
        "list": doing_list,
        "record": doing_record,
        "release": doing_release,
    }
    do, count = doings[act](cast, idempotency_key)
    ends = at_once(*[do] * TIMES)
    assert ends == ["made"] * TIMES
    assert count() == 1


def doing_start(cast, idempotency_key):
    by, desk = cast.requester, cast.agencies["front_door"]
    return (
        lambda: asking.start_request(by=by, idempotency_key=idempotency_key, desk=desk),
        InformationRequest.objects.count,
    )


def doing_need(cast, idempotency_key):
    case, by = walks.a_draft(cast), cast.requester
    return (
        lambda: parts.add_need(
            fresh(case), by=by, idempotency_key=idempotency_key, fact="A", why="B"
        ),
        lambda: Need.objects.count() - 1,
    )


def doing_send(cast, idempotency_key):
    case, by = walks.a_draft(cast), cast.requester
    return (
        lambda: asking.send_request(fresh(case), by=by),
        lambda: events("informationrequest.send"),
    )


def doing_put(cast, idempotency_key):
    case, by, holder = walks.accepted(cast), cast.officer, cast.agencies["trust"]
    return (
        lambda: agency_checks.put_agency_check(
            fresh(case),
            by=by,
            idempotency_key=idempotency_key,
            holder=holder,
            shown={},
            questions=[("A", "B")],
        ),
        AgencyCheck.objects.count,
    )


def doing_take(cast, idempotency_key):
    agency_check, by = walks.an_agency_check(cast), cast.trust_spoc
    return lambda: agency_checks.take_agency_check(fresh(agency_check), by=by), lambda: events(
        "enquiry.take"
    )


def doing_list(cast, idempotency_key):
    agency_check, by = walks.taken(cast), cast.trust_spoc
    question = agency_check.questions.first()
    return (
        lambda: items.list_item(
            fresh(agency_check),
            by=by,
            idempotency_key=idempotency_key,
            title="T",
            question=question,
        ),
        Item.objects.count,
    )


def doing_record(cast, idempotency_key):
    decision, by = walks.ready_to_share(cast), cast.trust_spoc
    return (
        lambda: recording.record_decision(fresh(decision), by=by),
        lambda: events("decision.record"),
    )


def test_of_cases_opened_at_once_the_third_stands_out(cast):
    cases = [walks.sent(cast) for _ in range(3)]
    assert at_once(*(lambda case=case: walks.opened(cast, case) for case in cases)) == ["made"] * 3
    assert sum("burst" in opening.flags for opening in Opening.objects.all()) == 1


def doing_release(cast, idempotency_key):
    share = walks.shared(cast)
    items.accept_item(share.weighed.get().item, by=cast.officer)
    case, by, person = share.agency_check.case, cast.officer, cast.users["requester"]
    return (
        lambda: releasing.release_information(
            fresh(case),
            by=by,
            idempotency_key=idempotency_key,
            agency_checks=[share.agency_check],
            recipients=[person],
        ),
        Release.objects.count,
    )


def test_a_page_sent_again_with_something_else_in_it_is_refused_and_not_swallowed(cast):
    """The browser's Back button can bring back a page whose id has been used."""
    case, by, idempotency_key = walks.a_draft(cast), cast.requester, uuid4()
    parts.add_need(fresh(case), by=by, idempotency_key=idempotency_key, fact="First", why="Because")
    with pytest.raises(TransitionRefused):
        parts.add_need(
            fresh(case), by=by, idempotency_key=idempotency_key, fact="Second", why="Because"
        )
    accepted, idempotency_key = walks.accepted(cast), uuid4()
    put = {
        "by": cast.officer,
        "idempotency_key": idempotency_key,
        "shown": {},
        "questions": [("A", "B")],
    }
    agency_checks.put_agency_check(fresh(accepted), holder=cast.agencies["trust"], **put)
    with pytest.raises(TransitionRefused):
        agency_checks.put_agency_check(fresh(accepted), holder=cast.agencies["housing"], **put)
    assert AgencyCheck.objects.get().holder == cast.agencies["trust"]


def test_nobody_passes_whoever_waits_to_end_an_agencys_part(cast):
    """Those who share its row would: while the agency is busy, it would never be suspended."""
    police, passed = cast.agencies["police"], []
    has_begun, is_over = threading.Event(), threading.Event()

    def takes_part() -> None:
        with transaction.atomic():
            only_if_it_takes_part(police.pk, "Nothing was sent.")
            has_begun.set()
            is_over.wait(PATIENCE)

    def suspends() -> None:
        has_begun.wait(PATIENCE)
        editions.suspended(cast, "police")

    def comes_later() -> None:
        try:
            has_begun.wait(PATIENCE)
            while not _somebody_waits():
                time.sleep(0.05)
            with suppress(OperationalError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SET LOCAL lock_timeout = '500ms'")
                only_if_it_takes_part(police.pk, "Nothing was sent.")
                passed.append("passed")
        finally:
            is_over.set()

    assert at_once(takes_part, suspends, comes_later) == ["made"] * 3
    assert not passed
    assert fresh(police).status == "suspended"


def _somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_stat_activity"
            " WHERE datname = current_database() AND wait_event_type = 'Lock')"
        )
        return bool(cursor.fetchone()[0])
