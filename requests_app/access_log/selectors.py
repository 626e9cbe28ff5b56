"""Who has looked at a record, with the people and agencies by name (ISA-7.2)."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.timezone import make_aware
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.acting import Actor
from agencies.models import Agency, User
from agencies.permissions import Permission
from audit.selectors import access_entries, access_entries_of_any
from encryption.errors import KeyDestroyed
from requests_app.break_glass.selectors import with_reasons
from requests_app.choices import PersonRole
from requests_app.matching.selectors import ALSO_OF_STRANGERS, candidates
from requests_app.models import AgencyCheck, InformationRequest, Subject
from workflow.gateway import VERSIONS, fetch_all
from workflow.paging import Page, page_of
from workflow.traced import TracedModel

BY_NUMBER = {"id": int}

# What was looked at, in the words of the screen. Apps above are named by their tables.
THINGS = {
    "requests_app.informationrequest": gettext_lazy("Information request"),
    "requests_app.subject": gettext_lazy("A person in the request"),
    "requests_app.need": gettext_lazy("What is needed, and why"),
    "requests_app.consent": gettext_lazy("Consent"),
    "requests_app.attachment": gettext_lazy("File"),
    "requests_app.clarification": gettext_lazy("Question to the requester"),
    "requests_app.triagecheck": gettext_lazy("Triage of the request"),
    "requests_app.enquiry": gettext_lazy("Agency check"),
    "requests_app.question": gettext_lazy("Question of an agency check"),
    "requests_app.item": gettext_lazy("Piece of information"),
    "requests_app.receipt": gettext_lazy("Information received"),
    "requests_app.release": gettext_lazy("Information released"),
    "requests_app.recipient": gettext_lazy("Information released"),
    "requests_app.opening": gettext_lazy("Record of an opening by somebody not involved"),
    "decisions.decision": gettext_lazy("Decision"),
    "decisions.advicerequest": gettext_lazy("Request for advice"),
    "decisions.scrutiny": gettext_lazy("Scrutiny of a decision not to share"),
    "retention.hold": gettext_lazy("Hold"),
    "retention.purposeserved": gettext_lazy("Purpose served"),
    "retention.disposal": gettext_lazy("Disposal"),
    "retention.disposalstatement": gettext_lazy("Statement of disposal"),
}
COLOURS = {
    "opened": "blue",
    "downloaded": "purple",
    "searched": "teal",
    "exported": "orange",
    "printed": "orange",
    "refused": "red",
}


@dataclass(frozen=True)
class Narrowed:
    """Which entries are wanted; all of them where nothing is said."""

    kind: str = ""
    person: str = ""
    agency: str = ""
    since: date | None = None
    until: date | None = None


ALL = Narrowed()


def narrowed(entries: QuerySet[Any], wanted: Narrowed) -> QuerySet[Any]:
    """Those of the entries that are wanted; both days are whole days."""
    for column in ("kind", "person", "agency"):
        if value := getattr(wanted, column):
            entries = entries.filter(**{column: value})
    if wanted.since:
        entries = entries.filter(at__gte=_midnight(wanted.since))
    if wanted.until:
        entries = entries.filter(at__lt=_midnight(wanted.until + timedelta(days=1)))
    return entries


def entries_of_case(case: InformationRequest) -> QuerySet[Any]:
    """All entries of anything of a request."""
    return access_entries(case.pk)


def page_of_case(
    case: InformationRequest, entries: QuerySet[Any], wanted: Narrowed = ALL, after: str = ""
) -> Page:
    """Those of the entries on a request that are wanted, the latest first."""
    references = dict(AgencyCheck.objects.filter(case=case).values_list("pk", "reference"))
    checks = {str(pk): reference for pk, reference in references.items()}
    return _page(entries, wanted, after, checks)


def entries_of_check(agency_check: AgencyCheck) -> QuerySet[Any]:
    """All entries of what one agency was asked and what it answered; at nothing of any other."""
    return access_entries(agency_check.case_id, things=ids_of(agency_check))


def page_of_check(
    agency_check: AgencyCheck, entries: QuerySet[Any], wanted: Narrowed = ALL, after: str = ""
) -> Page:
    """Those of the entries on one agency's part that are wanted, the latest first."""
    titles = {}
    with suppress(KeyDestroyed):  # who looked at what was disposed of is still told
        titles = {str(item.pk): item.title for item in agency_check.items.all()}
    return _page(entries, wanted, after, titles)


def agencies_of(entries: QuerySet[Any]) -> list[tuple[str, str]]:
    """The agencies for which somebody looked, for the list to be narrowed to one of them."""
    ids = set(entries.order_by().values_list("agency", flat=True).distinct())
    return sorted(((pk, str(name)) for pk, name in _by_id(Agency, ids).items()), key=_name)


def ids_of(agency_check: AgencyCheck) -> set[str]:
    """The check itself and all that hangs on it: questions, items, and what was decided on them.

    It follows the foreign keys two steps up, so that it finds what apps above this one hang
    on a check without knowing them. Packages are left out: they hold other agencies' answers.
    """
    found = {str(agency_check.pk)}
    layer: dict[type[Any], list[UUID]] = {AgencyCheck: [agency_check.pk]}
    for _step in range(2):
        above: dict[type[Any], list[UUID]] = {}
        for model, ids in layer.items():
            for relation in model._meta.related_objects:
                other: Any = relation.related_model
                if relation.many_to_many or not issubclass(other, TracedModel):
                    continue
                rows = other._base_manager.filter(**{f"{relation.field.name}__in": ids})
                above.setdefault(other, []).extend(rows.values_list("pk", flat=True))
        found |= {str(pk) for ids in above.values() for pk in ids}
        layer = above
    return found


def named(page: Page, details: Mapping[str, str]) -> Page:
    """The entries, each with who it was, for which agency, and of what; a query a kind of name."""
    people = _by_id(User, {row.person for row in page.rows})
    agencies = _by_id(Agency, {row.agency for row in page.rows})
    for row in page.rows:
        row.who = people.get(row.person) or _("Not known")
        row.acting_for = agencies.get(row.agency) or _("Not known")
        row.what = THINGS.get(row.thing) or _("Part of the record")
        row.detail = details.get(row.thing_id, "")
        row.colour = COLOURS.get(row.kind, "grey")
        row.is_of_versions = row.may.endswith(VERSIONS)
    with_reasons(page.rows)
    return page


def _page(entries: QuerySet[Any], wanted: Narrowed, after: str, details: Mapping[str, str]) -> Page:
    rows = narrowed(entries, wanted)
    return named(page_of(rows, BY_NUMBER, after, newest_first=True), details)


def _name(choice: tuple[str, str]) -> str:
    return choice[1].casefold()


def _midnight(day: date) -> datetime:
    return make_aware(datetime.combine(day, time()))


def _by_id(model: type[Any], ids: set[str]) -> dict[str, Any]:
    return {str(row.pk): row for row in model.objects.filter(pk__in=ids)}


def requests_of(child: Subject, actor: Actor) -> list[InformationRequest]:
    """The request in which the child was named, and the others in which it surely appears.

    The others are logged; the first was fetched with the child.
    """
    try:
        suggested = candidates(child.case, actor, [child], strangers=ALSO_OF_STRANGERS)
    except KeyDestroyed:  # who looked at what was disposed of is still told
        suggested = []
    found = {each.case.pk: each.case for each in suggested if each.likeness.is_sure}
    (others,) = fetch_all(actor, Permission.TRIAGE, found.values())
    return [child.case, *others]


def entries_of_child(cases: list[InformationRequest]) -> QuerySet[Any]:
    """All entries of these requests."""
    return access_entries_of_any(case.pk for case in cases)


def page_of_child(
    cases: list[InformationRequest], entries: QuerySet[Any], wanted: Narrowed, after: str = ""
) -> Page:
    """Those of the entries that are wanted, the latest first, each with the request it was at."""
    page = named(page_of(narrowed(entries, wanted), BY_NUMBER, after, newest_first=True), {})
    references: dict[Any, str] = {case.pk: case.reference for case in cases}
    for row in page.rows:
        row.detail = references[row.case_id]
    return page


def children_of(case: InformationRequest) -> list[Subject]:
    """The children of a request, from whom one goes on."""
    rows = case.subjects.filter(role=PersonRole.CHILD, status=Subject.Status.CURRENT)
    return list(rows)
