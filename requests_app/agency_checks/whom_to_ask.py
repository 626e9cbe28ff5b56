"""To which agencies checks can be sent, who was asked before, and why others cannot be asked."""

from collections import defaultdict
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.acting import Actor
from agencies.kinds import GROUPS
from agencies.models import Agency
from agencies.permissions import Permission
from agencies.register.selectors import closed_today
from requests_app.agency_people import CannotBeAsked, agencies_by_whether_asked
from requests_app.choices import PersonRole
from requests_app.matching.selectors import matches_of
from requests_app.models import AgencyCheck, InformationRequest
from requests_app.policies import AGENCY_CHECKS
from workflow.gateway import fetch_all

FEW = 3  # agencies that cannot be asked, up to which they are not folded away
FEW_GROUPED = 40  # agencies in all groups, up to which no group is folded
EARLIER = 10  # other requests about the child whose checks are looked at
CHOSEN = "chosen"
ELSE = gettext_lazy("Others")


@dataclass(frozen=True)
class WhomToAsk:
    """The register as the front door chooses from it.

    ``can`` are the agencies that can be asked, each with whether it was in this case already;
    ``cannot`` are the others, by why not.
    """

    can: list[tuple[Agency, bool]]
    cannot: list[tuple[CannotBeAsked, list[Agency]]]

    @property
    def are_few(self) -> bool:
        """Whether those who cannot be asked are few enough to be shown unfolded."""
        return sum(len(agencies) for _why, agencies in self.cannot) <= FEW

    @property
    def by_id(self) -> dict[str, Agency]:
        """The agencies that can be asked."""
        return {str(agency.pk): agency for agency, _asked in self.can}

    @property
    def asked(self) -> set[str]:
        """Of those, the ids of the ones that were asked in this case before."""
        return {str(agency.pk) for agency, asked in self.can if asked}

    @property
    def refused(self) -> dict[str, str]:
        """Why not, by the id of each that cannot be asked."""
        words = _("%(agency)s cannot be asked. %(why)s")
        return {
            str(agency.pk): words % {"agency": agency.name, "why": why.label}
            for why, agencies in self.cannot
            for agency in agencies
        }


def whom_to_ask(asked: Iterable[Any]) -> WhomToAsk:
    """Every agency on the register, in one query.

    ``closed`` on each that can be asked is the closure that runs today, if one does.
    """
    known = {check.holder_id for check in asked if not check.is_withdrawn}
    agencies = list(agencies_by_whether_asked())
    can = [each for each in agencies if not each.cannot]
    closures = closed_today(can)
    for each in can:
        each.closed = closures.get(each.pk)
    cannot = [(why, [each for each in agencies if each.cannot == why]) for why in CannotBeAsked]
    return WhomToAsk(
        [(each, each.pk in known) for each in can],
        [(why, those) for why, those in cannot if those],
    )


def who_answers_instead(agency: Any) -> str:
    """Of an agency that can be asked: that it is closed today, and whom to call; "" if open."""
    closure = getattr(agency, "closed", None)
    if closure is None:
        return ""
    words = {
        "agency": agency.name,
        "day": date_format(closure.ends, "j F"),
        "who": closure.answers,
        "number": closure.answers_phone,
    }
    said = _("%(agency)s is closed until the end of %(day)s. %(who)s answers instead: %(number)s.")
    told = (
        _("They have been told by e-mail.")
        if closure.answers_email
        else _("The register has no e-mail address for them: call them.")
    )
    return f"{said % words} {told}"


def named(agency: Any, *, asked: bool) -> str:
    """An agency as it is chosen: closed until when, or asked before."""
    words = {"agency": agency.name}
    if closure := getattr(agency, "closed", None):
        words |= {"day": date_format(closure.ends, "j F"), "who": closure.answers}
        return _("%(agency)s (closed until %(day)s, %(who)s answers)") % words
    return _("%(agency)s (already asked)") % words if asked else agency.name


@dataclass(frozen=True)
class Choice:
    """One agency in the list; ``number`` counts through all of the page."""

    agency: Agency
    number: int
    label: str
    notes: list[str]
    is_chosen: bool


@dataclass
class Group:
    """Agencies of like kinds, under one heading."""

    title: Any
    choices: list[Choice] = field(default_factory=list)
    is_open: bool = True


def group_names() -> list[tuple[str, Any]]:
    """Each group with the code by which a form narrows the list to it."""
    return [(str(number), title) for number, title in enumerate(GROUPS)]


def grouped(
    whom: WhomToAsk,
    *,
    chosen: Container[str],
    find: str = "",
    group: str = "",
    notes: Mapping[UUID, list[str]],
) -> list[Group]:
    """The agencies that can be asked, by kinds; those chosen so far are never left out."""
    of_kind: dict[str, Any] = {kind: title for title, kinds in GROUPS.items() for kind in kinds}
    wanted = dict(group_names()).get(group)
    by_title: dict[Any, list[tuple[Agency, bool]]] = defaultdict(list)
    for agency, asked in whom.can:
        title = of_kind.get(agency.kind, ELSE)
        if str(agency.pk) in chosen:
            by_title[CHOSEN].append((agency, asked))
        elif wanted in (None, title) and _says(agency, find):
            by_title[title].append((agency, asked))
    is_open = bool(find or wanted) or sum(map(len, by_title.values())) <= FEW_GROUPED
    found, number = [], 0
    for title in (CHOSEN, *GROUPS, ELSE):
        if rows := by_title.get(title):
            group_of = Group(_("Chosen") if title == CHOSEN else title)
            group_of.is_open = is_open or title == CHOSEN
            for agency, asked in sorted(rows, key=lambda row: row[0].name.casefold()):
                said, label = notes.get(agency.pk, []), named(agency, asked=asked)
                group_of.choices.append(Choice(agency, number, label, said, title == CHOSEN))
                number += 1
            found.append(group_of)
    return found


def _says(agency: Agency, find: str) -> bool:
    """Whether each word that is looked for is in its name or in the name of its kind."""
    text = f"{agency.name} {agency.get_kind_display()}".casefold()
    return all(word in text for word in find.casefold().split())


def asked_before(
    case: InformationRequest, actor: Actor, asked: Iterable[Any], people: Iterable[Any]
) -> dict[UUID, list[str]]:
    """What each agency was asked about this child and said: here, in linked and possible matches.

    Only those requests count that the person may see; each that is told of is noted as read.
    """
    said: dict[UUID, list[str]] = defaultdict(list)
    for check in asked:
        said[check.holder_id].append(_("Asked in this request on %s") % _how_it_went(check))
    children = [each for each in people if each.role == PersonRole.CHILD]
    found = matches_of(case, actor, children, EARLIER)
    same, alike = (
        {each.theirs.case_id for each in people if each.theirs.role == PersonRole.CHILD}
        for people in (found.linked, found.possible)
    )
    (earlier,) = fetch_all(
        actor,
        Permission.TRIAGE,
        AGENCY_CHECKS.scope(actor, Permission.TRIAGE)
        .filter(case__in=same | alike)
        .select_related("case")
        .order_by("-sent_at"),
    )
    of_the_same = _("Asked in %(reference)s, about the same child, on %(how)s")
    of_alike = _("Asked in %(reference)s, a possible match, on %(how)s")
    for check in earlier:
        about = {"reference": check.case.reference, "how": _how_it_went(check)}
        words = of_the_same if check.case_id in same else of_alike
        said[check.holder_id].append(words % about)
    return said


def _how_it_went(check: AgencyCheck) -> str:
    how = check.get_outcome_display() if check.outcome else check.get_status_display()
    return f"{date_format(check.sent_at, 'j F Y')}: {how}"
