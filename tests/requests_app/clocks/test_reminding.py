"""Checks and requests chase themselves: before, at and after their time, each reminder once."""

from collections import Counter
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
import time_machine
from django.conf import settings
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from agencies.bootstrap.unattended import join
from agencies.models import Partnership, User
from agencies.permissions import Role
from decisions.advice import actions as advising
from decisions.flow import actions as deciding
from outbox.models import LastLetter, Message
from outbox.tasks import deliver
from requests_app.agency_checks.actions import answer_not_known
from requests_app.clocks import calendar
from requests_app.clocks.due import by_when
from requests_app.clocks.reminding import remind_of_what_is_due
from requests_app.clocks.selectors import clock_of
from requests_app.models import TimeReminder
from requests_app.tasks import remind_of_times
from requests_app.triage import actions as triage
from requests_app.triage import owning
from tests import walks
from tests.cast import PASSWORD
from tests.house.test_races import at_once
from tests.requests_app.clocks.weeks import monday_at

pytestmark = pytest.mark.django_db

NINE = monday_at(9)
HOUR = timedelta(hours=1)


@pytest.fixture
def moved():
    with time_machine.travel(NINE, tick=False) as clock:
        yield clock


def rated(cast, rating, **kwargs):
    """A request of this rating that waits at the front door."""
    case = walks.sent(cast, **kwargs)
    if case.rating != rating:
        triage.change_rating(case, by=cast.officer, rating=rating, reason="As it is")
    return case


def a_check(cast, rating, case=None):
    check = walks.an_agency_check(cast, "trust", case)
    triage.change_rating(check.case, by=cast.officer, rating=rating, reason="As it is")
    return fresh(check)


def fresh(row):
    return type(row).objects.get(pk=row.pk)


def put_back(check, sent_at):
    """Have it sent at another time, past the portal."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE requests_app_enquiry SET sent_at = %s, due_at = %s WHERE id = %s",
            [sent_at, sent_at + 4 * HOUR, check.pk],
        )


def promised(topic="enquiry.time"):
    about = (
        Message.objects.filter(topic=topic, to="").order_by("pk").values_list("about", flat=True)
    )
    return [TimeReminder.objects.get(pk=pk).which for pk in about]


def send():
    """Deliver whatever is due, as the worker does: first to the group, then to each person."""
    for _ in range(2):
        for pk in list(Message.objects.due().values_list("pk", flat=True)):
            deliver(pk)


@contextmanager
def only_of_time():
    """What went before is done; only what is promised from here is delivered."""
    Message.objects.filter(done_at=None).update(done_at=timezone.now())
    yield


def told(smtp, reference):
    """How often each person was told of something, in whichever letter."""
    return Counter(
        mail["To"].partition("@")[0] for mail in smtp.messages if reference in mail.get_content()
    )


@pytest.mark.clause("P-TIMELY", part=True)
@pytest.mark.parametrize(
    ("rating", "before", "due", "after"),
    [
        ("red", NINE + 3 * HOUR, NINE + 4 * HOUR, NINE + 5 * HOUR),
        (
            "amber",
            NINE + timedelta(days=2, hours=2),
            NINE + timedelta(days=3),  # due at five, and nobody is told in the evening
            NINE + timedelta(days=3, hours=6),
        ),
    ],
)
def test_a_check_is_reminded_of_before_at_and_after_its_time(
    cast, moved, rating, before, due, after
):
    a_check(cast, rating)
    for when, which in ((before, "before"), (due, "at"), (after, "after")):
        so_far = promised()
        moved.move_to(when - timedelta(minutes=1))
        remind_of_times()
        assert promised() == so_far
        moved.move_to(when)
        remind_of_times()
        remind_of_times()
        assert promised() == [*so_far, which]


@pytest.mark.clause("P-TIMELY", part=True)
def test_whoever_took_a_check_is_reminded_first_and_a_late_one_goes_to_the_manager_too(
    cast, moved, smtp
):
    check = a_check(cast, "red")
    from requests_app.agency_checks.actions import hand_agency_check

    hand_agency_check(check, by=cast.trust_spoc, colleague=cast.users["trust_nurse"])
    with only_of_time():
        moved.move_to(NINE + 3 * HOUR)
        remind_of_times()
        send()
        assert told(smtp, check.reference) == {"trust.nurse": 1}
        moved.move_to(NINE + 4 * HOUR)
        remind_of_times()
        send()
    # trust.manager is the responsible manager.
    assert told(smtp, check.reference) == {"trust.nurse": 2, "trust.spoc": 1, "trust.manager": 1}
    last = [mail for mail in smtp.messages if check.reference in mail.get_content()][-1]
    assert last["Subject"] == f"Red agency check due {by_when(NINE + 4 * HOUR)}"
    assert reverse("requests:check", args=[check.pk]) in last.get_content()


def a_manager(cast):
    """Somebody who answers for the front door and triages nothing there."""
    manager = User.objects.create_user(
        "molly.manager@front-door.example", "an invented pass phrase", first_name="Molly"
    )
    join(manager, Role.MANAGER, cast.agencies["front_door"])


@pytest.mark.clause("P-TIMELY", part=True)
def test_of_two_late_requests_a_manager_is_told_of_both_in_one_letter(cast, moved, smtp):
    two = [rated(cast, "amber") for _ in range(2)]
    a_manager(cast)
    with only_of_time():
        moved.move_to(NINE + timedelta(days=4))
        remind_of_times()
        moved.shift(timedelta(minutes=3))
        send()
    assert [told(smtp, case.reference)["molly.manager"] for case in two] == [1, 1]
    to_her = [mail for mail in smtp.messages if mail["To"].startswith("molly.manager")]
    assert len(to_her) == 1


@pytest.mark.clause("P-TIMELY", part=True)
def test_a_late_request_goes_to_all_at_the_front_door_and_to_its_manager(cast, moved, smtp):
    case = rated(cast, "red")
    owning.claim_request(case, by=cast.officer)
    a_manager(cast)
    with only_of_time():
        moved.move_to(NINE + 3 * HOUR)
        remind_of_times()
        send()
        assert told(smtp, case.reference) == {"officer": 1}
        moved.move_to(NINE + 4 * HOUR + timedelta(minutes=1))
        remind_of_times()
        send()
    assert told(smtp, case.reference) == {"officer": 2, "officer2": 1, "molly.manager": 1}
    pages = {mail["To"].partition("@")[0]: mail.get_content() for mail in smtp.messages}
    there = reverse("requests:triage_case", args=[case.pk])
    assert there in pages["officer2"]
    assert there not in pages["molly.manager"], "who does not triage cannot open it"
    assert "Late: Red information request, due " in pages["molly.manager"]


@pytest.mark.clause("P-TIMELY", part=True)
def test_red_is_reminded_of_at_any_hour_and_the_others_while_the_hub_works(cast, moved):
    night = NINE.replace(hour=17) + 6 * HOUR
    moved.move_to(NINE + 8 * HOUR - timedelta(minutes=1))
    red, amber = a_check(cast, "red"), a_check(cast, "amber")
    moved.move_to(night)
    remind_of_times()
    assert set(TimeReminder.objects.values_list("about", flat=True)) >= {red.pk, red.case_id}
    # Late for days, and still nobody is told of it on a Saturday.
    moved.move_to(NINE + timedelta(days=5))
    remind_of_times()
    assert not TimeReminder.objects.filter(about=amber.pk).exists()
    moved.move_to(NINE + timedelta(days=7))
    remind_of_times()
    assert [each.which for each in TimeReminder.objects.filter(about=amber.pk)] == ["after"]


@pytest.mark.clause("P-TIMELY", part=True)
def test_what_was_answered_or_stands_still_meanwhile_is_told_to_nobody(cast, moved, smtp):
    answered, waiting = a_check(cast, "amber"), a_check(cast, "amber")
    item = walks.taken(cast, "trust", None)
    assert item
    with only_of_time():
        moved.move_to(NINE + timedelta(days=3))
        remind_of_times()
        answer_not_known(answered, by=cast.trust_spoc, searched="All")
        triage.change_rating(waiting.case, by=cast.officer, rating="green", reason="Calmer")
        Message.objects.exclude(topic__endswith=".time").update(done_at=timezone.now())
        moved.shift(timedelta(minutes=3))
        send()
    assert not told(smtp, answered.reference)
    assert not told(smtp, waiting.reference), "it has another time now"


def test_while_advice_is_awaited_nobody_is_reminded_and_afterwards_of_the_new_time(cast, moved):
    check = walks.taken(cast, "trust")
    walks.listed(check, cast.trust_spoc, "A clinic")
    decision = deciding.begin_decision(check, by=cast.trust_spoc, idempotency_key=uuid4())
    advice = advising.seek_advice(
        decision, by=cast.trust_spoc, idempotency_key=uuid4(), step="purpose", question="May I?"
    )
    moved.move_to(NINE + timedelta(days=4))
    remind_of_times()
    assert not TimeReminder.objects.filter(about=check.pk).exists()
    advising.give_advice(advice, by=cast.trust_adviser, outcome="Yes")
    due = clock_of(fresh(check)).due
    moved.move_to(due - HOUR)
    remind_of_times()
    assert [each.which for each in TimeReminder.objects.filter(about=check.pk)] == ["before"]


def test_a_returned_request_is_not_reminded_of(cast, moved):
    case = rated(cast, "amber")
    triage.return_request(case, by=cast.officer, idempotency_key=uuid4(), questions=["Who?"])
    moved.move_to(NINE + timedelta(days=7))
    remind_of_times()
    assert not TimeReminder.objects.exists()


def test_a_clock_that_jumps_there_and_back_sends_none_twice(cast, moved, smtp):
    check = a_check(cast, "red")
    with only_of_time():
        moved.move_to(NINE + timedelta(days=40))
        remind_of_times()
        send()
        once = told(smtp, check.reference)
        assert set(once.values()) == {1}, "only the last of those that were missed"
        moved.move_to(NINE + timedelta(minutes=5))
        remind_of_times()
        send()
        assert told(smtp, check.reference) == once
        for hours in (3, 4, 5, 6):
            moved.move_to(NINE + hours * HOUR)
            remind_of_times()
            remind_of_times()
            send()
    assert promised() == ["after", "before", "at"]


def test_a_bank_holiday_that_moves_and_hours_that_change_send_none_twice(cast, moved, monkeypatch):
    check = a_check(cast, "amber")
    moved.move_to(NINE + timedelta(days=2, hours=3))
    remind_of_times()
    before = clock_of(fresh(check)).due
    day = (NINE + timedelta(days=2)).date()
    monkeypatch.setattr(calendar, "bank_holidays", lambda _year: frozenset({day}))
    assert clock_of(fresh(check)).due == before + timedelta(days=1)
    moved.move_to(NINE + timedelta(days=3, hours=4))
    remind_of_times()
    Partnership.objects.update(hub_closes="16:00")
    remind_of_times()
    assert promised() == ["before"]


def test_the_hour_that_comes_twice_sends_none_twice(cast):
    night = datetime(timezone.localdate().year + 1, 10, 31, 0, 0, tzinfo=calendar.LONDON)
    while night.weekday() != 6:
        night -= timedelta(days=1)
    night = night.astimezone(UTC)  # by the wall, an hour more would pass
    with time_machine.travel(NINE, tick=False) as moved:
        check = a_check(cast, "red")
        put_back(check, night)
        for minutes in range(0, 8 * 60, 10):
            moved.move_to(night + timedelta(minutes=minutes))
            remind_of_times()
    assert promised() == ["before", "at", "after"]


@pytest.mark.clause("P-TIMELY", part=True)
def test_one_person_gets_one_letter_an_hour_and_the_rest_in_the_next(cast, moved, smtp):
    first = [a_check(cast, "amber") for _ in range(3)]
    moved.shift(timedelta(minutes=30))
    second = a_check(cast, "amber")
    moved.move_to(NINE + timedelta(days=2, hours=2))
    with only_of_time():
        remind_of_times()
        send()
        assert len(smtp) == 0, "what comes in the same turn goes together"
        moved.shift(timedelta(minutes=2))
        send()
        to_spoc = [mail for mail in smtp.messages if mail["To"].startswith("trust.spoc")]
        assert len(to_spoc) == 1
        assert all(check.reference in to_spoc[0].get_content() for check in first)
        moved.shift(timedelta(minutes=30))
        remind_of_times()
        for _ in range(5):
            send()
            moved.shift(timedelta(minutes=5))
        assert not told(smtp, second.reference), "not within the hour"
        red = a_check(cast, "red")
        moved.move_to(NINE + timedelta(days=2, hours=2, minutes=62))
        send()
    letters = [mail for mail in smtp.messages if mail["To"].startswith("trust.spoc")]
    assert told(smtp, second.reference)["trust.spoc"] == 1
    assert red.reference  # its own letter is tested below
    assert max(Counter(mail["Message-ID"] for mail in letters).values()) == 1


@pytest.mark.clause("P-TIMELY", part=True)
def test_red_goes_at_once_and_apart(cast, moved, smtp):
    ambers = [a_check(cast, "amber") for _ in range(2)]
    moved.move_to(NINE + timedelta(days=2, hours=2))
    reds = [a_check(cast, "red") for _ in range(2)]
    with only_of_time():
        moved.shift(3 * HOUR)
        remind_of_times()
        send()
        at_once = [mail for mail in smtp.messages if mail["To"].startswith("trust.spoc")]
        assert len(at_once) == 2
        for mail, check in zip(at_once, reds, strict=True):
            assert check.reference in mail.get_content()
            assert not any(other.reference in mail.get_content() for other in ambers)
        moved.shift(timedelta(minutes=3))
        send()
    for check in (*ambers, *reds):
        assert told(smtp, check.reference)["trust.spoc"] == 1


@pytest.mark.clause("P-TIMELY", part=True)
def test_forty_that_are_due_while_the_mail_server_is_down_go_out_once_each(cast, moved, smtp):
    ambers, reds = (walks.accepted(cast) for _ in range(2))
    checks = [walks.an_agency_check(cast, "trust", ambers) for _ in range(30)]
    checks += [walks.an_agency_check(cast, "trust", reds) for _ in range(10)]
    for case, rating in ((ambers, "amber"), (reds, "red")):
        triage.change_rating(fresh(case), by=cast.officer, rating=rating, reason="As it is")
    with only_of_time():
        smtp.refusing = True
        moved.move_to(NINE + timedelta(days=3, minutes=1))
        for _ in range(4):
            remind_of_times()
            send()
            moved.shift(timedelta(minutes=10))
        assert len(smtp) == 0
        smtp.refusing = False
        for _ in range(15):
            remind_of_times()
            send()
            moved.shift(timedelta(minutes=20))
    for check in checks:
        expected = dict.fromkeys(("trust.spoc", "trust.manager"), 1)
        assert told(smtp, check.reference) == expected
    amber = [mail for mail in smtp.messages if mail["To"].startswith("trust.spoc")]
    assert len(amber) == 10 + 1, "ten red by themselves, and thirty in one letter"
    assert not Message.objects.filter(done_at=None).exists()


def test_a_letter_that_waits_into_the_evening_goes_the_next_morning(cast, moved, smtp):
    check = a_check(cast, "amber")
    with only_of_time():
        smtp.refusing = True
        moved.move_to(NINE + timedelta(days=2, hours=7, minutes=50))
        remind_of_times()
        moved.shift(timedelta(minutes=3))
        send()
        smtp.refusing = False
        for hour in range(1, 15):
            moved.move_to(NINE + timedelta(days=2, hours=8 + hour))
            send()
        assert not told(smtp, check.reference), "nobody is told at night"
        moved.move_to(NINE + timedelta(days=3, hours=1))
        send()
    assert told(smtp, check.reference)["trust.spoc"] == 1


def test_a_broken_letter_holds_up_no_other(cast, moved, smtp):
    check = a_check(cast, "amber")
    moved.move_to(NINE + timedelta(days=2, hours=2))
    with only_of_time():
        remind_of_times()
        spoc = cast.users["trust_spoc"]
        Message.objects.create(topic="enquiry.time", about="999999999", to=str(spoc.pk))
        moved.shift(timedelta(minutes=3))
        send()
    assert told(smtp, check.reference)["trust.spoc"] == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.clause("P-TIMELY", part=True)
def test_two_at_once_promise_each_reminder_once(cast):
    with time_machine.travel(NINE, tick=False):
        checks = [a_check(cast, "red") for _ in range(5)]
    late = timezone.now() - timedelta(hours=4, minutes=30)
    for check in checks:
        put_back(check, late)
    assert at_once(remind_of_what_is_due, remind_of_what_is_due) == ["made", "made"]
    assert Counter(promised()) == {"at": 5}


@pytest.mark.django_db(transaction=True)
def test_two_workers_send_one_person_one_letter(cast, smtp):
    with time_machine.travel(NINE, tick=False) as moved:
        checks = [a_check(cast, "amber") for _ in range(4)]
        with only_of_time():
            moved.move_to(NINE + timedelta(days=2, hours=2))
            remind_of_times()
            for pk in list(Message.objects.due().values_list("pk", flat=True)):
                deliver(pk)
            moved.shift(timedelta(minutes=3))
            spoc = str(cast.users["trust_spoc"].pk)
            parts = list(Message.objects.filter(to=spoc, done_at=None).values_list("pk", flat=True))
            assert len(parts) == 4
            ends = at_once(*(lambda pk=pk: deliver(pk) for pk in parts))
            assert ends == ["made"] * 4
            moved.shift(HOUR)
            send()
    letters = [mail for mail in smtp.messages if mail["To"].startswith("trust.spoc")]
    assert len(letters) <= 2
    for check in checks:
        assert told(smtp, check.reference)["trust.spoc"] == 1
    assert LastLetter.objects.filter(person=spoc).count() == 1


@pytest.mark.clause("P-TIMELY", part=True)
def test_the_link_in_a_letter_leads_through_sign_in_to_the_very_page(cast, moved, smtp, client):
    check = a_check(cast, "red")
    with only_of_time():
        moved.move_to(NINE + 3 * HOUR)
        remind_of_times()
        send()
    [mail] = [
        mail
        for mail in smtp.messages
        if mail["To"].startswith("trust.spoc") and check.reference in mail.get_content()
    ]
    [link] = [word for word in mail.get_content().split() if word.endswith(f"/{check.pk}/")]
    there = link.removeprefix(settings.PORTAL_URL.rstrip("/"))
    asked = client.get(there)
    assert asked.status_code == 302
    assert asked.url == f"{reverse('account_login')}?next={there}"
    page = client.get(asked.url)
    assert f'name="next" value="{there}"' in page.content.decode()
    typed = {"login": cast.users["trust_spoc"].email, "password": PASSWORD, "next": there}
    arrived = client.post(asked.url, typed)
    assert arrived.url == there
