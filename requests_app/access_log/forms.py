"""What a list of entries is narrowed to."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from agencies.models import User
from audit.record import Kind
from requests_app.access_log.selectors import Narrowed
from workflow.fields import CleanText, DateField, SelectChoice

ANY = ("", _("All"))
NOBODY = "nobody"  # no number of a person
LONGEST = 254  # characters of an email address


class NarrowForm(forms.Form):
    """Kind, person, agency and days; each may be left open.

    An address that nobody has finds nothing, as one whose person has not looked: who has an
    account is not told here.
    """

    kind = SelectChoice(
        label=_("What they did"),
        required=False,
        choices=[ANY, *Kind.choices],
        name_in_errors=_("what they did from the list"),
    )
    email = CleanText(
        label=_("Email address of the person"),
        required=False,
        max_length=LONGEST,
        name_in_errors=_("the email address"),
    )
    agency = SelectChoice(
        label=_("For which agency"),
        required=False,
        choices=[ANY],
        name_in_errors=_("an agency from the list"),
    )
    since = DateField(label=_("From"), past=True, required=False, name_in_errors=_("the first day"))
    until = DateField(label=_("To"), required=False, name_in_errors=_("the last day"))

    def __init__(self, *args: Any, agencies: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agency"].choices = [ANY, *agencies]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """The last day is not before the first, and there is a day after it."""
        given = super().clean() or {}
        since, until = given.get("since"), given.get("until")
        if since and until and until < since:
            self.add_error("until", _("The last day must be the first day or after it"))
        if until == date.max:
            self.add_error("until", _("Enter an earlier last day"))
        return given

    @property
    def wanted(self) -> Narrowed:
        """What was chosen; everything where nothing was, or where it was chosen wrongly."""
        if not self.is_bound or not self.is_valid():
            return Narrowed()
        given = self.cleaned_data
        return Narrowed(
            kind=given["kind"],
            person=_number_of(given["email"]) if given["email"] else "",
            agency=given["agency"],
            since=given["since"],
            until=given["until"],
        )


def _number_of(email: str) -> str:
    person = User.objects.filter(email__iexact=email).first()
    return str(person.pk) if person else NOBODY
