"""The main job through the actions alone: what each step leaves behind."""

from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction

from agencies.permissions import Permission
from audit.models import Event
from decisions.flow import actions as deciding
from decisions.models import Decision, Scrutiny
from decisions.policies import SCRUTINIES
from decisions.recording import actions as recording
from decisions.scrutiny import actions as scrutinising
from outbox.models import Message
from requests_app.models import AgencyCheck, InformationRequest, Item, Recipient
from requests_app.policies import ITEMS
from requests_app.release import actions as releasing
from tests import walks

pytestmark = pytest.mark.django_db


def test_the_whole_story(cast):
    case = walks.released(cast)
    assert case.status == InformationRequest.Status.RELEASED
    assert set(case.agency_checks.values_list("outcome", flat=True)) == {"share", "no_share"}
    item = ITEMS.scope(cast.requester, Permission.SEND_REQUEST).get()
    assert item.content == "Attended on 3 October with a bruise"
    assert not ITEMS.scope(cast.classmate, Permission.SEND_REQUEST).exists()
    recipient = releasing.acknowledge(Recipient.objects.get(), by=cast.requester)
    assert recipient.status == Recipient.Status.ACKNOWLEDGED
    topics = set(Message.objects.values_list("topic", flat=True))
    assert {"request.sent", "enquiry.put", "scrutiny.opened", "release.made"} <= topics
    assert Event.objects.filter(case_id=case.pk, move="informationrequest.release").count() == 1


@pytest.mark.clause("ISA-5.4", part=True)
def test_a_refusal_is_scrutinised_and_decided_anew(cast):
    old = walks.refused(cast)
    scrutiny = SCRUTINIES.scope(cast.police_partner, Permission.SCRUTINISE).get()
    scrutinising.ask_to_reconsider(scrutiny, by=cast.police_partner, reasons="Arrears matter")
    old.refresh_from_db()
    assert old.agency_check.status == AgencyCheck.Status.TAKEN
    new = deciding.begin_anew(old, by=cast.housing_spoc, idempotency_key=uuid4())
    item = new.weighed.get().item
    walks.fill(new, item, by=cast.housing_spoc)
    recording.record_decision(new, by=cast.housing_spoc)
    agency_check = AgencyCheck.objects.get()
    assert (agency_check.status, agency_check.outcome) == ("answered", "share")
    assert Decision.objects.get(pk=old.pk).because == "Rent says nothing about harm"


@pytest.mark.clause("P-RECORD", part=True)
def test_the_database_itself_refuses_to_change_a_recorded_decision(cast):
    decision = walks.refused(cast)
    for rows in (
        Decision._base_manager.filter(pk=decision.pk),
        decision.answers.model._base_manager.filter(decision=decision),
        Item._base_manager.filter(weighed__decision=decision),
        decision.history.model.objects.all(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            models_update(rows)


def models_update(rows):
    from django.db.models.query import QuerySet

    QuerySet.update(rows, version=99)


def test_a_partner_never_scrutinises_its_own_decision(cast):
    walks.refused(cast, "police")
    assert not SCRUTINIES.scope(cast.police_partner, Permission.SCRUTINISE).exists()
    assert SCRUTINIES.scope(cast.board_partner, Permission.SCRUTINISE).exists()
    assert Scrutiny.objects.count() == 1
