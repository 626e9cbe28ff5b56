"""One act: written whole or not at all, with one savepoint, and its case locked once."""

from collections import Counter
from contextlib import suppress

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from decisions.recording.actions import record_decision
from requests_app.asking.actions import describe
from requests_app.models import InformationRequest, Need
from tests import walks
from tests.cast import Cast
from workflow.act import act, locked_case
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
    with CaptureQueriesContext(connection) as asked:
        record_decision(decision, by=cast.trust_spoc)
    begun = Counter(each["sql"].split()[0] for each in asked.captured_queries)
    changes = [each for each in asked.captured_queries if 'INTO "audit_event"' in each["sql"]]
    assert len(changes) > 1
    assert begun["SAVEPOINT"] == begun["RELEASE"] == 1


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
