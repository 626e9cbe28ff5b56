"""Evidence of looks across cases, for pages that reach all of them."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import QuerySet

from audit.models import AccessEntry


def looks_at_any(cases: Iterable[UUID]) -> QuerySet[AccessEntry]:
    """Who has looked at any of these cases; the caller has seen to it that they may be told."""
    return AccessEntry.objects.filter(case_id__in=list(cases))
