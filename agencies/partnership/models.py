"""The partnership itself, as data, so that another one can use the portal as it is."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from encryption.fingerprints import came_later
from workflow.stamped import LedgeredHistory


class Partnership(models.Model):
    """The one row that names the partnership, its front door and its response times.

    Times are hours; amber and green count in hub hours, red round the clock (P-TIMELY).
    """

    ONLY = 1

    id = models.PositiveSmallIntegerField(primary_key=True, default=ONLY, editable=False)
    name = models.CharField(max_length=200)
    area = models.CharField(max_length=100)
    service_name = models.CharField(max_length=100)
    front_door_name = models.CharField(max_length=100)
    front_door_short = models.CharField(max_length=20)
    red_hours = models.PositiveSmallIntegerField(default=4)
    amber_hours = models.PositiveSmallIntegerField(default=24)
    green_hours = models.PositiveSmallIntegerField(default=72)
    hub_opens = models.TimeField(default="09:00")
    hub_closes = models.TimeField(default="17:00")
    # Whom people turn to, as the help and privacy pages say; nothing until the partnership says.
    support_email = came_later(models.EmailField(null=True, blank=True))
    support_telephone = came_later(models.CharField(max_length=40, null=True, blank=True))
    support_hours = came_later(models.CharField(max_length=100, null=True, blank=True))
    privacy_email = came_later(models.EmailField(null=True, blank=True))
    out_of_hours_telephone = came_later(models.CharField(max_length=40, null=True, blank=True))

    history = LedgeredHistory()

    class Meta:
        verbose_name = _("partnership")
        constraints = [
            models.CheckConstraint(name="partnership_only_one", condition=models.Q(id=1)),
            models.CheckConstraint(
                name="partnership_hub_opens_before_it_closes",
                condition=models.Q(hub_opens__lt=models.F("hub_closes")),
            ),
        ]

    def __str__(self) -> str:
        return self.name
