"""What an address asks of TLS holds for whatever goes there: the tests' server has none."""

import subprocess

import environ
import pytest
from django.core.management import CommandError, call_command

from backups.drilling import _Elsewhere
from backups.errors import BackupFault
from backups.keys import DATA, KEYSTORE
from backups.servers import program, source, target

ASKED = "sslmode=require&sslrootcert=%2Fdatabase-ca%2Fca.pem"


@pytest.fixture
def asks(settings):
    """Addresses that a server without TLS must not be able to answer."""
    for kind, name in ((DATA, "BACKUP_DATABASE_URL"), (KEYSTORE, "BACKUP_KEYSTORE_DATABASE_URL")):
        setattr(settings, name, f"{target(kind).url}?sslmode=require")


def test_no_backup_is_made_in_clear(asks, places, transactional_db):
    with pytest.raises(CommandError, match="does not answer"):
        call_command("backup")
    assert not list(places[DATA].glob("[!.]*"))
    with pytest.raises(BackupFault, match="does not answer"), source(KEYSTORE).asked():
        pass


def test_the_programs_of_postgresql_are_told_too(asks):
    done = subprocess.run(
        [program("pg_dump"), "--schema-only"],
        env=source(DATA).environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode
    assert "SSL" in done.stderr


def test_what_a_drill_runs_is_asked_the_same(settings):
    settings.BACKUP_DATABASE_URL = f"postgres://portal_drill:x@elsewhere.example/postgres?{ASKED}"
    settings.BACKUP_KEYSTORE_DATABASE_URL = settings.BACKUP_DATABASE_URL
    there = _Elsewhere({DATA: "one", KEYSTORE: "other"}, settings.BASE_DIR, print)
    for name in ("DATABASE_URL", "KEYSTORE_DATABASE_URL"):
        options = environ.Env.db_url_config(there.environment()[name])["OPTIONS"]
        assert options == {"sslmode": "require", "sslrootcert": "/database-ca/ca.pem"}
    assert source(DATA).environment["PGSSLROOTCERT"] == "/database-ca/ca.pem"
