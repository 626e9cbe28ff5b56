"""Resets of second factors, for people who have lost their devices (docs/adr/0052)."""

from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.acting import Actor
from agencies.models import Membership, User
from agencies.permissions import Permission
from authentication.mfa import factors
from authentication.mfa_reset.policies import PEOPLE
from authentication.mfa_reset.transitions import RESET
from authentication.models import FactorReset
from workflow.transitions import TransitionRefused, idempotent


@idempotent
def ask(membership: Membership, *, by: Actor, idempotency_key: UUID, known: str) -> FactorReset:
    """Ask for it, for somebody of the agency whom one knows to be asking."""
    reset = FactorReset(
        id=idempotency_key, person=membership.user, agency=membership.agency, known=known
    )
    reset.asked_by, reset.asked_at = by.user, timezone.now()
    with RESET.making("ask", reset, by=by):
        User.objects.select_for_update().get(pk=membership.user_id)
        if not factors.has_something_to_reset(membership.user):
            raise TransitionRefused(
                _("This person has nothing to reset: they can set it up, after an e-mail.")
            )
        if any(not each.has_lapsed for each in _waiting(membership.user)):
            raise TransitionRefused(
                _("A reset was asked for already and waits for a second person.")
            )
    return reset


@idempotent
def approve(reset: FactorReset, *, by: Actor) -> FactorReset:
    """Let the person begin again: all of their factors go, and all of their sessions end."""
    with RESET.making("approve", reset, by=by):
        _refuse_if_lapsed(reset)
        theirs = PEOPLE.scope(by, Permission.MANAGE_PEOPLE).filter(agency=reset.agency)
        if not theirs.filter(user=reset.person).exists():
            raise TransitionRefused(
                _("This person has left the agency since the reset was asked for.")
            )
        _refuse_from_elsewhere(reset, by)
        factors.remove_all(reset.person)
    return reset


@idempotent
def refuse(reset: FactorReset, *, by: Actor) -> FactorReset:
    """Say no: everything stays as it is."""
    RESET.make("refuse", reset, by=by)
    return reset


@idempotent
def withdraw(reset: FactorReset, *, by: Actor) -> FactorReset:
    """It is not needed any more."""
    RESET.make("withdraw", reset, by=by)
    return reset


def _refuse_from_elsewhere(reset: FactorReset, by: Actor) -> None:
    """A reset counts at every agency of the person, so it is not for just any of them to make.

    At an ordinary agency one person can be both who asks and who approves (docs/adr/0093).
    """
    theirs = Membership.objects.filter(user=reset.person).exclude(status=Membership.Status.LEFT)
    reaching = [each.agency for each in theirs.select_related("agency") if each.agency.reaches_all]
    if reaching and by.agency not in reaching and not by.agency.keeps_register:
        raise TransitionRefused(
            _(
                "This person also belongs to an agency that reads everybody’s cases. Somebody "
                "there, or an administrator, has to approve it."
            )
        )


def _waiting(person: User) -> list[FactorReset]:
    return list(FactorReset.objects.filter(person=person, status=FactorReset.Status.ASKED))


def _refuse_if_lapsed(reset: FactorReset) -> None:
    if reset.lapses_at <= timezone.now():
        raise TransitionRefused(_("Nobody approved this reset within 24 hours. Ask for it again."))
