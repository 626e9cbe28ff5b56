"""What opening a case for another reason asks, and what a look at an opening says (ISA-7.2)."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.acting import Actor
from agencies.permissions import Permission
from requests_app.models import InformationRequest, Opening
from requests_app.policies import OPENABLE
from workflow.fields import CleanText, IdempotencyKeyField, RadioChoice
from workflow.finding import find_or_refuse

TEXT = 2000
SIGNS = 9  # of a reference without its dashes


class OpenForm(forms.Form):
    """Which case, and why; a case is found by its reference and by nothing else."""

    idempotency_key = IdempotencyKeyField()
    reference = CleanText(
        label=gettext_lazy("Reference of the information request"),
        help_text=gettext_lazy("For example, R-7KQ4-M2XV. There is no search by name."),
        max_length=20,
        width=20,
        name_in_errors=gettext_lazy("the reference of the information request"),
    )
    reason = RadioChoice(
        label=gettext_lazy("Why do you open it?"),
        choices=Opening.Reason.choices,
        name_in_errors=gettext_lazy("why you open it"),
    )
    in_words = CleanText(
        label=gettext_lazy("What do you need to find out, and who asked for it?"),
        help_text=gettext_lazy("The front door reads this."),
        max_length=TEXT,
        rows=5,
        name_in_errors=gettext_lazy("what you need to find out, and who asked for it"),
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor
        self.case: InformationRequest | None = None

    def clean_reference(self) -> str:
        """The reference as it is written, however it was typed; there is such a request."""
        reference = as_written(self.cleaned_data["reference"])
        self.case = find_or_refuse(
            OPENABLE, self.actor, Permission.BREAK_GLASS, reference=reference
        )
        if self.case is None:
            raise ValidationError(
                _("There is no information request with this reference. Check it and type it again")
            )
        return reference


def as_written(typed: str) -> str:
    """A reference with its dashes and in capitals."""
    signs = "".join(c for c in typed.upper() if c.isalnum())
    if len(signs) != SIGNS:
        return typed.upper()
    return f"{signs[0]}-{signs[1:5]}-{signs[5:]}"


class NoteForm(forms.Form):
    """What an information governance lead found."""

    note = CleanText(
        label=gettext_lazy("What did you find?"),
        help_text=gettext_lazy("Do not name anybody whom the case is about."),
        max_length=TEXT,
        rows=5,
        name_in_errors=gettext_lazy("what you found"),
    )
