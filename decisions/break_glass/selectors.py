"""A case as somebody reads it who has opened it for another reason: all of it, to read only."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Model, Prefetch

from agencies.acting import Actor
from agencies.permissions import Permission
from decisions.flow.selectors import label_of
from decisions.models import Decision
from decisions.policies import DECISIONS
from requests_app.asked import about, names_of
from requests_app.asking.summary import Card, cards_of
from requests_app.models import AgencyCheck, InformationRequest, Release, Subject
from requests_app.policies import AGENCY_CHECKS, ITEMS, QUESTIONS, RELEASES, SUBJECTS
from requests_app.release.selectors import with_words
from requests_app.request_fields import told_of
from workflow.gateway import fetch_all

MAY = Permission.BREAK_GLASS
CURRENT = Subject.Status.CURRENT
COLOURS = {"share": "green", "part": "yellow", "no_share": "orange", "not_known": "grey"}


@dataclass(frozen=True)
class OpenedCase:
    """What the page shows."""

    cards: list[Card]
    checks: list[Any]
    decisions: list[Any]
    releases: list[Any]

    @property
    def shown(self) -> list[Model]:
        """Every row on it that is noted as read, beside the request itself."""
        items = [item for release in self.releases for item in release.pieces]
        return [*self.checks, *self.decisions, *self.releases, *items]


def opened_case(case: InformationRequest, actor: Actor) -> OpenedCase:
    """The request, its agency checks, what was decided and what went out; no files.

    Each of these is logged, beside the request itself, which was fetched.
    """
    cards = cards_of(case)
    for card in cards:
        card.rows = [{key: row[key] for key in ("key", "value")} for row in card.rows]
    found = OpenedCase(
        cards=cards,
        checks=_checks(case, actor),
        decisions=_decisions(case, actor),
        releases=_releases(case, actor),
    )
    fetch_all(actor, MAY, found.shown)
    return found


def _checks(case: InformationRequest, actor: Actor) -> list[AgencyCheck]:
    questions = Prefetch("questions", QUESTIONS.scope(actor, MAY))
    rows = AGENCY_CHECKS.scope(actor, MAY).filter(case=case).select_related("holder")
    listed: list[Any] = list(rows.prefetch_related(questions).order_by("sent_at", "pk"))
    names = names_of(SUBJECTS.scope(actor, MAY).filter(case=case, status=CURRENT))
    for row in listed:
        row.about = about(row, names)
        row.told = told_of(row)
        row.colour = COLOURS.get(row.outcome, "blue")
    return listed


def _decisions(case: InformationRequest, actor: Actor) -> list[Decision]:
    """What was recorded, with the reasons; what an agency withheld stays with it (ADR 7)."""
    rows = DECISIONS.scope(actor, MAY).filter(case=case)
    rows = rows.select_related("agency_check__holder", "decided_by").prefetch_related("answers")
    listed: list[Any] = list(rows.order_by("decided_at", "pk"))
    for row in listed:
        steps = row.edition.steps
        row.answered = [
            {
                "key": steps[each.step].ask,
                "value": f"{label_of(each.choice)}\n{row.reasons_of(each)}",
            }
            for each in row.answers_on_the_path()
        ]
        row.colour = COLOURS.get(row.outcome, "blue")
    return listed


def _releases(case: InformationRequest, actor: Actor) -> list[Release]:
    items = ITEMS.scope(actor, MAY).select_related("agency_check__holder")
    rows = RELEASES.scope(actor, MAY).filter(case=case)
    rows = rows.prefetch_related(
        "recipients__person",
        Prefetch("answers", AGENCY_CHECKS.scope(actor, MAY).select_related("holder")),
        Prefetch("items", items.order_by("listed_at", "pk"), to_attr="pieces"),
    )
    listed: list[Any] = list(rows.order_by("released_at", "pk"))
    for row in listed:
        for item in row.pieces:
            with_words(item)
    return listed
