"""Restores the newest backup elsewhere, by the same commands, and counts what comes back."""

import contextlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex
from typing import Any, Final

from django.conf import settings
from django.utils import timezone
from psycopg2 import Error, sql  # type: ignore[import-untyped]

from backups.errors import BackupFault
from backups.keys import DATA, KEYSTORE, KINDS
from backups.manifest import read
from backups.models import Drill
from backups.places import Folder, Places
from backups.pruning import newest_pair
from backups.servers import one_at_a_time, source
from workflow.exit_status import how_it_ended

LEFT: Final = re.compile(r"drill_(data|keystore)_[0-9a-f]{16}")
ADMIN: Final = "postgres"
ONE_AT_A_TIME: Final = 5_802_071  # an advisory lock
LONGEST: Final = 4 * 60 * 60  # seconds for one command
# What is left of one's own: another's neither can be dropped, nor need it be a drill's of ours.
OWN_DATABASES: Final = "SELECT datname FROM pg_database WHERE pg_has_role(datdba, 'MEMBER')"
OWN_SESSIONS: Final = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = %s AND pid <> pg_backend_pid() AND pg_has_role(usesysid, 'MEMBER')
"""
LOOK: Final = 0.5  # seconds
Step = Callable[[int], None]


class DrillFailed(BackupFault):
    """The newest backup cannot be used; ``row`` says where that showed."""

    def __init__(self, said: str, row: Drill) -> None:
        super().__init__(said)
        self.row = row


@dataclass
class _Elsewhere:
    """Databases, files and commands of one drill."""

    names: dict[str, str]
    folder: Path
    step: Step

    def run(self, *words: str) -> dict[str, Any]:
        """One command; what it counted. Raises BackupFault with what it said."""
        with subprocess.Popen(  # noqa: S603 - our own commands
            [sys.executable, str(settings.BASE_DIR / "manage.py"), *words],
            env=self.environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            try:
                said, complained = self._watched(process)
            except BaseException:
                process.kill()
                raise
        if process.returncode:
            lines = (said + complained).strip().splitlines()
            raise BackupFault(
                "\n".join(lines[-5:]).removeprefix("CommandError: ")
                or f"{words[0]} ended without a word ({how_it_ended(process.returncode)})."
            )
        found: dict[str, Any] = json.loads(said.strip().splitlines()[-1])
        return found

    def _watched(self, process: subprocess.Popen[str]) -> tuple[str, str]:
        """What it says, once it has ended; until then whoever looks on sees the seconds."""
        begun = time.monotonic()
        while (gone := time.monotonic() - begun) < LONGEST:
            self.step(int(gone))
            with contextlib.suppress(subprocess.TimeoutExpired):
                return process.communicate(timeout=LOOK)
        raise subprocess.TimeoutExpired("manage.py", LONGEST)

    def environment(self) -> dict[str, str]:
        """This process's, but for where records are."""
        places = {
            "DATABASE_URL": source(DATA).named(self.names[DATA]).url,
            "KEYSTORE_DATABASE_URL": source(KEYSTORE).named(self.names[KEYSTORE]).url,
            "FILES_DIR": str(self.folder / "files"),
            "FILES_BUCKET": "",
            # This process may have no ring of its own: the commands that it runs have.
            "PORTAL_KEYS": "ring",
            "KEYRING_FILE": _given("KEYRING_FILE"),
            "DISPOSAL_REGISTER": _given("DISPOSAL_REGISTER"),
            "RESTORE_KEYS_DIR": str(settings.RESTORE_KEYS_DIR or ""),
            "FILE_SCANNER": "none",  # nobody adds a file to what is drilled
            "STATEMENT_TIMEOUT_MS": "0",
            "PYTEST": "false",
        }
        # Nor is one of these named once more, as a file (portal/settings/environment.py).
        others = {k: v for k, v in os.environ.items() if k.removesuffix("_FILE") not in places}
        return {**others, **places}


def _given(name: str) -> str:
    return str(getattr(settings, name) or os.environ.get(name, ""))


def drill(where: Places, *, step: Step = lambda _seconds: None) -> Drill:
    """Restore, prove, open, count, and write down how that went.

    Raises DrillFailed; and BackupFault, with nothing written down, while another drill runs.
    """
    with _admin(DATA) as cursor, one_at_a_time(cursor, ONE_AT_A_TIME) as is_ours:
        if not is_ours:
            raise BackupFault("Another drill is running. Wait until it is done.")
        _drop_what_was_left()
        return _drilled(where, step)


def _drilled(where: Places, step: Step) -> Drill:
    row, begun = Drill(), timezone.now()
    try:
        row.failed_at = Drill.Step.FIND
        sets = newest_pair(where)
        row.made_at = read(sets[DATA], DATA).when
        with _elsewhere(step) as there:
            _walk(there, sets, row)
        row.failed_at = ""
    except (BackupFault, OSError, subprocess.SubprocessError, ValueError, Error) as fault:
        said = str(fault) if isinstance(fault, BackupFault) else type(fault).__name__
        name = Drill.Step(row.failed_at).label
        raise DrillFailed(f"The drill failed at {name}: {said}", row) from None
    finally:
        row.took = timezone.now() - begun
        row.save()
    return row


def _walk(there: _Elsewhere, sets: dict[str, Folder], row: Drill) -> None:
    row.failed_at = Drill.Step.RESTORE
    found = there.run("restore", str(sets[DATA]), "--keystore", str(sets[KEYSTORE]), "--json")
    row.rows, row.files = found["rows"], found["files"]
    row.failed_at = Drill.Step.PROVE
    found = there.run("prove_restore", "--json")
    row.leaves, row.disposals = found["leaves"], found["disposals"]
    row.failed_at = Drill.Step.OPEN
    row.opened = there.run("keys", "verify", "--json")["opened"]


@contextlib.contextmanager
def _elsewhere(step: Step = lambda _seconds: None) -> Iterator[_Elsewhere]:
    """Databases with names of their own, and a folder; gone again however it ends."""
    names = {kind: f"drill_{kind}_{token_hex(8)}" for kind in KINDS}
    try:
        for kind, name in names.items():
            with _admin(kind) as cursor:
                for statement in (
                    "CREATE DATABASE {}",
                    "REVOKE CONNECT, TEMPORARY ON DATABASE {} FROM PUBLIC",  # all is opened there
                ):
                    cursor.execute(sql.SQL(statement).format(sql.Identifier(name)))
        # After its database and by that name, so that the next drill finds what a killed one left.
        folder = _folder(names[DATA])
        folder.mkdir(mode=0o700)
        yield _Elsewhere(names, folder, step)
    finally:
        for kind, name in names.items():
            _drop(kind, name)


def _folder(name: str) -> Path:
    return Path(tempfile.gettempdir()) / name


def _drop(kind: str, name: str) -> None:
    """A database and its files, these first: they are found by its name.

    Not WITH (FORCE): who is no superuser is refused that while PostgreSQL itself cleans up there,
    which it leaves off for a plain one.
    """
    shutil.rmtree(_folder(name), ignore_errors=True)
    with _admin(kind) as cursor:
        cursor.execute(OWN_SESSIONS, [name])
        cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))


def _drop_what_was_left() -> None:
    """What a killed drill has left, databases and files; under the lock, none is in use."""
    for kind in KINDS:
        with _admin(kind) as cursor:
            cursor.execute(OWN_DATABASES)
            names = [name for (name,) in cursor.fetchall()]
        for name in names:
            if LEFT.fullmatch(name):
                _drop(kind, name)


@contextlib.contextmanager
def _admin(kind: str) -> Iterator[Any]:
    with source(kind).named(ADMIN).asked() as link:
        link.autocommit = True
        with link.cursor() as cursor:
            yield cursor
