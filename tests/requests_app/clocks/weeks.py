"""A week in which the hub works each day, near enough for the people of the cast to be in date."""

from datetime import datetime, time, timedelta

from django.utils import timezone

from requests_app.clocks.calendar import LONDON, bank_holidays


def _is_whole(monday):
    days = [monday + timedelta(days=number) for number in range(-3, 8)]
    return not any(day in bank_holidays(day.year) for day in days)


def monday_at(hour: int, minute: int = 0) -> datetime:
    """A time on a Monday to come, with no bank holiday from the Friday before to the one after."""
    day = timezone.localdate() + timedelta(days=7)
    while day.weekday() or not _is_whole(day):
        day += timedelta(days=1)
    return datetime.combine(day, time(hour, minute), LONDON)
