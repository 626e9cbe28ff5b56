"""What comes round each hour is done, however often clock and workers are killed (bug 3)."""

from collections import defaultdict
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from celery.beat import Scheduler
from django.conf import settings as portal_settings
from django.utils import timezone

from backups import tasks as backups
from outbox.hourly import is_due, note_run
from outbox.models import LastRun
from outbox.tasks import sweep
from portal.celery import app
from portal.settings.backups import schedule
from portal.status import lines

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
HOURLY = portal_settings.HOURLY


@pytest.fixture(autouse=True)
def _tasks():
    app.loader.import_default_modules()


class Clock(Scheduler):
    """Celery's own, which hands what is due to a list and not to a broker."""

    def __init__(self, entries):
        self.asked = []
        self.entries = entries
        super().__init__(app, lazy=True)
        self.merge_inplace(entries)

    producer = None

    def apply_entry(self, entry, producer=None):
        self.asked.append(entry.task)

    def turn(self):
        """What it asks for now."""
        while self.tick() == 0:
            pass
        asked, self.asked = self.asked, []
        return asked


def walked(minutes, entries, *, killed_every):
    """When each task ran within so many minutes, with a clock that keeps nothing when killed."""
    ran = defaultdict(list)
    with time_machine.travel(NOON, tick=False) as moved:
        for minute in range(minutes + 1):
            if minute % killed_every == 0:
                clock = Clock(entries)
            for task in clock.turn():
                before = LastRun.objects.filter(task=task).values_list("at", flat=True).first()
                app.tasks[task].apply(throw=True)
                after = LastRun.objects.filter(task=task).values_list("at", flat=True).first()
                if before != after:
                    ran[task].append(minute)
            moved.shift(timedelta(minutes=1))
    return ran


def test_five_kills_in_65_minutes_leave_no_hourly_task_undone():
    entries = portal_settings.CELERY_BEAT_SCHEDULE
    ran = walked(130, entries, killed_every=13)
    assert set(ran) >= set(HOURLY.values())
    for name in HOURLY.values():
        assert len(ran[name]) in (2, 3), (name, ran[name])
        assert ran[name][0] <= 10


def test_where_nothing_is_killed_each_runs_once_an_hour():
    ran = walked(130, portal_settings.CELERY_BEAT_SCHEDULE, killed_every=1000)
    for name in HOURLY.values():
        assert len(ran[name]) in (2, 3), (name, ran[name])


def test_what_fails_is_due_again_and_what_went_well_is_not(monkeypatch):
    task = app.tasks[HOURLY["remind to sign"]]

    def broken(*_words):
        raise RuntimeError

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr("agreement.tasks.in_force", broken)
        with pytest.raises(RuntimeError):
            task.apply(throw=True)
    assert is_due(task.name, task.every)
    task.apply(throw=True)
    assert not is_due(task.name, task.every)


def test_a_clock_that_was_set_back_holds_nothing_up():
    LastRun.objects.create(task="x", at=timezone.now() + timedelta(days=300))
    assert is_due("x", timedelta(hours=1))
    note_run("x")
    assert not is_due("x", timedelta(hours=1))
    assert LastRun.objects.count() == 1


def test_a_backup_that_failed_is_asked_for_and_made_in_the_next_hour(monkeypatch, tmp_path):
    entries = schedule(tmp_path / "data", tmp_path / "keystore")
    answers, made = iter([False, False, True]), []

    def run(command):
        made.append((timezone.now().hour, command))
        return next(answers, True)

    monkeypatch.setattr(backups, "_run", run)
    night = {"make a backup": entries["make a backup"]}
    with time_machine.travel(datetime(2026, 3, 10, 0, 0, tzinfo=UTC), tick=False) as moved:
        clock = Clock(night)
        for _ in range(48 * 6):
            for task in clock.turn():
                app.tasks[task].apply(throw=True)
            moved.shift(timedelta(minutes=10))
    assert [hour for hour, _command in made] == [1, 2, 3, 1]


def test_the_status_page_says_when_the_clock_last_ran():
    def said():
        return {line.name: line for line in lines()}

    clock, work = "Clock: when it last ran", "Work of each hour"
    assert said()[clock].late
    assert said()[clock].said == "It has not run yet."
    assert said()[work].late
    sweep()
    for name in HOURLY.values():
        note_run(name)
    assert not said()[clock].late
    assert not said()[work].late
    with time_machine.travel(timezone.now() + timedelta(minutes=6)):
        assert said()[clock].late
        assert not said()[work].late
    with time_machine.travel(timezone.now() + timedelta(hours=3)):
        assert "send the checkpoint" in said()[work].said
