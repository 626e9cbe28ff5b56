"""Holds every traced row, its history and the evidence tables against what the leaves say."""

import functools
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db.models import Exists, Model, OuterRef, QuerySet

from audit.ledger.findings import Beside, Findings, Step, state_of
from audit.ledger.known_findings import known_to
from audit.ledger.leaves import SEALED_ANEW, canonical, moment, shared_by_all
from audit.ledger.reading import (
    filed,
    hold_keyed,
    hold_kinds,
    hold_set_aside,
    in_bulk,
    of_one_moment,
    some_rows,
)
from audit.ledger.row_state import Said, hold, is_same_row, keys_of
from audit.models import GONE, AccessEntry, Event, KnownFinding, Leaf
from audit.names import move_of, thing_of
from encryption.disposals import Disposed
from encryption.models import SealedModel
from encryption.provider import refuse_without_ring

BESIDE: list[Callable[[], Iterable[Beside]]] = []
Known = dict[tuple[str, str], Said]


@dataclass
class _Leaves:
    """By table and key: what a row is now, and what each of its history rows was."""

    rows: Known
    past: Known
    disposed: Disposed = field(default_factory=Disposed)


def verify_live(*, step: Step = lambda _done: None) -> Findings:
    """Find each row that was rolled back, edited, added or removed other than by a transition.

    Raises KeyringFault where this process has no ring, and RegisterFault.
    """
    refuse_without_ring()
    with of_one_moment():
        return _held(step)


def _held(step: Step) -> Findings:
    found = Findings()
    done = _Counter(step)
    on_record = known_to(found)
    leaves = _read_leaves(found, done)
    hold_set_aside(found)
    hold_keyed(found)
    for model in traced_models():
        _hold_rows(model, leaves, found, done)
        _hold_history(model, leaves, found, done)
    traced = {thing_of(each) for each in traced_models()} | {thing_of(KnownFinding)}
    for pk in on_record:
        leaves.rows.pop((thing_of(KnownFinding), pk), None)
    for key, said in leaves.rows.items():
        if key[0] in traced:
            found.add(f"{key[0]} {key[1]} is gone.", *said.state())
    for key, said in leaves.past.items():
        found.add(f"History row {key[1]} of {key[0]} is gone.", *said.state())
    for check in BESIDE:
        for what, state in check():
            found.add(what, *state)
    return found


def held_beside(check: Callable[[], Iterable[Beside]]) -> None:
    """Have ``verify_live`` ask this too: what is wrong with rows that follow from held ones."""
    if check not in BESIDE:
        BESIDE.append(check)


def traced_models() -> list[type[Model]]:
    """Every model each change of whose rows is in the ledger, with the history row beside it."""
    return [model for model in apps.get_models() if _is_traced(model)]


@functools.cache
def _is_traced(model: Any) -> bool:
    if not hasattr(model, "history"):
        return False
    return issubclass(model, SealedModel) or getattr(model.history.model, "in_ledger", False)


class _Counter:
    def __init__(self, step: Step) -> None:
        self.count, self.step = 0, step

    def one(self) -> None:
        self.count += 1
        self.step(self.count)


def _read_leaves(found: Findings, done: _Counter) -> _Leaves:
    leaves = _Leaves({}, {})
    hold_kinds(found)
    for kind, table, fits in (
        (Leaf.Kind.CHANGE, Event, _is_that_event),
        (Leaf.Kind.LOOK, AccessEntry, _is_that_entry),
    ):
        for body, there, entry in _with_entries(kind, table, found):
            done.one()
            found.leaves += 1
            if not there:
                found.add(f"{table._meta.label} {body['entry']} is gone.", canonical(body))
            elif entry is None or entry.at is None or not fits(body, entry):
                now = (*state_of(entry), canonical(body))
                found.add(f"{table._meta.label} {body['entry']} is not what it was.", *now)
            if kind == Leaf.Kind.CHANGE:
                _remember(body, leaves, found)
        leaf = Leaf.objects.filter(kind=kind, entry=OuterRef("pk"))
        for some in some_rows(table.objects.filter(~Exists(leaf))):
            for pk, entry in some:
                name = f"{table._meta.label} {pk}"
                found.add(f"{name} was added and is in no ledger.", *state_of(entry))
    return leaves


def _with_entries(
    kind: str, table: Any, found: Findings
) -> Iterator[tuple[dict[str, Any], bool, Any]]:
    for said in filed(kind, found):
        rows = in_bulk(table.objects.all(), [body["entry"] for body in said])
        for body in said:
            yield body, body["entry"] in rows, rows.get(body["entry"])


def _is_that_event(body: dict[str, Any], event: Event) -> bool:
    says = {
        **shared_by_all(event),
        "move": event.move,
        "before": event.before,
        "after": event.after,
        "version": event.version,
        "digest": event.digest,
        "details": event.details,
    }
    return all(body[name] == value for name, value in says.items())


def _is_that_entry(body: dict[str, Any], entry: AccessEntry) -> bool:
    says = {**shared_by_all(entry), "look": entry.kind, "may": entry.may}
    return all(body[name] == value for name, value in says.items())


def _remember(body: dict[str, Any], leaves: _Leaves, found: Findings) -> None:
    key = (sys.intern(body["thing"]), body["thing_id"])
    if body["move"] == SEALED_ANEW:
        _hold_sealed_anew(key, body, leaves, found)
    stamp = b""
    if body["history"]:
        removal = "-" if body["after"] == GONE else ""
        stamp = _stamp(
            *(body["thing_id"], str(body["history"][1]), body["person"], body["agency"]),
            *(body["move"], removal),
        )
        past = (key[0], str(body["history"][0]))
        leaves.past[past] = _said(body, stamp)
    held = leaves.rows.get(key)
    if body["after"] == GONE:
        leaves.rows.pop(key, None)
    elif held is None or (held.version, held.entry) < (body["version"], body["entry"]):
        leaves.rows[key] = _said(body, stamp)


def _hold_sealed_anew(
    key: tuple[str, str], body: dict[str, Any], leaves: _Leaves, found: Findings
) -> None:
    """Sealing a row anew changes nothing that it says: else a tampering would be signed away.

    So the leaf names the fingerprint of what was sealed before, and that must be what the leaves
    knew of the row until then.
    """
    before = leaves.rows.get(key)
    if before is None:
        before = leaves.past.get((_tracked_by(key[0]), key[1]))
    known = before and (before.version, before.digest)
    says = (body["version"], body["details"].get("was"))
    if known != says or not is_same_row(before, _said(body, b""), leaves.disposed):
        found.add(f"{key[0]} {key[1]} was sealed anew when it was not as at its last step.")


@functools.cache
def _tracked_by(history: str) -> str:
    """The label of the model of whose rows this table keeps the history; "" where it keeps none."""
    of = {thing_of(each.history.model): each for each in traced_models()}  # type: ignore[attr-defined]
    return thing_of(of[history]) if history in of else ""


def _said(body: dict[str, Any], stamp: bytes) -> Said:
    return Said(
        version=body["version"],
        entry=body["entry"],
        digest=body["digest"],
        row=body["row"],
        case=UUID(body["case"]) if body["case"] else None,
        after=sys.intern(body["after"]),
        stamp=stamp,
    )


def _hold_rows(model: type[Model], leaves: _Leaves, found: Findings, done: _Counter) -> None:
    label = thing_of(model)
    for pk, row, said in _with_said(label, model._base_manager.all(), leaves.rows, done):
        name = f"{label} {pk}"
        if row is None:
            found.add(f"{name} cannot be read.")
        elif said is None:
            found.add(f"{name} was added and is in no ledger.", *state_of(row))
        else:
            hold(name, model, row, said, disposed=leaves.disposed, found=found)


def _hold_history(model: Any, leaves: _Leaves, found: Findings, done: _Counter) -> None:
    label, past = thing_of(model), model.history.model
    for pk, row, said in _with_said(label, past._base_manager.all(), leaves.past, done):
        if row is None:
            found.add(f"History row {pk} of {label} cannot be read.")
            continue
        name = f"History row {pk} of {label} {row.id}"
        if said is None:
            found.add(f"{name} was added and is in no ledger.", *state_of(row))
            continue
        # A history row that was sealed anew under a new key says so in a leaf of its own.
        anew = leaves.rows.get((thing_of(past), str(row.history_id)))
        digest = anew.digest if anew else said.digest
        said_now = replace(said, digest=digest)
        hold(name, model, row, said_now, disposed=leaves.disposed, found=found)
        if said.stamp != _stamp_of(model, row):
            now = (*state_of(row), *said.state())
            found.add(f"{name} names another person, agency, time or step.", *now)


def _with_said(
    label: str, rows: QuerySet[Any], known: Known, done: _Counter
) -> Iterator[tuple[Any, Any, Said | None]]:
    """Each row by its key with what the leaves say of it, while the keys for that are at hand."""
    for some in some_rows(rows):
        held = [(pk, row, known.pop((label, str(pk)), None)) for pk, row in some]
        with keys_of(said for _pk, _row, said in held):
            for each in held:
                done.one()
                yield each


def _stamp_of(model: Any, row: Any) -> bytes:
    return _stamp(
        str(row.id),
        moment(row.history_date) if row.history_date else "",
        _text(row.history_user_id),
        _text(row.history_agency_id),
        move_of(model, row.history_change_reason),
        "-" if row.history_type == "-" else "",
    )


def _stamp(*parts: str) -> bytes:
    """Who, for which agency, when and why, in a few bytes: there is one for each leaf."""
    return sha256("\n".join(parts).encode()).digest()


def _text(value: object) -> str:
    return "" if value is None else str(value)
