"""The register as a file: what each line of an import would change, and lines for an export."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import DEFAULT_DB_ALIAS
from django.utils.dates import WEEKDAYS, WEEKDAYS_ABBR
from django.utils.translation import gettext as _
from import_export import fields, resources

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


class Column(fields.Field):  # type: ignore[misc]  # the package has no types
    """One text of a line."""

    def get_value(self, instance: Line) -> str:
        """What the line says."""
        return instance.values.get(self.column_name, "")

    def export(self, instance: Line, **_more: Any) -> str:
        """The same: how it is made harmless is for the file to say."""
        return self.get_value(instance)


class Changes(resources.Diff):  # type: ignore[misc]
    """What was and what would be, by column, in plain texts: a page draws it, not the library."""

    def __init__(self, resource: Any, instance: Line, new: bool) -> None:
        self.before = {} if new else dict(instance.values)
        self.after: dict[str, str] = {}

    def compare_with(self, resource: Any, instance: Line) -> None:
        """What the line says."""
        self.after = dict(instance.values)

    def as_html(self) -> list[tuple[str, str, str]]:
        """Column, old value, new value, of what differs."""
        pairs = ((name, self.before.get(name, ""), self.after.get(name, "")) for name in TYPED)
        return [(name, old, new) for name, old, new in pairs if old != new]


class NoLoader:
    """The library's way to find rows, which is not ours: see ``get_or_init_instance``."""

    def __init__(self, resource: Any, dataset: Any) -> None:
        """Nothing to prepare."""


class AgencyResource(resources.Resource):  # type: ignore[misc]
    """One agency a line, with whoever holds its posts; it judges, and never saves.

    What it found out is done by the actions of the register, like what is typed on a page.
    """

    class Meta:
        skip_unchanged = True
        report_skipped = True
        store_instance = True
        use_transactions = False
        instance_loader_class = NoLoader

    def __init__(self, there: Iterable[Any] = ()) -> None:
        super().__init__()
        self.fields = {name: Column(column_name=name) for name in COLUMNS}
        agencies = list(there)
        self.by_id = {str(agency.pk): agency for agency in agencies}
        self.by_name = {agency.name.casefold(): agency for agency in agencies}
        self.asked: dict[int, dict[str, Any]] = {}
        self.seen: dict[Any, int] = {}
        self.form = AddAgencyForm({})
        self.at = 0

    def get_db_connection_name(self) -> str:
        """The register's; the library would ask by a model, and lines have none."""
        return DEFAULT_DB_ALIAS

    def get_diff_class(self) -> Any:
        """Ours, which makes no mark-up."""
        return Changes

    def before_import_row(self, row: Any, row_number: int = 0, **_more: Any) -> None:
        """Count the lines as the file does: the headings are line 1."""
        self.at = row_number + 1

    def get_or_init_instance(self, _loader: Any, row: Mapping[str, Any]) -> tuple[Line, bool]:
        """The line as the register has it now, or an empty one."""
        wanted = self._text(row, "id")
        name = self._text(row, "name").casefold()
        agency = self.by_id.get(wanted.lower()) if wanted else self.by_name.get(name)
        return (line_of(agency), False) if agency else (Line(), True)

    def import_instance(self, instance: Line, row: Mapping[str, Any], **_more: Any) -> None:
        """Judge one line as the page for one agency would. Raises ValidationError by column."""
        typed = {name: self._text(row, name) for name in COLUMNS}
        self._refuse_in_general(instance, row, typed)
        if all(typed[name] == instance.values.get(name) for name in TYPED):
            return
        form = form_of(instance.agency, typed, self.form)
        if not form.is_valid():
            raise ValidationError(
                {HEADINGS.get(name, name): errors for name, errors in form.errors.items()}
            )
        given = form.cleaned_data
        # Marks that cannot be seen are gone from it now: two lines may turn out to be one agency.
        self._refuse_a_second(given["name"].casefold())
        instance.values |= {name: as_text(given[field]) for name, field in ASKED.items()}
        self.asked[self.at] = {"values": form.values(), "posts": form.posts()}

    def save_instance(self, *_args: Any, **_more: Any) -> None:
        """Nothing: see above."""

    def _refuse_in_general(
        self, instance: Line, row: Mapping[str, Any], typed: Mapping[str, str]
    ) -> None:
        """What no form can know: the cells as they came, and the lines before this one."""
        wrong: dict[str, str] = {}
        for name in COLUMNS:
            if LIKE_A_FORMULA.match(str(row.get(name) or "")):
                wrong[name] = _("This cell begins like a formula. Enter it as plain text.")
        if typed["id"] and not instance.agency:
            wrong["id"] = _("No agency on the register has this id. Leave it empty for a new one.")
        state = instance.values.get("state", Agency.Status.LISTED.value)
        if typed["state"] not in ("", state):
            wrong["state"] = _("The state of an agency is not changed by an import.")
        if wrong:
            raise ValidationError(wrong)
        self._refuse_a_second(typed["name"].casefold(), instance.values.get("id"))

    def _refuse_a_second(self, *keys: str | None) -> None:
        """Whether a line before this one is about the same agency, by its name or its id."""
        for key in filter(None, keys):
            if (first := self.seen.setdefault(key, self.at)) != self.at:
                said = _("Row %(row)s of the file is about this agency already.")
                raise ValidationError({"name": said % {"row": first}})

    def _text(self, row: Mapping[str, Any], name: str) -> str:
        return as_it_was(str(row.get(name) or "")).strip()


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
