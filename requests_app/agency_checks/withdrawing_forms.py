"""Why a check is withdrawn."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from requests_app.choices import WithdrawnBecause
from workflow.fields import CleanText, RadioChoice


class WithdrawForm(forms.Form):
    """The reason, of which the agency is told; words for the record where it is another."""

    because = RadioChoice(
        label=_("Why is this check no longer needed?"),
        help_text=_("The agency is told this reason."),
        choices=WithdrawnBecause.choices,
        name_in_errors=_("why this check is no longer needed"),
        reveals={WithdrawnBecause.OTHER.value: "note"},
    )
    note = CleanText(
        label=_("What is the reason?"),
        help_text=_("For the front door's record. The agency does not see it."),
        max_length=2000,
        rows=3,
        required=False,
        name_in_errors=_("what the reason is"),
    )

    def clean(self) -> dict[str, Any]:
        """Another reason says which."""
        given = super().clean() or {}
        is_other = given.get("because") == WithdrawnBecause.OTHER
        if is_other and "note" not in self.errors and not given.get("note"):
            self.add_error("note", _("Enter what the reason is"))
        return given

    def said(self) -> dict[str, Any]:
        """As the action takes it: words that were typed for another choice are not kept."""
        given = self.cleaned_data
        is_other = given["because"] == WithdrawnBecause.OTHER
        return {"because": given["because"], "note": given["note"] if is_other else ""}
