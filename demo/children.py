"""The invented children of the demonstration, and why somebody asks about each."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

WEIGHTS = range(10, 1, -1)
MODULUS = 11


def invented_nhs_number(serial: int) -> str:
    """A number of the range 999, which is never given to anybody, with its check digit."""
    digits = f"999{serial:06}"
    left = sum(int(d) * w for d, w in zip(digits, WEIGHTS, strict=True)) % MODULUS
    check = (MODULUS - left) % MODULUS
    if check > 9:  # noqa: PLR2004 - a number whose check would need two digits does not exist
        raise ValueError(f"there is no NHS number with the serial {serial}")
    return f"{digits}{check}"


@dataclass(frozen=True)
class Asked:
    """One request: the child, what is asked, and why."""

    given: str
    family: str
    born: date | None
    serial: int
    reason: str
    rating: str
    urgent: str
    needs: tuple[tuple[str, str], ...]
    purposes: tuple[str, ...] = ("needs",)
    others: tuple[dict[str, Any], ...] = field(default=())
    more: dict[str, str] = field(default_factory=dict)

    def child(self) -> dict[str, Any]:
        """What identifies the child; an unborn one has an expected date of birth."""
        if self.born is None:
            due = {"due_date": date(2027, 2, 14), "address": "7 Nowhere Lane, Anytown"}
            return {"is_unborn": True, "family_name": self.family} | due
        return {
            "given_name": self.given,
            "family_name": self.family,
            "date_of_birth": self.born,
            "address": f"{self.serial % 90 + 1} Invented Street, Anytown",
            "nhs_number": invented_nhs_number(self.serial),
            **self.more,
        }


UNCLE = {"role": "risk", "given_name": "Rex", "family_name": "Risky", "relationship": "Uncle"}
MOTHER = {
    "role": "connected",
    "given_name": "Mia",
    "family_name": "Madeup",
    "relationship": "Mother",
    "parental_responsibility": "yes",
    "first_language": "Polish",
    "interpreter": "yes",
}
PARTNER = {
    "role": "risk",
    "given_name": "Pat",
    "family_name": "Pretend",
    "relationship": "Mother's partner",
}

SEEN = ("Has the child been seen at hospital since September?", "A bruise that nobody explains")
HOUSE = ("Has anybody reported noise or violence at the address?", "To know how safe home is")
MIND = (
    "Is a carer under your care, and is there a plan for crises?",
    "The child spoke of bad nights",
)

DRAFT = Asked("Dora", "Draftly", date(2016, 5, 4), 101, "", "", "", (), others=())
BRUISE = Asked(
    "Tilly",
    "Testcase",
    date(2017, 3, 27),
    102,
    "A bruise on the arm that nobody explains, and she does not want to go home.",
    "red",
    "She goes home at half past three.",
    (SEEN, HOUSE),
    others=(UNCLE,),
)
UNBORN = Asked(
    "",
    "Pretend",
    None,
    103,
    "The mother missed three appointments and the partner speaks for her.",
    "amber",
    "The baby is expected in February.",
    (MIND,),
    others=(MOTHER, PARTNER),
)
ABSENT = Asked(
    "Sol",
    "Sample",
    date(2012, 11, 9),
    104,
    "Absent on 14 of 30 days, and no answer at the door.",
    "green",
    "He was seen by a neighbour this week.",
    (HOUSE,),
)
CURIOUS = Asked(
    "Quin",
    "Querylike",
    date(2014, 1, 30),
    105,
    "We would like to know more about the family before a school trip.",
    "green",
    "The trip is next month.",
    (HOUSE,),
)
CHECKED = Asked(
    "Cleo",
    "Checkmade",
    date(2015, 7, 19),
    106,
    "Tired, hungry and in the same clothes for two weeks.",
    "amber",
    "It has become worse since Monday.",
    (SEEN, HOUSE),
    others=(MOTHER,),
    more={
        "sex": "female",
        "education": "setting",
        "school": "Brookside Invented Primary School",
        "gp_practice": "Makebelieve Surgery, Anytown",
        "first_language": "Polish",
        "interpreter": "yes",
        "communication": "Wears hearing aids",
        "ethnicity": "other_white",
        "disability": "yes",
    },
)
HANDED = Asked(
    "Hal",
    "Handedon",
    date(2019, 2, 6),
    111,
    "He came to school with a burn and said that he fell.",
    "amber",
    "It was treated at the clinic this morning.",
    (SEEN,),
)
WEIGHED = Asked(
    "Wilf",
    "Weighmore",
    date(2013, 9, 2),
    107,
    "He says that his uncle frightens him at night.",
    "red",
    "The uncle is at home this week.",
    (SEEN, HOUSE, MIND),
    others=(UNCLE,),
)
LOOKED_AT = Asked(
    "Sid",
    "Scrutable",
    date(2011, 4, 12),
    108,
    "Older pupils saw him carry parcels for adults he would not name.",
    "amber",
    "Seen twice in one week.",
    (HOUSE, MIND),
    purposes=("needs", "threats"),
)
RELEASED = Asked(
    "Ruby",
    "Releaseable",
    date(2016, 12, 1),
    113,
    "She flinches when anybody lifts a hand.",
    "amber",
    "It was noticed by two teachers today.",
    (SEEN, HOUSE),
    others=(PARTNER,),
)
READ = Asked(
    "Ash",
    "Acknowledged",
    date(2018, 8, 21),
    110,
    "He told a friend that there is no food at home.",
    "green",
    "A neighbour helps for now.",
    (SEEN, HOUSE),
)
