"""What makes an opening worth a look: a name, a burst, the hour (ISA-7.2).

Worked out while the case is open to whoever opens it. What is kept of it are codes.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from requests_app.clocks.calendar import Calendar
from requests_app.clocks.selectors import the_calendar
from requests_app.matching.scoring import share_a_surname
from requests_app.models import Opening, Subject

Flag = Opening.Flag
# That many openings of one person, this one among them, within that time.
BURSTS = ((3, timedelta(hours=1)), (10, timedelta(hours=24)))


def flags_of(opening: Opening) -> list[str]:
    """The codes of what stands out about an opening that is just being made."""
    return [str(flag) for flag in _found(opening)]


def _found(opening: Opening) -> Iterator[str]:
    if bears_a_name_in(opening):
        yield Flag.OWN_NAME
    if is_one_of_many(opening):
        yield Flag.BURST
    if is_out_of_hours(opening.opened_at, the_calendar()):
        yield Flag.OUT_OF_HOURS


def bears_a_name_in(opening: Opening) -> bool:
    """Whether somebody in the request, or taken out of it again, has the opener's surname."""
    own = opening.person.last_name
    people = Subject.objects.filter(case=opening.case_id)
    names = (name for each in people for name in (each.family_name, each.other_names))
    return any(share_a_surname(own, name) for name in names)


def is_one_of_many(opening: Opening) -> bool:
    """Whether this person has opened many cases in a short time, as whichever agency."""
    others = Opening.objects.filter(person=opening.person).exclude(pk=opening.pk)
    return any(
        others.filter(opened_at__gt=opening.opened_at - span).count() + 1 >= many
        for many, span in BURSTS
    )


def is_out_of_hours(moment: datetime, calendar: Calendar) -> bool:
    """Whether the hub is closed then: at night, at the week-end, on a bank holiday."""
    return not calendar.is_open_at(moment)
