"""Codes of why somebody's access is stopped: from a list, so that nothing is written of them."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class WhySuspended(models.TextChoices):
    """Why somebody is suspended; more is not kept here."""

    ABSENT = "absent", _("Away for a longer time")
    CHECKS = "checks", _("Checks are being made again")
    INQUIRY = "inquiry", _("Something is being looked into")
    OTHER = "other", _("Another reason, known to the agency")
