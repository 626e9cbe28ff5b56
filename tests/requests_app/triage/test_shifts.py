"""Handing over at the end of a shift: a note of each request, until somebody takes it over."""

import os
import re
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.urls import reverse

from agencies.bootstrap.unattended import join
from agencies.models import User
from agencies.permissions import Role
from audit.ledger.verifying_rows import verify_live
from audit.models import AccessEntry, Event
from outbox.models import Message
from outbox.tasks import writer_of
from requests_app.clocks.reminding import remind_of_shifts
from requests_app.clocks.selectors import the_calendar
from requests_app.models import ShiftNote
from requests_app.tasks import remind_of_times
from requests_app.triage import actions as triage
from requests_app.triage import owning, shifts
from requests_app.triage.inbox import SHIFTS, counts
from tests import walks
from tests.house.test_races import at_once
from tests.look.measuring import WIDTHS, faults_of
from tests.plugins.people import sign_in
from tests.requests_app.break_glass.test_break_glass_browser import browse
from tests.requests_app.clocks.weeks import monday_at
from workflow.transitions import TransitionRefused

pytestmark = [pytest.mark.django_db, pytest.mark.clause("P-TIMELY", part=True)]
PAGE, LIST = reverse("requests:shift_hand_over"), reverse("requests:shifts")


def text(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def again(row):
    return type(row).objects.get(pk=row.pk)


def mine(cast, who="officer"):
    return owning.claim_request(walks.sent(cast), by=getattr(cast, who))


def filled(case, note="Ring the school at nine", to="next", **more):
    """What the page sends of one request."""
    prefix = case.pk.hex
    said = {"seen": case.owner_id or "", "waiting": "", "note": note} | more
    return {f"{prefix}-{name}": value for name, value in said.items()} | {"to": to}


def moves(case):
    told = Event.objects.filter(case_id=case.pk, move__startswith="shiftnote.")
    return [each.move.partition(".")[2] for each in told.order_by("pk")]


def shift_page(note):
    return reverse("requests:shift", args=[note.pk])


def take_over(client, note, *notes):
    address = reverse("requests:shift_take_over", args=[note.pk])
    chosen = [str(each.pk) for each in (note, *notes)]
    return client.post(address, {"chosen": chosen}, follow=True)


def test_the_page_lists_ones_own_red_and_amber_then_those_that_nobody_has(cast, signed_in):
    nobodys, own, green, colleagues = (
        walks.sent(cast),
        mine(cast),
        mine(cast),
        mine(cast, "officer2"),
    )
    triage.change_rating(again(green), by=cast.officer, rating="green", reason="Better")
    page = text(signed_in("officer").get(PAGE))
    assert page.index(own.reference) < page.index(nobodys.reference)
    assert green.reference not in page
    assert colleagues.reference not in page
    assert page.count("I keep") == 1


def test_a_shift_goes_from_one_to_whoever_comes_and_is_their_own_then(cast, signed_in):
    own, nobodys = mine(cast), walks.sent(cast)
    officer, other = signed_in("officer"), signed_in("officer2")
    posted = filled(own, "Mother rings at nine") | filled(nobodys, "Nobody has looked yet")
    assert "You handed over 2 requests." in text(officer.post(PAGE, posted, follow=True))
    assert again(own).owner == cast.users["officer"]
    # Whoever wrote it is told nothing of it; who comes next is, at the desk and on the start page.
    assert counts(cast.officer)[SHIFTS] == 0
    assert "Shift hand-overs waiting: 1" in text(other.get(reverse("requests:inbox")))
    assert "Shift hand-overs waiting 1" in text(other.get("/"))
    notes = list(ShiftNote.objects.order_by("case__owner"))
    page = text(other.get(shift_page(notes[0])))
    assert "Mother rings at nine" in page
    assert "Nobody has looked yet" in page
    assert page.count("Nothing has changed.") == 2
    assert "You acknowledged 2 requests." in text(take_over(other, *notes))
    for case in (own, nobodys):
        assert again(case).owner == cast.users["officer2"]
        assert moves(case) == ["write", "take"]
        assert "Ring" not in str(Event.objects.filter(case_id=case.pk).values_list("details"))
    assert counts(cast.officer2)[SHIFTS] == 0
    assert verify_live().wrong == []
    # The timeline of the request tells of it, with the note.
    page = text(other.get(reverse("requests:triage_case", args=[own.pk])))
    assert "Handed over at the end of a shift" in page
    assert "Mother rings at nine" in page


@pytest.mark.clause("ISA-7.2", part=True)
def test_each_note_that_is_shown_is_noted_as_read(cast, signed_in):
    note = walks.shift_note(cast)
    AccessEntry.objects.all()
    signed_in("officer2").get(shift_page(note))
    read = AccessEntry.objects.filter(person=str(cast.users["officer2"].pk))
    assert {"requests_app.shiftnote", "requests_app.informationrequest"} <= set(
        read.values_list("thing", flat=True)
    )


def test_it_is_for_the_colleague_who_is_named_and_others_may_step_in(cast, signed_in):
    note = walks.shift_note(cast, to=cast.users["officer2"])
    assert counts(cast.officer2)[SHIFTS] == 1
    assert "to Omar Otherofficer" in text(signed_in("officer").get(LIST))
    user = User.objects.create_user("third@front-door.example", "x", first_name="Thea")
    join(user, Role.IFD_OFFICER, cast.agencies["front_door"])
    third = sign_in(Client(), user)
    assert "No hand-over is waiting for you." in text(third.get(LIST))
    assert "You acknowledged 1 request." in text(take_over(third, note))
    assert again(note.case).owner == user
    # Who was named is told who came first.
    page = text(take_over(signed_in("officer2"), note))
    assert "Thea acknowledged it on" in page
    assert again(note.case).owner == user


@pytest.mark.parametrize("who", ["requester", "trust_spoc", "desk_lead", "administrator"])
def test_nobody_else_reads_writes_or_takes_over(who, cast, signed_in):
    note, client = walks.shift_note(cast), signed_in(who)
    for address in (PAGE, LIST, shift_page(note)):
        assert client.get(address).status_code == 404
    assert take_over(client, note).status_code == 404
    with pytest.raises(PermissionDenied):
        shifts.take_over(note, by=getattr(cast, who))
    with pytest.raises(PermissionDenied):
        walks.shift_note(cast, walks.sent(cast), to=cast.users[who])
    assert again(note).status == "waiting"


def test_nobody_acknowledges_their_own_and_nobody_takes_back_anothers(cast, signed_in):
    note = walks.shift_note(cast)
    with pytest.raises(PermissionDenied):
        shifts.take_over(note, by=cast.officer)
    with pytest.raises(PermissionDenied):
        shifts.take_back(again(note), by=cast.officer2)
    address = reverse("requests:shift_take_back", args=[note.pk])
    answer = signed_in("officer").post(address, {"chosen": [str(note.pk)]}, follow=True)
    assert "You took back 1 request." in text(answer)
    assert "took it back on" in text(take_over(signed_in("officer2"), note))
    assert moves(note.case) == ["write", "withdraw"]


def test_what_is_pressed_twice_is_done_once(cast, signed_in):
    case, key = mine(cast), str(uuid4())
    officer, other = signed_in("officer"), signed_in("officer2")
    for _ in range(2):
        officer.post(PAGE, filled(case) | {"idempotency_key": key})
    [note] = ShiftNote.objects.all()
    for _ in range(2):
        assert "You acknowledged 1 request." in text(take_over(other, note))
    assert moves(case) == ["write", "take"]
    # The same page with other words is no doubled click.
    again_sent = officer.post(PAGE, filled(again(case), "Else") | {"idempotency_key": key})
    assert again_sent.status_code in {409, 422}
    assert "Else" in again_sent.content.decode()


@pytest.mark.django_db(transaction=True, databases=["default", "keystore"])
def test_of_two_who_take_over_at_once_one_has_it_and_the_other_is_told(cast):
    note = walks.shift_note(cast)
    user = User.objects.create_user("third@front-door.example", "x", first_name="Thea")
    join(user, Role.IFD_OFFICER, cast.agencies["front_door"])
    from agencies.acting import actor_for

    first, second = cast.officer2, actor_for(user, cast.agencies["front_door"])
    ends = at_once(
        lambda: shifts.take_over(again(note), by=first),
        lambda: shifts.take_over(again(note), by=second),
    )
    assert sorted(ends) == ["made", "refused"]
    assert moves(note.case) == ["write", "take"]
    assert again(note.case).owner_id == again(note).ended_by_id


@pytest.mark.django_db(transaction=True, databases=["default", "keystore"])
def test_of_two_who_hand_over_the_same_at_once_one_does(cast):
    case = walks.sent(cast)
    first, second = cast.officer, cast.officer2
    ends = at_once(
        lambda: walks.shift_note(cast, again(case), by=first),
        lambda: walks.shift_note(cast, again(case), by=second),
    )
    assert sorted(ends) == ["made", "refused"]
    assert ShiftNote.objects.count() == 1


def test_a_newer_note_takes_the_place_of_one_that_was_seen_and_of_no_other(cast):
    first = walks.shift_note(cast)
    with pytest.raises(TransitionRefused, match="Olive Officer has handed it over meanwhile"):
        walks.shift_note(cast, first.case, by=cast.officer2)
    second = walks.shift_note(cast, first.case, by=cast.officer2, waiting=first.pk)
    assert (again(first).status, again(second).status) == ("replaced", "waiting")
    assert moves(first.case) == ["write", "replace", "write"]


def test_all_of_it_is_handed_over_or_nothing(cast):
    own, claimed = mine(cast), mine(cast, "officer2")
    written = [shifts.Written(own, "A", own.owner_id), shifts.Written(claimed, "B", None)]
    with pytest.raises(TransitionRefused, match=f"{claimed.reference}: Omar Otherofficer has it"):
        shifts.hand_over_shift(written, by=cast.officer, idempotency_key=uuid4(), to=None)
    assert not ShiftNote.objects.exists()


def test_what_changed_since_the_page_was_opened_is_said_and_the_note_stays(cast, signed_in):
    free, declined = walks.sent(cast), mine(cast)
    posted = filled(free, "Look at the scan") | filled(declined, "Father is abroad")
    owning.claim_request(again(free), by=cast.officer2)
    triage.decline_request(again(declined), by=cast.officer, reason="No purpose")
    answer = signed_in("officer").post(PAGE, posted)
    assert answer.status_code == 422
    page = text(answer)
    assert f"{free.reference} cannot be handed over now: take out the note. Omar" in page
    assert f"{declined.reference} cannot be handed over now: take out the note. It is over." in page
    assert "Look at the scan" in page
    assert "Father is abroad" in page
    assert not ShiftNote.objects.exists()


def test_ones_own_needs_a_note_or_stays_with_oneself(cast, signed_in):
    own, other, officer = mine(cast), mine(cast), signed_in("officer")
    answer = officer.post(PAGE, filled(own) | filled(other, ""))
    assert answer.status_code == 422
    assert f"{other.reference}: enter a note, or tick that you keep it" in text(answer)
    answer = officer.post(PAGE, filled(own) | filled(other, "Both", keep="kept"))
    assert f"{other.reference}: take out the tick or the note" in text(answer)
    answer = officer.post(PAGE, filled(own, "", keep="kept") | filled(other, "", keep="kept"))
    assert "Enter a note on at least one request" in text(answer)
    assert officer.post(PAGE, filled(own) | filled(other, "", keep="kept")).status_code == 302
    assert [note.case for note in ShiftNote.objects.all()] == [own]


@pytest.mark.parametrize("to", ["", "nobody", "\x00", "00000000-0000-4000-8000-000000000000"])
def test_it_goes_to_somebody_who_is_there(to, cast, signed_in):
    assert signed_in("officer").post(PAGE, filled(mine(cast), to=to)).status_code == 422
    assert not ShiftNote.objects.exists()


def test_what_was_closed_or_handed_on_meanwhile_is_said_and_kept_by_whoever_has_it(cast, signed_in):
    closed, handed = walks.shift_note(cast), walks.shift_note(cast)
    user = User.objects.create_user("third@front-door.example", "x", first_name="Thea")
    join(user, Role.IFD_OFFICER, cast.agencies["front_door"])
    triage.decline_request(again(closed.case), by=cast.officer, reason="No purpose")
    owning.hand_over_request(again(handed.case), by=cast.officer, colleague=user)
    other = signed_in("officer2")
    page = text(other.get(shift_page(closed)))
    assert "The request is over: declined." in page
    assert "Request declined" in page
    page = text(other.get(shift_page(handed)))
    assert "Thea has this request now." in page
    assert "Request handed over" in page
    for note in (closed, handed):
        assert "You acknowledged 1 request." in text(take_over(other, note))
    assert again(closed.case).owner is None
    assert again(handed.case).owner == user


def test_a_manager_is_told_once_of_what_nobody_acknowledged_by_the_next_opening(cast):
    manager = User.objects.create_user("manager@front-door.example", "x", first_name="Mona")
    join(manager, Role.MANAGER, cast.agencies["front_door"])
    evening = monday_at(16) + timedelta(minutes=50)
    with time_machine.travel(evening, tick=False) as clock:
        late, taken = walks.shift_note(cast), walks.shift_note(cast)
        opens = the_calendar().opening_after(evening)
        assert opens - evening < timedelta(days=1)
        clock.move_to(opens - timedelta(minutes=1))
        remind_of_shifts()
        assert not Message.objects.filter(topic="shift.waiting").exists()
        shifts.take_over(again(taken), by=cast.officer2)
        clock.move_to(opens)
        remind_of_times()
        remind_of_shifts()
        [message] = Message.objects.filter(topic="shift.waiting")
        letter = writer_of(message.topic)(message.about)
        assert set(letter.to) == {str(manager.pk)}
        assert "Amber: 1" in letter.text
        assert reverse("requests:hub") in letter.text
        page = text(sign_in(Client(), manager).get(reverse("requests:hub")))
        assert "Olive Officer The next shift 1" in page
        assert "Late" in page
        # Whoever is told before it is sent that it was taken over is told nothing.
        shifts.take_over(again(late), by=cast.officer2)
        assert not writer_of(message.topic)(message.about).to


@pytest.mark.clause("ISA-6.2", "ISA-7.2", part=True)
def test_the_manager_who_does_not_triage_reads_that_it_waits_and_no_note(cast):
    manager = User.objects.create_user("manager@front-door.example", "x", first_name="Mona")
    join(manager, Role.MANAGER, cast.agencies["front_door"])
    note, client = walks.shift_note(cast), sign_in(Client(), manager)
    page = text(client.get(reverse("requests:hub")))
    assert "Shift hand-overs not acknowledged" in page
    assert "Ring the school" not in page
    assert note.case.reference not in page
    for address in (PAGE, LIST, shift_page(note)):
        assert client.get(address).status_code == 404
    assert take_over(client, note).status_code == 404


def test_a_note_lies_sealed_in_the_database(cast):
    walks.shift_note(cast)
    for table in ("requests_app_shiftnote", "requests_app_historicalshiftnote"):
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT note FROM {table}")  # noqa: S608 - names that are ours
            [(sealed,)] = cursor.fetchall()
        assert b"school" not in bytes(sealed)


@pytest.mark.parametrize("page", [PAGE, LIST, reverse("requests:hub"), reverse("requests:inbox")])
def test_pages_of_many_are_flat(page, cast, signed_in, flat):
    officer = signed_in("officer")
    flat(
        lambda: officer.get(page), add=lambda: walks.shift_note(cast, mine(cast), by=cast.officer2)
    )


def test_a_hand_over_of_many_is_flat(cast, signed_in, flat):
    officer, cases = signed_in("officer"), []
    last = []

    def add():
        for note in last:
            shifts.take_back(again(note), by=cast.officer2)
        cases.append(walks.sent(cast))
        those = [again(case) for case in cases]
        written = [shifts.Written(case, "More", case.owner_id) for case in those]
        shifts.hand_over_shift(written, by=cast.officer2, idempotency_key=uuid4(), to=None)
        last[:] = ShiftNote.objects.filter(status="waiting")

    flat(lambda: officer.get(shift_page(last[0])), add=add)


@pytest.mark.browser
def test_a_shift_is_handed_over_and_taken_over_in_a_browser(live_server, cast, new_context, axe):
    own, free, red = mine(cast), walks.sent(cast), mine(cast)
    triage.change_rating(again(red), by=cast.officer, rating="red", reason="Seen")
    officer = browse(new_context, live_server, cast, "officer", 1280)
    officer.goto(live_server.url + PAGE)
    look(officer, "shift-write", axe)
    for case, note in ((own, "Mother rings at nine. " * 9), (free, "Look"), (red, "At once")):
        officer.get_by_label(f"Note on {case.reference}").fill(note)
    officer.get_by_label("Who takes over?").select_option(label="Omar Otherofficer")
    officer.get_by_role("button", name="Hand over").click()
    officer.get_by_text("You handed over 3 requests.").wait_for()
    other = browse(new_context, live_server, cast, "officer2", 1280)
    other.goto(live_server.url + reverse("requests:inbox"))
    look(other, "shift-desk", axe)
    triage.decline_request(again(free), by=cast.officer, reason="No purpose")
    with other.expect_navigation():
        other.get_by_role("link", name="Read and acknowledge").click()
    look(other, "shift-list", axe)
    with other.expect_navigation():
        other.get_by_role("main").get_by_role("table").get_by_role("link").click()
    look(other, "shift-read", axe)
    other.goto(live_server.url + reverse("requests:hub"))
    look(other, "shift-hub", axe)
    other.go_back()
    other.get_by_role("button", name="Acknowledge and take over").click()
    other.get_by_text("You acknowledged 3 requests.").wait_for()
    assert {again(own).owner, again(red).owner} == {cast.users["officer2"]}
    assert again(free).owner is None


def look(page, name, axe):
    """Nothing overlaps at any width; a picture of it where one is asked for."""
    if folder := os.environ.get("PICTURES"):
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            page.screenshot(path=Path(folder) / f"{name}-{width}.png", full_page=True)
    assert faults_of(page) == []
    page.set_viewport_size({"width": 1280, "height": 900})
    axe(page)
