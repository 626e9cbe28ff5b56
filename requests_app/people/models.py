"""The people whom a request is about."""

import logging

from django.db import models
from django.utils.translation import gettext_lazy as _

from encryption.errors import KeyDestroyed, KeyMissing, KeyringFault, SealBroken
from encryption.fields import SealedDateField, SealedTextField
from encryption.fingerprints import came_later
from requests_app.choices import DETAILS, PersonRole
from requests_app.details import age_of
from workflow.traced import TracedModel

logger = logging.getLogger(__name__)


def _particular(label: str) -> SealedTextField:
    """A text, or the code of a choice. "" where nothing is said, None in people from before."""
    return came_later(SealedTextField(label=label, null=True))  # type: ignore[misc]


class Subject(TracedModel):
    """A child or young person (also unborn), a connected person, or one who may pose a risk."""

    class Status(models.TextChoices):
        """Whether the person is part of the request."""

        CURRENT = "current", _("In the request")
        REMOVED = "removed", _("Removed from the request")

    status = models.CharField(max_length=10, choices=Status, editable=False)
    case = models.ForeignKey(
        "requests_app.InformationRequest", models.PROTECT, related_name="subjects"
    )
    role = models.CharField(max_length=10, choices=PersonRole)
    is_unborn = models.BooleanField(default=False)
    given_name = SealedTextField(label="subject.given_name", blank=True, default="")
    family_name = SealedTextField(label="subject.family_name", blank=True, default="")
    other_names = SealedTextField(label="subject.other_names", blank=True, default="")
    date_of_birth = SealedDateField(label="subject.date_of_birth", null=True)
    due_date = SealedDateField(label="subject.due_date", null=True)
    address = SealedTextField(label="subject.address", blank=True, default="")
    nhs_number = SealedTextField(label="subject.nhs_number", blank=True, default="")
    upn = SealedTextField(label="subject.upn", blank=True, default="")
    relationship = SealedTextField(label="subject.relationship", blank=True, default="")
    sex = _particular("subject.sex")
    ethnicity = _particular("subject.ethnicity")
    first_language = _particular("subject.first_language")
    interpreter = _particular("subject.interpreter")
    communication = _particular("subject.communication")
    disability = _particular("subject.disability")
    education = _particular("subject.education")
    school = _particular("subject.school")
    gp_practice = _particular("subject.gp_practice")
    parental_responsibility = _particular("subject.parental_responsibility")

    def __str__(self) -> str:
        return f"{self.get_role_display()} of {self.case_id}"

    @property
    def name(self) -> str:
        """The name as it is said; an unborn child may have none yet."""
        said = f"{self.given_name} {self.family_name}".strip()
        return said or str(_("Unborn child") if self.is_unborn else _("Name not known"))

    @property
    def name_and_age(self) -> str:
        """The name with the age in years; what ``initials`` says where the record does not open."""
        try:
            name, age = self.name, age_of(self.date_of_birth)
        except (KeyDestroyed, KeyMissing, KeyringFault, SealBroken):
            return self.initials
        return str(_("%(name)s, %(age)s") % {"name": name, "age": age}) if age else name

    @property
    def initials(self) -> str:
        """Initials for lists (ISA-6.2).

        One record that does not open must not take a whole list from everybody: the list says
        so in its place, and its own pages say more.
        """
        try:
            parts = f"{self.given_name} {self.family_name}".split()
        except KeyDestroyed:
            return str(_("disposed of"))
        except (KeyMissing, KeyringFault, SealBroken) as fault:
            logger.error("a record cannot be opened", exc_info=fault)  # noqa: TRY400 (no words)
            return str(_("cannot be opened"))
        return "".join(f"{part[0].upper()}." for part in parts) or "–"

    def details(self) -> dict[str, str]:
        """The details that are known, by their code in ``DETAILS``, choices by their codes.

        The name of a school says that the child is at one.
        """
        known = {code: getattr(self, code) for code in DETAILS}
        if known["school"]:
            del known["education"]
        return {code: value for code, value in known.items() if value}
