"""Second factors and links that somebody wrote past the portal: named, and taken away on record.

They count for nothing (docs/adr/0105), and are findings of ``ledger verify-live`` until they are
gone. Whoever runs the portal takes them away by ``manage.py forged`` (docs/adr/0107).
"""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.db import transaction
from django.db.models import QuerySet

from agencies.models import User
from audit.ledger.findings import Beside, in_one_line
from audit.ledger.known_findings import taken_away
from audit.record import record
from authentication.mfa import marks as bound
from authentication.sso import marks as sso_bound
from outbox.post import post

MOVE: Final = "forged.take_away"
MOST_FIGURES: Final = 18  # of a key, which is a bigint


class NotTaken(Exception):
    """There is no such row, or it counts; the text says which."""


@dataclass(frozen=True)
class _Kind:
    all_rows: Callable[[], QuerySet[Any]]
    not_ours: Callable[[], Iterator[Any]]
    is_ours: Callable[[Any], bool]
    said_of: Callable[[Any], str]
    holds: Callable[[Any], Any]


def _holds_of_factor(factor: Authenticator) -> Any:
    return factor.data


def _holds_of_link(link: SocialAccount) -> Any:
    return [link.provider, link.uid, link.extra_data]


KINDS: Final = {
    "factor": _Kind(bound.all_rows, bound.not_ours, bound.is_ours, bound.said_of, _holds_of_factor),
    "link": _Kind(
        *(sso_bound.all_rows, sso_bound.not_ours, sso_bound.is_ours, sso_bound.said_of),
        _holds_of_link,
    ),
}


def found() -> Iterator[Beside]:
    """What ``verify_live`` says of them."""
    for _name, said in forged_rows():
        yield Beside(said)


def forged_rows() -> Iterator[tuple[str, str]]:
    """The name of each, such as ``factor-12``, and what is said of it; ids and codes only."""
    for word, kind in KINDS.items():
        for row in kind.not_ours():
            yield f"{word}-{row.pk}", in_one_line(kind.said_of(row))


@transaction.atomic
def take_away(names: Iterable[str], *, reason: str, by: str) -> list[str]:
    """Take all of these away, or none; what was said of each.

    Each goes on record with reason and name, leaves its evidence, and the person concerned and
    those who watch over the record get an e-mail. Raises NotTaken and NotAcknowledged.
    """
    return [_take_one(name, reason=reason, by=by) for name in dict.fromkeys(names)]


def _take_one(name: str, *, reason: str, by: str) -> str:
    kind, row, person = _held(name)
    if kind.is_ours(row):
        raise NotTaken(f"{name} was made by the portal for this person. It stays.")
    said = in_one_line(kind.said_of(row))
    known = taken_away(said, reason=reason, by=by)
    record(
        MOVE,
        row,
        person="",
        agency="",
        before="",
        after="removed",
        digest=sha256(json.dumps(kind.holds(row), sort_keys=True).encode()).hexdigest(),
        whose=str(person.pk),
        known=known.pk,
    )
    row.delete()
    post("ledger.taken_away", about=known)
    post("forged.taken_away", about=person)
    return said


def _held(name: str) -> tuple[_Kind, Any, User]:
    """The row of this name and its person, both held: somebody may be setting one up just now."""
    word, _dash, pk = name.partition("-")
    if word not in KINDS or not _is_key(pk):
        raise NotTaken(f"{name} is no name of one. `manage.py forged` lists those there are.")
    rows = KINDS[word].all_rows()
    if found := rows.filter(pk=pk).first():
        person = User.objects.select_for_update().get(pk=found.user_id)
        if row := rows.select_for_update().filter(pk=pk, user=person).first():
            return KINDS[word], row, person
    raise NotTaken(f"{name} is not there any more.")


def _is_key(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= MOST_FIGURES
