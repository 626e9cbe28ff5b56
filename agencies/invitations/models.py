"""Asking somebody in by a link that works once, and what was promised to remind people of."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agencies.people.models import Membership
from workflow.traced import TracedModel


class Invitation(TracedModel):
    """A letter that asks one address in to one membership (ISA-7.1, docs/adr/0047).

    The link's token is nowhere here. ``salt`` and the secret that ``key_id`` names make it when
    the letter is written; ``digest`` finds the row by the token that somebody brings.
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


class Reminder(models.Model):
    """A reminder that was promised: the row keeps it from being promised twice.

    ``about`` is the id of a membership, or of an agency where somebody is told.
    """

    class Kind(models.TextChoices):
        CHECK = "check", _("a check runs out")
        REVIEW = "review", _("access has to be confirmed")
        SIGN = "sign", _("the agreement has to be signed anew")

    kind = models.CharField(max_length=10, choices=Kind)
    about = models.UUIDField()
    due_on = models.DateField()
    which = models.CharField(max_length=20)
    posted_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "about", "due_on", "which"], name="people_reminder_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.about}, {self.due_on}: {self.which}"
