"""What a printed record holds: what the pages of whoever prints it hold, and nothing else.

Each record is made of the policies and lists of those pages. What a page does not show to a person,
their print does not hold (docs/adr/0068).
"""

from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, Prefetch, QuerySet, prefetch_related_objects
from django.urls import reverse
from django.utils.translation import gettext as _

from agencies.acting import Actor
from agencies.permissions import Permission
from audit.selectors import latest_checkpoint
from decisions.flow.selectors import record_of
from decisions.models import Decision
from decisions.policies import DECISIONS
from decisions.printing import amounts
from encryption.casekeys import prefetch_case_keys
from requests_app import policies
from requests_app.agency_checks import selectors as of_checks
from requests_app.asked import about, names_of
from requests_app.asking.selectors import everything_of, packages_of
from requests_app.asking.summary import Card, cards_of
from requests_app.models import AgencyCheck, InformationRequest, Release
from requests_app.people.selectors import people_of
from requests_app.receiving import selectors as receiving
from requests_app.release.selectors import package_of, with_words
from requests_app.request_fields import told_of
from requests_app.triage import selectors as triage
from requests_app.triage.timeline import timeline
from workflow.together import Rows

MOST_ROWS = 2_000  # in one file
RECORDED = Decision.Status.RECORDED
READ_OF_A_ROW = ("key", "value", "warning")  # and no link, which nobody follows on paper


@dataclass(frozen=True)
class Filled:
    """What stands in a record, and every row whose words are in it."""

    words: dict[str, Any]
    shown: list[Model]


@dataclass(frozen=True)
class Plan:
    """A record before anything in it is opened: what it will hold, in numbers."""

    reference: str
    title: str
    template: str
    back: str
    holds: list[str]
    rows: int
    fill: Callable[[], Filled]

    @property
    def is_too_long(self) -> bool:
        """Whether it has more rows than are put in one file."""
        return self.rows > MOST_ROWS


def of_request(case: InformationRequest, actor: Actor) -> Plan:
    """All of a request, for the front door."""
    counted = [
        _counted(policy.scope(actor, Permission.TRIAGE).filter(case=case))
        for policy in (policies.AGENCY_CHECKS, policies.ITEMS, DECISIONS, policies.RELEASES)
    ]
    more = (policies.NEEDS, policies.SUBJECTS, policies.CLARIFICATIONS, policies.QUESTIONS)
    others = sum(
        _counted(policy.scope(actor, Permission.TRIAGE).filter(case=case)) for policy in more
    )
    checks, pieces, decisions, releases = counted
    return Plan(
        reference=case.reference,
        title=_("Record of information request %s") % case.reference,
        template="decisions/printing/request.html",
        back=reverse("requests:triage_case", args=[case.pk]),
        holds=[
            _("The request: who asked, what for, about whom, and how it was checked"),
            amounts.checks(checks),
            amounts.pieces(pieces),
            amounts.decisions(decisions),
            amounts.packages(releases),
            _("What happened, and when"),
        ],
        rows=sum(counted) + others,
        fill=lambda: _request(case, actor),
    )


def _request(case: InformationRequest, actor: Actor) -> Filled:
    prefetch_case_keys([case.pk])
    decisions = _of_the_desk(case, actor)
    people = people_of(case)
    names = names_of(people)
    rows = policies.AGENCY_CHECKS.scope(actor, Permission.TRIAGE).filter(case=case)
    rows = rows.select_related("case", "holder", "taken_by", "withdrawn_by")
    rows = rows.order_by("sent_at", "pk")
    parts: list[dict[str, Any]] = []
    shown: list[Model] = [case]
    for agency_check in rows:
        pieces = [with_words(each) for each in receiving.pieces_of(agency_check, actor)]
        withheld = receiving.not_shared(agency_check)
        made = [each for each in decisions if each.agency_check_id == agency_check.pk]
        shown += [agency_check, *pieces, *withheld, *made]
        parts.append(
            {
                "agency_check": agency_check,
                "about": about(agency_check, names),
                "people": of_checks.shown_of(agency_check, people),
                "questions": of_checks.questions_of(agency_check),
                "told": told_of(agency_check),
                "pieces": pieces,
                "refused": receiving.refused_of(agency_check, actor),
                "withheld": receiving.reasons_of(withheld),
                "decisions": made,
            }
        )
    releases = _released_by_the_desk(case, actor, found := triage.read(case, *triage.RECORD))
    words = {
        "case": case,
        "said": triage.what_was_said(case, found),
        "checks": triage.checks_of(case, found),
        "parts": parts,
        "releases": releases,
        "timeline": timeline(found["printed"], found),
    }
    return Filled(words, [*shown, *releases])


def _of_the_desk(case: InformationRequest, actor: Actor) -> list[Any]:
    """Recorded decisions by what the front door reads of them, which is not the answers."""
    rows = DECISIONS.scope(actor, Permission.TRIAGE).filter(case=case)
    rows = rows.select_related("agency_check__holder", "agreement", "decided_by")
    listed: list[Any] = list(rows.order_by("decided_at", "pk"))
    for row in listed:
        edition, shares = row.edition, row.outcome == Decision.End.SHARE
        basis = edition.bases.get(row.lawful_basis, "") if shares else ""
        condition = edition.conditions.get(row.condition, "") if shares else ""
        row.rows = _rows(
            (_("Decided by"), f"{row.decided_by}, {row.agency_check.holder}"),
            (_("Made under"), edition.title),
            (_("Lawful basis"), basis),
            (_("Special category condition"), condition),
            (_("Why it is not shared"), "" if shares else row.because),
            (_("Safety and well-being considered"), "" if shares else row.safety),
        )
    return listed


def _released_by_the_desk(case: InformationRequest, actor: Actor, found: Rows) -> list[Any]:
    releases: list[Any] = triage.releases_of(case, found)
    items = policies.ITEMS.scope(actor, Permission.TRIAGE).select_related("agency_check__holder")
    pieces = Prefetch("items", items.order_by("listed_at", "pk"), to_attr="pieces")
    prefetch_related_objects(releases, pieces)
    return releases[::-1]


def of_released(release: Release, actor: Actor) -> Plan:
    """What was released of a request to this person, and the request where it is theirs."""
    case = release.case
    packages = packages_of(case, actor)
    asked = policies.REQUESTS.scope(actor, Permission.SEND_REQUEST).filter(pk=case.pk).exists()
    items = policies.ITEMS.scope(actor, Permission.SEND_REQUEST).filter(releases__in=packages)
    holds = [amounts.packages(len(packages)), amounts.pieces(pieces := _counted(items))]
    if asked:
        holds.insert(0, _("The request as you sent it, and what happened to it"))
    return Plan(
        reference=case.reference,
        title=_("Record of information request %s") % case.reference,
        template="decisions/printing/released.html",
        back=reverse("requests:released", args=[release.pk]),
        holds=holds,
        rows=len(packages) + pieces,
        fill=lambda: _released(case, packages, actor, asked=asked),
    )


def _released(
    case: InformationRequest, releases: list[Release], actor: Actor, *, asked: bool
) -> Filled:
    prefetch_case_keys([case.pk])
    prefetch_related_objects(releases, "case__agency", "case__desk")
    packages = [package_of(release, actor) for release in releases]
    shown: list[Model] = [*releases, *(row for package in packages for row in package.shown)]
    words = {
        "case": case,
        "packages": packages,
        "cards": _to_read(cards_of(case)) if asked else [],
        "timeline": everything_of(case) if asked else [],
    }
    return Filled(words, [case, *shown] if asked else shown)


def of_check(agency_check: AgencyCheck, actor: Actor) -> Plan:
    """An agency's own check, with its decisions; who else was asked is in none of it."""
    items, questions = (
        len(of_checks.listed(agency_check)),
        len(of_checks.questions_of(agency_check)),
    )
    decisions = _counted(_of_the_check(agency_check, actor))
    return Plan(
        reference=agency_check.reference,
        title=_("Record of agency check %s") % agency_check.reference,
        template="decisions/printing/check.html",
        back=reverse("requests:check", args=[agency_check.pk]),
        holds=[
            _("The agency check, which was withdrawn")
            if agency_check.is_withdrawn
            else _("The agency check: whom to look for, and what was asked"),
            amounts.pieces(items),
            amounts.decisions(decisions),
        ],
        rows=items + questions + decisions,
        fill=lambda: _check(agency_check, actor),
    )


def _of_the_check(agency_check: AgencyCheck, actor: Actor) -> QuerySet[Decision]:
    return DECISIONS.scope(actor, Permission.ANSWER).filter(
        agency_check=agency_check, status=RECORDED
    )


def _check(agency_check: AgencyCheck, actor: Actor) -> Filled:
    prefetch_case_keys([agency_check.case_id])
    rows = _of_the_check(agency_check, actor).select_related(
        "agency_check__holder", "agreement", "decided_by", "scrutiny__partner", "superseded_by"
    )
    rows = rows.prefetch_related("answers", "points", "advice", "weighed__item__question")
    decisions = list(rows.order_by("decided_at", "pk"))
    items = of_checks.listed(agency_check)
    words = {
        "agency_check": agency_check,
        "people": of_checks.people_shown(agency_check),
        "purposes": of_checks.purposes_of(agency_check),
        "questions": [] if agency_check.is_withdrawn else of_checks.questions_of(agency_check),
        "told": [] if agency_check.is_withdrawn else told_of(agency_check),
        "items": items,
        "records": [record_of(row) for row in decisions],
    }
    return Filled(words, [agency_check, *items, *decisions])


def checkpoint() -> dict[str, Any] | None:
    """What the ledger last signed, for the end of a record; None before the first."""
    signed = latest_checkpoint()
    if signed is None:
        return None
    return {
        "size": f"{signed.size:,}",
        "root": b64encode(signed.root).decode(),
        "key": signed.note.partition("\n")[0],
        "at": signed.at,
    }


def _to_read(cards: list[Card]) -> list[Card]:
    for card in cards:
        card.rows = [{name: row.get(name, "") for name in READ_OF_A_ROW} for row in card.rows]
    return cards


def _rows(*pairs: tuple[Any, Any]) -> list[dict[str, Any]]:
    return [{"key": key, "value": value} for key, value in pairs if value]


def _counted(rows: QuerySet[Any]) -> int:
    """How many; more than fit are not counted to the end."""
    return rows.order_by()[: MOST_ROWS + 1].count()
