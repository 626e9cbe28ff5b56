"""Promises are kept: by a real worker over real SMTP, at once or by the sweep, and once."""

from datetime import timedelta

import pytest
import redis
from django.conf import settings as django_settings
from django.db import transaction
from django.utils import timezone

from outbox.models import Message
from outbox.tasks import deliver, sweep
from requests_app.asking.actions import send_request
from tests import walks

pytestmark = [pytest.mark.worker, pytest.mark.django_db(transaction=True)]


def test_an_email_goes_out_after_the_act_commits(cast, worker, smtp):
    agency_check = walks.an_agency_check(cast, "trust")
    worker.wait_until_idle()
    about_it = [mail for mail in smtp.messages if agency_check.reference in mail.get_content()]
    expected = {cast.users["trust_spoc"].email, cast.users["trust_manager"].email}
    assert {mail["To"] for mail in about_it} == expected
    assert not Message.objects.filter(done_at=None).exists()


def test_what_is_rolled_back_tells_nobody(cast, worker, smtp):
    draft = walks.a_draft(cast)
    with transaction.atomic():
        send_request(draft, by=cast.requester)
        transaction.set_rollback(True)
    worker.wait_until_idle()
    assert not Message.objects.exists()
    assert len(smtp) == 0


def test_while_the_mail_server_refuses_the_promise_is_kept_for_later(cast, worker, smtp):
    smtp.refusing = True
    walks.sent(cast)
    worker.wait_until_idle()
    parts = Message.objects.exclude(to="")
    assert parts.count() == 2
    assert not parts.exclude(done_at=None).exists()
    assert {part.tries for part in parts} == {1}
    smtp.refusing = False
    sweep()
    worker.wait_until_idle()
    assert len(smtp) == 0, "not before it is due again"
    parts.update(next_try_at=timezone.now() - timedelta(seconds=1))
    sweep()
    worker.wait_until_idle()
    assert len(smtp) == 2
    sweep()
    worker.wait_until_idle()
    assert len(smtp) == 2


def test_a_flushed_broker_loses_nothing(cast, worker, smtp):
    client = redis.Redis.from_url(django_settings.CELERY_BROKER_URL)
    walks.sent(cast)
    client.flushall()
    worker.wait_until_idle()
    for _ in range(2):  # the promise to the group, then those to each person
        sweep()
        worker.wait_until_idle()
    assert not Message.objects.filter(done_at=None).exists()
    assert len(smtp) == 2


def test_delivering_twice_sends_once(cast, worker, smtp):
    walks.sent(cast)
    worker.wait_until_idle()
    for message in Message.objects.all():
        deliver(message.pk)
    assert len(smtp) == 2


def test_somebody_who_lost_their_part_is_told_nothing(cast, smtp):
    from agencies.grants import revoke
    from agencies.permissions import Role

    walks.sent(cast)
    group = Message.objects.get(to="")
    deliver(group.pk)
    revoke(cast.users["officer2"], Role.IFD_OFFICER, cast.agencies["front_door"])
    for message in Message.objects.exclude(to=""):
        deliver(message.pk)
    assert {mail["To"] for mail in smtp.messages} == {cast.users["officer"].email}


def test_somebody_who_can_no_longer_sign_in_is_told_nothing(cast, smtp):
    """Whoever is told as a person, and not for a role, like the one who asked."""
    walks.accepted(cast)
    about = Message.objects.get(topic="request.accepted", to="")
    deliver(about.pk)
    cast.users["requester"].is_active = False
    cast.users["requester"].save()
    [part] = Message.objects.filter(part_of=about)
    deliver(part.pk)
    part.refresh_from_db()
    assert part.done_at
    assert len(smtp) == 0
