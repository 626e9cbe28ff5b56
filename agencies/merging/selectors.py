"""What a merger would change, before anybody confirms it."""

from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils import timezone

from agencies.acting import Actor
from agencies.models import Agency, Closure, Contact, Membership
from agencies.register.opening_hours import next_closures

Status = Membership.Status


@dataclass(frozen=True)
class Merger:
    """What the entry that is kept would get, and what stays behind."""

    agency: Agency
    into: Agency
    posts: list[Contact]
    closures: list[Closure]
    domains: list[str]
    people: int
    stay: int


def merger(agency: Agency, into: Agency, *, by: Actor) -> Merger:
    """How it stands now; counted, so that no person is named."""
    bring = members_to_bring(agency, into, by=by).count()
    everybody = agency.memberships.exclude(status=Status.LEFT).count()
    return Merger(
        agency=agency,
        into=into,
        posts=list(posts_to_bring(agency, into)),
        closures=list(closures_ahead(agency)),
        domains=sorted(set(agency.domains) - set(into.domains)),
        people=bring,
        stay=everybody - bring,
    )


def posts_to_bring(agency: Agency, into: Agency) -> QuerySet[Contact]:
    """Holders of posts that nobody holds at the kept entry."""
    current = Contact.objects.filter(status=Contact.Status.CURRENT)
    held: QuerySet[Contact] = current.filter(agency=agency)
    return held.exclude(post__in=current.filter(agency=into).values("post"))


def closures_ahead(agency: Agency) -> QuerySet[Closure]:
    """Closures that are not over."""
    return next_closures(timezone.localdate()).filter(agency=agency)


def members_to_bring(agency: Agency, into: Agency, *, by: Actor) -> QuerySet[Membership]:
    """Active members, unless the kept entry has them in another state, which is its own to end.

    Whoever merges is not among them: nobody gives themselves a role.
    """
    elsewise = Membership.objects.filter(agency=into).exclude(status=Status.ACTIVE)
    active = Membership.objects.filter(agency=agency, status=Status.ACTIVE)
    others = active.exclude(user__in=elsewise.values("user")).exclude(user=by.user.pk)
    return others.select_related("user")


def could_be_one_with(agency: Agency) -> QuerySet[Agency]:
    """The other entries there, those of the same kind only: a school is no trust."""
    gone = (Agency.Status.LEFT, Agency.Status.MERGED)
    others = Agency.objects.filter(kind=agency.kind).exclude(pk=agency.pk)
    return others.exclude(status__in=gone).order_by("name")
