"""Another installation with the same ring: databases and a folder of its own, and its commands."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

import psycopg2
from django.conf import settings

from backups.keys import DATA, KEYSTORE, KINDS
from backups.servers import target

ROOT = Path(__file__).parents[2]


@dataclass
class Elsewhere:
    """Databases and a folder of their own, and commands run on them."""

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

    def ask(self, kind, sql, values=None):
        with target(kind).named(self.names[kind]).asked() as link, link, link.cursor() as cursor:
            cursor.execute(sql, values)
            return cursor.fetchall() if cursor.description else []


@contextmanager
def elsewhere_in(var: Path, like: Elsewhere | None = None) -> Iterator[Elsewhere]:
    """Empty databases and an empty folder, or copies of those of another; gone afterwards."""
    if like:
        shutil.copytree(like.var, var)
    else:
        var.mkdir()
        shutil.copy(settings.KEYRING_FILE, var / "keyring.json")
        (var / "disposals.jsonl").touch()
    names = {kind: f"elsewhere_{kind}_{uuid4().hex[:8]}" for kind in KINDS}
    copied = {kind: f" TEMPLATE {like.names[kind]}" if like else "" for kind in KINDS}
    admin(*[f"CREATE DATABASE {names[kind]}{copied[kind]}" for kind in KINDS])
    env = os.environ | {
        "DJANGO_SETTINGS_MODULE": "portal.settings.test",
        "PYTEST": "false",
        "PORTAL_VAR": str(var),
        "DATABASE_URL": target(DATA).named(names[DATA]).url,
        "KEYSTORE_DATABASE_URL": target(KEYSTORE).named(names[KEYSTORE]).url,
        "RESTORE_KEYS_DIR": str(settings.RESTORE_KEYS_DIR),
    }
    try:
        yield Elsewhere(env, var, names)
    finally:
        admin(*[f"DROP DATABASE {name} WITH (FORCE)" for name in names.values()])


def admin(*statements):
    """Statements of the server's owner, outside a transaction."""
    server = target(DATA).named("postgres")
    link = psycopg2.connect(host=server.host, port=server.port, user=server.user, dbname="postgres")
    link.autocommit = True
    with link.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
        found = cursor.fetchall() if cursor.description else []
    link.close()
    return found
