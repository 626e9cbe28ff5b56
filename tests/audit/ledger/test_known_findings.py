"""A finding that somebody has looked into is put on record, and shown as known from then on."""

import pytest
from django.db import connection, transaction

from audit.ledger.sequencing import sequence
from audit.ledger.verifying import verify
from audit.models import Event, KnownFinding, Leaf
from encryption.fingerprints import plain
from encryption.models import raw_values
from outbox.models import Message
from outbox.tasks import writer_of
from tests.audit.known import (
    NEVER,
    a_copied_history_row,
    a_leaf,
    an_entry,
    asked,
    numbers_in,
    put_on_record,
)
from tests.audit.owner import as_owner

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.clause("P-RECORD", part=True),
]
WAYS = {
    an_entry: "UPDATE audit_event SET agency = 'x' WHERE thing_id = '{never}'",
    a_leaf: "UPDATE audit_event SET version = 2 WHERE thing_id = '{never}'; UPDATE audit_leaf"
    """ SET body = replace(body, '"version":1', '"version":2') WHERE body LIKE '%{never}%'""",
    a_copied_history_row: "UPDATE requests_app_historicalneed SET added_at = added_at"
    " + interval '1 day' WHERE history_id = (SELECT max(history_id) FROM"
    " requests_app_historicalneed)",
}


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
    notification = writer_of(message.topic)(message.about)
    assert set(notification.to.values()) == {
        cast.administrator.user.email,
        cast.users["desk_lead"].email,
    }
    assert "Monday" not in notification.text
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


UNREADABLE = {
    "a row": (
        "ALTER TABLE requests_app_subject ALTER is_unborn DROP NOT NULL;"
        " UPDATE requests_app_subject SET is_unborn = NULL"
    ),
    "a row of history": (
        "ALTER TABLE requests_app_historicalsubject ALTER is_unborn DROP NOT NULL;"
        " UPDATE requests_app_historicalsubject SET is_unborn = NULL, history_change_reason = 'x'"
    ),
    "an entry": "UPDATE audit_event SET at = '20000-01-01'",
}


@pytest.mark.parametrize("what", UNREADABLE)
def test_what_cannot_be_read_has_no_number(cast, sent, capsys, what):
    """Nothing would tell when it changes once more, and it would be known for ever."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(UNREADABLE[what])
        well, said = asked(capsys, "verify-live")
        assert not well
        assert "Findings: " in said
        assert numbers_in(said) == []
        transaction.set_rollback(True)
