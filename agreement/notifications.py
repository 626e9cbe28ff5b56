"""What the outbox says about the agreement; none names or describes anybody (ISA-6.2)."""

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from agencies.composing import compose
from agencies.grants import people_who
from agencies.models import Agency, Reminder, User
from agencies.permissions import Permission
from agreement.editions.selectors import days_to_review, in_force, the_partners
from agreement.models import AgreementEdition, PartnerAgreement, ReviewReminder, Signature
from outbox.notifications import Notification, Writer


def the_office() -> list[User]:
    """Those who keep the register and the document."""
    offices = Agency.objects.filter(keeps_register=True)
    return [user for office in offices for user in people_who(Permission.ADMINISTER, office)]


def those_who_agree() -> list[User]:
    """Those who speak for the three statutory partners."""
    return [user for partner in the_partners() for user in people_who(Permission.AGREE, partner)]


def those_responsible(agency: Agency) -> list[User]:
    """The responsible manager and the single point of contact of an agency."""
    return [*people_who(Permission.SIGN, agency), *people_who(Permission.OVERSEE, agency)]


def _edition(pk: str) -> AgreementEdition:
    return AgreementEdition.objects.get(pk=pk)


def edition_drafted(pk: str) -> Notification:
    """The office has a draft to work on, because a review found that something has to change."""
    edition = _edition(pk)
    subject = _("A new edition of the agreement has to be drafted")
    said = _("A yearly review found that the agreement has to change. A draft was begun: %s.")
    return compose(the_office(), subject, said % edition)


def edition_proposed(pk: str) -> Notification:
    """The partners have an edition to agree to."""
    said = _("An edition of the information sharing agreement is waiting for your agreement: %s.")
    subject = _("An edition of the agreement is waiting for you")
    return compose(those_who_agree(), subject, said % _edition(pk))


def edition_withdrawn(pk: str) -> Notification:
    """The partners have nothing to agree to any more."""
    said = _(
        "A proposed edition of the agreement was withdrawn: %s. Answers given to it no "
        "longer count."
    )
    subject = _("A proposed edition of the agreement was withdrawn")
    return compose(those_who_agree(), subject, said % _edition(pk))


def edition_disagreed(pk: str) -> Notification:
    """The office learns that a partner does not agree."""
    said = PartnerAgreement.objects.select_related("edition").get(pk=pk)
    words = _("A statutory partner does not agree to %s. Sign in to read why.") % said.edition
    return compose(the_office(), _("A partner does not agree to an edition"), words)


def edition_in_force(pk: str) -> Notification:
    """The office and the partners learn that an edition is in force."""
    said = _("All statutory partners have agreed: %s of the agreement is in force.") % _edition(pk)
    to = [*the_office(), *those_who_agree()]
    return compose(to, _("A new edition of the agreement is in force"), said)


def sign_anew(pk: str) -> Notification:
    """An agency has to sign the new edition by a day."""
    agency = Agency.objects.get(pk=pk)
    by = date_format(agency.lapses_on, "j F Y") if agency.lapses_on else ""
    said = _(
        "%(edition)s of the information sharing agreement is in force. Your agency has to sign "
        "it before %(day)s, or it takes no part from that day on."
    ) % {"edition": str(in_force() or "").capitalize(), "day": by}
    return compose(those_responsible(agency), _("Your agency has to sign the agreement"), said)


def sign_soon(pk: str) -> Notification:
    """An agency is reminded that it lapses, or told that it has; unless it has signed since."""
    reminder = Reminder.objects.get(pk=pk)
    agency = Agency.objects.get(pk=reminder.about)
    still = agency.status == Agency.Status.TAKING_PART and agency.lapses_on == reminder.due_on
    words = {"edition": str(in_force() or ""), "day": date_format(reminder.due_on, "j F Y")}
    if agency.has_lapsed:
        subject = _("Your agency takes no part until it signs the agreement")
        said = _(
            "Your agency has not signed %(edition)s of the information sharing agreement, so it "
            "has taken no part since %(day)s. What it was asked before it still has to answer."
        )
    else:
        subject = _("Your agency has not yet signed the agreement")
        said = _(
            "Your agency has not yet signed %(edition)s of the information sharing agreement. It "
            "has to before %(day)s, or it takes no part from that day on."
        )
    return compose(those_responsible(agency) if still else [], subject, said % words)


def signed(pk: str) -> Notification:
    """The office learns that an agency has signed."""
    signature = Signature.objects.select_related("edition").get(pk=pk)
    said = _("An agency has signed %s of the agreement.") % signature.edition
    return compose(the_office(), _("An agency has signed the agreement"), said)


def suspended(pk: str) -> Notification:
    """An agency learns that it takes no part for the time being."""
    said = _(
        "Your agency is suspended from sharing information by the portal. Nothing new is "
        "released to it, and it cannot send new requests. What it was asked before it still has "
        "to answer. Sign in to read why."
    )
    to = those_responsible(Agency.objects.get(pk=pk))
    return compose(to, _("Your agency is suspended"), said)


def lifted(pk: str) -> Notification:
    """An agency learns that it takes part again."""
    to = those_responsible(Agency.objects.get(pk=pk))
    said = _("The suspension of your agency has been lifted. It takes part again.")
    return compose(to, _("The suspension of your agency has been lifted"), said)


def review_due(pk: str) -> Notification:
    """The partners and the office are reminded of the yearly review, while it is due."""
    reminder = ReviewReminder.objects.select_related("edition").get(pk=pk)
    edition = reminder.edition
    if edition.status != AgreementEdition.Status.IN_FORCE or edition.review_on != reminder.due_on:
        return compose([], _("The agreement was reviewed"), "")  # done in the meantime
    late = (days_to_review(edition) or 0) < 0
    subject = (
        _("The yearly review of the agreement is late")
        if late
        else _("The yearly review of the agreement is due")
    )
    said = _("The yearly review of %(edition)s of the agreement is due on %(day)s.") % {
        "edition": edition,
        "day": date_format(reminder.due_on, "j F Y"),
    }
    return compose([*the_office(), *those_who_agree()], subject, said)


NOTIFICATIONS: dict[str, Writer] = {
    "edition.drafted": edition_drafted,
    "edition.proposed": edition_proposed,
    "edition.withdrawn": edition_withdrawn,
    "edition.disagreed": edition_disagreed,
    "edition.in_force": edition_in_force,
    "agency.sign_anew": sign_anew,
    "agency.sign_soon": sign_soon,
    "agency.suspended": suspended,
    "agency.lifted": lifted,
    "agreement.signed": signed,
    "review.due": review_due,
}
