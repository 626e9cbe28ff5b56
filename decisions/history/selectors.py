"""The versions of a decision, for the agency that makes it (P-RECORD)."""

from collections.abc import Mapping
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from agencies.acting import Actor
from decisions.flow.protocol import Edition
from decisions.flow.selectors import label_of
from decisions.models import Decision
from requests_app.clocks.words import at_with_year
from requests_app.history.selectors import History, Words, history_of


def history_of_decision(decision: Decision, actor: Actor, asked: Mapping[str, str]) -> History:
    """Each version; the edition is the one under which the decision was begun."""
    words = _words(decision.edition)
    return history_of(decision, actor, words, asked, related=("decided_by",))


def _words(edition: Edition) -> Words:
    def words(row: Any) -> list[tuple[Any, Any]]:
        return [
            (_("Status"), row.get_status_display()),
            (_("Outcome"), row.get_outcome_display() if row.outcome else ""),
            (_("Decided by"), row.decided_by),
            (_("Decided"), at_with_year(row.decided_at)),
            (_("Lawful basis"), edition.bases.get(row.lawful_basis, "")),
            (_("Special category condition"), edition.conditions.get(row.condition, "")),
            (_("Ground for sharing without consent"), edition.grounds.get(row.ground, "")),
            (_("Reasons for that ground"), row.ground_reason),
            (_("Child or family told"), label_of(row.told) if row.told else ""),
            (_("Told on"), date_format(row.told_on, "j F Y") if row.told_on else ""),
            (_("Why they were not told"), row.told_reason),
            (_("Why it is not shared"), row.because),
            (_("Safety and well-being considered"), row.safety),
        ]

    return words
