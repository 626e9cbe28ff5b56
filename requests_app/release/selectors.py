"""What can go out, and a package as its recipients read it, with what it leaves unanswered."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Model, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from agencies.acting import Actor
from agencies.permissions import Permission
from agreement.choices import Purpose
from requests_app.asked import About, about, in_order, names_for, names_of, people_for
from requests_app.choices import AgencyCheckOutcome, Nature
from requests_app.clocks.words import at
from requests_app.models import (
    AgencyCheck,
    InformationRequest,
    Item,
    Need,
    Receipt,
    Recipient,
    Release,
    ReleasedAnswer,
    ReleasedItem,
)
from requests_app.naming import children_released
from requests_app.people.selectors import people_of
from requests_app.policies import ITEMS, NEEDS, RELEASED_ITEMS
from requests_app.readiness import RELEASABLE
from workflow.compiled import Compiled
from workflow.gateway import fetch_all
from workflow.related import hang
from workflow.together import Rows, Together

CURRENT = Need.Status.CURRENT


def describe(answers: list[Any], case: InformationRequest) -> None:
    """Say of answers that can go out about whom they are, and when each went out before."""
    names = names_of(people_of(case)) if answers else {}
    for answer in answers:
        answer.about = about(answer, names)
        answer.released_before = at(answer.last_released) if answer.last_released else ""


def can_go_out(case: InformationRequest) -> list[Any]:
    """The answers that can go out, with the number of what was accepted of each."""
    return list(_CAN_GO_OUT(case=case.pk))


def _can_go_out(case: UUID) -> Any:
    accepted = Receipt.objects.filter(
        item__agency_check=OuterRef("pk"), status=Receipt.Status.ACCEPTED
    )
    counted = accepted.order_by().values("item__agency_check").annotate(of_it=Count("pk"))
    before = Release.objects.filter(answers=OuterRef("pk")).order_by("-released_at")
    rows = AgencyCheck.objects.filter(RELEASABLE, case=case).select_related("holder")
    return rows.annotate(
        accepted=Coalesce(Subquery(counted.values("of_it")), 0),
        last_released=Subquery(before.values("released_at")[:1]),
    )


_CAN_GO_OUT = Compiled(_can_go_out)


@dataclass(frozen=True)
class OwnQuestion:
    """A question in the requester's own words, and what released to them answers it.

    ``here`` is in the package that is read; if there is nothing, ``elsewhere`` are their other
    packages. Where there is neither, no page says why: who was asked, and what was kept back, is
    not for the requester to know.
    """

    fact: str
    here: list[Item]
    elsewhere: list[Release]

    @property
    def is_unanswered(self) -> bool:
        """Whether nothing that was released to them answers it."""
        return not (self.here or self.elsewhere)


def own_questions(release: Release, found: Rows) -> list[OwnQuestion]:
    """The questions of this very person, as a package with these items answers them.

    None where something was released to them before it was kept what answers what.
    """
    known = {item.pk: item for item in found["items"]}
    items: dict[str, list[Item]] = defaultdict(list)
    packages: dict[str, dict[UUID, Release]] = defaultdict(dict)
    for row in found["inside"]:
        if row.needs_answered is None:
            return []
        for need in row.needs_answered:
            if row.release_id != release.pk:
                packages[need][row.release_id] = row.release
            elif row.item_id in known:
                items[need].append(known[row.item_id])
    return [
        OwnQuestion(need.fact, items[key], [] if items[key] else [*packages[key].values()])
        for need in found["needs"]
        for key in [str(need.pk)]
    ]


@dataclass(frozen=True)
class Withheld:
    """Why something was not shared; what it was is not said (ISA-5.4)."""

    because: str
    safety: str


@dataclass(frozen=True)
class FromAgency:
    """What one agency's answer brought."""

    agency_check: AgencyCheck
    about: About
    outcome: Any
    colour: str
    items: list[Any]
    withheld: list[Withheld]

    @property
    def is_not_known(self) -> bool:
        """Whether nobody whom it was asked about is known there."""
        return self.agency_check.outcome == AgencyCheckOutcome.NOT_KNOWN

    @property
    def has_nothing(self) -> bool:
        """Whether what it shared was all kept back by the front door (ISA-3.7)."""
        return not (self.is_not_known or self.items or self.withheld)


@dataclass(frozen=True)
class Package:
    """All that a recipient reads, and what of it is to be noted as read."""

    release: Release
    child: str
    purposes: list[str]
    questions: list[OwnQuestion]
    parts: list[FromAgency]
    recipients: list[Recipient]
    mine: Recipient | None

    @property
    def shown(self) -> list[Model]:
        """Every row that the page shows and that belongs to an agency that was asked."""
        items = [item for part in self.parts for item in part.items]
        return [*[part.agency_check for part in self.parts], *items]


def package_shown(release: Release, actor: Actor) -> Package:
    """One package as its page shows it: what belongs to the agencies that were asked is logged."""
    package = package_of(release, actor)
    fetch_all(actor, Permission.SEND_REQUEST, package.shown)
    return package


def package_of(release: Release, actor: Actor) -> Package:
    """One package, in the same number of queries however much is in it."""
    found = _WHOLE(actor=actor, release=release.pk, case=release.case_id, then=release.released_at)
    hang(found["answers"], "items", found["items"])
    shared: dict[Any, list[Any]] = {}
    for item in found["items"]:
        shared.setdefault(item.agency_check_id, []).append(with_words(item))
    kept, people = _reasons(found["withheld"]), in_order(found["people"])
    names, is_own = names_for(people), release.case.requested_by_id == actor.user.pk
    return Package(
        release=release,
        child=children_released(people, by_name=is_own),
        purposes=Purpose.in_words(release.case.purposes),
        questions=own_questions(release, found),
        parts=[
            _part(
                row,
                about(row, names, searched=is_own),
                shared.get(row.pk, []),
                kept.get(row.pk, []),
            )
            for row in found["answers"]
        ],
        recipients=found["recipients"],
        mine=next((row for row in found["recipients"] if row.person_id == actor.user.pk), None),
    )


def _part(
    agency_check: AgencyCheck, asked: About, items: list[Any], withheld: list[Withheld]
) -> FromAgency:
    """What the answer came to when it was released, which a later decision does not rewrite."""
    if agency_check.outcome == AgencyCheckOutcome.NOT_KNOWN:
        outcome, colour = AgencyCheckOutcome.NOT_KNOWN, "grey"
    elif withheld:
        outcome = AgencyCheckOutcome.PART if items else AgencyCheckOutcome.NO_SHARE
        colour = "yellow" if items else "orange"
    else:
        outcome, colour = AgencyCheckOutcome.SHARE, "green"
    return FromAgency(agency_check, asked, outcome.label, colour, items, withheld)


def _withheld(release: Any, then: datetime) -> QuerySet[Item]:
    """What was not shared of the answers in a package, as it stood when that was released."""
    rows = Item.objects.filter(
        agency_check__in=ReleasedAnswer.objects.filter(release=release).values("agency_check"),
        status=Item.Status.WITHHELD,
        settled_at__lte=then,
    )
    return rows.exclude(Q(decided_anew__settled_at__lte=then)).order_by("settled_at", "pk")


def _reasons(rows: Iterable[Item]) -> dict[Any, list[Withheld]]:
    """The reasons, each once for each agency.

    Items that were withheld are in nobody's reach here; their reasons go to the requester and
    their titles do not (ISA-5.4).
    """
    reasons: dict[Any, list[Withheld]] = {}
    for row in rows:
        said = Withheld(row.withheld_because, row.safety_considered)
        if said not in (known := reasons.setdefault(row.agency_check_id, [])):
            known.append(said)
    return reasons


def _answers(release: Any) -> QuerySet[AgencyCheck]:
    rows = AgencyCheck.objects.filter(releases=release).select_related("holder")
    return rows.order_by("holder__name", "pk")


def _items(actor: Actor, release: Any) -> QuerySet[Item]:
    rows = ITEMS.scope(actor, Permission.SEND_REQUEST).filter(releases=release)
    return rows.order_by("listed_at", "pk")


def _inside(actor: Actor, case: Any) -> QuerySet[ReleasedItem]:
    rows = RELEASED_ITEMS.scope(actor, Permission.SEND_REQUEST).filter(case=case)
    return rows.select_related("release").order_by("release__released_at", "pk")


def _needs(actor: Actor, case: Any) -> QuerySet[Need]:
    rows = NEEDS.scope(actor, Permission.SEND_REQUEST).filter(case=case, status=CURRENT)
    return rows.order_by("added_at", "pk")


def _recipients(release: Any) -> QuerySet[Recipient]:
    rows = Recipient.objects.filter(release=release).select_related("person")
    return rows.order_by("person__last_name")


_WHOLE = Together(
    answers=_answers,
    items=_items,
    withheld=_withheld,
    people=people_for,
    recipients=_recipients,
    inside=_inside,
    needs=_needs,
)


def with_words(item: Any) -> Any:
    """The item with its kind in words, and whose opinion or report it is (P-ACCURATE)."""
    item.kind = item.get_nature_display()
    if item.nature == Nature.OPINION and item.whose:
        item.kind = _("Professional opinion of %s") % item.whose
    elif item.nature == Nature.REPORTED and item.whose:
        item.kind = _("Reported by %s") % item.whose
    return item
