"""What is known is put on record by `ledger acknowledge` alone: whoever has the tables cannot."""

from itertools import count

import pytest
from django.db import DatabaseError, connection, transaction

from audit.ledger.leaves import canonical
from audit.ledger.verifying_rows import verify_live
from audit.models import Event, KnownFinding, Leaf
from encryption.fingerprints import UNDER_REGISTER, plain
from encryption.models import raw_values
from tests.audit.known import an_entry, asked, numbers_in, put_on_record
from tests.audit.owner import as_owner

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.clause("P-RECORD", part=True),
]


@pytest.mark.parametrize("role", ["portal_app", "portal_worker", "portal_ledger"])
@pytest.mark.parametrize(
    "sql",
    [
        "INSERT INTO audit_knownfinding (finding, what, reason, by, at) VALUES ('', '', '', '',"
        " now())",
        "UPDATE audit_knownfinding SET reason = ''",
        "DELETE FROM audit_knownfinding",
        "SELECT * FROM audit_knownfinding",
    ],
)
def test_pages_worker_and_sequencer_have_no_part_in_it(db, role, sql):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {role}")
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            cursor.execute(sql)


def test_not_even_the_owner_changes_one(cast, sent, capsys):
    an_entry(cast)
    put_on_record(capsys, numbers_in(asked(capsys, "verify-live")[1])[0])
    for change in (KnownFinding.objects.all().delete, KnownFinding.objects.latest("pk").delete):
        with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
            change()


BENT = {
    "UPDATE audit_knownfinding SET reason = 'Nothing'": "was not written by",
    "UPDATE audit_knownfinding SET finding = repeat('0', 64)": "was not written by",
    "UPDATE audit_knownfinding SET id = id + 1": "was not written by",
    "UPDATE audit_knownfinding SET at = '20000-01-01'": "cannot be read",
    "DELETE FROM audit_knownfinding": "audit.knownfinding",
}


@pytest.mark.parametrize("sql", BENT)
def test_what_was_done_to_one_past_the_triggers_hides_nothing(cast, sent, capsys, sql):
    an_entry(cast)
    put_on_record(capsys, numbers_in(asked(capsys, "verify-live")[1])[0])
    assert verify_live().wrong == []
    as_owner(sql)
    found = verify_live().wrong
    assert any("was added and is in no ledger" in line for line in found)
    assert any(BENT[sql] in line for line in found)


@pytest.mark.parametrize("begins", ["", UNDER_REGISTER])
def test_one_that_was_made_up_is_not_believed(cast, sent, begins):
    """Its words and number can be worked out; its fingerprint needs the key of the register.

    One under no key does not become one by beginning so, for which trying a few reasons is enough.
    """
    an_entry(cast)
    found = verify_live()
    [(what, number)] = found.numbers.items()
    row = KnownFinding(id=77, finding=number, what=what, by="A", at=Event.objects.last().at)
    for tries in count():
        row.reason = f"Seen {tries}"
        if plain(KnownFinding, raw_values(row)).all.startswith(begins):
            break
    row.save(force_insert=True)
    a_forged_leaf(row)
    assert f'"row":"{begins}' in Leaf.objects.latest("pk").body
    found = verify_live().wrong
    assert what in found
    assert f"audit.knownfinding {row.pk} was not written by `ledger acknowledge`." in found


def a_forged_leaf(row):
    """As the owner could write one, with a fingerprint under no key."""
    event = Event.objects.create(
        person="",
        agency="",
        thing="audit.knownfinding",
        thing_id=str(row.pk),
        move="ledger.acknowledge",
        after="known",
        version=0,
    )
    known = Leaf.objects.filter(kind="change").exclude(body="").latest("pk").body
    assert known
    body = {
        "v": 1,
        "kind": "change",
        "entry": event.pk,
        "case": None,
        "commit": "",
        "at": event.at.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "person": "",
        "agency": "",
        "thing": event.thing,
        "thing_id": event.thing_id,
        "move": event.move,
        "before": "",
        "after": "known",
        "version": 0,
        "digest": "",
        "details": {},
        "history": None,
        "row": plain(KnownFinding, raw_values(row)).all,
    }
    Leaf.objects.create(kind="change", entry=event.pk, body=canonical(body))
