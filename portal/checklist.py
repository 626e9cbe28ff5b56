"""What is left to do before the first case, for administrators of a new installation."""

from collections.abc import Iterator

from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.models import Agency, Guidance, HeldRole, Membership
from agencies.partnership.selectors import the_partnership
from agencies.permissions import Role
from agreement.editions.selectors import in_force

TWO = 2  # people, for what one may not do alone
# What signing asks for and founding does not, by the column of the register.
TO_SIGN = {
    "controller": gettext_lazy("its data controller"),
    "domains": gettext_lazy("the domains of its people's addresses"),
    "privacy_notice": gettext_lazy("the address of its privacy notice"),
}


def left_to_do() -> list[str]:
    """One sentence each; the number of queries does not grow with the rows."""
    return list(_left())


def _left() -> Iterator[str]:
    if in_force() is None:
        yield _("No edition of the agreement is in force. The statutory partners agree one.")
    if not Guidance.objects.filter(status=Guidance.Status.IN_FORCE).exists():
        yield _("No guidance is in force, so that nobody can acknowledge it.")
    if not the_partnership().out_of_hours_telephone:
        yield _(
            "There is no telephone number yet for when the front door is closed. Enter the "
            "emergency duty team’s on the page of the partnership."
        )
    here = Q(membership__status=Membership.Status.ACTIVE, role=Role.ADMINISTRATOR)
    if HeldRole.objects.filter(here).values("membership__user").distinct().count() < TWO:
        yield _("There is one administrator. Some things are done by two: invite another.")
    needed = Q(is_front_door=True) | Q(is_statutory_partner=True)
    for agency in Agency.objects.filter(needed).order_by("name"):
        if lacking := [str(words) for name, words in TO_SIGN.items() if not getattr(agency, name)]:
            words = {"agency": agency.name, "lacking": ", ".join(lacking)}
            yield _("%(agency)s: the register lacks %(lacking)s.") % words
        if agency.status == Agency.Status.LISTED:
            yield _("%s has not signed the agreement yet.") % agency.name
    if not settings.SECURITY_CONTACT:
        yield _("Nobody is named whom to tell of a weakness. Set SECURITY_CONTACT.")
