"""The words of the agreement as choices. Values are stored: add new ones, never rename."""

from collections.abc import Iterable

from django.db import models
from django.utils.translation import gettext_lazy as _


class Purpose(models.TextChoices):
    """The eight purposes for which the agreement allows sharing (ISA-3.5)."""

    FRONT_DOOR = "front_door", _("Support the front door as the point of referral")
    NEEDS = "needs", _("Identify a child's safeguarding needs and get the right support in time")
    COLLABORATION = "collaboration", _("Help agencies to work together for children at risk")
    THREATS = "threats", _("Identify new safeguarding issues and emerging threats")
    LEARNING = "learning", _("Promote and embed learning")
    PRACTICE_REVIEWS = "practice_reviews", _("Commission or publish a safeguarding practice review")
    CASE_REVIEWS = "case_reviews", _("Carry out a rapid review, a local review or an investigation")
    AUDITS = "audits", _("Carry out a multi-agency audit")

    @classmethod
    def in_words(cls, codes: Iterable[str]) -> list[str]:
        """The purposes of these codes as they are read, in the order given."""
        return [str(cls(code).label) for code in codes if code in cls.values]


class Condition(models.TextChoices):
    """The special category conditions that an edition may allow (ISA-4.4)."""

    EXPLICIT_CONSENT = "explicit_consent", _("Explicit consent of the person")
    VITAL_INTERESTS = "vital_interests", _("Vital interests, where consent cannot be given")
    LEGAL_CLAIMS = "legal_claims", _("Establishment, exercise or defence of legal claims")
    PUBLIC_INTEREST = "public_interest", _("Substantial public interest")
    SAFEGUARDING = "safeguarding", _("Safeguarding of children and of individuals at risk")


# How long agencies may have to sign a new edition, in days.
SIGN_BY = {30: _("30 days"), 60: _("60 days"), 90: _("90 days"), 180: _("180 days")}
