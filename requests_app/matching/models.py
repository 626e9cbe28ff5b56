"""What lets the front door notice that two requests may be about one person, and what it said."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from encryption.tokens import (
    ADDRESS,
    BIRTH,
    FORENAME_AND_BIRTH,
    FULL_NAME,
    NAME,
    NHS,
    PLACE,
    SURNAME_AND_YEAR,
    UPN,
)
from workflow.traced import TracedModel

KINDS = {
    NHS: _("NHS number"),
    UPN: _("Unique pupil number"),
    SURNAME_AND_YEAR: _("Surname by its sound, and year of birth"),
    FORENAME_AND_BIRTH: _("First name and date of birth"),
    FULL_NAME: _("Two words of a name"),
    NAME: _("One word of a name"),
    BIRTH: _("Date of birth"),
    ADDRESS: _("Address"),
    PLACE: _("Postcode or building"),
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


class MatchVerdict(TracedModel):
    """What the front door says of somebody in one request, held against somebody in another.

    There are two rows of each pair, one in each request, written and undone together: each has it
    in its own history and evidence, and neither needs the other's key. It holds no words about
    anybody, so that of a record that was destroyed nothing is left but that there was one. The
    versions are those that were compared: "not the same person" holds for no others.
    """

    class Status(models.TextChoices):
        """What stands of the pair."""

        LINKED = "linked", _("Linked")
        APART = "apart", _("Not the same person")
        UNDONE = "undone", _("Undone")

    class Because(models.TextChoices):
        """How the front door knows, or why it takes back what it said."""

        RECORDS = "records", _("The details in the two requests")
        NUMBER = "number", _("The NHS number or UPN")
        OWN_SYSTEM = "own_system", _("Our own case management system")
        AGENCY = "agency", _("An agency told us")
        FAMILY = "family", _("The family told us")
        MISTAKE = "mistake", _("It was a mistake")
        NEWS = "news", _("We have learnt something new")

    status = models.CharField(max_length=10, choices=Status, editable=False)
    case = models.ForeignKey(
        "requests_app.InformationRequest", models.PROTECT, related_name="match_verdicts"
    )
    mine = models.ForeignKey(
        "requests_app.Subject", models.PROTECT, db_index=False, related_name="match_verdicts"
    )
    theirs = models.ForeignKey("requests_app.Subject", models.PROTECT, related_name="+")
    because = models.CharField(max_length=10, choices=Because)
    mine_version = models.PositiveIntegerField(editable=False)
    theirs_version = models.PositiveIntegerField(editable=False)
    said_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+"
    )
    said_at = models.DateTimeField(editable=False)

    class Meta:
        verbose_name = _("verdict on a possible match")
        verbose_name_plural = _("verdicts on possible matches")
        constraints = [
            models.UniqueConstraint(fields=["mine", "theirs"], name="match_verdict_one_a_pair")
        ]

    def __str__(self) -> str:
        return f"{self.status} of {self.mine_id}"
