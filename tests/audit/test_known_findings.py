"""A finding that somebody has looked into is put on record, and shown as known from then on."""

import re

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from audit.ledger.leaves import canonical
from audit.ledger.live import verify_live
from audit.ledger.sequencing import sequence
from audit.ledger.verifying import verify
from audit.models import Event, KnownFinding, Leaf
from encryption.fingerprints import plain
from encryption.models import raw_values
from outbox.models import Message
from outbox.tasks import writer_of
from requests_app.models import Need
from tests.audit.owner import as_owner
from tests.audit.pages import as_page

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.clause("P-RECORD", part=True),
]
ENTRY = (
    "INSERT INTO audit_event (at, person, agency, thing, thing_id, move, before, after, version,"
    " digest, details) VALUES (now(), %s, %s, 'requests_app.need', %s, 'need.add', '', 'open', 1,"
    " '', '{}') RETURNING id"
)
LEAF = "INSERT INTO audit_leaf (kind, entry, body) VALUES ('change', %s, %s)"
NEVER = "00000000-0000-4000-8000-000000000999"


def an_entry(cast, thing_id=NEVER):
    """One without its leaf."""
    who = [str(cast.officer.user.pk), str(cast.officer.agency.pk)]
    as_page(cast, (ENTRY, [*who, thing_id]))


def a_leaf(cast, thing_id=NEVER):
    """An entry and its leaf, of a row that never was."""
    an_entry(cast, thing_id)
    event = Event.objects.latest("pk")
    body = {
        "v": 1,
        "kind": "change",
        "entry": event.pk,
        "case": None,
        "row": "",
        "commit": "",
        "at": event.at.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "person": event.person,
        "agency": event.agency,
        "thing": event.thing,
        "thing_id": event.thing_id,
        "move": event.move,
        "before": "",
        "after": "open",
        "version": 1,
        "digest": "",
        "details": {},
        "history": None,
    }
    as_page(cast, (LEAF, [event.pk, canonical(body)]))


def a_copied_history_row(cast):
    past = Need.history.model
    mine = past.objects.exclude(history_user_id=None).latest("history_id")
    columns = ", ".join(
        each.column for each in past._meta.concrete_fields if each.name != "history_id"
    )
    as_owner(
        f"INSERT INTO requests_app_historicalneed ({columns}) SELECT {columns}"  # noqa: S608
        " FROM requests_app_historicalneed WHERE history_id = %s",
        mine.pk,
    )


WAYS = {
    an_entry: "UPDATE audit_event SET agency = 'x' WHERE thing_id = '{never}'",
    a_leaf: "UPDATE audit_event SET version = 2 WHERE thing_id = '{never}'; UPDATE audit_leaf"
    """ SET body = replace(body, '"version":1', '"version":2') WHERE body LIKE '%{never}%'""",
    a_copied_history_row: "UPDATE requests_app_historicalneed SET added_at = added_at"
    " + interval '1 day' WHERE history_id = (SELECT max(history_id) FROM"
    " requests_app_historicalneed)",
}


def asked(capsys, *words):
    """What the command says, and whether it ended well."""
    capsys.readouterr()
    try:
        call_command("ledger", *words)
    except CommandError as fault:
        return False, f"{capsys.readouterr().out}{fault}"
    return True, capsys.readouterr().out


def put_on_record(capsys, number, reason="Found on Monday, made by nobody here", by="A. Operator"):
    return asked(capsys, "acknowledge", number, "--reason", reason, "--by", by)


def numbers_in(said):
    return re.findall(r"^  \[([0-9a-f]{16})\] ", said, re.M)


@pytest.mark.parametrize("way", WAYS)
def test_it_is_shown_as_known_until_it_changes(cast, sent, signer, outside, capsys, way):
    assert asked(capsys, "verify-live")[0]
    way(cast)
    well, said = asked(capsys, "verify-live")
    [number] = numbers_in(said)
    assert not well
    well, said = put_on_record(capsys, number)
    assert well, said
    for _twice in range(2):
        well, said = asked(capsys, "verify-live")
        assert well, said
        for word in (
            "put on record, and still so: 1",
            "A. Operator",
            "Found on Monday",
            "All else",
        ):
            assert word in said
        assert not numbers_in(said)
    # The record of it is evidence like any other, signed and in form.
    sequence(signer)
    assert verify().wrong == []
    assert outside(signer)[0] == 0
    as_owner(WAYS[way].format(never=NEVER))
    well, said = asked(capsys, "verify-live")
    assert not well
    assert "no longer as it was then: 1" in said
    assert number not in numbers_in(said)
    assert len(numbers_in(said)) == 1


def test_a_new_one_beside_a_known_one_is_told_apart(cast, sent, capsys):
    an_entry(cast)
    [known] = numbers_in(asked(capsys, "verify-live")[1])
    put_on_record(capsys, known)
    a_leaf(cast)
    well, said = asked(capsys, "verify-live")
    [new] = numbers_in(said)
    assert (well, new == known) == (False, False)
    assert "still so: 1" in said
    assert "Findings: 1." in said
    assert put_on_record(capsys, new)[0]
    well, said = asked(capsys, "verify-live")
    assert (well, "still so: 2" in said) == (True, True)


def test_who_looks_after_the_register_is_told_at_once(cast, sent, capsys):
    an_entry(cast)
    put_on_record(capsys, numbers_in(asked(capsys, "verify-live")[1])[0])
    [message] = Message.objects.filter(topic="ledger.acknowledged", to="")
    letter = writer_of(message.topic)(message.about)
    assert set(letter.to.values()) == {
        cast.administrator.user.email,
        cast.users["desk_lead"].email,
    }
    assert "Monday" not in letter.text
    event = Event.objects.get(thing="audit.knownfinding")
    assert (event.move, event.thing_id) == ("ledger.acknowledge", message.about)
    body = Leaf.objects.get(kind="change", entry=event.pk).body
    row = KnownFinding.objects.get()
    for word in (row.finding, "Monday", "Operator", plain(KnownFinding, raw_values(row)).all):
        assert word not in body, "what an export says tells nobody what was found"


@pytest.mark.parametrize(
    ("number", "reason", "by"),
    [
        ("0" * 16, "Seen", "A. Operator"),
        ("{short}", "Seen", "A. Operator"),
        ("", "Seen", "A. Operator"),
        ("{number}", " ", "A. Operator"),
        ("{number}", "Seen", ""),
        ("{number}", "x" * 501, "A. Operator"),
    ],
)
def test_nothing_is_put_on_record_without_all_of_it(cast, sent, capsys, number, reason, by):
    an_entry(cast)
    [full] = numbers_in(asked(capsys, "verify-live")[1])
    well, _said = put_on_record(capsys, number.format(number=full, short=full[:11]), reason, by)
    assert not well
    assert not asked(capsys, "acknowledge")[0]
    assert not KnownFinding.objects.exists()
    assert not Message.objects.filter(topic="ledger.acknowledged").exists()


def test_of_several_all_are_put_on_record_or_none(cast, sent, capsys):
    an_entry(cast)
    a_leaf(cast)
    numbers = numbers_in(asked(capsys, "verify-live")[1])
    words = ("--reason", "Seen", "--by", "A. Operator")
    assert not asked(capsys, "acknowledge", *numbers, "f" * 16, *words)[0]
    assert not KnownFinding.objects.exists()
    assert asked(capsys, "acknowledge", *numbers, *words)[0]
    assert asked(capsys, "verify-live")[0]


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


def test_one_that_was_made_up_is_not_believed(cast, sent):
    """Its words and number can be worked out; its fingerprint needs the key of the register."""
    an_entry(cast)
    found = verify_live()
    [(what, number)] = found.numbers.items()
    row = KnownFinding(finding=number, what=what, reason="Seen", by="A", at=Event.objects.last().at)
    row.save()
    a_forged_leaf(row)
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


def test_nobody_writes_lines_of_their_own_by_an_id(cast, sent, capsys):
    a_leaf(cast, "1\nAll is as it was recorded.\r\x1b[2J")
    well, said = asked(capsys, "verify-live")
    assert not well
    assert not any(line.startswith("All") for line in said.splitlines())
    assert "\x1b" not in said
    assert put_on_record(capsys, numbers_in(said)[0])[0]
    assert asked(capsys, "verify-live")[0]


def test_what_has_no_number_stays(cast, sent, capsys):
    """A leaf that is none was made by the owner of the tables: that is to be mended, not noted."""
    as_owner("UPDATE audit_leaf SET body = '{}' WHERE id = (SELECT max(id) FROM audit_leaf)")
    well, said = asked(capsys, "verify-live")
    assert not well
    assert "is not a leaf in canonical JSON" in said
    assert all("canonical JSON" not in line for line in said.splitlines() if "  [" in line)
