"""Several agency checks at once, each with a record of its own: taken, or not known (ISA-3.6)."""

from collections.abc import Iterable, Mapping
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.acting import Actor
from agencies.permissions import Permission
from encryption.casekeys import prefetch_case_keys
from requests_app.agency_checks.actions import answer_not_known, take_agency_check
from requests_app.agency_checks.selectors import SORTS, Inbox, shown_of, with_words
from requests_app.choices import Rating
from requests_app.models import AgencyCheck, Pause, Subject
from requests_app.policies import AGENCY_CHECKS
from requests_app.selectors import checks
from requests_app.triage.inbox import Chip
from requests_app.triage.owning import each_of
from workflow.gateway import fetch_all
from workflow.transitions import TransitionRefused

MOST: Final = 25  # at once: as many as one can look for in one search
BACK: Final = "back"  # what the partners sent back, which has a list of its own
FILTERS: Final[Mapping[str, Any]] = {
    "": gettext_lazy("All"),
    "mine": gettext_lazy("With you"),
    "untaken": gettext_lazy("Waiting to be taken"),
    "late": gettext_lazy("Late"),
    **{rating.value: rating.label for rating in Rating},
}


def chips_of(inbox: Inbox, chosen: str, sort: str) -> list[Chip]:
    """What the list can be narrowed to, with how many there are; how it is sorted stays."""
    return [
        Chip(title, _address(code, sort), code == chosen, code, _count(inbox, code))
        for code, title in FILTERS.items()
    ]


def sorts_of(chosen: str, sort: str) -> dict[str, dict[str, str]]:
    """Where each head of a column leads; what the list is narrowed to stays."""
    show = chosen if chosen in (*FILTERS, BACK) else ""
    return {
        each or "urgency": {
            "href": _address(show, each),
            "order": "ascending" if each == sort else "",
        }
        for each in SORTS
    }


def _address(show: str, sort: str) -> str:
    return "?" + urlencode({k: v for k, v in {"show": show, "sort": sort}.items() if v})


def narrowed(inbox: Inbox, chosen: str) -> Inbox:
    """The list with what was chosen alone; what is answered only where nothing was."""
    if chosen not in FILTERS or not chosen:
        return inbox
    mine, untaken, colleagues = (
        [row for row in rows if _is(row, chosen, where)]
        for where, rows in (
            ("mine", inbox.mine),
            ("untaken", inbox.untaken),
            ("colleagues", inbox.colleagues),
        )
    )
    return Inbox(mine, untaken, colleagues, [])


def _count(inbox: Inbox, code: str) -> int:
    one = narrowed(inbox, code)
    return len(one.mine) + len(one.untaken) + len(one.colleagues)


def _is(row: Any, chosen: str, where: str) -> bool:
    if chosen == "late":
        return bool(row.is_late)
    return chosen in (where, row.rating)


def chosen_by(actor: Actor, ids: Iterable[UUID]) -> list[Any]:
    """Those of the chosen checks that wait for an answer and that the actor may give it to."""
    rows = checks(actor).filter(pk__in=list(ids)).prefetch_related(None)
    return with_words(list(rows))


def with_people(actor: Actor, rows: list[Any]) -> list[Any]:
    """The checks, each with whom to look for, which is a reading of each."""
    fetch_all(actor, Permission.ANSWER, rows)
    prefetch_case_keys({row.case_id for row in rows})
    ids = [UUID(pk) for row in rows for pk in row.shown]
    people = list(Subject.objects.filter(pk__in=ids, status=Subject.Status.CURRENT))
    for row in rows:
        row.people = shown_of(row, [each for each in people if each.case_id == row.case_id])
    return rows


def take_each(rows: Iterable[AgencyCheck], *, by: Actor) -> tuple[int, list[str]]:
    """Take them on oneself: how many were taken, and why not the others."""
    return each_of(rows, lambda row: take_agency_check(_whole(row), by=by))


def not_known_each(
    rows: Iterable[AgencyCheck], *, by: Actor, searched: str
) -> tuple[int, list[str]]:
    """Answer each that nobody in it is known here: how many were answered, and why not others."""

    def answer(row: AgencyCheck) -> None:
        now = _whole(row)  # a colleague may have taken it since the list was read
        if now.taken_by_id not in (None, by.user.pk):
            raise TransitionRefused(_("%(person)s has it.") % {"person": now.taken_by})
        answer_not_known(now, by=by, searched=searched)

    return each_of(rows, answer)


def next_of(actor: Actor) -> AgencyCheck | None:
    """What this person should answer next: theirs or nobody's, the least time left first.

    One that waits for advice is nothing to go on with.
    """
    own = Q(taken_by=None) | Q(taken_by=actor.user.pk)
    waits = Pause.objects.filter(agency_check=OuterRef("pk"), status=Pause.Status.RUNNING)
    return checks(actor).filter(own, ~Exists(waits)).prefetch_related(None).first()


def _whole(row: AgencyCheck) -> AgencyCheck:
    """The row with all its columns: a list reads only what it shows."""
    return AgencyCheck.objects.select_related("case__desk", "holder", "taken_by").get(pk=row.pk)


def may_answer_something(actor: Actor) -> bool:
    """Whether somebody answers checks: for the agency, or one that was handed to them."""
    own: QuerySet[AgencyCheck] = AGENCY_CHECKS.scope(actor, Permission.ANSWER)
    return Permission.ANSWER in actor.permissions or own.exists()
