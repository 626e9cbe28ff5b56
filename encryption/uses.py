"""What else leans on the ring: each app that seals outside a case says so in a module of its own.

``settings.KEY_USES`` names those modules; each has ``USES``, a list of KeyUse. So the commands of
the keys reach what apps above have sealed, and this app imports none of them.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from importlib import import_module
from uuid import UUID

from django.conf import settings

# How many things lean on each ring key, by its id.
Leaning = Mapping[str, int]


def _nothing() -> Leaning:
    return {}


def _no_files() -> Iterable[tuple[UUID, UUID]]:
    return []


def _no_files_of(_case_id: UUID) -> Iterable[tuple[UUID, bool]]:
    return []


def _none_sealed() -> int:
    return 0


def _none_opened() -> Iterable[tuple[str, Callable[[], object]]]:
    return []


@dataclass(frozen=True)
class KeyUse:
    """One kind of thing that keys are needed for; ``what`` names it in the plural.

    ``leaning`` counts what each ring key is still needed for. ``gone`` counts what names a ring key
    that is not there, and counts for nothing until it is: it may be forged. ``reseal`` moves all
    of it that can be moved to the first ring key and answers how many were. ``texts`` gives each
    sealed text as the id of its row and what opens it; ``files`` gives the case and the id of each
    sealed file that pages open. ``files_of`` gives every file that a case has ever had, by id, and
    whether it must be there still.
    """

    what: str
    leaning: Callable[[], Leaning] = _nothing
    gone: Callable[[], Leaning] = _nothing
    reseal: Callable[[], int] = _none_sealed
    texts: Callable[[], Iterable[tuple[str, Callable[[], object]]]] = _none_opened
    files: Callable[[], Iterable[tuple[UUID, UUID]]] = _no_files
    files_of: Callable[[UUID], Iterable[tuple[UUID, bool]]] = _no_files_of


def key_uses() -> list[KeyUse]:
    """What every app has named."""
    return [use for module in settings.KEY_USES for use in import_module(module).USES]
