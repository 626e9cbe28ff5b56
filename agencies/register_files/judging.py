"""Each line of a file as the page for one agency would judge it; nothing is saved here."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.dates import WEEKDAYS, WEEKDAYS_ABBR
from django.utils.translation import gettext as _

from agencies.kinds import AgencyKind
from agencies.models import Agency
from agencies.register.forms import REQUIRED, AddAgencyForm
from agencies.register_files.columns import (
    COLUMNS,
    OF_A_POST,
    OF_AN_AGENCY,
    POSTS,
    TYPED,
    Line,
    as_text,
    line_of,
)
from agencies.register_files.import_export import as_it_was

# Blanks and marks that cannot be seen are dropped from what is kept, so they hide nothing.
DROPPED = r"[\s\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]"
LIKE_A_FORMULA = re.compile(rf"[\t\r\n]|{DROPPED}*[=@\uff1d\uff20]")
DAYS = {
    str(name).casefold(): str(number + 1)
    for names in (WEEKDAYS, WEEKDAYS_ABBR)
    for number, name in names.items()
}
KINDS = {str(kind.label).casefold(): kind.value for kind in AgencyKind}
# The name of each form field, by the heading of its column.
ASKED = dict(OF_AN_AGENCY) | {
    f"{prefix}_{column}": f"{post}_{name}"
    for prefix, post in POSTS.items()
    for column, name in OF_A_POST.items()
}
# What the page of an agency asks for, beside the posts.
ALWAYS = [
    name
    for name, each in AddAgencyForm({}).fields.items()
    if each.required and hasattr(Agency, name)
]
HEADINGS = {name: column for column, name in ASKED.items()}


class Judge:
    """One file's lines, one after the other: what is said twice is found too.

    What it found out is done by the actions of the register, like what is typed on a page.
    """

    def __init__(self, there: Iterable[Any] = ()) -> None:
        agencies = list(there)
        self.by_id = {str(agency.pk): agency for agency in agencies}
        self.by_name = {agency.name.casefold(): agency for agency in agencies}
        self.seen: dict[Any, int] = {}
        self.form = AddAgencyForm({})
        self.at = 0

    def judged(self, number: int, row: Mapping[str, str]) -> tuple[Line, Line, dict[str, Any]]:
        """The line as the register has it and as it would be, and what to ask its actions for.

        They are asked for nothing where nothing changes. Raises ValidationError by column.
        """
        self.at = number
        typed = {name: as_it_was(row.get(name, "")).strip() for name in COLUMNS}
        name = typed["name"].casefold()
        agency = self.by_id.get(typed["id"].lower()) if typed["id"] else self.by_name.get(name)
        line = line_of(agency) if agency else Line()
        self._refuse_in_general(line, row, typed)
        if all(typed[name] == line.values.get(name) for name in TYPED):
            return line, line, {}
        form = form_of(agency, typed, self.form)
        if not form.is_valid():
            raise ValidationError(
                {HEADINGS.get(name, name): errors for name, errors in form.errors.items()}
            )
        given = form.cleaned_data
        # Marks that cannot be seen are gone from it now: two lines may turn out to be one agency.
        self._refuse_a_second(given["name"].casefold())
        to_be = line.values | {name: as_text(given[field]) for name, field in ASKED.items()}
        asked = {"values": form.values(), "posts": form.posts()}
        return line, Line(to_be, agency), {} if to_be == line.values else asked

    def _refuse_in_general(
        self, line: Line, row: Mapping[str, str], typed: Mapping[str, str]
    ) -> None:
        """What no form can know: the cells as they came, and the lines before this one."""
        wrong: dict[str, str] = {}
        for name in COLUMNS:
            if LIKE_A_FORMULA.match(row.get(name, "")):
                wrong[name] = _("This cell begins like a formula. Enter it as plain text.")
        if typed["id"] and not line.agency:
            wrong["id"] = _("No agency on the register has this id. Leave it empty for a new one.")
        state = line.values.get("state", Agency.Status.LISTED.value)
        if typed["state"] not in ("", state):
            wrong["state"] = _("The state of an agency is not changed by an import.")
        if wrong:
            raise ValidationError(wrong)
        self._refuse_a_second(typed["name"].casefold(), line.values.get("id"))

    def _refuse_a_second(self, *keys: str | None) -> None:
        """Whether a line before this one is about the same agency, by its name or its id."""
        for key in filter(None, keys):
            if (first := self.seen.setdefault(key, self.at)) != self.at:
                said = _("Row %(row)s of the file is about this agency already.")
                raise ValidationError({"name": said % {"row": first}})


def form_of(
    agency: Agency | None, typed: Mapping[str, str], form: AddAgencyForm | None = None
) -> AddAgencyForm:
    """The form of the page, filled in from a line.

    What is empty for an agency that is there may stay so, as founding left it: what is written out
    comes in again. What is filled in is never emptied, nor is a post that somebody holds
    (ISA-4.3-SPOC). Making a form takes ten times as long as filling one in
    anew, so that a file takes one ``form`` for all its lines.
    """
    data: dict[str, Any] = {ASKED[name]: typed[name] for name in TYPED}
    data["kind"] = KINDS.get(typed["kind"].casefold(), typed["kind"])
    data["open_days"] = _days(typed["open_days"])
    form = form or AddAgencyForm({})
    form.data, form.agency = data, agency
    form._errors = None  # type: ignore[attr-defined]  # what Django keeps of the line before
    held = {contact.post for contact in getattr(agency, "holders", ())} if agency else REQUIRED
    for post in POSTS.values():
        for name in ("name", "email", "phone"):
            form.fields[f"{post}_{name}"].required = post in held
    for name in ALWAYS:
        form.fields[name].required = agency is None or bool(getattr(agency, name))
    return form


def _days(text: str) -> list[str]:
    """Weekday numbers, as in 12345, or names, as in "Mon Tue"; what is neither is refused later."""
    if text.isascii() and text.isdigit():
        return sorted(set(text))
    words = text.replace(",", " ").replace(";", " ").split()
    return sorted({DAYS.get(word.casefold(), word[:20]) for word in words})
