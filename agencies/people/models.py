"""People who sign in: their agencies and roles there, and whether their checks are in date."""

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.models import AbstractUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agencies.permissions import Role
from agencies.register.models import Agency
from workflow.stamped import LedgeredHistory, StampedHistory
from workflow.traced import TracedModel


class Membership(TracedModel):
    """One person at one agency; what they may do there follows from its state and its roles.

    ``confirmed_until`` is the last day of the access that was confirmed at the last access
    review; after it no case opens until it is confirmed again.
    """

    class Status(models.TextChoices):
        INVITED = "invited", _("Invited")
        ACCEPTED = "accepted", _("Has accepted, checks not yet recorded")
        ACTIVE = "active", _("Active")
        SUSPENDED = "suspended", _("Suspended")
        LEFT = "left", _("Has left")

    status = models.CharField(
        max_length=20, choices=Status, default=Status.INVITED, editable=False, db_index=True
    )
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="memberships")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="memberships")
    since = models.DateTimeField(default=timezone.now, editable=False)
    confirmed_until = models.DateField(null=True, blank=True, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "agency"], name="membership_one_a_person")
        ]

    def __str__(self) -> str:
        return f"{self.user} at {self.agency}"


class HeldRole(models.Model):
    """One role of one membership; the guardian grants follow from it."""

    membership = models.ForeignKey(Membership, models.PROTECT, related_name="roles")
    role = models.CharField(max_length=20, choices=Role)

    history = LedgeredHistory()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["membership", "role"], name="held_role_once")
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()} of {self.membership}"


class Vetting(TracedModel):
    """A check that the agency made on a person, such as disclosure and barring (ISA-7.1).

    Nothing of what a check found is kept here: only that it was made, by whom, and until when
    it holds.
    """

    class Kind(models.TextChoices):
        DBS_ENHANCED = "dbs_enhanced", _("Enhanced disclosure and barring check")
        DBS_STANDARD = "dbs_standard", _("Standard disclosure and barring check")
        POLICE_VETTING = "police_vetting", _("Police vetting")
        BASELINE = "baseline", _("Baseline personnel security standard")
        EMPLOYER = "employer", _("Safer recruitment checks of the employer")

    class Status(models.TextChoices):
        RECORDED = "recorded", _("Recorded")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    status = models.CharField(
        max_length=20, choices=Status, default=Status.RECORDED, editable=False
    )
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="checks")
    kind = models.CharField(_("kind of check"), max_length=20, choices=Kind)
    made_on = models.DateField(_("date of the check"))
    made_by = models.CharField(_("who made the check"), max_length=150)
    expires = models.DateField(_("holds until"))

    class Meta:
        db_table = "agencies_organisationalcheck"  # as it was named first (audit.names)
        ordering = ["-expires"]
        indexes = [models.Index(fields=["membership", "status", "-expires"], name="check_in_date")]
        constraints = [
            models.CheckConstraint(
                name="check_expires_after_it_was_made",
                condition=models.Q(expires__gt=models.F("made_on")),
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.membership}"


class UserManager(BaseUserManager["User"]):
    """Makes people by e-mail address; there is no user name and no superuser."""

    def create_user(self, email: str, password: str | None = None, **extra: Any) -> "User":
        """Make one person; the address is kept in lower case, as it is compared."""
        if not email:
            raise ValueError("A person needs an e-mail address.")
        user = self.model(email=email.strip().lower(), **extra)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractUser):
    """A person. What they may do hangs on agencies, never on this row."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    username = None  # type: ignore[assignment]
    email = models.EmailField(_("e-mail address"), unique=True)
    job_title = models.CharField(_("job title"), max_length=120, blank=True)

    objects = UserManager()  # type: ignore[assignment,misc]
    history = StampedHistory(excluded_fields=["password", "last_login"])
    places_read: list[Any] | None = None  # with the person of a session, see agencies.acting

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [
            models.UniqueConstraint(Lower("email"), name="user_email_unique_in_any_case"),
            models.CheckConstraint(
                name="user_nobody_is_superuser", condition=models.Q(is_superuser=False)
            ),
        ]

    def __str__(self) -> str:
        return self.get_full_name() or self.email


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
