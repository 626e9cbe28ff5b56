"""What every form of ours carries besides its token."""

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag(takes_context=True)
def acting_for(context: dict[str, Any]) -> str | SafeString:
    """The agency that the page was opened for: the form is posted for that one.

    Somebody who changes agency in another tab would otherwise act for the wrong one
    (domain rule 12). Nothing on a page without an agency.
    """
    acting = context.get("acting")
    if not acting:
        return ""
    return format_html('<input type="hidden" name="acting_for" value="{}">', acting["current"].pk)
