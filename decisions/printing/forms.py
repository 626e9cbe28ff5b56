"""What whoever prints a record confirms."""

from django import forms
from django.utils.translation import gettext_lazy as _

from workflow.fields import Confirm


class PrintForm(forms.Form):
    """One box: paper and files leave the portal's care."""

    confirm = Confirm(
        label=_(
            "I need this record for the purpose it was made for, and will keep it as my agency "
            "keeps OFFICIAL-SENSITIVE records"
        )
    )
