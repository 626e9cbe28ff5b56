"""Days so many years or months on, where months are short and calendars end."""

from datetime import date

from dateutil.relativedelta import relativedelta


def later(day: date, *, years: int = 0, months: int = 0) -> date:
    """The same day so much later, or the last of a shorter month.

    Negative numbers give an earlier day. Past the end of the calendar it is the last day of all.
    """
    try:
        found: date = day + relativedelta(years=years, months=months)
    except (ValueError, OverflowError):
        return date.max
    return found
