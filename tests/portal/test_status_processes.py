"""The status page where ``serve`` runs the processes: each of them, and what became of it."""

import json
import time
from dataclasses import asdict

import pytest

from portal.running.record import Part

pytestmark = pytest.mark.django_db


@pytest.fixture
def noted(settings, tmp_path):
    settings.RUNNING_RECORD = tmp_path / "running.json"
    settings.CELERY_BROKER_URL = ""  # where ``serve`` runs the processes there is none

    def note(*parts: Part) -> None:
        settings.RUNNING_RECORD.write_text(json.dumps([asdict(part) for part in parts]))

    return note


def lines(signed_in):
    answer = signed_in("administrator").get("/status/")
    assert answer.status_code == 200
    return [line for line in answer.context["lines"] if line.is_process]


def up(**columns) -> Part:
    return Part("worker", up_since=time.monotonic() - 60, **columns)


def test_one_that_has_run_since_the_start_is_well(signed_in, noted):
    noted(Part("web server", up_since=time.monotonic()), up())
    web, worker = lines(signed_in)
    assert (web.name, web.late, web.word) == ("Web server", False, "Running")
    assert worker.said.startswith("Running since ")
    assert worker.said.count(".") == 1


def test_one_that_is_down_needs_a_look(signed_in, noted):
    ended = time.monotonic()
    noted(Part("worker", ends=1, ended_at=ended, how="exit code 3", again_at=ended + 1))
    [worker] = lines(signed_in)
    assert (worker.late, worker.word) == (True, "Needs attention")
    assert worker.said.startswith("It is not running, and is being started.")
    assert "It ended by itself once, on " in worker.said
    assert "(exit code 3)" in worker.said


@pytest.mark.parametrize(("minutes", "late"), [(1, True), (9, True), (11, False)])
def test_one_that_came_back_needs_a_look_for_a_while(signed_in, noted, minutes, late):
    noted(up(ends=4, ended_at=time.monotonic() - 60 * minutes, how="killed by SIGKILL"))
    [worker] = lines(signed_in)
    assert worker.late == late
    assert "It ended by itself 4 times, the last time on " in worker.said
    assert "(killed by SIGKILL)" in worker.said


def test_one_that_stands_still_needs_a_look(signed_in, noted):
    noted(up(still=True))
    [worker] = lines(signed_in)
    assert worker.late
    assert "It is stuck" in worker.said


def test_where_nothing_is_noted_or_half_of_it_nothing_is_said(signed_in, noted, settings):
    assert lines(signed_in) == []
    settings.RUNNING_RECORD.write_text('[{"name": "worker", ')
    assert lines(signed_in) == []


def test_no_process_is_asked_for_a_broker_where_there_is_none(client, settings, monkeypatch):
    from portal.celery import app

    settings.CELERY_BROKER_URL = ""
    monkeypatch.setattr(app, "connection_for_write", pytest.fail)
    assert client.get("/readyz").status_code == 200
