"""Who was asked what, and what became of it: agencies by questions (docs/adr/0130).

Of an answer it says what the page of the check says too: what was shared and to which question. To
which question something was kept back is not said outside its agency (ISA-5.4).
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import TextChoices
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from requests_app.choices import AgencyCheckOutcome
from requests_app.clocks.words import at
from requests_app.models import AgencyCheck, Receipt
from workflow.together import Rows

COLUMNS: Final = 4  # questions that stand beside each other; more are listed for each agency
LONGEST: Final = 13  # letters of a word that such a column holds


class State(TextChoices):
    """What became of one question at one agency."""

    NOT_ASKED = "not_asked", gettext_lazy("Not asked")
    WAITING = "waiting", gettext_lazy("Waiting")
    ANSWERING = "answering", gettext_lazy("Being answered")
    LATE = "late", gettext_lazy("Late")
    NOT_KNOWN = "not_known", gettext_lazy("Not known")
    TO_REVIEW = "to_review", gettext_lazy("Shared: to review")
    SHARED = "shared", gettext_lazy("Shared")
    PART = "part", gettext_lazy("Shared in part")
    KEPT_BACK = "kept_back", gettext_lazy("Not shared")
    NOTHING = "nothing", gettext_lazy("Nothing shared")
    REFUSED = "refused", gettext_lazy("Refused")
    RELEASED = "released", gettext_lazy("Shared and released")
    OVER = "over", gettext_lazy("No longer asked")


# Beside the words, so that a column can be scanned; never instead of them.
MARKS: Final[Mapping[State, str]] = {
    State.NOT_ASKED: "·",
    State.WAITING: "○",
    State.ANSWERING: "…",
    State.LATE: "!",
    State.NOT_KNOWN: "0",
    State.TO_REVIEW: "?",
    State.SHARED: "✓",
    State.PART: "½",
    State.KEPT_BACK: "✕",
    State.NOTHING: "–",
    State.REFUSED: "✕",
    State.RELEASED: "»",
    State.OVER: "·",
}
# Those that say something of an answer, and lead to it.
ANSWERS: Final = frozenset(
    {
        *(State.NOT_KNOWN, State.TO_REVIEW, State.SHARED, State.PART, State.KEPT_BACK),
        *(State.NOTHING, State.REFUSED, State.RELEASED),
    }
)


@dataclass(frozen=True)
class Asked:
    """A question, as it stands in the heading of its column."""

    number: int
    text: str


@dataclass(frozen=True)
class Cell:
    """One question at one agency."""

    question: Asked
    state: State

    @property
    def mark(self) -> str:
        """A sign for the same."""
        return MARKS[self.state]

    @property
    def is_answer(self) -> bool:
        """Whether there is something to read about it."""
        return self.state in ANSWERS


@dataclass(frozen=True)
class Row:
    """One agency that was asked: its cells, and what is to be done about it."""

    check: Any
    cells: tuple[Cell, ...]
    says: str
    beyond: str
    act: str  # review, release, remind or nothing
    reminded: str

    @property
    def asked(self) -> list[Cell]:
        """The questions that this agency was asked."""
        return [cell for cell in self.cells if cell.state != State.NOT_ASKED]


@dataclass(frozen=True)
class Grid:
    """All of them, in the order in which they were asked."""

    questions: tuple[Asked, ...]
    rows: tuple[Row, ...]

    @property
    def is_list(self) -> bool:
        """Whether the questions are too many, or their words too long, to stand in columns."""
        words = (word for question in self.questions for word in question.text.split())
        return len(self.questions) > COLUMNS or any(len(word) > LONGEST for word in words)


@dataclass(frozen=True)
class _Piece:
    """Something that an agency shared: to which question, and what the front door said of it."""

    question: UUID | None
    verdict: str | None


def grid_of(put: Iterable[Any], found: Rows, may: Callable[[str, Any], bool]) -> Grid:
    """The grid of the checks ``put``; ``may`` says which of their transitions can be made."""
    columns, of = _columns(found["questions"])
    pieces: dict[UUID, list[_Piece]] = {}
    for check, question, verdict in found["pieces"]:
        pieces.setdefault(check, []).append(_Piece(question, verdict))
    reminded = _reminded(found["turns"])
    rows = []
    for check in put:
        cells = tuple(_cell(check, each, of, pieces.get(check.pk, [])) for each in columns)
        is_open = check.status in AgencyCheck.OPEN
        sent = reminded.get(check.pk) if is_open else None
        rows.append(
            Row(
                check=check,
                cells=cells,
                says=_says(check),
                beyond=_beyond(pieces.get(check.pk, [])),
                act=_act(check, may, sent),
                reminded=_("Reminded on %s") % at(sent) if sent else "",
            )
        )
    return Grid(tuple(columns), tuple(rows))


Of = Mapping[tuple[UUID, Asked], set[UUID]]


def _columns(questions: Iterable[Any]) -> tuple[list[Asked], Of]:
    """Each question once, however many agencies are asked it, and which rows ask it."""
    columns: dict[str, Asked] = {}
    of: dict[tuple[UUID, Asked], set[UUID]] = {}
    for question in sorted(questions, key=lambda each: (each.asked_at, each.pk)):
        words = " ".join(question.fact.split())
        asked = columns.setdefault(words.casefold(), Asked(len(columns) + 1, words))
        of.setdefault((question.agency_check_id, asked), set()).add(question.pk)
    return list(columns.values()), of


def _cell(check: Any, asked: Asked, of: Of, pieces: Iterable[_Piece]) -> Cell:
    questions = of.get((check.pk, asked), set())
    if not questions:
        return Cell(asked, State.NOT_ASKED)
    here = [piece for piece in pieces if piece.question in questions]
    return Cell(asked, _state(check, here))


def _state(check: Any, pieces: list[_Piece]) -> State:
    if check.status in AgencyCheck.OPEN:
        return _open(check)
    if check.status != AgencyCheck.Status.ANSWERED:
        return State.OVER
    if check.outcome == AgencyCheckOutcome.NOT_KNOWN:
        return State.NOT_KNOWN
    kept = [piece for piece in pieces if piece.verdict != Receipt.Status.REFUSED]
    if kept:
        return _shared(check, kept)
    return State.REFUSED if pieces else _without(check)


def _open(check: Any) -> State:
    if check.says.is_late:
        return State.LATE
    return State.ANSWERING if check.status == AgencyCheck.Status.TAKEN else State.WAITING


def _shared(check: Any, pieces: list[_Piece]) -> State:
    if any(piece.verdict is None for piece in pieces):
        return State.TO_REVIEW
    # What was released in part is said to be in part.
    if check.outcome == AgencyCheckOutcome.PART:
        return State.PART
    return State.RELEASED if check.is_released else State.SHARED


def _without(check: Any) -> State:
    """To which of its questions an agency kept something back is its own to know."""
    is_all = check.outcome == AgencyCheckOutcome.NO_SHARE
    return State.KEPT_BACK if is_all else State.NOTHING


def _says(check: Any) -> str:
    """How the check stands, with the time that is left or when it was answered."""
    if not check.outcome:
        words = [str(check.get_status_display()), check.says.text if check.says else ""]
        return ". ".join(filter(None, words))
    answered = {"when": at(check.answered_at), "outcome": check.get_outcome_display()}
    return _("Answered on %(when)s: %(outcome)s") % answered


def _beyond(pieces: Iterable[_Piece]) -> str:
    verdicts = Counter(piece.verdict for piece in pieces if piece.question is None)
    number = verdicts.total() - verdicts[Receipt.Status.REFUSED]
    words = ngettext("And %s piece not asked for", "And %s pieces not asked for", number)
    return words % number if number else ""


def _act(check: Any, may: Callable[[str, Any], bool], reminded: datetime | None) -> str:
    """The one thing to do that can be done now."""
    if check.to_take_in:
        return "review"
    if check.can_go_out and not check.is_released and may("release", check):
        return "release"
    return "remind" if not reminded and may("remind", check) else ""


def _reminded(turns: Iterable[Any]) -> dict[UUID, datetime]:
    """When each check was last reminded, if it cannot be reminded again yet."""
    since = timezone.now() - AgencyCheck.REMINDED_ONCE_IN
    found: dict[UUID, datetime] = {}
    for event in turns:
        if event.move == "enquiry.remind" and event.at > since:
            pk = UUID(event.thing_id)
            found[pk] = max(event.at, found.get(pk, event.at))
    return found
