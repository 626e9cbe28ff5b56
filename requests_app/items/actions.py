"""Pieces of information: listed, filled in, offered or withheld, taken in or refused."""

from datetime import date
from uuid import UUID, uuid5

from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.acting import Actor
from requests_app.agency_checks.actions import refuse_while_advice_is_awaited
from requests_app.models import AgencyCheck, Item, Question, Receipt
from requests_app.transitions import ITEM, RECEIPT
from workflow.transitions import TransitionRefused, idempotent
from workflow.versions import only_if_unchanged


@idempotent
def list_item(
    agency_check: AgencyCheck,
    *,
    by: Actor,
    idempotency_key: UUID,
    title: str,
    question: Question | None,
    beyond_reason: str = "",
    is_special_category: bool = False,
) -> Item:
    """List something the agency holds, by title; beyond the questions only with a reason."""
    item = Item(id=idempotency_key, case=agency_check.case, agency_check=agency_check)
    _say(item, title, question, beyond_reason, is_special_category)
    ITEM.make("list", item, by=by)
    return item


@idempotent
def change_item(
    item: Item,
    *,
    by: Actor,
    title: str,
    question: Question | None,
    beyond_reason: str = "",
    is_special_category: bool = False,
    expected_version: int | None = None,
) -> Item:
    """Correct how it is listed."""
    with ITEM.making("change", item, by=by):
        written = {
            "title": title,
            "question": question,
            "beyond_reason": beyond_reason,
            "is_special_category": is_special_category,
        }
        only_if_unchanged(
            item, expected_version=expected_version, now=item.version, written=written
        )
        _say(item, title, question, beyond_reason, is_special_category)
    return item


def _say(
    item: Item, title: str, question: Question | None, beyond: str, is_special_category: bool
) -> None:
    if question is None and not beyond:
        raise TransitionRefused(_("Say why information that nobody asked for is needed."))
    item.title, item.question, item.beyond_reason = title, question, beyond
    item.is_special_category = is_special_category


@idempotent
def drop_item(item: Item, *, by: Actor) -> Item:
    """Take it off the list before anything is decided about it.

    What the partners sent back stays until it is decided anew (ISA-5.4).
    """
    with ITEM.making("drop", item, by=by):
        refuse_while_advice_is_awaited(item.agency_check)
        if item.decides_anew_id is not None:
            raise TransitionRefused(
                _("The safeguarding partners asked your agency to reconsider this.")
            )
    return item


@idempotent
def fill_item(
    item: Item,
    *,
    by: Actor,
    nature: str,
    content: str,
    source: str,
    as_at: date,
    whose: str = "",
    still_matters: str = "",
    expected_version: int | None = None,
) -> Item:
    """Say what it is, now that it is to be shared (P-ACCURATE)."""
    with ITEM.making("change", item, by=by):
        written = {
            "nature": nature,
            "content": content,
            "source": source,
            "as_at": as_at,
            "whose": whose,
            "still_matters": still_matters,
        }
        only_if_unchanged(
            item, expected_version=expected_version, now=item.version, written=written
        )
        for name, value in written.items():
            setattr(item, name, value)
    return item


def offer_item(item: Item, *, by: Actor) -> None:
    """Share it with the front door; from now on it is frozen."""
    with ITEM.making("offer", item, by=by):
        if not item.is_filled:
            raise TransitionRefused(_("Say what each piece of information is before it is shared."))
        item.settled_at = timezone.now()


def withhold_item(item: Item, *, by: Actor, because: str, safety: str) -> None:
    """Do not share it: the reasons, and the safety and well-being considered (ISA-5.4)."""
    with ITEM.making("withhold", item, by=by):
        if not (because and safety):
            raise TransitionRefused(_("Say why it is not shared and what safety you considered."))
        # What is withheld is never kept as content, even if somebody began to type it.
        item.content = item.whose = item.source = item.still_matters = ""
        item.nature, item.as_at = "", None
        item.withheld_because, item.safety_considered = because, safety
        item.settled_at = timezone.now()


def list_anew(item: Item, *, by: Actor) -> Item:
    """Put a withheld item on the list again, as a row of its own; the old one stays."""
    again = Item(
        id=uuid5(item.id, "anew"),
        case=item.case,
        agency_check=item.agency_check,
        title=item.title,
        question=item.question,
        beyond_reason=item.beyond_reason,
        is_special_category=item.is_special_category,
        decides_anew=item,
    )
    ITEM.make("list", again, by=by)
    return again


@idempotent
def accept_item(item: Item, *, by: Actor) -> Receipt:
    """The front door takes it in (ISA-3.7)."""
    receipt = Receipt(id=item.id, case=item.case, item=item)
    RECEIPT.make("accept", receipt, by=by)
    return receipt


@idempotent
def refuse_item(item: Item, *, by: Actor, reason: str) -> Receipt:
    """The front door refuses it, with a reason; the sender is told (ISA-3.7)."""
    receipt = Receipt(id=item.id, case=item.case, item=item, reason=reason)
    RECEIPT.make("refuse", receipt, by=by)
    return receipt
