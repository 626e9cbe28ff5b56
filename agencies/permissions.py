"""What a person may do on behalf of an agency, and which roles carry it: the whole list."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Permission(models.TextChoices):
    """Codenames of guardian permissions, every one of them held on an Agency row."""

    SEND_REQUEST = "send_request", _("Send an information request and read the answer")
    TRIAGE = "triage_request", _("Triage requests, send agency checks, receive and release")
    ANSWER = "answer_enquiry", _("Answer the agency checks sent to the agency")
    OVERSEE = "oversee_agency", _("Keep oversight of the agency's requests and decisions")
    ADVISE = "advise_agency", _("Advise on a decision without seeing who it is about")
    SCRUTINISE = "scrutinise_no_share", _("Scrutinise decisions not to share")
    BREAK_GLASS = "open_otherwise", _("Open a case that one is not involved in, for a reason")
    REVIEW_OPENINGS = "watch_openings", _("Review openings of cases")
    MANAGE_PEOPLE = "manage_people", _("Invite the agency's people and record their staff checks")
    SIGN = "sign_agreement", _("Sign the agreement for the agency")
    AGREE = "agree_edition", _("Agree changes to the agreement")
    ADMINISTER = "administer_register", _("Keep the register of agencies and people")


# What is about cases: it needs checks in date and the guidance acknowledged (ISA-7.1, ISA-7.6).
ABOUT_CASES = frozenset(
    {
        Permission.SEND_REQUEST,
        Permission.TRIAGE,
        Permission.ANSWER,
        Permission.OVERSEE,
        Permission.ADVISE,
        Permission.SCRUTINISE,
        Permission.BREAK_GLASS,
        Permission.REVIEW_OPENINGS,
    }
)

# What makes somebody work on cases; keeping the register and advising do not (ISA-7.2).
CASE_WORK = ABOUT_CASES - {Permission.ADVISE, Permission.REVIEW_OPENINGS}


class Role(models.TextChoices):
    """The roles of the agreement, as a person holds them at one agency."""

    REQUESTER = "requester", _("Requester")
    IFD_OFFICER = "ifd_officer", _("Front door officer")
    SPOC = "spoc", _("Single point of contact")
    MANAGER = "manager", _("Responsible manager")
    ADVISER = "adviser", _("Information governance lead")
    PARTNER = "partner", _("Safeguarding partner")
    ADMINISTRATOR = "administrator", _("Administrator")


_KEEPS_OVERSIGHT = frozenset(
    {Permission.SEND_REQUEST, Permission.ANSWER, Permission.OVERSEE, Permission.MANAGE_PEOPLE}
)

ROLES: dict[Role, frozenset[Permission]] = {
    Role.REQUESTER: frozenset({Permission.SEND_REQUEST}),
    Role.IFD_OFFICER: frozenset({Permission.SEND_REQUEST, Permission.TRIAGE}),
    Role.SPOC: _KEEPS_OVERSIGHT,
    Role.MANAGER: _KEEPS_OVERSIGHT | {Permission.SIGN},
    Role.ADVISER: frozenset({Permission.ADVISE, Permission.REVIEW_OPENINGS}),
    Role.PARTNER: frozenset({Permission.SCRUTINISE, Permission.BREAK_GLASS, Permission.AGREE}),
    Role.ADMINISTRATOR: frozenset({Permission.ADMINISTER}),
}
