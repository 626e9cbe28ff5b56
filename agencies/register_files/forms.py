"""The forms of files: one that is chosen, and one that was read and is confirmed.

The server keeps no file in between: the table that was judged travels in the page, signed for
the person, the agency acted for and the state of the register (docs/adr/0043).
"""

from typing import Any

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.acting import Actor
from agencies.register_files.columns import stamp
from agencies.register_files.import_export import MOST_BYTES, Unreadable, read_table, too_large
from agencies.register_files.report import Report, report_on
from workflow.files import FilesField
from workflow.scanning import Upload

SALT = "agencies.register.copies"
CARRIED = {"headings", "table", "expected_version"}
HOLDS = 60 * 60  # seconds for which a report can be confirmed
LONGEST = 3 * 1024 * 1024


def file_problem(upload: Upload) -> str | None:
    """Only its size: what is in it is judged row by row."""
    if getattr(upload, "too_large", False) or (upload.size or 0) > MOST_BYTES:
        return too_large()
    return None if upload.size else _("The selected file is empty")


class ChooseForm(forms.Form):
    """A CSV or XLSX file; reading it is part of judging it."""

    file = FilesField(
        label=gettext_lazy("CSV or XLSX file"),
        most=1,
        check=file_problem,
        name_in_errors=gettext_lazy("a CSV or XLSX file"),
    )

    def clean_file(self) -> Report:
        """The report on what the file would change; keeps the table that was judged."""
        (upload,) = self.cleaned_data["file"]
        upload.seek(0)
        try:
            self.headings, self.table = read_table(upload.read())
            return report_on(self.headings, self.table)
        except Unreadable as wrong:
            raise ValidationError(str(wrong), code="unreadable") from None

    def to_confirm(self, by: Actor) -> "ConfirmForm":
        """The form by which the report is confirmed, unless the table is too long to carry."""
        carried = {"headings": self.headings, "table": self.table, "expected_version": stamp()}
        token = signing.dumps({**carried, "by": _who(by)}, salt=SALT, compress=True)
        return ConfirmForm(initial={"report": token if len(token) < LONGEST else ""}, by=by)


class ConfirmForm(forms.Form):
    """What was judged, as it was: signed, so that it is confirmed and not changed."""

    report = forms.CharField(widget=forms.HiddenInput, required=False, max_length=LONGEST)

    def __init__(self, *args: Any, by: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by

    def clean_report(self) -> dict[str, Any]:
        """The table and the stamp of the register."""
        try:
            told: dict[str, Any] = signing.loads(
                self.cleaned_data["report"], salt=SALT, max_age=HOLDS
            )
        except signing.BadSignature:
            told = {}
        # A page from another edition of the portal may carry it by other names.
        if told.pop("by", None) != _who(self.by) or told.keys() != CARRIED:
            raise ValidationError(_("Choose the file again: it was checked too long ago."))
        return told


def _who(by: Actor) -> list[str]:
    return [str(by.user.pk), str(by.agency.pk)]
