"""Disposal in a process of its own, with the addresses that it has in production, and no others."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection, connections
from psycopg2.errors import InsufficientPrivilege

from audit.ledger.verifying_rows import verify_live
from audit.models import Event
from encryption.disposals import entries
from encryption.files import path_of
from encryption.keystore import CaseKey
from outbox.models import Message
from requests_app.models import MatchToken
from retention.disposal.destroying import ListRefused, carry_out
from retention.models import Disposal, DisposalList, DisposalStatement
from tests.audit.walks import signed
from tests.house.test_roles import linked
from tests.retention import walks
from tests.retention.disposal.test_disposing import is_readable

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "keystore"]),
    pytest.mark.clause("ISA-8.1"),
]


def carried_out(role="portal_disposals"):
    """As docker-compose.yml runs it, once; what it says."""

    def address(alias):
        config = connections[alias].settings_dict
        return f"postgres://{role}@{config['HOST']}:{config['PORT']}/{config['NAME']}"

    env = os.environ | {
        "DJANGO_SETTINGS_MODULE": "portal.settings.test",
        "PYTEST": "false",
        "DATABASE_URL": address("default"),
        "KEYSTORE_DATABASE_URL": address("keystore"),
        **{
            name: str(getattr(settings, name))
            for name in ("KEYRING_FILE", "FILES_DIR", "DISPOSAL_REGISTER")
        },
    }
    done = subprocess.run(
        [sys.executable, "manage.py", "disposals", "carry-out"],
        cwd=Path(__file__).parents[3],
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout + done.stderr


@pytest.mark.clause("ISA-8.2")
def test_it_destroys_what_was_approved_and_keeps_what_is_held(cast, tmp_path):
    """A schedule that counts from a birth has it open the case first."""
    gone, kept = walks.closed(cast), walks.closed(cast)
    file = walks.with_file(gone)
    row = walks.waited(walks.approved(cast, gone, kept))
    walks.at_once(cast, starts="birth")
    walks.held(cast, kept)
    said = carried_out()
    assert "Records destroyed: 1. Taken off their list: 1." in said, said
    assert not is_readable(gone)
    assert is_readable(kept)
    assert not CaseKey.objects.filter(case_id=gone.pk, wrapped__isnull=False).exists()
    assert not path_of(file.pk).exists()
    assert not MatchToken.objects.filter(case=gone).exists()
    assert MatchToken.objects.filter(case=kept).exists()
    states = dict(Disposal.objects.values_list("case_id", "status"))
    assert states == {gone.pk: "destroyed", kept.pk: "kept"}
    assert DisposalList.objects.get(pk=row.pk).status == "done"
    asked = DisposalStatement.objects.filter(case=gone)
    # A worker of another test may be making e-mails of them, one to a person, in the meantime.
    promised = Message.objects.filter(topic="statement.asked", to="")
    assert sorted(each.about for each in promised) == sorted(str(each.pk) for each in asked)
    assert len(asked) > 1
    assert {event.person for event in Event.objects.filter(move="disposal.destroyed")} == {""}
    signed()
    assert not verify_live().wrong


@pytest.mark.parametrize("role", ["portal_app", "portal_worker", "portal_backup", "portal_drill"])
def test_as_nobody_else_is_a_key_destroyed(cast, role):
    case = walks.closed(cast)
    walks.waited(walks.approved(cast, case))
    assert "destroyed: 1" not in carried_out(role)
    assert is_readable(case)
    assert Disposal.objects.get().status in ("listed", "destroying")


MADE_UP = {
    "an approval": "UPDATE retention_disposallist SET status = 'approved',"
    " approved_by_id = '{lead}', not_before = now() - interval '1 day' WHERE status = 'listed'",
    "an end": "UPDATE retention_disposallist SET status = 'done' WHERE status = 'listed'",
    "no waiting": "UPDATE retention_disposallist SET not_before = now() - interval '1 day'",
    "another approver": "UPDATE retention_disposallist SET approved_by_id = '{officer}'",
    "another lister": "UPDATE retention_disposallist SET listed_by_id = '{lead}', status = 'done'",
    "another record": "UPDATE retention_disposal SET case_id = '{other}', status = 'destroying'",
    "another list": "UPDATE retention_disposal SET list_id = '{listed}', status = 'destroying'",
    "a step left out": "UPDATE retention_disposal SET status = 'destroyed',"
    " destroyed_at = now(), key_gone_on = now()",
}


@pytest.mark.parametrize("statement", MADE_UP.values(), ids=MADE_UP)
def test_it_makes_no_list_up_and_bends_none(cast, statement):
    """What it may do beside that: the first test here goes the whole way."""
    case, other = walks.closed(cast), walks.closed(cast)
    walks.approved(cast, case)
    names = {
        "lead": cast.desk_lead.user.pk,
        "officer": cast.officer.user.pk,
        "other": walks.closed(cast).pk,
        "listed": walks.listed(cast, other).pk,
    }
    with linked("portal_disposals", "default") as cursor, pytest.raises(InsufficientPrivilege):
        cursor.execute(statement.format(**names))


@pytest.mark.parametrize("table", ["disposal", "disposallist", "disposalstatement"])
def test_history_that_it_writes_is_nobodys_act(cast, table):
    row = walks.destroyed(cast)
    assert DisposalList.history.filter(history_user=row.approved_by).exists()
    with linked("portal_disposals", "default") as cursor:
        cursor.execute(f"SELECT * FROM retention_historical{table}")  # noqa: S608
        columns = ", ".join(each.name for each in cursor.description if each.name != "history_id")
        of_somebody = columns.replace("history_user_id", f"'{row.approved_by_id}'::uuid")
        add = f"INSERT INTO retention_historical{table} ({columns}) SELECT {{}}"
        add += f" FROM retention_historical{table} WHERE history_user_id IS NULL LIMIT 1"
        cursor.execute(add.format(columns))
        with pytest.raises(InsufficientPrivilege):
            cursor.execute(add.format(of_somebody))


def test_no_agency_has_said_what_it_did_not_say(cast):
    walks.destroyed(cast)
    said = {
        "id": "gen_random_uuid()",
        "case_id": f"'{walks.closed(cast).pk}'::uuid",
        "status": "'disposed'",
        "said_by_id": f"'{cast.officer.user.pk}'::uuid",
        "said_at": "now()",
    }
    with linked("portal_disposals", "default") as cursor:
        cursor.execute("SELECT * FROM retention_disposalstatement")
        names = [each.name for each in cursor.description]
        values = ", ".join(said.get(name, name) for name in names)
        add = f"INSERT INTO retention_disposalstatement ({', '.join(names)}) SELECT {values}"
        with pytest.raises(InsufficientPrivilege):
            cursor.execute(f"{add} FROM retention_disposalstatement LIMIT 1")


def an_approval(cast, case, _other):
    row = walks.listed(cast, case)
    return row, MADE_UP["an approval"].format(lead=cast.desk_lead.user.pk)


def another_record(cast, case, other):
    row = walks.waited(walks.approved(cast, case))
    return row, f"UPDATE retention_disposal SET case_id = '{other.pk}'"  # noqa: S608


def no_waiting(cast, case, _other):
    return walks.approved(cast, case), MADE_UP["no waiting"]


@pytest.mark.parametrize("role", ["portal_disposals", "the owner"])
@pytest.mark.parametrize("bent", [an_approval, another_record, no_waiting])
def test_a_list_that_is_not_as_recorded_is_refused_and_keeps_back_no_other(cast, bent, role):
    """Bent as the owner of the tables can, whom neither a right nor a trigger stops."""
    case, other, sound = (walks.closed(cast) for _ in range(3))
    row, statement = bent(cast, case, other)
    with connection.cursor() as cursor:
        cursor.execute(statement)
    well = walks.waited(walks.approved(cast, sound))
    owner = connections["default"].settings_dict["USER"]
    said = carried_out(owner if role == "the owner" else role)
    assert f"Nothing on list {row.reference} is destroyed" in said, said
    assert "Records destroyed: 1." in said
    assert is_readable(case)
    assert is_readable(other)
    assert not is_readable(sound)
    assert DisposalList.objects.get(pk=row.pk).status == "approved"
    assert DisposalList.objects.get(pk=well.pk).status == "done"
    signed()
    assert any("other values than at its last step" in line for line in verify_live().wrong)


def test_nor_is_one_of_which_the_keystore_has_no_key_entered_for_another(cast, caplog):
    """What is on the register of disposals is destroyed after every restore."""
    case, other = walks.closed(cast), walks.closed(cast)
    walks.waited(walks.approved(cast, case))
    CaseKey.objects.filter(case_id=case.pk).delete()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE retention_disposal SET case_id = %s", [other.pk])
    with pytest.raises(ListRefused, match="Records destroyed: 0"):
        carry_out()
    assert [each.levelname for each in caplog.records if "Nothing on list" in each.message] == [
        "ERROR"
    ]
    assert entries() == []
    assert is_readable(other)
