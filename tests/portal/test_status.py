"""The status page: what is late is said in a word, and nobody but administrators sees it."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from backups.models import Backup, Drill
from outbox.hourly import note_run
from outbox.models import Message
from outbox.tasks import SWEEP
from tests import walks
from tests.audit.walks import signed

pytestmark = pytest.mark.django_db
NIGHTLY = ["Last backup: data and files", "Last backup: keystore", "Last restore drill that passed"]


@pytest.fixture
def made_here(settings, tmp_path):
    settings.BACKUP_DATA_DIR = tmp_path


def backed_up(kind, hours):
    at = timezone.now() - timedelta(hours=hours)
    return Backup.objects.create(kind=kind, name="x", at=at, size=7)


def drilled(hours=0, **words):
    row = Drill(**words)
    row.save()
    if hours:  # the column is filled when the row is; it can only be set beside the triggers
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE backups_drill DISABLE TRIGGER USER")
            Drill.objects.filter(pk=row.pk).update(at=timezone.now() - timedelta(hours=hours))
            cursor.execute("ALTER TABLE backups_drill ENABLE TRIGGER USER")
    return row


def said(signed_in):
    answer = signed_in("administrator").get("/status/")
    assert answer.status_code == 200
    return {line.name: line for line in answer.context["lines"]}


def test_before_the_first_backup_everything_nightly_is_late(signed_in, made_here):
    lines = said(signed_in)
    assert [lines[name].late for name in NIGHTLY] == [True] * 3
    assert {lines[name].said for name in NIGHTLY} == {"There is none yet."}


@pytest.mark.parametrize(("hours", "late"), [(1, False), (25.9, False), (26.1, True), (100, True)])
def test_what_is_over_26_hours_old_is_late(signed_in, made_here, hours, late):
    backed_up("data", hours)
    backed_up("keystore", hours)
    drilled(hours)
    lines = said(signed_in)
    assert [lines[name].late for name in NIGHTLY] == [late] * 3
    assert all("ago" in lines[name].said for name in NIGHTLY)


def test_the_newest_counts_and_each_kind_for_itself(signed_in, made_here):
    backed_up("data", 50)
    backed_up("data", 2)
    backed_up("keystore", 50)
    lines = said(signed_in)
    assert [lines[name].late for name in NIGHTLY] == [False, True, True]


def test_a_drill_that_failed_after_one_that_passed_is_said(signed_in, made_here):
    drilled(3)
    drilled(failed_at="prove")
    line = said(signed_in)["Last restore drill that passed"]
    assert line.late
    assert "3\xa0hours ago" in line.said
    assert "failed at replaying the disposals and verifying the ledger" in line.said


def test_beside_the_drill_stands_how_old_the_backup_was_that_it_restored(signed_in, made_here):
    drilled(3, made_at=timezone.now() - timedelta(hours=5))
    line = said(signed_in)["Last restore drill that passed"]
    assert not line.late
    assert "3\xa0hours ago. It restored the backup made on" in line.said
    assert line.said.endswith("5\xa0hours ago.")


def test_a_drill_of_an_old_backup_is_late_however_new_it_is(signed_in, made_here):
    """The clock still drills each night, and nothing has been backed up for three days."""
    drilled(made_at=timezone.now() - timedelta(days=3))
    line = said(signed_in)["Last restore drill that passed"]
    assert line.late
    assert "3\xa0days ago" in line.said


def test_late_is_a_word(signed_in, made_here, settings):
    signed()  # what waits for a minute to be signed is late too, and the cast may be older
    for task in (SWEEP, *settings.HOURLY.values()):
        note_run(task)
    page = signed_in("administrator").get("/status/").content.decode()
    assert page.count("Late") == 3
    assert page.count("In time") >= 3


def test_where_backups_are_made_elsewhere_it_says_so(signed_in, settings):
    settings.BACKUP_DATA_DIR = None
    answer = signed_in("administrator").get("/status/")
    assert "makes no backups here" in answer.content.decode()
    assert [line.name for line in answer.context["lines"]] == [
        "Redis",
        "Clock: when it last ran",
        "Work of each hour",
        "Records that wait to be signed into the ledger",
        "Last checkpoint of the ledger",
        "E-mails that wait to be sent",
    ]


@pytest.mark.clause("P-RECORD", part=True)
def test_the_ledger_says_what_waits_though_the_case_is_behind_the_wall(cast, signed_in):
    name = "Records that wait to be signed into the ledger"
    signed()
    assert said(signed_in)[name].said == "None."
    walks.sent(cast)
    count = int(said(signed_in)[name].said.split(",")[0])
    assert count > 5  # each step of the draft, and its sending
    signed()
    lines = said(signed_in)
    assert lines[name].said == "None."
    assert "records are signed" in lines["Last checkpoint of the ledger"].said


def test_an_email_that_waits_for_over_an_hour_is_late(cast, signed_in):
    name = "E-mails that wait to be sent"
    Message.objects.all().delete()
    message = Message.objects.create(topic="x", about="y")
    assert not said(signed_in)[name].late
    Message.objects.filter(pk=message.pk).update(posted_at=timezone.now() - timedelta(hours=2))
    line = said(signed_in)[name]
    assert line.late
    assert "the oldest for 2\xa0hours" in line.said
    message.delete()
    assert said(signed_in)[name].said == "None."


def test_it_costs_the_same_however_much_there_is(signed_in, made_here, flat):
    client: Client = signed_in("administrator")

    def add():
        backed_up("data", 1)
        backed_up("keystore", 1)
        drilled()
        Message.objects.create(topic="x", about="y")

    flat(lambda: client.get("/status/"), add=add)


@pytest.mark.parametrize("who", ["requester", "officer", "trust_manager", "desk_lead"])
def test_others_do_not_find_it(signed_in, who):
    client = signed_in(who)
    assert client.get("/status/").status_code == 404
    assert "/status/" not in client.get("/").content.decode()
