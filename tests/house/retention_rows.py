"""A row in each state of the tables of retention, and who may make each of their moves."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import time_machine
from django.utils import timezone

from retention.disposal import actions as disposing
from retention.disposal import destroying
from retention.holds import actions as holds
from retention.models import Disposal, DisposalStatement
from retention.purpose_served import actions as purposes
from retention.statements import actions as stating
from retention.tasks import remind_of_statements
from retention.transitions import SCHEDULE
from tests.cast import Cast
from tests.retention import walks

SCHOOL = {"requester", "school_spoc"}
FRONT_DOOR = {"officer", "officer2"}
TRUST = {"trust_spoc", "trust_manager"}
OFFICE = {"administrator"}
LEAD = {"desk_lead"}

RETENTION_WHO: dict[str, dict[str, set[str]]] = {
    "schedule": {"change": OFFICE, "end": OFFICE},
    "purposeserved": {"take_back": SCHOOL},
    "hold": {"lift": TRUST},
    "disposallist": {"approve": LEAD, "refuse": LEAD, "cancel": FRONT_DOOR},
    "disposal": {"keep": FRONT_DOOR},
    "disposalstatement": {"dispose": TRUST, "keep": TRUST},
}


def schedule(cast: Cast, *, ended: bool = False) -> Any:
    """A line of the trust's schedule."""
    row = walks.a_schedule(cast, cast.agencies["trust"], "answered")
    if ended:
        SCHEDULE.make("end", row, by=cast.administrator)
    return row


def hold(cast: Cast, *, lifted: bool = False) -> Any:
    """A hold of the trust."""
    row = walks.held(cast, walks.closed(cast), "trust_manager")
    return holds.lift_hold(row, by=cast.trust_spoc) if lifted else row


def said(cast: Cast, *, back: bool = False) -> Any:
    """The requester's word."""
    row = walks.served(cast, walks.closed(cast))
    return purposes.take_purpose_back(row, by=cast.requester) if back else row


def begun(cast: Cast) -> Any:
    """A record that is being destroyed."""
    line = walks.waited(walks.approved(cast)).lines.get()
    assert destroying._begin(line)
    return Disposal.objects.get(pk=line.pk)


def statement(cast: Cast) -> Any:
    """What the trust is asked."""
    walks.destroyed(cast)
    return DisposalStatement.objects.get(agency=cast.agencies["trust"])


def kept(cast: Cast) -> Any:
    """What the trust keeps."""
    until = timezone.localdate() + timedelta(days=90)
    return stating.state_kept(
        statement(cast), by=cast.trust_spoc, because="own_record", until=until
    )


def cancelled(cast: Cast) -> Any:
    """A list that was taken back."""
    return disposing.cancel_disposal(walks.listed(cast), by=cast.officer)


def everything_of_retention(cast: Cast) -> None:
    """A record that is disposed of, and its receivers, of whom one has to be reminded."""
    walks.destroyed(cast)
    with time_machine.travel(timezone.now() + timedelta(days=15), tick=False):
        remind_of_statements()


RETENTION_ROWS: dict[str, dict[str, Callable[[Cast], Any]]] = {
    "schedule": {"current": schedule, "ended": lambda c: schedule(c, ended=True)},
    "purposeserved": {"said": said, "taken_back": lambda c: said(c, back=True)},
    "hold": {"on": hold, "lifted": lambda c: hold(c, lifted=True)},
    "disposallist": {
        "listed": walks.listed,
        "refused": lambda c: disposing.refuse_disposal(walks.listed(c), by=c.desk_lead),
        "approved": walks.approved,
        "cancelled": cancelled,
        "done": walks.destroyed,
    },
    "disposal": {
        "listed": lambda c: walks.listed(c).lines.get(),
        "kept": lambda c: cancelled(c).lines.get(),
        "destroying": begun,
        "destroyed": lambda c: walks.destroyed(c).lines.get(),
    },
    "disposalstatement": {
        "asked": statement,
        "disposed": lambda c: stating.state_disposed(statement(c), by=c.trust_spoc),
        "kept": kept,
    },
}
