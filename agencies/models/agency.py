"""The bodies that take part, and the people who act for them."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase

from agencies.kinds import CALDICOTT_KINDS, AgencyKind
from agencies.permissions import May, Role
from workflow.stamped import StampedHistory


class Agency(models.Model):
    """A body that asks, holds, triages or scrutinises (Appendix One)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=200, unique=True)
    kind = models.CharField(max_length=30, choices=AgencyKind)
    is_front_door = models.BooleanField(default=False)
    is_statutory_partner = models.BooleanField(default=False)

    history = StampedHistory()

    class Meta:
        verbose_name = _("partner agency")
        verbose_name_plural = _("partner agencies")
        ordering = ["name"]
        default_permissions = ()
        permissions = [(may.value, may.value) for may in May]

    def __str__(self) -> str:
        return self.name

    @property
    def follows_caldicott(self) -> bool:
        """Whether the Caldicott principles are a further check for this agency (CAL)."""
        return self.kind in CALDICOTT_KINDS


class AgencyUserObjectPermission(UserObjectPermissionBase):
    """Guardian grants with a real foreign key, so that scopes join cheaply."""

    content_object = models.ForeignKey(Agency, on_delete=models.CASCADE)


class AgencyGroupObjectPermission(GroupObjectPermissionBase):
    """Guardian wants the pair; no grant is ever made to a group."""

    content_object = models.ForeignKey(Agency, on_delete=models.CASCADE)


class Membership(models.Model):
    """One role of one person at one agency; the guardian grants follow from it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="memberships")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=20, choices=Role)
    since = models.DateTimeField(default=timezone.now, editable=False)

    history = StampedHistory()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "agency", "role"], name="membership_one_row_a_role"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()} at {self.agency}"
