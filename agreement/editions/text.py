"""The text of an edition as a page shows it, and what changed from one to another.

The text is plain: blank lines part its pieces, a line that begins with ``#`` is a heading, lines
that begin with ``-`` are a list.
"""

import difflib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from agreement.editions.selectors import flow_title
from agreement.models import AgreementEdition

MOST_COMPARED: Final = 30_000_000  # looks at a word, in one page: some tenths of a second at worst
WORDS = re.compile(r"\S+\s*|\s+")  # a word keeps the space after it
Step = tuple[str, int, int, int, int]  # what happened, from and to where in each


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
    effort = _Effort()
    others = [
        ([before.title], [after.title]),
        ([flow_title(before)], [flow_title(after)]),
        ([_days_to_sign(before)], [_days_to_sign(after)]),
    ]
    return Comparison(
        before,
        after,
        text=pairs(_blocks(before.text), _blocks(after.text), effort=effort),
        purposes=pairs(_words(before.purpose_labels), _words(after.purpose_labels), whole=True),
        conditions=pairs(
            _words(before.condition_labels), _words(after.condition_labels), whole=True
        ),
        others=[pair for old, new in others for pair in pairs(old, new)],
    )


@dataclass
class _Effort:
    """What may still be compared: the time goes with the lengths' product, and at worst further."""

    left: int = MOST_COMPARED

    def steps(self, old: Sequence[str], new: Sequence[str]) -> Iterator[Step]:
        """How one becomes the other. What would be too much is replaced in one step, but for what
        is the same at the beginning and at the end.
        """
        shorter = min(len(old), len(new))
        first = next((at for at in range(shorter) if old[at] != new[at]), shorter)
        rest = shorter - first
        last = next((at for at in range(rest) if old[-1 - at] != new[-1 - at]), rest)
        old_end, new_end = len(old) - last, len(new) - last
        if first:
            yield "equal", 0, first, 0, first
        # In the worst case it looks through all for each word that differs.
        size = (old_end - first) * (new_end - first) * min(old_end - first, new_end - first)
        if size > self.left:
            yield "replace", first, old_end, first, new_end
        else:
            self.left -= size
            middle = (old[first:old_end], new[first:new_end])
            matcher = difflib.SequenceMatcher(None, *middle, autojunk=False)
            for tag, a, b, c, d in matcher.get_opcodes():
                yield tag, a + first, b + first, c + first, d + first
        if last:
            yield "equal", old_end, len(old), new_end, len(new)


def pairs(
    before: Sequence[str],
    after: Sequence[str],
    *,
    whole: bool = False,
    effort: _Effort | None = None,
) -> list[Pair]:
    """Pieces side by side; those that changed, word by word unless only ``whole`` ones count."""
    found: list[Pair] = []
    effort = effort or _Effort()
    for tag, a, b, c, d in effort.steps(before, after):
        old, new = before[a:b], after[c:d]
        if tag == "equal":
            found += [Pair(_("Same"), _same(text), _same(text)) for text in old]
        elif tag == "replace" and not whole:
            found += _replaced(old, new, effort)
        else:
            found += [Pair(_("Removed"), _changed(text), ()) for text in old]
            found += [Pair(_("Added"), (), _changed(text)) for text in new]
    return found


def _replaced(old: Sequence[str], new: Sequence[str], effort: _Effort) -> Iterator[Pair]:
    for one, other in zip(old, new, strict=False):
        yield Pair(_("Changed"), *_by_word(one, other, effort))
    for text in old[len(new) :]:
        yield Pair(_("Removed"), _changed(text), ())
    for text in new[len(old) :]:
        yield Pair(_("Added"), (), _changed(text))


def _by_word(one: str, other: str, effort: _Effort) -> tuple[tuple[Run, ...], tuple[Run, ...]]:
    old, new = WORDS.findall(one), WORDS.findall(other)
    before, after = [], []
    for tag, a, b, c, d in effort.steps(old, new):
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
