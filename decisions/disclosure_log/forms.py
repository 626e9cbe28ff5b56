"""What an agency's disclosure log is narrowed to, and as which kind of file it is taken out."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from agreement.choices import Purpose
from decisions.disclosure_log.selectors import OUTCOMES, Wanted
from workflow.clean import showable
from workflow.fields import DateField, RadioChoice, SelectChoice

NOTHING = ("", _("All"))
KINDS = [("csv", _("CSV")), ("xlsx", _("Excel (XLSX)"))]


class LogForm(forms.Form):
    """Days, outcome, with whom and what for; each may be left open."""

    since = DateField(label=_("From"), past=True, required=False, name_in_errors=_("the first day"))
    until = DateField(label=_("To"), required=False, name_in_errors=_("the last day"))
    outcome = SelectChoice(
        label=_("Outcome"),
        required=False,
        choices=[NOTHING],
        name_in_errors=_("an outcome from the list"),
    )
    recipient = SelectChoice(
        label=_("Shared with"),
        required=False,
        choices=[NOTHING],
        name_in_errors=_("an agency from the list"),
    )
    purpose = SelectChoice(
        label=_("Purpose"),
        required=False,
        choices=[NOTHING],
        name_in_errors=_("a purpose from the list"),
    )

    def __init__(self, *args: Any, recipients: Iterable[Any] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        agencies = [(str(each.pk), str(each)) for each in recipients]
        for name, choices in (
            ("outcome", [*OUTCOMES.items()]),
            ("recipient", agencies),
            ("purpose", Purpose.choices),
        ):
            self.fields[name].choices = [NOTHING, *choices]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """The last day is not before the first, and there is a day after it."""
        given = super().clean() or {}
        since, until = given.get("since"), given.get("until")
        if since and until and until < since:
            self.add_error("until", _("The last day must be the first day or after it"))
        if until == date.max:
            self.add_error("until", _("Enter an earlier last day"))
        return given

    @property
    def wanted(self) -> Wanted:
        """What was chosen; all of the log where nothing was."""
        if not self.is_bound or not self.is_valid():
            return Wanted()
        given = self.cleaned_data
        return Wanted(
            since=given["since"],
            until=given["until"],
            outcome=given["outcome"],
            recipient=UUID(given["recipient"]) if given["recipient"] else None,
            purpose=given["purpose"],
        )

    def chosen(self) -> Iterator[tuple[str, str]]:
        """What was chosen as pairs, for the form that takes the same out as a file."""
        for name in self.fields:
            if name == "kind":
                continue
            parts = (f"{name}_{part}" for part in ("day", "month", "year"))
            for key in (name, *parts):
                if value := showable(self.data.get(key, "")):
                    yield key, value


class ExportForm(LogForm):
    """The same once more, with the kind of file."""

    kind = RadioChoice(label=_("Kind of file"), choices=KINDS, name_in_errors=_("the kind of file"))
