"""Evidence goes on using the names that stand in it already, whatever a class is called."""

import ast
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models
from django.test.utils import isolate_apps

import portal.transitions_doc  # noqa: F401 - brings every table of transitions
from audit.ledger.known_findings import MOVE
from audit.ledger.leaves import SEALED_ANEW
from audit.names import move_of, thing_of
from encryption.fields import sealed_fields
from requests_app.models import AgencyCheck
from requests_app.policies import AGENCY_CHECKS
from retention.holds.actions import lift_hold
from retention.models import Hold
from scripts.check import APPS
from tests.audit.owner import as_owner
from tests.cast import Cast
from tests.house import retention_rows
from tests.house.evidence_names import BESIDE_THE_TABLES, LABELS, MOVES, THINGS, WITH_HISTORY
from workflow.stamped import BY_ITSELF
from workflow.transitions import TABLES, TransitionRefused, Transitions

ROOT = Path(__file__).parents[2]
OURS = {name.partition(".")[0] for name in THINGS}
TABLES_OF_OURS = [table for table in TABLES if table.model._meta.app_label in OURS]


def ours() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if model._meta.app_label in OURS]


def test_every_kind_of_row_is_called_what_it_was_called():
    things = {thing_of(model) for model in ours() if not hasattr(model, "instance_type")}
    assert things == THINGS


def test_every_history_is_called_what_it_was_called():
    histories = {thing_of(model) for model in ours() if hasattr(model, "instance_type")}
    assert histories == {name.replace(".", ".historical") for name in WITH_HISTORY}


def test_every_transition_is_called_what_it_was_called():
    assert {f"{table.name}.{name}" for table in TABLES_OF_OURS for name in table.labels} == MOVES


def test_every_sealed_value_is_bound_to_what_it_was_bound_to():
    assert {each.label for model in ours() for each in sealed_fields(model)} == LABELS


def test_a_name_from_before_is_still_said_in_words():
    assert {before for table in TABLES_OF_OURS for before in table.formerly} == {
        *("say_for_agency", "take_back_for_agency", "place_for_agency", "lift_for_agency"),
        *("note_review", "advice_not_awaited"),
    }
    for table in TABLES_OF_OURS:
        for before, now in table.formerly.items():
            assert before not in table.table
            assert table.labels[before] == table.table[now].label


@pytest.mark.django_db(databases=["default", "keystore"])
def test_what_was_done_under_a_name_from_before_is_done(cast: Cast):
    hold = retention_rows.hold(cast, lifted=True)
    as_owner(
        "UPDATE retention_historicalhold SET history_change_reason = %s WHERE history_id = %s",
        *("lift_for_agency", hold.history.first().history_id),
    )
    assert hold.history.first().history_change_reason == "lift_for_agency"
    assert lift_hold(Hold.objects.get(pk=hold.pk), by=cast.trust_spoc) == hold
    with pytest.raises(TransitionRefused, match="hold lifted"):
        lift_hold(Hold.objects.get(pk=hold.pk), by=cast.trust_manager)


def first_words(source: str) -> set[str]:
    """The names that a module gives by hand to what it writes in evidence."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
            called = getattr(node.func, "id", getattr(node.func, "attr", ""))
            if called in ("record", "save_unattended_as", "_witness"):
                found.add(node.args[0].value)
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "_stamp":
            found |= {each.value for each in node.args if isinstance(each, ast.Constant)}
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant):
            of = getattr(node.targets[0], "attr", "")
            found |= {node.value.value} if of == "_change_reason" else set()
    return found


def test_what_no_transition_does_is_called_what_it_was_called():
    found = {*BY_ITSELF.values(), MOVE, SEALED_ANEW}
    for app in APPS:
        for path in (ROOT / app).rglob("*.py"):
            if "migrations" not in path.parts:
                found |= first_words(path.read_text())
    assert {name if "." in name else f".{name}" for name in found} == BESIDE_THE_TABLES


def test_a_name_by_hand_is_found_wherever_it_is_given():
    assert first_words(
        'record("a.b", row)\nsave_unattended_as("c", row)\nrow._change_reason = "d"\n'
        '_stamp(role, "e", by)\n_witness("f.g", row)'
    ) == {"a.b", "c", "d", "e", "f.g"}


@isolate_apps("requests_app")
def test_a_class_with_another_name_and_the_same_table_writes_the_same():
    class Renamed(models.Model):
        class Meta:
            app_label = "requests_app"
            db_table = AgencyCheck._meta.db_table

    assert thing_of(Renamed) == thing_of(AgencyCheck) == "requests_app.enquiry"
    assert move_of(Renamed, "put") == "enquiry.put"


def test_a_table_of_transitions_cannot_be_called_otherwise_than_its_rows():
    before = list(TABLES)
    with pytest.raises(ValueError, match="calls these rows enquiry, not agencycheck"):
        Transitions("agencycheck", AGENCY_CHECKS, {})
    assert before == TABLES
