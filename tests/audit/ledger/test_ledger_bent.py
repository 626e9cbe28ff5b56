"""What was bent behind the portal's back is found by verify, and nothing more is signed over it."""

import pytest

from audit.ledger.sequencing import LedgerFault, sequence
from audit.ledger.verifying import verify
from audit.models import SignedCheckpoint
from tests import walks
from tests.audit.owner import OTHERWISE, UNSIGNED, as_owner

pytestmark = pytest.mark.django_db(transaction=True)


BENT = {
    "a body": "UPDATE audit_leaf SET body = replace(body, 'entry', 'Entry') WHERE leaf_index = 3",
    "a leaf taken out": "DELETE FROM audit_leaf WHERE leaf_index = 3",
    "two exchanged": (
        "UPDATE audit_leaf SET leaf_index = CASE leaf_index WHEN 3 THEN -4 ELSE -3 END"
        " WHERE leaf_index IN (3, 4);"
        " UPDATE audit_leaf SET leaf_index = -leaf_index WHERE leaf_index < 0"
    ),
    "a tile": (
        "UPDATE audit_tile SET hashes = decode(repeat('ab', 32), 'hex') || substr(hashes, 33)"
    ),
    "a checkpoint taken out": "DELETE FROM audit_signedcheckpoint",
    "a checkpoint": "UPDATE audit_signedcheckpoint SET note = replace(note, 'at 2', 'at 1')",
    # The one-file verifier refuses an export that holds one of these.
    "a line after a checkpoint": "UPDATE audit_signedcheckpoint SET note = note || 'and this'",
    "no end of its last line": "UPDATE audit_signedcheckpoint SET note = rtrim(note, E'\\n')",
    "another dash": "UPDATE audit_signedcheckpoint SET note = replace(note, '\N{EM DASH} ', '')",
    "another separator": (
        "UPDATE audit_signedcheckpoint SET note = replace(note, E'\\n\N{EM DASH}', "
        "E'\\n\\u2028\N{EM DASH}')"
    ),
    "the end cut off": "DELETE FROM audit_leaf WHERE leaf_index > 5",
}


@pytest.mark.parametrize("how", BENT)
def test_what_the_owner_of_the_tables_bends_is_found(cast, signer, how):
    walks.sent(cast)
    sequence(signer)
    assert verify().count == 0
    as_owner(BENT[how])
    assert verify().count > 0, how


def test_nothing_more_is_signed_over_a_bent_tree(cast, signer):
    walks.a_draft(cast)
    sequence(signer)
    as_owner(BENT["a tile"])
    walks.a_draft(cast)
    with pytest.raises(LedgerFault, match="ledger verify"):
        sequence(signer)
    assert SignedCheckpoint.objects.count() == 1


def test_a_tile_that_is_too_long_is_a_fault_and_no_traceback(cast, signer):
    """What stands behind its end is in no root, and there is no place for the next hash."""
    walks.a_draft(cast)
    sequence(signer)
    as_owner("UPDATE audit_tile SET hashes = hashes || decode('ab', 'hex')")
    walks.a_draft(cast)
    with pytest.raises(LedgerFault, match="ledger verify"):
        sequence(signer)


SET_BACK = {
    "to nothing": f"{UNSIGNED}; {OTHERWISE}",
    "to what was signed before": "DELETE FROM audit_signedcheckpoint WHERE size > {first};"
    " UPDATE audit_leaf SET leaf_index = NULL WHERE leaf_index >= {first};"
    " DELETE FROM audit_tile; INSERT INTO audit_tile SELECT * FROM tile_then",
}


@pytest.mark.parametrize("how", SET_BACK)
def test_a_ledger_that_was_set_back_is_not_signed_again(cast, signer, how):
    """The sequencer remembers what it signed; the owner of the database has no hand in that."""
    walks.a_draft(cast)
    first = sequence(signer)
    as_owner("CREATE TABLE tile_then AS SELECT * FROM audit_tile")
    walks.a_draft(cast)
    since = sequence(signer, since=first)
    walks.a_draft(cast)
    since = sequence(signer, since=since)
    assert since.placed
    as_owner(SET_BACK[how].format(first=first.size))
    as_owner("DROP TABLE tile_then")
    with pytest.raises(LedgerFault, match=f"{since.size} leaves were signed"):
        sequence(signer, since=since)
    assert sequence(signer).placed, "one that never saw it signs"
