"""Which entry of the register is kept, where an agency was listed twice."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency
from workflow.fields import Confirm, SelectChoice
from workflow.versions import VersionField


class MergeForm(forms.Form):
    """The entry to keep; and, once it was read what changes, the word for it."""

    expected_version = VersionField()
    into = SelectChoice(
        label=_("Which entry is kept?"), choices=[], name_in_errors=_("the entry that is kept")
    )
    sure = Confirm(label=_("I have read what changes and confirm the merger"))

    def __init__(self, *args: Any, others: Iterable[Agency], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.others = {str(agency.pk): agency for agency in others}
        names = [(pk, agency.name) for pk, agency in self.others.items()]
        self.fields["into"].choices = [("", _("Choose one")), *names]  # type: ignore[attr-defined]

    def kept(self) -> Agency:
        """The entry that was chosen and confirmed."""
        return self.others[self.cleaned_data["into"]]

    def chosen(self, asked: Mapping[str, str]) -> Agency | None:
        """The entry to tell about before anybody confirms: from the form or the address."""
        wanted = (self.data if self.is_bound else asked).get("into", "")
        try:
            return self.others.get(str(UUID(str(wanted))))
        except ValueError:
            return None
