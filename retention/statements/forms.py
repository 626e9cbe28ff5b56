"""What a receiving agency says of its own copy (ISA-8.1)."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from retention.choices import KeptBecause
from workflow.fields import DateField, RadioChoice

DISPOSED = "disposed"


class StatementForm(forms.Form):
    """Disposed of; or kept, why and until when."""

    said = RadioChoice(
        label=_("What has your agency done with what it received?"),
        choices=[(DISPOSED, _("We have disposed of it, and of every copy")), *KeptBecause.choices],
        name_in_errors=_("what your agency has done"),
    )
    until = DateField(
        label=_("If you keep it: until when?"),
        future=True,
        required=False,
        due_with="said",
        name_in_errors=_("the day until which you keep it"),
    )

    def clean(self) -> dict[str, Any]:
        """What is kept is kept until some day."""
        given = super().clean() or {}
        if given.get("said") == DISPOSED and given.get("until"):
            self.add_error("until", _("Leave the day empty if you have disposed of it"))
        keeps = given.get("said", DISPOSED) != DISPOSED
        if keeps and not given.get("until") and "until" not in self.errors:
            self.add_error("until", _("Enter the day until which you keep it"))
        return given
