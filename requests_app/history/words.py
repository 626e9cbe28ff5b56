"""The fields of one version of a request, a person, an agency check or information, in words.

Only fields that the page of the row itself shows.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import Exists, Max, Min, OuterRef, Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from agencies.acting import Actor
from requests_app.choices import DETAILS, PersonRole, Rating
from requests_app.clocks.words import at_with_year
from requests_app.details import said
from requests_app.history.selectors import History, Words, history_of
from requests_app.models import AgencyCheck, InformationRequest, Item, Subject
from requests_app.policies import NOT_SENT
from requests_app.request_fields import REQUEST_FIELDS, TOLD

# Drafts are the requester's own: the front door's first version is the one that was sent.
ONCE_SENT = ~Q(status__in=NOT_SENT)
IN_THE_REQUEST = Subject.Status.CURRENT
ON_THE_LIST = (Item.Status.HELD, Item.Status.OFFERED, Item.Status.WITHHELD)


def history_for_desk(case: InformationRequest, actor: Actor, asked: Mapping[str, str]) -> History:
    """A request as the front door may read it, version by version."""
    return history_of(case, actor, _of_request, asked, only=ONCE_SENT, names_all=True)


def history_of_person(person: Subject, actor: Actor, asked: Mapping[str, str]) -> History:
    """What is said about somebody as the front door may read it, from when it was first sent."""
    requests: Any = InformationRequest.history
    sent = requests.filter(id=person.case_id, history_change_reason="send")
    versions: Any = Subject.history
    first = versions.filter(
        id=person.pk, history_date__lte=sent.aggregate(first=Min("history_date"))["first"]
    ).aggregate(last=Max("version"))["last"]
    return history_of(
        person, actor, _of_person, asked, only=Q(version__gte=first or 0), names_all=True
    )


def has_versions(sent_at: datetime) -> Exists:
    """As a condition on people of a request: whether there are versions to read since it was sent.

    The first that the front door reads is the one that was sent, or that was added after.
    """
    versions: Any = Subject.history
    later = versions.filter(id=OuterRef("pk"), version__gt=1, history_date__gt=sent_at)
    return Exists(later)


def history_of_check(agency_check: AgencyCheck, actor: Actor, asked: Mapping[str, str]) -> History:
    """An agency check as the agency that answers it may read it, version by version."""
    return history_of(agency_check, actor, _of_check(agency_check), asked, related=("taken_by",))


def history_of_item(item: Item, actor: Actor, asked: Mapping[str, str]) -> History:
    """A piece of information as the agency that holds it may read it, version by version."""
    return history_of(item, actor, _of_item, asked, related=("question",))


def _of_request(row: Any) -> list[tuple[Any, Any]]:
    return [
        (_("Status"), row.get_status_display()),
        *((field.versions, field.said(row)) for field in REQUEST_FIELDS if field.versions),
        (_("Sent"), at_with_year(row.sent_at)),
        (_("Due"), at_with_year(row.due_at)),
    ]


def _of_person(row: Any) -> list[tuple[Any, Any]]:
    """Names apart, so that it is seen which of them was changed."""
    known = {code: getattr(row, code) for code in DETAILS if code != "name"}
    return [
        (_("Status"), row.get_status_display()),
        (_("First name"), row.given_name),
        (_("Last name"), row.family_name),
        (_("Has the child been born?"), _("No, this is an unborn child") if row.is_unborn else ""),
        *((DETAILS[code], said(code, value) if value else "") for code, value in known.items()),
    ]


def _of_check(agency_check: AgencyCheck) -> Words:
    """Who was shown is told by roles and kinds of detail: what the details say is not repeated."""
    people = Subject.objects.filter(case=agency_check.case_id, status=Subject.Status.CURRENT)
    roles = {str(pk): PersonRole(role).label for pk, role in people.values_list("pk", "role")}

    given = "" if agency_check.is_withdrawn else True

    def words(row: Any) -> list[tuple[Any, Any]]:
        return [
            (_("Status"), row.get_status_display()),
            (_("With"), row.taken_by),
            (_("Rating"), Rating(row.rating).label),
            (_("Answer"), row.get_outcome_display() if row.outcome else ""),
            # Whose check was withdrawn needs nothing any more of what it was told.
            *((told.versions, given and getattr(row, told.name)) for told in TOLD),
            (_("What was searched"), row.searched),
            (_("Why the safeguarding partners sent it back"), row.reconsider_reason),
            (_("Details given to find them"), given and _shown(row.shown, roles)),
            (_("Sent"), at_with_year(row.sent_at)),
            (_("Due"), at_with_year(row.due_at)),
            (_("Answered"), at_with_year(row.answered_at)),
            (_("Released to the requester"), at_with_year(row.released_at)),
            (_("Withdrawn"), at_with_year(row.withdrawn_at)),
            (_("Why it was withdrawn"), row.get_withdrawn_because_display()),
        ]

    return words


def _shown(shown: Mapping[str, Any], roles: Mapping[str, Any]) -> str:
    lines = (
        f"{roles[pk]}: {', '.join(str(DETAILS[code]) for code in DETAILS if code in ticked)}"
        for pk, ticked in shown.items()
        if pk in roles
    )
    return "\n".join(sorted(lines))


def _of_item(row: Any) -> list[tuple[Any, Any]]:
    return [
        (_("Status"), row.get_status_display()),
        (_("Title"), row.title),
        (_("Answers the question"), row.question.fact if row.question else ""),
        (_("Not asked for, but relevant because"), "" if row.question else row.beyond_reason),
        (_("Special category"), _("Yes") if row.is_special_category else _("No")),
        (_("Kind"), row.get_nature_display() if row.nature else ""),
        (_("Whose opinion or report"), row.whose),
        (_("Information"), row.content),
        (_("Source"), row.source),
        (_("Date of event or record"), date_format(row.as_at, "j F Y") if row.as_at else ""),
        (_("Why it still matters"), row.still_matters),
        (_("Why it is not shared"), row.withheld_because),
        (_("Safety and well-being considered"), row.safety_considered),
    ]
