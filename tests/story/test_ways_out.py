"""No check gets stuck: each state has a way out, and it leads where it should."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from decisions.advice import actions as advising
from decisions.flow import actions as deciding
from decisions.recording import actions as recording
from decisions.scrutiny import actions as scrutinising
from outbox.models import Message
from outbox.tasks import writer_of
from requests_app.agency_checks import actions as agency_checks
from requests_app.agency_people import who_can_be_asked, who_may_be_named
from requests_app.items import actions as items
from requests_app.models import AgencyCheck, Pause
from tests import walks
from workflow.transitions import TransitionRefused

pytestmark = pytest.mark.django_db


def two_decisions(cast):
    """A check with two items, each decided apart; neither recorded."""
    agency_check, by = walks.taken(cast, "housing"), cast.housing_spoc
    one, other = walks.listed(agency_check, by, "Tenancy", "Complaints")
    first = deciding.begin_decision(agency_check, by=by, idempotency_key=uuid4())
    second = deciding.split_off(first, by=by, idempotency_key=uuid4(), items=[other])
    return agency_check, first, second, one, other


def test_once_the_last_undecided_piece_is_taken_off_the_check_can_be_finished(cast):
    agency_check, first, _second, _one, other = two_decisions(cast)
    walks.refuse(first, by=cast.housing_spoc)
    recording.record_decision(first, by=cast.housing_spoc)
    items.drop_item(other, by=cast.housing_spoc)
    recording.finish_check(agency_check, by=cast.housing_spoc)
    agency_check.refresh_from_db()
    assert (agency_check.status, agency_check.outcome) == ("answered", "no_share")


def test_no_check_is_finished_round_a_decision_that_is_to_be_made_anew(cast):
    agency_check, first, _second, _one, other = two_decisions(cast)
    by = cast.housing_spoc
    walks.refuse(first, by=by)
    recording.record_decision(first, by=by)
    scrutinising.ask_to_reconsider(first.scrutiny, by=cast.police_partner, reasons="Think again")
    items.drop_item(other, by=by)
    with pytest.raises(TransitionRefused):
        recording.finish_check(agency_check, by=by)
    assert deciding.begin_anew(first, by=by, idempotency_key=uuid4()).status == "open"


def test_what_the_partners_sent_back_cannot_be_taken_off(cast):
    old = walks.refused(cast)
    scrutinising.ask_to_reconsider(old.scrutiny, by=cast.police_partner, reasons="Think again")
    new = deciding.begin_anew(old, by=cast.housing_spoc, idempotency_key=uuid4())
    with pytest.raises(TransitionRefused):
        items.drop_item(new.weighed.get().item, by=cast.housing_spoc)


def test_a_check_that_was_sent_back_can_be_finished_when_nothing_is_left(cast, signed_in):
    old = walks.refused(cast)
    scrutinising.ask_to_reconsider(old.scrutiny, by=cast.police_partner, reasons="Think again")
    by, agency_check = cast.housing_spoc, AgencyCheck.objects.get()
    new = deciding.begin_anew(old, by=by, idempotency_key=uuid4())
    (extra,) = walks.listed(agency_check, by, "Complaints")
    walks.refuse(new, by=by)
    recording.record_decision(new, by=by)
    items.drop_item(extra, by=by)
    agency_check.refresh_from_db()
    assert agency_check.status == AgencyCheck.Status.TAKEN
    client, address = signed_in("housing_spoc"), f"/checks/{agency_check.pk}/decisions/"
    assert "Answer the check with these decisions" in client.get(address).content.decode()
    for _ in range(2):  # a doubled click
        assert client.post(f"{address}finish/").status_code == 302
    agency_check.refresh_from_db()
    assert (agency_check.status, agency_check.outcome) == ("answered", "no_share")


def test_a_check_is_not_finished_while_something_is_to_be_decided(cast):
    agency_check, *_ = two_decisions(cast)
    with pytest.raises(TransitionRefused):
        recording.finish_check(agency_check, by=cast.housing_spoc)


@pytest.mark.clause("F-ADVICE", part=True)
def test_each_wait_for_advice_has_a_pause_of_its_own(cast):
    agency_check, first, second, one, _other = two_decisions(cast)
    by = cast.housing_spoc
    asked = [
        advising.seek_advice(
            each, by=by, idempotency_key=uuid4(), step="purpose", question="May we?"
        )
        for each in (first, second)
    ]
    for act in (
        lambda: items.drop_item(one, by=by),
        lambda: agency_checks.answer_not_known(agency_check, by=by, searched="Files"),
    ):
        with pytest.raises(TransitionRefused):
            act()
    advising.note_advice(asked[0], by=by, outcome="You may")
    running = Pause.objects.filter(status=Pause.Status.RUNNING)
    assert [pause.pk for pause in running] == [asked[1].pk]


def test_the_time_with_the_partners_is_not_the_agencys(cast, time_machine):
    old = walks.refused(cast)
    answered = old.agency_check.answered_at
    time_machine.move_to(timezone.now() + timedelta(days=30))
    scrutinising.ask_to_reconsider(old.scrutiny, by=cast.police_partner, reasons="Think again")
    pause = old.agency_check.pauses.get()
    assert (pause.reason, pause.status, pause.began_at) == ("partners", "ended", answered)
    assert timezone.now() - pause.ended_at < timedelta(minutes=1)


def test_the_agency_is_told_to_reconsider_while_it_still_decides_the_rest(cast):
    agency_check, first, *_ = two_decisions(cast)
    walks.refuse(first, by=cast.housing_spoc)
    recording.record_decision(first, by=cast.housing_spoc)
    scrutinising.ask_to_reconsider(first.scrutiny, by=cast.police_partner, reasons="Think again")
    told = Message.objects.get(topic="scrutiny.reconsider")
    assert set(writer_of(told.topic)(told.about).to) == {str(cast.users["housing_spoc"].pk)}
    agency_check.refresh_from_db()
    assert agency_check.status == AgencyCheck.Status.TAKEN


def test_the_colleague_who_has_the_check_is_told_as_well(cast):
    agency_check = walks.taken(cast)
    agency_checks.hand_agency_check(
        agency_check, by=cast.trust_spoc, colleague=cast.users["trust_nurse"]
    )
    notification = writer_of("enquiry.rated")(str(agency_check.pk))
    expected = {str(cast.users[n].pk) for n in ("trust_spoc", "trust_manager", "trust_nurse")}
    assert set(notification.to) == expected


def test_handing_it_to_the_same_colleague_twice_is_once(cast):
    agency_check, nurse = walks.taken(cast), cast.users["trust_nurse"]
    for _ in range(2):
        agency_checks.hand_agency_check(agency_check, by=cast.trust_spoc, colleague=nurse)
    assert Message.objects.filter(topic="enquiry.handed").count() == 1


def test_the_letter_goes_to_whom_the_check_was_handed_to(cast):
    agency_check = walks.taken(cast)
    for who in ("trust_nurse", "trust_manager"):
        colleague = cast.users[who]
        agency_checks.hand_agency_check(agency_check, by=cast.trust_spoc, colleague=colleague)
    promised = Message.objects.filter(topic="enquiry.handed").order_by("pk")
    told = [str(cast.users[who].pk) for who in ("trust_nurse", "trust_manager")]
    assert [message.to for message in promised] == told
    # Somebody else has it by then: each is still told, and nobody twice.
    letter = writer_of("enquiry.handed")(str(agency_check.pk))
    assert set(told) <= set(letter.to)


def test_a_check_is_put_only_where_somebody_answers(cast):
    assert cast.agencies["office"] not in who_can_be_asked()
    case = walks.accepted(cast)
    with pytest.raises(TransitionRefused):
        agency_checks.put_agency_check(
            case,
            by=cast.officer,
            idempotency_key=uuid4(),
            holder=cast.agencies["office"],
            shown={},
            questions=[("A", "B")],
        )


@pytest.mark.clause("P-RELEVANT", part=True)
def test_an_adviser_and_an_administrator_are_never_named(cast):
    assert cast.users["trust_adviser"] not in who_may_be_named(cast.agencies["trust"])
    assert not who_may_be_named(cast.agencies["office"]).exists()
