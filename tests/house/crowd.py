"""The world among 100,000 rows of each table that grows, by SQL alone and in some seconds.

Each row is copied under ids of its own, which follow from its id and the copy's number, so that the
copies belong together as their originals do. Most are copies of what is finished, and of another
agency and person. Their sealed cells open for nobody: ``opened_anyway`` stands in for them.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any, Final

import pytest
from django.apps import apps
from django.db import connections, models
from django.db.models import Model
from simple_history.models import HistoricalChanges

from agencies.models import Agency, User
from encryption import fields
from encryption.errors import EncryptionFault
from tests.house.world import REVOKED, World
from tests.patience import length

MANY: Final = 100_000
PAST: Final = length(10_000, long=MANY)  # of past versions; any table is read by an index at this
RARE: Final = 500  # of what is done once in two hundred cases
RARELY: Final = ("opening", "disposallist")
OURS: Final = 97  # one copy in so many is of the same agency and person
UNFINISHED: Final = 100  # one copy in so many is of what is not finished
# Tables that do not grow with the requests, by the app or the table, and why.
FIXED: Final = {
    "account": "of a person",
    "agencies": "agencies, people, their roles and posts: some hundreds",
    "agreement": "an edition a year, signed by each agency",
    "auth": "groups and permissions",
    "backups": "a row a night, and kept for a while",
    "contenttypes": "a row a model",
    "guardian": "of a person",
    "mfa": "of a person",
    "sites": "one row",
    "socialaccount": "of a person",
    "audit_knownfinding": "what is known to be wrong in the ledger, which is nothing",
    "audit_setaside": "leaves that could not be read, of which there are none",
    "audit_signatory": "a row a key that signs",
    "outbox_lastletter": "a row a person who is told of times",
    "outbox_lastrun": "a row a task",
    "requests_app_deskchoice": "a row a person and front door",
    "retention_schedule": "a row a class of records",
    "retention_historicalschedule": "a row a change of one",
    "retention_statementreminder": "a row a reminder, deleted once it is answered",
    "signed_in_count": "tries of some minutes, while Redis is gone",
    "signin": "codes of some minutes, and lost devices",
}
# Of those that grow, what only the sequencer writes: a page finds one by its number.
NOT_FILLED: Final = {"audit_tile", "audit_signedcheckpoint"}
# The column of a table that a copy has otherwise than the rule says.
OTHERWISE: Final = {
    ("outbox_message", "part_of_id"): "NULL",
    ("outbox_message", "done_at"): "t.posted_at",
    ("requests_app_recipient", "status"): "'acknowledged'",
    ("requests_app_recipient", "acknowledged_at"): "now() - interval '1 day'",
    ("retention_disposallist", "approved_by_id"): "t.approved_by_id",  # somebody else
    # Of a case each agency says it once: some of its copies are of agencies that are not there.
    ("retention_disposalstatement", "agency_id"): f"CASE WHEN n %% {OURS} = 0 THEN t.agency_id"
    " ELSE md5(t.agency_id::text)::uuid END",
    ("audit_leaf", "entry"): "1000000000 + row_number() OVER ()",
    ("audit_leaf", "leaf_index"): "1000000000 + row_number() OVER ()",
    ("signed_in_session", "session_key"): "md5(t.session_key || n)",
    ("requests_app_timereminder", "about"): "md5(t.about::text || n)::uuid",
    ("requests_app_matchtoken", "token"): "sha256(convert_to(t.token::text || n, 'UTF8'))",
}
WHEN: Final = "t.{0} - interval '30 days' - n * interval '10 minutes'"


def growing() -> list[type[Model]]:
    """The models whose tables grow, those of past versions too."""
    return [
        model
        for model in apps.get_models()
        if model._meta.managed
        and model._meta.app_label not in FIXED
        and model._meta.db_table not in FIXED
    ]


def fill(world: World) -> None:
    """Copy all that grows, and have the database count it."""
    finished = [row.pk for key in ("released", "closed") for row in [world.row(f"case.{key}")]]
    for alias in connections:
        with connections[alias].cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")  # no triggers
            cursor.execute("SET LOCAL statement_timeout = 0")  # a busy machine takes its time
            for model in growing():
                if is_on(model, alias) and model._meta.db_table not in NOT_FILLED:
                    _copy(cursor, model, world, finished)
            cursor.execute("SET LOCAL session_replication_role = origin")
            cursor.execute("SET LOCAL statement_timeout TO DEFAULT")
            cursor.execute("DISCARD PLANS")  # made for the few rows before


def is_on(model: type[Model], alias: str) -> bool:
    """Whether the table of a model is in this database."""
    return (model._meta.app_label == "encryption") == (alias == "keystore")


def _copy(cursor: Any, model: type[Model], world: World, finished: list[Any]) -> None:
    """As many copies of the table's rows as make 100,000, with its indexes made once after."""
    table = model._meta.db_table
    said = {
        field.column: said
        for field in model._meta.concrete_fields
        if (said := _said(field, table, world)) is not None
    }
    case = "id" if table.endswith("informationrequest") else "case_id"
    of_case = case in {field.column for field in model._meta.concrete_fields}
    is_done = f"{case} = ANY(%(finished)s::uuid[])" if of_case else "true"
    given = {"finished": [str(each) for each in finished]}
    cursor.execute(f"SELECT count(*) FILTER (WHERE {is_done}), count(*) FROM {table}", given)  # noqa: S608
    done, rows = cursor.fetchone()
    assert rows, f"there is nothing in {table} to copy"
    copies = _wanted(model) // (done or rows) + 1
    chosen = f"({is_done} OR n %% {UNFINISHED} = 0)" if done else "true"
    columns = ", ".join(f'"{column}"' for column in said)
    _mark_indexes(cursor, table, ready=False)
    cursor.execute(
        f"INSERT INTO {table} ({columns}) SELECT {', '.join(said.values())}"  # noqa: S608
        f" FROM {table} t, generate_series(1, {copies}) n WHERE {chosen}",
        given,
    )
    _mark_indexes(cursor, table, ready=True)
    cursor.execute(f"REINDEX TABLE {table}")
    _mark_indexes(cursor, table, ready=True)
    # Every row is looked at for the statistics, so that a plan is no matter of which ones were.
    cursor.execute(f"SET LOCAL default_statistics_target = {MANY // 250}")
    cursor.execute(f"ANALYZE {table}")


def _wanted(model: type[Model]) -> int:
    if any(each in model._meta.db_table for each in RARELY):
        return RARE
    return PAST if issubclass(model, HistoricalChanges) else MANY


def _mark_indexes(cursor: Any, table: str, *, ready: bool) -> None:
    """Whether rows go into them; all may be used at once, also where a row was changed before."""
    cursor.execute(
        "UPDATE pg_index SET indisready = %s, indcheckxmin = false WHERE indrelid = %s::regclass",
        [ready, table],
    )


def _said(field: Any, table: str, world: World) -> str | None:
    """What a copy has in a column; None where the database numbers it."""
    column, related = field.column, field.related_model
    said: str | None = f't."{column}"'
    if (table, column) in OTHERWISE:
        said = OTHERWISE[table, column]
    elif related is User or column in ("person", "to"):
        said = _shared_out(column, str(world.cast.users[REVOKED].pk), "")
    elif related is Agency or column == "agency":
        front_door = str(world.cast.agencies["front_door"].pk)
        said = _shared_out(column, str(world.cast.agencies["council"].pk), front_door)
    elif field.primary_key and isinstance(field, models.AutoField):
        said = None
    elif column in ("thing_id", "about"):
        said = f"CASE WHEN length({said}) = 36 THEN {_mapped(column)}::text ELSE {said} END"
    elif isinstance(field, models.UUIDField | models.ForeignKey):
        said = _mapped(column) if related is None or related in growing() else said
    elif isinstance(field, models.DateTimeField):
        said = WHEN.format(column)
    elif isinstance(field, fields.SealedField):
        said = f"substr({said}, 1, 4)"
    elif field.unique:
        said = "'X' || row_number() OVER ()"
    return said


def _mapped(column: str) -> str:
    return f"md5(t.{column}::text || n)::uuid"


def _shared_out(column: str, other: str, apart: str) -> str:
    """The same one in each so many copies, and ``apart`` in all; else another one."""
    own = f't."{column}"'
    same = f"{own} IS NULL OR n %% {OURS} = 0 OR {own}::text = '{apart}'"
    return f"CASE WHEN {same} THEN {own} ELSE '{other}' END"


@contextmanager
def opened_anyway() -> Iterator[None]:
    """What a copy's cell says, which no key opens: the same each time."""
    stock = fields.SealedField.opened

    def opened(field: Any, instance: Any, held: object) -> Any:
        try:
            return stock(field, instance, held)
        except EncryptionFault:
            return date(2015, 3, 27) if field.kind is date else field.kind("some")

    with pytest.MonkeyPatch.context() as instead:
        instead.setattr(fields.SealedField, "opened", opened)
        yield
