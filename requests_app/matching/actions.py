"""Keeps the match tokens of a request as its people come, change and go."""

from encryption.tokens import match_tokens
from requests_app.models import InformationRequest, MatchToken, Subject


def write_tokens(subject: Subject) -> None:
    """Replace a person's tokens by those of what is known of them now.

    Call it within the move that changes the person, so that both come about or neither does.
    """
    MatchToken.objects.filter(subject=subject).delete()
    tokens = match_tokens(
        given_name=subject.given_name,
        family_name=subject.family_name,
        born_on=subject.date_of_birth,
        nhs_number=subject.nhs_number,
        upn_number=subject.upn,
    )
    MatchToken.objects.bulk_create(
        MatchToken(case_id=subject.case_id, subject=subject, kind=kind, token=token)
        for kind, token in tokens
    )


def forget_tokens(case: InformationRequest) -> None:
    """Let nothing match a request that is no longer open."""
    MatchToken.objects.filter(case=case).delete()
