"""Who at the front door has a request: claimed, handed over, given back, each once."""

from uuid import uuid4

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from agencies.grants import revoke
from agencies.permissions import Role
from audit.ledger.verifying_rows import verify_live
from audit.models import Event
from outbox.models import Message
from outbox.tasks import deliver, writer_of
from requests_app.models import InboxPlace, InformationRequest
from requests_app.triage import actions as triage
from requests_app.triage import owning
from tests import walks
from tests.house.test_races import at_once
from workflow.transitions import TransitionRefused

pytestmark = [pytest.mark.django_db, pytest.mark.clause("P-TIMELY", part=True)]


def text(response):
    return response.content.decode()


def again(case):
    return InformationRequest.objects.get(pk=case.pk)


def moves(case):
    told = Event.objects.filter(thing_id=str(case.pk)).order_by("pk")
    return [each.move.rpartition(".")[2] for each in told if each.move.endswith(owning.MOVES)]


def test_a_request_is_claimed_handed_over_and_given_back_each_with_its_record(cast):
    case = walks.sent(cast)
    owning.claim_request(case, by=cast.officer)
    assert again(case).owner == InboxPlace.objects.get(pk=case.pk).owner == cast.users["officer"]
    owning.hand_over_request(case, by=cast.officer, colleague=cast.users["officer2"])
    assert again(case).owner == cast.users["officer2"]
    owning.give_back_request(case, by=cast.officer2)
    assert (again(case).owner, again(case).owned_at) == (None, None)
    assert moves(case) == ["claim", "hand_over", "give_back"]
    assert Event.objects.get(move="informationrequest.hand_over").details == {
        "to": str(cast.users["officer2"].pk)
    }
    assert (
        case.history.count()
        == 3 + case.history.exclude(history_change_reason__in=owning.MOVES).count()
    )
    assert verify_live().wrong == []


@pytest.mark.parametrize("act", ["claim", "give_back"])
def test_what_is_done_twice_is_done_once(act, cast):
    case = walks.sent(cast)
    owning.claim_request(case, by=cast.officer)
    owning.claim_request(again(case), by=cast.officer)
    if act == "give_back":
        owning.give_back_request(again(case), by=cast.officer)
        owning.give_back_request(again(case), by=cast.officer)
    assert moves(case) == ["claim", "give_back"][: 1 + (act == "give_back")]


def test_whoever_comes_second_is_told_who_has_it_and_since_when(cast, signed_in):
    case = walks.sent(cast)
    owning.claim_request(case, by=cast.officer2)
    since = owning.who_has_it(again(case))
    assert since.startswith("Omar Otherofficer has it since ")
    with pytest.raises(TransitionRefused, match="Omar Otherofficer has it since"):
        owning.claim_request(again(case), by=cast.officer)
    with pytest.raises(TransitionRefused, match="Omar Otherofficer has it since"):
        owning.give_back_request(again(case), by=cast.officer)
    officer = signed_in("officer")
    answer = officer.post(reverse("requests:claim", args=[case.pk]))
    assert since in text(answer)
    assert again(case).owner == cast.users["officer2"]


@pytest.mark.django_db(transaction=True, databases=["default", "keystore"])
def test_of_two_who_claim_at_once_one_has_it_and_the_other_is_told(cast):
    case = walks.sent(cast)
    first, second = cast.officer, cast.officer2
    ends = at_once(
        lambda: owning.claim_request(again(case), by=first),
        lambda: owning.claim_request(again(case), by=second),
    )
    assert sorted(ends) == ["made", "refused"]
    assert moves(case) == ["claim"]


def test_a_hand_over_does_not_pass_over_whoever_got_it_since(cast, signed_in):
    case = walks.sent(cast)
    officer, address = signed_in("officer"), reverse("requests:hand_over", args=[case.pk])
    assert "Nobody has it." in text(officer.get(address))
    owning.claim_request(case, by=cast.officer2)
    posted = {"seen": "", "colleague": str(cast.users["officer"].pk)}
    assert "Omar Otherofficer has it since" in text(officer.post(address, posted))
    assert again(case).owner == cast.users["officer2"]
    # Whoever has seen who has it takes it over.
    officer.post(address, posted | {"seen": str(cast.users["officer2"].pk)})
    assert again(case).owner == cast.users["officer"]


@pytest.mark.parametrize("who", ["requester", "trust_spoc", "desk_lead"])
def test_it_is_handed_to_nobody_who_does_not_triage_there(who, cast, signed_in):
    case = walks.sent(cast)
    with pytest.raises(PermissionDenied):
        owning.hand_over_request(case, by=cast.officer, colleague=cast.users[who])
    address = reverse("requests:hand_over", args=[case.pk])
    answer = signed_in("officer").post(address, {"colleague": str(cast.users[who].pk)})
    assert answer.status_code == 422
    assert again(case).owner is None


@pytest.mark.clause("ISA-7.1", part=True)
def test_what_a_colleague_had_whose_role_is_taken_away_can_be_claimed(cast):
    case = walks.sent(cast)
    owning.claim_request(case, by=cast.officer2)
    revoke(cast.users["officer2"], Role.IFD_OFFICER, cast.agencies["front_door"])
    owning.claim_request(again(case), by=cast.officer)
    assert again(case).owner == cast.users["officer"]


def test_an_open_form_is_not_refused_because_a_colleague_claimed(cast, signed_in):
    case = walks.sent(cast)
    officer, address = signed_in("officer"), reverse("requests:triage_rate", args=[case.pk])
    page = text(officer.get(address))
    shown = page.split('name="expected_version" value="')[1].split('"')[0]
    owning.claim_request(case, by=cast.officer2)
    posted = {"expected_version": shown, "rating": "red", "reason": "Worse"}
    assert officer.post(address, posted).status_code == 302
    assert again(case).rating == "red"
    # Somebody else's rating since is still seen first.
    posted = {"expected_version": shown, "rating": "green", "reason": "Better"}
    assert "Somebody else has changed this" in text(officer.post(address, posted))


def test_the_colleague_is_told_with_the_rating_and_the_reference_alone(cast):
    case = walks.sent(cast)
    owning.hand_over_request(case, by=cast.officer, colleague=cast.users["officer2"])
    [message] = Message.objects.filter(topic="request.handed")
    letter = writer_of(message.topic)(message.about)
    assert letter.subject == "An information request rated Amber has been handed to you"
    assert case.reference in letter.text
    # Whoever has it by the time it is sent: it goes to whom it was handed to.
    owning.hand_over_request(again(case), by=cast.officer, colleague=cast.users["officer"])
    deliver(message.pk)
    assert [each.to for each in mail.outbox] == [[cast.users["officer2"].email]]
    # Nobody gets a letter about what they took over themselves.
    assert Message.objects.filter(topic="request.handed").count() == 1


def test_nothing_is_told_of_a_request_to_whoever_has_left_since(cast):
    case = walks.sent(cast)
    owning.hand_over_request(case, by=cast.officer, colleague=cast.users["officer2"])
    revoke(cast.users["officer2"], Role.IFD_OFFICER, cast.agencies["front_door"])
    deliver(Message.objects.get(topic="request.handed").pk)
    assert mail.outbox == []


def test_accept_pressed_twice_with_a_claim_in_between_is_done_once(cast, signed_in):
    case = walks.accepted(cast)
    owning.claim_request(again(case), by=cast.officer2)
    address = reverse("requests:triage_accept", args=[case.pk])
    answer = signed_in("officer").post(address, follow=True)
    assert "You accepted the request." in text(answer)
    accepted = case.history.filter(history_change_reason="accept")
    assert accepted.count() == 1
    # It is a colleague's doubled click no more than before.
    with pytest.raises(TransitionRefused):
        triage.accept_request(again(case), by=cast.officer2)


def test_several_are_claimed_and_those_that_could_not_be_are_said(cast, signed_in):
    mine, taken, elsewhere = walks.sent(cast), walks.sent(cast), walks.a_draft(cast)
    owning.claim_request(taken, by=cast.officer2)
    chosen = [str(mine.pk), str(taken.pk), str(elsewhere.pk), str(uuid4()), "nonsense"]
    address = reverse("requests:claim_several")
    officer = signed_in("officer")
    answer = officer.post(address, {"chosen": chosen, "back": "?show=mine"}, follow=True)
    assert answer.redirect_chain == [(f"{reverse('requests:inbox')}?show=mine", 302)]
    assert "You claimed 1 request." in text(answer)
    assert f"{taken.reference}: Omar Otherofficer has it since" in text(answer)
    assert [again(each).owner for each in (mine, taken, elsewhere)] == [
        *(cast.users["officer"], cast.users["officer2"], None)
    ]
    assert "Select at least one request first." in text(officer.post(address, {}, follow=True))
    outside = officer.post(address, {"back": "//elsewhere.example/"})
    assert outside.url == reverse("requests:inbox")


def test_several_are_handed_to_one_colleague_each_with_its_own_record(cast, signed_in):
    one, two, changed = walks.sent(cast), walks.sent(cast), walks.sent(cast)
    officer, address = signed_in("officer"), reverse("requests:hand_over_several")
    chosen = [str(case.pk) for case in (one, two, changed)]
    page = text(officer.post(address, {"chosen": chosen}))
    assert all(case.reference in page for case in (one, two, changed))
    owning.claim_request(changed, by=cast.officer)
    posted = {
        "chosen": chosen,
        "had": [owning.had(case) for case in (one, two)] + [f"{changed.pk}~"],
        "colleague": str(cast.users["officer2"].pk),
    }
    answer = text(officer.post(address, posted, follow=True))
    assert "Omar Otherofficer has 2 more requests." in answer
    assert f"{changed.reference}: Olive Officer has it since" in answer
    assert moves(one) == moves(two) == ["hand_over"]
    assert officer.post(address, {"chosen": chosen, "colleague": ""}).status_code == 422


def test_what_is_over_has_no_owner_to_change(cast):
    case = walks.sent(cast)
    triage.decline_request(case, by=cast.officer, reason="No purpose")
    with pytest.raises(TransitionRefused):
        owning.claim_request(again(case), by=cast.officer)
