"""Every page of every person: no word in it that is not for them."""

from typing import Any

import pytest
from django.urls import reverse

from tests.house.reached import NAMED, child_of, kinds_of, reach, with_words
from tests.house.urls import ALL, FRONT_DOOR, NURSED, OPENER, REQUESTER, SCHOOL, TABLE, TRUST
from tests.house.world import TWO_HATS, World

pytestmark = [pytest.mark.django_db, pytest.mark.clause("ISA-7.2", part=True)]

SENT_TO = SCHOOL | FRONT_DOOR
ASKED = NURSED | {"housing_spoc", "police_spoc"}
PARTNERS = {"police_partner", "board_partner"}
AT_TRUST = NURSED | {"trust_adviser"}
AT_SCHOOL = SCHOOL | {"classmate", TWO_HATS}
AT_POLICE = {"police_spoc", "police_partner"}
# What must not be read by anybody else, in the page or its headers: (words, who may).
SECRETS: dict[str, set[str] | frozenset[str]] = {
    **{f"Zed{key}": REQUESTER for key in ("draft", "another", "discarded")},
    "Zedforeign": {"classmate"},
    **{f"Zed{key}": SENT_TO for key in ("returned", "declined", "checked")},
    "Zedsent": SENT_TO | OPENER,  # opened for another reason
    "Zedaccepted": SENT_TO | ASKED,
    "Zed Example": SENT_TO | TRUST | {"housing_spoc"},
    "9990000018": SENT_TO,
    "999 000 0018": SENT_TO,
    "Rex Risk": SENT_TO | {"classmate"} | OPENER,
    "1 Invented Street": SENT_TO | {"classmate"} | OPENER,
    "A bruise nobody explains": SENT_TO | {"classmate"} | OPENER,
    "Rapid review seven": FRONT_DOOR | OPENER,
    "file-draft": REQUESTER,
    "paper of": SENT_TO | {"classmate"},
    # An agency that is asked is not told by whom, nor who else was asked.
    "Oak School": AT_SCHOOL | FRONT_DOOR | OPENER,
    "Rita Requester": AT_SCHOOL | FRONT_DOOR | OPENER,
    "Anytown Homes": {"housing_spoc", "requester"} | FRONT_DOOR | PARTNERS,
    "Anytown Health Trust": AT_TRUST | {"requester"} | FRONT_DOOR,
    "Anytown Police": AT_POLICE | {"board_partner", "desk_lead"} | FRONT_DOOR | SCHOOL,
    "Hugo": {"housing_spoc", "officer", "officer2"} | PARTNERS,
    # What is not shared: its title goes to the partners, its reasons to the requester as well.
    "Rent account": {"housing_spoc", "police_spoc"} | PARTNERS,
    "Rent says nothing": {"housing_spoc", "police_spoc", "requester"} | PARTNERS | FRONT_DOOR,
    "Attended on 3 October": TRUST | {"requester"} | FRONT_DOOR,
    **{f"{title}1": TRUST for title in ("Held", "Begun", "Waiting", "Kept")},
    "Nursed1": NURSED,
    "Homes1": {"housing_spoc"},
    "May we ask?": TRUST | {"trust_adviser"},
    # Why a record is held: to the front door, and to the agency whose hold it is.
    "Hearing in March": FRONT_DOOR | TRUST,
}
# Who read what an agency holds is shown to it, with the agency they read it for (ISA-7.2); and to
# which agency it was released (ISA-4.3-RECORD).
LOOKS = {"Oak School", "Rita Requester"}
SAYS_WHO = ("requests:check_access_log", "decisions:disclosures")
# Who takes part, and whom to call there, is for every partner to see; it says nothing of a case.
AGENCIES = {words for words in SECRETS if words.startswith("Anytown")} | {"Oak School"}
OF_ALL = ("agencies:call", "agreement:")
# The office keeps agencies and people, with their names, and no case.
OF_THE_OFFICE = ("agencies:", "resets:", "retention:", "status")  # Status says who is yet to sign
PEOPLE_KEPT = {"Rita Requester", "Hugo"}


def pages_of(world: World, who: str) -> dict[str, str]:
    """Every page that this person gets, with its headers."""
    if who in world.pages:
        return world.pages[who]
    client, read = world.client(who), world.pages.setdefault(who, {})
    for name, row in TABLE.items():
        if row.get == 405:
            continue
        kinds = row.where.split()
        if name not in NAMED:  # no row in its address, or a word only
            words = [kind.removeprefix("=") for kind in kinds]
            read[name] = text_of(client.get(reverse(name, args=words)))
            continue
        kinds = kinds_of(name)
        rows = [kind for kind in kinds if not kind.startswith("=")]
        for key in sorted(reach(world, name, who)):
            ids = [world.rows[rows[0]][key].pk]
            if len(rows) > 1:
                inner = child_of(world, rows[1], key)
                if inner is None:
                    continue
                ids.append(world.rows[rows[1]][inner].pk)
            there = reverse(name, args=with_words(kinds, tuple(ids)))
            got = client.get(there)
            assert got.status_code in {200, 302, 404}, f"{who} {name} {key}: {got.status_code}"
            read[f"{name} {key}"] = text_of(got)
    return read


def text_of(got: Any) -> str:
    content = b"".join(got.streaming_content) if got.streaming else got.content
    return f"{got.headers}\n{content.decode(errors='replace')}"


@pytest.mark.parametrize("who", sorted(ALL))
@pytest.mark.clause("ISA-3.7", "ISA-5.4", "P-RELEVANT", part=True)
def test_nobody_reads_what_is_not_for_them(world: World, who: str):
    leaks = [
        f"{who} reads {words!r} at {page}"
        for page, text in pages_of(world, who).items()
        for words, permission in SECRETS.items()
        if words in text and who not in permission
        if not (words in LOOKS and page.startswith(SAYS_WHO))
        if not (words in AGENCIES and page.startswith(OF_ALL))
        if not (
            who == "administrator"
            and words in AGENCIES | PEOPLE_KEPT
            and page.startswith(OF_THE_OFFICE)
        )
        if not (who == TWO_HATS and words.startswith("Anytown"))  # in the list of their agencies
    ]
    assert not leaks, "\n".join(leaks)


def test_each_of_these_words_is_read_by_somebody(world: World):
    """Or the test above would be looking for nothing."""
    readers = ("requester", "classmate", "officer", "trust_spoc", "trust_nurse", "housing_spoc")
    read = [text for who in readers for text in pages_of(world, who).values()]
    missing = [words for words in SECRETS if not any(words in text for text in read)]
    # A number is written in groups; what is discarded is shown to nobody, but might be.
    assert set(missing) <= {"9990000018", "Zeddiscarded"}
