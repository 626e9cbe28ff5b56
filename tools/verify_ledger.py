"""Check the evidence ledger of the portal: one file, with nothing of the portal in it.

It needs Python 3.11 or later and the package ``cryptography``. It trusts the keys given with --key
and the checkpoints given with --held; never a key, or a claim, of what it checks. Each command ends
with "YES: ..." (exit 0) or "NO: ..." (exit 1). What cannot be checked at all, such as a missing
file, is an error (exit 2). docs/verifying.md says what a YES means.
Sources: RFC 6962 and 9162, section 2.1 (the tree); C2SP signed-note and tlog-checkpoint.
"""

import argparse
import base64
import json
import re
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache, partial
from hashlib import sha256
from io import TextIOWrapper
from pathlib import Path
from typing import Any, BinaryIO, Final

try:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
except ImportError:
    print("ERROR: this needs a package: python -m pip install cryptography", file=sys.stderr)
    sys.exit(2)

LIMIT: Final = 1 << 20  # bytes of one line; four times as many of a file that is read at once
MOST: Final = 20  # faults, after which reading stops
WIDE: Final = 300  # letters of a value that are shown
PATIENCE: Final = 2.0  # seconds before there is a bar
EMPTY: Final = sha256(b"").digest()  # the root of no leaves
UNLISTED: Final = "it was taken out, or the ledger was once put back from a backup."
NUMBER: Final = "(?:0|[1-9][0-9]{0,17})"
# How each value of a leaf is written in canonical JSON: each letter has one spelling there.
LETTER: Final = r'[ !#-\[\]-~]++|\\["\\bfnrt]|\\u(?!00[2-6]|007[0-9a-e]|000[89acd])[0-9a-f]{4}'
TEXT: Final = f'"(?:{LETTER})*+"'
CASE: Final = '(?:null|"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")'
TIME: Final = r'"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z"'
HEX: Final = '"(?:[0-9a-f]{2})*"'
BOTH = {"v": "1", "at": TIME, "entry": NUMBER, "person": TEXT, "agency": TEXT, "case": CASE}
BOTH |= {"thing": TEXT, "thing_id": TEXT}
LOOK = {"kind": '"look"', "look": TEXT, "may": TEXT}
CHANGE = {"kind": '"change"', "move": TEXT, "before": TEXT, "after": TEXT, "version": NUMBER}
CHANGE |= {"digest": HEX, "row": HEX, "commit": HEX, "details": r"(\{.*\})"}
CHANGE |= {"history": rf"(?:null|\[{NUMBER},{TIME}\])"}
DEEPEST: Final = 8  # levels of details; how deep one can read is a matter of the reader
CHANGED, LOOKED = (
    re.compile(r"\{" + ",".join(f'"{name}":{form[name]}' for name in sorted(form)) + r"\}")
    for form in (BOTH | CHANGE, BOTH | LOOK)
)
# A signed note: text, an empty line, signatures; no control character and no half of a letter.
NOTE: Final = re.compile("((?:.*\n)+)\n((?:\u2014 [^\\s+]+ [A-Za-z0-9+/=]+\n){1,100})")
UNFIT: Final = re.compile("[\x00-\x09\x0b-\x1f\ud800-\udfff]")
CHECKPOINT: Final = re.compile(
    f"(.+)\n({NUMBER})\n([A-Za-z0-9+/]{{43}}=)\n(?:at ([0-9TZ:-]{{20}})\n)?"
    f"(?:previous ({NUMBER}) ({NUMBER}) ([A-Za-z0-9+/]{{43}}=)\n)?(?:.+\n)*"
)
RECEIPT: Final = {"receipt": int, "leaf": str, "index": int, "size": int, "inclusion": list}
RECEIPT.update(checkpoint=str, key=str)
CONSISTENCY: Final = {"consistency": int, "first": str, "second": str, "proof": list, "key": str}
Keys = dict[tuple[str, bytes], Ed25519PublicKey]  # by key name and key id
Heads = list[tuple[str, "Checkpoint"]]  # where it stands, and what it says
Link = tuple[int, int, str]  # number and leaves of a checkpoint, and a hash of its signed lines


class Unusable(Exception):
    """What was given cannot be checked at all: exit 2."""


class Refuted(Exception):
    """What was checked does not hold: exit 1. Its arguments are sentences."""


@dataclass(frozen=True)
class Checkpoint:
    """Of which ledger, how many leaves, and their root; the time stands beside it."""

    origin: str
    size: int
    root: bytes
    at: str = field(compare=False)
    text: str = field(compare=False, default="")
    previous: Link | None = field(compare=False, default=None)  # older ones do not say it

    def __str__(self) -> str:
        return f"{self.size:,} leaves{self.at and f', signed {self.at}'}"


def node(left: bytes, right: bytes) -> bytes:
    """The hash of two subtrees."""
    return sha256(b"\x01" + left + right).digest()


class Frontier:
    """The roots of the full subtrees, largest first: all that a root needs of the leaves so far."""

    def __init__(self) -> None:
        self.size, self.peaks = 0, list[bytes]()
        self.fits = 0  # the leaves that a checkpoint is known to fit

    def add(self, body: bytes) -> None:
        """One leaf more; subtrees of the same height are joined."""
        joined, place = sha256(b"\x00" + body).digest(), self.size
        while place & 1:
            joined, place = node(self.peaks.pop(), joined), place >> 1
        self.peaks.append(joined)
        self.size += 1

    def root(self) -> bytes:
        """The root of all leaves so far."""
        root = self.peaks[-1] if self.peaks else EMPTY
        for peak in self.peaks[-2::-1]:
            root = node(peak, root)
        return root


def included(body: bytes, index: int, size: int, proof: list[bytes], root: bytes) -> bool:
    """Whether this is leaf ``index`` of the tree of ``size`` leaves (RFC 6962, 2.1.1, upwards)."""
    steps = list(proof)

    def climbed(index: int, size: int) -> bytes:
        if size == 1:
            return sha256(b"\x00" + body).digest()
        beside, left = steps.pop(), 1 << (size - 1).bit_length() - 1  # leaves of the left subtree
        if index < left:
            return node(climbed(index, left), beside)
        return node(beside, climbed(index - left, size - left))

    try:
        return 0 <= index < size and climbed(index, size) == root and not steps
    except IndexError:  # the proof is too short
        return False


def consistent(first: int, second: int, root: bytes, grown: bytes, proof: list[bytes]) -> bool:
    """Whether the first tree (of ``root``) begins the second (of ``grown``) (RFC 6962, 2.1.2)."""
    steps = list(proof)

    def climbed(first: int, second: int, known: bytes | None) -> tuple[bytes, bytes]:
        if first == second:
            return (known, known) if known else (steps[-1], steps.pop())
        beside, left = steps.pop(), 1 << (second - 1).bit_length() - 1
        if first <= left:
            old, new = climbed(first, left, known)
            return old, node(new, beside)
        old, new = climbed(first - left, second - left, None)
        return node(beside, old), node(beside, new)

    if first == 0 < second:  # every tree continues the empty one
        return root == EMPTY and not proof
    try:
        return first <= second and climbed(first, second, root) == (root, grown) and not steps
    except IndexError:
        return False


def shown(value: object) -> str:
    """Something out of a file, safe to print: ASCII, no control characters, cut when long."""
    text = json.dumps(value, sort_keys=True)
    return text if len(text) <= WIDE else f"{text[:WIDE]}..."


def single(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object of JSON; of two values of one name, each reader could take another."""
    if len(value := dict(pairs)) != len(pairs):
        raise ValueError("a name twice")
    return value


def parsed(text: str) -> Any:
    """What JSON without fractions says. Raises ValueError."""
    try:
        return json.loads(text, parse_float=int, parse_constant=int, object_pairs_hook=single)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def read(path: str) -> str:
    """The text of a small file, however its lines end."""
    with open(path, "rb") as file:
        raw = file.read(4 * LIMIT + 1)
    if len(raw) > 4 * LIMIT:
        raise Unusable(f"{path} is longer than {4 * LIMIT:,} bytes: it is something else.")
    try:
        return raw.decode("utf-8-sig").replace("\r\n", "\n")
    except ValueError:
        raise Unusable(f"{path} is not text.") from None


def unbase64(text: str) -> bytes:
    """Each value has one spelling; what decodes but is written another way is refused."""
    raw = base64.b64decode(text, validate=True)
    if base64.b64encode(raw).decode() != text:
        raise ValueError("base64 written another way")
    return raw


def unhash(text: str) -> bytes:
    """A step of a proof. Were other lengths taken, one text could be parted into other steps."""
    if len(raw := unbase64(text)) != len(EMPTY):
        raise ValueError("not a hash")
    return raw


@cache  # keys of cryptography before version 40 are equal only when they are the same object
def parse_key(text: str) -> tuple[tuple[str, bytes], Ed25519PublicKey]:
    """A verifier key, name+id+base64: its name and id, and the key. Raises Unusable."""
    name, number, encoded = (*text.split("+", 2), "", "")[:3]
    try:
        raw = unbase64(encoded)
        known = sha256(name.encode() + b"\n" + raw).digest()[:4]
        if known.hex() == number and raw[:1] == b"\x01" and re.fullmatch(r"\S+", name):
            return (name, known), Ed25519PublicKey.from_public_bytes(raw[1:])
    except ValueError:
        pass
    raise Unusable(f"{shown(text)} is not a verifier key of Ed25519, or not the whole of one.")


def trusted_keys(given: list[str]) -> Keys:
    """The keys of --key; @ and a path stands for those in a file, one a line."""
    texts = "\n".join(read(text[1:]) if text.startswith("@") else text for text in given)
    keys: Keys = {}
    for line in filter(None, map(str.strip, texts.split("\n"))):
        known, key = parse_key(line)
        if keys.setdefault(known, key) != key:
            raise Unusable(f"Two different keys have the name and id of {shown(line)}.")
    if not keys:
        raise Unusable("No key was given.")
    return keys


def opened(what: str, note: str, keys: Keys) -> tuple[str, set[str]]:
    """The text of a signed note, and those of the given keys that signed it. Raises Refuted."""
    found, signers = NOTE.fullmatch(note), set()
    if not found or UNFIT.search(note):
        raise Refuted(f"{what} is not a signed note.")
    for line in found[2][:-1].split("\n"):
        _, name, encoded = line.split(" ")
        try:
            raw = unbase64(encoded)
            if key := keys.get((name, raw[:4])):  # other keys, as of witnesses, say nothing here
                key.verify(raw[4:], found[1].encode())
                signers.add(name)
        except (ValueError, InvalidSignature):
            raise Refuted(f"{what}: the signature by {shown(name)} is false.") from None
    if not signers:
        raise Refuted(f"{what} is not signed by a key that you gave: {shown(found[2])}.")
    return found[1], signers


def trusted(what: str, note: str, keys: Keys) -> Checkpoint:
    """The checkpoint in a note, once its ledger has signed it with a given key. Raises Refuted."""
    text, signers = opened(what, note, keys)
    found = CHECKPOINT.fullmatch(text)
    if not found or found[1] not in signers:
        raise Refuted(f"{what} is not a checkpoint, or not of the ledger that signed it.")
    before = (int(found[5]), int(found[6]), found[7]) if found[5] else None
    root = base64.b64decode(found[3])
    return Checkpoint(found[1], int(found[2]), root, found[4] or "", text, before)


def kept(path: str, keys: Keys) -> Checkpoint:
    """A checkpoint that somebody has kept in a file, with or without empty lines around it."""
    note = read(path).strip() + "\n"
    if not NOTE.fullmatch(note):
        raise Unusable(f"{path} is not a signed checkpoint, or not the whole of one.")
    return trusted(f"The checkpoint that you hold in {path}", note, keys)


def is_leaf(body: str) -> bool:
    """Whether this is a leaf in canonical JSON: one spelling, so one hash."""
    found = CHANGED.fullmatch(body)
    if not found or found[1] == "{}":
        return bool(found or LOOKED.fullmatch(body))
    try:
        details = parsed(found[1])
    except ValueError:
        return False
    spelt = is_shallow(details) and json.dumps(details, sort_keys=True, separators=(",", ":"))
    return bool(spelt == found[1])


def is_shallow(value: Any, levels: int = DEEPEST) -> bool:
    """Whether nothing in this stands deeper than so many levels."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return levels > 0 and all(is_shallow(each, levels - 1) for each in inner)


def lines_of(stream: BinaryIO, name: str) -> Iterator[tuple[str, str]]:
    """Where each line stands and what it holds; what is not ASCII becomes what no line may hold."""
    total, done, begun = stream.seek(0, 2), 0, time.monotonic()
    stream.seek(0)
    for number, line in enumerate(iter(partial(stream.readline, LIMIT), b""), 1):
        if not line.endswith(b"\n"):
            raise Refuted(f"{name}, line {number}, is cut off, or longer than {LIMIT:,} bytes.")
        yield f"{name}, line {number},", line[:-1].decode("ascii", "replace")
        done += len(line)
        if number % 4096 == 0 and time.monotonic() - begun > PATIENCE and sys.stderr.isatty():
            drawn = "#" * (30 * done // total)
            print(f"{name} [{drawn:<30}] {done / total:4.0%}", end="\r", file=sys.stderr)


def signed_heads(stream: BinaryIO, keys: Keys) -> Iterator[tuple[str, Checkpoint]]:
    """Where each checkpoint of a ledger stands, and what it says. Raises Refuted."""
    before = Checkpoint("", 0, EMPTY, "")
    for where, line in lines_of(stream, "checkpoints.jsonl"):
        try:
            note = parsed(line)
        except ValueError:
            note = None
        if type(note) is not str or json.dumps(note) != line:
            raise Refuted(f"{where} is not a note in canonical JSON.")
        if (checkpoint := trusted(where, note, keys)).size < before.size:
            raise Refuted(f"{where} is of fewer leaves than the checkpoint before it.")
        yield where, (before := checkpoint)


def gaps(signed: Heads) -> list[str]:
    """Where checkpoints were taken out or put in, in words: each names the one before it."""
    faults, linked, last = list[str](), False, (0, 0, base64.b64encode(EMPTY).decode())
    for where, c in signed:
        names, one = c.previous or last, f"{where} a checkpoint of {c.size:,} leaves,"
        if linked and not c.previous:
            faults.append(f"{one} does not say which came before it.")
        elif (many := names[0] - last[0]) > 0:
            of = f"the last of them of {names[1]:,} leaves"
            oldest = "among the oldest, which do not say which came before them"
            which = oldest if names[1:] == last[1:] else of
            faults.append(f"Before {one} checkpoints are missing ({many}), {which}.")
        elif names != last:
            faults.append(
                f"Before {one} belongs number {names[0]}, of {names[1]:,} leaves; there stands "
                f"number {last[0]}, of {last[1]:,} leaves."
            )
        linked = linked or c.previous is not None
        digest = base64.b64encode(sha256(c.text.encode()).digest()).decode()
        last = (names[0] + 1, c.size, digest)
    return faults


def check_whole(leaves: BinaryIO, checkpoints: BinaryIO, held: Heads, keys: Keys) -> Heads:
    """The checkpoints of a ledger that holds, from its first leaf to its last. Raises Refuted."""
    signed = list(signed_heads(checkpoints, keys))
    if not signed:
        raise Refuted("checkpoints.jsonl is empty: nothing is signed.")
    last = signed[-1][1]
    heads = sorted(signed + held, key=lambda head: head[1].size, reverse=True)
    faults = [f"{where} is of another ledger." for where, c in heads if c.origin != last.origin]
    frontier = Frontier()
    faults += gaps(signed)
    faults += settled(heads, frontier)
    for where, body in lines_of(leaves, "leaves.jsonl"):
        if not is_leaf(body):
            faults.append(f"{where} is not a leaf in canonical JSON.")
        frontier.add(body.encode())
        if heads and heads[-1][1].size == frontier.size:
            faults += settled(heads, frontier)
        if len(faults) >= MOST:
            raise Refuted(*faults, "Reading stopped there.")
    if frontier.size > last.size:
        faults.append(f"{frontier.size - last.size:,} leaves at the end are not yet signed.")
    faults += [
        f"{where} is of {c.size:,} leaves; there are {frontier.size:,}." for where, c in heads
    ]
    if faults:
        raise Refuted(*faults[:MOST])
    return signed


def settled(heads: Heads, frontier: Frontier) -> list[str]:
    """Take away the checkpoints of as many leaves; what does not fit these leaves, in words."""
    faults, fits, root = [], frontier.fits, frontier.root()
    while heads and heads[-1][1].size == frontier.size:
        where, checkpoint = heads.pop()
        if checkpoint.root == root:
            frontier.fits = frontier.size
        else:
            first = f"the first {frontier.size:,} leaves; the first {fits:,} fit"
            faults.append(f"{where} does not fit {first}.")
    return faults


def record(path: str, shape: dict[str, type], keys: Keys) -> dict[str, Any]:
    """What a receipt or a consistency file holds, each value of the right type."""
    kind, proof = next(iter(shape)), "proof" if "proof" in shape else "inclusion"
    try:
        value: Any = parsed(read(path))
    except ValueError:
        value = None
    types = {name: type(value[name]) for name in value} if isinstance(value, dict) else None
    if types != shape or value[kind] != 1:
        raise Unusable(f"{path} is not a {kind} file.")
    known, key = parse_key(value["key"])
    if keys.get(known) != key:
        raise Refuted(f"{path} names a key that you did not give: {shown(value['key'])}.")
    try:
        value[proof] = [unhash(step) for step in value[proof]]
    except (ValueError, TypeError):
        raise Refuted(f"The proof in {path} is not a list of hashes.") from None
    return dict(value)


def history(path: str, keys: Keys) -> list[Checkpoint]:
    """The two checkpoints of a consistency file, once the first begins the second."""
    value = record(path, CONSISTENCY, keys)
    one, two = (
        trusted(f"The {name} checkpoint", value[name], keys) for name in ("first", "second")
    )
    if one.origin != two.origin:
        raise Refuted("The two checkpoints are of two ledgers.")
    if not consistent(one.size, two.size, one.root, two.root, value["proof"]):
        raise Refuted(f"It is not shown that {one} are the beginning of {two}.")
    return [one, two]


def consistency(args: argparse.Namespace, keys: Keys) -> str:
    """Whether two checkpoints are of one history; what is held is one of them."""
    one, two = history(args.file, keys)
    for path in args.held:
        if kept(path, keys) not in (one, two):
            what = f"The checkpoint that you hold in {path}"
            raise Refuted(f"{what} is neither of the two: they show nothing for it.")
    return f"the {one} are the beginning of the {two}: nothing of them was changed or taken away."


def receipt(args: argparse.Namespace, keys: Keys) -> str:
    """Whether the leaf of a receipt is among those that were signed; says what the leaf says."""
    if args.consistency and not args.held:
        raise Unusable("--consistency is of use only together with --held.")
    value = record(args.file, RECEIPT, keys)
    body, index = value["leaf"], value["index"]
    signed = trusted("The checkpoint of the receipt", value["checkpoint"], keys)
    if not is_leaf(body):
        raise Refuted("The leaf of the receipt is not a leaf in canonical JSON.")
    proved = included(body.encode(), index, signed.size, value["inclusion"], signed.root)
    if value["size"] != signed.size or not proved:
        raise Refuted(f"The leaf is not shown to be number {index} (from 0) of the {signed}.")
    for held in [kept(path, keys) for path in args.held]:
        alone = held == signed or not args.consistency
        both = [signed] if alone else history(args.consistency, keys)
        if held not in both or signed not in both:
            raise Refuted(
                "It is not shown that receipt and held checkpoint are of one history: ask for the "
                f"consistency file of {held.size:,} and {signed.size:,} leaves."
            )
    leaf = {name: shown(said) if said else "none" for name, said in parsed(body).items()}
    did = "looked ({look}, by {may}) at" if "look" in leaf else "made the move {move} on"
    words = f"At {{at}} person {{person}}, for agency {{agency}}, {did} {{thing}} {{thing_id}}"
    words += " of case {case}."
    if "move" in leaf:
        words += (
            "\nOutcome code: {after}, before it {before}. Version: {version}. Details: {details}."
        )
    print(words.format_map(leaf))
    return f"this is leaf {index:,} (counted from 0) of {signed}."


def whole(args: argparse.Namespace, keys: Keys) -> str:
    """Whether an exported ledger holds, from its first leaf to its last."""
    held = [(f"The checkpoint that you hold in {path}", kept(path, keys)) for path in args.held]
    folder = Path(args.file)
    with (
        (folder / "leaves.jsonl").open("rb") as leaves,
        (folder / "checkpoints.jsonl").open("rb") as checkpoints,
    ):
        try:
            signed = check_whole(leaves, checkpoints, held, keys)
        finally:
            if sys.stderr.isatty():  # take away the bar
                print("\x1b[K", end="", file=sys.stderr, flush=True)
    print(f"Each leaf is in form. Checkpoints: {len(signed):,}, each signed, each fits its leaves.")
    there = [checkpoint for _, checkpoint in signed]
    for where, one in held:
        if one not in there:
            print(f"{where} fits, and is not in the export: {UNLISTED}")
    also = f", and what you hold fits it ({len(held)})" if held else ""
    return f"the ledger is whole{also}: {signed[-1][1]}."


def main(given: list[str] | None = None) -> int:
    """Run one command; the exit code is 0 for YES, 1 for NO, 2 for what cannot be checked."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    commands = parser.add_subparsers(required=True, metavar="whole | receipt | consistency")
    for command in (whole, receipt, consistency):
        each = commands.add_parser(command.__name__, help=command.__doc__)
        each.add_argument("file", metavar="FOLDER" if command is whole else "FILE")
        each.add_argument("--key", action="append", required=True, help="verifier key, or @FILE")
        kept_one = each.add_argument("--held", action="append", default=[], metavar="NOTEFILE")
        kept_one.help = "a checkpoint that you kept; each that you give is checked"
        if command is receipt:
            each.add_argument("--consistency", metavar="FILE", help="from --held to the receipt")
        each.set_defaults(command=command)
    args = parser.parse_args(given)
    for out in (sys.stdout, sys.stderr):  # a path may hold letters that the terminal lacks
        if isinstance(out, TextIOWrapper):
            out.reconfigure(errors="backslashreplace")
    try:
        holds = args.command(args, trusted_keys(args.key))
        if not args.held:
            print("You hold no checkpoint: whoever has the signing key could have written it anew.")
        print(f"YES: {holds}")
    except Refuted as no:
        several = f"{len(no.args)} things are wrong, as said above."
        print(*no.args[1:] and no.args, f"NO: {several if no.args[1:] else no.args[0]}", sep="\n")
        return 1
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 - what was not foreseen is no NO
        print(f"ERROR: {str(error) or 'stopped before the end.'}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
