"""A partnership that begins by its own files alone (A-REGISTER, agencies/seeds/README.md)."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from agencies.models import Agency, Contact, Partnership, User
from agencies.register.forms import AddAgencyForm
from agencies.register_files.columns import COLUMNS, TOLD, TYPED
from agencies.register_files.import_export import Unreadable, read_table
from agencies.register_files.judging import HEADINGS, form_of
from workflow.bootstrap import create_unattended

SHIPPED = Path(__file__).parents[1] / "seeds"
NEEDED = ("name", "kind")
STATUTORY = 3


class Unfounded(ValueError):
    """The partnership could not be founded; the text says why."""


@transaction.atomic
def found_partnership(folder: Path) -> list[Agency]:
    """Read the files of a folder into an empty register: all of them, or nothing."""
    if any(model.objects.exists() for model in (Partnership, Agency, User)):
        raise Unfounded(
            _(
                "The register is not empty: a partnership is founded once, before the first "
                "administrator is asked in. In an installation that nobody works in yet, begin "
                "again with empty databases."
            )
        )
    try:
        told = tomllib.loads((folder / "partnership.toml").read_text(encoding="utf-8"))
        headings, table = read_table((folder / "agencies.csv").read_bytes())
    except (OSError, ValueError, Unreadable) as fault:
        raise Unfounded(str(fault)) from None
    front_door, office = told.pop("front_door", ""), told.pop("office", "")
    partners = told.pop("statutory_partners", [])
    _found_row(told)
    wrong = [each for each in headings if each not in COLUMNS or each in TOLD]
    lacking = [name for name in NEEDED if name not in headings]
    if wrong or lacking:
        raise Unfounded(_columns(wrong, lacking))
    rows = [dict(zip(headings, row, strict=False)) for row in table]
    names = [row.get("name", "").strip() for row in rows]
    faults = [
        _("%(name)s must stand in agencies.csv once.") % {"name": repr(name)}
        for name in (front_door, office, *partners)
        if names.count(name) != 1
    ]
    if len(set(partners)) != STATUTORY:
        faults.append(_("A partnership has three statutory partners."))
    forms = [_judged(row) for row in rows]
    faults += [fault for number, form in enumerate(forms, 2) for fault in _wrong(number, form)]
    if faults:
        raise Unfounded("\n".join(faults))
    parts = {"front_door": front_door, "office": office, "partners": partners}
    return [_found_agency(form, parts) for form in forms]


def _columns(wrong: list[str], lacking: list[str]) -> str:
    said = [_("The columns of agencies.csv are not those of the register.")]
    if wrong:
        said.append(_("Not known: %s.") % ", ".join(wrong))
    if lacking:
        said.append(_("Missing: %s.") % ", ".join(lacking))
    said.append(_("It may have: %s.") % ", ".join(TYPED))
    return " ".join(said)


def _found_row(told: Mapping[str, Any]) -> None:
    try:
        row = Partnership(**told)
        row.full_clean()
    except (TypeError, ValidationError) as fault:
        raise Unfounded(f"partnership.toml: {fault}") from None
    row._change_reason = "founded"  # type: ignore[attr-defined]  # for its history
    row.save()


def _judged(row: Mapping[str, str]) -> AddAgencyForm:
    """One line: only its name and kind are needed, and what else is there must be right."""
    form = form_of(None, {name: row.get(name, "").strip() for name in COLUMNS})
    for name, each in form.fields.items():
        each.required = name in NEEDED
    form.full_clean()
    return form


def _wrong(number: int, form: AddAgencyForm) -> list[str]:
    """What is wrong with a line, by the names that its columns have in the file."""
    return [
        _("Row %(row)s of agencies.csv, %(column)s: %(wrong)s")
        % {"row": number, "column": HEADINGS.get(name, name), "wrong": errors[0]}
        for name, errors in form.errors.items()
    ]


def _found_agency(form: AddAgencyForm, parts: Mapping[str, Any]) -> Agency:
    given = {name: value for name, value in form.values().items() if value}
    agency: Agency = create_unattended(
        Agency,
        **given,
        is_front_door=given["name"] == parts["front_door"],
        keeps_register=given["name"] == parts["office"],
        is_statutory_partner=given["name"] in parts["partners"],
    )
    for post, holder in form.posts().items():
        create_unattended(Contact, agency=agency, post=post, **holder)
    return agency
