"""States and ratings as coloured words: never by colour alone (WCAG 1.4.1)."""

from typing import Final

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

register = template.Library()

RATINGS: Final = {"red": _("Red"), "amber": _("Amber"), "green": _("Green")}


@register.simple_tag
def tag(text: object, colour: str = "") -> SafeString:
    """A state in a word; grey, green, teal, blue, purple, magenta, red, orange, yellow or none."""
    more = f" govuk-tag--{colour}" if colour else ""
    return format_html('<strong class="govuk-tag{}">{}</strong>', more, text)


@register.simple_tag
def rating(value: str | None) -> SafeString:
    """How urgent."""
    if value not in RATINGS:
        return tag(_("Not rated"), "grey")
    return format_html(
        '<strong class="govuk-tag portal-rating portal-rating--{}">{}</strong>',
        value,
        RATINGS[value],
    )
