"""What happened in a case, in words, for those who may see all of it: the front door."""

from datetime import timedelta
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from requests_app.choices import Check, CheckAnswer, Rating
from requests_app.models import MatchVerdict
from requests_app.whole import names_of
from workflow.together import Rows
from workflow.transitions import TABLES

# What is told, by the name of the model; never what an agency does among its own.
TOLD = (
    *("informationrequest", "triagecheck", "clarification", "enquiry", "receipt", "release"),
    "opening",
    "matchverdict",
    "shiftnote",
)
TOLD_TOO = ("pause.ask_requester", "pause.requester_answered", "recipient.acknowledge")
# What another entry tells already, or what happened before the request was anybody else's.
LEFT_OUT = (
    "informationrequest.start",
    "informationrequest.describe",
    "informationrequest.release",
    "enquiry.rate",
)
IS_TOLD = (
    reduce(or_, (Q(move__startswith=f"{model}.") for model in TOLD)) | Q(move__in=TOLD_TOO)
) & ~Q(move__in=LEFT_OUT)
# What one act writes beside its own event, by that event: together they are one entry. Checks that
# one person answers, or sends, one after the other are one too.
WITH = {
    "triagecheck.answer": ("triagecheck.answer",),
    "enquiry.put": ("enquiry.put",),
    "informationrequest.return": ("clarification.ask", "pause.ask_requester"),
    "informationrequest.send": ("pause.requester_answered",),
    "release.make": ("enquiry.release",),
}
# One person's, within this time of each other.
TOGETHER = timedelta(minutes=1)


def timeline(
    events: list[Any], found: Rows, who: dict[str, Any] | None = None
) -> list[dict[str, Any]]:
    """What these events say; ``found`` holds the checks and receipts of their request.

    ``who`` are the names of those who made them, where a page has read them.
    """
    who = names_of(events) if who is None else who
    says = {
        f"{table.name}.{name}": label for table in TABLES for name, label in table.labels.items()
    }
    about = _about(found)
    entries = []
    for act in _acts(events):
        event = act[0]
        entries.append(
            {
                "title": _title(act, says),
                "by": f"{who.get(event.person, '')}, {who.get(event.agency, '')}",
                "when": event.at,
                "text": _inside(act, about, who),
            }
        )
    return entries


def _acts(events: list[Any]) -> list[list[Any]]:
    """The events, the latest first, with those of one act in one list, the first of them first.

    A check that was answered again begins a list of its own.
    """
    acts: list[list[Any]] = []
    for event in reversed(events):
        if acts and _goes_with(event, acts[-1]):
            acts[-1].append(event)
        else:
            acts.append([event])
    return acts[::-1]


def _goes_with(event: Any, act: list[Any]) -> bool:
    first, last = act[0], act[-1]
    return (
        event.move in WITH.get(first.move, ())
        and (event.person, event.agency) == (first.person, first.agency)
        and event.thing_id not in {each.thing_id for each in act}
        and event.at - last.at < TOGETHER
    )


def _title(act: list[Any], says: dict[str, Any]) -> str:
    """Of one event what it is called; of several alike what they are together."""
    several = {
        "triagecheck.answer": _("Triage checks answered"),
        "enquiry.put": _("Agency checks sent"),
    }
    move = act[0].move
    said = several.get(move) if len(act) > 1 else None
    return said or capfirst(str(says.get(move, move)))


def _inside(act: list[Any], about: dict[str, str], who: dict[str, Any]) -> str:
    """What each event of an act says, in the order in which they happened."""
    said = [about.get(each.thing_id, "") or _details(each.details, who) for each in act]
    asked = sum(each.move == "clarification.ask" for each in act)
    if asked:
        said.append(ngettext("%s question", "%s questions", asked) % asked)
    return "\n".join(dict.fromkeys(filter(None, said)))


def _about(found: Rows) -> dict[str, str]:
    """Of which agency check something is, by the id of what was changed."""
    checks = {check.pk: f"{check.reference}, {check.holder}" for check in found["put"]}
    notes = {str(note.pk): note.note for note in found.get("shift_notes", ())}
    return (
        notes
        | {str(pk): said for pk, said in checks.items()}
        | {str(pk): checks[check] for pk, check in found["receipts"]}
    )


def _details(details: dict[str, Any], who: dict[str, Any]) -> str:
    """Codes and ids as words."""
    if check := details.get("check"):
        answer = CheckAnswer(details["answer"]).label
        return _("%(check)s: %(answer)s") % {"check": Check(check).label, "answer": answer}
    if because := details.get("because"):
        return f"{details['reference']}: {MatchVerdict.Because(because).label}"
    if rating := details.get("rating"):
        return str(Rating(rating).label)
    return str(who.get(details.get("to", ""), ""))
