"""Access is confirmed every quarter or it lapses; those concerned are reminded (ISA-5.1)."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from agencies.access_review.actions import CONFIRM, LAPSE, review_access
from agencies.access_review.selectors import confirmed_from_today, confirmed_until
from agencies.eligibility import Missing
from agencies.models import Reminder, Vetting
from agencies.people.selectors import to_confirm
from agencies.tasks import remind_of_people, which_is_due
from outbox.models import Message
from outbox.tasks import writer_of
from tests.agencies import people_walks as walks
from tests.agencies.people_walks import standing
from workflow.bootstrap import save_unattended

pytestmark = [pytest.mark.django_db, pytest.mark.clause("ISA-5.1")]


@pytest.mark.parametrize(
    ("today", "until"),
    [
        (date(2026, 1, 1), date(2026, 7, 14)),
        (date(2026, 3, 31), date(2026, 7, 14)),
        (date(2026, 4, 1), date(2026, 10, 14)),
        (date(2026, 9, 30), date(2027, 1, 14)),
        (date(2026, 10, 1), date(2027, 4, 14)),
        (date(2026, 12, 31), date(2027, 4, 14)),
        (date(2027, 1, 1), date(2027, 7, 14)),
    ],
)
def test_confirmed_until_the_end_of_the_next_quarter_and_some_grace(today, until):
    assert confirmed_until(today) == until


def test_any_day_leaves_a_quarter_at_least():
    day = date(2027, 1, 1)
    for _ in range(800):
        assert 100 < (confirmed_until(day) - day).days < 201
        day += timedelta(days=1)


def ends(membership, day):
    row = type(membership).objects.get(pk=membership.pk)
    row.confirmed_until = day
    save_unattended(row)
    return row


@pytest.fixture
def trust(cast):
    return cast.agencies["trust"]


@pytest.fixture
def nurse(cast):
    return walks.member(cast)


def test_confirming_and_lapsing_act_at_once_and_once(cast, trust, nurse):
    spoc = walks.member(cast, "trust_spoc")
    ends(nurse, timezone.localdate())
    assert list(to_confirm(trust)) == [nurse]
    said = {nurse.pk: CONFIRM, spoc.pk: LAPSE}
    assert review_access(trust, by=cast.trust_manager, said=said) == 2
    assert review_access(trust, by=cast.trust_manager, said=said) == 0
    nurse.refresh_from_db()
    assert nurse.confirmed_until == confirmed_from_today()
    assert standing(nurse.user, trust).opens_cases
    assert standing(spoc.user, trust).missing == (Missing.REVIEW,)
    last = spoc.history.order_by("-history_id").first()
    assert (last.history_change_reason, last.history_user) == ("lapse", cast.users["trust_manager"])


def test_nobody_confirms_themselves_and_then_nothing_is_confirmed(cast, trust, nurse):
    own = walks.member(cast, "trust_manager")
    with pytest.raises(PermissionDenied):
        review_access(trust, by=cast.trust_manager, said={own.pk: CONFIRM, nurse.pk: CONFIRM})
    nurse.refresh_from_db()
    assert nurse.confirmed_until is None


def test_nobody_of_another_agency_is_confirmed(cast, trust):
    of_the_school = {walks.member(cast, "requester").pk: CONFIRM}
    of_the_trust = {walks.member(cast).pk: CONFIRM}
    with pytest.raises(PermissionDenied):
        review_access(trust, by=cast.trust_manager, said=of_the_school)
    with pytest.raises(PermissionDenied):
        review_access(trust, by=cast.school_spoc, said=of_the_trust)


def topics():
    return sorted(Message.objects.values_list("topic", flat=True))


def notification(topic):
    return writer_of(topic)(Message.objects.filter(topic=topic).latest("id").about)


def checks_end(membership, day):
    row = membership.checks.get()
    row.expires, row.made_on = day, day - timedelta(days=100)
    save_unattended(row)


def test_reminders_are_promised_once_each(cast, nurse):
    today = timezone.localdate()
    checks_end(nurse, today + timedelta(days=30))
    ends(nurse, today + timedelta(days=14))
    for _ in range(3):
        remind_of_people()
    assert topics() == ["access.ends", "access.review_due", "check.runs_out", "checks.run_out"]
    for topic in ("access.ends", "check.runs_out"):
        assert set(notification(topic).to) == {str(nurse.user_id)}
    keepers = {str(cast.users[who].pk) for who in ("trust_spoc", "trust_manager")}
    for topic in ("access.review_due", "checks.run_out"):
        assert set(notification(topic).to) == keepers
        assert "Nora" not in notification(topic).text


def test_keepers_get_one_email_however_many_people_it_is_about(cast, nurse):
    day = timezone.localdate() + timedelta(days=5)
    for who in ("trust_nurse", "trust_adviser", "trust_spoc"):
        ends(walks.member(cast, who), day)
    remind_of_people()
    assert topics() == ["access.ends"] * 3 + ["access.review_due"]


@pytest.mark.parametrize(
    ("kind", "left", "which"),
    [
        ("check", 31, ""),
        ("check", 30, "30"),
        ("check", 8, "30"),
        ("check", 7, "7"),
        ("check", 0, "7"),
        ("check", -1, ""),
        ("review", 15, ""),
        ("review", 14, "14"),
        ("review", 1, "14"),
        ("review", 0, "0"),
        ("review", -40, "0"),
    ],
)
def test_which_reminder_it_is_the_time_for(kind, left, which):
    today = date(2026, 12, 20)
    assert which_is_due(Reminder.Kind(kind), today + timedelta(days=left), today) == which


def test_nobody_is_reminded_of_what_was_mended_meanwhile(cast, nurse):
    today = timezone.localdate()
    checks_end(nurse, today + timedelta(days=7))
    ends(nurse, today)
    remind_of_people()
    walks.check_on(nurse, cast.trust_spoc)
    review_access(nurse.agency, by=cast.trust_spoc, said={nurse.pk: CONFIRM})
    for topic in set(topics()):
        assert notification(topic).to == {}, topic
    assert Vetting.objects.filter(membership=nurse).count() == 2
