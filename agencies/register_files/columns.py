"""One agency as one line of a file: the same columns going out and coming in."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Prefetch, QuerySet, Sum

from agencies.models import Agency, Contact
from agencies.register.policies import GONE

POSTS = {
    "spoc": Contact.Post.SPOC,
    "manager": Contact.Post.MANAGER,
    "ig_lead": Contact.Post.IG_LEAD,
}
OF_A_POST = {"name": "name", "job_title": "job_title", "email": "email", "telephone": "phone"}
# The heading of each column, and the agency's own column behind it.
OF_AN_AGENCY = {
    "name": "name",
    "kind": "kind",
    "controller": "controller",
    "telephone": "phone",
    "secure_email": "secure_email",
    "domains": "domains",
    "privacy_notice": "privacy_notice",
    "open_days": "open_days",
    "opens": "opens",
    "closes": "closes",
}
TYPED = [*OF_AN_AGENCY, *(f"{post}_{part}" for post in POSTS for part in OF_A_POST)]
# Written out, so that a row is found again when its name changes; read only to find it.
TOLD = ["id", "state"]
COLUMNS = [*TOLD, *TYPED]


@dataclass
class Line:
    """What one line says, as texts by column; and the agency that it is about, if it is there."""

    values: dict[str, str] = field(default_factory=dict)
    agency: Any = None

    def __str__(self) -> str:
        return self.values.get("name", "")


def line_of(agency: Any) -> Line:
    """An agency of ``with_holders`` as a line."""
    values = {"id": str(agency.pk), "state": agency.status}
    values |= {column: as_text(getattr(agency, name)) for column, name in OF_AN_AGENCY.items()}
    holders = {contact.post: contact for contact in agency.holders}
    for prefix, post in POSTS.items():
        for column, name in OF_A_POST.items():
            holder = holders.get(post)
            values[f"{prefix}_{column}"] = getattr(holder, name) if holder else ""
    return Line(values, agency)


def as_text(value: Any) -> str:
    """One value as it stands in a file."""
    if isinstance(value, list):
        return " ".join(value)
    return f"{value:%H:%M}" if hasattr(value, "hour") else str(value)


def with_holders(rows: QuerySet[Agency]) -> QuerySet[Agency]:
    """Agencies with whoever holds their posts, in the order of a file."""
    current = Contact.objects.filter(status=Contact.Status.CURRENT)
    return rows.order_by("name", "pk").prefetch_related(
        Prefetch("contacts", current, to_attr="holders")
    )


def lines(rows: Iterable[Any]) -> Iterator[Line]:
    """Each agency as a line."""
    return (line_of(agency) for agency in rows)


def there() -> QuerySet[Agency]:
    """Every agency that is on the register and can be changed."""
    return with_holders(Agency.objects.exclude(status__in=GONE))


def stamp() -> str:
    """A text that is another one after any change of an agency or of who holds a post."""
    agencies = Agency.objects.aggregate(rows=Count("pk"), versions=Sum("version"))
    contacts = Contact.objects.aggregate(rows=Count("pk"), versions=Sum("version"))
    return "-".join(str(n or 0) for each in (agencies, contacts) for n in each.values())
