"""The words of the field as choices. Values are stored: add new ones, never rename."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Rating(models.TextChoices):
    """How urgent a request is; each has its response time (P-TIMELY)."""

    RED = "red", _("Red")
    AMBER = "amber", _("Amber")
    GREEN = "green", _("Green")


class PersonRole(models.TextChoices):
    """What somebody is to the request."""

    CHILD = "child", _("Child or young person")
    CONNECTED = "connected", _("Connected person")
    RISK = "risk", _("Person who may pose a risk")


class ConsentAnswer(models.TextChoices):
    """What became of consent; never one yes/no box (C-CONSENT)."""

    GIVEN = "given", _("Given")
    REFUSED = "refused", _("Refused")
    WITHDRAWN = "withdrawn", _("Given, and later withdrawn")
    NOT_SOUGHT = "not_sought", _("Not sought")
    NOT_ABLE = "not_able", _("The person is not able to give it")


class ConsentHow(models.TextChoices):
    """How consent was given."""

    WRITTEN = "written", _("In writing")
    SPOKEN = "spoken", _("In person, spoken")
    TELEPHONE = "telephone", _("By telephone")


class NotSoughtReason(models.TextChoices):
    """The recognised reasons for not seeking consent (C-CONSENT, P-TIMELY)."""

    RISK = "risk", _("Seeking it would put a child or somebody else at risk")
    DELAY = "delay", _("Seeking it would cause a delay that could harm a child")
    NOT_REASONABLE = "not_reasonable", _("It is not reasonable to obtain it")
    PREJUDICE = "prejudice", _("Seeking it would prejudice the prevention or detection of crime")


class ParentsTold(models.TextChoices):
    """Whether the parents or carers know of the request (ISA-3.8)."""

    YES = "yes", _("Yes")
    NO = "no", _("No")


class Check(models.TextChoices):
    """What triage looks at before a request can be accepted (ISA-3.8)."""

    PURPOSE = "purpose", _("The purpose is clear and is one that the agreement allows")
    INFORMATION = "information", _("No key information is missing")
    CONSENT = "consent", _("Consent, or the reason for not seeking it, is sound")
    PARENTS = "parents", _("Parents are informed where appropriate")
    MATCHES = "matches", _("Possible matches with other requests have been checked")


class CheckAnswer(models.TextChoices):
    """What triage found."""

    YES = "yes", _("Yes")
    NO = "no", _("No")


class AgencyCheckOutcome(models.TextChoices):
    """How an agency check ended; computed from its decisions, never picked."""

    NOT_KNOWN = "not_known", _("Not known to this agency")
    SHARE = "share", _("Shared")
    PART = "part", _("Shared in part")
    NO_SHARE = "no_share", _("Not shared")


class Nature(models.TextChoices):
    """What kind of information an item is (P-ACCURATE)."""

    FACT = "fact", _("Fact")
    OPINION = "opinion", _("Professional opinion")
    REPORTED = "reported", _("Reported by others")
    HISTORICAL = "historical", _("Historical")


class FileKind(models.TextChoices):
    """The kinds of file that may be attached."""

    PDF = "pdf", "PDF"
    DOCX = "docx", "Word (DOCX)"
    XLSX = "xlsx", "Excel (XLSX)"
    PNG = "png", "PNG"
    JPEG = "jpeg", "JPEG"
    TEXT = "text", _("Plain text")


class WithdrawnBecause(models.TextChoices):
    """Why the front door asks an agency no longer."""

    WRONG_AGENCY = "wrong_agency", _("It was sent to the wrong agency")
    NOT_NEEDED = "not_needed", _("The information is no longer needed")
    MISTAKE = "mistake", _("It was sent by mistake")
    OTHER = "other", _("Another reason")


class PauseReason(models.TextChoices):
    """Why a clock is stopped."""

    ADVICE = "advice", _("Waiting for advice")
    REQUESTER = "requester", _("Waiting for the requester")
    PARTNERS = "partners", _("With the safeguarding partners")


class Sex(models.TextChoices):
    """A person's sex, in the words of the NHS data dictionary."""

    FEMALE = "female", _("Female")
    MALE = "male", _("Male")
    INDETERMINATE = "indeterminate", _("Indeterminate")
    UNKNOWN = "unknown", _("Not known")


class Known(models.TextChoices):
    """Yes or no, as far as somebody knows."""

    YES = "yes", _("Yes")
    NO = "no", _("No")
    UNKNOWN = "unknown", _("Not known")


class Education(models.TextChoices):
    """Where a child is taught."""

    SETTING = "setting", _("At a school, nursery or college")
    HOME = "home", _("Educated at home")
    NONE = "none", _("Not in education")
    UNKNOWN = "unknown", _("Not known")


# The ethnic groups of the census of 2021 in England and Wales, in its order.
ETHNIC_GROUPS = {
    _("Asian or Asian British"): {
        "indian": _("Indian"),
        "pakistani": _("Pakistani"),
        "bangladeshi": _("Bangladeshi"),
        "chinese": _("Chinese"),
        "other_asian": _("Any other Asian background"),
    },
    _("Black, Black British, Caribbean or African"): {
        "caribbean": _("Caribbean"),
        "african": _("African"),
        "other_black": _("Any other Black, Black British or Caribbean background"),
    },
    _("Mixed or multiple ethnic groups"): {
        "white_caribbean": _("White and Black Caribbean"),
        "white_african": _("White and Black African"),
        "white_asian": _("White and Asian"),
        "other_mixed": _("Any other mixed or multiple ethnic background"),
    },
    _("White"): {
        "british": _("English, Welsh, Scottish, Northern Irish or British"),
        "irish": _("Irish"),
        "traveller": _("Gypsy or Irish Traveller"),
        "roma": _("Roma"),
        "other_white": _("Any other White background"),
    },
    _("Other ethnic group"): {
        "arab": _("Arab"),
        "other": _("Any other ethnic group"),
    },
}
NO_ETHNIC_GROUP = {"unknown": _("Not known"), "not_said": _("Prefers not to say")}

# What may be told of a person so that an agency finds them, or can speak to them (P-NECESSARY).
DETAILS = {
    "name": _("Name"),
    "other_names": _("Other names"),
    "date_of_birth": _("Date of birth"),
    "due_date": _("Expected date of birth"),
    "sex": _("Sex"),
    "address": _("Address"),
    "nhs_number": _("NHS number"),
    "upn": _("Unique pupil number (UPN)"),
    "relationship": _("Relationship to the child"),
    "parental_responsibility": _("Parental responsibility"),
    "education": _("Education"),
    "school": _("School, nursery or college"),
    "gp_practice": _("GP practice"),
    "first_language": _("First language"),
    "interpreter": _("Interpreter needed"),
    "communication": _("Communication needs"),
    "ethnicity": _("Ethnic group"),
    "disability": _("Disability"),
}
