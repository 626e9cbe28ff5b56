"""Codes of retention, and the words that stand for them on pages."""

from django.db import models
from django.utils.translation import gettext_lazy as _

# Where an agency has no schedule for a class of record (docs/adr/0073).
MONTHS = 12
# Where the requester never says that the purpose is served, it counts as served so much later.
SERVED_BY_ITSELF_MONTHS = 12


class RecordClass(models.TextChoices):
    """What an agency has a part in."""

    ASKED = "asked", _("Requests it made, and what was released to it")
    ANSWERED = "answered", _("Agency checks sent to it, and its decisions")
    TRIAGED = "triaged", _("Requests it triaged as the front door")


def classes_for(*, is_front_door: bool) -> list[RecordClass]:
    """What an agency can have a part in: a front door triages and is asked nothing."""
    other = RecordClass.TRIAGED if is_front_door else RecordClass.ANSWERED
    return [RecordClass.ASKED, other]


class Start(models.TextChoices):
    """From when the time is counted (ISA-8.2)."""

    SERVED = "served", _("The purpose was served")
    CLOSED = "closed", _("The request was closed")
    LAST_CONTACT = "last_contact", _("The last change in the record")
    BIRTH = "birth", _("The child's date of birth")


class HoldReason(models.TextChoices):
    """Why a record must not be disposed of, whatever its schedule says."""

    INQUIRY = "inquiry", _("Public inquiry")
    COURT = "court", _("Court proceedings, or a court's order")
    REVIEW = "review", _("Rapid review or safeguarding practice review")
    COMPLAINT = "complaint", _("Complaint or investigation")
    ACCESS = "access", _("Subject access request")


class KeptBecause(models.TextChoices):
    """Why a receiving agency keeps what was released to it."""

    OWN_RECORD = "own_record", _("It is part of our own record, under our own schedule")
    COURT = "court", _("Court proceedings, or a court's order")
    INQUIRY = "inquiry", _("Public inquiry")


class Obstacle(models.TextChoices):
    """What keeps a record from being disposed of although its time is over."""

    HOLD = "hold", _("On hold")
    OPEN = "open", _("Something in it is still open")
    WITHOUT_END = "without_end", _("No end date, until it is reviewed")
    UNREADABLE = "unreadable", _("It cannot be opened, so nobody knows when it is due")
    NOT_DUE = "not_due", _("Not due yet")
