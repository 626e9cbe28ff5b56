"""What is still missing before a request can be sent, accepted or released."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from requests_app.choices import Check, CheckAnswer, PersonRole
from requests_app.models import (
    AgencyCheck,
    InformationRequest,
    Item,
    ReleasedAnswer,
    TriageCheck,
)
from requests_app.request_fields import is_complete
from requests_app.whole import all_parts_of
from workflow.compiled import Compiled


@dataclass(frozen=True)
class Part:
    """One part of a request: its code, its name on the page, and whether it is complete."""

    code: str
    title: Any
    done: bool
    optional: bool = False


def parts_of(case: InformationRequest) -> list[Part]:
    """The parts that a requester fills in, in the order in which they are asked."""
    held = all_parts_of(case)
    roles = {person.role for person in held["subjects"]}
    asked = any(each.status == each.Status.ASKED for each in held["clarifications"])
    parts = [
        Part("child", _("The child or young person"), PersonRole.CHILD in roles),
        Part(
            "others",
            _("Connected people, and people who may pose a risk"),
            bool(roles - {PersonRole.CHILD}),
            optional=True,
        ),
        Part("purpose", _("What it is for"), is_complete("purpose", case)),
        Part("needs", _("What you need to know, and why"), bool(held["needs"])),
        Part("rating", _("How urgent it is"), is_complete("rating", case)),
        Part("consent", _("Consent"), bool(held["consent"])),
        Part(
            "parents",
            _("Whether the parents or carers have been told"),
            is_complete("parents", case),
        ),
        Part("files", _("Files"), bool(held["attachments"]), optional=True),
    ]
    if case.status == case.Status.RETURNED:
        parts.append(Part("questions", _("Questions from the front door"), not asked))
    return parts


def can_be_sent(case: InformationRequest) -> bool:
    """Whether every part that must be there is there."""
    return all(part.done or part.optional for part in parts_of(case))


def checks_left(case: InformationRequest) -> list[Check]:
    """The checks of ISA-3.8 that triage has not answered with yes."""
    answered = TriageCheck.objects.filter(case=case, answer=CheckAnswer.YES)
    passed = set(answered.values_list("check_code", flat=True)) & checks_made(case)
    return [check for check in Check if check not in passed]


def checks_made(case: InformationRequest) -> set[str]:
    """The checks answered since the request was last returned, if it ever was (ISA-3.8).

    While it was with the requester anything in it may have changed, so what was checked before
    is checked again.
    """
    return set(_CHECKS_MADE(case=case.pk))


def made_since_returned(case: UUID) -> Any:
    """The same as a query."""
    of_case: Any = InformationRequest.history
    of_checks: Any = TriageCheck.history
    returned = of_case.filter(id=OuterRef("case_id"), history_change_reason="return")
    answers = of_checks.filter(case_id=case).exclude(
        Exists(returned.filter(history_date__gte=OuterRef("history_date")))
    )
    return answers.values_list("check_code", flat=True)


_CHECKS_MADE = Compiled(made_since_returned)


# As conditions on agency checks, so that lists and single checks go by the same rule.
HAS_SOMETHING_TO_TAKE_IN = Exists(
    Item.objects.filter(agency_check=OuterRef("pk"), status=Item.Status.OFFERED, receipt=None)
)
RELEASABLE = Q(status=AgencyCheck.Status.ANSWERED) & ~Q(HAS_SOMETHING_TO_TAKE_IN)
# A release from before the answer was given anew tells of the old answer (ISA-5.4).
WAS_RELEASED = Exists(
    ReleasedAnswer.objects.filter(
        agency_check=OuterRef("pk"), release__released_at__gte=OuterRef("answered_at")
    )
)


def can_be_released(agency_check: AgencyCheck) -> bool:
    """Whether the agency has answered and each item it offered has been taken in or refused."""
    return bool(_RELEASABLE(pk=agency_check.pk))


_RELEASABLE = Compiled(lambda pk: AgencyCheck.objects.filter(RELEASABLE, pk=pk).values_list("pk"))
