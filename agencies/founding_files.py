"""A partnership that begins by its own files alone (A-REGISTER, agencies/seeds/README.md)."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from agencies.copies import Unreadable, read_table
from agencies.lists.register_copies import COLUMNS, TOLD
from agencies.models import Agency, Contact, Partnership, User
from agencies.resources import form_of
from workflow.founding import found

SHIPPED = Path(__file__).parent / "seeds"
NEEDED = ("name", "kind")
STATUTORY = 3


class Unfounded(ValueError):
    """The partnership could not be founded; the text says why."""


@transaction.atomic
def found_partnership(folder: Path) -> list[Agency]:
    """Read the files of a folder into an empty register: all of them, or nothing."""
    if any(model.objects.exists() for model in (Partnership, Agency, User)):
        raise Unfounded(_("The register is not empty: a partnership is founded once."))
    try:
        told = tomllib.loads((folder / "partnership.toml").read_text(encoding="utf-8"))
        headings, table = read_table((folder / "agencies.csv").read_bytes())
    except (OSError, ValueError, Unreadable) as fault:
        raise Unfounded(str(fault)) from None
    front_door, office = told.pop("front_door", ""), told.pop("office", "")
    partners = told.pop("statutory_partners", [])
    _found_row(told)
    wrong = [each for each in headings if each not in COLUMNS or each in TOLD]
    if wrong or any(name not in headings for name in NEEDED):
        raise Unfounded(_("The columns of agencies.csv are not those of the register."))
    rows = [dict(zip(headings, row, strict=False)) for row in table]
    names = [row.get("name", "").strip() for row in rows]
    for name in (front_door, office, *partners):
        if names.count(name) != 1:
            raise Unfounded(_("%(name)s must stand in agencies.csv once.") % {"name": repr(name)})
    if len(set(partners)) != STATUTORY:
        raise Unfounded(_("A partnership has three statutory partners."))
    parts = {"front_door": front_door, "office": office, "partners": partners}
    return [_found_agency(number, row, parts) for number, row in enumerate(rows, 2)]


def _found_row(told: Mapping[str, Any]) -> None:
    try:
        row = Partnership(**told)
        row.full_clean()
    except (TypeError, ValidationError) as fault:
        raise Unfounded(f"partnership.toml: {fault}") from None
    row._change_reason = "founded"  # type: ignore[attr-defined]  # for its history
    row.save()


def _found_agency(number: int, row: Mapping[str, str], parts: Mapping[str, Any]) -> Agency:
    """One line: only its name and kind are needed, and what else is there must be right."""
    form = form_of(None, {name: row.get(name, "").strip() for name in COLUMNS})
    for name, each in form.fields.items():
        each.required = name in NEEDED
    if not form.is_valid():
        wrong = "; ".join(f"{name}: {errors[0]}" for name, errors in form.errors.items())
        words = {"row": number, "wrong": wrong}
        raise Unfounded(_("Row %(row)s of agencies.csv: %(wrong)s") % words)
    given = {name: value for name, value in form.values().items() if value}
    agency: Agency = found(
        Agency,
        **given,
        is_front_door=given["name"] == parts["front_door"],
        keeps_register=given["name"] == parts["office"],
        is_statutory_partner=given["name"] in parts["partners"],
    )
    for post, holder in form.posts().items():
        found(Contact, agency=agency, post=post, **holder)
    return agency
