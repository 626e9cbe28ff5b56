"""Each checkpoint names the one before it, so none can be taken out or put in unseen."""

import io
from collections.abc import Callable
from types import ModuleType

import pytest

from tests.ledger.bending import lines, noted
from tests.ledger.forging import Linked, Signer, canonical, naming, tree
from tests.ledger.test_notes import LEAVES
from tests.ledger.verifier import RELEASED, load, verify

SIGNER = Signer()
SIZES = [20, 50, 51, 90, 120, 200]
BODIES = [canonical(leaf) for leaf in LEAVES]
LEDGER = Linked(BODIES, SIZES, SIGNER)
HALF = Linked(BODIES, SIZES, SIGNER, older=3)
Notes = list[str]


def said(notes: Notes, *held: str, by: ModuleType = verify, leaves: int = 200) -> str:
    """What a verifier says of a ledger with these checkpoints; "" where it holds."""
    keys = by.trusted_keys([SIGNER.key])
    mine = [("What you hold", by.trusted("What you hold", note, keys)) for note in held]
    files = io.BytesIO(lines(BODIES[:leaves])), io.BytesIO(noted(notes))
    try:
        by.check_whole(*files, mine, keys)
    except by.Refuted as no:
        return " ".join(no.args)
    return ""


@pytest.mark.parametrize("ledger", [LEDGER, HALF], ids=["linked", "half"])
def test_the_verifier_that_partners_have_goes_on_taking_it(ledger: Linked) -> None:
    released = load("released_verifier", RELEASED)
    assert said(ledger.notes, *ledger.notes, by=released) == ""
    assert said(ledger.notes, *ledger.notes) == ""


@pytest.mark.clause("P-RECORD", "ISA-7.2", part=True)
@pytest.mark.parametrize("place", range(len(SIZES) - 1))
def test_one_that_was_taken_out_is_named(place: int) -> None:
    notes = LEDGER.notes[:place] + LEDGER.notes[place + 1 :]
    assert f"checkpoints are missing (1), the last of them of {SIZES[place]} leaves" in said(notes)


def test_several_that_were_taken_out_are_counted_where_they_stood() -> None:
    first, *_two, fourth, _fifth, sixth = LEDGER.notes
    found = said([first, fourth, sixth])
    assert "of 90 leaves, checkpoints are missing (2), the last of them of 51 leaves." in found
    assert "of 200 leaves, checkpoints are missing (1), the last of them of 120 leaves." in found


def test_the_last_is_missed_by_whoever_holds_it() -> None:
    """Without its leaves too, nothing inside can tell: that is what partners keep it for."""
    shorter = LEDGER.notes[:-1]
    assert "not yet signed" in said(shorter)
    assert said(shorter, leaves=120) == ""
    assert "What you hold is of 200 leaves; there are 120" in said(
        shorter, LEDGER.notes[-1], leaves=120
    )


def swapped(notes: Notes) -> Notes:
    return [notes[0], notes[2], notes[1], *notes[3:]]


def copied(notes: Notes) -> Notes:
    return [*notes[:3], notes[2], *notes[3:]]


def copied_at_the_end(notes: Notes) -> Notes:
    return [*notes, notes[-1]]


def copied_at_the_beginning(notes: Notes) -> Notes:
    return [notes[0], *notes]


def one_that_names_none(notes: Notes) -> Notes:
    return [*notes[:4], SIGNER.checkpoint(120, tree(BODIES[:120])), notes[5]]


def one_that_names_another(notes: Notes) -> Notes:
    before = naming(4, notes[2])
    return [*notes[:4], SIGNER.checkpoint(120, tree(BODIES[:120]), 4, previous=before), notes[5]]


WAYS = [
    *(swapped, copied, copied_at_the_end, copied_at_the_beginning),
    *(one_that_names_none, one_that_names_another),
]


@pytest.mark.parametrize("way", WAYS)
def test_what_was_moved_or_put_in_is_found(way: Callable[[Notes], Notes]) -> None:
    assert said(way(LEDGER.notes))


@pytest.mark.parametrize(
    ("place", "which"),
    [(0, "among the oldest"), (1, "among the oldest"), (2, "the last of them of 51 leaves")],
)
def test_one_of_the_oldest_is_missed_by_their_number(place: int, which: str) -> None:
    """They do not name each other; the first that names one says how many there were."""
    notes = HALF.notes[:place] + HALF.notes[place + 1 :]
    assert f"checkpoints are missing (1), {which}" in said(notes)


def test_a_ledger_that_was_put_back_goes_on_and_says_which_it_lost() -> None:
    """Leaves that had been written before the backup are signed again, in other numbers."""
    again = Linked(BODIES, [20, 50, 51, 95, 200], SIGNER).notes
    assert said(again) == ""
    lost = LEDGER.notes[3]
    assert said(again, lost) == "", "its leaves are there"
    both = [*again[:3], lost, *again[3:]]
    assert "belongs number 3, of 51 leaves; there stands number 4, of 90 leaves" in said(both)


def test_it_is_told_that_what_you_hold_is_not_in_the_export(
    tmp_path, capsys: pytest.CaptureFixture[str]
) -> None:
    again = Linked(BODIES, [20, 50, 51, 95, 200], SIGNER)
    (tmp_path / "leaves.jsonl").write_bytes(again.leaves)
    (tmp_path / "checkpoints.jsonl").write_bytes(again.checkpoints)
    for note, listed in ((LEDGER.notes[3], False), (again.notes[3], True)):
        (tmp_path / "held").write_text(note, encoding="utf-8")
        words = ["whole", str(tmp_path), "--key", SIGNER.key, "--held", str(tmp_path / "held")]
        assert verify.main(words) == 0
        assert ("is not in the export" not in capsys.readouterr().out) is listed
