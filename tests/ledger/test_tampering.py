"""Random tamperings (10,000 at night): whoever holds one old checkpoint finds each of them."""

import io
import random
import subprocess
import sys
from collections import Counter
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tests.ledger.bending import (
    EVERY_WAY,
    WITH_THE_KEY,
    WITHOUT_THE_KEY,
    Bend,
    Bent,
    Case,
    changed,
    forked,
    lines,
)
from tests.ledger.forging import Ledger, Signer, canonical, invented
from tests.ledger.verifier import FILE, load, verify
from tests.patience import length

ROUNDS, OF_EACH = 20, length(100, long=500)
SIZES = [7, 16, 33, 50, 64, 91, 120, 128, 151, 180, 200, 220]
HELD = 5  # the sixth of twelve checkpoints


class Remembering:
    """A key that does not check twice the signature that it has found good."""

    def __init__(self, key: Any) -> None:
        self.key, self.good = key, set[tuple[bytes, bytes]]()

    def verify(self, signature: bytes, text: bytes) -> None:
        if (signature, text) not in self.good:
            self.key.verify(signature, text)
            self.good.add((signature, text))


def seeded(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311 - a test that can be run again


@pytest.fixture(scope="module")
def case() -> Case:
    draw = seeded(62)
    bodies = [canonical(invented(draw, number)) for number in range(SIZES[-1])]
    return Case(Ledger(bodies, SIZES, Signer()), SIZES, SIZES[HELD])


def keys_of(case: Case) -> Any:
    found = verify.trusted_keys([case.ledger.signer.key])
    return {name: Remembering(key) for name, key in found.items()}


def holds(
    files: Bent, case: Case, keys: Any, by: ModuleType = verify, *, held: bool = True
) -> bool:
    """What the verifier says of the ledger; whatever is not a verdict is an error of the test."""
    mine = by.trusted("held", case.ledger.notes[HELD], keys)
    leaves, checkpoints = map(io.BytesIO, files)
    try:
        by.check_whole(leaves, checkpoints, [("held", mine)] if held else [], keys)
    except by.Refuted:
        return False
    return True


@pytest.mark.clause("P-RECORD", "ISA-7.2", part=True)
@pytest.mark.parametrize("round_", range(ROUNDS))
def test_every_tampering_is_found(round_: int, case: Case) -> None:
    draw, keys, tried = seeded(1000 + round_), keys_of(case), Counter[str]()
    # Each way once, and then as chance has it.
    names = [*EVERY_WAY, *draw.choices(list(EVERY_WAY), k=OF_EACH - len(EVERY_WAY))]
    for number, name in enumerate(names):
        if number % 100 == 0:
            assert holds(case.untouched, case, keys)
        files = EVERY_WAY[name](draw, case)
        assert files != case.untouched, name
        assert not holds(files, case, keys), f"{name} got past in round {round_}, number {number}"
        tried[name] += 1
    assert holds(case.untouched, case, keys)
    assert tried.total() == OF_EACH
    assert set(tried) == set(EVERY_WAY)


def got_past(bends: dict[str, Bend], case: Case, keys: Any, **how: Any) -> set[str]:
    """Which of these ways a weakened verifier lets through."""
    draw = seeded(7)
    return {
        name
        for name, bend in bends.items()
        if any(holds(bend(draw, case), case, keys, **how) for _ in range(20))
    }


def test_without_the_held_checkpoint_a_stolen_key_gets_past(case: Case) -> None:
    keys = keys_of(case)
    assert got_past(WITH_THE_KEY, case, keys, held=False) == set(WITH_THE_KEY)
    assert not got_past(WITH_THE_KEY, case, keys)
    # Nor can anything else tell that a ledger has been set back to an older state.
    assert got_past(WITHOUT_THE_KEY, case, keys, held=False) == {"rolled_back"}


def test_without_signatures_a_false_one_gets_past(case: Case) -> None:
    keys = {name: Unasking() for name in verify.trusted_keys([case.ledger.signer.key])}
    past = got_past(WITHOUT_THE_KEY, case, keys)
    assert "changed, false signature" in past
    assert "checkpoint_rewritten" in past
    assert "changed, other key" not in past


class Unasking:
    def verify(self, signature: bytes, text: bytes) -> None:
        """Every signature is good."""


def test_without_roots_a_changed_leaf_gets_past(case: Case) -> None:
    weak = load("weakened_verifier")

    def settled(heads: list[Any], frontier: Any) -> list[str]:
        while heads and heads[-1][1].size == frontier.size:
            heads.pop()
        return []

    weak.settled = settled  # type: ignore[attr-defined]
    past = got_past(EVERY_WAY, case, keys_of(case), by=weak)
    assert {"changed", "reordered", "changed, stolen key"} <= past


def test_without_the_form_of_leaves_the_roots_still_find_it(case: Case) -> None:
    weak = load("weakened_verifier")
    weak.is_leaf = lambda _: True  # type: ignore[attr-defined]
    assert not got_past(EVERY_WAY, case, keys_of(case), by=weak)


def say(folder: Path, case: Case, files: Bent) -> subprocess.CompletedProcess[str]:
    folder.mkdir()
    (folder / "leaves.jsonl").write_bytes(files[0])
    (folder / "checkpoints.jsonl").write_bytes(files[1])
    (folder / "held.txt").write_text(case.ledger.notes[HELD], encoding="utf-8")
    command = ["whole", str(folder), "--key", case.ledger.signer.key]
    return subprocess.run(
        [sys.executable, "-I", FILE, *command, "--held", folder / "held.txt"],
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_dozen_by_the_command_itself(case: Case, tmp_path: Path) -> None:
    draw = seeded(12)
    good = say(tmp_path / "untouched", case, case.untouched)
    assert (good.returncode, good.stderr) == (0, "")
    assert good.stdout.splitlines()[-1].startswith("YES: the ledger is whole, and what you")
    for number, name in enumerate(draw.sample(list(EVERY_WAY), 12)):
        bad = say(tmp_path / str(number), case, EVERY_WAY[name](draw, case))
        assert (bad.returncode, bad.stderr) == (1, ""), name
        assert bad.stdout.splitlines()[-1].startswith("NO: "), name


def test_it_says_where(case: Case) -> None:
    bodies = list(case.ledger.bodies)
    bodies[60:] = changed(seeded(1), bodies[60:], 1)
    mine = verify.trusted("The held one", case.ledger.notes[HELD], keys_of(case))
    with pytest.raises(verify.Refuted) as no:
        verify.check_whole(
            io.BytesIO(lines(bodies)),
            io.BytesIO(case.ledger.checkpoints),
            [("The held one", mine)],
            keys_of(case),
        )
    assert no.value.args[0] == (
        "checkpoints.jsonl, line 5, does not fit the first 64 leaves; the first 50 fit."
    )
    assert any("The held one does not fit the first 91 leaves" in said for said in no.value.args)


def test_a_fork_by_the_stolen_key_is_shown_by_the_held_checkpoint_alone(case: Case) -> None:
    mine = verify.trusted("The held one", case.ledger.notes[HELD], keys_of(case))
    leaves, checkpoints = map(io.BytesIO, forked(changed)(seeded(3), case))
    with pytest.raises(verify.Refuted) as no:
        verify.check_whole(leaves, checkpoints, [("The held one", mine)], keys_of(case))
    assert len(no.value.args) == 1
    assert no.value.args[0].startswith("The held one does not fit the first 91 leaves")
