"""How days, times and numbers are written on pages. Days and times are those of London."""

import datetime as dt

from django import template
from django.utils import timezone
from django.utils.dates import MONTHS
from django.utils.translation import gettext as _

register = template.Library()

NOON = 12


@register.filter
def day(value: dt.date | dt.datetime | None) -> str:
    """A day: 27 March 2016."""
    if value is None or value == "":
        return ""
    if isinstance(value, dt.datetime):
        value = timezone.localtime(value)
    return f"{value.day} {MONTHS[value.month]} {value.year}"


@register.filter
def clock(value: dt.datetime | None) -> str:
    """A time of day: 9am, 2:05pm, midday, midnight."""
    if value is None or value == "":
        return ""
    local = timezone.localtime(value)
    if local.minute == 0 and local.hour in {0, NOON}:
        return _("midday") if local.hour else _("midnight")
    hour = local.hour % NOON or NOON
    minutes = f":{local.minute:02}" if local.minute else ""
    half = _("am") if local.hour < NOON else _("pm")
    return f"{hour}{minutes}{half}"


@register.filter
def moment(value: dt.datetime | None) -> str:
    """A day and time: 27 March 2016 at 2:05pm."""
    if value is None or value == "":
        return ""
    return _("%(day)s at %(time)s") % {"day": day(value), "time": clock(value)}
