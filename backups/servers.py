"""The two databases as PostgreSQL's own programs are told of them."""

import contextlib
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, urlencode

import environ
import psycopg2  # type: ignore[import-untyped]
from django.conf import settings
from django.db import connections

from backups.errors import BackupFault
from backups.keys import DATA, KEYSTORE

ALIASES: Final = {DATA: "default", KEYSTORE: "keystore"}
PATIENCE: Final = 10  # seconds until a server has answered
# What an address asks of TLS; without it every program would take what answers, and in clear.
TLS: Final = ("sslmode", "sslrootcert", "sslcert", "sslkey", "sslcrl")
# Who reads everything for a backup, and who makes the databases of a drill (docs/adr/0099).
BACKS_UP: Final = "portal_backup"
DRILLS: Final = "portal_drill"


@dataclass(frozen=True)
class Server:
    """Where a database is, and as whom it is asked."""

    host: str
    port: str
    user: str
    password: str
    name: str
    tls: tuple[tuple[str, str], ...] = ()

    @property
    def environment(self) -> dict[str, str]:
        """For PostgreSQL's programs: never on a command line, where everybody reads it."""
        said = {
            "PGHOST": self.host,
            "PGPORT": self.port,
            "PGUSER": self.user,
            "PGPASSWORD": self.password,
            "PGDATABASE": self.name,
            "PGCONNECT_TIMEOUT": str(PATIENCE),
            **{f"PG{option.upper()}": value for option, value in self.tls},
        }
        return {**os.environ, **{name: value for name, value in said.items() if value}}

    @property
    def url(self) -> str:
        """The same as the settings read it."""
        who = quote(self.user, safe="")
        if self.password:
            who += ":" + quote(self.password, safe="")
        port = f":{self.port}" if self.port else ""
        asked = f"?{urlencode(self.tls)}" if self.tls else ""
        where = f"{quote(self.host, safe='')}{port}/{quote(self.name, safe='')}"
        return f"postgres://{who}@{where}{asked}"

    def named(self, name: str) -> "Server":
        """Another database of the same server."""
        return replace(self, name=name)

    @contextlib.contextmanager
    def asked(self) -> Iterator[Any]:
        """A connection of its own, closed afterwards. Raises BackupFault where none answers."""
        try:
            link = psycopg2.connect(
                host=self.host,
                port=self.port or None,
                user=self.user,
                password=self.password or None,
                dbname=self.name,
                connect_timeout=PATIENCE,
                **dict(self.tls),
            )
        except psycopg2.OperationalError:
            raise BackupFault(
                f"The database {self.name} at {self.host} does not answer as {self.user}. "
                "Check that it is there and that its address and password are right."
            ) from None
        try:
            yield link
        except psycopg2.Error as fault:
            why = (fault.diag.message_primary or type(fault).__name__).strip()
            raise BackupFault(
                f"The database {self.name} at {self.host} refuses {self.user} ({why}). Backups are "
                f"made as {BACKS_UP}, drills as {DRILLS}, restores as the owner of the tables."
            ) from None
        finally:
            link.close()


def source(kind: str) -> Server:
    """The database to copy, asked as whoever may read all of it."""
    name = {DATA: "BACKUP_DATABASE_URL", KEYSTORE: "BACKUP_KEYSTORE_DATABASE_URL"}[kind]
    url = getattr(settings, name)
    return _server(environ.Env.db_url_config(url)) if url else target(kind)


def target(kind: str) -> Server:
    """The database of this process, into which a restore goes."""
    return _server(connections[alias(kind)].settings_dict)


def alias(kind: str) -> str:
    """What this process calls it. Raises BackupFault where it was not given that one."""
    if ALIASES[kind] not in connections:
        raise BackupFault(
            f"This process has no database of the {kind}: set KEYSTORE_DATABASE_URL and run it "
            "where records are opened, as the owner of the tables."
        )
    return ALIASES[kind]


def _server(config: Any) -> Server:
    if "postgresql" not in config["ENGINE"]:
        raise BackupFault(
            "Backups are made of PostgreSQL. The demonstration holds invented people only: "
            "to keep it, stop it and copy its folder."
        )
    given = config.get("OPTIONS") or {}
    return Server(
        str(config["HOST"] or "localhost"),
        str(config["PORT"] or ""),
        str(config["USER"] or ""),
        str(config["PASSWORD"] or ""),
        str(config["NAME"]),
        tuple((option, str(given[option])) for option in TLS if given.get(option)),
    )


def program(name: str) -> str:
    """One of PostgreSQL's programs, of the newest version that is here, or of PG_BIN."""
    if os.environ.get("PG_BIN"):
        return str(Path(os.environ["PG_BIN"]) / name)
    found = list(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    if found:
        return str(max(found, key=lambda path: float(path.parts[4])))
    path = shutil.which(name)
    if not path:
        raise BackupFault(
            f"{name} is missing: install PostgreSQL's client programs, of the server's version or "
            "a later one (on Debian, postgresql-client)."
        )
    return path


@contextlib.contextmanager
def one_at_a_time(cursor: Any, number: int, place: str = "") -> Iterator[bool]:
    """Hold a lock of the database for the length of a block; whether nobody else had it.

    It is let go here: by itself the server does so only once it notices that we are gone.
    """
    key, names = ("%s, hashtext(%s)", [number, place]) if place else ("%s", [number])
    cursor.execute(f"SELECT pg_try_advisory_lock({key})", names)
    is_ours = bool(cursor.fetchone()[0])
    try:
        yield is_ours
    finally:
        if is_ours:
            with contextlib.suppress(psycopg2.Error):  # a connection that is lost let go already
                cursor.execute(f"SELECT pg_advisory_unlock({key})", names)
