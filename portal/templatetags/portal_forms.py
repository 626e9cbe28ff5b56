"""What every form of ours carries besides its token."""

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from portal.form_recovery import mark_of

register = template.Library()


@register.simple_tag(takes_context=True)
def acting_for(context: dict[str, Any]) -> str | SafeString:
    """The agency that the page was opened for, and a mark of the person who opened it.

    Somebody who changes agency in another tab would otherwise act for the wrong one (domain
    rule 12), and what was kept of a form when a session ended would open to whoever is next at the
    same browser. Nothing on a page without an agency.
    """
    acting = context.get("acting")
    if not acting:
        return ""
    return format_html(
        '<input type="hidden" name="acting_for" value="{}">'
        '<input type="hidden" name="filled_in_by" value="{}">',
        acting["current"].pk,
        mark_of(context["user"]),
    )
