"""Match tokens held against the people they are made of: pages may delete them and add others.

A token that is gone leaves no trace, since there is no history of them (docs/adr/0015); what it is
made of is sealed, and held by the ledger. So what should be there is worked out anew.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.utils import timezone

from audit.ledger.findings import Beside
from audit.ledger.reading import some_rows
from encryption.casekeys import prefetch_case_keys
from encryption.errors import EncryptionFault
from encryption.tokens import address_tokens, finding_tokens, match_tokens
from encryption.unit_of_work import key_cache
from requests_app.models import InformationRequest, MatchToken, Subject

Status = InformationRequest.Status
MATCH_NOTHING = (Status.DISCARDED,)
A_DAY = 5_000  # people whose tokens one check works out
Token = tuple[UUID, str, bytes]  # of which case, of which kind, and the digest itself


@dataclass(frozen=True)
class Unlike:
    """A person whose tokens are not those of what is known of them."""

    subject: Subject
    missing: int
    added: int
    state: str


def tokens_of(subject: Subject) -> list[tuple[str, bytes]]:
    """What is known of somebody as tokens, by kind; EncryptionFault where it does not open."""
    given, family, born_on = subject.given_name, subject.family_name, subject.date_of_birth
    found = finding_tokens(
        given_name=given, family_name=family, other_names=subject.other_names, born_on=born_on
    )
    found += address_tokens(subject.address)
    return found + match_tokens(
        given_name=given,
        family_name=family,
        born_on=born_on,
        nhs_number=subject.nhs_number,
        upn_number=subject.upn,
    )


def unlike_tokens(*, shares: int = 1, share: int = 0) -> Iterator[Unlike]:
    """Everybody for whom tokens are missing or were added, some people at a time.

    Of several ``shares`` of all people only those of one are looked at, numbered from 0.
    """
    for some in some_rows(Subject.objects.select_related("case")):
        people = [row for _pk, row in some if row is not None]
        yield from unlike_among([each for each in people if each.pk.int % shares == share])


def unlike_among(people: Sequence[Subject]) -> list[Unlike]:
    """Those of them for whom tokens are missing or were added.

    Nobody can say it of a record that does not open: either its case was disposed of, or the
    ledger's check names the row or its key.
    """
    there = defaultdict(set)
    for token in MatchToken.objects.filter(subject__in=[each.pk for each in people]).iterator():
        there[token.subject_id].add((token.case_id, token.kind, bytes(token.token)))
    with key_cache():
        prefetch_case_keys({each.case_id for each in people})
        compared = [_compared(each, there[each.pk]) for each in people]
    return [each for each in compared if each]


def _compared(subject: Subject, there: set[Token]) -> Unlike | None:
    try:
        due = _due(subject)
    except EncryptionFault:
        return None
    if due == there:
        return None
    state = sha256(repr((subject.version, sorted(map(repr, there)))).encode()).hexdigest()
    return Unlike(subject, len(due - there), len(there - due), state)


def _due(subject: Subject) -> set[Token]:
    if subject.case.status in MATCH_NOTHING:
        return set()
    return {(subject.case_id, kind, token) for kind, token in tokens_of(subject)}


def tokens_unlike_people() -> Iterator[Beside]:
    """What ``verify_live`` says of them; counts, references and ids only.

    A number's token takes a tenth of a second (docs/adr/0015). So where there are many people, each
    day has its share of them, and all have had their turn after as many days as there are shares.
    """
    shares = 1 + Subject.objects.count() // A_DAY
    for each in unlike_tokens(shares=shares, share=timezone.localdate().toordinal() % shares):
        yield Beside(what_is_wrong(each), (each.state,))


def what_is_wrong(unlike: Unlike) -> str:
    """One of them in words."""
    case: Any = unlike.subject.case
    return (
        f"Match tokens of person {unlike.subject.pk} in request {case.reference} are not those of "
        f"what is known: {unlike.missing} missing, {unlike.added} added."
    )
