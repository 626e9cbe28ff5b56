"""Agency checks as those who answer them see them: what is shown, listed, and left of the time."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from agencies.acting import Actor
from agencies.models import User
from agencies.permissions import Permission
from agreement.choices import Purpose
from encryption.casekeys import prefetch_case_keys
from requests_app.agency_people import who_may_be_named
from requests_app.choices import DETAILS, PauseReason, PersonRole
from requests_app.clocks.selectors import with_clocks
from requests_app.clocks.words import tell_time
from requests_app.details import rows_of
from requests_app.models import AgencyCheck, Item, Pause, Question, Receipt, Subject
from requests_app.policies import AGENCY_CHECKS
from requests_app.selectors import CHILDREN, PAUSES, checks, in_a_list, initials_of, sent_back
from workflow.compiled import ForActor, prefetch_of
from workflow.fields import RANDOM
from workflow.prepared import Query
from workflow.related import hang, hung
from workflow.together import Rows, Together

ANSWERED_FOR = timedelta(days=30)  # how long an answered check stays in sight
MOST_ANSWERED = 20


@dataclass(frozen=True)
class Inbox:
    """The checks in sections, as they are worked on."""

    mine: list[Any]
    untaken: list[Any]
    colleagues: list[Any]
    answered: list[Any]

    @property
    def is_empty(self) -> bool:
        """Whether nothing waits."""
        return not (self.mine or self.untaken or self.colleagues)


# What the list may be sorted by; the first is how urgent it is (ISA-3.6).
SORTS: Mapping[str, tuple[str, ...]] = {
    "": ("urgency", "due_at", "pk"),
    "due": ("due_at", "pk"),
    "came": ("sent_at", "pk"),
    "desk": ("case__desk__name", "urgency", "due_at", "pk"),
}


def inbox_of(actor: Actor, *, only_back: bool = False, sort: str = "") -> Inbox:
    """What waits for this person, what waits for anybody, and what others have in hand.

    With ``only_back`` what the partners ask to reconsider, and nothing that is answered. ``sort``
    is one of the ``SORTS``.
    """
    found = _WAITING(actor, only_back, sort)
    if not only_back:
        found += _ANSWERED(actor, since=timezone.now() - ANSWERED_FOR)
    listed = with_words(found)
    rows = [row for row in listed if row.status in AgencyCheck.OPEN]
    return Inbox(
        mine=[row for row in rows if row.taken_by_id == actor.user.pk],
        untaken=[row for row in rows if row.taken_by_id is None],
        colleagues=[row for row in rows if row.taken_by_id not in (None, actor.user.pk)],
        answered=[row for row in listed if row.status not in AgencyCheck.OPEN],
    )


_MORE = [
    prefetch_of(AgencyCheck, each)
    for each in (Prefetch("pauses", PAUSES), Prefetch("case__subjects", CHILDREN))
]


def _waiting(actor: Actor, only_back: bool, sort: str) -> "QuerySet[AgencyCheck]":
    found = sent_back(actor) if only_back else checks(actor)
    return found.prefetch_related(None).order_by(*SORTS[sort])


def _answered(actor: Actor, since: datetime) -> "QuerySet[AgencyCheck]":
    rows = AGENCY_CHECKS.scope(actor, Permission.ANSWER).filter(
        status=AgencyCheck.Status.ANSWERED, answered_at__gte=since
    )
    shown = in_a_list(rows).prefetch_related(None)
    return shown.order_by("-answered_at")[:MOST_ANSWERED]


_WAITING, _ANSWERED = ForActor(_waiting), ForActor(_answered)


def with_words(rows: list[AgencyCheck]) -> list[Any]:
    """The rows, each with initials, whether it was sent back, and what its clock says."""
    for more in _MORE:
        more(rows)
    listed: list[Any] = with_clocks(rows)
    prefetch_case_keys({row.case_id for row in listed})
    now = timezone.now()
    for row in listed:
        row.initials = _initials(row)
        # Told by its pauses: to open the reasons would let one broken row take the whole list.
        was_with_partners = any(pause.reason == PauseReason.PARTNERS for pause in row.pauses.all())
        row.is_back = row.status == AgencyCheck.Status.TAKEN and was_with_partners
        tell_time(row, now=now)
    return listed


def with_clock(agency_check: AgencyCheck) -> Any:
    """One check with its clock, for its own pages."""
    return tell_time(with_clocks([agency_check])[0])


def _initials(agency_check: AgencyCheck) -> str:
    """Of the children whose names the agency was given; nobody else's (ISA-6.2)."""
    if agency_check.is_withdrawn:
        return ""
    people = agency_check.case.subjects.all()
    return initials_of(p for p in people if "name" in agency_check.shown.get(str(p.pk), ()))


@dataclass(frozen=True)
class Shown:
    """One person as the agency sees them: only the details that were ticked for it."""

    role: Any
    details: dict[str, Any]
    rows: list[dict[str, Any]]
    is_child: bool = False

    @property
    def name(self) -> str:
        """The name, if it was ticked and is known."""
        return str(self.details.get("name", ""))


# What pages show of a check, beside its own row: the people only as far as it names them.
PARTS: dict[str, Query] = {
    "subjects": lambda case, shown: Subject.objects.filter(
        case=case, pk__any_of=shown, status=Subject.Status.CURRENT
    ),
    "pauses": lambda agency_check: Pause.objects.filter(agency_check=agency_check),
    "questions": lambda agency_check: Question.objects.filter(agency_check=agency_check),
    "items": lambda agency_check: (
        Item.objects.filter(agency_check=agency_check)
        .exclude(status=Item.Status.DROPPED)
        .select_related("question", "receipt")
    ),
}
_WHOLE = Together(**PARTS)


def read(agency_check: AgencyCheck, *names: str, whole: Together = _WHOLE, **values: Any) -> Rows:
    """What a page shows of a check, in one statement; its ``PARTS`` are kept on it too."""
    found = whole(*names, **_values(agency_check), **values)
    for name in PARTS.keys() & found.keys():
        hang([_owner(agency_check, name)], name, found[name])
    return found


def _values(agency_check: AgencyCheck) -> dict[str, Any]:
    shown = [UUID(pk) for pk in agency_check.shown]
    return {"case": agency_check.case_id, "agency_check": agency_check.pk, "shown": shown}


def _owner(agency_check: AgencyCheck, name: str) -> Any:
    return agency_check.case if name == "subjects" else agency_check


def _part(agency_check: AgencyCheck, name: str) -> list[Any]:
    """One of the ``PARTS``, as it was read with the others or by itself."""
    found = hung(_owner(agency_check, name), name)
    return _WHOLE(name, **_values(agency_check))[name] if found is None else found


def people_shown(agency_check: AgencyCheck) -> list[Shown]:
    """The people to look for, each with the details chosen for this agency alone (P-NECESSARY).

    Nobody, once the check was withdrawn.
    """
    if agency_check.is_withdrawn:
        return []
    return shown_of(agency_check, _part(agency_check, "subjects"))


def shown_of(agency_check: AgencyCheck, people: Iterable[Subject]) -> list[Shown]:
    """The same from rows at hand, of which the agency may have been shown only some."""
    order = list(PersonRole.values)
    return [
        _shown(person, agency_check.shown[str(person.pk)])
        for person in sorted(people, key=lambda each: (order.index(each.role), str(each.pk)))
        if str(person.pk) in agency_check.shown
    ]


def _shown(person: Subject, ticked: Iterable[str]) -> Shown:
    known: dict[str, Any] = person.details()
    details = {code: known[code] for code in DETAILS if code in ticked and code in known}
    rows = rows_of(details)
    if not (person.given_name or person.family_name):
        details.pop("name", None)  # the words that stand for a name are nobody's
    is_child = person.role == PersonRole.CHILD
    return Shown(person.get_role_display(), details, rows, is_child)


def purposes_of(agency_check: AgencyCheck) -> list[str]:
    """What the request is for, in the agreement's words and not in the requester's."""
    return Purpose.in_words(agency_check.case.purposes)


def questions_of(agency_check: AgencyCheck) -> list[Question]:
    """What the agency is asked, and why; ``was_added`` since the check was sent.

    Those that it was sent with have ids that are made of its own.
    """
    questions: list[Any] = _part(agency_check, "questions")
    for question in questions:
        question.was_added = question.pk.version == RANDOM
    return questions


def listed(agency_check: AgencyCheck) -> list[Any]:
    """What the agency said it holds, without what it took off the list; and what was refused."""
    colours = {Item.Status.OFFERED: "green", Item.Status.WITHHELD: "orange"}
    items = _part(agency_check, "items")
    for item in items:
        receipt = getattr(item, "receipt", None)
        item.refused = receipt if receipt and receipt.status == Receipt.Status.REFUSED else None
        item.is_open = item.status == Item.Status.HELD
        item.colour = colours.get(item.status, "blue")
    return items


def colleagues(agency_check: AgencyCheck, actor: Actor) -> list[User]:
    """To whom the check can be handed."""
    people = who_may_be_named(agency_check.holder).exclude(
        pk__in=[actor.user.pk, agency_check.taken_by_id]
    )
    return list(people.order_by("last_name", "first_name"))
