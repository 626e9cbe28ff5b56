"""What the verifier says, command by command: yes, no, and what it cannot check at all."""

import contextlib
import json
import os
import pty
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.ledger import forging
from tests.ledger.test_notes import LEAVES
from tests.ledger.verifier import FILE, verify

SIGNER, OTHER = forging.Signer(), forging.Signer(seed=b"\x09" * 32)
LEDGER = forging.Ledger([forging.canonical(leaf) for leaf in LEAVES], [50, 120, 200], SIGNER)
Say = Callable[..., tuple[int, str]]


@pytest.fixture
def say(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: Any) -> Say:
    """Run a command in a folder of its own; dictionaries and notes become files."""
    monkeypatch.chdir(tmp_path)

    def run(*given: str, key: str = SIGNER.key, **files: Any) -> tuple[int, str]:
        for name, what in files.items():
            if what is not None:
                text = what if isinstance(what, str | bytes) else json.dumps(what)
                (tmp_path / name).write_bytes(text if isinstance(text, bytes) else text.encode())
        code = verify.main([*given, "--key", key])
        out = capsys.readouterr()
        said = (out.out + out.err).strip()
        last = said.splitlines()[-1]
        assert last.startswith(("YES: ", "NO: ", "ERROR: ")[code]), said
        assert said.isascii()
        return code, said

    return run


def number_of(kind: str) -> int:
    return next(place for place, leaf in enumerate(LEAVES) if leaf["kind"] == kind)


def held(size: int, signer: forging.Signer = SIGNER) -> str:
    return signer.checkpoint(size, forging.tree(LEDGER.bodies[:size]))


# Receipts


@pytest.mark.clause("P-RECORD", "ISA-7.2", part=True)
def test_a_receipt_of_a_change_is_read_out(say: Say) -> None:
    index = number_of("change")
    leaf = LEAVES[index]
    code, said = say("receipt", "r", r=forging.receipt(LEDGER, index, 120))
    assert code == 0
    for name in ("at", "person", "agency", "thing", "thing_id", "after", "version", "move"):
        assert str(leaf[name]) in said
    assert f"this is leaf {index} (counted from 0) of 120 leaves, signed 2026-11-23" in said


def test_a_receipt_of_a_look_is_read_out(say: Say) -> None:
    index = number_of("look")
    code, said = say("receipt", "r", r=forging.receipt(LEDGER, index, 120))
    assert code == 0
    assert f'looked ("{LEAVES[index]["look"]}"' in said


def receipts() -> dict[str, Any]:
    good = forging.receipt(LEDGER, 17, 120)
    leaf = good["leaf"]
    return {
        "another leaf": {**good, "leaf": LEDGER.bodies[18].decode()},
        "a leaf changed": {**good, "leaf": leaf.replace('"v":1', '"v":1 ')},
        "a leaf spelt otherwise": {**good, "leaf": leaf.replace("decisions", "d\\u0065cisions")},
        "another place": {**good, "index": 18},
        "no place": {**good, "index": -1},
        "a place beyond the end": {**good, "index": 120},
        "an immense place": {**good, "index": 10**300},
        "another size": {**good, "size": 121},
        "a proof cut": {**good, "inclusion": good["inclusion"][:-1]},
        "no proof": {**good, "inclusion": []},
        "a longer proof": {**good, "inclusion": [*good["inclusion"], good["inclusion"][0]]},
        "a proof of anything": {**good, "inclusion": ["A", 7, None]},
        "a proof of no hashes": {**good, "inclusion": ["AAAA"] * 7},
        "an immense proof": {**good, "inclusion": ["AAAA"] * 90_000},
        "another checkpoint": {**good, "checkpoint": held(119)},
        "no checkpoint": {**good, "checkpoint": "trust me"},
        "of another key": {**good, "checkpoint": held(120, OTHER)},
        "of another key, which it brings": {
            **good,
            "checkpoint": held(120, OTHER),
            "key": OTHER.key,
        },
        "it names another key": {**good, "key": OTHER.key},
    }


@pytest.mark.parametrize("name", receipts())
def test_a_receipt_that_is_bent(name: str, say: Say) -> None:
    assert say("receipt", "r", r=receipts()[name])[0] == 1


def test_a_receipt_and_what_a_partner_held(say: Say) -> None:
    receipt = forging.receipt(LEDGER, 17, 120)
    how = ("receipt", "r", "--held", "h")
    assert say(*how, r=receipt, h=held(120))[0] == 0
    code, said = say(*how, r=receipt, h=held(50))
    assert (code, "ask for the consistency file of 50 and 120 leaves" in said) == (1, True)
    how += ("--consistency", "c")
    assert say(*how, r=receipt, h=held(50), c=forging.consistency(LEDGER, 50, 120))[0] == 0
    assert say(*how, r=receipt, h=held(200), c=forging.consistency(LEDGER, 120, 200))[0] == 0
    assert say(*how, r=receipt, h=held(50), c=forging.consistency(LEDGER, 51, 120))[0] == 1
    assert say(*how, r=receipt, h=held(50), c=forging.consistency(LEDGER, 50, 121))[0] == 1
    assert say(*how, r=receipt, h=held(50, OTHER), c=forging.consistency(LEDGER, 50, 120))[0] == 1


# Consistency


@pytest.mark.clause("P-RECORD", part=True)
def test_two_checkpoints_of_one_history(say: Say) -> None:
    good = forging.consistency(LEDGER, 50, 120)
    assert say("consistency", "c", c=good)[0] == 0
    assert say("consistency", "c", "--held", "h", c=good, h=held(50))[0] == 0
    assert say("consistency", "c", "--held", "h", c=good, h=held(120))[0] == 0
    code, said = say("consistency", "c", "--held", "h", c=good, h=held(51))
    assert (code, "neither of the two" in said) == (1, True)
    assert say("consistency", "c", c=forging.consistency(LEDGER, 120, 120))[0] == 0
    assert say("consistency", "c", c=forging.consistency(LEDGER, 0, 120))[0] == 0
    assert say("consistency", "c", c=forging.consistency(LEDGER, 0, 0))[0] == 0


def test_two_checkpoints_of_two_histories(say: Say) -> None:
    good = forging.consistency(LEDGER, 50, 120)
    elsewhere = forging.Signer("elsewhere.example")
    forged = SIGNER.checkpoint(50, b"f" * 32)
    for bent in (
        {"first": forged},
        {"second": SIGNER.checkpoint(120, b"f" * 32)},
        {"first": forged, "second": held(50), "proof": []},
        {"first": good["second"], "second": good["first"]},
        {"first": held(50, OTHER)},
        {"second": held(120, OTHER)},
        {"proof": []},
        {"proof": good["proof"][::-1]},
        {"proof": [*good["proof"], good["proof"][0]]},
        {"proof": ["?"]},
        {"first": "", "second": ""},
    ):
        assert say("consistency", "c", c={**good, **bent})[0] == 1, bent
    code, said = say(
        "consistency", "c", "--key", elsewhere.key, c={**good, "first": held(50, elsewhere)}
    )
    assert (code, "of two ledgers" in said) == (1, True)


def test_a_step_of_a_proof_is_as_long_as_a_hash(say: Say) -> None:
    """Whoever has the signing key could else cut two hashes elsewhere, and sign no tree at all."""
    three = LEDGER.bodies[:3]
    both = forging.tree(three[:2]) + forging.leaf(three[2])
    assert forging.tree(three) == forging.pair(both[:32], both[32:])
    left, inner, last = both[:20], both[20:], b"d" * 32
    steps = [inner, last, left]
    forged = {
        "first": held(3),
        "second": SIGNER.checkpoint(4, forging.pair(left, forging.pair(inner, last))),
        "proof": [forging.base(step) for step in steps],
    }
    code, said = say("consistency", "c", c={**forging.consistency(LEDGER, 50, 120), **forged})
    assert (code, "not a list of hashes" in said) == (1, True)


# The whole


def folder(say: Say, *more: str, ledger: forging.Ledger = LEDGER, **files: Any) -> tuple[int, str]:
    both = {"leaves.jsonl": ledger.leaves, "checkpoints.jsonl": ledger.checkpoints, **files}
    return say("whole", ".", *more, **both)


@pytest.mark.clause("P-RECORD", "ISA-7.2", part=True)
def test_the_whole(say: Say) -> None:
    code, said = folder(say)
    assert (code, "You hold no checkpoint" in said) == (0, True)
    kept = {"h": held(50), "i": held(77), "j": held(200)}
    code, said = folder(say, "--held", "h", "--held", "i", "--held", "j", **kept)
    assert (code, "what you hold fits it (3)" in said) == (0, True)


def test_a_checkpoint_kept_from_an_email(say: Say) -> None:
    for kept in (
        held(50).replace("\n", "\r\n"),
        f"\n\n{held(50)}\n",
        held(50).rstrip(),
        b"\xef\xbb\xbf" + held(50).encode(),
    ):
        assert folder(say, "--held", "h", h=kept)[0] == 0


def test_what_does_not_fit_what_is_held(say: Say) -> None:
    later = forging.Ledger(LEDGER.bodies, [200], SIGNER)
    short = forging.Ledger(LEDGER.bodies[:120], [50, 120], SIGNER)
    assert folder(say, "--held", "h", h=held(120), ledger=later)[0] == 0
    code, said = folder(say, "--held", "h", h=held(200), ledger=short)
    assert (code, "is of 200 leaves; there are 120" in said) == (1, True)
    code, said = folder(say, "--held", "h", h=SIGNER.checkpoint(50, b"f" * 32))
    assert (code, "does not fit the first 50 leaves" in said) == (1, True)
    elsewhere = forging.Signer("elsewhere.example")
    code, said = folder(say, "--held", "h", "--key", elsewhere.key, h=held(50, elsewhere))
    assert (code, "of another ledger" in said) == (1, True)


def test_a_ledger_that_is_not_in_order(say: Say) -> None:
    leaves, checkpoints = LEDGER.leaves, LEDGER.checkpoints
    unsigned = leaves + LEDGER.bodies[0] + b"\n"
    lines = checkpoints.splitlines(keepends=True)
    for files, why in (
        ({"leaves.jsonl": unsigned}, "1 leaves at the end are not yet signed"),
        ({"leaves.jsonl": leaves[:-1]}, "leaves.jsonl, line 200, is cut off"),
        ({"leaves.jsonl": b""}, "there are 0"),
        ({"leaves.jsonl": b"x" * (3 << 20)}, "longer than 1,048,576 bytes"),
        ({"leaves.jsonl": leaves.replace(b"\n", b"\r\n", 1)}, "line 1, is not a leaf"),
        ({"leaves.jsonl": b"\xff" + leaves}, "line 1, is not a leaf"),
        ({"leaves.jsonl": b"\n" * 5000}, "Reading stopped there"),
        ({"checkpoints.jsonl": b""}, "nothing is signed"),
        ({"checkpoints.jsonl": b"[" * 90_000 + b"\n"}, "line 1, is not a note in canonical"),
        ({"checkpoints.jsonl": b'{"a":1}\n'}, "line 1, is not a note in canonical"),
        ({"checkpoints.jsonl": b" " + checkpoints}, "line 1, is not a note in canonical"),
        ({"checkpoints.jsonl": b"".join(lines[::-1])}, "of fewer leaves than"),
    ):
        code, said = folder(say, **files)
        assert (code, why in said) == (1, True), said


def test_keys_that_followed_each_other(say: Say) -> None:
    notes = [*LEDGER.notes[:2], held(200, OTHER)]
    files = {"checkpoints.jsonl": "".join(json.dumps(note) + "\n" for note in notes)}
    assert folder(say, "--key", OTHER.key, **files)[0] == 0
    code, said = folder(say, **files)
    assert (code, "line 3, is not signed by a key that you gave" in said) == (1, True)
    assert folder(say, key="@k", k=f"{SIGNER.key}\n\n{OTHER.key}\n", **files)[0] == 0


def test_the_key_in_the_folder_is_not_asked(say: Say) -> None:
    forged = forging.Ledger(LEDGER.bodies, [200], OTHER)
    assert folder(say, ledger=forged, **{"keys.txt": OTHER.key})[0] == 1


# What cannot be checked


def test_what_cannot_be_checked(say: Say) -> None:
    good = forging.receipt(LEDGER, 3, 50)
    for bad in (
        *("", "{", "[]", "null", "7", "[" * 90_000, '"receipt"', b"\xff\xfe", "9" * 5000),
        *({}, {"receipt": 1}, {**good, "more": 1}, {**good, "receipt": 2}, {**good, "key": ""}),
        *({**good, "receipt": True}, {**good, "index": "3"}, {**good, "index": 3.0}),
        *({**good, "index": True}, {**good, "inclusion": "x"}, {**good, "inclusion": {}}),
        *({**good, "leaf": None}, {**good, "checkpoint": 1}, {**good, "key": 1}),
        *({**good, "key": "@r"}, forging.consistency(LEDGER, 3, 50), "x" * (5 << 20)),
    ):
        assert say("receipt", "r", r=bad)[0] == 2, str(bad)[:80]
    assert say("consistency", "r", r=good)[0] == 2
    assert say("receipt", "r", "--consistency", "r", r=good)[0] == 2
    assert say("receipt", "nowhere")[0] == 2
    assert say("receipt", ".")[0] == 2
    assert say("whole", "nowhere")[0] == 2
    assert say("whole", ".")[0] == 2
    for kept in ("", "hello", b"\xff", held(3)[:-20] + "?", "x" * (5 << 20), None):
        assert (
            say("receipt", "r", "--held", "nothing" if kept is None else "h", r=good, h=kept)[0]
            == 2
        )
    for key in ("", "me", "@nowhere", "@r", SIGNER.key[:-1]):
        assert say("receipt", "r", r=good, key=key)[0] == 2


def test_no_value_can_draw_on_the_screen(say: Say) -> None:
    leaf = {**LEAVES[number_of("look")], "thing": "\x1b[2J{v.__class__}\nYES: all is well \u202e"}
    ledger = forging.Ledger([forging.canonical(leaf)], [1], SIGNER)
    code, said = say("receipt", "r", r=forging.receipt(ledger, 0, 1))
    assert code == 0
    assert "\\u001b" in said
    assert "{v.__class__}" in said
    assert len(said.splitlines()) == 3


def test_wrong_words_on_the_command_line(tmp_path: Path) -> None:
    for given in ([], ["whole"], ["receipt", "x"], ["dance"], ["whole", ".", "--key"]):
        with pytest.raises(SystemExit) as end:
            verify.main(given)
        assert end.value.code == 2


def test_a_path_that_the_terminal_cannot_write(tmp_path: Path) -> None:
    for name in (b"caf\xe9", "kept 手.txt".encode()):
        command = [sys.executable, FILE, "receipt", os.fsencode(tmp_path) + b"/" + name]
        done = subprocess.run(
            [*command, "--key", SIGNER.key],
            env={"PYTHONIOENCODING": "ascii"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 2
        assert done.stderr.startswith("ERROR: [Errno 2]")
        assert "Traceback" not in done.stderr


@pytest.mark.parametrize("by", [KeyboardInterrupt, MemoryError])
def test_stopped_before_the_end(
    by: type[BaseException], say: Say, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(*_: Any) -> Any:
        raise by

    monkeypatch.setattr(verify, "is_leaf", stopped)
    code, said = folder(say)
    assert (code, "stopped before the end" in said) == (2, True)


def test_without_its_package_it_is_no_verdict(tmp_path: Path) -> None:
    (tmp_path / "cryptography.py").write_text("")
    (tmp_path / "v.py").write_bytes(FILE.read_bytes())
    done = subprocess.run(
        [sys.executable, tmp_path / "v.py"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr.startswith("ERROR: ")) == (2, True)


def test_it_needs_nothing_of_the_portal(tmp_path: Path) -> None:
    """Alone in an empty folder, cut off from this project; the modules that it loads say so."""
    copy = tmp_path / "verify_ledger.py"
    copy.write_bytes(FILE.read_bytes())
    (tmp_path / "r").write_text(json.dumps(forging.receipt(LEDGER, 3, 50)))
    ask = (
        "import runpy, sys\n"
        f"sys.argv = ['v', 'receipt', 'r', '--key', {SIGNER.key!r}]\n"
        "try:\n    runpy.run_path('verify_ledger.py', run_name='__main__')\n"
        "except SystemExit as end:\n    assert end.code == 0\n"
        "packages = {name.split('.')[0] for name in sys.modules} - sys.stdlib_module_names\n"
        "print(sorted(name for name in packages if not name.startswith('_')))\n"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-c", ask],
        cwd=tmp_path,
        env={},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "YES: " in done.stdout
    loaded = set(json.loads(done.stdout.splitlines()[-1].replace("'", '"')))
    assert loaded - {"cryptography", "cffi", "typing_extensions"} == set()


def all_of(master: int) -> bytes:
    """What was written to a terminal: the system hands it on in pieces, at its own time."""
    said = b""
    with contextlib.suppress(OSError):  # nobody holds the other side any more
        while piece := os.read(master, 10_000):
            said += piece
    return said


def test_a_bar_where_a_person_looks(tmp_path: Path) -> None:
    big = forging.Ledger(LEDGER.bodies * 50, [len(LEDGER.bodies) * 50], SIGNER)
    (tmp_path / "leaves.jsonl").write_bytes(big.leaves)
    (tmp_path / "checkpoints.jsonl").write_bytes(big.checkpoints)
    quick = FILE.read_text(encoding="utf-8").replace(
        "PATIENCE: Final = 2.0", "PATIENCE: Final = -1"
    )
    assert "= -1" in quick
    copy = tmp_path / "verify_ledger.py"
    copy.write_text(quick, encoding="utf-8")
    master, terminal = pty.openpty()
    command = [sys.executable, copy, "whole", tmp_path, "--key", SIGNER.key]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=terminal, text=True, check=True)
    os.close(terminal)
    drawn = all_of(master).decode()
    os.close(master)
    assert "leaves.jsonl [" in drawn
    assert drawn.rstrip().endswith("%\r\x1b[K")
    assert done.stdout.splitlines()[-1].startswith("YES: ")
