"""What a request opened of what is sealed, held against what the same request noted as read.

By this nobody reads a page of many rows unseen (ISA-7.2). What belongs to an agency's check must be
noted with something of that check, so that the agency finds it in its access log; what else is
of a case, with anything of the case. Some rows must be noted themselves: see ``is_noted``.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

from django.apps import apps
from django.utils.module_loading import import_string

from audit.models import AccessEntry
from audit.names import thing_of
from encryption.fields import SealedField
from encryption.values import Sealed
from requests_app.matching.selectors import known_of
from requests_app.models import AgencyCheck, Item, Question

# Records of their own, that one does not come by with the request or the check.
THEMSELVES = {
    "requests_app.opening",
    "requests_app.openingnote",
    "requests_app.release",
    "decisions.advicerequest",
    "decisions.scrutiny",
    "retention.hold",
}
# Why something was not shared is of the answer; what it is, is not said with it (ISA-5.4).
REASONS = {"item.withheld_because", "item.safety_considered"}
# What the front door asks is its own words, and is read with its request (docs/adr/0130).
AS_ASKED = {thing_of(AgencyCheck), thing_of(Question)}
# Pages that show initials before anything is read, by which labels. Nothing else may be unnoted.
INITIALS = {"subject.given_name", "subject.family_name"}
LISTS = {
    "requests:mine": "one's own requests, each by the child's initials",
    "requests:oversight": "the agency's requests and checks, each by the child's initials",
    "requests:inbox": "the front door's requests by initials; one's own by name, which is noted",
    "requests:shift_hand_over": "what nobody has by initials; one's own by name, which is noted",
    "requests:checks": "the agency's checks, each by the child's initials",
    "decisions:oversight": "what is late, decided and challenged, each by the child's initials",
}
Name = tuple[str, str]  # the thing and its id, as an access entry has them


@dataclass
class Opened:
    """One row of which something sealed was opened, and the labels of it."""

    row: Any
    labels: set[str]


# Pages that compare people in memory, which tells nobody anything: what they then show of anybody
# is opened once more, and counts.
COMPARE = (
    "requests_app.agency_checks.whom_to_ask.matches_of",
    "requests_app.matching.views.matches_of",
    "requests_app.search.views.search",
    "requests_app.triage.workbench.matches_of",
)
COMPARED = ("requests_app.matching.selectors.known_of", "requests_app.search.selectors.known_of")


@contextmanager
def opened() -> Iterator[dict[Name, Opened]]:
    """Every row of which something sealed is opened within, and not for a comparison alone."""
    rows: dict[Name, Opened] = {}
    real, comparing = SealedField.opened, []

    def comparing_in(name: str) -> Any:
        page = import_string(name)

        def found(*told: Any) -> Any:
            comparing.append(name)
            try:
                return page(*told)
            finally:
                comparing.pop()

        return found

    def compared(person: Any) -> Any:
        if not comparing:
            return known_of(person)
        with patch.object(SealedField, "opened", real):
            return known_of(person)

    def noting(self: Any, instance: Any, held: object) -> Any:
        if isinstance(held, Sealed):
            rows.setdefault(name_of(instance), Opened(instance, set())).labels.add(self.label)
        return real(self, instance, held)

    with ExitStack() as stack:
        for name in COMPARE:
            stack.enter_context(patch(name, comparing_in(name)))
        for name in COMPARED:
            stack.enter_context(patch(name, compared))
        stack.enter_context(patch.object(SealedField, "opened", noting))
        yield rows


def name_of(row: Any) -> Name:
    """The thing and its id; those of the row itself for one of its versions."""
    return thing_of(getattr(type(row), "instance_type", type(row))), str(row.id)


class Noted:
    """The access entries of one request, by what they say of whom."""

    def __init__(self, entries: list[AccessEntry]) -> None:
        self.names = {(entry.thing, entry.thing_id) for entry in entries}
        self.cases = {entry.case_id for entry in entries} - {None}
        self.checks: set[Any] = set()
        self.scrutinised: set[Any] = set()
        models = {thing_of(model): model for model in apps.get_models()}
        for thing, pk in self.names:
            row = models[thing]._base_manager.get(pk=pk)
            self.checks.add(check_of(row))
            if thing == "decisions.scrutiny":
                self.scrutinised.add(check_of(row))

    def is_noted(self, each: Opened, agency: Any) -> bool:
        """Whether a row that was opened, on behalf of ``agency``, is noted in this request."""
        name, check = name_of(each.row), check_of(each.row)
        if name in self.names:
            return True
        if name[0] in THEMSELVES:
            return False
        if check is None:
            return case_of(each.row) in self.cases
        if isinstance(each.row, Item) and each.row.agency_check.holder_id != agency:
            return check in (self.checks if each.labels <= REASONS else self.scrutinised)
        of_request = ("requests_app.informationrequest", str(case_of(each.row)))
        return check in self.checks or (name[0] in AS_ASKED and of_request in self.names)


def case_of(row: Any) -> Any:
    """The case of a row, or of one of its versions; the request is its own."""
    return getattr(row, "case_id", row.id)


def check_of(row: Any) -> Any:
    """The agency's check that a row is a part of, if it is of any."""
    if name_of(row)[0] == thing_of(AgencyCheck):
        return row.id
    if hasattr(row, "agency_check_id"):
        return row.agency_check_id
    above = next((name for name in ("item", "decision") if hasattr(row, f"{name}_id")), None)
    return getattr(row, above).agency_check_id if above else None


def forgotten(rows: dict[Name, Opened], entries: list[AccessEntry], agency: Any) -> list[str]:
    """What was opened and not noted, in words: of what kind, and which columns."""
    noted = Noted(entries)
    return sorted(
        f"{name[0]}: {', '.join(sorted(each.labels))}"
        for name, each in rows.items()
        if not noted.is_noted(each, agency)
    )
