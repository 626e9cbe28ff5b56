"""A person acting for one agency: whoever does or reads anything in the portal."""

from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, Final, Protocol
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Permission(Protocol):
    """What somebody may do, by its code: a member of the list that the agencies' app keeps."""

    @property
    def value(self) -> Any:
        """The code, as ``Actor.permissions`` holds it."""

    @property
    def label(self) -> Any:
        """It in words."""


@dataclass(frozen=True)
class _OwnName:
    value: str
    label: Promise


# What a person may do as themselves: no agency grants it, so no role carries it.
IN_OWN_NAME: Final = _OwnName("in_own_name", _("Anybody, in their own name"))


@dataclass(frozen=True)
class Actor:
    """One person, as the agency acted for, with what that lets them do.

    Every act and every reading carries the pair, so that a person with roles at two
    agencies is never taken for the other one (domain rule 12).
    """

    user: Any  # a row of the people, and one of the register: of more this floor knows nothing
    agency: Any
    permissions: frozenset[str] = field(default_factory=frozenset)

    @property
    def shape(self) -> Any:
        """All that the build of a query may depend on; the two ids are its values."""
        return self.permissions

    @classmethod
    def stand_in(cls, shape: Any, person: UUID, agency: UUID) -> "Actor":
        """One of this shape who knows nothing else of themselves but these ids."""
        return Actor(SimpleNamespace(pk=person), SimpleNamespace(pk=agency), shape)

    def __str__(self) -> str:
        return f"{self.user} for {self.agency}"
