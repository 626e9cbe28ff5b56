"""What may be asked of the desk's list, and what an address asks of it (docs/adr/0123)."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from agreement.choices import Purpose
from requests_app.choices import Rating
from workflow.paging import moment


@dataclass(frozen=True)
class Group:
    """One choice of the list: its code in addresses, its words, and which places it holds."""

    code: str
    title: Any
    places: tuple[int, ...]
    next_step: Any = ""


# As the database keeps a place (``places.STANDS``).
STEPS: Final = (
    Group("triage", _("Triage"), (0,), _("Triage")),
    Group("answers", _("Answers to review"), (1,), _("Review answers")),
    Group("release", _("Ready to release"), (2,), _("Release")),
    Group("put", _("Checks to send"), (3,), _("Send checks")),
    Group("agencies", _("Waiting for agencies"), (4,), _("Wait for the agencies")),
    Group("requester", _("With the requester"), (5,), _("Wait for the requester’s answers")),
    Group("released", _("Released"), (6,), _("Nothing: all was released")),
)
TO_DO: Final = Group("todo", _("To do now"), (0, 1, 2, 3))
OPEN: Final = (0, 1, 2, 3, 4, 5)
LATE: Final = Group("late", _("Late"), OPEN)
MINE: Final = Group("mine", _("Mine"), OPEN)
NOBODYS: Final = Group("nobody", _("Nobody’s"), OPEN)
LEFT: Final = Group("left", _("Owner has left"), OPEN)
GROUPS: Final = (TO_DO, *STEPS[:4], LATE, MINE, NOBODYS, LEFT, *STEPS[4:])
BY_CODE: Final = {group.code: group for group in GROUPS}
RATED: Final = {rating.value: number for number, rating in enumerate(Rating)}


def _small(token: str) -> int:
    number = int(token)
    if not 0 <= number < len(STEPS):
        raise ValueError("no such place")
    return number


# Of those that are due at the same time, the one that came first comes first.
KEYS: Final[Mapping[str, Mapping[str, Callable[[str], Any]]]] = {
    "": {"urgency": _small, "due_at": moment, "sent_at": moment, "pk": UUID},
    "due": {"due_at": moment, "sent_at": moment, "pk": UUID},
    "came": {"sent_at": moment, "pk": UUID},
    "agency": {"asker": str, "due_at": moment, "sent_at": moment, "pk": UUID},
}


@dataclass(frozen=True)
class Asked:
    """What an address asks of the list; whatever it names that is not there it asks nothing."""

    group: Group = TO_DO
    sort: str = ""
    rating: str = ""
    purpose: str = ""
    agency: UUID | None = None

    @classmethod
    def of(cls, said: Mapping[str, str]) -> "Asked":
        """Read from an address."""

        def one_of(name: str, known: Iterable[str]) -> str:
            return text if (text := said.get(name, "")) in known else ""

        return cls(
            BY_CODE.get(said.get("group", ""), TO_DO),
            one_of("sort", KEYS),
            one_of("rating", RATED),
            one_of("purpose", Purpose.values),
            _uuid(said.get("agency", "")),
        )

    @property
    def filters(self) -> dict[str, str]:
        """What narrows the list, by its name in addresses."""
        said = {"rating": self.rating, "purpose": self.purpose}
        return said | {"agency": str(self.agency or "")}

    def address(self, **other: str) -> str:
        """The query of an address that asks the same, but for what is ``other``."""
        said = {"group": self.group.code, "sort": self.sort} | self.filters | other
        return f"?{urlencode({name: value for name, value in said.items() if value})}"


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
