"""Every version of a row, and two of them beside one another (P-RECORD).

Versions are history rows. They open under the case key like the row itself, and only the two
that are compared are opened.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from operator import attrgetter
from typing import Any

from django.db.models import Max, Q
from django.http import Http404
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from agencies.acting import Actor
from encryption.errors import KeyDestroyed
from workflow.traced import TracedModel
from workflow.transitions import TABLES

Words = Callable[[Any], list[tuple[Any, Any]]]
MOST = 25  # versions on a page
LONGEST_NUMBER = 9  # digits; a version is a positive integer of four bytes


@dataclass(frozen=True)
class Version:
    """One version: its number, when and by whom it was made, why, and where it stood then."""

    number: int
    when: datetime
    who: str
    agency: str
    why: str
    state: str


@dataclass(frozen=True)
class Line:
    """One field of two versions, and in words whether they differ."""

    key: Any
    old: str
    new: str
    said: str


@dataclass(frozen=True)
class History:
    """Versions, the newest first, and two of them compared; ``earlier`` is where the rest begins.

    ``old`` is None where there is only one. ``gone``: the case key was destroyed, and who, when
    and the state are all that is left.
    """

    versions: list[Version]
    old: Version | None
    new: Version
    lines: list[Line] = field(default_factory=list)
    gone: bool = False
    earlier: int = 0


def history_of(
    thing: TracedModel,
    actor: Actor,
    words: Words,
    asked: Mapping[str, str],
    *,
    related: tuple[str, ...] = (),
    only: Q | None = None,
    names_all: bool = False,
) -> History:
    """The versions of one row that was fetched through its policy, and two of them opened.

    ``words`` says the fields of one version, those that the row's own page shows. ``asked`` may
    hold the numbers ``old``, ``new`` and ``before``, where a page begins; Http404 where there is
    no such version to be seen.
    ``only`` leaves out versions that were not this reader's to see. People of other agencies
    are named with ``names_all`` alone: otherwise their agency stands for them.
    """
    rows = type(thing).history.filter(id=thing.pk)
    rows = rows.filter(only or Q()).select_related("history_user", "history_agency")
    newest_first, earlier = _listed(rows, asked.get("before", ""))
    says = _moves_of(type(thing))
    numbers = [row.version for row in newest_first]
    new = _number(asked["new"]) if asked.get("new") else numbers[0]
    old = (
        _number(asked["old"])
        if asked.get("old")
        else _before(new, numbers, rows if earlier or new not in numbers else None)
    )
    old, new = min(old, new), max(old, new)
    beside = ("history_user", "history_agency", *related)
    opened = rows.select_related(*beside).filter(version__in=[old, new])
    found = {row.version: row for row in opened}
    if new not in found or (old and old not in found):
        raise Http404
    versions = {
        row.version: Version(
            number=row.version,
            when=row.history_date,
            who=_who(row, actor, names_all=names_all),
            agency=str(row.history_agency or _("Not known")),
            why=says.get(row.history_change_reason, ""),
            state=row.get_status_display(),
        )
        for row in sorted([*found.values(), *newest_first], key=attrgetter("version"), reverse=True)
    }
    history = History(list(versions.values()), versions.get(old), versions[new], earlier=earlier)
    try:
        lines = _compared(words(found[old]) if old in found else [], words(found[new]))
    except KeyDestroyed:
        return replace(history, gone=True)
    return replace(history, lines=lines)


def _listed(rows: Any, before: str) -> tuple[list[Any], int]:
    """A page of versions without what they say, and where those before begin; 0 at the end."""
    if before:
        rows = rows.filter(version__lt=_number(before))
    light = ("id", "version", "status", "history_date", "history_change_reason")
    found = list(
        rows.only(*light, "history_user", "history_agency").order_by("-version")[: MOST + 1]
    )
    if not found:
        raise Http404
    return found[:MOST], found[MOST - 1].version if len(found) > MOST else 0


def _before(new: int, numbers: list[int], rows: Any) -> int:
    """The version before one; 0 where there is none."""
    listed = max((number for number in numbers if number < new), default=0)
    if listed or rows is None:
        return listed
    return rows.filter(version__lt=new).aggregate(last=Max("version"))["last"] or 0


def _number(text: str) -> int:
    is_one = text.isascii() and text.isdecimal() and len(text) <= LONGEST_NUMBER
    if not is_one or not int(text):
        raise Http404
    return int(text)


def _who(row: Any, actor: Actor, *, names_all: bool) -> str:
    if names_all or row.history_agency_id == actor.agency.pk:
        return str(row.history_user or _("Not known"))
    return ""


def _moves_of(model: type[TracedModel]) -> dict[str, str]:
    """The transitions of a model in words, by name."""
    return {
        name: capfirst(str(label))
        for table in TABLES
        if table.model is model
        for name, label in table.labels.items()
    }


def _compared(old: list[tuple[Any, Any]], new: list[tuple[Any, Any]]) -> list[Line]:
    """Field by field; fields that are empty in both are left out."""
    before = {str(key): str(value or "") for key, value in old}
    after = {str(key): str(value or "") for key, value in new}
    return [
        Line(key, before.get(key, ""), value, _said(before.get(key, ""), value) if old else "")
        for key, value in after.items()
        if value or before.get(key)
    ]


def _said(old: str, new: str) -> str:
    if old == new:
        return ""
    if not old:
        return _("Added")
    return _("Changed") if new else _("Removed")
