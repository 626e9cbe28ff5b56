"""The bodies that take part, whom to call there, and when."""

from typing import Any

from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase

from agencies.kinds import CALDICOTT_KINDS, AgencyKind
from agencies.permissions import Permission
from workflow.traced import TracedModel

WEEKDAYS = "12345"  # ISO numbers of the days, Monday first


class Agency(TracedModel):
    """A body that asks, holds, triages or scrutinises (A-REGISTER, ISA-2.1).

    ``domains`` are the e-mail domains in which its people have addresses (ISA-4.3-SECURITY).
    ``lapses_on`` is the day from which it takes no part, unless it signs the edition in force.
    ``open_days`` are ISO weekday numbers in one text, as in "12345".
    """

    is_shared = True

    class Status(models.TextChoices):
        LISTED = "listed", _("On the register, has not signed the agreement")
        TAKING_PART = "taking_part", _("Takes part")
        SUSPENDED = "suspended", _("Suspended")
        LEFT = "left", _("Has left")
        MERGED = "merged", _("Merged into another entry")

    THERE = (Status.LISTED, Status.TAKING_PART, Status.SUSPENDED)

    status = models.CharField(
        max_length=20, choices=Status, default=Status.LISTED, editable=False, db_index=True
    )
    name = models.CharField(_("name"), max_length=200)
    kind = models.CharField(_("kind"), max_length=30, choices=AgencyKind)
    is_front_door = models.BooleanField(default=False)
    is_statutory_partner = models.BooleanField(default=False)
    keeps_register = models.BooleanField(default=False)
    controller = models.CharField(_("data controller"), max_length=200, blank=True)
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    secure_email = models.EmailField(_("secure e-mail address"), blank=True)
    domains = models.JSONField(_("e-mail domains"), default=list, blank=True)
    privacy_notice = models.URLField(_("privacy notice"), max_length=300, blank=True)
    opens = models.TimeField(_("opens"), default="09:00")
    closes = models.TimeField(_("closes"), default="17:00")
    open_days = models.CharField(_("open days"), max_length=7, default=WEEKDAYS)
    lapses_on = models.DateField(null=True, blank=True, editable=False)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, editable=False, related_name="merged"
    )

    class Meta:
        verbose_name = _("partner agency")
        verbose_name_plural = _("partner agencies")
        ordering = ["name"]
        default_permissions = ()
        permissions = [(permission.value, permission.value) for permission in Permission]
        constraints = [
            # An entry that was merged or left keeps its name, and another may bear it.
            models.UniqueConstraint(
                Lower("name"),
                name="agency_name_once_among_those_there",
                condition=~models.Q(status__in=["left", "merged"]),
            ),
            models.CheckConstraint(
                name="agency_merged_says_into_which",
                condition=models.Q(status="merged", merged_into__isnull=False)
                | (~models.Q(status="merged") & models.Q(merged_into=None)),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def follows_caldicott(self) -> bool:
        """Whether the Caldicott principles are a further check for this agency (CAL)."""
        return self.kind in CALDICOTT_KINDS

    @property
    def reaches_all(self) -> bool:
        """Whether people of it can come to read cases that are not its own (docs/adr/0093)."""
        return self.is_front_door or self.is_statutory_partner or self.keeps_register

    @property
    def has_lapsed(self) -> bool:
        """Whether a newer edition of the agreement came into force and it has not signed it."""
        return self.lapses_on is not None and self.lapses_on <= timezone.localdate()


class AgencyUserObjectPermission(UserObjectPermissionBase):
    """Guardian grants with a real foreign key, so that scopes join cheaply."""

    content_object = models.ForeignKey(Agency, on_delete=models.CASCADE)


class AgencyGroupObjectPermission(GroupObjectPermissionBase):
    """Guardian wants the pair; no grant is ever made to a group."""

    content_object = models.ForeignKey(Agency, on_delete=models.CASCADE)


class Contact(TracedModel):
    """Who holds a post at an agency, whether or not they have an account (ISA-4.3-SPOC)."""

    class Post(models.TextChoices):
        SPOC = "spoc", _("Single point of contact (SPoC)")
        MANAGER = "manager", _("Responsible manager")
        IG_LEAD = "ig_lead", _("Information governance lead")

    class Status(models.TextChoices):
        CURRENT = "current", _("Holds the post")
        ENDED = "ended", _("Has been replaced")

    status = models.CharField(max_length=20, choices=Status, default=Status.CURRENT, editable=False)
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="contacts")
    post = models.CharField(_("post"), max_length=10, choices=Post)
    name = models.CharField(_("name"), max_length=150)
    job_title = models.CharField(_("job title"), max_length=120, blank=True)
    email = models.EmailField(_("e-mail address"))
    phone = models.CharField(_("telephone"), max_length=40)

    class Meta:
        ordering = ["agency", "post"]
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "post"],
                name="contact_one_holds_a_post",
                condition=models.Q(status="current"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_post_display()} at {self.agency}"


class Closure(TracedModel):
    """Days on which an agency is closed, and who answers instead: a school in August."""

    class Status(models.TextChoices):
        PLANNED = "planned", _("Planned")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    status = models.CharField(max_length=20, choices=Status, default=Status.PLANNED, editable=False)
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="closures")
    starts = models.DateField(_("first day"))
    ends = models.DateField(_("last day"))
    answers = models.CharField(_("who answers instead"), max_length=150)
    answers_phone = models.CharField(_("their telephone"), max_length=40)
    answers_email = models.EmailField(_("their e-mail address"), blank=True)

    class Meta:
        ordering = ["starts"]
        constraints = [
            models.CheckConstraint(
                name="closure_ends_after_it_starts",
                condition=models.Q(ends__gte=models.F("starts")),
            )
        ]

    def __str__(self) -> str:
        return f"{self.agency}, {self.starts} to {self.ends}"

    def covers(self, day: Any) -> bool:
        """Whether the agency is closed on that day."""
        return bool(self.starts <= day <= self.ends)
