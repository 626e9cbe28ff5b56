"""One more question for a check that was sent."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from requests_app.agency_checks.told_forms import not_ticked
from requests_app.choices import DETAILS
from requests_app.identities import named_in
from requests_app.triage.selectors import Person
from workflow.fields import CleanText, IdempotencyKeyField

TEXT = 2000
TAKE_OUT = _(
    "This gives a detail of %(who)s that the agency was not given: %(what)s. Take it out, or send "
    "the agency another check on which you tick it"
)


class QuestionForm(forms.Form):
    """The question, and why it is asked (P-NECESSARY); neither names whom the check does not."""

    idempotency_key = IdempotencyKeyField()
    fact = CleanText(
        label=_("What else do you ask?"),
        max_length=TEXT,
        rows=3,
        name_in_errors=_("the question"),
    )
    why = CleanText(
        label=_("Why is it needed?"),
        max_length=TEXT,
        rows=3,
        name_in_errors=_("why it is needed"),
    )

    def __init__(
        self,
        *args: Any,
        people: Iterable[Person],
        shown: Mapping[str, Sequence[str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.people, self.shown = list(people), shown

    def clean(self) -> dict[str, Any]:
        """No word of it gives a detail that the agency was not given."""
        given = super().clean() or {}
        for person, details in not_ticked(self.people, self.shown):
            for field in ("fact", "why"):
                if codes := named_in(given.get(field) or "", [details]):
                    what = ", ".join(str(DETAILS[code]) for code in DETAILS if code in codes)
                    words = {"who": person.called, "what": what}
                    self.add_error(field, ValidationError(TAKE_OUT, code="names", params=words))
        return given
