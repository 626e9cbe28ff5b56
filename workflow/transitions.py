"""Changes of state, as a table: each row is one transition, ``Transitions.making`` makes any."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial, wraps
from types import MappingProxyType
from typing import Any, NoReturn, ParamSpec, TypeVar

from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError
from django.utils.translation import gettext as _

from audit.names import kind_of
from audit.record import record
from encryption.models import sealed_digest
from outbox.post import post
from workflow.act import NotWritten, act, noted, write_what_is_noted
from workflow.acting import Actor, Permission
from workflow.history import WITH_EVIDENCE
from workflow.locking import hold
from workflow.policy import Policy
from workflow.rls_session import behind_the_wall, is_refused_by_the_wall
from workflow.rows import find_row
from workflow.transition import Transition

NEW = ""
SAME = "="  # the transition leaves the row in the state in which it was

Args = ParamSpec("Args")
Result = TypeVar("Result")


class TransitionRefused(Exception):
    """The row is not, or no longer, in a state from which this transition can be made.

    The text is for the person: it says what has happened, never what the row holds.
    """


class AlreadyMade(TransitionRefused):
    """The very same transition has just been made by the very same actor: a doubled click."""

    def __init__(self, thing: Any) -> None:
        super().__init__(_("This has already been done."))
        self.thing = thing


def idempotent(action: Callable[Args, Result]) -> Callable[Args, Result]:
    """An action that, made twice by the same person, is made once and answers alike."""

    @wraps(action)
    def doing(*args: Args.args, **kwargs: Args.kwargs) -> Result:
        try:
            with act(apart=True):
                return action(*args, **kwargs)
        except AlreadyMade as made:
            done: Result = made.thing
            return done

    return doing


TABLES: list["Transitions"] = []


class Transitions:
    """All the transitions of one model. The model is traced, with a ``status`` and a ``case``.

    ``name`` is what evidence calls such a row, for ever: ``enquiry`` makes ``enquiry.put``. It is
    the name of the table, so that whatever holds rows against the ledger knows it too.
    ``formerly`` are names that evidence and histories hold from before, with those of today.
    """

    def __init__(
        self,
        name: str,
        policy: Policy[Any],
        table: Mapping[str, Transition],
        formerly: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        if name != kind_of(policy.model):
            raise ValueError(f"Evidence calls these rows {kind_of(policy.model)}, not {name}.")
        self.name = name
        self.policy = policy
        self.table = table
        self.formerly = formerly
        TABLES.append(self)

    @property
    def model(self) -> type[Any]:
        """The model whose rows transition."""
        return self.policy.model

    @property
    def labels(self) -> dict[str, Any]:
        """Each transition in words, by the names of today and by those from before."""
        return {name: transition.label for name, transition in self.table.items()} | {
            before: self.table[now].label for before, now in self.formerly.items()
        }

    @contextmanager
    def making(
        self,
        name: str,
        thing: Any,
        *,
        by: Actor,
        writes: Mapping[str, Any] | None = None,
        tells: Any = None,
        **details: str | int,
    ) -> Iterator[Transition]:
        """Make one transition; the ``with`` block sets whatever else changes on the row.

        ``tells`` is the one person whom its messages are for, and nobody if that is the actor.

        What somebody ``writes`` is set too. The same transition sent again with something else in
        it is no doubled click: it is refused, since what was written then would be kept nowhere.

        In one transaction the case is locked, then the row; both are read again; the
        permission, the state and the related states are checked; the block runs; then the
        row, its history, its evidence and its messages are written together.

        Raises PermissionDenied, AlreadyMade, TransitionRefused.
        """
        transition = self.table[name]
        with act():
            before = hold(thing, transition.requires, partial(self._read_if_allowed, name, by))
            try:
                with self._unless_it_is_there(name, thing, before, by):
                    self._check(name, transition, thing, before, by)
                    for column, written in (writes or {}).items():
                        setattr(thing, column, written)
                    yield transition
            except AlreadyMade as made:
                said = {column: getattr(made.thing, column) for column in writes or {}}
                refuse_other_words(said=said, now=dict(writes or {}))
                raise
            thing.status = before if transition.end == SAME else transition.end
            thing._history_user, thing._history_agency_id = by.user, by.agency.pk
            thing._change_reason = name
            self._save(name, thing, before, by)
            if before == NEW and not self.policy.allows(by, thing, *transition.permissions):
                raise PermissionDenied(f"may not {name}")
            record(
                f"{self.name}.{name}",
                thing,
                noted(),
                person=str(by.user.pk),
                agency=str(by.agency.pk),
                before=before,
                after=thing.status,
                digest=sealed_digest(thing),
                **details,
            )
            for topic in transition.notifies if tells != by.user else ():
                post(topic, about=thing, to=str(tells.pk) if tells else "")

    def make(
        self,
        name: str,
        thing: Any,
        *,
        by: Actor,
        writes: Mapping[str, Any] | None = None,
        **details: str | int,
    ) -> None:
        """Make one transition that changes nothing but the state and what somebody ``writes``."""
        with self.making(name, thing, by=by, writes=writes, **details):
            pass

    def can(
        self, name: str, thing: Any, *, by: Actor, reached_by: Permission | None = None
    ) -> bool:
        """Whether the transition would be let through now: what a page asks before it offers it.

        The permission by which the page has fetched the row is not asked for again.
        """
        transition = self.table[name]
        if thing.status not in transition.start or not transition.requirements_hold(thing):
            return False
        if transition.is_kept_apart(thing, by.user):
            return False
        if reached_by in transition.permissions:
            return True
        return self.policy.allows(by, thing, *transition.permissions)

    def _read_if_allowed(self, name: str, by: Actor, thing: Any, related: tuple[str, ...]) -> Any:
        """The row, locked, if it may be changed."""
        if (row := self.policy.locked(by, thing, self.table[name].permissions, related)) is None:
            raise PermissionDenied(f"may not {name}")
        return row

    @contextmanager
    def _unless_it_is_there(self, name: str, thing: Any, before: str, by: Actor) -> Iterator[None]:
        """Whatever refuses a new row, that it was made before is what is said of it."""
        try:
            yield
        except (TransitionRefused, PermissionDenied):
            if before == NEW and find_row(self.model, thing.pk):
                self._refuse_a_second(name, thing, by)
            raise

    def _check(self, name: str, transition: Transition, thing: Any, before: str, by: Actor) -> None:
        if before not in transition.start:
            write_what_is_noted()
            aside = [each for each, beside in self.table.items() if beside.aside]
            said = thing.history.exclude(history_change_reason__in=aside)
            last = self._stamp(said.order_by("-history_id").first())
            if before == transition.end and last == (name, by.user.pk, by.agency.pk):
                raise AlreadyMade(thing)
            raise TransitionRefused(self._what_happened(thing))
        if unmet := list(transition.unmet(thing)):
            # A row may say itself, in ``ended_because``, why nothing goes on under it.
            said = filter(None, (getattr(other, "ended_because", "") for other in unmet))
            changed = _("The step before this one has changed since you opened the page.")
            raise TransitionRefused(next(said, changed))
        if transition.is_kept_apart(thing, by.user):
            raise PermissionDenied(f"someone else must {name}")

    def _save(self, name: str, thing: Any, before: str, by: Actor) -> None:
        """Save; a new row that came in between under the same id is a second of it."""
        try:
            thing._in_transition = True
            setattr(thing, WITH_EVIDENCE, noted() is not None)
            thing.save()
        except IntegrityError as fault:
            if before != NEW:
                raise
            raise NotWritten(partial(self._why_not_added, fault, name, thing, by)) from fault
        except DatabaseError as fault:
            if is_refused_by_the_wall(fault):
                raise PermissionDenied(f"may not {name}") from None
            raise

    def _why_not_added(self, fault: IntegrityError, name: str, thing: Any, by: Actor) -> NoReturn:
        if find_row(self.model, thing.pk):
            self._refuse_a_second(name, thing, by)
        if behind_the_wall(self.model, thing.pk):
            raise PermissionDenied("that id belongs to something else") from None
        raise fault

    def _refuse_a_second(self, name: str, thing: Any, by: Actor) -> NoReturn:
        """A new row whose id is taken: a doubled post, an old page sent again, or a made-up id."""
        write_what_is_noted()
        first = self.model._base_manager.get(pk=thing.pk)
        if getattr(first, "case_id", None) != getattr(
            thing, "case_id", None
        ) or not self.policy.allows(by, first, *self.table[name].permissions):
            raise PermissionDenied("that id belongs to something else")
        made = first.history.order_by("history_id").first()
        if self._stamp(made) != (name, by.user.pk, by.agency.pk):
            raise TransitionRefused(self._what_happened(first))
        if _says_the_same(first, thing):
            raise AlreadyMade(first)
        raise TransitionRefused(
            _("This page was sent before, with something else in it. Open it again to add more.")
        )

    def _stamp(self, row: Any) -> tuple[Any, ...]:
        name = self.formerly.get(row.history_change_reason, row.history_change_reason)
        return (name, row.history_user_id, row.history_agency_id)

    def _what_happened(self, thing: Any) -> str:
        latest = thing.history.order_by("-history_id").first()
        said = self.labels.get(latest.history_change_reason if latest else "", thing.status)
        return str(_("This has changed since you opened the page. The last step was: %s.") % said)


def refuse_other_words(*, said: Any, now: Any) -> None:
    """Raise TransitionRefused where somebody says ``now`` what is not what was ``said`` before."""
    if said != now:
        raise TransitionRefused(
            _(
                "You sent this before, with different text. The first was kept; what you sent "
                "now was not."
            )
        ) from None


def _says_the_same(first: Any, thing: Any) -> bool:
    """Whether two rows hold the same of all that a person can choose or type."""
    chosen = [field.attname for field in thing._meta.concrete_fields if field.editable]
    return all(getattr(first, name) == getattr(thing, name) for name in chosen)
