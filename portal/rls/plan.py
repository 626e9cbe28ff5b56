# ruff: noqa: S608 - a language of names that are all ours
"""Which tables stand behind the wall, and which ways lead to their rows: all apps together."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.db.models import Model

from agencies.permissions import CASE_WORK
from backups.servers import BACKS_UP, DRILLS
from decisions import rls as decisions
from requests_app import rls as requests
from retention import rls as retention
from workflow.rls import RlsFunction, Way

# The roles of web processes, of the worker, of the sequencer of the ledger, and of what destroys.
PAGES, WORK, LEDGER, DISPOSE = "portal_app", "portal_worker", "portal_ledger", "portal_disposals"
BACKUP, DRILL = BACKS_UP, DRILLS
HAVE_RIGHTS = (PAGES, WORK, LEDGER, DISPOSE)  # in tables, which the wall gives them
LEAVES = "audit_leaf"
SEALS = (
    "audit_tile",
    "audit_signatory",
    "audit_signedcheckpoint",
    "audit_setaside",
)  # what the sequencer adds
KEYSTORE_TABLE = "encryption_casekey"
COMES_IN = ("accepted", "active", "suspended")  # states of a membership that still come in

# What the transaction was told, checked against the register: a pair that is not in it is nobody.
FIRST = (
    RlsFunction(
        "wall_person", "SELECT nullif(current_setting('portal.person', true), '')::uuid", "uuid"
    ),
    RlsFunction(
        "wall_agency",
        "SELECT m.agency_id FROM agencies_membership m WHERE m.user_id = (SELECT wall_person())"
        " AND m.agency_id = nullif(current_setting('portal.agency', true), '')::uuid"
        f" AND m.status IN {COMES_IN}",
        "uuid",
    ),
    RlsFunction(
        "wall_may(permission text)",
        "SELECT coalesce(permission = ANY("
        "string_to_array(current_setting('portal.may', true), ',')), false)",
        "boolean",
    ),
    RlsFunction(
        "wall_works_on_cases",
        "SELECT coalesce(string_to_array(current_setting('portal.may', true), ',')"
        f" && ARRAY{sorted(may.value for may in CASE_WORK)}, false)",
        "boolean",
    ),
)
# For the status page: how much waits for the sequencer and since when, and nothing of what it is.
WAITING = (
    RlsFunction(
        "wall_leaves_waiting",
        "SELECT count(*) FROM audit_leaf l WHERE l.leaf_index IS NULL AND NOT EXISTS ("
        "SELECT 1 FROM audit_setaside s WHERE s.leaf_id = l.id)",
        "bigint",
    ),
    RlsFunction(
        "wall_oldest_leaf_waiting",
        "SELECT CASE l.kind"
        " WHEN 'change' THEN (SELECT e.at FROM audit_event e WHERE e.id = l.entry)"
        " ELSE (SELECT e.at FROM audit_accessentry e WHERE e.id = l.entry) END"
        " FROM audit_leaf l WHERE l.leaf_index IS NULL AND NOT EXISTS ("
        "SELECT 1 FROM audit_setaside s WHERE s.leaf_id = l.id) ORDER BY l.id LIMIT 1",
        "timestamptz",
    ),
)
APPS = (requests, decisions, retention)
RLS_FUNCTIONS = (*FIRST, *[function for app in APPS for function in app.RLS_FUNCTIONS], *WAITING)

OWN = Way(
    "person = (SELECT wall_person())::text AND agency = (SELECT wall_agency())::text", writes=True
)
# The register's evidence belongs to no case; that of a case goes as far as the pages that show it.
EVIDENCE: dict[str, tuple[Way, ...]] = {
    "audit_event": (
        Way("case_id IS NULL"),
        OWN,
        requests.MINE.reading,
        requests.OVERSEEN,
        requests.FRONT_DOOR.reading,
    ),
    "audit_accessentry": (
        Way("case_id IS NULL"),
        OWN,
        requests.FRONT_DOOR.reading,
        Way(f"wall_holds_thing(thing, thing_id, {requests.AS_HOLDER})", writes=False),
    ),
}


@dataclass(frozen=True)
class Table:
    """One table behind the wall, and the ways to its rows."""

    name: str
    ways: tuple[Way, ...]

    def condition(self, *, writing: bool = False) -> str:
        """The ways as one condition; those for reading only are left out when ``writing``."""
        opened = [f"({way.sql})" for way in self.ways if way.writes or not writing]
        return " OR ".join(opened)


def tables() -> list[Table]:
    """Every table behind the wall: of a case, its history, and the evidence."""
    return [*_of_cases(), *[Table(name, ways) for name, ways in EVIDENCE.items()]]


def _of_cases() -> Iterator[Table]:
    ways: dict[type[Model], tuple[Way, ...]] = defaultdict(tuple)
    for app in APPS:
        for model, some in app.WAYS.items():
            ways[model] += some
    for model, some in ways.items():
        name = model._meta.db_table
        yield Table(name, some)
        if history := getattr(model, "history", None):
            # Nobody writes history but as their own act, and one's own act one may see.
            past = tuple(replace(way, writes=False) for way in some)
            yield Table(history.model._meta.db_table, (*past, _ONES_OWN_ACT))


# Of a case by another column than others, or of none.
OF_NO_CASE = (
    "requests_app_deskchoice",
    "requests_app_inboxplace",
    "requests_app_matchtoken",
    "requests_app_timereminder",
)
_ONES_OWN_ACT = Way(
    "history_user_id = (SELECT wall_person()) AND history_agency_id = (SELECT wall_agency())"
)


def referred_to() -> RlsFunction:
    """The id behind a reference that somebody typed, for the same evidence."""
    tables = (requests.CASE, requests.AGENCY_CHECK)
    branches = " ".join(
        f"WHEN '{name}' THEN (SELECT id FROM {name} WHERE reference = said)" for name in tables
    )
    return RlsFunction(
        "wall_referred_to(table_name text, said text)",
        f"SELECT CASE table_name {branches} END",
        "uuid",
    )


def whereabouts() -> RlsFunction:
    """The case of a row that cannot be seen, for the evidence that somebody tried to."""
    branches = " ".join(
        f"WHEN '{name}' THEN (SELECT {'id' if name == requests.CASE else 'case_id'}"
        f" FROM {name} WHERE id = row_id)"
        for name in sorted({m._meta.db_table for app in APPS for m in app.WAYS})
        if name not in OF_NO_CASE
    )
    return RlsFunction(
        "wall_whereabouts(table_name text, row_id uuid)",
        f"SELECT CASE table_name {branches} END",
        "uuid",
    )
