"""What one role of PostgreSQL tried to do alone to the evidence: each is refused (M3)."""

from contextlib import suppress

import pytest
from django.db import DatabaseError, connection
from django.urls import reverse

from audit.ledger.backlog import waiting
from audit.ledger.leaves import LONGEST
from audit.ledger.sequencing import ONE_AT_A_TIME, sequence
from audit.ledger.verifying import verify
from audit.ledger.verifying_rows import verify_live
from audit.models import AccessEntry, Leaf
from tests import walks
from tests.audit.ledger.test_intake import run
from tests.audit.pages import as_page

pytestmark = pytest.mark.django_db(transaction=True)
SMALL = 2**32


def a_look(cast, at="now()", thing="agencies.agency"):
    """An entry of the officer's, as SQL."""
    return (
        "INSERT INTO audit_accessentry (at, person, agency, thing, thing_id, kind, may)"  # noqa: S608
        f" VALUES ({at}, %s, %s, %s, '1', 'opened', 'triage_request')",
        [str(cast.officer.user.pk), str(cast.officer.agency.pk), thing],
    )


LEAF_OF_IT = """
    INSERT INTO audit_leaf (kind, entry, body) SELECT 'look', id,
    '{"agency":"' || agency || '","at":"'
    || to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
    || '","case":null,"entry":' || id || ',"kind":"look","look":"opened","may":"triage_request",'
    || '"person":"' || person || '","thing":"' || thing || '","thing_id":"1","v":1}' || %s
    FROM audit_accessentry WHERE id = (SELECT max(id) FROM audit_accessentry)
"""


def test_control_a_leaf_as_the_portal_writes_it_is_signed(cast, sent, signer):
    as_page(cast, a_look(cast), (LEAF_OF_IT, [""]))
    sequence(signer)
    assert verify_live().wrong == []
    assert Leaf.objects.waiting().count() == 0


def test_a_page_of_a_case_is_no_fault_for_ever(cast, sent, signed_in):
    """A look at a case at the end of time, written by one INSERT of a web process."""
    with pytest.raises(DatabaseError, match="time that can be read"):
        as_page(
            cast,
            (
                "INSERT INTO audit_accessentry (at, person, agency, case_id, thing, thing_id, kind,"
                " may) VALUES ('20000-01-01', %s, %s, %s, 'requests_app.informationrequest', %s,"
                " 'opened', 'triage_request')",
                [
                    str(cast.officer.user.pk),
                    str(cast.officer.agency.pk),
                    str(sent.pk),
                    str(sent.pk),
                ],
            ),
        )
    client = signed_in("officer")
    client.raise_request_exception = False
    assert client.get(reverse("requests:access_log", args=[sent.pk])).status_code == 200


def test_verify_gives_an_answer_whatever_waits(cast, sent, signer):
    """A leaf of the year 20000 waits: verify ends in a fault until the sequencer comes by."""
    sequence(signer)
    for sql, values in (a_look(cast, "'20000-01-01'"), (LEAF_OF_IT, [""])):
        run(sql, *values)  # as the owner, who is not held to a time that can be read
    assert verify().waiting == 1
    assert waiting()[0] == 1


@pytest.mark.parametrize("at", ["'infinity'", "'20000-01-01'", "'0044-03-15 BC'"])
def test_an_entry_has_a_time_that_can_be_read(cast, sent, at):
    """One INSERT, and every page with this case's or this person's looks is a fault for ever."""
    with pytest.raises(DatabaseError, match="time"):
        as_page(cast, a_look(cast, at))
    assert not AccessEntry.objects.exists()


def test_a_leaf_is_no_longer_than_a_reader_takes(cast, sent):
    """The sequencer reads 4,000 bodies at once: a few hundred of these end it each time."""
    with pytest.raises(DatabaseError):
        as_page(cast, a_look(cast), (LEAF_OF_IT, [" " * (4 * LONGEST)]))


@pytest.mark.parametrize("role", ["portal_app", "portal_worker"])
def test_nobody_else_keeps_the_sequencer_waiting(cast, sent, signer, role):
    """Its turn is an advisory lock, which whoever can connect takes for as long as they like."""
    sequence(signer)  # from the first tile on nobody else can
    walks.a_draft(cast)
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute(f"SET ROLE {role}")
            with suppress(DatabaseError):
                cursor.execute("SELECT pg_advisory_lock(%s)", [ONE_AT_A_TIME])
            done = sequence(signer)
    finally:
        other.close()
    assert done is not None
    assert done.placed


@pytest.mark.parametrize("role", ["portal_worker", "portal_ledger"])
def test_nobody_draws_numbers_for_a_table_they_add_nothing_to(cast, role):
    """Drawing 2**31 numbers takes minutes; then no history row can be written any more."""
    rows = run(
        "SELECT q.seqrelid::regclass::text, d.refobjid::regclass::text, q.seqmax"
        " FROM pg_sequence q JOIN pg_depend d ON d.objid = q.seqrelid"
        " AND d.deptype IN ('a', 'i') AND d.refclassid = 'pg_class'::regclass"
        " WHERE has_sequence_privilege(%s, q.seqrelid, 'USAGE')"
        " AND NOT has_any_column_privilege(%s, d.refobjid, 'INSERT')",
        *(role, role),
    )
    short = sorted(table for _seq, table, most in rows if most < SMALL)
    assert not short
