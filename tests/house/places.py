"""Every place in which something typed could come to lie, as bytes."""

import hashlib
import logging
import logging.config
import os
import subprocess
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import redis
from django.conf import settings
from django.db import connections

from scripts.with_services import postgres_programs
from tests.plugins.mail import Mails
from tests.plugins.sessions import all_sessions

Place = tuple[str, str, bytes]  # which kind of place, where exactly, what lies there
KINDS = {
    "pg/data/pg_wal": "write-ahead log",
    "pg": "database files",
    "redis/": "Redis on disk",
    "tmp": "temporary files",
    "var/files": "sealed files",
    "var/worker.log": "worker log",
    "postgres.log": "database log",
    "redis.log": "Redis log",
    "var": "the portal's own files",
}


def services() -> Path:
    """The folder in which the databases, Redis, temporary files and the portal's own files lie."""
    return Path(os.environ["PORTAL_SERVICES"])


def flush() -> None:
    """Have PostgreSQL and Redis write down all that they hold."""
    with connections["default"].cursor() as cursor:
        cursor.execute("ANALYZE")  # statistics hold the commonest values of each column
        cursor.execute("CHECKPOINT")
        cursor.execute("SELECT pg_switch_wal()")
    server = redis.Redis.from_url(settings.CELERY_BROKER_URL)
    server.config_set("rdbcompression", "no")
    server.save()
    server.close()


def files(since: float) -> Iterator[Place]:
    """Every file of the folder that was written since then; of files that are the same only one.

    What was written last before that cannot hold what was typed after it.
    """
    known: set[bytes] = set()
    folder = services()
    for path in sorted(folder.rglob("*")):
        if not path.is_file() or path.is_symlink():
            continue
        where = str(path.relative_to(folder))
        kind = next(kind for start, kind in KINDS.items() if where.startswith(start))
        yield "file names", where, where.encode()
        if path.stat().st_mtime < since:
            continue
        content = path.read_bytes()
        digest = hashlib.sha256(content).digest()
        if digest not in known:
            known.add(digest)
            yield kind, where, content.strip(b"\0")


def dumps() -> Iterator[Place]:
    """Both databases as their backups would hold them, in either form."""
    for alias in ("default", "keystore"):
        told = connections[alias].settings_dict
        link = ["-h", told["HOST"], "-p", str(told["PORT"]), "-U", told["USER"], told["NAME"]]
        for form in ([], ["--inserts"]):
            command = [str(postgres_programs() / "pg_dump"), *form, *link]
            dumped = subprocess.run(command, capture_output=True, check=True)
            assert b"PostgreSQL database dump complete" in dumped.stdout
            yield "dump", f"{alias} {form}", dumped.stdout


def redis_keys() -> Iterator[Place]:
    """Every key of every database, with its value as Redis gives it and as it would be moved."""
    server, _, _ = settings.CELERY_BROKER_URL.rpartition("/")
    for number in range(16):
        link = redis.Redis.from_url(f"{server}/{number}")
        for key in link.scan_iter():
            yield "Redis", f"{number} {key!r}", key + b" " + b" ".join(values(link, key))
        link.close()


def values(link: Any, key: bytes) -> Iterator[bytes]:
    """What a key holds, by its kind."""
    yield link.dump(key) or b""
    kind = link.type(key)
    if kind == b"string":
        yield link.get(key) or b""
    elif kind == b"list":
        yield from link.lrange(key, 0, -1)
    elif kind == b"set":
        yield from link.smembers(key)
    elif kind == b"zset":
        yield from link.zrange(key, 0, -1)
    elif kind == b"hash":
        for name, value in link.hgetall(key).items():
            yield name + b" " + value
    else:
        raise AssertionError(f"nobody has taught this test to read {kind!r}")


def mails(received: Mails) -> Iterator[Place]:
    """Every message as it went over the wire, and as it is read."""
    for number, (raw, message) in enumerate(zip(received.raw, received.messages, strict=True)):
        yield "mail", str(number), raw + b"\n" + read(message)


def read(message: EmailMessage) -> bytes:
    """Headers and bodies without their encodings."""
    said = [f"{name}: {value}" for name, value in message.items()]
    bodies = [part.get_payload(decode=True) for part in message.walk() if not part.is_multipart()]
    return "\n".join(said).encode() + b"\n".join(bytes(body) for body in bodies)


def sessions() -> Iterator[Place]:
    """Every session, opened with the key that only its browser has."""
    for digest, kept in all_sessions().items():
        yield "session", digest, repr(kept).encode()


def outbox() -> Iterator[Place]:
    """The table of promised e-mails, as the database has it."""
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT * FROM outbox_message")
        for row in cursor.fetchall():
            yield "outbox", str(row[0]), repr(row).encode()


class WebLog:
    """What this process logs, written as in production."""

    def __init__(self, path: Path) -> None:
        made = logging.config.DictConfigurator(settings.LOGGING)
        told = settings.LOGGING
        self.path, self.root = path, logging.getLogger()
        self.handler = logging.FileHandler(path)
        self.handler.setFormatter(made.configure_formatter(dict(told["formatters"]["json"])))
        self.handler.addFilter(made.configure_filter(dict(told["filters"]["without_words"])))
        self.level = self.root.level

    def __enter__(self) -> "WebLog":
        self.root.addHandler(self.handler)
        self.root.setLevel(logging.INFO)
        return self

    def __exit__(self, *_fault: object) -> None:
        self.root.removeHandler(self.handler)
        self.root.setLevel(self.level)
        self.handler.close()

    def read(self) -> bytes:
        """All of it so far."""
        self.handler.flush()
        return self.path.read_bytes()
