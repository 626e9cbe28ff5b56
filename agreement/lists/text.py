"""The text of an edition as a page shows it, and what changed from one to another.

The text is plain: blank lines part its pieces, a line that begins with ``#`` is a heading, lines
that begin with ``-`` are a list.
"""

import difflib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from agreement.lists.editions import flow_title
from agreement.models import AgreementEdition

WORDS = re.compile(r"\S+\s*|\s+")  # a word keeps the space after it


@dataclass(frozen=True)
class Piece:
    """A heading, a list or a paragraph."""

    kind: str
    text: str
    points: tuple[str, ...] = ()


def pieces(text: str) -> list[Piece]:
    """The text, piece by piece."""
    return [_piece(block) for block in re.split(r"\n\s*\n", text.strip()) if block.strip()]


def _piece(block: str) -> Piece:
    lines = [line.strip() for line in block.splitlines()]
    if len(lines) == 1 and lines[0].startswith("#"):
        return Piece("heading", lines[0].lstrip("# "))
    if all(line.startswith("-") for line in lines):
        return Piece("list", "", tuple(line.lstrip("- ") for line in lines))
    return Piece("paragraph", "\n".join(lines))


@dataclass(frozen=True)
class Run:
    """A few words: the same on both sides, or only on this one."""

    text: str
    is_changed: bool


@dataclass(frozen=True)
class Pair:
    """One piece as it was and as it would be, with what happened to it in a word."""

    what: str
    before: tuple[Run, ...]
    after: tuple[Run, ...]

    @property
    def is_same(self) -> bool:
        """Whether nothing happened to it."""
        return not any(run.is_changed for run in (*self.before, *self.after))


@dataclass(frozen=True)
class Comparison:
    """Two editions side by side."""

    before: AgreementEdition
    after: AgreementEdition
    text: list[Pair]
    purposes: list[Pair]
    conditions: list[Pair]
    others: list[Pair]


def compare(before: AgreementEdition, after: AgreementEdition) -> Comparison:
    """What one edition says, and what the other says instead."""
    others = [
        ([before.title], [after.title]),
        ([flow_title(before)], [flow_title(after)]),
        ([_days_to_sign(before)], [_days_to_sign(after)]),
    ]
    return Comparison(
        before,
        after,
        text=pairs(_blocks(before.text), _blocks(after.text)),
        purposes=pairs(_words(before.purpose_labels), _words(after.purpose_labels), whole=True),
        conditions=pairs(
            _words(before.condition_labels), _words(after.condition_labels), whole=True
        ),
        others=[pair for old, new in others for pair in pairs(old, new)],
    )


def pairs(before: Sequence[str], after: Sequence[str], *, whole: bool = False) -> list[Pair]:
    """Pieces side by side; those that changed, word by word unless only ``whole`` ones count."""
    found: list[Pair] = []
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    for tag, a, b, c, d in matcher.get_opcodes():
        old, new = before[a:b], after[c:d]
        if tag == "equal":
            found += [Pair(_("Same"), _same(text), _same(text)) for text in old]
        elif tag == "replace" and not whole:
            found += _replaced(old, new)
        else:
            found += [Pair(_("Removed"), _changed(text), ()) for text in old]
            found += [Pair(_("Added"), (), _changed(text)) for text in new]
    return found


def _replaced(old: Sequence[str], new: Sequence[str]) -> Iterator[Pair]:
    for one, other in zip(old, new, strict=False):
        yield Pair(_("Changed"), *_by_word(one, other))
    for text in old[len(new) :]:
        yield Pair(_("Removed"), _changed(text), ())
    for text in new[len(old) :]:
        yield Pair(_("Added"), (), _changed(text))


def _by_word(one: str, other: str) -> tuple[tuple[Run, ...], tuple[Run, ...]]:
    old, new = WORDS.findall(one), WORDS.findall(other)
    before, after = [], []
    for tag, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        is_changed = tag != "equal"
        before.append(Run("".join(old[a:b]), is_changed))
        after.append(Run("".join(new[c:d]), is_changed))
    return tuple(run for run in before if run.text), tuple(run for run in after if run.text)


def _same(text: str) -> tuple[Run, ...]:
    return (Run(text, is_changed=False),)


def _changed(text: str) -> tuple[Run, ...]:
    return (Run(text, is_changed=True),)


def _blocks(text: str) -> list[str]:
    """Headings, paragraphs and the points of lists, each by itself."""
    found: list[str] = []
    for block in re.split(r"\n\s*\n", text.strip()):
        lines = [line.strip() for line in block.splitlines() if line.strip()]
        is_list = all(line.startswith("-") for line in lines)
        found += lines if is_list else ["\n".join(lines)]
    return found


def _days_to_sign(edition: AgreementEdition) -> str:
    return _("%s days to sign") % edition.sign_by_days


def _words(labels: Iterable[object]) -> list[str]:
    return [str(label) for label in labels]
