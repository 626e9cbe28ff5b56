"""Every move is tried from every state and by every person."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction

from tests.authentication.factor_rows import RESET_WHO
from tests.cast import PEOPLE, Cast
from tests.house.agreement_rows import AGREEMENT_WHO, PARTICIPATION_WHO
from tests.house.people_rows import PEOPLE_WHO
from tests.house.register_rows import OF_THE_REGISTER_WHO, REGISTER_WHO
from tests.house.retention_rows import RETENTION_WHO
from tests.house.rows import ROWS
from workflow.transitions import NEW, TABLES, TransitionRefused, Transitions

pytestmark = pytest.mark.django_db

# A model may have tables in more than one app: the register's agencies sign the agreement.
BY_MODEL: dict[str, list[Transitions]] = {}
for each in TABLES:
    BY_MODEL.setdefault(each.name, []).append(each)

REQUESTER = {"requester"}
FRONT_DOOR = {"officer", "officer2"}
TRUST = {"trust_spoc", "trust_manager"}
PARTNERS = {"police_partner", "board_partner"}
ADVISER = {"trust_adviser"}

# Who may make each move, in the case of the requester's school and the trust's check. Written
# by hand from the agreement, apart from the tables that the portal works by.
WHO: dict[str, dict[str, set[str]]] = {
    "factorreset": RESET_WHO,
    "informationrequest": {
        "describe": REQUESTER,
        "discard": REQUESTER,
        "send": REQUESTER,
        "return": FRONT_DOOR,
        "accept": FRONT_DOOR,
        "take_back": FRONT_DOOR,
        "decline": FRONT_DOOR,
        "rate": FRONT_DOOR,
        "release": FRONT_DOOR,
        "claim": FRONT_DOOR,
        "hand_over": FRONT_DOOR,
        "give_back": FRONT_DOOR,
    },
    "subject": {"change": REQUESTER, "remove": REQUESTER},
    "need": {"change": REQUESTER, "remove": REQUESTER},
    "attachment": {"change": REQUESTER, "remove": REQUESTER},
    "consent": {"record": REQUESTER},
    "triagecheck": {"answer": FRONT_DOOR},
    "clarification": {"answer": REQUESTER},
    "enquiry": {
        "take": TRUST,
        "hand": TRUST,
        "not_known": TRUST,
        "answer": TRUST,
        "reconsider": PARTNERS,
        "release": FRONT_DOOR,
        "rate": FRONT_DOOR,
        "remind": FRONT_DOOR,
        "ask_more": FRONT_DOOR,
        "withdraw": FRONT_DOOR,
    },
    "question": {},
    "pause": {
        "requester_answered": REQUESTER,
        "requester_not_awaited": FRONT_DOOR,
        "advice_came": ADVISER | TRUST,
        "advice_not_needed": FRONT_DOOR,
    },
    "item": {"change": TRUST, "drop": TRUST, "offer": TRUST, "withhold": TRUST},
    "receipt": {},
    "release": {},
    "releaseditem": {},
    "releasedanswer": {},
    "recipient": {"acknowledge": REQUESTER},
    "opening": {"close": {"police_partner"}},
    "openingnote": {},
    "shiftnote": {
        "replace": FRONT_DOOR,
        "withdraw": FRONT_DOOR,
        "take": frozenset({"officer2"}),
    },
    "matchverdict": {"link": FRONT_DOOR, "tell_apart": FRONT_DOOR, "undo": FRONT_DOOR},
    "decision": {
        "weigh": TRUST,
        "seek_advice": TRUST,
        "take_advice": ADVISER,
        "note_advice": TRUST,
        "record": TRUST,
    },
    "weighed": {"part": TRUST},
    "answer": {"give": TRUST},
    "point": {"consider": TRUST},
    "advicerequest": {"give": ADVISER, "note": TRUST},
    "scrutiny": {"accept": PARTNERS, "reconsider": PARTNERS},
    **AGREEMENT_WHO,
    "agency": PARTICIPATION_WHO | REGISTER_WHO,
    **OF_THE_REGISTER_WHO,
    **PEOPLE_WHO,
    **RETENTION_WHO,
}


class Reached(Exception):
    """The move was let through; nothing of it is kept."""


def outcome(table: Transitions, name: str, row: Any, person: Any) -> str:
    try:
        with transaction.atomic(), table.making(name, row, by=person):
            raise Reached  # noqa: TRY301 - raised inside the move, to undo it
    except Reached:
        return "made"
    except PermissionDenied:
        return "not theirs"
    except TransitionRefused:
        return "refused"


def moves_of_old_rows(model: str) -> dict[str, tuple[Transitions, Any]]:
    """The moves of rows that exist; those that make a row are tried by its own tests."""
    moves = [(name, table, m) for table in BY_MODEL[model] for name, m in table.table.items()]
    assert len({name for name, _table, _m in moves}) == len(moves), f"{model}: two of one name"
    return {name: (table, m) for name, table, m in moves if set(m.start) != {NEW}}


def test_each_table_each_state_and_each_move_is_in_these_tests():
    assert set(ROWS) == set(BY_MODEL) == set(WHO)
    for model, tables in BY_MODEL.items():
        assert set(ROWS[model]) == set(tables[0].model.Status.values), model
        assert set(WHO[model]) == set(moves_of_old_rows(model)), model


@pytest.mark.parametrize(
    ("model", "state"), [(model, state) for model, makers in ROWS.items() for state in makers]
)
def test_each_move_is_made_by_its_people_from_its_states_and_by_nobody_else(
    cast: Cast, model: str, state: str
):
    rows = BY_MODEL[model][0].model._base_manager
    row = rows.get(pk=ROWS[model][state](cast).pk)
    assert row.status == state
    everybody = {who: getattr(cast, who) for who in PEOPLE}
    for name, (table, move) in moves_of_old_rows(model).items():
        legal = state in move.start and move.requirements_hold(row)
        for who, actor in everybody.items():
            got = outcome(table, name, row, actor)
            expected = {"made"} if legal and who in WHO[model][name] else {"not theirs", "refused"}
            assert got in expected, f"{who} tried to {name} {model} from {state}: {got}"
            if who not in WHO[model][name]:
                assert got != "made"
    fresh = rows.get(pk=row.pk)
    assert (fresh.status, fresh.version) == (state, row.version)


# What an administrator keeps as part of their work is no case.
NOT_AN_ADMINISTRATORS = [
    m for m in ROWS if WHO[m] and "administrator" not in set().union(*WHO[m].values())
]


@pytest.mark.parametrize("model", NOT_AN_ADMINISTRATORS)
def test_a_superuser_flag_opens_nothing(cast: Cast, model: str):
    """The database refuses the flag; were it set, no policy would read it."""
    administrator = cast.administrator
    administrator.user.is_superuser = administrator.user.is_staff = True
    state, make = next(iter(ROWS[model].items()))
    row = make(cast)
    assert row.status == state
    for table in BY_MODEL[model]:
        for permission in table.policy.reach:
            assert not table.policy.scope(administrator, permission).exists()
