"""The invented agencies and people of the demonstration: one of each kind, one for each role."""

from dataclasses import dataclass

from django.contrib.auth.hashers import make_password

from agencies.acting import Actor, actor_for
from agencies.bootstrap.unattended import found_agency, join
from agencies.kinds import AgencyKind as Kind
from agencies.models import Agency, Partnership, User
from agencies.permissions import Role
from agreement.bootstrap import found_agreement
from demo.guidance import found_guidance, just_accepted
from demo.register import close_the_school, fill_posts, what_is_said

PASS_PHRASE = "anytown is invented"  # noqa: S105 - printed for everybody, opens invented people only

PARTNERSHIP = {
    "name": "Anytown Safeguarding Children Partnership",
    "area": "Anytown",
    "service_name": "Share information to safeguard children",
    "front_door_name": "Integrated Front Door",
    "front_door_short": "IFD",
    "out_of_hours_telephone": "01632 960099",
    "support_email": "help@business-office.example",
    "support_telephone": "01632 960011",
    "support_hours": "Monday to Friday, 9am to 5pm",
    "privacy_email": "data.protection@business-office.example",
}

# Appendix One's kinds, each with one agency of a place that does not exist (A-REGISTER).
AGENCIES = {
    Kind.FRONT_DOOR: "Anytown Front Door",
    Kind.POLICE: "Anytown Police",
    Kind.NHS_BOARD: "Anytown Integrated Care Board",
    Kind.SCHOOL: "Anytown Oak School",
    Kind.FURTHER_EDUCATION: "Anytown College",
    Kind.EARLY_YEARS: "Anytown Little Acorns Nursery",
    Kind.RESIDENTIAL: "Anytown Residential Homes",
    Kind.FOSTERING_ADOPTION: "Anytown Fostering and Adoption",
    Kind.NHS_ENGLAND: "NHS England, Anytown region",
    Kind.ADULT_SOCIAL_CARE: "Anytown Adult Social Care",
    Kind.HOUSING: "Anytown Homes",
    Kind.HOSPITAL_TRUST: "Anytown Hospitals Trust",
    Kind.COMMUNITY_TRUST: "Anytown Community Health Trust",
    Kind.CANCER_TRUST: "Anytown Cancer Care Trust",
    Kind.MENTAL_HEALTH_TRUST: "Anytown Mental Health Trust",
    Kind.YOUTH_JUSTICE: "Anytown Youth Justice Service",
    Kind.PROBATION: "Anytown Probation",
    Kind.BORDER: "Border and Immigration, Anytown port",
    Kind.TRANSPORT_POLICE: "Transport Police, Anytown station",
    Kind.FIRE: "Anytown Fire and Rescue",
    Kind.FAMILY_COURT: "Family Court Advisory Service, Anytown",
    Kind.LOCAL_AUTHORITY: "Anytown Council",
    Kind.CAREERS: "Anytown Careers",
    Kind.SPORT: "Anytown Swimming Club",
    Kind.CLUB: "Anytown Drama Club",
    Kind.FAITH: "Anytown Faith Network",
    Kind.VOLUNTARY: "Anytown Family Charity",
    Kind.COMMISSIONED: "Anytown Partnership Business Office",
}
PARTNERS = {Kind.LOCAL_AUTHORITY, Kind.POLICE, Kind.NHS_BOARD}


@dataclass(frozen=True)
class Person:
    """Somebody invented, and the roles they hold."""

    code: str
    given: str
    family: str
    email: str
    job: str
    roles: tuple[tuple[Role, Kind], ...]


# Has accepted her invitation, and nothing more: she sees what is missing.
NEWCOMER = "newcomer"
PEOPLE = [
    Person(
        "requester",
        "Rita",
        "Requester",
        "rita@oak-school.example",
        "Designated safeguarding lead",
        ((Role.REQUESTER, Kind.SCHOOL),),
    ),
    Person(
        "officer",
        "Olive",
        "Officer",
        "olive@front-door.example",
        "Front door officer",
        ((Role.IFD_OFFICER, Kind.FRONT_DOOR),),
    ),
    Person(
        "officer2",
        "Oscar",
        "Othen",
        "oscar@front-door.example",
        "Front door officer",
        ((Role.IFD_OFFICER, Kind.FRONT_DOOR),),
    ),
    Person(
        "desk_lead",
        "Gwen",
        "Governance",
        "gwen@front-door.example",
        "Information governance lead",
        ((Role.ADVISER, Kind.FRONT_DOOR),),
    ),
    Person(
        "trust_spoc",
        "Sam",
        "Single-Point",
        "sam@hospitals.example",
        "Named nurse",
        ((Role.SPOC, Kind.HOSPITAL_TRUST),),
    ),
    Person(
        "nurse",
        "Nora",
        "Nurse",
        "nora@hospitals.example",
        "Paediatric nurse",
        ((Role.REQUESTER, Kind.HOSPITAL_TRUST),),
    ),
    Person(
        NEWCOMER,
        "Nell",
        "Newcomer",
        "nell@hospitals.example",
        "Health visitor",
        ((Role.REQUESTER, Kind.HOSPITAL_TRUST),),
    ),
    Person(
        "manager",
        "Max",
        "Manager",
        "max@hospitals.example",
        "Head of safeguarding",
        ((Role.MANAGER, Kind.HOSPITAL_TRUST),),
    ),
    Person(
        "adviser",
        "Ada",
        "Adviser",
        "ada@hospitals.example",
        "Information governance lead",
        ((Role.ADVISER, Kind.HOSPITAL_TRUST),),
    ),
    Person(
        "housing_spoc",
        "Hugo",
        "Housing",
        "hugo@homes.example",
        "Tenancy manager",
        ((Role.SPOC, Kind.HOUSING),),
    ),
    Person(
        "designated_nurse",
        "Dana",
        "Designated",
        "dana@nhs-trusts.example",
        "Designated nurse in two trusts",
        ((Role.SPOC, Kind.COMMUNITY_TRUST), (Role.SPOC, Kind.MENTAL_HEALTH_TRUST)),
    ),
    Person(
        "police_spoc",
        "Pat",
        "Protection",
        "pat@police.example",
        "Detective sergeant, multi-agency hub",
        ((Role.SPOC, Kind.POLICE),),
    ),
    Person(
        "council_spoc",
        "Colin",
        "Casework",
        "colin@council.example",
        "Business support manager",
        ((Role.SPOC, Kind.LOCAL_AUTHORITY),),
    ),
    Person(
        "police_partner",
        "Polly",
        "Partner",
        "polly@police.example",
        "Detective superintendent",
        ((Role.PARTNER, Kind.POLICE),),
    ),
    Person(
        "board_partner",
        "Bea",
        "Board",
        "bea@care-board.example",
        "Director of nursing",
        ((Role.PARTNER, Kind.NHS_BOARD),),
    ),
    Person(
        "council_partner",
        "Cora",
        "Council",
        "cora@council.example",
        "Director of children's services",
        ((Role.PARTNER, Kind.LOCAL_AUTHORITY),),
    ),
    Person(
        "administrator",
        "Adam",
        "Administrator",
        "adam@business-office.example",
        "Business manager",
        ((Role.ADMINISTRATOR, Kind.COMMISSIONED),),
    ),
    Person(
        "administrator2",
        "Sela",
        "Second",
        "sela@business-office.example",
        "Deputy business manager",
        ((Role.ADMINISTRATOR, Kind.COMMISSIONED),),
    ),
]


@dataclass(frozen=True)
class Town:
    """All agencies by kind and all people by code."""

    agencies: dict[Kind, Agency]
    users: dict[str, User]

    def acts(self, code: str, kind: Kind | None = None) -> Actor:
        """A person acting for their first agency, or for the one of this kind."""
        first = next(person.roles[0][1] for person in PEOPLE if person.code == code)
        return actor_for(self.users[code], self.agencies[kind or first])


def is_settled() -> bool:
    """Whether somebody lives here already, invented or not."""
    return Partnership.objects.exists() or User.objects.exists()


def settle() -> Town:
    """Make the partnership, its agencies and its people."""
    Partnership.objects.create(**PARTNERSHIP)
    agencies = {
        kind: found_agency(
            name=name,
            kind=kind,
            is_front_door=kind == Kind.FRONT_DOOR,
            is_statutory_partner=kind in PARTNERS,
            keeps_register=kind == Kind.COMMISSIONED,
            **what_is_said(kind, name),
        )
        for kind, name in AGENCIES.items()
    }
    for kind, agency in agencies.items():
        fill_posts(agency, kind)
    close_the_school(agencies[Kind.SCHOOL])
    found_agreement(agencies.values())
    users = {}
    # Slow on purpose, so it is done once: all of them have the same, and it is printed.
    encoded = make_password(PASS_PHRASE)
    for person in PEOPLE:
        user = User.objects.create(
            email=person.email,
            password=encoded,
            first_name=person.given,
            last_name=person.family,
            job_title=person.job,
        )
        for role, kind in person.roles:
            come_in = just_accepted if person.code == NEWCOMER else join
            come_in(user, role, agencies[kind])
        users[person.code] = user
    found_guidance(user for code, user in users.items() if code != NEWCOMER)
    return Town(agencies, users)


def sign_ins() -> list[str]:
    """Who can sign in, as lines of a table."""
    rows = [
        (person.email, str(role.label), AGENCIES[kind])
        for person in PEOPLE
        for role, kind in person.roles
    ]
    wide = [max(len(row[column]) for row in rows) for column in range(3)]
    return ["  ".join(cell.ljust(wide[n]) for n, cell in enumerate(row)).rstrip() for row in rows]
