"""Which of the records that are due go on a list."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from retention.choices import Start
from retention.disposal.reckoning import Reckoned
from workflow.fields import IdempotencyKeyField, TickChoices


def once_of(posted: Mapping[str, Any]) -> UUID:
    """The token of a page that was sent: a list by that id may be there from its first sending."""
    return IdempotencyKeyField().clean(posted.get("idempotency_key"))


class ListForm(forms.Form):
    """Ticks for the records that can go; none is ticked at first."""

    idempotency_key = IdempotencyKeyField()
    records = TickChoices(
        label=_("Which records go on the list?"),
        choices=[],
        name_in_errors=_("at least one record"),
    )

    def __init__(self, *args: Any, due: Sequence[Reckoned], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by_key = {str(each.case.pk): each for each in due}
        ticks: Any = self.fields["records"]
        ticks.choices = [(pk, each.case.reference) for pk, each in self.by_key.items()]
        ticks.widget.hints = {pk: _told(each) for pk, each in self.by_key.items()}

    def clean_records(self) -> list[Any]:
        """The records, not their keys."""
        return [self.by_key[pk].case for pk in self.cleaned_data["records"]]


def _told(found: Reckoned) -> str:
    day = date_format(found.due_on, "j F Y") if found.due_on else ""
    counted = Start(found.because).label if found.because else ""
    return str(_("Due since %(day)s. Counted from: %(counted)s")) % {"day": day, "counted": counted}
