"""Every promise has somebody to keep it, and no e-mail names or describes anybody (ISA-6.2)."""

import re
from datetime import timedelta
from importlib import import_module
from uuid import uuid4

import pytest
import time_machine
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

from agencies.tasks import send_checkpoint
from audit.ledger.verifying_rows import verify_live
from audit.models import Event, Leaf, SetAside
from authentication.mfa_reset import actions as resets
from decisions.advice import actions as advising
from decisions.flow import actions as deciding
from decisions.scrutiny import actions as scrutinising
from outbox.models import Message
from outbox.tasks import writer_of
from requests_app.clocks.reminding import remind_of_shifts, remind_of_what_is_due
from requests_app.items import actions as items
from requests_app.release import actions as releasing
from requests_app.triage import actions as triage
from requests_app.triage import owning
from tests import walks
from tests.audit.walks import signed
from tests.authentication.factor_rows import asked
from tests.house.agreement_rows import everything_of_the_agreement
from tests.house.people_rows import everything_of_the_people
from tests.house.retention_rows import everything_of_retention
from workflow.transitions import TABLES

pytestmark = pytest.mark.django_db

TOPICS = {
    topic
    for app in settings.OUTBOX_NOTIFICATIONS
    for topic in import_module(app).NOTIFICATIONS
    if not topic.startswith("signin.")  # about one's own account; its rows have no moves
}

# Promised by what comes round by itself, and by no move of anybody.
COME_ROUND = {
    "review.due",
    "enquiry.time",
    "request.time",
    "request.late",
    "shift.waiting",
    "agency.sign_soon",
    "check.runs_out",
    "checks.run_out",
    "access.ends",
    "access.review_due",
    "ledger.checkpoint",
    "ledger.set_aside",
    # By an operator.
    "ledger.acknowledged",
    "ledger.taken_away",
    "forged.taken_away",
    # By the installation itself, once what two people decided is done.
    "statement.asked",
    "statement.chased",
}
# Written to those who have signed for the agency, or can: some agencies of the cast have nobody.
# Likewise the front door of the cast, which has no manager.
PERHAPS_TO_NOBODY = {"agency.sign_anew", "agency.sign_soon", "review.due", "request.late"}

# Everything that the walks say about a person or an agency's information.
BASE64 = re.compile(r"[A-Za-z0-9+/]{30,}={0,2}")
CANARIES = (
    "Zed",
    "Example",
    "Z.E.",
    "2015",
    "Invented Street",
    "9990000018",
    "999 000 0018",
    "Rex",
    "Risk",
    "bruise",
    "Rent",
    "uncle",
    "Oak School",
    "Health Trust",
    "Anytown Homes",
)


def test_every_topic_of_the_moves_is_written_and_none_is_written_in_vain():
    told = {
        topic
        for table in TABLES
        for transition in table.table.values()
        for topic in transition.notifies
    }
    assert told | COME_ROUND == TOPICS


def everything_happens(cast):
    everything_of_the_agreement(cast)
    resets.approve(asked(cast), by=cast.trust_manager)
    case = walks.released(cast)
    returned = walks.sent(cast)
    triage.return_request(
        returned, by=cast.officer, idempotency_key=uuid4(), questions=["Which uncle?"]
    )
    triage.take_back_request(returned, by=cast.officer)
    owning.hand_over_request(returned, by=cast.officer, colleague=cast.users["officer2"])
    declined = walks.sent(cast)
    triage.decline_request(declined, by=cast.officer, reason="Rent is no reason")
    agency_check = walks.taken(cast)
    triage.change_rating(
        agency_check.case, by=cast.officer, rating="red", reason="The uncle is back"
    )
    from requests_app.agency_checks import chasing, withdrawing
    from requests_app.agency_checks.actions import hand_agency_check

    chasing.remind_agency_check(agency_check, by=cast.officer)
    chasing.add_question(
        agency_check,
        by=cast.officer,
        idempotency_key=uuid4(),
        fact="Which uncle?",
        why="The bruise",
    )

    withdrawing.withdraw_agency_check(
        walks.an_agency_check(cast, "school", agency_check.case),
        by=cast.officer,
        because="other",
        note="Zed has left the school",
    )
    hand_agency_check(agency_check, by=cast.trust_spoc, colleague=cast.users["trust_nurse"])
    walks.listed(agency_check, cast.trust_nurse, "Bruise clinic")
    decision = deciding.begin_decision(agency_check, by=cast.trust_nurse, idempotency_key=uuid4())
    advice = advising.seek_advice(
        decision, by=cast.trust_nurse, idempotency_key=uuid4(), step="purpose", question="May I?"
    )
    advising.give_advice(advice, by=cast.trust_adviser, outcome="Yes, about the bruise")
    share = walks.shared(cast, "trust")
    items.refuse_item(share.weighed.get().item, by=cast.officer, reason="Gathered wrongly")
    for number, end in enumerate(("accept", "reconsider")):
        refusal = walks.refused(cast)
        act = (scrutinising.accept_decision, scrutinising.ask_to_reconsider)[number]
        act(refusal.scrutiny, by=cast.police_partner, reasons="Rent matters")
        assert end
    walks.opened(cast, case)
    releasing.release_information(
        case,
        by=cast.officer,
        idempotency_key=uuid4(),
        agency_checks=list(case.agency_checks.all()),
        recipients=[cast.users["requester"]],
    )
    walks.shift_note(cast)
    everything_of_retention(cast)
    everything_of_the_people(cast)
    signed()
    none = Leaf.objects.create(kind="change", entry=10**9, body="none")
    SetAside.objects.create(leaf=none, at=timezone.now())
    put_on_record()
    with time_machine.travel(timezone.now() + timedelta(days=1), tick=False):
        remind_of_what_is_due()
    with time_machine.travel(timezone.now() + timedelta(days=7), tick=False):
        remind_of_shifts()
    take_away_a_forged_one(cast.users["trust_nurse"])
    send_checkpoint()


def put_on_record():
    """An entry without a leaf, which an operator has looked into."""
    Event.objects.create(move="none", after="none", version=0)
    [number] = [full for what, full in verify_live().numbers.items() if "audit.Event" in what]
    call_command("ledger", "acknowledge", number, "--reason", "Seen", "--by", "An operator")


def take_away_a_forged_one(person):
    """A link that somebody wrote past the portal, which an operator has looked into."""
    link = SocialAccount.objects.create(user=person, provider="work", uid="x", extra_data={})
    called = f"link-{link.pk}"
    call_command("forged", "take-away", called, "--reason", "Seen", "--by", "An operator")


@pytest.mark.clause("ISA-6.2")
def test_no_email_names_or_describes_anybody(cast):
    everything_happens(cast)
    messages = Message.objects.filter(part_of=None)
    assert {message.topic for message in messages} == TOPICS
    for message in messages:
        notification = writer_of(message.topic)(message.about)
        assert notification.to or message.topic in PERHAPS_TO_NOBODY, message.topic
        said = notification.subject + notification.text
        if message.topic == "ledger.checkpoint":
            said = BASE64.sub(" ", said)  # a hash or a signature may hold any letters
        for canary in CANARIES:
            assert canary not in said, message.topic
        # Whoever is invited cannot sign in yet.
        assert "Sign in to see it" in notification.text or message.topic == "invitation.sent"


def test_an_email_goes_to_those_who_wait_and_to_nobody_else(cast):
    agency_check = walks.an_agency_check(cast, "trust")
    notification = writer_of("enquiry.put")(str(agency_check.pk))
    expected = {str(cast.users[name].pk) for name in ("trust_spoc", "trust_manager")}
    assert set(notification.to) == expected
    decision = walks.refused(cast, "police")
    notification = writer_of("scrutiny.opened")(str(decision.pk))
    assert set(notification.to) == {str(cast.users["board_partner"].pk)}
