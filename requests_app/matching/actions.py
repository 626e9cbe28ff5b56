"""Keeps the match tokens of a request as its people come, change and go."""

from collections.abc import Iterator

from django.db import transaction

from requests_app.matching.tokens_held import (
    MATCH_NOTHING,
    Unlike,
    tokens_of,
    unlike_among,
    unlike_tokens,
)
from requests_app.models import InformationRequest, MatchToken, Subject
from workflow.locking import hold


def write_tokens(subject: Subject, *, is_new: bool = False) -> None:
    """Replace a person's tokens by those of what is known of them now.

    Call it within the transition that changes the person, so that both come about or neither does.
    """
    if not is_new:
        MatchToken.objects.filter(subject=subject).delete()
    MatchToken.objects.bulk_create(
        MatchToken(case_id=subject.case_id, subject=subject, kind=kind, token=token)
        for kind, token in tokens_of(subject)
    )


def forget_tokens(case: InformationRequest) -> None:
    """Let nothing match a draft that was given up."""
    MatchToken.objects.filter(case=case).delete()


def put_right() -> Iterator[Unlike]:
    """Give everybody the tokens of what is known of them, where somebody has changed these.

    It is for whoever runs the portal: pages write tokens with what they are made of.
    """
    for found in unlike_tokens():
        with transaction.atomic():
            # As whoever changes a person does, so that neither undoes the other.
            hold(found.subject)
            for still in unlike_among([found.subject]):
                MatchToken.objects.filter(subject=still.subject).delete()
                if still.subject.case.status not in MATCH_NOTHING:
                    write_tokens(still.subject)
                yield still
