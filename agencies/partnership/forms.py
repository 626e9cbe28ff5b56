"""The form on which an administrator keeps the partnership itself."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency
from agencies.partnership.selectors import (
    could_be_a_partner,
    the_partnership,
    version_of_partnership,
)
from agencies.register.fields import Address, Telephone, TimeOfDay
from agencies.register.selectors import front_doors, statutory_partners
from workflow.fields import CleanText, SelectChoice, TickChoices
from workflow.versions import VersionField

STATUTORY = 3
MOST_HOURS = 24 * 14
TEXTS = ("name", "area", "service_name", "front_door_name", "front_door_short")
CONTACTS = (
    "out_of_hours_telephone",
    "support_email",
    "support_telephone",
    "support_hours",
    "privacy_email",
)
NUMBERS = ("red_hours", "amber_hours", "green_hours")
TIMES = ("hub_opens", "hub_closes")


class Hours(CleanText):
    """A number of hours."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=10, width=3, **kwargs)

    def to_python(self, value: Any) -> Any:
        """A whole number, of two weeks at the most."""
        text = super().to_python(str(value) if isinstance(value, int) else value)
        if not text:
            return None
        if not (text.isascii() and text.isdigit() and 1 <= int(text) <= MOST_HOURS):
            message = _("Enter a whole number of hours from 1 to %(most)s") % {"most": MOST_HOURS}
            raise ValidationError(message, code="invalid")
        return int(text)


class PartnershipForm(forms.Form):
    """Names, response times, the three statutory partners and the front door."""

    expected_version = VersionField()
    name = CleanText(label=_("Name of the partnership"), max_length=200)
    area = CleanText(label=_("Area"), max_length=100, name_in_errors=_("the area"))
    service_name = CleanText(label=_("What this service is called"), max_length=100)
    front_door_name = CleanText(
        label=_("What the front door is called"),
        max_length=100,
        name_in_errors=_("what the front door is called"),
    )
    front_door_short = CleanText(
        label=_("Its short name"), max_length=20, width=10, name_in_errors=_("its short name")
    )
    red_hours = Hours(label=_("Hours to answer when red"), help_text=_("Counted day and night"))
    amber_hours = Hours(
        label=_("Hours to answer when amber"), help_text=_("Counted in the hours of the front door")
    )
    green_hours = Hours(
        label=_("Hours to answer when green"), help_text=_("Counted in the hours of the front door")
    )
    hub_opens = TimeOfDay(
        label=_("The front door opens at"), name_in_errors=_("when the front door opens")
    )
    hub_closes = TimeOfDay(
        label=_("The front door closes at"), name_in_errors=_("when the front door closes")
    )
    out_of_hours_telephone = Telephone(
        label=_("Telephone number while the front door is closed"),
        help_text=_(
            "The emergency duty team. Everybody can read it, on the contact page and wherever "
            "somebody says how urgent a request is."
        ),
        name_in_errors=_("the telephone number while the front door is closed"),
    )
    support_email = Address(
        required=False,
        label=_("E-mail address for help with this service"),
        help_text=_("Everybody can read this and the next three."),
        name_in_errors=_("the e-mail address for help"),
    )
    support_telephone = Telephone(
        required=False,
        label=_("Telephone number for help with this service"),
        name_in_errors=_("the telephone number for help"),
    )
    support_hours = CleanText(
        label=_("When that number is answered"),
        help_text=_("For example: Monday to Friday, 9am to 5pm."),
        max_length=100,
        required=False,
    )
    privacy_email = Address(
        required=False,
        label=_("E-mail address for questions about personal data"),
        help_text=_("The partnership’s data protection contact."),
        name_in_errors=_("the e-mail address for questions about personal data"),
    )
    front_door = SelectChoice(
        label=_("Agency that is the front door"),
        choices=[],
        name_in_errors=_("the agency that is the front door"),
    )
    partners = TickChoices(
        label=_("Statutory safeguarding partners"),
        help_text=_("The local authority, the police and the NHS integrated care board"),
        choices=[],
        name_in_errors=_("three statutory safeguarding partners"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("initial", _as_it_is())
        super().__init__(*args, **kwargs)
        self.agencies = {str(agency.pk): agency for agency in could_be_a_partner()}
        choices = [(pk, agency.name) for pk, agency in self.agencies.items()]
        self.fields["front_door"].choices = [("", _("Choose one")), *choices]  # type: ignore[attr-defined]
        self.fields["partners"].choices = choices  # type: ignore[attr-defined]

    def clean_partners(self) -> list[str]:
        """Three of them, no more and no fewer."""
        chosen: list[str] = self.cleaned_data["partners"]
        if len(chosen) != STATUTORY:
            raise ValidationError(_("Select three statutory safeguarding partners"))
        return chosen

    def clean(self) -> dict[str, Any]:
        """Hours that begin before they end."""
        given = super().clean() or {}
        opens, closes = given.get("hub_opens"), given.get("hub_closes")
        if opens and closes and closes <= opens:
            self.add_error("hub_closes", _("The front door must close after it opens"))
        return given

    def asks(self) -> dict[str, Any]:
        """What the action is told."""
        given = self.cleaned_data
        contacts = {name: given[name] or None for name in CONTACTS}
        return {
            "values": {name: given[name] for name in (*TEXTS, *NUMBERS, *TIMES)} | contacts,
            "partners": [self.agencies[pk] for pk in given["partners"]],
            "front_door": self.agencies[given["front_door"]],
            "expected_version": given["expected_version"],
        }


def _as_it_is() -> dict[str, Any]:
    row = the_partnership()
    said: dict[str, Any] = {name: getattr(row, name) for name in (*TEXTS, *NUMBERS, *TIMES)}
    said |= {name: getattr(row, name) or "" for name in CONTACTS}
    door: Agency | None = front_doors().first()
    return said | {
        "front_door": str(door.pk) if door else "",
        "partners": [str(pk) for pk in statutory_partners().values_list("pk", flat=True)],
        "expected_version": version_of_partnership(),
    }
