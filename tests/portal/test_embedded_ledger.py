"""The ledger of a running portal: signed within seconds, whole, and checked from outside."""

import sqlite3
import subprocess
import sys
import time

import pytest

from audit.ledger.signing import create_signing_key, read_signing_key
from tests.patience import PATIENCE
from tests.portal.embedded import ROOT, Portal, manage

pytestmark = pytest.mark.embedded

WAITING = """
from audit.models import Leaf
print(Leaf.objects.filter(leaf_index=None).count(), Leaf.objects.count())
"""


@pytest.fixture(scope="module")
def portal(var):
    running = Portal(var)
    try:
        running.wait_for("Ctrl-C stops it.")
        yield running
    finally:
        running.stop()


def command(portal, *words):
    return subprocess.run(
        [sys.executable, *words],
        cwd=ROOT,
        env=portal.env,
        capture_output=True,
        text=True,
        check=False,
    )


def ledger(portal, *words):
    return command(portal, "manage.py", "ledger", *words)


@pytest.mark.clause("P-RECORD", part=True)
def test_the_demonstration_is_signed_and_whole_and_a_change_by_sql_is_found(portal, tmp_path):
    deadline = time.monotonic() + PATIENCE
    while not (said := manage(portal, WAITING)).startswith("0 "):
        assert time.monotonic() < deadline, said
    assert int(said.split()[1]) > 100
    for check in ("verify", "verify-live"):
        done = ledger(portal, check)
        assert done.returncode == 0, done.stdout + done.stderr
        assert "All is as it was recorded." in done.stdout
    key = ledger(portal, "keys").stdout.strip()
    assert key in ledger(portal, "verify").stdout, "it says which keys it believed"
    assert ledger(portal, "verify", "--key", key).returncode == 0
    create_signing_key(other := tmp_path / "key", key.partition("+")[0])
    done = ledger(portal, "verify", "--key", str(read_signing_key(other).verifier))
    assert done.returncode == 1
    assert "No known key" in done.stdout
    folder = tmp_path / "export"
    assert ledger(portal, "export", str(folder)).returncode == 0
    assert "not empty" in ledger(portal, "export", str(folder)).stderr
    outside = command(portal, "tools/verify_ledger.py", "whole", str(folder), "--key", key)
    assert outside.returncode == 0, outside.stdout + outside.stderr
    assert "YES" in outside.stdout
    bend(portal, "UPDATE requests_app_informationrequest SET rating = 'green' WHERE rating = 'red'")
    done = ledger(portal, "verify-live")
    assert done.returncode == 1
    assert "requests_app.informationrequest" in done.stdout
    assert "NOT as it was recorded" in done.stderr


def bend(portal, sql):
    """Change rows as somebody who has the file can, past every trigger."""
    link = sqlite3.connect(portal.var / "portal.sqlite3", timeout=20)
    with link:
        for (trigger,) in link.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        ).fetchall():
            link.execute(f"DROP TRIGGER {trigger}")
        assert link.execute(sql).rowcount > 0
    link.close()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("receipt", "999999999"), "no change 999999999"),
        (("receipt", "x"), "no change x"),
        (("receipt",), "takes other words"),
        (("consistency", "1", "0"), "sizes of two checkpoints"),
        (("export",), "takes other words"),
        (("create-key",), "already a signing key"),
        (("verify", "--key", "x"), "not the public key"),
    ],
)
def test_what_cannot_be_done_is_said_in_words(portal, words, said):
    done = ledger(portal, *words)
    assert done.returncode == 1
    assert said in done.stderr
    assert "Traceback" not in done.stderr
