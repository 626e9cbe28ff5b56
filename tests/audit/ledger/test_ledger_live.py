"""Records, their history and the evidence are held against the leaves by verify-live."""

import threading
from uuid import uuid4

import pytest
from django.db import connection, transaction

from agencies.permissions import Permission
from audit.ledger.sequencing import sequence
from audit.ledger.verifying import verify
from audit.ledger.verifying_rows import verify_live
from audit.models import Event, Leaf
from requests_app.models import InformationRequest
from requests_app.policies import REQUESTS
from requests_app.request_parts import actions as parts
from tests import walks
from tests.audit.owner import as_owner
from tests.patience import PATIENCE
from workflow.gateway import fetch_or_404

pytestmark = pytest.mark.django_db(transaction=True)


LIVE = {
    "status": "UPDATE requests_app_informationrequest SET status = 'accepted'",
    "sealed": "UPDATE requests_app_subject SET family_name = given_name",
    "version": "UPDATE requests_app_informationrequest SET version = version + 1",
    "removed": "DELETE FROM requests_app_need",
    "history": "UPDATE requests_app_historicalsubject SET role = 'connected'",
    "history of whom": "UPDATE requests_app_historicalsubject SET history_user_id = NULL",
    "history when": (
        "UPDATE requests_app_historicalsubject SET history_date = history_date - interval '1 day'"
    ),
    "history gone": "DELETE FROM requests_app_historicalinformationrequest WHERE version = 1",
    "event": "UPDATE audit_event SET person = 'somebody'",
    "event gone": "DELETE FROM audit_event",
    "look gone": "DELETE FROM audit_accessentry",
    "event added": (
        "INSERT INTO audit_event (at, person, agency, thing, thing_id, move, before, after,"
        " version, digest, details) VALUES (now(), '', '', '', '', '', '', '', 0, '', '{}')"
    ),
    "rolled back": (
        "UPDATE requests_app_informationrequest r SET status = h.status, version = h.version,"
        " purpose_reason = h.purpose_reason FROM requests_app_historicalinformationrequest h"
        " WHERE h.id = r.id AND h.version = 2"
    ),
    "gone with its history, its events and the columns by which its leaves are found": (
        "UPDATE audit_leaf SET kind = 'none' WHERE kind = 'change' AND entry IN"
        " (SELECT id FROM audit_event WHERE thing = 'requests_app.need');"
        " DELETE FROM audit_event WHERE thing = 'requests_app.need';"
        " DELETE FROM requests_app_historicalneed; DELETE FROM requests_app_need"
    ),
    "a leaf filed under another number": (
        "UPDATE audit_leaf SET entry = entry + 1000000 WHERE entry = (SELECT max(id)"
        " FROM audit_event); UPDATE audit_event SET id = id + 1000000"
        " WHERE id = (SELECT max(id) FROM audit_event)"
    ),
    "a change filed as a look": (
        "UPDATE audit_leaf SET kind = 'look', entry = entry + 1000000"
        " WHERE entry = (SELECT max(id) FROM audit_event) AND kind = 'change'"
    ),
    "an event at the end of time": "UPDATE audit_event SET at = 'infinity'",
    "a row at the end of time": (
        "UPDATE requests_app_informationrequest SET started_at = 'infinity'"
    ),
    "history at the end of time": (
        "UPDATE requests_app_historicalneed SET history_date = 'infinity'"
    ),
    "a row before all time": "UPDATE requests_app_need SET added_at = '-infinity'",
    "a row of the year 20000": "UPDATE requests_app_need SET added_at = '20000-01-01'",
    "history of a removal": "UPDATE requests_app_historicalneed SET history_type = '-'",
}


@pytest.mark.clause("P-RECORD", part=True)
@pytest.mark.parametrize("how", LIVE)
def test_a_row_that_was_changed_by_sql_is_found(cast, sent, signer, how):
    fetch_or_404(REQUESTS, cast.officer, Permission.TRIAGE, pk=sent.pk)
    sequence(signer)
    assert verify_live().wrong == []
    as_owner(LIVE[how])
    assert verify_live().count > 0, how
    assert verify().count == 0, "the ledger itself still stands"


def test_a_row_added_by_sql_is_found(sent):
    columns = ", ".join(
        each.column
        for each in InformationRequest._meta.concrete_fields
        if each.column not in ("id", "reference")
    )
    as_owner(
        f"INSERT INTO requests_app_informationrequest (id, reference, {columns})"  # noqa: S608
        f" SELECT gen_random_uuid(), 'X', {columns} FROM requests_app_informationrequest"
        f" WHERE id = '{sent.pk}'"
    )
    assert any("was added" in line for line in verify_live().wrong)


@pytest.mark.parametrize(
    "body", ["", "{", "[]", "null", '{"v":1}', '{"kind":"change","entry":ENTRY}', "[" * 100_000]
)
def test_a_leaf_that_is_none_is_a_finding(cast, body):
    walks.a_draft(cast)
    event = Event.objects.latest("pk").pk
    filed = body.replace("ENTRY", str(event))
    as_owner(
        f"UPDATE audit_leaf SET body = '{filed}'"  # noqa: S608
        f" WHERE kind = 'change' AND entry = {event}"
    )
    leaf = Leaf.objects.get(kind="change", entry=event)
    assert any(f"Leaf {leaf.pk} " in line for line in verify_live().wrong)


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("audit_event", "at"),
        ("audit_accessentry", "at"),
        ("requests_app_historicalneed", "history_date"),
        ("requests_app_need", "version"),
        ("agencies_agency", "is_front_door"),
        ("agencies_heldrole", "role"),
        ("requests_app_need", "fact"),
    ],
)
def test_a_value_that_is_missing_is_a_finding(cast, sent, table, column):
    fetch_or_404(REQUESTS, cast.officer, Permission.TRIAGE, pk=sent.pk)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(f"ALTER TABLE {table} ALTER {column} DROP NOT NULL")
        cursor.execute(f"UPDATE {table} SET {column} = NULL")  # noqa: S608
        assert cursor.rowcount > 0
        assert verify_live().count > 0
        transaction.set_rollback(True)


def test_a_second_leaf_of_one_change_is_found(cast):
    walks.a_draft(cast)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audit_leaf DROP CONSTRAINT one_leaf_for_each_entry")
        cursor.execute(
            "INSERT INTO audit_leaf (kind, entry, body) SELECT kind, entry, body FROM audit_leaf"
            " WHERE kind = 'change' ORDER BY entry DESC LIMIT 1"
        )
        assert verify_live().count == 1
        transaction.set_rollback(True)


@pytest.mark.parametrize("check", [verify, verify_live])
def test_what_people_write_meanwhile_is_no_finding(cast, signer, check):
    """Everything is held as it was at one moment."""
    case = walks.a_draft(cast)
    sequence(signer)
    meanwhile: list[threading.Thread] = []

    def write() -> None:
        parts.add_need(
            case, by=cast.requester, idempotency_key=uuid4(), fact="Seen since?", why="To know"
        )
        sequence(signer)
        connection.close()

    def step(_done: int) -> None:
        if not meanwhile:
            meanwhile.append(threading.Thread(target=write))
            meanwhile[0].start()
            meanwhile[0].join(PATIENCE)

    leaves = Leaf.objects.count()
    assert check(step=step).wrong == []
    assert Leaf.objects.count() > leaves, "it was written meanwhile"
    assert check().wrong == []
