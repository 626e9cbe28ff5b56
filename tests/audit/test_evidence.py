"""Evidence is added and never changed, and every reading is in it."""

import sqlite3
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction
from django.http import Http404

from agencies.permissions import Permission
from audit.models import AccessEntry, Event
from audit.record import record
from requests_app.policies import REQUESTS
from tests import walks
from tests.patience import PATIENCE
from workflow.gateway import fetch_or_404

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("sql", ["UPDATE {} SET person = 'x'", "DELETE FROM {}"])
@pytest.mark.parametrize("table", ["audit_event", "audit_accessentry"])
def test_the_database_refuses_to_change_evidence(cast, sql, table):
    case = walks.sent(cast)
    fetch_or_404(REQUESTS, cast.officer, Permission.TRIAGE, pk=case.pk)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql.format(table))


def test_evidence_refuses_in_python_too(cast):
    walks.a_draft(cast)
    event = Event.objects.first()
    with pytest.raises(TypeError):
        event.save()
    with pytest.raises(TypeError):
        event.delete()


@pytest.mark.django_db(transaction=True)
def test_evidence_belongs_inside_the_transaction_of_what_it_shows(cast):
    case = walks.a_draft(cast)
    with pytest.raises(RuntimeError):
        record("x", case, person="p", agency="a", before="", after="", digest="")


@pytest.mark.clause("ISA-7.2", part=True)
def test_a_reading_and_a_refusal_are_both_noted(cast):
    case = walks.sent(cast)
    fetch_or_404(REQUESTS, cast.officer, Permission.TRIAGE, pk=case.pk)
    with pytest.raises(Http404):
        fetch_or_404(REQUESTS, cast.trust_spoc, Permission.TRIAGE, pk=case.pk)
    kinds = AccessEntry.objects.filter(case_id=case.pk).values_list("kind", "person", "agency")
    officer, spoc = cast.officer, cast.trust_spoc
    assert set(kinds) == {
        ("opened", str(officer.user.pk), str(officer.agency.pk)),
        ("refused", str(spoc.user.pk), str(spoc.agency.pk)),
    }


def test_every_change_is_in_history_and_in_evidence_with_who_for_whom_and_why(cast):
    case = walks.sent(cast)
    latest = case.history.order_by("-history_id").first()
    event = Event.objects.filter(thing_id=str(case.pk)).last()
    assert (latest.history_change_reason, latest.history_type) == ("send", "~")
    assert latest.history_user == cast.users["requester"]
    assert latest.history_agency == cast.agencies["school"]
    assert (event.move, event.before, event.after) == ("informationrequest.send", "draft", "sent")
    assert event.person == str(cast.users["requester"].pk)
    assert event.version == latest.version == case.version
    assert latest.purpose_reason == "A bruise nobody explains"


def test_sqlite_freezes_the_same_rows(tmp_path: Path):
    """The embedded default has the same triggers: its migrations are run on a real file."""
    import os
    import subprocess
    import sys

    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "portal.settings.embedded"}
    env |= {"PORTAL_VAR": str(tmp_path), "DATABASE_URL": "", "KEYSTORE_DATABASE_URL": ""}
    for args in (["migrate", "-v0", "--skip-checks"],):
        subprocess.run([sys.executable, "manage.py", *args], env=env, check=True, timeout=PATIENCE)
    (file,) = [p for p in tmp_path.rglob("*.sqlite3") if "keystore" not in p.name]
    with sqlite3.connect(file) as database:
        rows = database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        triggers = {name for (name,) in rows}
    for table in ("audit_event", "decisions_decision", "requests_app_item"):
        assert {f"{table}_frozen_update", f"{table}_frozen_delete"} <= triggers
    assert "decisions_answer_settled_insert" in triggers
