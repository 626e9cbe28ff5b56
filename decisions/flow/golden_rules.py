"""How each golden rule was met, in a sentence worked out from the record itself (G-RULES).

Nothing here asks a database: everything comes from what is passed in, so the sentence cannot
say anything that the record does not.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from decisions.flow.protocol import Edition, Outcome
from decisions.models import AdviceRequest, Decision, Point
from requests_app.models import Item


@dataclass(frozen=True)
class Met:
    """One golden rule, and how this decision met it."""

    code: str
    rule: str
    how: str


@dataclass(frozen=True)
class Facts:
    """What the sentences are made from, all of it loaded already."""

    decision: Decision
    edition: Edition
    outcome: Outcome
    reasons: Mapping[str, str]  # step -> the reasons given there
    with_consent: bool
    items: Sequence[Item]
    points: Sequence[Point]
    advice: Sequence[AdviceRequest]


def how_met(facts: Facts) -> list[Met]:
    """A sentence for each rule of the edition."""
    return [
        Met(code, rule, SAYS.get(code, _recorded)(facts))
        for code, rule in facts.edition.rules.items()
    ]


def _framework(facts: Facts) -> str:
    """Rule 1: the law as a framework."""
    if not facts.outcome.shares:
        return _("Each question was answered with reasons before it was decided not to share.")
    decision, edition = facts.decision, facts.edition
    basis = edition.bases.get(decision.lawful_basis, decision.lawful_basis)
    if decision.condition:
        condition = edition.conditions.get(decision.condition, decision.condition)
        return _("Lawful basis: %(basis)s. Special category condition: %(condition)s.") % {
            "basis": basis,
            "condition": condition,
        }
    return _("Lawful basis: %(basis)s.") % {"basis": basis}


def _openness(facts: Facts) -> str:
    """Rule 2: openness with the person and the family."""
    decision = facts.decision
    if not facts.outcome.shares:
        return _("Nothing is shared. The requester is given the reasons.")
    if decision.told == "yes" and decision.told_on:
        on = date_format(decision.told_on, "j F Y")
        return _("The child or family was told on %(date)s.") % {"date": on}
    return _("The child or family was not told: %(reason)s") % {"reason": decision.told_reason}


def _advice(facts: Facts) -> str:
    """Rule 3: advice where there was doubt."""
    if not facts.advice:
        return _("No advice was sought.")
    sought = ngettext(
        "Advice was sought once, without naming anybody.",
        "Advice was sought %(times)s times, without naming anybody.",
        len(facts.advice),
    )
    return sought % {"times": len(facts.advice)} + " " + _("What came of it is in this record.")


def _consent(facts: Facts) -> str:
    """Rule 4: consent, or the ground for doing without."""
    if facts.with_consent:
        return _("There is consent to share.")
    if not facts.outcome.shares:
        return _("Nothing is shared without consent.")
    decision = facts.decision
    return _("Shared without consent. %(ground)s: %(reason)s") % {
        "ground": facts.edition.grounds.get(decision.ground, decision.ground),
        "reason": decision.ground_reason,
    }


def _safety(facts: Facts) -> str:
    """Rule 5: safety and well-being."""
    if not facts.decision.safety:  # a share from before that was asked of shares too
        return _("This was not asked when the decision was recorded.")
    return _("Safety and well-being considered: %(text)s") % {"text": facts.decision.safety}


def _measure(facts: Facts) -> str:
    """Rule 6: necessary, proportionate, relevant, adequate, accurate, timely, secure."""
    beyond = sum(item.question_id is None for item in facts.items)
    pieces = ngettext(
        "%(many)s piece of information was considered.",
        "%(many)s pieces of information were considered.",
        len(facts.items),
    ) % {"many": len(facts.items)}
    tied = (
        ngettext(
            "It answers a question that was asked.",
            "Each answers a question that was asked.",
            len(facts.items),
        )
        if not beyond
        else ngettext(
            "%(many)s was not asked for, with a reason of its own.",
            "%(many)s were not asked for, each with its own reason.",
            beyond,
        )
        % {"many": beyond}
    )
    if not facts.outcome.shares:
        return f"{pieces} {tied} " + _("None of it is shared.")
    how = [point for point in facts.points if point.kind == Point.Kind.HOW]
    met = sum(point.is_met for point in how)
    confirmed = _("Of the points on how to share, %(met)s of %(all)s are confirmed.") % {
        "met": met,
        "all": len(facts.edition.how),
    }
    explained = " " + _("The others are explained.") if met < len(how) else ""
    return f"{pieces} {tied} {confirmed}{explained}"


def _recorded(facts: Facts) -> str:
    """Rule 7, and whatever a later edition adds: this record."""
    return _("This record says what was decided, by whom, when and why.")


SAYS: Mapping[str, Callable[[Facts], str]] = {
    "1": _framework,
    "2": _openness,
    "3": _advice,
    "4": _consent,
    "5": _safety,
    "6": _measure,
    "7": _recorded,
}
