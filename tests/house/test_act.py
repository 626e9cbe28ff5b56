"""One act: written whole or not at all, with one savepoint, and its case locked once."""

import json
from collections import Counter
from contextlib import suppress
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from audit.ledger.leaves import moment
from audit.models import Event, Leaf
from decisions.recording.actions import record_decision
from requests_app.agency_checks import actions as agency_checks
from requests_app.asking.actions import describe
from requests_app.models import InformationRequest, Need
from tests import walks
from tests.cast import Cast
from workflow.act import act, keep_saved, locked_case
from workflow.locking import hold
from workflow.transitions import TransitionRefused

pytestmark = [pytest.mark.django_db, pytest.mark.clause("P-RECORD", part=True)]


def rated(case: InformationRequest, reason: str, cast: Cast) -> None:
    describe(case, by=cast.requester, part="rating", rating="red", reason=reason)


def fails(case: InformationRequest, cast: Cast) -> None:
    """A part that has written something by the time it is refused."""
    rated(case, "A part", cast)
    raise TransitionRefused("not so")


def reasons_kept(case: InformationRequest) -> list[str]:
    kept = InformationRequest.objects.get(pk=case.pk)
    return [kept.rating_reason, *[row.rating_reason for row in kept.history.all()]]


def test_what_fails_in_a_part_undoes_the_whole_act(cast: Cast) -> None:
    case = walks.a_draft(cast)
    before = reasons_kept(case)

    def whole() -> None:
        with act():
            rated(case, "The whole", cast)
            with act():
                fails(case, cast)

    with pytest.raises(TransitionRefused):
        whole()
    assert reasons_kept(case) == before


def test_a_part_that_fails_cannot_be_passed_over(cast: Cast) -> None:
    case = walks.a_draft(cast)

    def whole() -> None:
        with act():
            with suppress(TransitionRefused), act():
                fails(case, cast)
            rated(case, "The whole", cast)

    with pytest.raises(transaction.TransactionManagementError):
        whole()


def test_a_part_that_fails_is_not_lost_without_a_word(cast: Cast) -> None:
    """Also where no query comes after, at which the database would say so."""
    case = walks.a_draft(cast)
    before = reasons_kept(case)

    def whole() -> None:
        with act():
            rated(case, "The whole", cast)
            with suppress(TransitionRefused), act():
                fails(case, cast)

    with pytest.raises(transaction.TransactionManagementError):
        whole()
    assert reasons_kept(case) == before


def test_a_part_that_stands_apart_is_undone_alone(cast: Cast) -> None:
    case = walks.a_draft(cast)
    with act():
        rated(case, "The whole", cast)
        with suppress(TransitionRefused), act(apart=True):
            fails(InformationRequest.objects.get(pk=case.pk), cast)
    assert reasons_kept(case)[0] == "The whole"
    assert "A part" not in reasons_kept(case)


def test_an_act_of_many_changes_has_one_savepoint(cast: Cast) -> None:
    decision = walks.ready_to_share(cast)
    before = Event.objects.count()
    with CaptureQueriesContext(connection) as asked:
        record_decision(decision, by=cast.trust_spoc)
    begun = Counter(each["sql"].split()[0] for each in asked.captured_queries)
    notes = [each for each in asked.captured_queries if "INTO audit_event" in each["sql"]]
    assert Event.objects.count() - before > 1
    assert len(notes) == 1
    assert begun["SAVEPOINT"] == begun["RELEASE"] == 1


def test_the_note_of_an_act_has_each_change_with_its_own_history_row(cast: Cast) -> None:
    """In the order in which they were made, also where several rows are of one table."""
    before = Event.objects.latest("pk").pk
    case = walks.a_draft(cast)
    with act():
        for reason in ("First", "Second", "Third"):
            rated(case, reason, cast)
    of_case = Event.objects.filter(thing="requests_app.informationrequest", thing_id=str(case.pk))
    events = list(of_case.filter(pk__gt=before).order_by("pk"))
    leaves = {leaf.entry: json.loads(leaf.body) for leaf in Leaf.objects.filter(kind="change")}
    versions = case.history.in_bulk(field_name="history_id")
    for event in events:
        number, at = leaves[event.pk]["history"]
        assert versions[number].version == event.version == leaves[event.pk]["version"]
        assert moment(versions[number].history_date) == at
    assert [event.version for event in events] == sorted(event.version for event in events)
    assert len(events) > len(("First", "Second", "Third"))


def test_what_is_noted_before_a_part_that_is_undone_stays(cast: Cast) -> None:
    case = walks.a_draft(cast)
    before = Event.objects.filter(thing_id=str(case.pk)).count()
    with act():
        rated(case, "The whole", cast)
        with suppress(TransitionRefused), act(apart=True):
            fails(InformationRequest.objects.get(pk=case.pk), cast)
        rated(InformationRequest.objects.get(pk=case.pk), "And on", cast)
    assert Event.objects.filter(thing_id=str(case.pk)).count() == before + 2
    assert reasons_kept(case)[:3] == ["And on", "And on", "The whole"]
    assert "A part" not in reasons_kept(case)


def test_a_note_that_cannot_be_written_undoes_the_act(cast: Cast, monkeypatch: Any) -> None:
    case = walks.a_draft(cast)
    before = reasons_kept(case)

    def refused(_rows: object) -> None:
        raise IntegrityError("no")

    monkeypatch.setattr("workflow.act.write_together", refused)
    with pytest.raises(IntegrityError):
        rated(case, "Kept nowhere", cast)
    assert reasons_kept(case) == before
    assert InformationRequest.objects.get(pk=case.pk).rating_reason == before[0]


def test_a_case_is_locked_once_in_an_act(cast: Cast) -> None:
    case = walks.sent(cast)
    with act(), CaptureQueriesContext(connection) as asked:
        locked_case(InformationRequest, case.pk)
        again, is_locked_now = locked_case(InformationRequest, case.pk)
    assert not is_locked_now
    assert again.pk == case.pk
    assert len(asked) == 1


def test_a_case_that_the_act_has_saved_is_read_again(cast: Cast) -> None:
    case = walks.a_draft(cast)
    need = Need.objects.filter(case=case).first()
    assert need is not None
    with act():
        hold(need)
        describe(case, by=cast.requester, part="rating", rating="red", reason="It cannot wait.")
        hold(need)
        assert need.case.rating == "red"
        assert need.case.version == InformationRequest.objects.get(pk=case.pk).version


def test_changes_to_a_locked_case_that_nobody_saves_stay_where_they_were_made(cast: Cast) -> None:
    case = walks.a_draft(cast)
    with act():
        one, _now = locked_case(InformationRequest, case.pk)
        one.status = "released"
        one.purposes.append("nonsense")
        other, _now = locked_case(InformationRequest, case.pk)
        assert (other.status, other.purposes) == (case.status, case.purposes)


def test_a_part_that_has_the_id_of_its_case_is_not_taken_for_it(cast: Cast) -> None:
    """Ids of parts come from pages, which may name any."""
    case = walks.accepted(cast)
    check = agency_checks.put_agency_check(
        case,
        by=cast.officer,
        idempotency_key=case.pk,
        holder=cast.agencies["housing"],
        shown={},
        questions=[("Any arrears?", "To see who lives there")],
    )
    assert check.pk == case.pk
    with act():
        locked_case(InformationRequest, case.pk)
        keep_saved(check)
        again, _now = locked_case(InformationRequest, case.pk)
        assert (again.reference, again.status) == (case.reference, "accepted")
