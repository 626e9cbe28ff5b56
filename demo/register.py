"""What the register says of the demonstration's agencies: all of it invented."""

from datetime import time, timedelta
from typing import Any

from django.utils import timezone

from agencies.kinds import AgencyKind as Kind
from agencies.models import Agency, Closure, Contact
from workflow.bootstrap import create_unattended

# The domains in which the invented people have addresses; two trusts share one, as in life.
DOMAINS = {
    Kind.FRONT_DOOR: "front-door",
    Kind.POLICE: "police",
    Kind.NHS_BOARD: "care-board",
    Kind.SCHOOL: "oak-school",
    Kind.FURTHER_EDUCATION: "college",
    Kind.EARLY_YEARS: "little-acorns",
    Kind.RESIDENTIAL: "residential",
    Kind.FOSTERING_ADOPTION: "fostering",
    Kind.NHS_ENGLAND: "nhs-region",
    Kind.ADULT_SOCIAL_CARE: "council",
    Kind.HOUSING: "homes",
    Kind.HOSPITAL_TRUST: "hospitals",
    Kind.COMMUNITY_TRUST: "nhs-trusts",
    Kind.CANCER_TRUST: "cancer-care",
    Kind.MENTAL_HEALTH_TRUST: "nhs-trusts",
    Kind.YOUTH_JUSTICE: "council",
    Kind.PROBATION: "probation",
    Kind.BORDER: "border",
    Kind.TRANSPORT_POLICE: "transport-police",
    Kind.FIRE: "fire",
    Kind.FAMILY_COURT: "family-court",
    Kind.LOCAL_AUTHORITY: "council",
    Kind.CAREERS: "careers",
    Kind.SPORT: "swimming",
    Kind.CLUB: "drama-club",
    Kind.FAITH: "faith-network",
    Kind.VOLUNTARY: "family-charity",
    Kind.COMMISSIONED: "business-office",
}
# Who answers for the information where that is another body than the agency itself.
CONTROLLERS = {
    Kind.FRONT_DOOR: "Anytown Council",
    Kind.YOUTH_JUSTICE: "Anytown Council",
    Kind.ADULT_SOCIAL_CARE: "Anytown Council",
    Kind.COMMISSIONED: "Anytown Council",
}
ROUND_THE_CLOCK = (Kind.POLICE, Kind.HOSPITAL_TRUST, Kind.FIRE)
SHORT_DAYS = (Kind.SCHOOL, Kind.EARLY_YEARS, Kind.CLUB)
NAMES = (
    "Alex",
    "Billie",
    "Charlie",
    "Drew",
    "Ellis",
    "Frankie",
    "Gray",
    "Harper",
    "Indigo",
    "Jules",
)
# No surname of a child: a search for those would find these in the register.
SURNAMES = ("Example", "Invented", "Storybook", "Specimen", "Fictional", "Fabled", "Imaginary")
HOLIDAY = timedelta(days=21)


def what_is_said(kind: Kind, name: str) -> dict[str, Any]:
    """The columns of one agency."""
    domain = f"{DOMAINS[kind]}.example"
    number = list(Kind).index(kind)
    values: dict[str, Any] = {
        "controller": CONTROLLERS.get(kind, name),
        "phone": f"0151 496 {number:02}00",
        "secure_email": f"safeguarding@{domain}",
        "domains": [domain],
        "privacy_notice": f"https://{domain}/privacy",
    }
    if kind in ROUND_THE_CLOCK:
        return values | {"open_days": "1234567", "opens": time(0), "closes": time(0)}
    if kind in SHORT_DAYS:
        return values | {"opens": time(8, 30), "closes": time(16)}
    return values


def fill_posts(agency: Agency, kind: Kind) -> None:
    """Whoever holds the posts; where somebody of the story does, it is them."""
    number = list(Kind).index(kind)
    known = KNOWN.get(kind, {})
    for at, post in enumerate(Contact.Post):
        given = NAMES[(number * 3 + at) % len(NAMES)]
        surname = SURNAMES[(number + at) % len(SURNAMES)]
        name, box = known.get(post, (f"{given} {surname}", given.lower()))
        create_unattended(
            Contact,
            agency=agency,
            post=post,
            name=name,
            job_title="",
            email=f"{box}@{DOMAINS[kind]}.example",
            phone=f"0151 496 {number:02}{at + 1:02}",
        )


def close_the_school(school: Agency) -> None:
    """The school's next holiday, with who answers instead."""
    starts = timezone.localdate() + HOLIDAY
    create_unattended(
        Closure,
        agency=school,
        starts=starts,
        ends=starts + HOLIDAY,
        answers="Anytown Council, education safeguarding",
        answers_phone="0151 496 9900",
        answers_email="education@council.example",
    )


KNOWN: dict[Kind, dict[str, tuple[str, str]]] = {
    Kind.FRONT_DOOR: {Contact.Post.IG_LEAD: ("Gwen Governance", "gwen")},
    Kind.HOSPITAL_TRUST: {
        Contact.Post.SPOC: ("Sam Single-Point", "sam"),
        Contact.Post.MANAGER: ("Max Manager", "max"),
        Contact.Post.IG_LEAD: ("Ada Adviser", "ada"),
    },
    Kind.POLICE: {Contact.Post.SPOC: ("Pat Protection", "pat")},
    Kind.LOCAL_AUTHORITY: {Contact.Post.SPOC: ("Colin Casework", "colin")},
    Kind.HOUSING: {Contact.Post.SPOC: ("Hugo Housing", "hugo")},
    Kind.COMMUNITY_TRUST: {Contact.Post.SPOC: ("Dana Designated", "dana")},
    Kind.MENTAL_HEALTH_TRUST: {Contact.Post.SPOC: ("Dana Designated", "dana")},
}
