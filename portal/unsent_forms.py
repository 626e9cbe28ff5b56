"""What a page sends to keep, or to give up, what is typed on it."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.signing import BadSignature

from sessions.unsent import LONGEST, Slip
from workflow.acting import Actor


class SlipForm(forms.Form):
    """Which page it is, as the page says under a signature."""

    slip = forms.CharField(max_length=2000)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor

    def clean_slip(self) -> Slip:
        """The slip, if it was signed for whoever sends it."""
        try:
            slip = Slip.read(self.cleaned_data["slip"])
        except BadSignature as fault:
            raise ValidationError("not signed here", code="signature") from fault
        if not slip.is_of(self.actor):
            raise ValidationError("drawn for somebody else", code="actor")
        return slip


class KeepForm(SlipForm):
    """The same, with all that is typed, as a form would be sent."""

    typed = forms.CharField(max_length=LONGEST, strip=False, required=False)
