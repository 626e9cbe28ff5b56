"""People in requests that somebody may see, by what was typed (docs/adr/0121)."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from agencies.acting import Actor
from agencies.permissions import Permission
from encryption.addresses import Address
from encryption.casekeys import prefetch_case_keys
from encryption.tokens import (
    Token,
    birth_token,
    full_name_tokens,
    home_tokens,
    name_tokens,
    number_tokens,
    place_tokens,
)
from requests_app.choices import PersonRole
from requests_app.details import age_of
from requests_app.matching.selectors import known_of
from requests_app.models import InformationRequest, MatchToken, Subject
from requests_app.policies import AGENCY_CHECKS, REQUESTS, SUBJECTS
from requests_app.search.agreeing import Agreement, agreement
from requests_app.search.terms import Terms
from workflow.finding import log_search
from workflow.gateway import fetch_all

SHOWN = 25  # requests on the page
COMPARED = 100  # people who are opened and compared, those of the newest requests first
NEWEST = 8 * COMPARED  # tokens that are read: of one name somebody has several
MAY = Permission.TRIAGE


@dataclass(frozen=True)
class Person:
    """Somebody in a request, and what of them agrees with what was typed."""

    name: str
    role: Any
    born_on: date | None
    age: str
    agrees: list[Any]


@dataclass(frozen=True)
class Result:
    """One request, with those in it who were found, and the child whom it is about."""

    case: InformationRequest
    people: list[Person]
    children: list[str]  # those of them who were not found themselves


@dataclass(frozen=True)
class Results:
    """The closest, and whether there are more."""

    rows: list[Result]
    are_more: bool


def search(terms: Terms, actor: Actor) -> Results:
    """Who is found among all that the actor may see; the search is logged, and what it shows."""
    found, are_more = _by_reference(terms, actor), False
    if not terms.reference:
        found, are_more = _by_tokens(terms, actor)
    people = _people_in({case for case, _person in found}, actor)
    agreeing = _agreeing(terms, {person for _case, person in found}, people)
    closest = sorted(agreeing, key=lambda each: each[0], reverse=True)
    shown = [_result(people[pk], agrees) for _order, pk, agrees in closest[:SHOWN]]
    fetch_all(actor, MAY, [row.case for row in shown])
    log_search(actor, MAY, terms.kinds, len(shown))
    return Results(shown, are_more or len(closest) > SHOWN)


def _by_reference(terms: Terms, actor: Actor) -> list[tuple[Any, Any]]:
    if not terms.reference:
        return []
    checks = AGENCY_CHECKS.scope(actor, MAY).filter(reference=terms.reference)
    its_own = Q(reference=terms.reference) | Q(pk__in=checks.order_by().values("case"))
    return [
        (pk, None) for pk in REQUESTS.scope(actor, MAY).filter(its_own).values_list("pk", flat=True)
    ]


def _by_tokens(terms: Terms, actor: Actor) -> tuple[list[tuple[Any, Any]], bool]:
    for rows in _ways(terms):
        within = rows.filter(
            case__in=REQUESTS.scope(actor, MAY).values("pk"),
            subject__status=Subject.Status.CURRENT,
        )
        newest = within.order_by("-pk").values_list("case", "subject")[:NEWEST]
        found = list(dict.fromkeys(newest))
        if found:
            return found[:COMPARED], len(found) > COMPARED
    return [], False


def _ways(terms: Terms) -> "Iterable[QuerySet[MatchToken]]":
    """The queries to try, one after the other until somebody is found."""
    words = terms.words
    if terms.nhs_number or terms.upn:
        yield _bearing(number_tokens(terms.nhs_number, terms.upn))
    if terms.born_on:
        born = _bearing(birth_token(day) for day in terms.days)
        named = [token for word in words for token in name_tokens(word)]
        if words:
            yield born.filter(_bears(named))
        yield born
    if terms.address.is_sure:
        yield from _ways_to_a_home(terms.address, words)
    if len(words) > 1:
        yield _bearing(full_name_tokens(words))
        # Two first names, say: every one of the words is somewhere in the name.
        first, *others = words
        rows = _bearing(name_tokens(first))
        for word in others:
            rows = rows.filter(_bears(name_tokens(word)))
        yield rows
    elif words:
        yield _bearing(name_tokens(words[0]))


def _ways_to_a_home(address: Address, words: tuple[str, ...]) -> "Iterable[QuerySet[MatchToken]]":
    """Who lives there; or else who lives next to it, those of the name first."""
    home, place = _bearing(home_tokens(address)), _bearing(place_tokens(address))
    if words:
        named = [token for word in words for token in name_tokens(word)]
        yield home.filter(_bears(named))
        yield place.filter(_bears(named))
    yield home
    yield place


def _bearing(tokens: Iterable[Token]) -> "QuerySet[MatchToken]":
    return MatchToken.objects.filter(token__in=[token for _kind, token in tokens])


def _bears(tokens: Iterable[Token]) -> Exists:
    return Exists(_bearing(tokens).filter(subject=OuterRef("subject")))


def _people_in(cases: set[Any], actor: Actor) -> dict[Any, list[Subject]]:
    """Everybody in these requests whose record opens, by request."""
    rows = SUBJECTS.scope(actor, MAY).filter(case__in=cases, status=Subject.Status.CURRENT)
    people = list(rows.select_related("case__agency", "case__requested_by").order_by("pk"))
    prefetch_case_keys(cases)
    found: dict[Any, list[Subject]] = defaultdict(list)
    for person in people:
        found[person.case_id].append(person)
    return found


def _agreeing(
    terms: Terms, wanted: set[Any], people: dict[Any, list[Subject]]
) -> Iterator[tuple[Any, Any, dict[Any, Agreement]]]:
    """Each request in which somebody agrees: how close and how new, its id, and who."""
    for pk, everybody in people.items():
        compared = [
            (each.pk, known)
            for each in everybody
            if (each.role == PersonRole.CHILD if terms.reference else each.pk in wanted)
            and (known := known_of(each))
        ]
        agrees = {each: agreement(terms, known) for each, known in compared}
        if terms.reference:
            agrees = dict.fromkeys(agrees, Agreement(1, [_("reference")]))
        if close := {each: found for each, found in agrees.items() if found.score}:
            closest = max(found.score for found in close.values())
            yield (closest, everybody[0].case.sent_at), pk, close


def _result(everybody: list[Subject], agrees: dict[Any, Agreement]) -> Result:
    people = sorted(
        (each for each in everybody if each.pk in agrees), key=lambda each: -agrees[each.pk].score
    )
    children = [each for each in everybody if each.role == PersonRole.CHILD]
    return Result(
        everybody[0].case,
        [_person(each, agrees[each.pk].reasons) for each in people],
        [each.name for each in children if each.pk not in agrees and known_of(each)],
    )


def _person(person: Subject, agrees: list[Any]) -> Person:
    born_on = person.date_of_birth
    return Person(person.name, person.get_role_display(), born_on, age_of(born_on), agrees)
