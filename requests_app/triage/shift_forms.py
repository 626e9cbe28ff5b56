"""What is written at the end of a shift: a note of each request, and to whom all of it goes."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.models import User
from requests_app.choices import Rating
from requests_app.triage import owning
from requests_app.triage.shift_selectors import ToHandOver
from requests_app.triage.shifts import Written
from workflow.composite import CompositeForm
from workflow.fields import CleanText, IdempotencyKeyField, SelectChoice, TickChoices
from workflow.versions import RowField

TEXT = 2000
NEXT = "next"  # to whoever comes
KEPT = "kept"


class WhomForm(forms.Form):
    """To whom the shift is handed over; ``to`` is the person, None for whoever comes next."""

    idempotency_key = IdempotencyKeyField()
    to = SelectChoice(
        label=gettext_lazy("Who takes over?"),
        help_text=gettext_lazy("Each of your colleagues can read it and take it over."),
        choices=[],
        name_in_errors=gettext_lazy("who takes over"),
    )

    def __init__(self, *args: Any, people: Iterable[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(person.pk): person for person in people}
        names = [(pk, str(person)) for pk, person in self.people.items()]
        first = [("", _("Choose one")), (NEXT, _("The next shift: whoever comes"))]
        self.fields["to"].choices = first + names  # type: ignore[attr-defined]

    def clean_to(self) -> User | None:
        """The person, not the key."""
        return self.people.get(self.cleaned_data["to"])


class NoteForm(forms.Form):
    """The note of one request; one of one's own has a note, or stays with oneself."""

    seen = RowField()
    waiting = RowField()
    note = CleanText(
        label=gettext_lazy("Note"),
        help_text=gettext_lazy("What the next person needs to know and do."),
        max_length=TEXT,
        rows=2,
        required=False,
        name_in_errors=gettext_lazy("what the next person needs to know"),
    )
    keep = TickChoices(
        label=gettext_lazy("Or keep it"),
        choices=[(KEPT, gettext_lazy("I keep this request"))],
        required=False,
        due_with="note",
    )

    def __init__(self, *args: Any, offered: ToHandOver, is_mine: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offered, self.is_mine = offered, is_mine
        self.fields["note"].label = _("Note on %s") % offered.case.reference
        waiting = offered.waiting
        self.initial = {
            "seen": offered.case.owner_id,
            "waiting": waiting.pk if waiting else None,
        }
        if is_mine:
            self.fields["note"].due_with = "keep"  # type: ignore[attr-defined]
        else:
            del self.fields["keep"]

    def clean(self) -> dict[str, Any]:
        """What is written fits what is so now; a request of one's own is not left out unnoticed."""
        given = super().clean() or {}
        words, case = {"reference": self.offered.case.reference}, self.offered.case
        if given.get("note") and given.get("keep"):
            self.add_error("keep", _("%(reference)s: take out the tick or the note") % words)
        elif given.get("note") and self.offered.row is None:
            is_over = case.status in (case.Status.DECLINED, case.Status.RELEASED)
            has_it = owning.who_has_it(case)
            is_green = case.rating == Rating.GREEN
            green = _("It is green now, and green requests are not handed over.")
            why = _("It is over.") if is_over else green if is_green else has_it
            said = _("%(reference)s cannot be handed over now: take out the note. %(why)s")
            self.add_error("note", said % (words | {"why": why}))
        elif given.get("note") and given.get("seen") != case.owner_id:
            said = _("%(reference)s has changed hands since you opened the page. %(why)s")
            self.add_error("note", said % (words | {"why": owning.who_has_it(case)}))
        elif self.is_mine and not (given.get("note") or given.get("keep") or self.errors):
            said = _("%(reference)s: enter a note, or tick that you keep it")
            self.add_error("note", said % words)
        return given

    def written(self) -> Written | None:
        """What the action is told; None where nothing was written."""
        given = self.cleaned_data
        if not given["note"]:
            return None
        return Written(self.offered.case, given["note"], given["seen"], given["waiting"])


class ShiftForm(CompositeForm):
    """All of the page: to whom, and a note of each request under the prefix of its id."""

    FORMS = (WhomForm, NoteForm)

    def __init__(
        self, posted: Any, *, offered: Iterable[ToHandOver], people: Iterable[User], me: UUID
    ) -> None:
        self.is_bound = posted is not None
        self.whom = WhomForm(posted, people=people)
        self.notes = [
            NoteForm(
                posted,
                offered=each,
                is_mine=each.row is not None and each.case.owner_id == me,
                prefix=each.case.pk.hex,
            )
            for each in offered
        ]

    @property
    def mine(self) -> list[NoteForm]:
        """Of the requests of whoever writes."""
        return [form for form in self.notes if form.is_mine]

    @property
    def nobodys(self) -> list[NoteForm]:
        """Of those that nobody has, which may be left out."""
        return [form for form in self.notes if not form.is_mine]

    @property
    def _forms(self) -> list[forms.Form]:
        return [*self.notes, self.whom]

    @property
    def kept_forms(self) -> list[forms.Form]:
        """In which what is typed is kept (``sessions.unsent``)."""
        return self._forms

    def is_valid(self) -> bool:
        """Whether each of them is, and something is written; all errors are told at once."""
        wrong = [form for form in self._forms if not form.is_valid()]
        if not wrong and not self.written():
            self.whom.add_error(None, _("Enter a note on at least one request"))
            return False
        return not wrong

    def written(self) -> list[Written]:
        """What the action is told."""
        return [said for form in self.notes if (said := form.written())]


def written_of(posted: Any) -> list[str]:
    """The ids of the requests of which something was written on the page that was sent."""
    ends = "-note"
    return [
        name.removesuffix(ends) for name, text in posted.items() if name.endswith(ends) and text
    ]
