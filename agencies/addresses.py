"""E-mail addresses as they are kept and compared, and whether an agency's people have such."""

import re
from collections.abc import Iterable

from django.utils.translation import gettext as _

from agencies.domains import domain_of

LOCAL = re.compile(r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
LONGEST = 254


class NotAnAddress(ValueError):
    """The text is no address that an agency's person can have; it says why, in words."""


def inside(text: str, domains: Iterable[str]) -> str:
    """The address as it is kept, if it lies in one of an agency's domains; or NotAnAddress.

    Case counts nowhere. The domain is compared as ASCII (IDNA), whole: a sub-domain is another
    domain. Before the "@" only plain letters are taken, so that no two addresses look alike.
    """
    local, at, domain = text.strip().rpartition("@")
    if not at or not local or len(text) > LONGEST:
        raise NotAnAddress(_("Enter an e-mail address in the form name@agency.example"))
    if not text.strip().isascii() and not local.isascii():
        raise NotAnAddress(
            _(
                "The part before the @ contains an accent or a letter of another alphabet. "
                "Such letters can look like others. Ask for an address without them."
            )
        )
    if not LOCAL.fullmatch(local.lower()):
        raise NotAnAddress(_("Enter an e-mail address in the form name@agency.example"))
    listed = sorted(domains)
    if not listed:
        raise NotAnAddress(
            _(
                "No e-mail domain is listed for this agency, so nobody can be invited yet. "
                "Ask the partnership's office to add one to the register."
            )
        )
    known = domain_of(f"x@{domain}")
    if known not in listed:
        raise NotAnAddress(_outside(domain, listed))
    return f"{local.lower()}@{known}"


def _outside(domain: str, listed: list[str]) -> str:
    words = _("The address must end in %(domains)s, one of the agency's own domains.") % {
        "domains": _(" or ").join(f"@{each}" for each in listed)
    }
    if domain.isascii():
        return words
    return " ".join(
        [
            words,
            _("What was typed after the @ contains an accent or a letter of another alphabet."),
        ]
    )
