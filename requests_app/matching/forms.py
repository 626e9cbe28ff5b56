"""What is asked of whoever compares two people."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from requests_app.models import MatchVerdict
from workflow.fields import RadioChoice
from workflow.versions import VersionField

Because = MatchVerdict.Because
UNDOING = (Because.MISTAKE, Because.NEWS)


class JudgeForm(forms.Form):
    """Whether two people are one, and how the front door knows."""

    mine_version = VersionField()
    theirs_version = VersionField()
    verdict = RadioChoice(
        label=_("Are they the same person?"),
        choices=[
            (
                MatchVerdict.Status.LINKED,
                _("Yes, link the two requests"),
                _("Each request shows the other first. Nothing is merged."),
            ),
            (
                MatchVerdict.Status.APART,
                _("No, not the same person"),
                _("Neither request shows the other as a possible match any more."),
            ),
        ],
        name_in_errors=_("whether they are the same person"),
    )
    because = RadioChoice(
        label=_("How do you know?"),
        choices=[each for each in Because.choices if each[0] not in UNDOING],
        name_in_errors=_("how you know"),
    )

    @property
    def said(self) -> dict[str, Any]:
        """As the action takes it."""
        given = self.cleaned_data
        seen = (given["mine_version"], given["theirs_version"])
        return {"verdict": given["verdict"], "because": given["because"], "seen": seen}


class UndoForm(forms.Form):
    """Why a verdict is taken back: the one that the page showed, and no other."""

    expected_version = VersionField()
    because = RadioChoice(
        label=_("Why do you undo this?"),
        choices=[(each.value, each.label) for each in UNDOING],
        name_in_errors=_("why you undo this"),
    )
