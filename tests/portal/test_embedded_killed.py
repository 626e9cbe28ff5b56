"""The whole of it killed with -9 at any moment, also of the first start: then it is whole."""

import random
import time

import pytest

from demo.people import PEOPLE
from tests.patience import PATIENCE, length
from tests.portal.embedded import (
    UP,
    Portal,
    copied,
    nothing_waits,
    rows,
    run,
    wait_until_gone,
)

pytestmark = pytest.mark.embedded

KILLS = length(5, long=40)  # of the first start, each a little further on
KILLS_WHILE_UP = length(2, long=20)
LATEST = 4.0  # seconds after something was said, at which it is killed


def killed(portal: Portal, after: str) -> None:
    """Kill the parent alone, some time after it has said this; nothing of it stays."""
    deadline = time.monotonic() + PATIENCE
    while not (after in portal.said() or UP in portal.said() or portal.process.poll() is not None):
        assert time.monotonic() < deadline, portal.told()
        time.sleep(0.02)
    until = time.monotonic() + random.uniform(0, LATEST)  # noqa: S311 - any moment will do
    while time.monotonic() < until and UP not in portal.said():
        time.sleep(0.01)
    family = portal.family()
    portal.process.kill()
    assert portal.ended() == -9, portal.told()
    assert "Traceback" not in portal.said(), portal.said()
    wait_until_gone(family, portal)


def whole(portal: Portal) -> list[tuple[object, ...]]:
    """All of the demonstration is there once, its e-mails go out, and the ledger holds."""
    portal.wait_until(lambda: nothing_waits(portal), "letters or leaves wait")
    assert rows(portal, "SELECT count(*) FROM agencies_user") == [(len(PEOPLE),)]
    done = run(portal, "ledger", "verify-live")
    assert done.returncode == 0, done.stdout + done.stderr
    return rows(portal, "SELECT id FROM requests_app_informationrequest ORDER BY id")


def test_the_first_start_killed_again_and_again_ends_whole(tmp_path):
    """In the keys, the tables, the static files, the demonstration, and when all is nearly up."""
    moments = ["", "", "Making the tables", "Collecting", "Filling the demonstration"]
    for number in range(KILLS):
        portal = Portal(tmp_path / "var")
        said = moments[number * len(moments) // KILLS]
        killed(portal, said)
    last = Portal(tmp_path / "var")
    try:
        last.wait_for(UP)
        assert len(whole(last)) > 10
        assert not [path for path in last.var.rglob(".*") if path.name != ".running.json.new"]
    finally:
        assert last.stop() == 0, last.told()


def test_killed_while_it_runs_and_started_again_at_once(prepared, tmp_path):
    """On the same folder and the same port, without a pause."""
    portal = Portal(copied(prepared, tmp_path / "var"))
    portal.wait_for(UP)
    before = whole(portal)
    for _ in range(KILLS_WHILE_UP):
        portal.process.kill()
        portal.process.wait(PATIENCE)
        portal = Portal(portal.var, port=portal.port)
        portal.wait_for(UP)
    try:
        assert whole(portal) == before
    finally:
        assert portal.stop() == 0, portal.told()
