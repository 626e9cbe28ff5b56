"""Signed notes, keys and checkpoints: published answers, and every shape that is none."""

import json
import random
from pathlib import Path
from typing import Any

import pytest

from tests.ledger import forging
from tests.ledger.verifier import verify

KNOWN: dict[str, Any] = json.loads((Path(__file__).parent / "vectors.json").read_text())["note"]
WORDS, PETER, ENOCH = KNOWN["text"], KNOWN["by_peter"], KNOWN["by_enoch"]
NOTE = f"{WORDS}\n{PETER}"
SIGNER = forging.Signer()
KEYS = verify.trusted_keys([SIGNER.key])
GOOD = SIGNER.checkpoint(3, b"r" * 32)
BODY = GOOD[: GOOD.index("\n\n") + 1]


def by(*names: str) -> Any:
    return verify.trusted_keys([KNOWN[name] for name in names])


def refused(note: str, keys: Any) -> str:
    with pytest.raises(verify.Refuted) as no:
        verify.opened("It", note, keys)
    return " ".join(no.value.args)


def test_published_note() -> None:
    assert verify.opened("It", NOTE, by("peter")) == (WORDS, {"PeterNeumann"})
    both = verify.opened("It", NOTE + ENOCH, by("peter", "enoch"))
    assert both == (WORDS, {"PeterNeumann", "EnochRoot"})


def test_signatures_of_others_are_passed_over_and_false_ones_are_not() -> None:
    damaged = f"{ENOCH[:60]}ABCD{ENOCH[60:]}"
    assert verify.opened("It", NOTE + ENOCH + damaged, by("peter"))[1] == {"PeterNeumann"}
    assert "false" in refused(f"{WORDS}\n{PETER[:60]}ABCD{PETER[60:]}", by("peter"))
    assert "false" in refused(NOTE + damaged, by("peter", "enoch"))
    assert "not signed by a key" in refused(NOTE, by("enoch"))
    assert "not signed by a key" in refused(NOTE.replace("— Peter", "— Petra"), by("peter"))


MALFORMED = {
    "nothing": "",
    "no signature": WORDS,
    "an empty line and no signature": f"{WORDS}\n",
    "no end of the last line": NOTE[:-1],
    "no text": f"\n{PETER}",
    "no empty line": WORDS + PETER,
    "a control character": f"\x01{NOTE}",
    "a tab": f"a\t{NOTE}",
    "a carriage return": NOTE.replace("\n", "\r\n"),
    "half of a letter": f"\ud800{NOTE}",
    "a name with a space": f"{WORDS}\n{PETER.replace('Neumann', ' Neumann')}",
    "a name with a wide space": f"{WORDS}\n{PETER.replace('Neumann', chr(0x2003))}",
    "a name with a plus": f"{WORDS}\n{PETER.replace('Neumann', '+')}",
    "no name": f"{WORDS}\n{PETER.replace('PeterNeumann', '')}",
    "a hyphen for the dash": f"{WORDS}\n{PETER.replace('—', '-')}",
    "no space after the dash": f"{WORDS}\n{PETER.replace('— ', '—')}",
    "two spaces": f"{WORDS}\n{PETER.replace('— ', '—  ')}",
    "no signature after the name": f"{WORDS}\n— PeterNeumann\n",
    "a line that is none": f"{NOTE}Unexpected line.\n",
    "a line after an empty one": f"{NOTE}\nmore\n",
    "no base64": f"{WORDS}\n{PETER.replace('x08go', 'x0!go')}",
    "base64 without its end": f"{WORDS}\n{PETER.replace('=', '')}",
    "base64 for addresses": f"{WORDS}\n{PETER.replace('/', '_')}",
    "base64 spelt another way": f"{WORDS}\n{PETER.replace('nAM=', 'nAN=')}",
    "too many": f"{WORDS}\n{PETER * 101}",
}


@pytest.mark.parametrize("note", MALFORMED.values(), ids=MALFORMED)
def test_what_is_no_note(note: str) -> None:
    assert refused(note, by("peter"))


def test_no_byte_of_a_note_can_be_changed() -> None:
    for place in range(len(NOTE)):
        for letter in {chr(ord(NOTE[place]) ^ 1), chr(ord(NOTE[place]) ^ 4), "", "\n", "A"}:
            if letter != NOTE[place]:
                assert refused(NOTE[:place] + letter + NOTE[place + 1 :], by("peter"))


def test_no_key_can_be_changed_or_cut() -> None:
    key = KNOWN["peter"]
    assert len(by("peter", "enoch", "peter")) == 2
    damaged = [key[start:end] for start in range(len(key)) for end in range(start, len(key) + 1)]
    damaged += [
        key[:place] + chr(ord(key[place]) + 1) + key[place + 1 :] for place in range(len(key))
    ]
    for each in [*damaged, *KNOWN["no_keys"], "", " ", "\ud800+00000000+AA==", "a b+1+AA=="]:
        if each != key:
            with pytest.raises(verify.Unusable):
                verify.trusted_keys([each])


def test_a_key_is_itself_also_where_keys_cannot_be_compared(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Old:
        """A key of cryptography 38, as Debian 12 has it: without an equality of its own."""

        @classmethod
        def from_public_bytes(cls, _raw: bytes) -> "Old":
            return cls()

    monkeypatch.setattr(verify, "Ed25519PublicKey", Old)
    key = forging.Signer(seed=b"\x26" * 32).key
    assert verify.trusted_keys([key, key]) == dict([verify.parse_key(key)])


def test_two_keys_of_one_name_and_id_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    keys = iter([(("n", b"1234"), 1), (("n", b"1234"), 2)])
    monkeypatch.setattr(verify, "parse_key", lambda _: next(keys))  # no such pair is to be had
    with pytest.raises(verify.Unusable, match="Two different"):
        verify.trusted_keys(["one\ntwo"])


def test_checkpoint() -> None:
    found = verify.trusted("It", GOOD, KEYS)
    assert (found.origin, found.size, found.root) == (forging.ORIGIN, 3, b"r" * 32)
    assert str(found) == "3 leaves, signed 2026-11-23T00:00:00Z"


ROOT = forging.base(b"r" * 32)
NO_CHECKPOINTS = {
    "two lines": f"{forging.ORIGIN}\n3\n",
    "an empty line in it": f"{forging.ORIGIN}\n3\n{ROOT}\n\nat 2026-11-23T00:00:00Z\n",
    "no origin": f"\n3\n{ROOT}\n",
    "another origin": f"other.example\n3\n{ROOT}\n",
    "a leading zero": f"{forging.ORIGIN}\n03\n{ROOT}\n",
    "a sign": f"{forging.ORIGIN}\n+3\n{ROOT}\n",
    "less than nothing": f"{forging.ORIGIN}\n-3\n{ROOT}\n",
    "figures of another script": f"{forging.ORIGIN}\n٣\n{ROOT}\n",
    "a size without end": f"{forging.ORIGIN}\n{'9' * 40}\n{ROOT}\n",
    "a space after the size": f"{forging.ORIGIN}\n3 \n{ROOT}\n",
    "a root of 31 bytes": f"{forging.ORIGIN}\n3\n{forging.base(b'r' * 31)}\n",
    "a root of 33 bytes": f"{forging.ORIGIN}\n3\n{forging.base(b'r' * 33)}\n",
    "no root": f"{forging.ORIGIN}\n3\nroot\n",
}


@pytest.mark.parametrize("text", NO_CHECKPOINTS.values(), ids=NO_CHECKPOINTS)
def test_what_is_signed_and_no_checkpoint(text: str) -> None:
    with pytest.raises(verify.Refuted):
        verify.trusted("It", SIGNER.sign(text), KEYS)


def test_lines_of_extension_and_witnesses_are_allowed() -> None:
    witness = forging.Signer("witness.example", b"\x08" * 32)
    text = f"{forging.ORIGIN}\n0\n{ROOT}\nof later\n"
    note = SIGNER.sign(text) + witness.line(text)
    assert verify.trusted("It", note, KEYS).size == 0
    with pytest.raises(verify.Refuted):  # a witness alone is no ledger
        verify.trusted("It", note, verify.trusted_keys([witness.key]))


DRAW = random.Random(11)  # noqa: S311 - a test that can be run again
LEAVES = [forging.invented(DRAW, number) for number in range(200)]


def test_leaves_in_form() -> None:
    for leaf in LEAVES:
        assert verify.is_leaf(forging.canonical(leaf).decode())
    for text in ("é", '"', "\\", "\n", "\x7f", "\x00", "😀", "/", "~", " ", "\b\f\r\t"):
        leaf = {**LEAVES[0], "thing": f"a{text}b"}
        assert verify.is_leaf(forging.canonical(leaf).decode())


def spelt_otherwise(text: str) -> list[str]:
    """The same leaf, or one that reads like it, written in another way."""
    leaf = json.loads(text)
    turned = json.dumps(dict(reversed(leaf.items())), separators=(",", ":"))
    return [
        *(text + " ", " " + text, json.dumps(leaf, sort_keys=True), turned, f"[{text}]", ""),
        text.replace('"kind"', '"k\\u0069nd"'),
        text.replace('"v":1', '"v":1,"v":1'),
        text.replace('"v":1', '"v":1.0'),
        text.replace('"v":1', '"v":true'),
        text.replace('"v":1', '"v":2'),
        text.replace("decisions", "d\\u0065cisions").replace("requests", "r\\u0065quests"),
        text.replace("decisions", "d\\/cisions").replace("requests", "r\\/quests"),
        text.replace("decisions", "\\u00E9").replace("requests", "\\u00E9"),
        text.replace("decisions", "\\u000a").replace("requests", "\\u000a"),
        text.replace('"person":"', '"person":"\x7f'),
        text.replace('"person":"', '"person":"é'),
        text.replace("42Z", "42+00:00", 1),
        text.replace('"entry":', '"entry":0'),
        text.replace('"entry":', '"entry":-'),
    ]


def test_leaves_have_one_spelling() -> None:
    for leaf in LEAVES:
        text = forging.canonical(leaf).decode()
        for other in spelt_otherwise(text):
            assert other != text
            assert not verify.is_leaf(other), other


DETAILS = {
    "a fraction": '{"a":1.5}',
    "no number": '{"a":NaN}',
    "doubled": '{"a":1,"a":1}',
    "not sorted": '{"b":1,"a":2}',
    "spaced": '{"a": 1}',
    "broken off": '{"a":1',
    "too deep": "{" + '"a":{' * 60_000 + "}" * 60_001,
    "a number without end": '{"a":' + "9" * 5000 + "}",
    "two at once": '{},"x":{}',
}


@pytest.mark.parametrize("details", DETAILS.values(), ids=DETAILS)
def test_details_have_one_spelling(details: str) -> None:
    leaf = next(each for each in LEAVES if each.get("details") == {})
    text = forging.canonical(leaf).decode()
    assert verify.is_leaf(
        text.replace(
            '"details":{}', '"details":{"a":1,"b":{"c":[null,"é"]}}'.replace("é", "\\u00e9")
        )
    )
    assert not verify.is_leaf(text.replace('"details":{}', f'"details":{details}'))


@pytest.mark.parametrize("kind", ["change", "look"])
def test_a_leaf_has_its_fields_and_no_others(kind: str) -> None:
    leaf = next(each for each in LEAVES if each["kind"] == kind)
    for name in leaf:
        for other in (object, [], {"a": 1}, 1.5, True, -1, {"a": None}):
            bent = {key: value for key, value in leaf.items() if key != name}
            if other is not object and not (
                name in ("details", "may") and not isinstance(other, list)
            ):
                bent[name] = other
            if bent != leaf:
                assert not verify.is_leaf(forging.canonical(bent).decode()) or name == "may", name
    assert not verify.is_leaf(forging.canonical({**leaf, "zeal": 1}).decode())
    assert not verify.is_leaf(forging.canonical({**leaf, "kind": "other"}).decode())
