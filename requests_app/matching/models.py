"""Match tokens: what lets the front door notice that two requests may be about one person."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from encryption.tokens import (
    BIRTH,
    FORENAME_AND_BIRTH,
    FULL_NAME,
    NAME,
    NHS,
    SURNAME_AND_YEAR,
    UPN,
)

KINDS = {
    NHS: _("NHS number"),
    UPN: _("Unique pupil number"),
    SURNAME_AND_YEAR: _("Surname by its sound, and year of birth"),
    FORENAME_AND_BIRTH: _("First name and date of birth"),
    FULL_NAME: _("Two words of a name"),
    NAME: _("One word of a name"),
    BIRTH: _("Date of birth"),
}


class MatchToken(models.Model):
    """One keyed token of one person in a request that is kept (docs/adr/0121).

    Plain on purpose: it holds ids, a code and a keyed digest, which say nothing without the
    key. It has no history, so that there is no index of children beyond requests that are kept:
    tokens go when a person is changed or taken out, and when the request is given up or destroyed.
    """

    case = models.ForeignKey(
        "requests_app.InformationRequest", models.CASCADE, related_name="match_tokens"
    )
    subject = models.ForeignKey("requests_app.Subject", models.CASCADE, related_name="match_tokens")
    kind = models.CharField(max_length=20, choices=list(KINDS.items()))
    token = models.BinaryField(max_length=32)

    class Meta:
        indexes = [models.Index(fields=["token"], name="match_token")]
        constraints = [
            models.UniqueConstraint(fields=["subject", "kind", "token"], name="match_token_once")
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.subject_id}"
