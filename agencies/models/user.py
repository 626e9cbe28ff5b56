"""A person who signs in."""

import uuid
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from workflow.stamped import StampedHistory


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
