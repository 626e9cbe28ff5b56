"""The clock of the embedded default: each task at its time, whatever the time of day does."""

from datetime import UTC, datetime, timedelta
from logging.config import dictConfig

import pytest
import time_machine
from celery import shared_task
from celery.schedules import crontab, schedule
from django.conf import settings as portal_settings

from portal.clock import Clock, Entry, seconds_of

NOON = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)


@shared_task(name="tests.counted")
def counted():
    ran.append("counted")


@shared_task(name="tests.fails")
def fails():
    ran.append("fails")
    raise RuntimeError("words of a person")


ran: list[str] = []


@pytest.fixture(autouse=True)
def _nothing_ran():
    ran.clear()


def test_an_interval_runs_at_each_start_and_then_after_its_time():
    for _start in range(3):
        clock = Clock({"often": {"task": "tests.counted", "schedule": 3600.0}})
        assert clock.run_one()
        assert not clock.run_one()
    assert len(ran) == 3
    [entry] = clock.entries
    entry.next_at -= 3600
    assert clock.run_one()
    assert len(ran) == 4


@pytest.mark.parametrize("days", [-400, 400])
def test_no_jump_of_the_clock_runs_or_stops_an_interval(days):
    with time_machine.travel(NOON, tick=True):
        clock = Clock({"often": {"task": "tests.counted", "schedule": 3600.0}})
        assert clock.run_one()
    with time_machine.travel(NOON + timedelta(days=days), tick=True):
        assert not clock.run_one()
        clock.entries[0].next_at -= 3600
        assert clock.run_one()
        assert not clock.run_one()


def test_a_time_of_day_runs_once_when_it_comes():
    with time_machine.travel(NOON) as moved:
        clock = Clock({"nightly": {"task": "tests.counted", "schedule": crontab(10, 13)}})
        assert not clock.run_one()
        moved.move_to(NOON + timedelta(hours=1, minutes=9, seconds=59))
        assert not clock.run_one()
        moved.move_to(NOON + timedelta(hours=1, minutes=10))
        assert clock.run_one()
        assert not clock.run_one()
        moved.move_to(NOON + timedelta(days=1))
        assert not clock.run_one()
        moved.move_to(NOON + timedelta(days=1, hours=1, minutes=10, seconds=20))
        assert clock.run_one()


def test_after_a_jump_forward_it_runs_once_and_after_one_back_it_still_comes():
    with time_machine.travel(NOON) as moved:
        clock = Clock({"nightly": {"task": "tests.counted", "schedule": crontab(10, 13)}})
        moved.move_to(NOON + timedelta(days=400))
        assert clock.run_one()
        assert not clock.run_one()
        moved.move_to(NOON)
        assert not clock.run_one()
        moved.move_to(NOON + timedelta(hours=2))
        assert clock.run_one()
        assert not clock.run_one()


def test_a_task_that_fails_is_logged_by_its_kind_and_tried_before_its_time(capsys):
    clock = Clock(
        {
            "bad": {"task": "tests.fails", "schedule": 3600.0},
            "good": {"task": "tests.counted", "schedule": 3600.0},
        }
    )
    dictConfig(portal_settings.LOGGING)  # writes to this test's own standard error
    assert clock.run_one()
    assert clock.run_one()
    assert not clock.run_one()
    assert ran == ["fails", "counted"]
    logged = capsys.readouterr().err
    assert "tests.fails failed: RuntimeError" in logged
    assert "words of a person" not in logged
    bad = clock.entries[0]
    bad.next_at -= 60
    assert clock.run_one()
    bad.next_at -= 60
    assert not clock.run_one(), "longer after each further fault"
    bad.next_at -= 60
    assert clock.run_one()


def test_it_knows_every_task_of_the_schedule_but_the_sweep_and_those_of_other_queues(settings):
    entries = {
        **settings.CELERY_BEAT_SCHEDULE,
        "kept apart": {"task": "x", "schedule": 1.0, "options": {"queue": "backups"}},
    }
    clock = Clock(entries)
    named = {each["task"] for each in settings.CELERY_BEAT_SCHEDULE.values()}
    assert {entry.task for entry in clock.entries} == named - {"outbox.tasks.sweep"}
    assert len(clock.entries) >= 6


def test_intervals_in_each_of_celerys_ways():
    assert seconds_of(30) == 30
    assert seconds_of(timedelta(minutes=2)) == 120
    assert seconds_of(schedule(run_every=timedelta(hours=1))) == 3600
    assert seconds_of(crontab()) is None
    assert Entry("x", 30.0).at is None
