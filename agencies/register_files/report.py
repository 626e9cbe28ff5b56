"""What an import would do, line by line, before anybody confirms it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice, zip_longest
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.register_files.columns import COLUMNS, TOLD, TYPED, there
from agencies.register_files.import_export import Unreadable
from agencies.register_files.judging import Judge

MOST_SHOWN = 200


class What(TextChoices):
    """What becomes of a line."""

    NEW = "new", gettext_lazy("New")
    CHANGED = "changed", gettext_lazy("Changed")
    UNCHANGED = "unchanged", gettext_lazy("Unchanged")
    REFUSED = "refused", gettext_lazy("Refused")


@dataclass(frozen=True)
class Row:
    """One line of the file."""

    number: int
    name: str
    what: What
    changes: list[tuple[str, str, str]] = field(default_factory=list)
    errors: list[tuple[str, str]] = field(default_factory=list)
    agency: Any = None
    asked: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Report:
    """Every line, and how many there are of each sort."""

    rows: list[Row]

    def count(self, what: What) -> int:
        """How many lines of one sort."""
        return sum(row.what == what for row in self.rows)

    @property
    def counts(self) -> list[tuple[str, int]]:
        """How many lines of each sort, in words."""
        return [(str(what.label), self.count(what)) for what in What]

    @property
    def refused(self) -> int:
        """How many lines are wrong; with one of them nothing is imported."""
        return self.count(What.REFUSED)

    @property
    def to_do(self) -> list[Row]:
        """The lines that would change something."""
        return [row for row in self.rows if row.what in (What.NEW, What.CHANGED)]

    @property
    def told(self) -> list[Row]:
        """The lines that the page tells one by one: what is wrong first, then what changes."""
        wrong = (row for row in self.rows if row.what == What.REFUSED)
        return list(islice(wrong, MOST_SHOWN)) or self.to_do[:MOST_SHOWN]

    @property
    def untold(self) -> int:
        """How many more lines of that sort there are."""
        return (self.refused or len(self.to_do)) - len(self.told)


def report_on(headings: Sequence[str], table: Sequence[Sequence[str]]) -> Report:
    """Judge every line. Raises Unreadable where the columns are not those of the register."""
    _refuse_other_columns(headings)
    wide = len(headings)
    short = [row for row in table if len(row) > wide and any(cell.strip() for cell in row[wide:])]
    if short:
        at = next(number for number, row in enumerate(table, 2) if row is short[0])
        raise Unreadable(_("Row %(row)s has more cells than there are headings.") % {"row": at})
    judge = Judge(there())
    lines = (dict(zip_longest(headings, row[:wide], fillvalue="")) for row in table)
    return Report([_judged(judge, number, line) for number, line in enumerate(lines, 2)])


def _judged(judge: Judge, number: int, row: dict[str, str]) -> Row:
    try:
        was, to_be, asked = judge.judged(number, row)
    except ValidationError as wrong:
        told = wrong.message_dict.items()
        errors = [(column, text) for column, texts in told for text in texts]
        return Row(number, row["name"], What.REFUSED, errors=errors)
    what = What.NEW if was.agency is None else What.CHANGED if asked else What.UNCHANGED
    pairs = ((name, was.values.get(name, ""), to_be.values.get(name, "")) for name in TYPED)
    changes = [(name, old, new) for name, old, new in pairs if old != new]
    return Row(number, str(to_be), what, changes, [], was.agency, asked)


def _refuse_other_columns(headings: Sequence[str]) -> None:
    said = set(headings)
    if len(said) != len(headings):
        raise Unreadable(_("A heading stands above two columns."))
    if missing := [name for name in TYPED if name not in said]:
        raise Unreadable(_("These columns are missing: %(names)s") % {"names": ", ".join(missing)})
    if more := [name[:40] for name in headings if name not in COLUMNS]:
        raise Unreadable(
            _("These columns are not known: %(names)s") % {"names": ", ".join(more[:10]) or "–"}
        )
    assert set(TOLD) <= set(COLUMNS)
