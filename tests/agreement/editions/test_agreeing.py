"""Editions: drafted, proposed, agreed by three, in force; what they bring and what they end."""

import datetime as dt
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from agencies.acting import actor_for
from agencies.bootstrap.unattended import join
from agencies.models import Agency
from agencies.permissions import Role
from agreement.editions import actions as agreeing
from agreement.editions import actions as drafting
from agreement.editions.selectors import all_agree, in_force
from agreement.models import AgreementEdition, PartnerAgreement
from decisions.flow import actions as deciding
from decisions.flows import FlowAltered, flow_now
from decisions.models import Decision
from outbox.models import Message
from tests import walks
from tests.agreement import walks as editions
from tests.house.test_races import at_once
from workflow.dates import later
from workflow.transitions import TransitionRefused

pytestmark = pytest.mark.django_db
Status = AgreementEdition.Status


@pytest.mark.clause("ISA-5.3")
def test_an_edition_is_in_force_once_the_third_partner_agrees_and_not_before(cast):
    first, second = editions.edition_one(cast), editions.proposed(cast)
    police, board, council = editions.three_partners(cast)
    for partner in (police, board):
        agreeing.agree(editions.fresh(second), by=partner)
        assert editions.fresh(second).status == Status.PROPOSED
    agreeing.agree(editions.fresh(second), by=council, reasons="At last")
    second, first = editions.fresh(second), editions.fresh(first)
    today = timezone.localdate()
    assert (second.status, first.status) == (Status.IN_FORCE, Status.SUPERSEDED)
    assert second.in_force_on == today
    assert second.review_on == later(today, years=1)
    assert in_force() == second
    assert Message.objects.filter(topic="edition.in_force", to="").count() == 1


@pytest.mark.clause("ISA-5.3", "ISA-2.1")
def test_every_agency_gets_a_day_by_which_to_sign_anew(cast):
    editions.edition_one(cast)
    soon = timezone.localdate() + dt.timedelta(days=3)
    school = editions.fresh(cast.agencies["school"])
    school.lapses_on = soon
    editions.save_unattended(school)
    editions.a_new_edition(cast, sign_by_days=60)
    by = timezone.localdate() + dt.timedelta(days=60)
    assert editions.fresh(cast.agencies["trust"]).lapses_on == by
    assert editions.fresh(cast.agencies["trust"]).status == Agency.Status.TAKING_PART
    assert editions.fresh(school).lapses_on == soon  # who is late already gets no more time
    made = Agency.history.filter(id=cast.agencies["trust"].pk).latest("history_id")
    assert made.history_change_reason == "must_sign_anew"


def test_the_same_agreement_twice_is_made_once_also_when_it_was_the_last(cast):
    edition = editions.a_new_edition(cast)
    *_others, council = editions.three_partners(cast)
    again = agreeing.agree(edition, by=council)
    assert again.status == PartnerAgreement.Status.AGREED
    assert Message.objects.filter(topic="edition.in_force", to="").count() == 1


def test_who_disagrees_can_agree_later_and_takes_an_agreement_back_until_it_is_in_force(cast):
    edition = editions.proposed(cast)
    police, board, council = editions.three_partners(cast)
    agreeing.agree(edition, by=board)
    agreeing.agree(edition, by=council)
    agreeing.disagree(editions.fresh(edition), by=police, reasons="Too short")
    assert not all_agree(edition)
    agreeing.disagree(editions.fresh(edition), by=board, reasons="On second thoughts")
    agreeing.agree(editions.fresh(edition), by=police)
    assert editions.fresh(edition).status == Status.PROPOSED
    agreeing.agree(editions.fresh(edition), by=board)
    assert editions.fresh(edition).status == Status.IN_FORCE
    assert edition.said.count() == 3


def test_nobody_but_a_partner_agrees_and_each_for_itself_only(cast):
    edition = editions.proposed(cast)
    for who in (cast.administrator, cast.trust_manager, cast.police_spoc, cast.officer):
        with pytest.raises(PermissionDenied):
            agreeing.agree(editions.fresh(edition), by=who)
    assert not edition.said.exists()


@pytest.mark.clause("ISA-5.3")
def test_one_person_does_not_speak_for_two_partners(cast):
    editions.edition_one(cast)
    edition, polly = editions.proposed(cast), cast.users["police_partner"]
    join(polly, Role.PARTNER, cast.agencies["council"])
    twice = actor_for(polly, cast.agencies["council"])
    agreeing.agree(editions.fresh(edition), by=cast.police_partner)
    agreeing.agree(editions.fresh(edition), by=cast.board_partner)
    for say in (agreeing.agree, agreeing.disagree):
        with pytest.raises(TransitionRefused, match="Somebody else has to speak"):
            say(editions.fresh(edition), by=twice, reasons="For them too")
    assert editions.fresh(edition).status == Status.PROPOSED
    agreeing.agree(editions.fresh(edition), by=editions.three_partners(cast)[2])
    assert editions.fresh(edition).status == Status.IN_FORCE


@pytest.mark.clause("ISA-5.3", "ISA-9.2")
def test_a_proposed_text_cannot_be_changed_by_anybody_or_anything(cast):
    edition = editions.proposed(cast)
    with pytest.raises(TransitionRefused):
        drafting.change_draft(
            edition, by=cast.administrator, expected_version=None, text="Otherwise"
        )
    frozen = {"text": "x", "purposes": "[]", "sign_by_days": 1, "status": "draft"}
    for column, value in frozen.items():
        change = f"UPDATE agreement_agreementedition SET {column} = %s"  # noqa: S608 - of ours
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(change, [value])


def test_withdrawing_makes_what_was_agreed_void_and_it_can_be_proposed_anew(cast):
    said = editions.agreed(cast)
    drafting.withdraw_edition(said.edition, by=cast.administrator, reason="A slip")
    assert editions.fresh(said).status == PartnerAgreement.Status.VOID
    police = cast.police_partner
    with pytest.raises(TransitionRefused):
        agreeing.agree(editions.fresh(said.edition), by=cast.board_partner)
    again = editions.proposed(cast)
    assert again.number == said.edition.number + 1
    assert not again.said.exists()
    agreeing.agree(again, by=police)


def test_fewer_than_three_partners_on_the_register_cannot_be_asked(cast):
    draft = editions.a_draft(cast)
    council = editions.fresh(cast.agencies["council"])
    council.status = Agency.Status.LEFT
    editions.save_unattended(council)
    with pytest.raises(TransitionRefused, match="All three statutory partners") as refused:
        drafting.propose_edition(draft, by=cast.administrator)
    assert "Anytown Police" in str(refused.value)


def test_one_edition_at_a_time_is_before_the_partners(cast):
    editions.proposed(cast)
    other = editions.a_draft(cast)
    with pytest.raises(TransitionRefused, match="have edition 1 before them"):
        drafting.propose_edition(other, by=cast.administrator)


def test_somebody_elses_change_of_a_draft_is_not_written_over(cast):
    draft = editions.a_draft(cast)
    expected_version = draft.version
    drafting.change_draft(
        editions.fresh(draft), by=cast.administrator, expected_version=expected_version, title="One"
    )
    with pytest.raises(TransitionRefused, match="Somebody else has changed this"):
        drafting.change_draft(
            editions.fresh(draft),
            by=cast.administrator,
            expected_version=expected_version,
            title="Two",
        )
    assert editions.fresh(draft).title == "One"


def test_a_draft_posted_twice_is_one_draft(cast):
    idempotency_key, said = uuid4(), editions.starting_point()
    first = drafting.draft_edition(by=cast.administrator, idempotency_key=idempotency_key, **said)
    assert (
        drafting.draft_edition(by=cast.administrator, idempotency_key=idempotency_key, **said)
        == first
    )
    assert AgreementEdition.objects.count() == 1


@pytest.mark.clause("ISA-5.3")
def test_a_decision_keeps_the_edition_it_was_made_under(cast):
    first = editions.edition_one(cast)
    under_first = walks.ready_to_share(cast)
    second = editions.a_new_edition(cast, conditions=["safeguarding"])
    under_second = walks.ready_to_share(cast)
    assert (under_first.agreement, under_second.agreement) == (first, second)
    again = Decision.objects.get(pk=under_first.pk)
    assert len(again.conditions) == 5
    assert list(under_second.conditions) == ["safeguarding"]
    assert again.agreement == first


def test_before_any_edition_is_agreed_the_published_flow_is_used(cast):
    decision = walks.ready_to_share(cast)
    assert decision.agreement is None
    assert decision.edition_name == "2020-07"


def test_a_flow_that_is_not_what_partners_read_decides_nothing(cast):
    editions.edition_one(cast)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE agreement_agreementedition SET flow_digest = 'another'")
    with pytest.raises(FlowAltered):
        flow_now()
    from django.core.checks import run_checks

    faults = run_checks(databases=["default"])
    assert "decisions.E003" in {fault.id for fault in faults}
    with pytest.raises(FlowAltered):
        deciding.begin_decision(walks.taken(cast), by=cast.trust_spoc, idempotency_key=uuid4())


@pytest.mark.django_db(transaction=True, databases=["default", "keystore"])
@pytest.mark.clause("ISA-5.3")
def test_three_partners_at_once_bring_it_into_force_once(cast):
    first, edition = editions.edition_one(cast), editions.proposed(cast)
    partners = editions.three_partners(cast)
    acts = [
        lambda by=by: agreeing.agree(editions.fresh(edition), by=by)  # type: ignore[misc]
        for by in partners
    ]
    assert at_once(*acts) == ["made"] * 3
    assert editions.fresh(edition).status == Status.IN_FORCE
    assert editions.fresh(first).status == Status.SUPERSEDED
    came = AgreementEdition.history.filter(id=edition.pk, history_change_reason="come_into_force")
    assert came.count() == 1


@pytest.mark.django_db(transaction=True, databases=["default", "keystore"])
def test_the_last_agreement_and_a_withdrawal_at_once_are_one_or_the_other(cast):
    edition = editions.proposed(cast)
    police, board, council = editions.three_partners(cast)
    for partner in (police, board):
        agreeing.agree(editions.fresh(edition), by=partner)
    office = cast.administrator
    ends = at_once(
        lambda: agreeing.agree(editions.fresh(edition), by=council),
        lambda: drafting.withdraw_edition(editions.fresh(edition), by=office, reason="No"),
    )
    assert ends == ["made", "refused"]
    assert editions.fresh(edition).status in {Status.IN_FORCE, Status.WITHDRAWN}
