"""One INSERT cannot ruin the ledger, nor stop what people do (M3, docs/adr/0094)."""

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from agencies.tasks import send_checkpoint
from audit.ledger.backlog import waiting
from audit.ledger.leaves import canonical
from audit.ledger.sequencing import sequence
from audit.ledger.verifying import verify
from audit.ledger.verifying_rows import verify_live
from audit.models import Event, Leaf, SetAside
from outbox.models import Message
from outbox.tasks import writer_of
from portal.status import lines
from tests import walks
from tests.audit.pages import as_page

pytestmark = pytest.mark.django_db(transaction=True)
POISON = "not a leaf"


def run(sql, *values, role=None):
    """Something somebody does to the database, as the owner or as this role."""
    with transaction.atomic(), connection.cursor() as cursor:
        if role:
            cursor.execute(f"SET LOCAL ROLE {role}")
        cursor.execute(sql, list(values))
        return cursor.fetchall() if cursor.description else []


def poisoned(body=POISON, kind="change", entry=10**9):
    """A leaf that is none, put there as the owner: whoever else is refused (below)."""
    [(pk,)] = run(
        "INSERT INTO audit_leaf (kind, entry, body) VALUES (%s, %s, %s) RETURNING id",
        *(kind, entry, body),
    )
    return pk


def next_number(table):
    """The number that the next entry will have."""
    [(last, called)] = run(f"SELECT last_value, is_called FROM {table}_id_seq")  # noqa: S608
    return last + called


@pytest.mark.parametrize(
    "body",
    [
        POISON,
        "",
        "null",
        '{"kind":"change"}',
        "[" * 5000,
        '{"v":1e400}',
        canonical({"kind": "change", "entry": 10**9}),
    ],
    ids=["no json", "empty", "null", "short", "deep", "infinite", "names missing"],
)
def test_a_poisoned_leaf_is_set_aside_and_all_else_is_signed(sent, signer, outside, body):
    pk = poisoned(body)
    done = sequence(signer)
    assert done.placed == Leaf.objects.sound().count() == Leaf.objects.count() - 1
    assert SetAside.objects.get().leaf_id == pk
    assert Leaf.objects.get(pk=pk).leaf_index is None
    for found in (verify(), verify_live()):
        assert (found.wrong, found.set_aside) == ([], 1)
    assert outside(signer)[0] == 0
    # It does not come round again, and nobody waits for it.
    assert sequence(signer).placed == 0
    assert waiting() == (0, None)


def test_whoever_keeps_the_register_is_told_once(cast, sent, signer):
    pk = poisoned()
    sequence(signer)
    for _twice in range(2):
        send_checkpoint()
    [message] = Message.objects.filter(topic="ledger.set_aside", to="")
    notification = writer_of(message.topic)(message.about)
    assert set(notification.to.values()) == {
        cast.administrator.user.email,
        cast.users["desk_lead"].email,
    }
    assert str(pk) in notification.text
    [line] = [each for each in lines() if "set aside" in each.said]
    assert line.late


def test_the_command_says_so_and_ends_well(sent, signer, capsys):
    poisoned()
    sequence(signer)
    for what in ("verify", "verify-live"):
        call_command("ledger", what)
        assert "1 leaves are none and were set aside" in capsys.readouterr().out


def test_a_true_leaf_that_somebody_set_aside_is_found(sent, signer):
    leaf = Leaf.objects.order_by("pk").last()
    run("INSERT INTO audit_setaside (leaf_id, at) VALUES (%s, now())", leaf.pk)
    sequence(signer)
    for found in (verify(), verify_live()):
        assert f"Leaf {leaf.pk} of the ledger was set aside and is one." in found.wrong


@pytest.mark.parametrize("table", ["audit_event", "audit_accessentry"])
def test_nobody_claims_the_number_of_an_entry_to_come(cast, table):
    walks.a_draft(cast)
    copied = {
        "audit_event": "at, person, agency, thing, thing_id, move, before, after, version, digest,"
        " details",
        "audit_accessentry": "at, person, agency, thing, thing_id, kind, may",
    }[table]
    if table == "audit_accessentry":
        said = "now(), %s, %s, '', '', 'opened', ''"
    else:
        said = "now(), %s, %s, '', '', '', '', '', 0, '', '{}'"
    who = (str(cast.officer.user.pk), str(cast.officer.agency.pk))
    claim = f"INSERT INTO {table} (id, {copied}) OVERRIDING SYSTEM VALUE VALUES (%s, {said})"  # noqa: S608
    with pytest.raises(
        DatabaseError, match=r"the number that comes next|row-level security|defined"
    ):
        as_page(cast, (claim, [next_number(table) + 1, *who]))
    assert walks.a_draft(cast).pk


@pytest.mark.parametrize("kind", ["change", "look"])
def test_nobody_claims_the_leaf_of_an_entry_to_come(cast, kind):
    walks.a_draft(cast)
    table = {"change": "audit_event", "look": "audit_accessentry"}[kind]
    claim = "INSERT INTO audit_leaf (kind, entry, body) VALUES (%s, %s, %s)"
    for body in (POISON, "{}", "null", canonical({"kind": kind, "entry": next_number(table)})):
        with pytest.raises(DatabaseError, match=r"says what its entry says|invalid input syntax"):
            as_page(cast, (claim, [kind, next_number(table), body]))
    before = Event.objects.count()
    walks.a_draft(cast)
    assert Event.objects.count() > before


def test_a_leaf_about_somebody_elses_entry_is_refused(cast):
    walks.a_draft(cast)
    leaf = Leaf.objects.filter(kind="change").last()
    body = leaf.body.replace(str(cast.requester.user.pk), str(cast.officer.user.pk))
    assert body != leaf.body
    with pytest.raises(DatabaseError, match="says what its entry says"):
        as_page(
            cast,
            (
                "INSERT INTO audit_leaf (kind, entry, body) VALUES ('change', %s, %s)",
                [leaf.entry, body],
            ),
        )


@pytest.mark.parametrize("role", ["portal_app", "portal_worker"])
@pytest.mark.parametrize(
    "sql",
    [
        "INSERT INTO audit_setaside (leaf_id, at) VALUES (1, now())",
        "DELETE FROM audit_setaside",
        "UPDATE audit_setaside SET at = now()",
    ],
)
def test_only_the_sequencer_sets_aside(cast, role, sql):
    with pytest.raises(DatabaseError, match="permission denied"):
        run(sql, role=role)


def test_the_sequencer_sets_aside_with_its_own_rights(sent, signer):
    """The whole round as the role of the sequencer, in the database that its process has."""
    pk = poisoned()
    [(number,)] = run(
        "INSERT INTO audit_setaside (leaf_id, at) VALUES (%s, now()) RETURNING leaf_id",
        *(pk,),
        role="portal_ledger",
    )
    assert number == pk
    with pytest.raises(DatabaseError, match=r"permission denied|never changed"):
        run("DELETE FROM audit_setaside", role="portal_ledger")
