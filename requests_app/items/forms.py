"""How a piece of information is listed: by title, before anything is decided about it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from requests_app.agency_checks.selectors import questions_of
from requests_app.models import AgencyCheck, Item
from workflow.fields import CleanText, IdempotencyKeyField, RadioChoice
from workflow.versions import VersionField

BEYOND = "beyond"


class ItemForm(forms.Form):
    """The title, which question it answers or why it is offered beyond them, and its category."""

    idempotency_key = IdempotencyKeyField()
    expected_version = VersionField()
    title = CleanText(
        label=_("What is it?"),
        help_text=_(
            "A title only, such as “Attendance in October”. "
            "Do not say what it says: you type that only if it is shared."
        ),
        max_length=150,
        name_in_errors=_("what it is"),
    )
    answers = RadioChoice(
        label=_("Which question does it answer?"),
        choices=[],
        name_in_errors=_("the question that it answers"),
        reveals={BEYOND: "beyond_reason"},
    )
    beyond_reason = CleanText(
        label=_("Why is it needed, although nobody asked for it?"),
        max_length=1000,
        rows=3,
        required=False,
    )
    special = RadioChoice(
        label=_("Is it special category information?"),
        choices=[("yes", _("Yes")), ("no", _("No"))],
        inline=True,
        name_in_errors=_("whether it is special category information"),
    )

    def __init__(
        self,
        *args: Any,
        agency_check: AgencyCheck,
        item: Item | None = None,
        about: str = "",
        **kwargs: Any,
    ) -> None:
        self.questions = {str(question.pk): question for question in questions_of(agency_check)}
        of_care = agency_check.holder.follows_caldicott
        kwargs["initial"] = _as_listed(item) if item else self._begun(about, of_care)
        super().__init__(*args, **kwargs)
        if of_care:
            self.fields["special"].help_text = _(
                "What health and social care hold of a person nearly always is, so “Yes” is "
                "chosen. Change it if this is not."
            )
        asked = [(pk, question.fact) for pk, question in self.questions.items()]
        field: Any = self.fields["answers"]
        field.choices = [*asked, (BEYOND, _("Not asked for, but relevant"))]
        field.widget.hints = {pk: question.why for pk, question in self.questions.items()}

    def _begun(self, about: str, of_care: bool) -> dict[str, Any]:
        """The question that was pressed, or the only one; what a health agency holds is of health.

        To take it for special category asks for a condition more, and never for one less.
        """
        only = next(iter(self.questions), "") if len(self.questions) == 1 else ""
        return {
            "answers": about if about in self.questions else only,
            "special": "yes" if of_care else "",
        }

    def clean(self) -> dict[str, Any]:
        """What nobody asked for needs a reason of its own (P-NECESSARY)."""
        given = super().clean() or {}
        beyond = given.get("answers") == BEYOND and "beyond_reason" not in self.errors
        if beyond and not given.get("beyond_reason"):
            self.add_error(
                "beyond_reason", _("Enter why it is needed, although nobody asked for it")
            )
        return given

    def listed(self) -> dict[str, Any]:
        """What the actions take."""
        given = self.cleaned_data
        question = self.questions.get(given["answers"])
        return {
            "title": given["title"],
            "question": question,
            "beyond_reason": "" if question else given["beyond_reason"],
            "is_special_category": given["special"] == "yes",
        }


def _as_listed(item: Item) -> dict[str, Any]:
    return {
        "expected_version": item.version,
        "title": item.title,
        "answers": str(item.question_id) if item.question_id else BEYOND,
        "beyond_reason": item.beyond_reason,
        "special": "yes" if item.is_special_category else "no",
    }
