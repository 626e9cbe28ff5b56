"""What one person saw between two times, by the agency to which it belonged (ISA-7.2)."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _

from agencies.acting import Actor
from agencies.models import Agency, User
from agencies.permissions import Permission
from audit.names import thing_of
from audit.record import Kind
from decisions.access_log.query import AS_HEX, AS_UUID, ASK_THE_WALL, without_a_wall
from requests_app.access_log.selectors import THINGS
from workflow.gateway import fetch_all


@dataclass(frozen=True)
class Seen:
    """So many entries of one kind at one kind of thing of one agency."""

    owner: str
    what: Any
    did: Any
    entries: int
    first: datetime
    last: datetime


def seen_by(person: User, since: datetime, until: datetime, actor: Actor) -> list[Seen]:
    """By owning agency: entries from ``since`` and before ``until``, in one query and one of names.

    Of what the agency acted for may know: entries made for it, and at cases of its desk. That
    somebody asked is logged with the person asked about.
    """
    fetch_all(actor, Permission.REVIEW_OPENINGS, [person])
    rows = _asked(person, since, until, actor)
    names = {
        agency.pk: agency.name for agency in Agency.objects.filter(pk__in={r[0] for r in rows})
    }
    found = [
        Seen(
            owner=names.get(owner, _("The register, and what belongs to no case")),
            what=_what(thing, kind),
            did=Kind(kind).label,
            entries=entries,
            first=first,
            last=last,
        )
        for owner, thing, kind, entries, first, last in rows
    ]
    return sorted(found, key=lambda each: (each.owner, str(each.what), str(each.did)))


def _asked(person: User, since: datetime, until: datetime, actor: Actor) -> list[tuple[Any, ...]]:
    is_postgres = connection.vendor == "postgresql"
    sql = without_a_wall(AS_UUID if is_postgres else AS_HEX)
    agency = actor.agency.pk
    values = {
        "person": str(person.pk),
        "since": connection.ops.adapt_datetimefield_value(since),
        "until": connection.ops.adapt_datetimefield_value(until),
        "agency": agency if is_postgres else agency.hex,
        "agency_name": str(agency),
    }
    with connection.cursor() as cursor:
        cursor.execute(ASK_THE_WALL if settings.SECOND_WALL else sql, values)
        return [
            (_id(owner), thing, kind, entries, _moment(first), _moment(last))
            for owner, thing, kind, entries, first, last in cursor.fetchall()
        ]


def _what(thing: str, kind: str) -> Any:
    if (thing, kind) == (thing_of(Agency), Kind.SEARCHED):
        return _("Search for a person")
    return THINGS.get(thing) or _("Part of the record")


def _id(value: Any) -> UUID | None:
    return value if value is None or isinstance(value, UUID) else UUID(str(value))


def _moment(value: Any) -> datetime:
    found = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    return found if found.tzinfo else found.replace(tzinfo=UTC)
