"""Opening a case without a part in it: for a reason, for an hour, and never unseen (ISA-7.2)."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from agencies.acting import actor_for
from agencies.bootstrap.unattended import join
from agencies.grants import revoke
from agencies.permissions import Permission, Role
from audit.models import AccessEntry
from decisions.policies import DECISIONS
from outbox.models import Message
from outbox.tasks import writer_of
from requests_app.break_glass import actions as openings
from requests_app.models import InformationRequest, Opening
from requests_app.policies import AGENCY_CHECKS, ITEMS, RELEASES, REQUESTS, SUBJECTS
from tests import walks
from tests.plugins.people import sign_in
from workflow.transitions import TransitionRefused

pytestmark = [pytest.mark.django_db, pytest.mark.clause("ISA-7.2", part=True)]

OPEN = "/openings/open/"
ROWS = (REQUESTS, SUBJECTS, AGENCY_CHECKS, ITEMS, RELEASES, DECISIONS)


@pytest.fixture
def case(cast):
    return walks.released(cast)


@pytest.fixture
def partner(signed_in):
    return signed_in("police_partner")


def filled(case, **other):
    words = {"reference": case.reference, "reason": "complaint", "in_words": "Complaint 7 of May"}
    return {"idempotency_key": str(uuid4())} | words | other


def opened_by(partner, case):
    answer = partner.post(OPEN, filled(case))
    assert answer.status_code == 302
    return answer["Location"]


def reached(actor):
    """How many rows of each kind are open to somebody for another reason."""
    return [policy.scope(actor, Permission.BREAK_GLASS).count() for policy in ROWS]


def test_a_partner_reads_request_checks_decisions_and_what_went_out(partner, case):
    page = partner.get(opened_by(partner, case)).content.decode()
    for words in (
        case.reference,
        "Zed Example",
        "1 Invented Street",
        "A bruise nobody explains",
        "Rita Requester",
        "Anytown Health Trust",
        "Anytown Homes",
        "Rent says nothing about harm",
        "No risk seen",
        "Attended on 3 October with a bruise",
        "Complaint 7 of May",
        "OFFICIAL-SENSITIVE",
    ):
        assert words in page, words
    assert "Rent account" not in page  # what was withheld stays with its agency
    assert "Opened. The front door and the requester have been told." in page


def test_nothing_is_open_before_and_a_reference_is_typed_in_any_way(cast, partner, case):
    assert reached(cast.police_partner) == [0] * len(ROWS)
    typed = case.reference.lower().replace("-", " ")
    assert partner.post(OPEN, filled(case, reference=typed)).status_code == 302
    assert all(reached(cast.police_partner))


def test_each_thing_read_is_noted_with_that_purpose(cast, partner, case):
    there = opened_by(partner, case)
    before = AccessEntry.objects.count()
    partner.get(there)
    entries = AccessEntry.objects.order_by("pk")[before:]
    things = {entry.thing for entry in entries}
    assert things >= {
        "requests_app.informationrequest",
        "requests_app.enquiry",
        "requests_app.release",
        "requests_app.item",
        "decisions.decision",
    }
    assert {entry.may for entry in entries} == {Permission.BREAK_GLASS}
    assert {entry.case_id for entry in entries} == {case.pk}


def test_the_page_costs_the_same_for_many_checks(cast, partner, flat):
    case = walks.accepted(cast)
    there = opened_by(partner, case)
    flat(lambda: partner.get(there), add=lambda: walks.shared(cast, case=case), more=2)


def test_those_whose_case_it_is_are_told_at_once_without_a_name(cast, partner, case):
    opened_by(partner, case)
    message = Message.objects.get(topic="opening.opened", to="")
    notification = writer_of(message.topic)(message.about)
    told = {str(cast.users[name].pk) for name in ("officer", "officer2", "requester")}
    assert set(notification.to) == told
    assert case.reference in notification.text
    for word in ("Polly", "Zed", "Police", "Complaint", "Oak School"):
        assert word not in notification.subject + notification.text


def test_it_stands_out_on_who_has_looked_with_its_reason(cast, signed_in, partner, case):
    partner.get(opened_by(partner, case))
    desk = signed_in("officer").get(reverse("requests:access_log", args=[case.pk])).content.decode()
    assert "Opened by somebody not involved in it" in desk
    assert "Polly Partner" in desk
    assert "Complaint or allegation about how it was handled" in desk
    assert "Complaint 7 of May" in desk
    assert "Still open, until" in desk
    assert "Not involved in it" in desk
    agency_check = case.agency_checks.get(holder=cast.agencies["trust"])
    there = reverse("requests:check_access_log", args=[agency_check.pk])
    trust = signed_in("trust_spoc").get(there).content.decode()
    assert "Complaint or allegation about how it was handled" in trust
    assert "Complaint 7 of May" not in trust
    asker = signed_in("requester").get(reverse("requests:case", args=[case.pk])).content.decode()
    assert "Opened by somebody not involved, for another reason" in asker
    assert "Anytown Police" in asker


def test_it_is_over_after_an_hour(cast, partner, case):
    there = opened_by(partner, case)
    opening = Opening.objects.get()
    with time_machine.travel(opening.until - timedelta(seconds=1), tick=False):
        assert all(reached(cast.police_partner))
    with time_machine.travel(opening.until, tick=False):
        assert reached(cast.police_partner) == [0] * len(ROWS)
        fresh = sign_in(Client(), cast.users["police_partner"])
        page = fresh.get(there).content.decode()
        assert "This case is no longer open to you" in page
        assert "Zed" not in page
        assert "until" not in fresh.get("/openings/").content.decode()


def test_closing_ends_it_and_is_done_once(cast, partner, case):
    there = opened_by(partner, case)
    for _ in range(2):
        assert partner.post(f"{there}close/").status_code == 302
    assert reached(cast.police_partner) == [0] * len(ROWS)
    assert "no longer open" in partner.get(there).content.decode()
    assert Opening.objects.get().history.count() == 2


def test_it_opens_nothing_to_anybody_else(cast, signed_in, partner, case):
    there = opened_by(partner, case)
    for who in ("board_partner", "police_spoc", "officer", "requester", "trust_spoc", "desk_lead"):
        assert signed_in(who).get(there).status_code == 404
        assert signed_in(who).post(f"{there}close/").status_code == 404
    assert reached(cast.board_partner) == [0] * len(ROWS)
    with pytest.raises(PermissionDenied):
        openings.close_opening(Opening.objects.get(), by=cast.board_partner)


def test_it_opens_nothing_for_another_agency_of_the_same_person(cast, partner, case):
    opened_by(partner, case)
    polly = cast.users["police_partner"]
    join(polly, Role.PARTNER, cast.agencies["council"])
    assert reached(actor_for(polly, cast.agencies["council"])) == [0] * len(ROWS)
    assert all(reached(actor_for(polly, cast.agencies["police"])))


def test_it_ends_with_the_role_or_the_check_that_ran_out(cast, partner, case):
    there = opened_by(partner, case)
    opening, polly = Opening.objects.get(), cast.users["police_partner"]
    check = polly.memberships.get().checks.get()
    with time_machine.travel(timezone.now() + (check.expires - timezone.localdate()) * 1.5):
        assert not cast.police_partner.permissions & {Permission.BREAK_GLASS}
        assert reached(cast.police_partner) == [0] * len(ROWS)
    revoke(polly, Role.PARTNER, cast.agencies["police"])
    assert reached(cast.police_partner) == [0] * len(ROWS)
    assert partner.get(there).status_code in {403, 404}
    assert opening.is_running


def test_only_the_partners_may(cast, signed_in, case):
    for who in ("officer", "requester", "trust_manager", "desk_lead", "administrator"):
        assert signed_in(who).get(OPEN).status_code == 404
        assert signed_in(who).post(OPEN, filled(case)).status_code == 404
    assert not Opening.objects.exists()
    with pytest.raises(PermissionDenied):
        openings.open_otherwise(
            case, by=cast.officer, idempotency_key=uuid4(), reason="audit", in_words="I want to"
        )


def test_who_it_is_is_proved_again_first(cast, case):
    stale = sign_in(Client(), cast.users["police_partner"], ago=3600)
    assert stale.get(OPEN).status_code == 302
    assert stale.post(OPEN, filled(case)).status_code == 403
    assert not Opening.objects.exists()


def test_an_unknown_reference_and_a_draft_look_alike_and_are_noted(cast, partner):
    draft = walks.a_draft(cast)
    pages = []
    for reference in (draft.reference, "R-2222-2222"):
        answer = partner.post(OPEN, filled(draft, reference=reference, idempotency_key=""))
        assert answer.status_code == 422
        text = answer.content.decode().replace(reference, "")
        pages.append("There is no information request with this reference" in text)
    assert pages == [True, True]
    noted = AccessEntry.objects.filter(kind="refused", may=Permission.BREAK_GLASS)
    assert [entry.thing for entry in noted.order_by("pk")] == [
        "requests_app.informationrequest",
        "agencies.agency",
    ]
    assert not Opening.objects.exists()


def test_each_answer_is_asked_for(partner, case):
    answer = partner.post(OPEN, {})
    page = answer.content.decode()
    assert answer.status_code == 422
    for field in ("id_reference", "id_reason_0", "id_in_words"):
        assert f'href="#{field}"' in page


@pytest.mark.parametrize("text", ["x" * 1_000_000, "half\x00way"], ids=["1 MB", "NUL"])
def test_words_that_cannot_be_kept_are_refused(partner, case, text):
    for field in ("in_words", "reference"):
        assert partner.post(OPEN, filled(case, **{field: text})).status_code == 422


def test_the_same_form_twice_opens_once(partner, case):
    form = filled(case)
    places = {partner.post(OPEN, form)["Location"] for _ in range(2)}
    assert len(places) == 1
    assert Opening.objects.count() == 1
    assert Message.objects.filter(topic="opening.opened", to="").count() == 1
    changed = partner.post(OPEN, {**form, "in_words": "Something else"})
    assert changed.status_code == 409
    assert "Something else" in changed.content.decode()


def test_a_request_that_was_never_sent_is_opened_by_nobody(cast):
    draft = walks.a_draft(cast)
    with pytest.raises(TransitionRefused):
        walks.opened(cast, draft)


def test_ones_own_agency_decided_and_it_can_still_be_read(cast, partner):
    case = walks.refused(cast, "police").case
    page = partner.get(opened_by(partner, InformationRequest.objects.get(pk=case.pk)))
    assert "Rent says nothing about harm" in page.content.decode()


def test_a_long_list_is_in_pages_and_costs_the_same(cast, partner, flat):
    case = walks.sent(cast)
    flat(lambda: partner.get("/openings/"), add=lambda: walks.opened(cast, case))
    assert partner.get("/openings/?after=nonsense").status_code == 200
