"""Eight writers at once, each making the same change again and again, with and without a ledger.

Plain statements, as the portal's own code sends them: so what is compared is what the database
has to do, and not how fast Python is at either end.
"""

import multiprocessing
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final
from uuid import uuid4

import psycopg2  # type: ignore[import-untyped]
from django.conf import settings

WRITERS: Final = 8
SLOW: Final = 0.2  # seconds for which a slow transaction stays open

EVENT: Final = """
INSERT INTO audit_event (at, person, agency, case_id, thing, thing_id, move, before, after,
version, digest, details) VALUES (now(), %s, %s, %s, 'requests_app.item', %s, 'item.offer', 'held',
'offered', 2, %s, '{}') RETURNING id
"""
LEAF: Final = "INSERT INTO audit_leaf (kind, entry, body) VALUES ('change', %s, %s)"
HEAD: Final = "SELECT digest FROM bench_head WHERE id = 1 FOR UPDATE"
LINK: Final = "INSERT INTO bench_chain (entry, body, digest) VALUES (%s, %s, %s)"
MOVE_HEAD: Final = "UPDATE bench_head SET digest = %s WHERE id = 1"
TABLES: Final = """
CREATE TABLE IF NOT EXISTS bench_head (id int PRIMARY KEY, digest bytea NOT NULL);
CREATE TABLE IF NOT EXISTS bench_chain (entry bigint PRIMARY KEY, body text, digest bytea);
INSERT INTO bench_head VALUES (1, '') ON CONFLICT DO NOTHING;
"""
BODY: Final = '{"after":"offered","agency":"%s","entry":%s,"pad":"' + "x" * 480 + '"}'
Change = Callable[[Any, Any], None]


@dataclass(frozen=True)
class Ids:
    """What one writer writes of."""

    person: str
    agency: str
    case: str
    thing: str


def event(cursor: Any, ids: Ids) -> int:
    """The row of evidence alone: what there is without a ledger."""
    cursor.execute(EVENT, [ids.person, ids.agency, ids.case, ids.thing, "0" * 64])
    number: int = cursor.fetchone()[0]
    return number


def plain(cursor: Any, ids: Ids) -> None:
    """No ledger."""
    event(cursor, ids)


def with_leaf(cursor: Any, ids: Ids) -> None:
    """The ledger as it is: one more row, and nothing that anybody waits for."""
    number = event(cursor, ids)
    cursor.execute(LEAF, [number, BODY % (ids.agency, number)])


def chained(cursor: Any, ids: Ids) -> None:
    """What the ledger is not: each entry hashes the one before, behind one locked head."""
    number = event(cursor, ids)
    body = BODY % (ids.agency, number)
    cursor.execute(HEAD)
    digest = sha256(bytes(cursor.fetchone()[0]) + body.encode()).digest()
    cursor.execute(LINK, [number, body, digest])
    cursor.execute(MOVE_HEAD, [digest])


def connect() -> Any:
    """A connection of one's own to the measured database."""
    where = settings.DATABASES["default"]
    return psycopg2.connect(
        host=where["HOST"], port=where["PORT"], user=where["USER"], dbname=where["NAME"]
    )


def rate(change: Change, seconds: float) -> float:
    """Transactions a second of all writers together."""
    with multiprocessing.get_context("fork").Pool(WRITERS) as pool:
        made = pool.starmap(_write, [(change, seconds)] * WRITERS)
    return sum(made)


@contextmanager
def one_slow(change: Change) -> Iterator[None]:
    """Beside what is measured one more writer, whose every transaction stays open for a while."""
    child = multiprocessing.get_context("fork").Process(target=_write_slowly, args=(change,))
    child.start()
    try:
        yield
    finally:
        child.terminate()
        child.join()


def _ids() -> Ids:
    return Ids(*(str(uuid4()) for _each in range(4)))


def _write(change: Change, seconds: float) -> float:
    link, ids, count = connect(), _ids(), 0
    begun = time.monotonic()
    while (spent := time.monotonic() - begun) < seconds:
        with link, link.cursor() as cursor:
            change(cursor, ids)
        count += 1
    link.close()
    return count / spent


def _write_slowly(change: Change) -> None:
    link, ids, parent = connect(), _ids(), os.getppid()
    while os.getppid() == parent:
        with link, link.cursor() as cursor:
            change(cursor, ids)
            time.sleep(SLOW)
