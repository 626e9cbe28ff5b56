"""What records repeat most, rows of question and answer and entries of a history, drawn at once."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from django import template
from django.template.defaultfilters import linebreaksbr
from django.utils.formats import date_format
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from portal.templatetags.portal_text import moment

register = template.Library()

ROW: Final = (
    '<div class="govuk-summary-list__row{}"><dt class="govuk-summary-list__key">{}</dt>'
    '<dd class="govuk-summary-list__value">{}{}</dd>{}</div>'
)
DOUBT: Final = '<p class="portal-doubt"><span class="govuk-visually-hidden">{}:</span> {}</p>'
CHANGE: Final = (
    '<dd class="govuk-summary-list__actions"><a class="govuk-link" href="{}">{}'
    '<span class="govuk-visually-hidden"> {}</span></a></dd>'
)
ENTRY: Final = (
    '<li class="moj-timeline__item"><div class="moj-timeline__header">'
    '<p class="moj-timeline__title">{}</p>{}</div>'
    '<p class="moj-timeline__date"><time datetime="{}">{}</time></p>{}</li>'
)
BY: Final = '<p class="moj-timeline__byline">{}</p>'
TEXT: Final = '<div class="moj-timeline__description portal-text">{}</div>'


@register.simple_tag
def summary_rows(rows: Iterable[Mapping[str, Any]]) -> SafeString:
    """Rows as ``components/summary_list.html`` takes them."""
    return format_html_join("", ROW, (_row(each) for each in rows or ()))


def _row(row: Mapping[str, Any]) -> tuple[Any, ...]:
    doubt, link = row.get("warning"), row.get("href")
    change, hidden = row.get("change") or _("Change"), row.get("hidden") or row["key"]
    return (
        "" if link else " govuk-summary-list__row--no-actions",
        row["key"],
        _lines(row.get("value", "")),
        format_html(DOUBT, _("Warning"), doubt) if doubt else "",
        format_html(CHANGE, link, change, hidden) if link else "",
    )


@register.simple_tag
def timeline_entries(entries: Iterable[Mapping[str, Any]]) -> SafeString:
    """Entries as ``components/timeline.html`` takes them."""
    by = _("by %(who)s")
    return format_html_join("", ENTRY, (_entry(each, by) for each in entries))


def _entry(entry: Mapping[str, Any], by: str) -> tuple[Any, ...]:
    who, text = entry.get("by"), entry.get("text")
    return (
        entry["title"],
        format_html(BY, by % {"who": who}) if who else "",
        date_format(localtime(entry["when"]), "c"),
        moment(entry["when"]),
        format_html(TEXT, _lines(text)) if text else "",
    )


def _lines(text: Any) -> SafeString:
    """As the filter writes it, which is slow where there is but one line."""
    escaped = conditional_escape(text)
    return linebreaksbr(text) if "\n" in escaped or "\r" in escaped else escaped
