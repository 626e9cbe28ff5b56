"""The fields of a request, a row each: forms, cards, versions and prints read them here.

What is asked of them stands in ``asking.forms``, what is known of a person in ``choices.DETAILS``.
What an agency is told, the front door chooses check by check and reads first, word for word; the
agency reads what the check holds and never the request (docs/adr/0086).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from agreement.choices import Purpose
from requests_app.choices import ParentsTold


def typed(row: Any, name: str) -> str:
    """A text, as somebody wrote it; a column that came later is None in rows from before."""
    return str(getattr(row, name) or "")


def chosen(row: Any, name: str) -> str:
    """A choice in words."""
    return str(getattr(row, f"get_{name}_display")() or "")


def date(row: Any, name: str) -> str:
    """A date in words."""
    on = getattr(row, name)
    return date_format(on, "j F Y") if on else ""


def purposes(row: Any, name: str) -> str:
    """Purposes of the agreement, each on a line."""
    return "\n".join(Purpose.in_words(getattr(row, name)))


@dataclass(frozen=True, kw_only=True)
class RequestField:
    """A column of a request or of its consent: who reads it, under which label ("" is not at all).

    Whoever opens a case without a part in it reads the cards of its requester. Of agencies and of
    those to whom something is released, see ``TOLD`` and ``release.selectors``.
    """

    name: str
    part: str = ""  # which asks for it and has a card for it; "" where the front door writes it
    asked_as: str = ""  # in the form of that part
    card: Any = ""  # for the requester
    desk: Any = ""  # for the front door, on its page and in its print
    versions: Any = ""  # for the front door
    in_words: Callable[[Any, str], str] = typed
    is_due: bool = True  # before the request can be sent
    only_if: tuple[str, str] | None = None  # beside one answer alone, of another column

    def belongs(self, row: Any) -> bool:
        """Whether it is asked and shown, by what else was answered."""
        return self.only_if is None or getattr(row, self.only_if[0]) == self.only_if[1]

    def said(self, row: Any) -> str:
        """What stands there, in words."""
        return self.in_words(row, self.name)


REQUEST_FIELDS = (
    RequestField(
        name="purposes",
        part="purpose",
        asked_as="purposes",
        card=_("Purposes"),
        desk=_("Purposes"),
        versions=_("Purposes"),
        in_words=purposes,
    ),
    RequestField(
        name="purpose_reason",
        part="purpose",
        asked_as="reason",
        card=_("Why"),
        desk=_("What it is for"),
        versions=_("Why for this purpose"),
    ),
    RequestField(
        name="rating",
        part="rating",
        asked_as="rating",
        card=_("Rating"),
        desk="",  # its page and its print begin with it
        versions=_("Rating"),
        in_words=chosen,
    ),
    RequestField(
        name="rating_reason",
        part="rating",
        asked_as="reason",
        card=_("Why"),
        desk=_("Why this rating"),
        versions=_("Why this rating"),
    ),
    RequestField(
        name="parents_told",
        part="parents",
        asked_as="told",
        card=_("Told"),
        desk=_("Parents or carers told"),
        versions=_("Parents or carers told"),
        in_words=chosen,
    ),
    RequestField(
        name="parents_reason",
        part="parents",
        asked_as="reason",
        card=_("Why not"),
        desk=_("Why not told"),
        versions=_("Why parents or carers were not told"),
        only_if=("parents_told", ParentsTold.NO),
    ),
    RequestField(name="declined_reason", versions=_("Why it was declined")),  # pages begin with it
)


def of_consent(name: str, card: Any, desk: Any, in_words: Any = typed) -> RequestField:
    """A column of the consent record: asked by its own name; which are due its form says."""
    return RequestField(
        name=name,
        part="consent",
        asked_as=name,
        card=card,
        desk=desk,
        in_words=in_words,
        is_due=False,
    )


CONSENT_FIELDS = (
    of_consent("answer", _("Consent"), _("Consent"), chosen),
    of_consent("asked_of", _("Who"), _("Asked of")),
    of_consent("covers", _("What it covers"), _("What it covers")),
    of_consent("how", _("How"), _("How"), chosen),
    of_consent("on", _("When"), _("When"), date),
    of_consent("why_not", _("Why not sought"), _("Why it was not sought"), chosen),
    of_consent("explanation", _("Explanation"), _("In the requester’s words")),
)


def asked_on(part: str) -> list[RequestField]:
    """The fields of one part of a request, in the order in which they are read.

    Those of the part ``consent`` are columns of the consent record.
    """
    return [field for field in (*REQUEST_FIELDS, *CONSENT_FIELDS) if field.part == part]


def said_on(part: str, case: Any) -> dict[str, Any]:
    """What the form of a part begins with: what has been said, by its names."""
    return {field.asked_as: getattr(case, field.name) for field in asked_on(part)}


def is_complete(part: str, case: Any) -> bool:
    """Whether all of a part that is due has been said."""
    due = (field for field in asked_on(part) if field.is_due and field.belongs(case))
    return all(getattr(case, field.name) for field in due)


def concern(case: Any) -> str:
    """The requester's words for why they ask."""
    return str(case.purpose_reason)


def consent_position(case: Any) -> str:
    """The answer with its reason, how and when, and what it covers.

    Not who was asked, nor the requester's explanation: both are about people whom the agency may
    not have been asked about.
    """
    consent = getattr(case, "consent", None)
    if consent is None:
        return ""
    said = chosen(consent, "answer")
    if consent.why_not:
        said = f"{said}: {chosen(consent, 'why_not')}"
    if how_and_when := ", ".join(filter(None, (chosen(consent, "how"), date(consent, "on")))):
        said = f"{said} ({how_and_when})"
    covers = str(_("It covers: %s") % consent.covers) if consent.covers else ""
    return "\n".join(filter(None, (said, covers)))


def parents_position(case: Any) -> str:
    """Whether they know, and if not, why."""
    why = case.parents_reason if case.parents_told == ParentsTold.NO else ""
    return ": ".join(filter(None, (chosen(case, "parents_told"), why)))


@dataclass(frozen=True, kw_only=True)
class Cut:
    """How the front door is asked for a text that it can cut, and what errors call it."""

    label: Any
    help_text: Any
    name_in_errors: Any
    called: Any
    names_somebody: Any  # %(who)s with %(what)s, which is not ticked


@dataclass(frozen=True, kw_only=True)
class Told:
    """A column of an agency check that tells something of the request, for the agency to read."""

    name: str
    label: Any
    ticked_as: Any = ""  # by the front door, whole or not at all
    cut: Cut | None = None  # or else a text, out of which it can take something
    if_not: Any  # what stands in its place for whoever decides; names the desk
    versions: Any
    offered: Callable[[Any], str]  # what it begins with


TOLD = (
    Told(
        name="concern",
        label=_("Why it is asked"),
        cut=Cut(
            label=_("What may this agency read of the concern?"),
            help_text=_(
                "At first these are the requester’s words. The agency reads exactly what stands "
                "here: take out what it does not need to know."
            ),
            name_in_errors=_("what the agency may read of the concern"),
            called=_("the concern"),
            names_somebody=_(
                "The concern gives a detail of %(who)s: %(what)s. Tick it for that person, or take "
                "it out"
            ),
        ),
        if_not=_("%(desk)s says no more than its questions do."),
        versions=_("Why it is asked, as the agency was told"),
        offered=concern,
    ),
    Told(
        name="consent_position",
        label=_("Position on consent"),
        ticked_as=_("The position on consent"),
        if_not=_("Not given with this check. Ask %(desk)s if you need it."),
        versions=_("Position on consent, as it was told"),
        offered=consent_position,
    ),
    Told(
        name="parents_position",
        label=_("Parents or carers told"),
        ticked_as=_("Whether parents or carers have been told"),
        if_not=_("Not given with this check. Ask %(desk)s before you speak to the family."),
        versions=_("Parents or carers told, as it was told"),
        offered=parents_position,
    ),
)


def offered_of(case: Any) -> dict[str, str]:
    """What of a request the front door may pass on with a check, by the check's column."""
    return {each.name: each.offered(case) for each in TOLD}


def told_of(agency_check: Any) -> list[dict[str, Any]]:
    """What a check tells its agency, as questions and answers; what it does not is left out."""
    lines = ((each.label, getattr(agency_check, each.name)) for each in TOLD)
    return [{"key": key, "value": value} for key, value in lines if value]
