"""A checkpoint that is taken out of the table of checkpoints is found, and which it was."""

import json

import pytest

from audit.ledger.notes import Checkpoint, NoteFault, Previous, opened, signed_lines
from audit.ledger.sequencing import latest, sequence
from audit.ledger.verifying import verify
from audit.models import Leaf, SignedCheckpoint
from tests import walks
from tests.audit.owner import as_owner
from tests.ledger.verifier import RELEASED, load

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def sizes(cast, signer):
    """Of four checkpoints."""
    return [_one_more(cast, signer) for _ in range(4)]


def _one_more(cast, signer):
    walks.a_draft(cast)
    return sequence(signer).size


def _without(*sizes):
    as_owner("DELETE FROM audit_signedcheckpoint WHERE size = ANY(%s)", list(sizes))


@pytest.mark.parametrize("place", [0, 1, 2])
@pytest.mark.clause("P-RECORD", part=True)
def test_one_that_was_taken_out_is_named_inside_and_outside(sizes, signer, outside, place):
    assert verify().wrong == []
    assert outside(signer)[0] == 0
    _without(sizes[place])
    assert verify().wrong == [
        f"Checkpoints that are missing before that of {sizes[place + 1]} leaves: 1, "
        f"the last of them of {sizes[place]} leaves."
    ]
    code, said = outside(signer)
    assert (code, f"missing (1), the last of them of {sizes[place]} leaves" in said) == (1, True)


def test_two_are_counted(sizes):
    _without(sizes[1], sizes[2])
    [said] = verify().wrong
    assert f"leaves: 2, the last of them of {sizes[2]} leaves" in said


def test_the_last_is_missed_by_its_leaves_and_then_by_whoever_holds_it(
    cast, signer, sizes, outside
):
    """Where the tree is set back with it, the database alone cannot tell; a partner can."""
    held = latest().note
    _set_back(sizes[2])
    assert "no checkpoint was signed" in verify().wrong[0]
    as_owner("UPDATE audit_leaf SET leaf_index = NULL WHERE leaf_index >= %s", sizes[2])
    _tiles_of(sizes[2])
    assert verify().wrong == []
    assert outside(signer, held=(held,))[0] == 1
    # The same leaves get the same places again; who holds the lost checkpoint is told so.
    _one_more(cast, signer)
    assert verify().wrong == []
    code, said = outside(signer, held=(held,))
    assert (code, "fits, and is not in the export" in said) == (0, True)


def test_what_was_lost_and_is_put_back_beside_what_came_after_is_found(cast, signer, sizes):
    lost = latest()
    _set_back(sizes[2])
    as_owner("UPDATE audit_leaf SET leaf_index = NULL WHERE leaf_index >= %s", sizes[2])
    _tiles_of(sizes[2])
    now = _one_more(cast, signer)
    as_owner(
        "INSERT INTO audit_signedcheckpoint VALUES (%s, %s, %s)", lost.size, lost.note, lost.at
    )
    assert verify().wrong == [
        f"Before the checkpoint of {now} leaves belongs number 3, of {sizes[2]} leaves; there "
        f"stands number 4, of {lost.size} leaves."
    ]


def test_exchanged_and_copied_ones_are_found(sizes):
    notes = dict(SignedCheckpoint.objects.values_list("size", "note"))
    change = "UPDATE audit_signedcheckpoint SET note = %s WHERE size = %s"
    for one, two in ((sizes[1], sizes[2]), (sizes[2], sizes[1])):
        as_owner(change, notes[one], two)
    assert any(f"The checkpoint of {sizes[1]} leaves is that of" in each for each in verify().wrong)
    as_owner(change, notes[sizes[1]], sizes[1])
    assert f"The checkpoint of {sizes[2]} leaves is that of {sizes[1]}." in verify().wrong
    as_owner(change, notes[sizes[2]], sizes[2])
    assert verify().wrong == []


def _unlinked(signer, size):
    """As a sequencer of an earlier edition has signed it."""
    row = SignedCheckpoint.objects.get(size=size)
    said = Checkpoint.parse(signed_lines(row.note))
    note = signer.sign(Checkpoint(said.origin, said.size, said.root, said.at).text())
    as_owner("UPDATE audit_signedcheckpoint SET note = %s WHERE size = %s", note, size)


def test_those_from_before_go_on_verifying_and_are_counted(cast, signer, sizes, outside):
    for size in sizes:
        _unlinked(signer, size)
    assert verify().wrong == []
    after = [_one_more(cast, signer), _one_more(cast, signer)]
    assert verify().wrong == []
    assert outside(signer)[0] == 0
    _without(sizes[1])
    assert verify().wrong == [
        f"Checkpoints that are missing before that of {after[0]} leaves: 1, among the oldest, "
        "which do not say which came before them."
    ]
    assert outside(signer)[0] == 1


def test_one_from_before_among_the_newer_is_found(signer, sizes):
    _unlinked(signer, sizes[2])
    found = verify().wrong
    assert f"The checkpoint of {sizes[2]} leaves does not say which came before it." in found


def test_a_sequencer_that_finds_nothing_new_signs_nothing(signer, sizes):
    """What holds checkpoints together costs no leaf, so nothing grows by itself."""
    before = Leaf.objects.count()
    assert sequence(signer).placed == 0
    assert (Leaf.objects.count(), SignedCheckpoint.objects.count()) == (before, len(sizes))


def test_the_verifier_that_partners_have_takes_what_is_signed_now(
    signer, sizes, outside, tmp_path, capsys
):
    from audit.ledger.exporting import export

    export(tmp_path / "whole")
    held = tmp_path / "held.txt"
    held.write_text(latest().note, encoding="utf-8")
    words = ["whole", str(tmp_path / "whole"), "--key", str(signer.verifier), "--held", str(held)]
    assert load("released_of_the_portal", RELEASED).main(words) == 0
    lines = (tmp_path / "whole" / "checkpoints.jsonl").read_text().splitlines()
    assert all("\nprevious " in json.loads(line) for line in lines)


BAD = {
    "a number that begins with zero": "previous 01 2 {hash}",
    "no size": "previous 1 {hash}",
    "a hash that is too short": "previous 1 2 AAAA",
    "two spaces": "previous 1  2 {hash}",
    "another line": "later 1 2 {hash}",
}


@pytest.mark.parametrize("line", BAD.values(), ids=BAD)
def test_what_does_not_name_a_checkpoint_is_none(signer, sizes, line):
    said = Checkpoint.parse(signed_lines(latest().note))
    assert isinstance(said.previous, Previous)
    encoded = str(said.previous).rpartition(" ")[2]
    plain = Checkpoint(said.origin, said.size, said.root, said.at).text()
    note = signer.sign(plain + line.format(hash=encoded) + "\n")
    with pytest.raises(NoteFault):
        opened(note, [signer.verifier])


def _set_back(size):
    as_owner("DELETE FROM audit_signedcheckpoint WHERE size > %s", size)


def _tiles_of(size):
    """Cut the one tile that there is to so many leaves."""
    assert SignedCheckpoint.objects.latest("size").size == size < 256
    as_owner("UPDATE audit_tile SET hashes = substr(hashes, 1, %s)", 32 * size)
