"""The first edition, and an installation in which it is in force from the beginning."""

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid5

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.models import Agency
from agreement.choices import Condition, Purpose
from agreement.flows import flows
from agreement.models import AgreementEdition, PartnerAgreement, Signature
from workflow.bootstrap import create_unattended
from workflow.dates import later

TEXT = Path(__file__).parent / "texts" / "edition-1.txt"
FIRST_FLOW = "2020-07"
FIRST_DAY = date(2020, 7, 1)
SIGN_BY_DAYS = 90


def first_edition() -> dict[str, Any]:
    """What a partnership that has no edition yet begins with."""
    return {
        "title": _("Information sharing agreement, July 2020"),
        "text": TEXT.read_text(),
        "purposes": list(Purpose.values),
        "conditions": list(Condition.values),
        "flow": FIRST_FLOW,
        "sign_by_days": SIGN_BY_DAYS,
    }


@transaction.atomic
def found_agreement(agencies: Iterable[Agency]) -> AgreementEdition:
    """Edition 1 in force, agreed by the partners among ``agencies`` and signed by all of them.

    For the demonstration and for tests: nobody's act stands behind it.
    """
    edition: AgreementEdition = create_unattended(
        AgreementEdition,
        **first_edition(),
        number=1,
        status=AgreementEdition.Status.IN_FORCE,
        flow_digest=flows()[FIRST_FLOW].digest,
        in_force_on=FIRST_DAY,
        review_on=_next_anniversary(),
    )
    for agency in agencies:
        if agency.is_statutory_partner:
            create_unattended(
                PartnerAgreement,
                id=uuid5(edition.pk, str(agency.pk)),
                edition=edition,
                agency=agency,
                said_at=timezone.now(),
            )
        create_unattended(
            Signature,
            edition=edition,
            agency=agency,
            signed_on=FIRST_DAY,
            assessed_on=FIRST_DAY,
            assessed_by=_("The agency's information governance lead"),
            controls=_("Access by role, encryption, training every year."),
            privacy_notice=agency.privacy_notice,
        )
    return edition


def _next_anniversary() -> date:
    """When the next yearly review is due."""
    due, today = FIRST_DAY, timezone.localdate()
    while due <= today:
        due = later(due, years=1)
    return due
