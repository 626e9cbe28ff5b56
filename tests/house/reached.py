"""Who reaches which rows, said by hand in the keys of ``tests.house.world``."""

from typing import Any

from tests.house.urls import FRONT_DOOR, KEEPERS, REQUESTER, TABLE
from tests.house.world import World

UNSENT = {"draft", "another", "discarded", "foreign"}
OF_TRUST = {"put", "gone", "held", "begun", "ready", "ready_not", "offered", "waiting", "shared"}
OF_TRUST |= {"begun1"}  # the second piece of information of a check
# Who reaches which checks, and what hangs on them, as the agency that answers.
ANSWERS = {
    "trust_spoc": OF_TRUST | {"nursed"},
    "trust_manager": OF_TRUST | {"nursed"},
    "trust_nurse": {"nursed"},
    "housing_spoc": {"homes", "refused"},
    "police_spoc": {"police"},
}
OTHERS = {
    "release": {"requester": {"released"}},
    "scrutiny": {"police_partner": {"refused"}, "board_partner": {"refused", "police"}},
    "advice": {"trust_adviser": {"waiting"}},
    "statement": {
        "trust_spoc": {"trust"},
        "trust_manager": {"trust"},
        "housing_spoc": {"housing"},
        "school_spoc": {"school"},
    },
    # Lifted by the agency whose it is.
    "hold": {
        "officer": {"desk"},
        "officer2": {"desk"},
        "trust_spoc": {"trust"},
        "trust_manager": {"trust"},
    },
    "served": {"requester": {"released"}, "school_spoc": {"released"}},
}
# What is of one agency or of everybody: whoever gets one of them gets them all.
# Of openings, one person made them all, of cases of one front door.
KEPT = {"agency", "edition", "member", "reset", "invitation", "organisational", "guidance"} | {
    "opening",
    "disposals",
    "disposal",
}
# Whose people one keeps; the office keeps everybody's.
KEEPS = {
    "trust_spoc": "trust",
    "trust_manager": "trust",
    "housing_spoc": "housing",
    "school_spoc": "school",
    "police_spoc": "police",
}
NAMED = {name: row for name, row in TABLE.items() if "." in row.where}
# What names its parent, for the addresses that hold both.
PARENT = {
    "person": "case_id",
    "need": "case_id",
    "file": "case_id",
    "question": "case_id",
    "item": "agency_check_id",
    "advice": "decision_id",
    "invitation": "membership_id",
    "organisational": "membership_id",
    "closure": "agency_id",
}


def kinds_of(name: str) -> list[str]:
    """The kinds of rows that the address takes; ``=word`` stays a word."""
    return [
        each if each.startswith("=") else each.split(".")[0] for each in NAMED[name].where.split()
    ]


def reach(world: World, name: str, who: str) -> set[str]:
    """The keys of the rows in the first place of the address that this person may reach."""
    kind, people = kinds_of(name)[0], NAMED[name].who
    everything = set(world.rows[kind])
    if kind == "agency" and people == KEEPERS and who in KEEPS:
        return {KEEPS[who]}
    if kind in KEPT:
        return everything if who in people else set()
    if kind in OTHERS:
        return OTHERS[kind].get(who, set())
    if kind != "case":
        return (
            everything
            if people == FRONT_DOOR and who in FRONT_DOOR
            else (set() if people == FRONT_DOOR else ANSWERS.get(who, set()) & everything)
        )
    reached: set[str] = set()
    if people >= REQUESTER:
        mine = {"requester": everything - {"foreign"}, "classmate": {"foreign"}}
        reached |= mine.get(who, set())
    if ("school_spoc" in people and who == "school_spoc") or (
        people >= FRONT_DOOR and who in FRONT_DOOR
    ):
        reached |= everything - UNSENT
    return reached


def with_words(kinds: list[str], ids: tuple[Any, ...]) -> list[Any]:
    """The arguments of an address: the ids in their places, and the words in theirs."""
    given = iter(ids)
    return [kind[1:] if kind.startswith("=") else next(given) for kind in kinds]


def child_of(world: World, kind: str, key: str) -> str | None:
    """A row of that kind which belongs to the row ``key`` of the kind before it."""
    return next((k for k in world.rows[kind] if k == key or k.endswith(f"_{key}")), None)
