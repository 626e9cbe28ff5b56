"""An import that was read and confirmed: all of it, or nothing (docs/adr/0043)."""

from uuid import uuid4

from django.db import transaction
from django.utils.translation import gettext as _

from agencies.acting import Actor
from agencies.models import Agency
from agencies.permissions import Permission
from agencies.register.actions import change_agency, fill_post, list_agency
from agencies.register.policies import AGENCIES
from agencies.register_files.columns import stamp
from agencies.register_files.import_export import Unreadable
from agencies.register_files.report import Report, report_on
from workflow.transitions import TransitionRefused


@transaction.atomic
def bring_in(
    headings: list[str], table: list[list[str]], *, by: Actor, expected_version: str
) -> tuple[int, int]:
    """Do what the report said, each line as if it were typed; how many are new, and changed.

    The report is made once more, with the register locked: whoever confirms twice finds nothing
    left to do, and whoever confirms what is no longer so is told.
    """
    # Not against rows that only point to an agency: requests are sent while a long file is done.
    scope = AGENCIES.scope(by, Permission.ADMINISTER)
    list(scope.select_for_update(no_key=True).order_by("pk"))
    report = _judged(headings, table)
    if not report.to_do and not report.refused:
        return (0, 0)
    if report.refused or expected_version != stamp():
        raise TransitionRefused(
            _("The register has changed since the file was checked. Check the file again.")
        )
    for row in report.to_do:
        if row.agency is None:
            list_agency(by=by, idempotency_key=uuid4(), **row.asked)
        else:
            _change(row.agency, by, **row.asked)
    new = sum(row.agency is None for row in report.to_do)
    return (new, len(report.to_do) - new)


def _judged(headings: list[str], table: list[list[str]]) -> Report:
    try:
        return report_on(headings, table)
    except Unreadable as wrong:
        raise TransitionRefused(str(wrong)) from None


def _change(
    agency: Agency, by: Actor, values: dict[str, object], posts: dict[str, dict[str, str]]
) -> None:
    change_agency(agency, by=by, values=values, expected_version=agency.version)
    for post, holder in posts.items():
        fill_post(agency, by=by, idempotency_key=uuid4(), post=post, holder=holder)
