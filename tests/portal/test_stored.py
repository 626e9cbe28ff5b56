"""A portal that the code of before the apps were cut (docs/adr/0109) has stored is whole today.

``stored/make.sh`` made it, once: requests in every state, agency checks, decisions, a release,
refusals, a disposal, files, a printed record, and a signed ledger over all of it.
"""

import json
import subprocess
import sys
import tarfile
from pathlib import Path
from types import SimpleNamespace

import pytest

import portal.transitions_doc  # noqa: F401 - brings every table of transitions
from backups.keys import DATA, KEYSTORE, KINDS
from backups.servers import ALIASES, program, target
from tests.backups.elsewhere import elsewhere_in
from tests.house.evidence_names import BESIDE_THE_TABLES, THINGS, WITH_HISTORY
from tests.ledger.verifier import FILE
from workflow.transitions import TABLES

STORED = Path(__file__).parent / "stored" / "stored.tar.xz"
# One process for all commands: to load the portal takes longer than most of them.
UPGRADE = """
import django
django.setup()
from django.core.management import call_command
for database in ("default", "keystore"):
    call_command("migrate", interactive=False, database=database)
    call_command("rls", "build", database=database)
"""
VERIFY = """
import django
django.setup()
from django.conf import settings
from django.core.management import call_command
call_command("ledger", "verify", key=["{key}"])
call_command("ledger", "verify-live")
call_command("ledger", "export", str(settings.VAR / "exported"))
"""
# As docs/installation.md says; what is there is compared with what the models of today are called.
FORGET_OLD_NAMES = """
import django
django.setup()
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
def strange():
    return {each.model for each in ContentType.objects.all() if not each.model_class()}
assert "enquiry" in strange()
call_command("remove_stale_contenttypes", interactive=False)
assert not strange()
"""
READ = """
import django
django.setup()
from tests.portal.stored.reading import read
read()
"""


@pytest.fixture(scope="module")
def stored(django_db_setup, tmp_path_factory):
    """It, in databases of its own, upgraded as docs/installation.md says; and its words of then."""
    with elsewhere_in(tmp_path_factory.mktemp("stored") / "var") as there:
        (there.var / "keyring.json").unlink()
        with tarfile.open(STORED) as tar:
            tar.extractall(there.var, filter="data")
        for kind in KINDS:
            fill(target(kind).named(there.names[kind]), there.var / f"{ALIASES[kind]}.sql")
        there.run(script=UPGRADE)
        told = json.loads((there.var / "told.json").read_text())
        yield SimpleNamespace(there=there, told=told)


def fill(server, dump):
    """Run a dump, as the owner of the tables, in an empty database."""
    command = [program("psql"), "-qX", "-v", "ON_ERROR_STOP=1", "-1", "-f", str(dump)]
    env = server.environment | {"PGOPTIONS": "-c synchronous_commit=off"}
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def asked(stored, sql):
    """The first column of what its records answer."""
    return {row[0] for row in stored.there.ask(DATA, sql)}


def test_every_name_in_its_evidence_is_known(stored):
    done = {f"{table.name}.{name}" for table in TABLES for name in table.labels}
    moves = asked(stored, "SELECT DISTINCT move FROM audit_event")
    assert len(moves) > 60
    assert not {
        move
        for move in moves - done - BESIDE_THE_TABLES
        if f".{move.partition('.')[2]}" not in BESIDE_THE_TABLES
    }
    things = asked(
        stored,
        "SELECT thing FROM audit_event UNION SELECT thing FROM audit_accessentry"
        " UNION SELECT body::json->>'thing' FROM audit_leaf",
    )
    assert len(things) > 30
    assert things <= THINGS | {name.replace(".", ".historical") for name in WITH_HISTORY} | {""}


def test_its_ledger_is_whole(stored):
    there, key = stored.there, stored.told["key"]
    said = there.run(script=VERIFY.format(key=key))
    assert said.count("All is as it was recorded.") == len(("verify", "verify-live"))
    command = [sys.executable, "-I", FILE, "whole", there.var / "exported", "--key", key]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    events, readings = (stored.told["evidence"][name] for name in ("events", "readings"))
    assert there.ask(DATA, "SELECT kind, count(*) FROM audit_leaf GROUP BY kind ORDER BY kind") == [
        ("change", events),
        ("look", readings),
    ]


def test_what_was_sealed_opens_and_pages_show_the_same_words(stored):
    stored.there.run(script=READ)
    now = json.loads((stored.there.var / "now.json").read_text())
    told = stored.told
    assert len(now["fields"]) > 600
    assert now == {name: told[name] for name in now}
    gone = [told["gone"]]
    disposed = "SELECT status FROM retention_disposal WHERE case_id = %s"
    assert stored.there.ask(DATA, disposed, gone) == [("destroyed",)]
    wrapped = "SELECT wrapped FROM encryption_casekey WHERE case_id = %s AND wrapped IS NOT NULL"
    assert stored.there.ask(KEYSTORE, wrapped, gone) == []


def test_the_old_names_of_models_can_be_forgotten(stored):
    stored.there.run(script=FORGET_OLD_NAMES)
