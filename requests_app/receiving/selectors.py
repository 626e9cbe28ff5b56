"""What has come back from agencies, as the front door takes it in."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.utils.formats import date_format

from agencies.acting import Actor
from agencies.permissions import Permission
from requests_app.agency_checks.chasing import last_reminded, next_reminder
from requests_app.choices import AgencyCheckOutcome
from requests_app.clocks.selectors import clock_of
from requests_app.clocks.words import explain, say_clock
from requests_app.models import AgencyCheck, Item, Question, Receipt
from requests_app.policies import ITEMS, RECEIPTS
from workflow.gateway import fetch_all


def clock_for(agency_check: AgencyCheck) -> dict[str, Any]:
    """What the clock of an agency check says, and why; nothing once it is answered."""
    running = clock_of(agency_check)
    if running is None or agency_check.status not in AgencyCheck.OPEN:
        return {}
    return {"says": say_clock(agency_check, running), "because": explain(running, agency_check)}


def reminded(agency_check: AgencyCheck) -> dict[str, Any]:
    """When the agency was last reminded, and can be again; nothing once it has answered."""
    if agency_check.status not in AgencyCheck.OPEN:
        return {}
    last = last_reminded(agency_check)
    return {"last": last, "from": next_reminder(last)}


def answer_of(agency_check: AgencyCheck, actor: Actor) -> tuple[list[Any], list[Item]]:
    """What was shared and what was not, as the front door's page shows it: each is logged."""
    pieces, withheld = fetch_all(
        actor, Permission.TRIAGE, pieces_of(agency_check, actor), not_shared(agency_check)
    )
    return pieces, withheld


def pieces_of(agency_check: AgencyCheck, actor: Actor) -> list[Any]:
    """What was shared and not refused, each with its verdict if there is one."""
    rows = ITEMS.scope(actor, Permission.TRIAGE).filter(agency_check=agency_check)
    pieces: list[Any] = list(rows.select_related("question", "receipt"))
    who = _who_gave_verdicts(agency_check)
    for piece in pieces:
        piece.verdict = getattr(piece, "receipt", None)
        piece.by = who.get(piece.pk, "")
        piece.said_as_at = date_format(piece.as_at, "j F Y") if piece.as_at else ""
    return pieces


def left_unanswered(
    agency_check: AgencyCheck, questions: Iterable[Question], pieces: Iterable[Item]
) -> list[Question]:
    """The questions of an answered check to which none of its pieces is an answer."""
    answers = {piece.question_id for piece in pieces}
    is_there = agency_check.outcome and agency_check.outcome != AgencyCheckOutcome.NOT_KNOWN
    return [each for each in questions if each.pk not in answers] if is_there else []


def refused_of(agency_check: AgencyCheck, actor: Actor) -> list[Any]:
    """The records of what was refused: why, by whom, when; never what it was (ISA-3.7)."""
    rows = RECEIPTS.scope(actor, Permission.TRIAGE).filter(
        item__agency_check=agency_check, status=Receipt.Status.REFUSED
    )
    refused: list[Any] = list(rows.order_by("made_at"))
    who = _who_gave_verdicts(agency_check)
    for receipt in refused:
        receipt.by = who.get(receipt.pk, "")
    return refused


def not_shared(agency_check: AgencyCheck) -> list[Item]:
    """What was not shared and is not decided anew: for its reasons, never its title (ISA-5.4)."""
    rows = Item.objects.filter(
        agency_check=agency_check, status=Item.Status.WITHHELD, decided_anew=None
    )
    return list(rows)


def reasons_of(withheld: list[Item]) -> list[tuple[str, str]]:
    """Each pair of reasons and safety considered once, however many pieces it is said of."""
    return list(dict.fromkeys((item.withheld_because, item.safety_considered) for item in withheld))


def is_in_view(item: Item, actor: Actor) -> bool:
    """Whether a piece of information may still be shown: it was not refused."""
    return ITEMS.allows(actor, item, Permission.TRIAGE)


def _who_gave_verdicts(agency_check: AgencyCheck) -> dict[UUID, str]:
    """Who accepted or refused each piece, by its id."""
    history: Any = Receipt.history
    rows = history.filter(case=agency_check.case_id, item__agency_check=agency_check)
    return {row.id: str(row.history_user) for row in rows.select_related("history_user")}
