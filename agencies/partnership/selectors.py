"""The partnership's one row: its names and times, and what its page needs besides."""

from datetime import time

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency, Partnership
from agencies.register.policies import GONE
from agencies.register.selectors import front_doors, statutory_partners
from encryption.unit_of_work import once
from workflow.compiled import Compiled

THE_PARTNERSHIP = "partnership"
_THE_ONLY_ONE = Compiled(lambda: Partnership.objects.filter(pk=Partnership.ONLY))


def the_partnership() -> Partnership:
    """The partnership's row, or a nameless one before the portal has been filled.

    A page asks for it several times, and the database once.
    """
    return once(THE_PARTNERSHIP, _asked)


def _asked() -> Partnership:
    found: list[Partnership] = _THE_ONLY_ONE()
    if found:
        return found[0]
    nameless = Partnership(
        name=str(_("Safeguarding children partnership")),
        service_name=str(_("Share information to safeguard children")),
        front_door_name=str(_("Integrated Front Door")),
        front_door_short="IFD",
    )
    # As they would come back from the database.
    nameless.hub_opens = time.fromisoformat(str(nameless.hub_opens))
    nameless.hub_closes = time.fromisoformat(str(nameless.hub_closes))
    return nameless


def front_door_telephone() -> str:
    """The number at which the front door itself is called, if its entry has one."""
    return front_doors().values_list("phone", flat=True).first() or ""


def privacy_notices() -> list[Agency]:
    """The front door and the statutory partners, each with the notice that it publishes."""
    shown = Agency.objects.filter(Q(is_front_door=True) | Q(is_statutory_partner=True))
    return list(shown.exclude(privacy_notice="").order_by("-is_front_door", "name"))


def version_of_partnership() -> int:
    """A number that grows with each change of the row, or of who is a partner or front door."""
    parts = statutory_partners() | front_doors()
    changes: int = Partnership.history.count()
    return changes + sum(parts.values_list("version", flat=True))


def could_be_a_partner() -> QuerySet[Agency]:
    """Every agency there, to choose partners and front door from."""
    return Agency.objects.exclude(status__in=GONE).order_by("name")
