"""What a safeguarding partner says to a decision not to share."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from workflow.fields import CleanText, RadioChoice

ACCEPT, RECONSIDER = "accept", "reconsider"


class ScrutinyForm(forms.Form):
    """Accept it, or ask to reconsider, which needs reasons."""

    said = RadioChoice(
        label=_("What is your view of this decision?"),
        choices=[
            (ACCEPT, _("Accept the decision")),
            (
                RECONSIDER,
                _("Ask the agency to reconsider"),
                _("It decides again. This decision stays on record."),
            ),
        ],
        reveals={ACCEPT: "why_accept", RECONSIDER: "why_reconsider"},
        name_in_errors=_("your view of this decision"),
    )
    why_accept = CleanText(
        label=_("Your reasons (optional)"),
        required=False,
        max_length=4000,
        rows=4,
        name_in_errors=_("your reasons"),
    )
    why_reconsider = CleanText(
        label=_("Why should it be reconsidered?"),
        help_text=_("The agency reads this when it decides again."),
        required=False,
        max_length=4000,
        rows=6,
        name_in_errors=_("why it should be reconsidered"),
    )

    def clean(self) -> dict[str, Any]:
        """Reasons are due where the agency is asked for something (ISA-5.4)."""
        given = super().clean() or {}
        asks = given.get("said") == RECONSIDER and "why_reconsider" not in self.errors
        if asks and not given.get("why_reconsider"):
            self.add_error("why_reconsider", _("Enter why it should be reconsidered"))
        return given

    @property
    def reasons(self) -> str:
        """The reasons that belong to what was said."""
        return str(self.cleaned_data[f"why_{self.cleaned_data['said']}"])
