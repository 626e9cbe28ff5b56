"""What is asked of whoever sends an agency check, and of those who answer it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from agencies.models import User
from requests_app.agency_checks.told_forms import AnyTicks, ToldFields
from requests_app.choices import DETAILS, Known, PersonRole
from requests_app.triage.selectors import Person
from workflow.fields import CleanText, SelectChoice


class HandForm(forms.Form):
    """To which colleague the check goes; ``cleaned_data["colleague"]`` is the person."""

    colleague = SelectChoice(
        label=_("Who should answer it?"),
        help_text=_("They are told by e-mail, and can open this check from then on."),
        choices=[],
        name_in_errors=_("a colleague"),
    )

    def __init__(self, *args: Any, people: Iterable[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(person.pk): person for person in people}
        names = [(pk, _said(person)) for pk, person in self.people.items()]
        self.fields["colleague"].choices = [("", _("Choose one")), *names]  # type: ignore[attr-defined]

    def clean_colleague(self) -> User:
        """The person, not the key."""
        return self.people[self.cleaned_data["colleague"]]


def _said(person: User) -> str:
    return f"{person}, {person.job_title}" if person.job_title else str(person)


class NotKnownForm(forms.Form):
    """What was searched, in a line or two: the shortest answer there is."""

    searched = CleanText(
        label=_("What did you search?"),
        help_text=_(
            "For example, patient records since 2015 and the visitor book, by name and date "
            "of birth. The front door and the requester read this, with whom you were asked "
            "about."
        ),
        max_length=500,
        rows=3,
        name_in_errors=_("what you searched"),
    )


TEXT = 2000
TICKED = ("name", "date_of_birth")  # of a child, unless somebody takes the ticks away
# And where one is needed, since whoever meets the child has to know (ISA-10).
INTERPRETER = ("first_language", "interpreter")


class AskForm(ToldFields):
    """The details that an agency needs to find each person, its questions, what it is told.

    Field names count the people and needs of the request; they say nothing about anybody.
    """

    further = CleanText(
        label=_("A further question"),
        max_length=TEXT,
        rows=3,
        required=False,
        name_in_errors=_("the further question"),
    )
    further_why = CleanText(
        label=_("Why is it needed?"),
        help_text=_("Only where you ask a further question."),
        max_length=TEXT,
        rows=3,
        required=False,
        due_with="further",
        name_in_errors=_("why the further question is needed"),
    )

    def __init__(
        self,
        *args: Any,
        people: Sequence[Person],
        needs: Sequence[Any],
        offered: Mapping[str, str],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.offer(offered)
        self.people, self.needs = people, needs
        for number, person in enumerate(people, 1):
            self.fields[f"person_{number}"] = self._details(person)
        self.fields["needs"] = self._needs()
        # As they stand on the page, so that the list of errors runs down it too.
        people_fields = [f"person_{number}" for number in range(1, len(people) + 1)]
        self.order_fields([*people_fields, "needs", "further", "further_why"])

    def _details(self, person: Person) -> AnyTicks:
        """The known details of one person, each with what would be shown as its hint."""
        ticked: tuple[str, ...] = TICKED if person.role == PersonRole.CHILD else ()
        if ticked and person.known.get("interpreter") == Known.YES:
            ticked += INTERPRETER
        return AnyTicks(
            label=_("%(role)s: %(name)s") % {"role": person.role_name, "name": person.name},
            choices=[(code, DETAILS[code], value) for code, value in person.details.items()],
            initial=[code for code in ticked if code in person.details],
        )

    def _needs(self) -> AnyTicks:
        return AnyTicks(
            label=_("Which facts does this agency need to be asked about?"),
            choices=[(str(n), need.fact, need.why) for n, need in enumerate(self.needs)],
        )

    def person_fields(self) -> Iterator[Any]:
        """The ticks of each person, for the page."""
        for number in range(1, len(self.people) + 1):
            yield self[f"person_{number}"]

    def clean(self) -> dict[str, Any]:
        """At least one detail, at least one question, and each question with its why."""
        given = super().clean() or {}
        if self.people and not self.shown(given):
            self.add_error("person_1", _("Select at least one detail that the agency may see"))
        further, why = given.get("further"), given.get("further_why")
        if further and not why and "further_why" not in self.errors:
            self.add_error("further_why", _("Enter why the further question is needed"))
        if why and not further and "further" not in self.errors:
            self.add_error("further", _("Enter the further question"))
        if not (given.get("needs") or further or why or self.errors.keys() & {"further", "needs"}):
            self.add_error("needs", _("Select at least one fact, or enter a further question"))
        facts = [(code, text) for code, asked in self._chosen(given).items() for text in asked]
        self.names_only_the_ticked(given, self.people, self.shown(given), facts)
        return given

    def _chosen(self, given: dict[str, Any]) -> dict[str, tuple[str, str]]:
        """The facts of the request that this agency is asked about, each with its why."""
        needs = {number: self.needs[int(number)] for number in given.get("needs") or []}
        return {number: (need.fact, need.why) for number, need in needs.items()}

    def shown(self, given: dict[str, Any]) -> dict[str, list[str]]:
        """The codes of the details that were ticked, by the id of the person."""
        ticked = {
            person.pk: given.get(f"person_{number}") or []
            for number, person in enumerate(self.people, 1)
        }
        return {pk: codes for pk, codes in ticked.items() if codes}

    def asks(self) -> dict[str, Any]:
        """What the action is told: what to show, what to ask, what to tell."""
        given = self.cleaned_data
        questions = list(self._chosen(given).values())
        if given["further"]:
            questions.append((given["further"], given["further_why"]))
        return {"shown": self.shown(given), "questions": questions, **self.told(given)}
