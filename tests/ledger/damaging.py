"""Ways in which what stands where the leaf of a change should is none: a leaf in, a line out."""

import json
from collections.abc import Callable
from typing import Any

from tests.ledger.forging import canonical

Leaf = dict[str, Any]
Damage = Callable[[Leaf], str]


def plain(leaf: Leaf) -> str:
    return canonical(leaf).decode()


def saying(**other: Any) -> Damage:
    """A value of another sort, or under another name."""
    return lambda leaf: plain({**leaf, **other})


def without(name: str) -> Damage:
    return lambda leaf: plain({key: said for key, said in leaf.items() if key != name})


def put(old: str, new: str) -> Damage:
    return lambda leaf: plain(leaf).replace(old, new, 1)


def detailed(details: str) -> Damage:
    """Details that JSON in its one spelling cannot say."""
    return lambda leaf: plain({**leaf, "details": {}}).replace("{}", details, 1)


def nested(levels: int) -> str:
    """Details so many levels deep; the innermost says 1."""
    return '{"a":' * (levels - 1) + "1" + "}" * (levels - 1)


DEEPEST = 8

DAMAGED: dict[str, Damage] = {
    "nothing": lambda _: "",
    "no JSON": lambda leaf: plain(leaf)[:-1],
    "a list": lambda leaf: f"[{plain(leaf)}]",
    "a number": lambda _: "1",
    "null": lambda _: "null",
    "spaces": lambda leaf: json.dumps(leaf, sort_keys=True),
    "a space at the end": lambda leaf: f"{plain(leaf)} ",
    "another order": lambda leaf: json.dumps(
        dict(sorted(leaf.items(), reverse=True)), separators=(",", ":")
    ),
    "a letter beyond ASCII": put('"person":"', '"person":"\N{LATIN SMALL LETTER E WITH ACUTE}'),
    "a letter spelt otherwise": put('"change"', '"ch\\u0061nge"'),
    "a name too many": saying(zeal=1),
    "a name missing": without("details"),
    "a name twice": put('"v":1', '"v":1,"v":1'),
    "no kind": without("kind"),
    "another kind": saying(kind="other"),
    "the kind of other names": saying(kind="look"),
    "a kind that is none": saying(kind=["change"]),
    "another format": saying(v=2),
    "true for 1": saying(v=True),
    "a text for a number": saying(version="3"),
    "a number for a text": saying(person=3),
    "null for a text": saying(agency=None),
    "less than nothing": saying(entry=-1),
    "an immense number": saying(version=10**18),
    "a fraction": saying(version=1.0),
    "NaN": saying(version=float("nan")),
    "a day for a time": saying(at="2026-11-02"),
    "a case that is none": saying(case="somewhere"),
    "a digest that is none": saying(digest="DA39"),
    "half a digest": saying(row="a"),
    "a list for details": saying(details=[]),
    "history without a time": saying(history=[5]),
    "history at no time": saying(history=[5, "then"]),
    "history of a name": saying(history=["a", "2026-11-02T09:00:00.000000Z"]),
    "history of three": saying(history=[5, "2026-11-02T09:00:00.000000Z", 5]),
    "a fraction in the details": detailed('{"a":1.5}'),
    "infinity in the details": detailed('{"a":Infinity}'),
    "a name twice in the details": detailed('{"a":1,"a":1}'),
    "another order in the details": detailed('{"b":1,"a":1}'),
    "a level too deep": detailed(nested(DEEPEST + 1)),
    "deeper than one can read": detailed(nested(60_001)),
    "lists deeper than one can read": detailed('{"a":' + "[" * 60_000 + "]" * 60_000 + "}"),
    "longer than a line may be": saying(move="m" * (1 << 20)),
}
