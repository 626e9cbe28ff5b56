"""Reminders between the e-mail that an edition has to be signed and the day an agency lapses."""

import datetime as dt

import pytest
import time_machine

from agreement.signing import actions as signing
from agreement.tasks import remind_to_sign, which_to_sign
from outbox.models import Message
from outbox.tasks import writer_of
from tests.agreement import walks as editions

pytestmark = [pytest.mark.django_db, pytest.mark.clause("ISA-2.1", "ISA-5.3")]


@pytest.mark.parametrize(
    ("left", "is_fresh", "which"),
    [
        (31, False, ""),
        (30, False, "30"),
        (8, False, "30"),
        (7, False, "7"),
        (1, False, "7"),
        (0, False, "0"),
        (-7, False, "0"),
        (-8, False, ""),
        (5, True, ""),
        (0, True, "0"),
    ],
)
def test_which_reminder_to_sign_it_is_the_time_for(left, is_fresh, which):
    assert which_to_sign(left, is_fresh=is_fresh) == which


def reminded(day):
    """The agencies and texts of what is promised on a day, however often it runs."""
    last = Message.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    with time_machine.travel(dt.datetime.combine(day, dt.time(12), dt.UTC), tick=False):
        remind_to_sign()
        remind_to_sign()
        made = Message.objects.filter(topic="agency.sign_soon", to="", pk__gt=last)
        notifications = [writer_of(message.topic)(message.about) for message in made]
        return [notification for notification in notifications if notification.to]


def test_an_agency_is_reminded_three_times_and_not_once_it_has_signed(cast):
    editions.edition_one(cast)
    edition = editions.a_new_edition(cast, sign_by_days=60)
    trust = editions.with_all_that_is_needed(cast.agencies["trust"])
    last = trust.lapses_on
    everyone = {str(cast.users[who].pk) for who in ("trust_manager", "trust_spoc")}

    def to_the_trust(before):
        notifications = reminded(last - dt.timedelta(days=before))
        return [
            notification.text for notification in notifications if set(notification.to) == everyone
        ]

    assert to_the_trust(40) == []
    for before in (30, 7):
        (text,) = to_the_trust(before)
        assert "has not yet signed edition 2" in text
        assert to_the_trust(before) == []
    (text,) = to_the_trust(0)
    assert "it has taken no part since" in text
    signing.sign_agreement(edition, by=cast.trust_manager, **editions.assessment())
    assert to_the_trust(-1) == []


def test_whoever_signed_between_promise_and_email_is_left_in_peace(cast):
    editions.edition_one(cast)
    edition = editions.a_new_edition(cast, sign_by_days=60)
    trust = editions.with_all_that_is_needed(cast.agencies["trust"])
    day = trust.lapses_on - dt.timedelta(days=5)
    with time_machine.travel(dt.datetime.combine(day, dt.time(12), dt.UTC), tick=False):
        remind_to_sign()
    about = Message.objects.filter(topic="agency.sign_soon", to="").values_list("about", flat=True)
    told = [set(writer_of("agency.sign_soon")(each).to) for each in about]
    assert {str(cast.users["trust_manager"].pk), str(cast.users["trust_spoc"].pk)} in told
    signing.sign_agreement(edition, by=cast.trust_manager, **editions.assessment())
    told = [set(writer_of("agency.sign_soon")(each).to) for each in about]
    assert not any(str(cast.users["trust_manager"].pk) in each for each in told)
