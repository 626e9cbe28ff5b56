"""An agency takes part because it signed; one that is suspended or lapsed gets nothing new."""

import datetime as dt
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from agencies.models import Agency
from agreement.bootstrap import found_agreement
from agreement.models import Signature, Suspension
from agreement.signing import actions as signing
from agreement.signing.participation import why_not
from outbox.models import Message
from outbox.tasks import writer_of
from requests_app.agency_checks import actions as agency_checks
from requests_app.agency_people import who_can_be_asked
from requests_app.asking import actions as asking
from requests_app.items import actions as items
from requests_app.models import InformationRequest, Opening, Release
from requests_app.release import actions as releasing
from requests_app.triage import actions as triage
from tests import walks
from tests.agreement import walks as editions
from tests.house.test_races import at_once
from workflow.transitions import TransitionRefused

pytestmark = pytest.mark.django_db


@pytest.mark.clause("ISA-2.1", "ISA-7.4")
def test_an_agency_takes_part_from_the_day_it_signs_and_not_before(cast):
    editions.edition_one(cast)
    edition = editions.a_new_edition(cast)
    trust = editions.listed(cast)
    assert trust not in who_can_be_asked()
    assert "has not signed the agreement" in why_not(trust)
    made = signing.sign_agreement(edition, by=cast.trust_manager, **editions.assessment())
    trust = editions.fresh(trust)
    assert (trust.status, trust.lapses_on) == (Agency.Status.TAKING_PART, None)
    assert made.signed_on == timezone.localdate()
    assert made.privacy_notice == trust.privacy_notice
    assert trust in who_can_be_asked()


@pytest.mark.clause("ISA-4.3-PRIVACY", part=True)
@pytest.mark.parametrize("lacks", ["privacy_notice", "spoc", "manager"])
def test_without_privacy_notice_and_contacts_nobody_signs(cast, lacks):
    editions.edition_one(cast)
    edition = editions.a_new_edition(cast)
    agency = editions.with_all_that_is_needed(cast.agencies["trust"])
    if lacks == "privacy_notice":
        agency.privacy_notice = ""
        editions.save_unattended(agency)
    else:
        held = agency.contacts.get(post=lacks)
        held.status = "ended"
        editions.save_unattended(held)
    with pytest.raises(TransitionRefused, match="on the register"):
        signing.sign_agreement(edition, by=cast.trust_manager, **editions.assessment())
    assert not Signature.objects.filter(edition=edition, agency=agency).exists()


@pytest.mark.clause("ISA-7.4")
@pytest.mark.parametrize("days", [-1, 366 * 3 + 5])
def test_an_assessment_is_neither_of_tomorrow_nor_years_old(cast, days):
    editions.edition_one(cast)
    edition = editions.a_new_edition(cast)
    editions.with_all_that_is_needed(cast.agencies["trust"])
    on = timezone.localdate() - dt.timedelta(days=days)
    with pytest.raises(TransitionRefused):
        signing.sign_agreement(
            edition, by=cast.trust_manager, **editions.assessment(assessed_on=on)
        )


def test_signing_twice_is_signing_once(cast):
    made = editions.signed(cast)
    told = Message.objects.filter(topic="agreement.signed", to="").count()
    said = {name: getattr(made, name) for name in ("assessed_on", "assessed_by", "controls")}
    again = signing.sign_agreement(made.edition, by=cast.trust_manager, **said)
    assert again == made
    assert Message.objects.filter(topic="agreement.signed", to="").count() == told


def test_nobody_signs_an_edition_that_was_replaced_meanwhile(cast):
    edition = found_agreement([cast.agencies["police"]])
    editions.with_all_that_is_needed(cast.agencies["trust"])
    editions.a_new_edition(cast)
    with pytest.raises(TransitionRefused):
        signing.sign_agreement(edition, by=cast.trust_manager, **editions.assessment())


def test_a_signature_stays_as_it_was_signed(cast):
    made = editions.signed(cast)
    for statement in (
        "UPDATE agreement_signature SET controls = 'x'",
        "DELETE FROM agreement_signature",
    ):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"{statement} WHERE id = %s", [made.pk])


def test_a_suspended_agency_cannot_sign_itself_in(cast):
    editions.edition_one(cast)
    edition = editions.a_new_edition(cast)
    editions.with_all_that_is_needed(cast.agencies["trust"])
    editions.suspended(cast)
    with pytest.raises(TransitionRefused, match="suspended"):
        signing.sign_agreement(edition, by=cast.trust_manager, **editions.assessment())


@pytest.mark.clause("ISA-2.1")
@pytest.mark.parametrize("how", [editions.suspended, editions.lapsed])
def test_who_takes_no_part_sends_nothing_new_but_keeps_its_draft(cast, how):
    case = walks.a_draft(cast)
    how(cast, "school")
    with pytest.raises(TransitionRefused, match="kept as a draft") as refused:
        asking.send_request(case, by=cast.requester)
    assert "Anytown Business Office" in str(refused.value)  # whom to call
    case = InformationRequest.objects.get(pk=case.pk)
    assert case.status == "draft"
    asking.describe(
        case, by=cast.requester, part="purpose", purposes=["needs"], reason="Still worried"
    )


@pytest.mark.clause("ISA-2.1")
@pytest.mark.parametrize("how", [editions.suspended, editions.lapsed])
def test_what_it_owes_it_can_still_answer(cast, how):
    agency_check, case = walks.taken(cast), walks.sent(cast)
    triage.return_request(case, by=cast.officer, idempotency_key=uuid4(), questions=["Which day?"])
    how(cast, "trust")
    how(cast, "school")
    agency_checks.answer_not_known(agency_check, by=cast.trust_spoc, searched="All records")
    question = case.clarifications.get()
    asking.answer_clarification(question, by=cast.requester, answer="Monday")
    sent = asking.send_request(InformationRequest.objects.get(pk=case.pk), by=cast.requester)
    assert sent.status == "sent"


@pytest.mark.clause("ISA-2.1")
@pytest.mark.parametrize("how", [editions.suspended, editions.lapsed])
def test_who_takes_no_part_is_asked_nothing_new(cast, how):
    case = walks.accepted(cast)
    how(cast, "trust")
    assert cast.agencies["trust"] not in who_can_be_asked()
    with pytest.raises(TransitionRefused, match="was not asked"):
        agency_checks.put_agency_check(
            case,
            by=cast.officer,
            idempotency_key=uuid4(),
            holder=cast.agencies["trust"],
            shown={},
            questions=[("A", "B")],
        )


def ready_to_release(cast):
    share = walks.shared(cast)
    items.accept_item(share.weighed.get().item, by=cast.officer)
    return share.agency_check


@pytest.mark.clause("ISA-2.1")
@pytest.mark.parametrize("how", [editions.suspended, editions.lapsed])
def test_nothing_new_is_released_to_it_and_what_was_stays_readable(cast, signed_in, how):
    before = walks.released(cast)
    agency_check = ready_to_release(cast)
    how(cast, "school")
    with pytest.raises(TransitionRefused, match="Nothing was released"):
        releasing.release_information(
            agency_check.case,
            by=cast.officer,
            idempotency_key=uuid4(),
            agency_checks=[agency_check],
            recipients=[cast.users["requester"]],
        )
    assert not Release.objects.filter(case=agency_check.case).exists()
    package = reverse("requests:released", args=[before.releases.get().pk])
    assert signed_in("requester").get(package).status_code == 200


@pytest.mark.clause("ISA-2.1")
def test_suspended_between_opening_the_release_page_and_sending_it(cast, signed_in):
    agency_check = ready_to_release(cast)
    officer, there = signed_in("officer"), reverse("requests:release", args=[agency_check.case_id])
    page = officer.get(there).content.decode()
    assert 'name="recipients"' in page
    editions.suspended(cast, "school")
    posted = {
        "idempotency_key": str(uuid4()),
        "answers": [str(agency_check.pk)],
        "recipients": [str(cast.users["requester"].pk)],
        "acting_for": str(cast.agencies["front_door"].pk),
    }
    answer = officer.post(there, posted)
    assert answer.status_code == 409
    assert "Nothing was released" in answer.content.decode()
    again = officer.get(there).content.decode()
    assert 'name="recipients"' not in again
    assert "is suspended and takes no part" in again


def test_suspending_and_lifting_are_told_recorded_and_done_once(cast):
    idempotency_key = uuid4()
    trust = editions.fresh(cast.agencies["trust"])
    for _time in range(2):
        signing.suspend_agency(
            editions.fresh(trust),
            by=cast.administrator,
            idempotency_key=idempotency_key,
            reason="A breach",
        )
    message = Message.objects.get(topic="agency.suspended", to="")
    notification = writer_of(message.topic)(message.about)
    told = {str(cast.users[who].pk) for who in ("trust_manager", "trust_spoc")}
    assert set(notification.to) == told
    assert "A breach" not in notification.text
    for _time in range(2):
        signing.lift_suspension(editions.fresh(trust), by=cast.administrator, reason="Mended")
    row = Suspension.objects.get(agency=trust)
    assert (row.status, row.lifted_because) == ("lifted", "Mended")
    assert editions.fresh(trust).status == Agency.Status.TAKING_PART
    assert Message.objects.filter(topic="agency.lifted", to="").count() == 1


def test_lifting_does_not_give_back_what_has_lapsed(cast):
    editions.edition_one(cast)
    editions.lapsed(cast, "trust")
    editions.suspended(cast)
    trust = editions.fresh(cast.agencies["trust"])
    signing.lift_suspension(trust, by=cast.administrator, reason="Mended")
    assert "has not signed edition 1" in why_not(trust)


@pytest.mark.clause("ISA-2.1")
@pytest.mark.clause("ISA-7.2", part=True)
@pytest.mark.parametrize("how", [editions.suspended, editions.lapsed])
def test_who_takes_no_part_opens_no_case_for_another_reason(cast, signed_in, how):
    case = walks.released(cast)
    how(cast, "police")
    words = {"reference": case.reference, "reason": "audit", "in_words": "The audit of May"}
    answer = signed_in("police_partner").post(
        "/openings/open/", {"idempotency_key": uuid4(), **words}
    )
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "Nothing was opened." in page
    assert "Anytown Business Office" in page  # whom to call
    assert "The audit of May" in page
    assert not Opening.objects.exists()


@pytest.mark.django_db(transaction=True, databases=["default", "keystore"])
def test_suspending_and_releasing_at_once_leave_nothing_released_after(cast):
    agency_check = ready_to_release(cast)
    office, officer, person = cast.administrator, cast.officer, cast.users["requester"]
    school = cast.agencies["school"]
    ends = at_once(
        lambda: releasing.release_information(
            editions.fresh(agency_check.case),
            by=officer,
            idempotency_key=uuid4(),
            agency_checks=[agency_check],
            recipients=[person],
        ),
        lambda: signing.suspend_agency(
            editions.fresh(school), by=office, idempotency_key=uuid4(), reason="A breach"
        ),
    )
    assert editions.fresh(school).status == Agency.Status.SUSPENDED
    made = Release.objects.filter(case=agency_check.case).first()
    assert ends == (["made", "made"] if made else ["made", "refused"])
    if made:
        assert made.released_at <= Suspension.objects.get().begun_at + dt.timedelta(seconds=5)
