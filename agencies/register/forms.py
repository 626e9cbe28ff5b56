"""The forms by which an administrator keeps the register of agencies."""

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.db import models
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from agencies.kinds import AgencyKind
from agencies.models import Agency, Contact
from agencies.register.fields import Address, Domains, SecureWebAddress, Telephone, TimeOfDay
from agencies.register.selectors import domains_in_use, is_name_taken
from workflow.fields import (
    CleanText,
    DateField,
    IdempotencyKeyField,
    RadioChoice,
    SelectChoice,
    TickChoices,
)
from workflow.versions import VersionField

DAYS = [(str(number + 1), name) for number, name in WEEKDAYS.items()]


class AgencyForm(forms.Form):
    """What an agency publishes about itself to its partners."""

    expected_version = VersionField()
    name = CleanText(label=_("Name"), max_length=200, name_in_errors=_("the agency's name"))
    kind = SelectChoice(
        label=_("Kind of agency"),
        choices=AgencyKind.choices,
        name_in_errors=_("the kind of agency"),
    )
    controller = CleanText(
        label=_("Data controller"),
        help_text=_("The legal body that answers for the agency's information"),
        max_length=200,
        name_in_errors=_("the data controller"),
    )
    phone = Telephone(label=_("Telephone"), name_in_errors=_("the agency's telephone number"))
    secure_email = Address(
        label=_("Secure e-mail address"),
        required=False,
        name_in_errors=_("the secure e-mail address"),
    )
    domains = Domains(
        label=_("Secure e-mail domains"),
        help_text=_(
            "One a line. Only people with an address in one of them can have an account. "
            "Agencies may share a domain."
        ),
        name_in_errors=_("at least one secure e-mail domain"),
    )
    privacy_notice = SecureWebAddress(
        label=_("Web address of the privacy notice"), name_in_errors=_("the privacy notice")
    )
    open_days = TickChoices(
        label=_("Working days"), choices=DAYS, name_in_errors=_("at least one working day")
    )
    opens = TimeOfDay(
        label=_("Opens at"), help_text=_("Like 9am or 08:30"), name_in_errors=_("when it opens")
    )
    closes = TimeOfDay(
        label=_("Closes at"),
        help_text=_("The same time as it opens, if it is open 24 hours a day"),
        name_in_errors=_("when it closes"),
    )

    def __init__(self, *args: Any, agency: Agency | None = None, **kwargs: Any) -> None:
        if agency is not None:
            kwargs.setdefault("initial", as_typed(agency))
        super().__init__(*args, **kwargs)
        self.agency = agency

    def clean_name(self) -> str:
        """A name that no other agency there bears."""
        name: str = self.cleaned_data["name"]
        if is_name_taken(name, but=self.agency):
            raise forms.ValidationError(_("Another agency on the register has this name"))
        return name

    def clean_domains(self) -> list[str]:
        """Domains without which nobody's account would be left outside them."""
        domains: list[str] = self.cleaned_data["domains"]
        if self.agency and (used := domains_in_use(self.agency, domains)):
            raise forms.ValidationError(still_used(used))
        return domains

    def clean_open_days(self) -> str:
        """The days in one text, as they are kept."""
        return "".join(sorted(self.cleaned_data["open_days"]))

    def clean(self) -> dict[str, Any]:
        """Hours that begin before they end."""
        given = super().clean() or {}
        opens, closes = given.get("opens"), given.get("closes")
        if opens and closes and closes < opens:
            self.add_error("closes", _("The agency must close after it opens"))
        return given

    def values(self) -> dict[str, Any]:
        """The agency's columns."""
        return {name: self.cleaned_data[name] for name in COLUMNS}


def still_used(domains: list[str]) -> str:
    """What is said of domains that cannot go yet (ISA-4.3-SECURITY)."""
    said = _("People of this agency have addresses in %(domains)s. End their access first")
    return said % {"domains": ", ".join(domains)}


COLUMNS = [name for name in AgencyForm.base_fields if name != "expected_version"]


def as_typed(agency: Agency) -> dict[str, Any]:
    """The columns of an agency as a form begins with them."""
    said = {name: getattr(agency, name) for name in COLUMNS}
    return said | {"open_days": list(agency.open_days), "expected_version": agency.version}


def fields_of_a_post(what: Any, *, required: bool) -> dict[str, forms.Field]:
    """Name, job, address and telephone of whoever holds a post; ``what`` names it in errors."""
    words = {"what": what}
    return {
        "name": CleanText(
            label=_("Name"),
            max_length=150,
            required=required,
            name_in_errors=_("the name of the %(what)s") % words,
        ),
        "job_title": CleanText(label=_("Job title"), max_length=120, required=False),
        "email": Address(
            label=_("E-mail address"),
            required=required,
            name_in_errors=_("the e-mail address of the %(what)s") % words,
        ),
        "phone": Telephone(
            label=_("Telephone"),
            required=required,
            name_in_errors=_("the telephone number of the %(what)s") % words,
        ),
    }


CALLED: dict[str, Any] = {
    Contact.Post.SPOC: _("single point of contact"),
    Contact.Post.MANAGER: _("responsible manager"),
    Contact.Post.IG_LEAD: _("information governance lead"),
}
REQUIRED = (Contact.Post.SPOC, Contact.Post.MANAGER)


class AddAgencyForm(AgencyForm):
    """A new agency, with whoever holds its posts; the first two cannot be left empty."""

    idempotency_key = IdempotencyKeyField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for post, what in CALLED.items():
            for name, field in fields_of_a_post(what, required=post in REQUIRED).items():
                if post not in REQUIRED and name != "job_title":
                    field.due_with = post  # type: ignore[attr-defined]  # as a whole or not at all
                self.fields[f"{post}_{name}"] = field

    def clean(self) -> dict[str, Any]:
        """The third post is filled as a whole or not at all."""
        given = super().clean()
        for post in CALLED:
            names = [f"{post}_{name}" for name in ("name", "email", "phone", "job_title")]
            if not any(given.get(name) for name in names):
                continue
            for name in names[:3]:
                if not given.get(name) and name not in self.errors:
                    field: Any = self.fields[name]
                    self.add_error(name, field.text(field.says["required"]))
        return given

    def posts(self) -> dict[str, dict[str, str]]:
        """Who holds each post that is filled."""
        return {post: self.holder(post) for post in CALLED if self.cleaned_data[f"{post}_name"]}

    def holder(self, post: str) -> dict[str, str]:
        """Whoever holds one post."""
        names = ("name", "job_title", "email", "phone")
        return {name: self.cleaned_data[f"{post}_{name}"] for name in names}

    def sections(self) -> Iterator[tuple[str, list[Any], bool]]:
        """Each post's heading and its fields, for the page."""
        for post in CALLED:
            fields = [self[f"{post}_{name}"] for name in ("name", "job_title", "email", "phone")]
            yield str(Contact.Post(post).label), fields, post in REQUIRED

    def of_the_agency(self) -> list[Any]:
        """The fields about the agency itself."""
        return [self[name] for name in COLUMNS]


class PostForm(forms.Form):
    """Who holds a post from now on."""

    idempotency_key = IdempotencyKeyField()
    expected_version = VersionField()

    def __init__(self, *args: Any, post: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.update(fields_of_a_post(CALLED[Contact.Post(post)], required=True))

    def asks(self) -> dict[str, Any]:
        """What the action is told."""
        given = self.cleaned_data
        holder = {name: given[name] for name in ("name", "job_title", "email", "phone")}
        return {
            "idempotency_key": given["idempotency_key"],
            "expected_version": given["expected_version"],
            "holder": holder,
        }


class ClosureForm(forms.Form):
    """Days on which the agency is closed, and who answers instead."""

    idempotency_key = IdempotencyKeyField()
    starts = DateField(label=_("First day"), name_in_errors=_("the first day"))
    ends = DateField(label=_("Last day"), future=True, name_in_errors=_("the last day"))
    answers = CleanText(
        label=_("Who answers instead?"),
        help_text=_("A person or a team that partners can call on these days"),
        max_length=150,
        name_in_errors=_("who answers instead"),
    )
    answers_phone = Telephone(
        label=_("Their telephone"), name_in_errors=_("the telephone number of who answers instead")
    )
    answers_email = Address(
        label=_("Their e-mail address"), required=False, name_in_errors=_("their e-mail address")
    )

    def clean(self) -> dict[str, Any]:
        """The last day is not before the first."""
        given = super().clean() or {}
        starts, ends = given.get("starts"), given.get("ends")
        if starts and ends and ends < starts:
            self.add_error("ends", _("The last day must be the first day or later"))
        return given


class Reason(models.TextChoices):
    """Why an agency leaves."""

    CLOSED = "closed", _("It has closed")
    MOVED = "moved", _("It no longer works in the area")
    WITHDREW = "withdrew", _("It no longer takes part in the partnership")
    MISTAKE = "mistake", _("It was listed by mistake")


class LeaveForm(forms.Form):
    """Why the agency leaves."""

    expected_version = VersionField()
    reason = RadioChoice(
        label=_("Why does it leave?"),
        choices=Reason.choices,
        name_in_errors=_("why the agency leaves"),
    )


class FindForm(forms.Form):
    """Which agencies to list; what makes no sense is left out, not refused."""

    use_required_attribute = False
    name = CleanText(label=_("Name"), max_length=100)
    kind = SelectChoice(label=_("Kind of agency"), choices=AgencyKind.choices)
    status = SelectChoice(label=_("Status"), choices=Agency.Status.choices)

    def __init__(self, *args: Any, with_status: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("kind", "status"):
            choices: Any = self.fields[name]
            choices.choices = [("", _("Any")), *choices.choices[1:]]
        if not with_status:
            del self.fields["status"]


def wanted(asked: Mapping[str, Any]) -> dict[str, str]:
    """What an address asks for, without what is empty or wrong."""
    form = FindForm(asked)
    form.is_valid()
    return {name: value for name, value in form.cleaned_data.items() if value}
