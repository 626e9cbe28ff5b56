"""E-mail domains as they are kept and compared: lower case, in ASCII (ISA-4.3-SECURITY)."""

import re

import idna

LABEL = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)")
LONGEST = 253
# Anybody can have an address there, so it says nothing of where somebody works.
OPEN_TO_ALL = frozenset(
    {
        "aol.com",
        "btinternet.com",
        "gmail.com",
        "googlemail.com",
        "hotmail.co.uk",
        "hotmail.com",
        "icloud.com",
        "live.co.uk",
        "live.com",
        "mail.com",
        "msn.com",
        "outlook.com",
        "proton.me",
        "protonmail.com",
        "sky.com",
        "yahoo.co.uk",
        "yahoo.com",
    }
)
# Whoever would list one of these would let in every address below it, were it ever read so.
SHARED_ENDINGS = frozenset({"ac.uk", "co.uk", "gov.uk", "org.uk", "police.uk", "sch.uk"})


class NotADomain(ValueError):
    """The text is not one e-mail domain that an agency can list."""


def normalised(text: str) -> str:
    """One domain as it is kept; an "@" in front is forgiven. Raises NotADomain."""
    typed = text.strip().removeprefix("@").rstrip(".")
    try:
        domain = idna.encode(typed, uts46=True).decode()
    except (idna.IDNAError, UnicodeError):
        raise NotADomain(text) from None
    parts = domain.split(".")
    is_one = len(parts) > 1 and all(LABEL.fullmatch(part) for part in parts)
    if not is_one or parts[-1].isdigit() or len(domain) > LONGEST:
        raise NotADomain(text)
    if domain in OPEN_TO_ALL | SHARED_ENDINGS:
        raise NotADomain(text)
    return domain


def domain_of(address: str) -> str:
    """The domain of an e-mail address, as agencies list theirs; "" if it has none."""
    try:
        return normalised(address.rpartition("@")[2]) if "@" in address else ""
    except NotADomain:
        return ""
