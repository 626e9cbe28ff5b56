"""A world with a row in every state, for tests that walk round it and may not leave a trace.

It stands for a file of tests, in a transaction that is rolled back after the last one; each request
is undone by itself. It is built once, and put back for the next file while it is young: an opening
lasts an hour, and nobody stays signed in for ever. The keys of the rows are those that the tables
go by.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections, transaction
from django.db.models import Model
from django.test import Client
from django.utils import timezone

from agencies.acting import Actor, actor_for
from agencies.bootstrap.unattended import join
from agencies.grants import revoke
from agencies.models import Agency, Guidance, User
from agencies.permissions import Role
from agreement.bootstrap import found_agreement
from decisions.advice import actions as advising
from decisions.flow import actions as deciding
from decisions.models import Decision
from portal.acting import SESSION_KEY
from requests_app.agency_checks import actions as agency_checks
from requests_app.asking import actions as asking
from requests_app.break_glass import actions as openings
from requests_app.choices import Check
from requests_app.files import actions as files
from requests_app.matching.judging import judge
from requests_app.models import AgencyCheck, InformationRequest, TimeReminder
from requests_app.triage import actions as triage
from retention.models import DisposalStatement
from tests import walks
from tests.agencies import people_walks as kept_people
from tests.agreement import walks as editions
from tests.authentication.factor_rows import asked, member
from tests.cast import PASSWORD, PEOPLE, Cast, gather_cast, present_agencies
from tests.house.register_rows import a_closure
from tests.plugins.people import sign_in
from tests.plugins.rows import BOTH, Empty, Rows
from tests.retention import walks as kept_records
from workflow.bootstrap import create_unattended

ANONYMOUS, TWO_HATS, REVOKED = "anonymous", "two_hats", "revoked"
LINKED = {"verdict": "linked", "because": "records"}
EVERYBODY = (*PEOPLE, TWO_HATS, REVOKED, ANONYMOUS)


@dataclass
class World:
    """The people, the rows by kind and key, and a session of each person."""

    cast: Cast
    rows: dict[str, dict[str, Any]] = field(default_factory=dict)
    sessions: dict[str, str] = field(default_factory=dict)
    actors: dict[str, Actor] = field(default_factory=dict)
    # Kept by whoever reads them.
    pages: dict[str, dict[str, str]] = field(default_factory=dict)
    fields: dict[str, list[str]] = field(default_factory=dict)

    def keep(self, kind: str, key: str, row: Any) -> Any:
        """Put a row under its key."""
        self.rows.setdefault(kind, {})[key] = row
        return row

    def client(self, who: str, **how: Any) -> Client:
        """A client of that person; nothing that a request does to it lasts."""
        client = Client(raise_request_exception=False, **how)
        if who != ANONYMOUS:
            client.cookies[settings.SESSION_COOKIE_NAME] = self.sessions[who]
        return client

    def args(self, where: str) -> list[Any]:
        """``"case.draft subject.child"`` as what an address takes; ``=word`` is that word."""
        return [each[1:] if each.startswith("=") else self.row(each).pk for each in where.split()]

    def row(self, where: str) -> Any:
        """``"case.draft"``: the row under that key."""
        kind, key = where.split(".")
        return self.rows[kind][key]

    def every_id(self) -> set[UUID]:
        """Every identifier there is, of people and agencies too."""
        kept = {row.pk for of_kind in self.rows.values() for row in of_kind.values()}
        people = {user.pk for user in self.cast.users.values()}
        return kept | people | {agency.pk for agency in self.cast.agencies.values()}


@contextmanager
def undone() -> Iterator[None]:
    """Whatever happens within is rolled back."""
    with ExitStack() as stack:
        for alias in BOTH:
            around = transaction.atomic(using=alias)
            around._from_testcase = True  # as Django's own: durable blocks go into it
            stack.enter_context(around)
        try:
            yield
        finally:
            for alias in BOTH:
                transaction.set_rollback(True, using=alias)


class Acting(Cast):
    """The cast with somebody else in the part of the requester."""

    def __init__(self, cast: Cast, requester: str) -> None:
        super().__init__(cast.agencies, cast.users)
        self.instead = requester

    @property
    def requester(self) -> Actor:
        return getattr(super(), "__getattr__")(self.instead)  # noqa: B009 - not an attribute


def build() -> World:
    """Everybody and everything."""
    world = World(gather_cast())
    with_agreement(world)
    with_more_people(world)
    with_requests(world)
    with_checks(world)
    with_what_came_of_them(world)
    with_retention(world)
    with_parts(world)
    with_a_register(world)
    with_a_reset(world)
    with_kept_people(world)
    return world


class KeptWorld:
    """The world as it was built, and the same again for whoever asks while it is young."""

    YOUNG = timedelta(minutes=20)

    def __init__(self, empty: Empty) -> None:
        self.empty = empty
        self.built_at: datetime | None = None
        self.rows = Rows()
        self.keys: dict[str, dict[str, tuple[type[Model], Any]]] = {}
        self.people: dict[str, Any] = {}

    def again(self) -> World:
        """Everybody and everything, in empty tables, and everybody signed in just now."""
        assert self.empty.is_here(), "Something was committed and not taken away again."
        if self.built_at is None or timezone.now() - self.built_at > self.YOUNG:
            world = build()
            self._keep(world)
        else:
            self.rows.put_back()
            world = self._read()
        sign_everybody_in(world)
        for alias in BOTH:
            # Or what the world owes the foreign keys would be looked at after each test.
            connections[alias].check_constraints()
        return world

    def _keep(self, world: World) -> None:
        """Rows and keys only: what a model opens of them is never copied."""
        self.built_at, self.rows = timezone.now(), Rows.of_now(apart_from=self.empty.rows)
        self.people = {who: user.pk for who, user in world.cast.users.items()}
        self.keys = {
            kind: {key: (type(row), row.pk) for key, row in rows.items()}
            for kind, rows in world.rows.items()
        }

    def _read(self) -> World:
        users = User.objects.in_bulk(list(self.people.values()))
        cast = Cast(present_agencies(), {who: users[pk] for who, pk in self.people.items()})
        world = World(cast)
        for kind, keys in self.keys.items():
            for key, (model, pk) in keys.items():
                world.keep(kind, key, model._base_manager.get(pk=pk))
        return world


def with_agreement(world: World) -> None:
    """Edition 1 in force, another proposed and one being written; the trust has not signed."""
    cast = world.cast
    signed = [agency for code, agency in cast.agencies.items() if code != "trust"]
    world.keep("edition", "in_force", found_agreement(signed))
    world.keep("edition", "proposed", editions.proposed(cast))
    world.keep("edition", "draft", editions.a_draft(cast))
    world.keep("agency", "trust", cast.agencies["trust"])


def with_more_people(world: World) -> None:
    """One of many agencies who acts for the wrong one; one whose role will be taken away."""
    agencies, users = world.cast.agencies, world.cast.users
    for code, given in ((TWO_HATS, "Tilly"), (REVOKED, "Ron")):
        users[code] = User.objects.create_user(
            f"{given}@elsewhere.example".lower(), PASSWORD, first_name=given, last_name="Extra"
        )
    join(users[TWO_HATS], Role.REQUESTER, agencies["school"])
    for role, agency in (
        (Role.IFD_OFFICER, "front_door"),
        (Role.SPOC, "trust"),
        (Role.ADVISER, "trust"),
        (Role.SPOC, "housing"),
        (Role.PARTNER, "board"),
    ):
        join(users[TWO_HATS], role, agencies[agency])
    join(users[REVOKED], Role.SPOC, agencies["trust"])


def draft(world: World, key: str, who: str = "requester", *, sent: bool = True) -> Any:
    """A request of its own child, with a file."""
    cast = Acting(world.cast, who)
    number = "9990000018" if key == "accepted" else ""  # hashing one takes its time
    names = {"given_name": f"Zed{key}", "family_name": f"Kin{key}", "nhs_number": number}
    case = walks.a_draft(cast, **names)
    upload = SimpleUploadedFile(f"file-{key}.txt", f"paper of {key}".encode())
    files.attach_file(case, by=cast.requester, idempotency_key=uuid4(), upload=upload)
    if sent:
        case = asking.send_request(case, by=cast.requester)
    return world.keep("case", key, case)


def accepted(world: World, key: str) -> Any:
    """A request that passed triage."""
    case = draft(world, key)
    for check in Check:
        triage.answer_check(case, by=world.cast.officer, check=check, answer="yes", note="Seen")
    return triage.accept_request(case, by=world.cast.officer)


def with_requests(world: World) -> None:
    """Requests in every state; one that is somebody else's."""
    cast = world.cast
    for key in ("draft", "another"):
        draft(world, key, sent=False)
    asking.discard_draft(draft(world, "discarded", sent=False), by=cast.requester)
    draft(world, "foreign", "classmate", sent=False)
    draft(world, "sent")
    triage.return_request(
        draft(world, "returned"), by=cast.officer, idempotency_key=uuid4(), questions=["Which day?"]
    )
    triage.decline_request(draft(world, "declined"), by=cast.officer, reason="No purpose")
    asked = draft(world, "checked")
    for check in Check:
        triage.answer_check(asked, by=cast.officer, check=check, answer="yes", note="Seen")
    accepted(world, "accepted")


def with_checks(world: World) -> None:
    """Agency checks in every state, all of one request."""
    cast, case = world.cast, world.row("case.accepted")
    world.keep("check", "put", walks.an_agency_check(cast, "trust", case))
    TimeReminder.objects.create(about=case.pk, which="before", rating=case.rating, pauses=0)
    nursed = world.keep("check", "nursed", walks.taken(cast, "trust", case))
    gone = world.keep("check", "gone", walks.an_agency_check(cast, "trust", case))
    by = actor_for(cast.users[REVOKED], cast.agencies["trust"])
    agency_checks.take_agency_check(gone, by=by)
    revoke(cast.users[REVOKED], Role.SPOC, cast.agencies["trust"])
    for key, holder in (("held", "trust"), ("begun", "trust"), ("homes", "housing")):
        world.keep("check", key, walks.taken(cast, holder, case))
    for key, titles in (("held", ("Held1",)), ("begun", ("Begun1", "Begun2"))):
        walks.listed(world.row(f"check.{key}"), cast.trust_spoc, *titles)
    walks.listed(nursed, cast.trust_spoc, "Nursed1")
    agency_checks.hand_agency_check(nursed, by=cast.trust_spoc, colleague=cast.users["trust_nurse"])
    walks.listed(world.row("check.homes"), cast.housing_spoc, "Homes1")
    for key, by in (("begun", cast.trust_spoc), ("nursed", cast.trust_nurse)):
        agency_check = world.row(f"check.{key}")
        world.keep(
            "decision", key, deciding.begin_decision(agency_check, by=by, idempotency_key=uuid4())
        )


def with_what_came_of_them(world: World) -> None:
    """Decisions in every state; one package that went out; scrutiny."""
    cast, case = world.cast, world.row("case.accepted")
    made = {
        "ready": walks.ready_to_share(cast, "trust", case=case),
        "ready_not": nearly_refused(cast, case),
        "offered": walks.shared(cast, "trust", case=case),
        "police": walks.refused(cast, "police", case=case),
    }
    for key, decision in made.items():
        world.keep("decision", key, decision)
        world.keep("check", key, decision.agency_check)
    waiting = world.keep("check", "waiting", walks.taken(cast, "trust", case))
    walks.listed(waiting, cast.trust_spoc, "Waiting1")
    asking_advice = deciding.begin_decision(waiting, by=cast.trust_spoc, idempotency_key=uuid4())
    world.keep("decision", "waiting", asking_advice)
    advice = advising.seek_advice(
        asking_advice,
        by=cast.trust_spoc,
        idempotency_key=uuid4(),
        step="purpose",
        question="May we ask?",
    )
    world.keep("advice", "waiting", advice)
    released = world.keep("case", "released", walks.released(cast))
    for agency_check in released.agency_checks.all():
        key = "shared" if agency_check.holder.name == "Anytown Health Trust" else "refused"
        world.keep("check", key, agency_check)
        world.keep("decision", key, agency_check.decisions.get())
    world.keep("release", "released", released.releases.get())
    running = walks.opened(cast, world.row("case.sent"))
    world.keep("opening", "running", running)
    over = walks.opened(cast, world.row("case.sent"))
    world.keep("opening", "closed", openings.close_opening(over, by=cast.police_partner))
    for key in ("refused", "police"):
        world.keep("scrutiny", key, world.row(f"decision.{key}").scrutiny)


def nearly_refused(cast: Cast, case: InformationRequest) -> Decision:
    """A decision of the trust that is not to share, if it were recorded."""
    agency_check, by = walks.taken(cast, "trust", case), cast.trust_spoc
    walks.listed(agency_check, by, "Kept1")
    decision = deciding.begin_decision(agency_check, by=by, idempotency_key=uuid4())
    deciding.answer_step(decision, by=by, step="purpose", choice="no", reasons="Not relevant")
    return decision


def with_parts(world: World) -> None:
    """What each request and check is made of, under the key of what it belongs to."""
    for key, row in list(world.rows["case"].items()):
        case = world.keep("case", key, InformationRequest.objects.get(pk=row.pk))
        for person in case.subjects.all():
            world.keep("person", f"{person.role}_{key}", person)
        world.keep("need", key, case.needs.get())
        if file := case.attachments.first():
            world.keep("file", key, file)
        if question := case.clarifications.first():
            world.keep("question", key, question)
    for key, row in list(world.rows["check"].items()):
        agency_check = world.keep("check", key, AgencyCheck.objects.get(pk=row.pk))
        for number, item in enumerate(agency_check.items.order_by("listed_at")):
            world.keep("item", f"{key}{number or ''}", item)
    for key, row in list(world.rows["decision"].items()):
        world.keep("decision", key, Decision.objects.get(pk=row.pk))
    two = (world.row("person.child_accepted"), world.row("person.child_released"))
    world.keep("shift", "waiting", walks.shift_note(world.cast, world.row("case.returned")))
    world.keep("verdict", "linked", judge(*two, by=world.cast.officer, **LINKED))


def with_retention(world: World) -> None:
    """Holds, a purpose that is served, a list that waits, and a record that is gone."""
    cast, released = world.cast, world.row("case.released")
    world.keep("hold", "desk", kept_records.held(cast, released))
    world.keep("hold", "trust", kept_records.held(cast, released, "trust_manager"))
    world.keep("served", "released", kept_records.served(cast, released))
    gone = kept_records.destroyed(cast, kept_records.closed(cast))
    world.keep("disposal", "destroyed", gone.lines.get())
    for statement in DisposalStatement.objects.select_related("agency"):
        [key] = [code for code, agency in cast.agencies.items() if agency == statement.agency]
        world.keep("statement", key, statement)
    waiting = kept_records.closed(cast)
    world.keep("case", "closed", waiting)
    listed = kept_records.disposing.list_for_disposal(
        [waiting], by=cast.officer, idempotency_key=uuid4()
    )
    world.keep("disposals", "listed", listed)
    world.keep("disposal", "listed", listed.lines.get())


def with_a_reset(world: World) -> None:
    """Somebody of the trust who has lost a device; one of two agencies asked for the reset."""
    cast = world.cast
    lost = User.objects.create_user("lost@trust.example", PASSWORD, first_name="Lou")
    cast.users["lost"] = lost
    join(lost, Role.REQUESTER, cast.agencies["trust"])
    by = actor_for(cast.users[TWO_HATS], cast.agencies["trust"])
    world.keep("member", "nurse", member(cast, "trust_nurse", "trust"))
    world.keep("reset", "asked", asked(cast, who="lost", by=by))


def with_a_register(world: World) -> None:
    """The agencies as the register has them, and one that will be closed."""
    for key, agency in world.cast.agencies.items():
        world.keep("agency", key, agency)
    housing = Agency.objects.get(pk=world.row("agency.housing").pk)
    world.keep("closure", "planned", a_closure(world.cast, housing))


def with_kept_people(world: World) -> None:
    """Somebody invited to the trust, the nurse's check, guidance in draft and of before."""
    cast = world.cast
    world.keep("organisational", "nurse", world.row("member.nurse").checks.get())
    invitation = world.keep("invitation", "invited", kept_people.invited(cast))
    world.keep("member", "invited", invitation.membership)
    world.keep("guidance", "draft", kept_people.a_draft(cast))
    earlier = {"title": "Earlier", "text": "Text", "status": "superseded"}
    world.keep("guidance", "earlier", create_unattended(Guidance, **earlier))


def sign_everybody_in(world: World) -> None:
    """A session for each; the one with many agencies acts for the school."""
    agencies = {who: PEOPLE[who][2] for who in PEOPLE} | {TWO_HATS: "school"}
    for who, agency in agencies.items():
        world.actors[who] = actor_for(world.cast.users[who], world.cast.agencies[agency])
    for who in EVERYBODY:
        if who == ANONYMOUS:
            continue
        client = sign_in(Client(), world.cast.users[who])
        if who == TWO_HATS:
            session = client.session
            session[SESSION_KEY] = str(world.cast.agencies["school"].pk)
            session.save()
        world.sessions[who] = client.cookies[settings.SESSION_COOKIE_NAME].value
