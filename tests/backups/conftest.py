"""A story with a file and a signed ledger, keys of backups, and empty databases elsewhere."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

import psycopg2
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from backups.keys import DATA, KEYSTORE, create_keys
from backups.making import make_backup
from backups.servers import source
from requests_app.actions import parts
from tests import walks
from tests.audit.walks import signed

ROOT = Path(__file__).parents[2]
CONTENT = b"%PDF-1.4\n" + b"a bruise" * 200_000


@dataclass
class Story:
    """What the tests look for again after a restore."""

    case: object
    file: object


@dataclass
class Elsewhere:
    """Empty databases and a folder of their own, and commands run on them."""

    env: dict[str, str]
    var: Path
    names: dict[str, str] = field(default_factory=dict)

    def run(self, *words, ok=True, script=None):
        command = ["-c", script] if script else ["manage.py", *map(str, words)]
        done = subprocess.run(
            [sys.executable, *command],
            cwd=ROOT,
            env=self.env,
            capture_output=True,
            text=True,
            check=False,
        )
        said = done.stdout + done.stderr
        assert (done.returncode == 0) == ok, said
        assert "Traceback" not in said
        return said

    def ask(self, kind, sql):
        with source(kind).named(self.names[kind]).asked() as link, link, link.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchall() if cursor.description else []


@pytest.fixture
def places(settings, tmp_path):
    """Two places for backups, and their keys."""
    settings.BACKUP_DATA_DIR = tmp_path / "kept" / "data"
    settings.BACKUP_KEYSTORE_DIR = tmp_path / "kept" / "keystore"
    settings.BACKUP_KEYS_DIR = tmp_path / "making"
    settings.RESTORE_KEYS_DIR = tmp_path / "opening"
    settings.FILES_DIR = tmp_path / "files"
    settings.DISPOSAL_REGISTER = tmp_path / "disposals.jsonl"
    settings.DISPOSAL_REGISTER.touch()
    create_keys()
    return {DATA: settings.BACKUP_DATA_DIR, KEYSTORE: settings.BACKUP_KEYSTORE_DIR}


@pytest.fixture
def story(places, transactional_db, cast):
    """A request with a sealed file, sent; the ledger is signed."""
    case = walks.a_draft(cast)
    upload = SimpleUploadedFile("bruise.pdf", CONTENT)
    file = parts.attach_file(case, by=cast.requester, once=uuid4(), upload=upload)
    signed()
    return Story(case, file)


@pytest.fixture
def made(story, places):
    """A backup of it: the folders of its two sets."""
    return {
        said.kind: places[said.kind] / f"{said.kind}-{said.name}" for said in make_backup(places)
    }


@pytest.fixture
def elsewhere(places, settings, tmp_path):
    """Another installation with the same ring and nothing else."""
    var = tmp_path / "elsewhere"
    var.mkdir()
    shutil.copy(settings.KEYRING_FILE, var / "keyring.json")
    names = {kind: f"elsewhere_{kind}_{uuid4().hex[:8]}" for kind in places}
    admin(*[f"CREATE DATABASE {name}" for name in names.values()])
    env = os.environ | {
        "DJANGO_SETTINGS_MODULE": "portal.settings.test",
        "PYTEST": "false",
        "PORTAL_VAR": str(var),
        "DATABASE_URL": source(DATA).named(names[DATA]).url,
        "KEYSTORE_DATABASE_URL": source(KEYSTORE).named(names[KEYSTORE]).url,
        "RESTORE_KEYS_DIR": str(settings.RESTORE_KEYS_DIR),
    }
    (var / "disposals.jsonl").touch()
    yield Elsewhere(env, var, names)
    admin(*[f"DROP DATABASE {name} WITH (FORCE)" for name in names.values()])


def admin(*statements):
    """Statements of the server's owner, outside a transaction."""
    server = source(DATA).named("postgres")
    link = psycopg2.connect(host=server.host, port=server.port, user=server.user, dbname="postgres")
    link.autocommit = True
    with link.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
        found = cursor.fetchall() if cursor.description else []
    link.close()
    return found
