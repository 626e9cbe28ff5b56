"""The register as pages show it, and which agencies take part (ISA-2.1)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils import timezone

from agencies.acting import Actor
from agencies.domains import domain_of
from agencies.models import Agency, Closure, Contact, Membership
from agencies.permissions import Permission
from agencies.register.opening_hours import Opening, hours_in_words, next_closures, opening
from agencies.register.policies import AGENCIES, GONE, WHO_TO_CALL
from workflow.clean import broken
from workflow.paging import page_of

Post = Contact.Post
CURRENT = Contact.Status.CURRENT


@dataclass(frozen=True)
class Listed:
    """One agency as a list or page shows it: who holds its posts, and whether it can be called."""

    agency: Agency
    holders: Mapping[str, Contact]
    closures: list[Closure]
    opening: Opening

    @property
    def spoc(self) -> Contact | None:
        """The single point of contact."""
        return self.holders.get(Post.SPOC)

    @property
    def manager(self) -> Contact | None:
        """The responsible manager."""
        return self.holders.get(Post.MANAGER)

    @property
    def is_missing(self) -> bool:
        """Whether a required post is empty (ISA-4.3-SPOC)."""
        return not (self.spoc and self.manager)

    @property
    def hours(self) -> str:
        """Its days and hours in words."""
        return hours_in_words(self.agency)

    @property
    def posts(self) -> list[tuple[str, str, Contact | None]]:
        """Every post: code, name, and whoever holds it."""
        return [(post.value, str(post.label), self.holders.get(post)) for post in Post]


@dataclass(frozen=True)
class Directory:
    """One page of a list of agencies, and the address of the one after it."""

    rows: list[Listed]
    next: str


def kept(actor: Actor, wanted: Mapping[str, str], after: str) -> Directory:
    """The register for those who keep it."""
    rows = AGENCIES.scope(actor, Permission.ADMINISTER)
    if wanted.get("missing"):
        rows = rows.filter(MISSING_A_POST)
    return _page(rows, wanted, after)


def to_call(actor: Actor, wanted: Mapping[str, str], after: str) -> Directory:
    """The agencies that a partner can look up."""
    return _page(WHO_TO_CALL.scope(actor, *Permission), wanted, after)


def listed(agency: Agency) -> Listed:
    """One agency with all that its page shows."""
    return _listed(_with_all(Agency.objects.filter(pk=agency.pk)).get(), timezone.now())


def closed_today(agencies: Iterable[Agency]) -> dict[Any, Closure]:
    """The closure that runs today, by the id of its agency."""
    today = timezone.localdate()
    running = next_closures(today).filter(starts__lte=today, agency__in=agencies)
    return {closure.agency_id: closure for closure in running}


def missing_posts(actor: Actor) -> QuerySet[Agency]:
    """Agencies without a single point of contact or a responsible manager."""
    return AGENCIES.scope(actor, Permission.ADMINISTER).filter(MISSING_A_POST)


def held_so_far(agency: Agency, post: str) -> int:
    """How many have held a post there: one more with each change."""
    return Contact.objects.filter(agency=agency, post=post).count()


def holder_of(agency: Agency, post: str) -> Contact | None:
    """Whoever holds a post there now."""
    rows = Contact.objects.filter(agency=agency, post=post, status=CURRENT)
    found: Contact | None = rows.first()
    return found


def is_name_taken(name: str, *, but: Agency | None) -> bool:
    """Whether another agency that is there bears the name, in any case of letters."""
    others = Agency.objects.filter(name__iexact=name).exclude(status__in=GONE)
    return (others.exclude(pk=but.pk) if but else others).exists()


def domains_in_use(agency: Agency, domains: Iterable[str]) -> list[str]:
    """Domains that would go from an agency while people of it have addresses there."""
    going = set(agency.domains) - set(domains)
    if not going:
        return []
    there = agency.memberships.exclude(status=Membership.Status.LEFT)
    used = {domain_of(email) for email in there.values_list("user__email", flat=True)}
    return sorted(going & used)


def members_by_status(agency: Agency) -> dict[str, int]:
    """How many people the agency has in each state of membership."""
    counted = agency.memberships.values("status").annotate(people=Count("pk")).order_by()
    return {row["status"]: row["people"] for row in counted}


def statutory_partners() -> QuerySet[Agency]:
    """The three that agree changes and scrutinise."""
    return Agency.objects.filter(is_statutory_partner=True)


def front_doors() -> QuerySet[Agency]:
    """The agency that every request goes to."""
    return Agency.objects.filter(is_front_door=True)


def _held(post: str) -> Exists:
    return Exists(Contact.objects.filter(agency=OuterRef("pk"), post=post, status=CURRENT))


MISSING_A_POST = (~_held(Post.SPOC) | ~_held(Post.MANAGER)) & ~Q(status__in=GONE)


def _page(rows: QuerySet[Agency], wanted: Mapping[str, str], after: str) -> Directory:
    if name := wanted.get("name"):
        rows = rows.filter(name__icontains=name)
    rows = rows.filter(**{key: wanted[key] for key in ("kind", "status") if wanted.get(key)})
    found = page_of(_with_all(rows), {"name": _name, "pk": UUID}, after)
    now = timezone.now()
    asked = urlencode({**wanted, "after": found.after})
    return Directory(
        [_listed(each, now) for each in found.rows], f"?{asked}" if found.after else ""
    )


def _name(token: str) -> str:
    """A name in a page's address; one that no name can be begins at the top."""
    if broken(token):
        raise ValueError("not a name")
    return token


def _with_all(rows: QuerySet[Agency]) -> QuerySet[Agency]:
    today = timezone.localdate()
    holders = Contact.objects.filter(status=CURRENT)
    return rows.select_related("merged_into").prefetch_related(
        Prefetch("contacts", holders, to_attr="holders"),
        Prefetch("closures", next_closures(today), to_attr="ahead"),
    )


def _listed(agency: Any, now: datetime) -> Listed:
    holders = {contact.post: contact for contact in agency.holders}
    return Listed(agency, holders, agency.ahead, opening(agency, agency.ahead, now))


def may_look_up(actor: Actor) -> bool:
    """Whether there is anything for this person to look up."""
    return WHO_TO_CALL.scope(actor, Permission.SEND_REQUEST).exists()


def takes_part(path: str = "", today: date | None = None) -> Q:
    """What is true of an agency that takes part today; ``path`` leads to it, as in ``agency__``."""
    today = today or timezone.localdate()
    status = Q(**{f"{path}status": Agency.Status.TAKING_PART})
    return status & (Q(**{f"{path}lapses_on": None}) | Q(**{f"{path}lapses_on__gt": today}))
