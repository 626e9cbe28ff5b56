"""The people of every test: one for each role, a colleague, and some who should get nowhere."""

from dataclasses import dataclass

from agencies.acting import Actor, actor_for
from agencies.bootstrap.unattended import found_agency, join
from agencies.kinds import AgencyKind
from agencies.models import Agency, Partnership, User
from agencies.permissions import Role

PASSWORD = "an invented pass phrase"

AGENCIES = {
    "front_door": ("Anytown Front Door", AgencyKind.FRONT_DOOR),
    "school": ("Anytown Oak School", AgencyKind.SCHOOL),
    "trust": ("Anytown Health Trust", AgencyKind.HOSPITAL_TRUST),
    "housing": ("Anytown Homes", AgencyKind.HOUSING),
    "council": ("Anytown Council", AgencyKind.LOCAL_AUTHORITY),
    "police": ("Anytown Police", AgencyKind.POLICE),
    "board": ("Anytown Care Board", AgencyKind.NHS_BOARD),
    "office": ("Anytown Business Office", AgencyKind.COMMISSIONED),
}
PARTNERS = ("council", "police", "board")

# Who is who: given name, family name, agency, role. Every one of them is invented.
PEOPLE = {
    "requester": ("Rita", "Requester", "school", Role.REQUESTER),
    "classmate": ("Carl", "Classroom", "school", Role.REQUESTER),
    "school_spoc": ("Sian", "Schoolspoc", "school", Role.SPOC),
    "officer": ("Olive", "Officer", "front_door", Role.IFD_OFFICER),
    "officer2": ("Omar", "Otherofficer", "front_door", Role.IFD_OFFICER),
    "desk_lead": ("Dora", "Desklead", "front_door", Role.ADVISER),
    "trust_spoc": ("Tess", "Trustspoc", "trust", Role.SPOC),
    "trust_manager": ("Max", "Manager", "trust", Role.MANAGER),
    "trust_nurse": ("Nora", "Nurse", "trust", Role.REQUESTER),
    "trust_adviser": ("Ada", "Adviser", "trust", Role.ADVISER),
    "housing_spoc": ("Hugo", "Housingspoc", "housing", Role.SPOC),
    "police_partner": ("Polly", "Partner", "police", Role.PARTNER),
    "police_spoc": ("Pia", "Policespoc", "police", Role.SPOC),
    "board_partner": ("Bea", "Board", "board", Role.PARTNER),
    "administrator": ("Adam", "Administrator", "office", Role.ADMINISTRATOR),
}


@dataclass
class Cast:
    """The agencies and people, and each person as an actor by name."""

    agencies: dict[str, Agency]
    users: dict[str, User]

    def __getattr__(self, name: str) -> Actor:
        """``cast.requester``: that person, acting for their agency, with the grants of now."""
        if name not in PEOPLE:
            raise AttributeError(name)
        return actor_for(self.users[name], self.agencies[PEOPLE[name][2]])


def gather_cast() -> Cast:
    """Make the partnership, its agencies and its people."""
    Partnership.objects.get_or_create(
        name="Anytown Safeguarding Children Partnership",
        area="Anytown",
        service_name="Share information to safeguard children",
        front_door_name="Integrated Front Door",
        front_door_short="IFD",
    )
    agencies = {
        code: found_agency(
            name=name,
            kind=kind,
            is_front_door=code == "front_door",
            is_statutory_partner=code in PARTNERS,
            keeps_register=code == "office",
        )
        for code, (name, kind) in AGENCIES.items()
    }
    users = {}
    for code, (given, family, agency, role) in PEOPLE.items():
        user = User.objects.create_user(
            address_of(code),
            PASSWORD,
            first_name=given,
            last_name=family,
        )
        join(user, role, agencies[agency])
        users[code] = user
    return Cast(agencies, users)


def present_cast() -> Cast:
    """The same, where their rows are there already."""
    users = {user.email: user for user in User.objects.all()}
    return Cast(present_agencies(), {code: users[address_of(code)] for code in PEOPLE})


def present_agencies() -> dict[str, Agency]:
    """The agencies of the cast by their codes."""
    codes = {name: code for code, (name, _) in AGENCIES.items()}
    found = Agency.objects.filter(name__in=codes)
    return {codes[agency.name]: agency for agency in found}


def address_of(code: str) -> str:
    """The e-mail address of one of them, at their agency."""
    return f"{code.replace('_', '.')}@{PEOPLE[code][2]}.example".replace("_", "-")
