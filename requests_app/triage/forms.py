"""What triage asks of an officer of the front door (ISA-3.8)."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency, User
from agreement.choices import Purpose
from requests_app.choices import Check, CheckAnswer, Rating
from requests_app.triage.choosing import Asked
from workflow.fields import CleanText, IdempotencyKeyField, RadioChoice, SelectChoice
from workflow.versions import RowField, VersionField

MOST_QUESTIONS = 5
TEXT = 2000
# What each check is called in errors, and the label of its note.
CALLED = {
    Check.PURPOSE: (_("whether the purpose is clear"), _("Note on the purpose")),
    Check.INFORMATION: (_("whether key information is missing"), _("Note on key information")),
    Check.CONSENT: (_("whether consent is sound"), _("Note on consent")),
    Check.PARENTS: (_("whether parents are informed"), _("Note on the parents")),
    Check.MATCHES: (_("whether you checked for possible matches"), _("Note on possible matches")),
}


class ChecksForm(forms.Form):
    """Each check with yes or no; "no" is said with a note on what is wrong.

    The fields have a prefix of their own: a control called "matches" would take the place of
    the form's own method of that name in the browser.
    """

    expected_version = VersionField()

    def __init__(
        self,
        *args: Any,
        given: Mapping[str, tuple[str, str]] | None = None,
        earlier: Mapping[str, tuple[str, str]] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.earlier = earlier or {}
        for check in Check:
            called, note = CALLED[check]
            self.fields[_answer(check)] = RadioChoice(
                label=check.label, choices=CheckAnswer.choices, inline=True, name_in_errors=called
            )
            self.fields[_note(check)] = CleanText(
                label=note,
                help_text=_("Needed if the answer is no."),
                max_length=TEXT,
                rows=2,
                required=False,
                due_with=_answer(check),
            )
            self.initial[_answer(check)], self.initial[_note(check)] = (given or {}).get(
                check.value, ("", "")
            )

    def clean(self) -> dict[str, Any]:
        """A check that did not pass says why."""
        given = super().clean() or {}
        for check in Check:
            name = _note(check)
            failed = given.get(_answer(check)) == CheckAnswer.NO
            if failed and name not in self.errors and not given.get(name):
                self.add_error(name, _("Enter a note on what is wrong"))
        return given

    def pairs(self) -> Iterator[tuple[str, Any, Any, tuple[str, str] | None]]:
        """Each check's code, its radios, its note and its answer of before, for the page."""
        for check in Check:
            earlier = self.earlier.get(check.value)
            yield check.value, self[_answer(check)], self[_note(check)], earlier

    def answers(self) -> dict[str, tuple[str, str]]:
        """Each check's answer and note."""
        given = self.cleaned_data
        return {c.value: (given[_answer(c)], given[_note(c)]) for c in Check}


def _answer(check: str) -> str:
    return f"check_{check}"


def _note(check: str) -> str:
    return f"note_on_{check}"


class ReturnForm(forms.Form):
    """Up to five questions to the requester, and at least one."""

    idempotency_key = IdempotencyKeyField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number in range(1, MOST_QUESTIONS + 1):
            self.fields[f"question_{number}"] = CleanText(
                label=_("Question %(number)s") % {"number": number},
                max_length=TEXT,
                rows=3,
                required=number == 1,
                name_in_errors=_("at least one question") if number == 1 else "",
            )

    def questions(self) -> list[str]:
        """The questions that were typed, in order."""
        names = (f"question_{number}" for number in range(1, MOST_QUESTIONS + 1))
        return [text for name in names if (text := self.cleaned_data.get(name))]


class DeclineForm(forms.Form):
    """Why the request is turned down; the requester reads it."""

    reasons = CleanText(
        label=_("Why do you decline this request?"),
        help_text=_("The requester reads this."),
        max_length=TEXT,
        rows=6,
        heading=True,
        name_in_errors=_("why you decline this request"),
    )


class RateForm(forms.Form):
    """Another rating, and why."""

    expected_version = VersionField()
    rating = RadioChoice(
        label=_("New rating"), choices=Rating.choices, name_in_errors=_("the new rating")
    )
    reason = CleanText(
        label=_("Why do you change it?"),
        max_length=TEXT,
        rows=4,
        name_in_errors=_("why you change the rating"),
    )

    def __init__(
        self, *args: Any, now: tuple[str, str], due: Mapping[str, str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.rated, self.because = now
        hints = {code: _("An answer is due %s.") % words for code, words in due.items()}
        self.fields["rating"].widget.hints = hints

    def clean(self) -> dict[str, Any]:
        """Another rating; the very same words sent twice are a doubled click."""
        given = super().clean() or {}
        same = given.get("rating") == self.rated and given.get("reason") != self.because
        if same and "reason" in given:
            words = {"rating": Rating(self.rated).label}
            self.add_error("rating", _("The request is rated %(rating)s already") % words)
        return given


class FilterForm(forms.Form):
    """What narrows the desk's list; sent by GET, it holds codes and the id of an agency."""

    group = forms.CharField(widget=forms.HiddenInput)
    sort = forms.CharField(widget=forms.HiddenInput)
    rating = forms.CharField(widget=forms.HiddenInput)  # the page has it as links
    agency = SelectChoice(label=_("Who asks"), choices=[])
    purpose = SelectChoice(label=_("Purpose"), choices=[])

    def __init__(self, asked: Asked, agencies: Iterable[Agency]) -> None:
        super().__init__(initial={"group": asked.group.code, "sort": asked.sort} | asked.filters)
        for name, any_of_them, choices in (
            ("agency", _("Any agency"), [(str(each.pk), each.name) for each in agencies]),
            ("purpose", _("Any purpose"), Purpose.choices),
        ):
            self.fields[name].choices = [("", any_of_them), *choices]  # type: ignore[attr-defined]


class HandOverForm(forms.Form):
    """To which colleague requests go; ``cleaned_data["colleague"]`` is the person."""

    # Who had it when the page was made; one that is none is nobody's.
    seen = RowField()
    colleague = SelectChoice(
        label=_("Who takes over?"),
        help_text=_("A colleague gets an e-mail with the rating and the reference."),
        choices=[],
        name_in_errors=_("a colleague"),
    )

    def __init__(self, *args: Any, people: Iterable[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(person.pk): person for person in people}
        names = [(pk, str(person)) for pk, person in self.people.items()]
        self.fields["colleague"].choices = [("", _("Choose one")), *names]  # type: ignore[attr-defined]

    def clean_colleague(self) -> User:
        """The person, not the key."""
        return self.people[self.cleaned_data["colleague"]]


class RefuseForm(forms.Form):
    """Why a piece of information is refused; the agency that shared it reads it (ISA-3.7)."""

    reason = CleanText(
        label=_("Why do you refuse it?"),
        help_text=_(
            "For example, it was gathered or shared wrongly, or it is about somebody else. "
            "The agency reads this, so do not repeat the information itself."
        ),
        max_length=TEXT,
        rows=5,
        name_in_errors=_("why you refuse it"),
    )
