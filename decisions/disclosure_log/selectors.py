"""An agency's disclosure log: what it shared, with whom and why; and what not (ISA-4.3-RECORD)."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.acting import Actor
from agencies.models import Agency
from agencies.permissions import Permission
from agreement.choices import Purpose
from decisions.flow.selectors import label_of
from decisions.models import Decision, DecisionItem
from decisions.policies import DECISIONS
from encryption.casekeys import prefetch_case_keys
from encryption.errors import KeyDestroyed
from requests_app.choices import AgencyCheckOutcome
from requests_app.models import ReleasedItem
from workflow.compiled import ForActor
from workflow.gateway import fetch_all
from workflow.paging import Page, moment, page_from, window

RECORDED = Decision.Status.RECORDED
NEWEST: Mapping[str, Callable[[str], Any]] = {"decided_at": moment, "pk": UUID}
SHARE, PART, NO_SHARE = "share", "part", "no_share"
OUTCOMES = {
    SHARE: gettext_lazy("Shared"),
    PART: gettext_lazy("Shared in part"),
    NO_SHARE: gettext_lazy("Not shared"),
}
COLOURS = {SHARE: "green", PART: "yellow", NO_SHARE: "orange"}
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Wanted:
    """What the log is narrowed to; nothing narrows it."""

    since: date | None = None
    until: date | None = None
    outcome: str = ""
    recipient: UUID | None = None
    purpose: str = ""

    @property
    def values(self) -> dict[str, Any]:
        """The days and the agency that were chosen, as a query takes them."""
        days = {"since": self.since, "before": self.until and self.until + ONE_DAY}
        chosen = {name: _midnight(day) for name, day in days.items() if day}
        return chosen | ({"recipient": self.recipient} if self.recipient else {})


@dataclass(frozen=True)
class Disclosure:
    """One recorded decision as the log tells it."""

    decision: Any
    originator: Any
    outcome: str
    information: list[str]
    shared_with: list[str]
    purposes: list[str]
    basis: str
    condition: str
    ground: str
    why: list[str]
    safety: str
    is_replaced: bool

    @property
    def outcome_label(self) -> str:
        """The outcome in words."""
        return str(OUTCOMES[self.outcome])

    @property
    def colour(self) -> str:
        """The colour of its tag."""
        return COLOURS[self.outcome]


def recorded(actor: Actor, wanted: Wanted) -> QuerySet[Decision]:
    """The decisions that the agency recorded, by the codes that are not sealed."""
    return _narrowed(actor, wanted.outcome, wanted.purpose, **wanted.values)


def _narrowed(
    actor: Actor,
    outcome: str,
    purpose: str,
    *,
    since: datetime | None = None,
    before: datetime | None = None,
    recipient: UUID | None = None,
) -> QuerySet[Decision]:
    rows = DECISIONS.scope(actor, Permission.OVERSEE).filter(status=RECORDED)
    if since:
        rows = rows.filter(decided_at__gte=since)
    if before:
        rows = rows.filter(decided_at__lt=before)
    if outcome:
        rows = rows.filter(_came_to(outcome))
    if recipient:
        rows = rows.filter(_went_to(recipient))
    if purpose:
        said = rows.annotate(purposes_said=Cast("case__purposes", TextField()))
        rows = said.filter(purposes_said__contains=f'"{purpose}"')
    return rows


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _came_to(outcome: str) -> Q:
    in_part = Q(agency_check__outcome=AgencyCheckOutcome.PART, outcome=Decision.End.SHARE)
    if outcome == PART:
        return in_part
    return Q(outcome=outcome) & ~in_part if outcome == SHARE else Q(outcome=outcome)


def _went_to(agency: UUID) -> Q:
    """Shared with the front door, or released by it to people of that agency."""
    released = DecisionItem.objects.filter(
        decision=OuterRef("pk"), item__releases__isnull=False, case__agency=agency
    )
    shared = Q(outcome=Decision.End.SHARE)
    return shared & (Q(case__desk=agency) | Q(Exists(released)))


def recipients_of(actor: Actor) -> list[Agency]:
    """Whom it may have shared with: every front door, and agencies to which they released.

    Which of the front doors it ever did share with, all that it ever decided would have to say.
    """
    return _RECIPIENTS(actor)


def _recipients(actor: Actor) -> QuerySet[Agency]:
    told = ReleasedItem.objects.filter(originator=actor.agency.pk, received_by=OuterRef("pk"))
    # Those released before it was noted between whom.
    holder = {"item__agency_check__holder": actor.agency.pk}
    earlier = ReleasedItem.objects.filter(originator=None, **holder)
    released = Q(Exists(told)) | Q(pk__in=earlier.values("case__agency"))
    return Agency.objects.filter(Q(is_front_door=True) | released).only("name").order_by("name")


def log_of(actor: Actor, wanted: Wanted, after: str = "") -> Page:
    """One page of the log, the latest first; each decision on it is logged as read."""
    ask = partial(_LOG, actor, wanted.outcome, wanted.purpose, **wanted.values)
    page = page_from(ask, NEWEST, after)
    (decisions,) = fetch_all(actor, Permission.OVERSEE, page.rows)
    return Page(told(decisions), page.after)


def all_of(actor: Actor, wanted: Wanted, most: int) -> list[Disclosure]:
    """The whole of it, up to ``most``, for a copy."""
    rows = _whole(recorded(actor, wanted)).order_by("-decided_at", "-pk")
    return told(list(rows[:most]))


def _whole(rows: QuerySet[Decision]) -> QuerySet[Decision]:
    rows = rows.select_related(
        "agency_check__holder", "case__desk", "case__agency", "decided_by", "superseded_by"
    )
    return rows.prefetch_related(
        "answers", Prefetch("weighed", _WEIGHED), "weighed__item__releases"
    )


def _page(
    actor: Actor,
    outcome: str,
    purpose: str,
    *,
    decided_at: datetime | None = None,
    pk: UUID | None = None,
    **chosen: Any,
) -> QuerySet[Decision]:
    place = {"decided_at": decided_at, "pk": pk} if pk else {}
    rows = _whole(_narrowed(actor, outcome, purpose, **chosen))
    return window(rows, NEWEST, place, newest_first=True)


_WEIGHED = DecisionItem.objects.select_related("item").only(
    *("decision_id", "version", "item__version", "item__case_id", "item__title", "item__listed_at")
)
_RECIPIENTS, _LOG = ForActor(_recipients), ForActor(_page)


def told(decisions: list[Any]) -> list[Disclosure]:
    """The rows with all that is sealed opened, for the page or the copy alone."""
    prefetch_case_keys({row.case_id for row in decisions})
    return [_told(row) for row in decisions]


def _told(decision: Any) -> Disclosure:
    edition, shares = decision.edition, decision.outcome == Decision.End.SHARE
    in_part = shares and decision.agency_check.outcome == AgencyCheckOutcome.PART
    pieces = sorted(
        (each.item for each in decision.weighed.all()), key=lambda item: (item.listed_at, item.pk)
    )
    later = getattr(decision, "superseded_by", None)
    try:
        titles, why, safety = [each.title for each in pieces], list(_why(decision)), decision.safety
    except KeyDestroyed:  # that it was decided, when and how, is kept
        titles, why, safety = [_("The record has been disposed of")], [], ""
    return Disclosure(
        decision=decision,
        originator=decision.agency_check.holder,
        outcome=PART if in_part else str(decision.outcome),
        information=titles,
        shared_with=list(_shared_with(decision, pieces)) if shares else [],
        purposes=Purpose.in_words(decision.case.purposes),
        basis=edition.bases.get(decision.lawful_basis, ""),
        condition=edition.conditions.get(decision.condition, ""),
        ground="" if decision.with_consent else edition.grounds.get(decision.ground, ""),
        why=why,
        safety=safety,
        is_replaced=later is not None and later.status == RECORDED,
    )


def _shared_with(decision: Any, pieces: list[Any]) -> Iterator[str]:
    yield str(decision.case.desk)
    days = {
        timezone.localtime(release.released_at).date()
        for item in pieces
        for release in item.releases.all()
    }
    for day in sorted(days):
        yield _("%(agency)s, released on %(day)s") % {
            "agency": decision.case.agency,
            "day": date_format(day, "j F Y"),
        }


def _why(decision: Any) -> Iterator[str]:
    """The reasons, as they were given."""
    if decision.because:
        yield decision.because
    steps = decision.edition.steps
    for given in decision.answers_on_the_path():
        said = {"ask": steps[given.step].ask, "choice": label_of(given.choice)}
        yield _("%(ask)s %(choice)s: ") % said + decision.reasons_of(given)
    if decision.ground_reason and not decision.with_consent:
        yield decision.ground_reason
