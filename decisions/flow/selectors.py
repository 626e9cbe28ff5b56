"""Decisions as the pages show them: a whole record in a fixed number of queries."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from decisions.flow.golden_rules import Facts, Met, how_met
from decisions.flow.protocol import Edition, Outcome
from decisions.flow.whole import RECORD, due_anew, items_of, read
from decisions.models import AdviceRequest, Decision, Point
from encryption.casekeys import prefetch_case_keys
from requests_app.models import AgencyCheck, Item
from workflow.related import hung
from workflow.together import Rows

CHOICES: Mapping[str, Any] = {"yes": gettext_lazy("Yes"), "no": gettext_lazy("No")}


RECORDED = Decision.Status.RECORDED


def label_of(choice: str) -> str:
    """An answer's code as it is said; an edition may bring codes of its own."""
    return str(CHOICES.get(choice, choice.replace("_", " ").capitalize()))


@dataclass(frozen=True)
class Given:
    """One question with its answer."""

    step: str
    ask: str
    choice: str
    reasons: str


@dataclass(frozen=True)
class Considered:
    """One point of a list: what it says, whether it is met, and if not, why."""

    text: str
    is_met: bool
    explanation: str


@dataclass(frozen=True)
class Piece:
    """One piece of information, and what is known of it, as rows of question and answer."""

    item: Item
    rows: list[dict[str, Any]]


@dataclass(frozen=True)
class Record:
    """All that a decision's record says (P-RECORD, ISA-4.3-RECORD)."""

    decision: Decision
    edition: Edition
    outcome: Outcome | None
    head: list[dict[str, Any]]
    answers: list[Given]
    items: list[Item]
    pieces: list[Piece]
    reasons: list[dict[str, Any]]
    how: list[Considered]
    caldicott: list[Considered]
    advice: list[AdviceRequest]
    golden: list[Met]

    @property
    def shares(self) -> bool:
        """Whether the answers lead to sharing."""
        return self.outcome is not None and self.outcome.shares


def record_of(decision: Decision) -> Record:
    """Everything about one decision, with as many queries for many answers as for one.

    Do not pass the decision to an action afterwards: what was prefetched would be taken
    for what is in the database.
    """
    if hung(decision, "weighed") is None:
        read(decision, *RECORD)
    edition, place = decision.edition, decision.where()
    outcome = place if isinstance(place, Outcome) else None
    given = [
        Given(a.step, edition.steps[a.step].ask, label_of(a.choice), decision.reasons_of(a))
        for a in decision.answers_on_the_path()
    ]
    items = items_of(decision)
    points = list(decision.points.all())
    advice = list(decision.advice.all())
    golden: list[Met] = []
    if outcome:
        facts = Facts(
            decision=decision,
            edition=edition,
            outcome=outcome,
            reasons={each.step: each.reasons for each in given},
            with_consent=decision.with_consent,
            items=items,
            points=points,
            advice=advice,
        )
        golden = how_met(facts)
    return Record(
        decision=decision,
        edition=edition,
        outcome=outcome,
        head=_head(decision, edition, outcome),
        answers=given,
        items=items,
        pieces=[Piece(item, _rows(item)) for item in items],
        reasons=_reasons(decision, edition, outcome),
        how=_points(points, Point.Kind.HOW, edition.how),
        caldicott=_points(points, Point.Kind.CALDICOTT, edition.caldicott),
        advice=advice,
        golden=golden,
    )


def _head(decision: Decision, edition: Edition, outcome: Outcome | None) -> list[dict[str, Any]]:
    ended = decision.get_outcome_display() or (outcome.label if outcome else _("Not yet decided"))
    rows: list[dict[str, Any]] = [{"key": _("Outcome"), "value": ended}]
    if decision.decided_by:
        rows.append({"key": _("Decided by"), "value": decision.decided_by})
        rows.append({"key": _("Agency"), "value": decision.agency_check.holder})
    rows.append({"key": _("Made under"), "value": edition.title})
    if decision.agreement and decision.agreement.in_force_on:
        agreed = _("%(edition)s, in force from %(day)s") % {
            "edition": str(decision.agreement).capitalize(),
            "day": date_format(decision.agreement.in_force_on, "j F Y"),
        }
        rows.append({"key": _("Agreement"), "value": agreed})
    return rows


def _reasons(decision: Decision, edition: Edition, outcome: Outcome | None) -> list[dict[str, Any]]:
    """What the outcome asks for beside the answers; only what is there."""
    if outcome is None:
        return []
    if not outcome.shares:
        lines = [
            (_("Why it is not shared"), decision.because),
            (_("Safety and well-being considered"), decision.safety),
        ]
    else:
        lines = [
            (_("Lawful basis"), edition.bases.get(decision.lawful_basis, "")),
            (_("Special category condition"), edition.conditions.get(decision.condition, "")),
        ]
        if not decision.with_consent:
            lines += [
                (_("Ground for sharing without consent"), edition.grounds.get(decision.ground, "")),
                (_("Reasons for that ground"), decision.ground_reason),
            ]
        lines += [
            (_("Safety and well-being considered"), decision.safety),
            (_("Child or family told"), _told(decision)),
        ]
    return [{"key": key, "value": value} for key, value in lines if value]


def _told(decision: Decision) -> str:
    if decision.told == "yes" and decision.told_on:
        return _("Yes, on %s") % date_format(decision.told_on, "j F Y")
    if decision.told == "no":
        return _("No: %s") % decision.told_reason
    return ""


def _points(points: list[Point], kind: str, texts: Mapping[str, str]) -> list[Considered]:
    rows = {point.code: point for point in points if point.kind == kind}
    return [
        Considered(text, rows[code].is_met, rows[code].explanation)
        for code, text in texts.items()
        if code in rows
    ]


def _rows(item: Item) -> list[dict[str, Any]]:
    """What is known of a piece of information; rows that are empty are left out."""
    lines = [
        (_("Answers the question"), item.question.fact if item.question else ""),
        (_("Not asked for, but relevant because"), "" if item.question else item.beyond_reason),
        (_("Special category"), _("Yes") if item.is_special_category else _("No")),
        (_("Kind"), item.get_nature_display() if item.nature else ""),
        (_("Whose opinion or report"), item.whose),
        (_("Information"), item.content),
        (_("Source"), item.source),
        (_("Date of event or record"), date_format(item.as_at, "j F Y") if item.as_at else ""),
        (_("Why it still matters"), item.still_matters),
    ]
    return [{"key": key, "value": value} for key, value in lines if value]


def of_check(agency_check: AgencyCheck) -> QuerySet[Decision]:
    """Every decision of an agency check, the newest first."""
    rows = Decision.objects.filter(agency_check=agency_check)
    rows = rows.select_related("superseded_by", "agency_check", "decided_by")
    return rows.prefetch_related("answers", "weighed__item").order_by("-begun_at")


def decisions_of(agency_check: AgencyCheck) -> list[Any]:
    """The same, each with its items, where it stands, and whether it is to be made anew."""
    prefetch_case_keys([agency_check.case_id])
    is_due = Exists(due_anew(pk=OuterRef("pk")))
    rows: list[Any] = list(of_check(agency_check).annotate(is_due_anew=is_due))
    for row in rows:
        row.pieces = items_of(row)
        row.place = row.where()
    return rows


def undecided(agency_check: AgencyCheck) -> QuerySet[Item]:
    """What is listed and no decision bears on yet."""
    held = Item.objects.filter(agency_check=agency_check, status=Item.Status.HELD, weighed=None)
    return held.select_related("question")


def the_open_one(agency_check: AgencyCheck) -> Decision | None:
    """The decision that is being made, if it is the only one."""
    rows = list(Decision.objects.filter(agency_check=agency_check).exclude(status=RECORDED)[:2])
    return rows[0] if len(rows) == 1 else None


def with_its_scrutiny(decision: Decision, found: Rows) -> Any:
    """The recorded decision with what the partners said, what it replaces and what replaced it."""
    row: Any = decision
    row.scrutinised = next(iter(found["scrutiny"]), None)
    row.replaced_by = next(iter(found["superseded_by"]), None)
    row.is_due_anew = bool(found["is_due_anew"])
    row.left_to_decide = bool(found["held"])
    return row
