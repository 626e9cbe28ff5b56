"""E-mails of the demonstration as files: each once, the newest first, however many there are."""

import os
from datetime import UTC, datetime, timedelta

import pytest
from django.core.mail import EmailMessage, get_connection
from django.db import transaction

from demo.mail import sent_emails
from outbox import tasks
from outbox.models import Message
from outbox.notifications import Notification
from tests.full_disk import no_file_past

BACKEND = "demo.mail.FileBackend"


@pytest.fixture
def folder(settings, tmp_path):
    settings.MAIL_DIR = tmp_path / "mail"
    settings.EMAIL_BACKEND = BACKEND
    return settings.MAIL_DIR


def send(subject, **headers):
    with get_connection(BACKEND) as connection:
        mail = EmailMessage(subject, "x", to=["rita@x.example"], headers=headers)
        mail.connection = connection
        mail.send()


def test_the_same_email_sent_again_is_there_once(folder):
    send("The first", **{"Message-ID": "<message-1@localhost>"})
    send("Another", **{"Message-ID": "<message-2@localhost>"})
    send("The first", **{"Message-ID": "<message-1@localhost>"})
    send("Without a name of its own")
    send("Without a name of its own")
    assert len(list(folder.iterdir())) == 4
    assert [each.subject for each in sent_emails()][-2:] == ["The first", "Another"]


@pytest.mark.django_db(transaction=True)
def test_a_crash_between_sending_and_its_commit_leaves_one_email(folder, monkeypatch, settings):
    settings.CELERY_BROKER_URL = ""
    writer = lambda _about: Notification(to={"p": "rita@x.example"}, subject="News", text="x")  # noqa: E731
    monkeypatch.setattr(tasks, "writer_of", lambda _topic: writer)
    message = Message.objects.create(topic="t", about="a", to="p")
    with transaction.atomic():
        tasks.deliver(message.pk)
        transaction.set_rollback(True)  # it died here
    message.refresh_from_db()
    assert message.done_at is None
    tasks.deliver(message.pk)
    message.refresh_from_db()
    assert message.done_at
    assert [each.subject for each in sent_emails()] == ["News"]


def test_emails_of_an_earlier_version_are_shown_among_the_others(folder):
    folder.mkdir()
    old = folder / "20260301T120000.000001-abcdef01.eml"
    old.write_bytes(b"To: rita@x.example\nSubject: Old\n\nx\n")
    send("New")
    assert [each.subject for each in sent_emails()] == ["New", "Old"]
    assert sent_emails()[1].when == datetime(2026, 3, 1, 12, 0, 0, 1, tzinfo=UTC)


def test_the_newest_of_very_many(folder):
    folder.mkdir()
    begun = datetime(2026, 3, 1, tzinfo=UTC)
    for number in range(20_000):
        path = folder / f"{number:032x}.eml"
        path.write_bytes(b"To: rita@x.example\nSubject: %d\n\nx\n" % number)
        at = (begun + timedelta(seconds=number * 7 % 20_000)).timestamp()
        os.utime(path, (at, at))
    shown = sent_emails()
    assert len(shown) == 200
    expected = sorted(range(20_000), key=lambda number: -(number * 7 % 20_000))[:200]
    assert [each.subject for each in shown] == [str(number) for number in expected]


def test_before_the_first_there_is_none(folder):
    assert sent_emails() == []


def test_a_full_disk_leaves_no_half_email_and_the_same_one_goes_out_later(folder, monkeypatch):
    with no_file_past(10), pytest.raises(OSError, match="File too large"):
        send("News", **{"Message-ID": "<message-1@localhost>"})
    assert sent_emails() == []
    send("News", **{"Message-ID": "<message-1@localhost>"})
    assert [each.subject for each in sent_emails()] == ["News"]
    assert len(list(folder.iterdir())) == 1
