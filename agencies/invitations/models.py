"""Asking somebody in by a link that works once."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agencies.people.models import Membership
from workflow.traced import TracedModel


class Invitation(TracedModel):
    """An e-mail that asks one address in to one membership (ISA-7.1, docs/adr/0047).

    The link's token is nowhere here. ``salt`` and the secret that ``key_id`` names make it when
    the e-mail is written; ``digest`` finds the row by the token that somebody brings.
    """

    class Status(models.TextChoices):
        SENT = "sent", _("Sent")
        ACCEPTED = "accepted", _("Accepted")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    status = models.CharField(max_length=20, choices=Status, default=Status.SENT, editable=False)
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="invitations")
    email = models.EmailField(_("e-mail address"))
    sent_at = models.DateTimeField(editable=False)
    ends_at = models.DateTimeField(editable=False)
    salt = models.CharField(max_length=64, editable=False)
    key_id = models.CharField(max_length=100, editable=False)
    digest = models.CharField(max_length=64, unique=True, editable=False)

    class Meta:
        verbose_name = _("invitation")
        constraints = [
            models.UniqueConstraint(
                fields=["membership"],
                name="invitation_one_waits",
                condition=models.Q(status="sent"),
            )
        ]

    def __str__(self) -> str:
        return f"Invitation to {self.membership.agency}"

    @property
    def is_over(self) -> bool:
        """Whether its time has run out."""
        return self.ends_at <= timezone.now()
