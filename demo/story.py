"""A few requests in every state, walked there through the actions that the pages use."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

from django.utils import timezone

from agencies.acting import Actor
from agencies.kinds import AgencyKind as Kind
from agencies.models import Membership
from agencies.permissions import Role
from agencies.second_person.actions import propose_role
from decisions.advice import actions as advising
from decisions.flow import actions as deciding
from decisions.models import Decision
from decisions.scrutiny import actions as scrutinising
from demo import children
from demo.answers import decide_not_to_share, decide_to_share, list_held
from demo.children import Asked
from demo.people import Town
from requests_app.agency_checks import actions as agency_checks
from requests_app.agency_checks import chasing, withdrawing
from requests_app.asking import actions as asking
from requests_app.break_glass import actions as openings
from requests_app.choices import Check
from requests_app.items import actions as items
from requests_app.models import AgencyCheck, InformationRequest
from requests_app.people import actions as people
from requests_app.release import actions as releasing
from requests_app.request_fields import offered_of
from requests_app.request_parts import actions as parts
from requests_app.triage import actions as triage
from requests_app.triage import owning
from retention.choices import RecordClass
from retention.holds import actions as holds
from retention.schedules import actions as schedules

SHOWN = ("name", "date_of_birth", "due_date", "address", "first_language", "interpreter")


class Story:
    """Tells what happened in Anytown; each method leaves requests in one state or a few."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.requester, self.officer = town.acts("requester"), town.acts("officer")
        self.trust, self.housing = town.acts("trust_spoc"), town.acts("housing_spoc")
        self.mental_health = town.acts("designated_nurse", Kind.MENTAL_HEALTH_TRUST)
        self.community = town.acts("designated_nurse", Kind.COMMUNITY_TRUST)
        self.police, self.board = town.acts("police_partner"), town.acts("board_partner")

    def tell(self, told: Callable[[], None] = lambda: None) -> None:
        """All of it; ``told`` is called after each part."""
        for part in self.parts:
            part()
            told()

    @property
    def parts(self) -> list[Callable[[], None]]:
        """What is told, in order."""
        return [
            *(self.begun, self.at_triage, self.being_checked, self.being_weighed),
            *(self.scrutinised, self.released, self.claimed, self.kept, self.proposed),
        ]

    def begun(self) -> None:
        """A draft with only the child in it."""
        self._started(children.DRAFT, self.requester)

    def at_triage(self) -> None:
        """Two that wait, one that came back with questions, one that was declined."""
        self._sent(children.BRUISE)
        self._sent(children.UNBORN, by=self.town.acts("nurse"))
        triage.return_request(
            self._sent(children.ABSENT),
            by=self.officer,
            idempotency_key=uuid4(),
            questions=[
                "Who has parental responsibility, and when did you last speak to them?",
                "Has the school nurse seen him this term?",
            ],
        )
        triage.decline_request(
            self._sent(children.CURIOUS),
            by=self.officer,
            reason="A school trip is not one of the purposes for which information can be shared.",
        )

    def being_checked(self) -> None:
        """Checks that wait, are taken, handed on, answered or withdrawn; one was chased."""
        case = self._accepted(children.CHECKED)
        waiting = self._check(case, Kind.HOSPITAL_TRUST)
        missed = "Was any appointment missed this term?"
        kept = {"fact": missed, "why": "To see whether what was arranged is kept."}
        chasing.add_question(waiting, by=self.officer, idempotency_key=uuid4(), **kept)
        chasing.remind_agency_check(waiting, by=self.officer)
        self._check(case, Kind.POLICE)
        withdrawing.withdraw_agency_check(
            self._check(case, Kind.MENTAL_HEALTH_TRUST), by=self.officer, because="wrong_agency"
        )
        taken = agency_checks.take_agency_check(self._check(case, Kind.HOUSING), by=self.housing)
        list_held(taken, self.housing, "Complaints about noise in 2026", "Rent account")
        deciding.begin_decision(taken, by=self.housing, idempotency_key=uuid4())
        agency_checks.answer_not_known(
            self._check(case, Kind.COMMUNITY_TRUST),
            by=self.community,
            searched="Health visiting and school nursing records, by name and date of birth.",
        )
        other = self._accepted(children.HANDED)
        handed = self._check(other, Kind.HOSPITAL_TRUST)
        colleague = self.town.users["nurse"]
        agency_checks.hand_agency_check(handed, by=self.trust, colleague=colleague)

    def being_weighed(self) -> None:
        """A decision that waits for advice, one to share, one to share in part."""
        case = self._accepted(children.WEIGHED)
        taken = self._taken(case, self.trust)
        list_held(taken, self.trust, "What he told a nurse in confidence", special=True)
        decision = deciding.begin_decision(taken, by=self.trust, idempotency_key=uuid4())
        deciding.answer_step(
            decision,
            by=self.trust,
            step="purpose",
            choice="yes",
            reasons="To keep a frightened child safe.",
        )
        advising.seek_advice(
            decision,
            by=self.trust,
            idempotency_key=uuid4(),
            step="consent",
            question="Can we share what a child said in confidence, if he asked us not to?",
        )
        self._shares(case, self.housing, "Visits by the police to the address")
        self._shares_part(case, self.mental_health)

    def scrutinised(self) -> None:
        """Refusals that the partners accepted, or asked the agency to reconsider."""
        case = self._accepted(children.LOOKED_AT)
        accepted = self._refuses(case, self.housing, "Rent account")
        scrutinising.accept_decision(
            accepted.scrutiny,
            by=self.police,
            reasons="Rent says nothing about the boy's safety.",
        )
        sent_back = self._refuses(case, self.trust, "Attendance in August")
        scrutinising.ask_to_reconsider(
            sent_back.scrutiny,
            by=self.board,
            reasons="An injury in August may be part of a pattern. Please weigh it again.",
        )

    def released(self) -> None:
        """A package that waits to be read, and one that was acknowledged."""
        self._released(children.RELEASED)
        read = self._released(children.READ)
        recipient = read.releases.get().recipients.get()
        releasing.acknowledge(recipient, by=self.requester)
        self._opened(read)

    def claimed(self) -> None:
        """Some requests have somebody at the front door, and some nobody."""
        colleague = self.town.acts("officer2")
        at_work = InformationRequest.objects.filter(status="accepted").order_by("sent_at")
        for case, by in zip(at_work[:3], (self.officer, colleague, self.officer), strict=False):
            owning.claim_request(case, by=by)
        [returned] = InformationRequest.objects.filter(status="returned")
        owning.hand_over_request(returned, by=self.officer, colleague=colleague.user)

    def kept(self) -> None:
        """A request whose time is over at once, for the dry run; and one that is on hold."""
        office = self.town.acts("administrator")
        for agency, record_class in (
            (self.requester.agency, RecordClass.ASKED),
            (self.officer.agency, RecordClass.TRIAGED),
        ):
            schedules.set_schedule(
                agency,
                by=office,
                idempotency_key=uuid4(),
                record_class=record_class,
                starts="closed",
                months=0,
            )
        case = InformationRequest.objects.filter(status="released").order_by("sent_at")[0]
        holds.place_hold(
            case,
            by=self.officer,
            idempotency_key=uuid4(),
            reason="review",
            in_words="Rapid review of injuries to young children, asked for by the partnership.",
            review_on=timezone.localdate() + timedelta(days=90),
        )

    def proposed(self) -> None:
        """A role that waits for a second person."""
        officer = Membership.objects.get(user=self.officer.user, agency=self.officer.agency)
        propose_role(officer, Role.MANAGER, by=self.town.acts("administrator"))

    def _opened(self, case: InformationRequest) -> None:
        """Somebody without a part in it reads it, and the lead at the front door sees that."""
        openings.open_otherwise(
            case,
            by=self.police,
            idempotency_key=uuid4(),
            reason="audit",
            in_words="Multi-agency audit of injuries to young children, for the partnership.",
        )

    def _started(self, asked: Asked, by: Actor) -> InformationRequest:
        desk = self.town.agencies[Kind.FRONT_DOOR]
        case = asking.start_request(by=by, idempotency_key=uuid4(), desk=desk)
        people.add_subject(
            case, by=by, idempotency_key=uuid4(), role="child", details=asked.child()
        )
        return case

    def _sent(self, asked: Asked, by: Actor | None = None) -> InformationRequest:
        by = by or self.requester
        case = self._started(asked, by)
        for other in asked.others:
            details = {name: value for name, value in other.items() if name != "role"}
            people.add_subject(
                case, by=by, idempotency_key=uuid4(), role=other["role"], details=details
            )
        asking.describe(case, by=by, part="purpose", purposes=asked.purposes, reason=asked.reason)
        for fact, why in asked.needs:
            parts.add_need(case, by=by, idempotency_key=uuid4(), fact=fact, why=why)
        asking.describe(case, by=by, part="rating", rating=asked.rating, reason=asked.urgent)
        parts.record_consent(
            case,
            by=by,
            answer="not_sought",
            why_not="risk",
            explanation="To ask at home could put the child at risk.",
        )
        asking.describe(
            case, by=by, part="parents", told="no", reason="We do not know who is safe to ask."
        )
        return asking.send_request(InformationRequest.objects.get(pk=case.pk), by=by)

    def _accepted(self, asked: Asked) -> InformationRequest:
        case = self._sent(asked)
        for check in Check:
            triage.answer_check(case, by=self.officer, check=check, answer="yes", note="")
        return triage.accept_request(case, by=self.officer)

    def _check(self, case: InformationRequest, holder: Kind) -> AgencyCheck:
        child = case.subjects.get(role="child")
        known = [code for code in SHOWN if code in child.details()]
        return agency_checks.put_agency_check(
            case,
            by=self.officer,
            idempotency_key=uuid4(),
            holder=self.town.agencies[holder],
            shown={str(child.pk): known},
            questions=[(need.fact, need.why) for need in case.needs.all()],
            **offered_of(case),
        )

    def _taken(self, case: InformationRequest, by: Actor) -> AgencyCheck:
        return agency_checks.take_agency_check(self._check(case, Kind(by.agency.kind)), by=by)

    def _shares(self, case: InformationRequest, by: Actor, *titles: str) -> Decision:
        taken = self._taken(case, by)
        list_held(taken, by, *titles)
        return decide_to_share(deciding.begin_decision(taken, by=by, idempotency_key=uuid4()), by)

    def _refuses(self, case: InformationRequest, by: Actor, *titles: str) -> Decision:
        taken = self._taken(case, by)
        list_held(taken, by, *titles)
        decision = deciding.begin_decision(taken, by=by, idempotency_key=uuid4())
        return decide_not_to_share(decision, by)

    def _shares_part(self, case: InformationRequest, by: Actor) -> None:
        taken = self._taken(case, by)
        _plan, therapy = list_held(taken, by, "Crisis plan", "Notes of therapy", special=True)
        decision = deciding.begin_decision(taken, by=by, idempotency_key=uuid4())
        apart = deciding.split_off(decision, by=by, idempotency_key=uuid4(), items=[therapy])
        decide_to_share(decision, by)
        decide_not_to_share(apart, by)

    def _released(self, asked: Asked) -> InformationRequest:
        case = self._accepted(asked)
        shared = self._shares(case, self.trust, "Attendance in October", "Weight at last visit")
        refused = self._refuses(case, self.housing, "Rent account")
        first, *others = [each.item for each in shared.weighed.order_by("item__listed_at")]
        items.accept_item(first, by=self.officer)
        for item in others:
            items.refuse_item(item, by=self.officer, reason="Nobody asked about weight.")
        releasing.release_information(
            case,
            by=self.officer,
            idempotency_key=uuid4(),
            agency_checks=[shared.agency_check, refused.agency_check],
            recipients=[case.requested_by],
            note="To work out with the family what help they need.",
        )
        return InformationRequest.objects.get(pk=case.pk)
