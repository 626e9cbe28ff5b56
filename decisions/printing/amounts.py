"""What a printed record will hold, in numbers and words."""

from django.utils.translation import ngettext


def checks(many: int) -> str:
    """So many agency checks."""
    return ngettext("%s agency check", "%s agency checks", many) % many


def pieces(many: int) -> str:
    """So many pieces of information."""
    words = ngettext(
        "%s piece of information, with its originator and date",
        "%s pieces of information, each with its originator and date",
        many,
    )
    return words % many


def decisions(many: int) -> str:
    """So many recorded decisions."""
    return ngettext("%s recorded decision", "%s recorded decisions", many) % many


def packages(many: int) -> str:
    """So many packages."""
    words = ngettext(
        "%s package of information that was released",
        "%s packages of information that were released",
        many,
    )
    return words % many
