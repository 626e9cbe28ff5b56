"""A person acting for one agency: whoever does or reads anything in the portal."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from agencies.models import Agency, User


@dataclass(frozen=True)
class Actor:
    """One person, as the agency acted for, with what that lets them do.

    Every act and every reading carries the pair, so that a person with roles at two
    agencies is never taken for the other one (domain rule 12).
    """

    user: "User"
    agency: "Agency"
    may: frozenset[str] = field(default_factory=frozenset)

    def __str__(self) -> str:
        return f"{self.user} for {self.agency}"
