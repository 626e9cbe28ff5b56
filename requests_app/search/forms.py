"""The one field of a search."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from requests_app.search.terms import Terms, terms_of
from workflow.fields import CleanText
from workflow.rate_limits import Limit, how_long

LONGEST = 100
TEN_MINUTES = 10 * 60
SEARCHES = Limit("searches of one person", 60, TEN_MINUTES)


class SearchForm(forms.Form):
    """What a person is looked for by; ``terms`` is what was understood of it."""

    typed = CleanText(
        label=gettext_lazy("Name, date of birth, address, NHS number, UPN or reference"),
        help_text=gettext_lazy(
            "For example, R-7KQ4-M2XV, 999 000 0018, Sam Sample or Sample 27 3 2016."
            " First name and surname can be in either order."
            " For an address, type the number and the road, or the postcode."
        ),
        max_length=LONGEST,
        name_in_errors=gettext_lazy("what you are looking for"),
        error_messages={
            "required": gettext_lazy(
                "Enter a name, a date of birth, an address, an NHS number, a UPN or a reference"
            )
        },
        # A browser must not keep what is typed, nor send it to a spelling checker.
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def clean_typed(self) -> str:
        """The text, if there is something to go by in it."""
        typed: str = self.cleaned_data["typed"]
        self.terms: Terms = terms_of(typed)
        return typed


class CountedForm(SearchForm):
    """The same where it is carried out: so many in ten minutes for each person."""

    def __init__(self, *args: Any, person: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person

    def clean_typed(self) -> str:
        """The text, if they have not searched too often."""
        typed = super().clean_typed()
        if wait := SEARCHES.take(self.person):
            raise ValidationError(
                _("You have searched %(tries)s times in 10 minutes. Wait %(wait)s and try again.")
                % {"tries": SEARCHES.tries, "wait": how_long(wait)}
            )
        return typed
