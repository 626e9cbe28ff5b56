"""Who signs, by which key, and who is believed; the file in which the key is kept."""

from datetime import UTC, datetime

import pytest

from audit.ledger.notes import Checkpoint, NoteFault, Signer
from audit.ledger.proofs import receipt
from audit.ledger.sequencing import LedgerFault, latest, sequence, tree_as_signed, verifiers
from audit.ledger.signing import create_signing_key, read_signing_key
from audit.ledger.verifying import verify
from audit.models import Event, SignedCheckpoint
from tests import walks
from tests.audit.owner import OTHERWISE, UNSIGNED, as_owner

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_new_signing_key_goes_on_where_the_old_one_stopped(cast, signer, tmp_path):
    walks.a_draft(cast)
    sequence(signer)
    walks.a_draft(cast)
    sequence(create_signing_key(tmp_path / "second", "tests.invalid/ledger"))
    assert len(verifiers()) == 2
    assert verify().count == 0


def test_a_key_of_another_name_signs_nothing(cast, signer, tmp_path):
    """It would be another ledger, to whoever checks this one from outside, and for ever."""
    walks.a_draft(cast)
    sequence(signer)
    walks.a_draft(cast)
    with pytest.raises(LedgerFault, match="LEDGER_NAME"):
        sequence(create_signing_key(tmp_path / "second", "moved.invalid/ledger"))
    assert (SignedCheckpoint.objects.count(), len(verifiers())) == (1, 1)
    sequence(signer)
    assert verify().count == 0


def test_a_checkpoint_of_a_stranger_is_found(cast, signer, tmp_path):
    walks.a_draft(cast)
    sequence(signer)
    stranger = create_signing_key(tmp_path / "second", "tests.invalid/ledger")
    tree = tree_as_signed()
    now = datetime.now(UTC).replace(microsecond=0)
    note = stranger.sign(Checkpoint(stranger.name, tree.size, tree.root(), now).text())
    as_owner("DELETE FROM audit_signedcheckpoint")
    SignedCheckpoint.objects.create(size=tree.size, note=note, at=now)
    assert "No known key" in verify().wrong[0]


def test_who_signs_all_of_it_anew_is_a_stranger_to_whoever_has_the_key(cast, signer, tmp_path):
    """The keys that the database names may be those of its owner."""
    walks.a_draft(cast)
    sequence(signer)
    assert verify(keys=[signer.verifier]).wrong == []
    as_owner(f"{OTHERWISE}; {UNSIGNED}")
    as_owner("DELETE FROM audit_signatory")
    sequence(create_signing_key(tmp_path / "second", signer.name))
    assert verify().wrong == [], "who asks the database alone is told what its owner wants"
    assert "No known key" in verify(keys=[signer.verifier]).wrong[0]


def test_who_has_the_key_and_the_database_is_found_by_an_older_checkpoint(cast, signer, outside):
    """A ledger written anew verifies by itself, inside and outside."""
    walks.a_draft(cast)
    sequence(signer)
    kept = receipt(Event.objects.latest("pk").pk)["checkpoint"]
    assert kept == latest().note
    assert outside(signer, held=(kept,))[0] == 0
    _written_anew(signer)
    assert verify(keys=[signer.verifier]).wrong == []
    code, said = outside(signer)
    assert (code, "You hold no checkpoint" in said) == (0, True)
    code, said = outside(signer, held=(kept,))
    assert (code, "The checkpoint that you hold" in said) == (1, True)


def test_a_stolen_key_is_believed_until_a_checkpoint_of_the_new_one_is_held(
    cast, signer, outside, tmp_path
):
    """Old checkpoints are checked by the old key, so whoever checks them still gives it."""
    walks.a_draft(cast)
    sequence(signer)
    before = latest()
    walks.a_draft(cast)
    second = create_signing_key(tmp_path / "second", signer.name)
    sequence(second)
    after = latest()
    assert outside(second)[0] == 1, "the older checkpoints are not of the new key"
    assert outside(signer, second, held=(before.note, after.note))[0] == 0
    _written_anew(signer, since=before.size)
    assert outside(signer, second, held=(before.note,))[0] == 0, "it grows from what was held"
    assert outside(signer, second, held=(before.note, after.note))[0] == 1


def _written_anew(signer: Signer, *, since: int = 0) -> None:
    """Leaves say something else from one place on, and the same key signs all of them."""
    as_owner(f"{OTHERWISE} WHERE leaf_index >= %s", since)
    as_owner(UNSIGNED)
    sequence(signer)


class TestKeyFile:
    def test_it_reads_what_it_wrote_and_never_writes_over(self, tmp_path):
        made = create_signing_key(tmp_path / "key", "a/b")
        assert read_signing_key(tmp_path / "key").verifier == made.verifier
        with pytest.raises(NoteFault, match="already"):
            create_signing_key(tmp_path / "key", "a/b")
        assert repr(made) == "<signing key a/b>"

    @pytest.mark.parametrize(
        "text", ["", "x", "PRIVATE+KEY+a/b+00000000+AAAA", "PRIVATE+KEY+a b+0+0", "\xff" * 2000]
    )
    def test_what_is_damaged_is_said(self, tmp_path, text):
        path = tmp_path / "key"
        path.write_text(text)
        path.chmod(0o600)
        with pytest.raises(NoteFault, match="damaged"):
            read_signing_key(path)

    def test_others_may_not_read_it(self, tmp_path):
        create_signing_key(tmp_path / "key", "a/b")
        (tmp_path / "key").chmod(0o644)
        with pytest.raises(NoteFault, match="chmod 600"):
            read_signing_key(tmp_path / "key")

    def test_a_missing_one_says_how_to_make_it(self, tmp_path):
        with pytest.raises(NoteFault, match="create-key"):
            read_signing_key(tmp_path / "key")
