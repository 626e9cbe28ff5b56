"""The whole story at the real pages, with a canary in every field; also what goes wrong in it."""

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.urls import reverse

from decisions.flow.readiness import parts_due
from decisions.flow.whole import items_of
from decisions.models import AdviceRequest, Decision
from requests_app.models import (
    AgencyCheck,
    Clarification,
    InformationRequest,
    Item,
    Need,
    ShiftNote,
    Subject,
)
from tests import walks
from tests.cast import PASSWORD, PEOPLE, Cast
from tests.house.canaries import LETTERS, drawn
from tests.house.canary_openings import CasesOpened
from tests.house.typists import ALL, Notebook, Typist, a_document

NATURES = ("fact", "opinion", "reported", "historical")


def at(name: str, *keys: Any) -> str:
    """The address of a page."""
    return reverse(name, args=keys)


class Story(CasesOpened):
    """Everybody of the cast at the pages, each in a browser of their own."""

    def __init__(self, cast: Cast, book: Notebook) -> None:
        self.cast, self.book, self.flock = cast, book, book.flock
        self.at_work: dict[str, Typist] = {}

    def __getattr__(self, name: str) -> Typist:
        """``story.officer``: that person, signed in."""
        if name not in PEOPLE:
            raise AttributeError(name)
        if name not in self.at_work:
            self.at_work[name] = Typist(self.book)
            self.sign_in(name)
        return self.at_work[name]

    def sign_in(self, name: str, where_to: str = "/") -> None:
        """By the form, with the right pass phrase."""
        typist, path = self.at_work[name], at("account_login")
        form = typist.open(f"{path}?next={where_to}").form(path)
        words = {"login": self.cast.users[name].email, "password": PASSWORD}
        typist.post(form, typist.filled(form, words))

    def tell(self) -> InformationRequest:
        """All of it."""
        case = self.ask()
        self.triage(case)
        self.put(case)
        self.share_in_part(self.of(case, "trust"))
        self.not_share(self.of(case, "police"))
        self.not_known(case)
        self.release(case)
        self.scrutinise(case)
        self.open_otherwise(case)
        self.too_late_and_given_up()
        self.at_the_door()
        return case

    def of(self, case: InformationRequest, agency: str) -> AgencyCheck:
        """The first check that was put to an agency."""
        found = AgencyCheck.objects.filter(case=case, holder=self.cast.agencies[agency]).first()
        assert found
        return found

    # Asking

    def begin(self) -> InformationRequest:
        """A new draft."""
        started = self.requester.send(at("requests:mine"), to=at("requests:start"))
        return InformationRequest.objects.get(pk=started.location.split("/")[2])

    def ask(self) -> InformationRequest:
        """A request with everything in it, sent."""
        asker, case = self.requester, self.begin()
        self.name_people(case)
        pk = case.pk
        asker.send(at("requests:purpose", pk), purposes=ALL)
        for _ in range(3):
            asker.send(at("requests:need_add", pk))
        changed, removed, *_ = Need.objects.filter(case=case)
        asker.send(at("requests:need_change", pk, changed.pk))
        asker.send(at("requests:need_remove", pk, removed.pk))
        asker.send(at("requests:rating", pk), rating="amber")
        for answer in ("refused", "withdrawn", "not_able", "not_sought", "given"):
            asker.send(at("requests:consent", pk), answer=answer)
            asker.send(at("requests:consent_details", pk, answer))
        asker.send(at("requests:parents", pk), told="no")
        self.attach(case)
        asker.send(at("requests:review", pk), to=at("requests:send", pk))
        return case

    def name_people(self, case: InformationRequest) -> None:
        """Two children, one of them unborn, and others; one changed, one taken out."""
        add = "requests:person_add"
        self.requester.send(at(add, case.pk, "child"), born="born", leave_out=ALL)
        self.requester.send(at(add, case.pk, "child"), born="unborn", leave_out=ALL)
        for role in ("connected", "risk", "risk"):
            self.requester.send(at(add, case.pk, role))
        changed, removed = Subject.objects.filter(case=case, role="risk")
        self.requester.send(at("requests:person_change", case.pk, changed.pk))
        self.requester.send(at("requests:person_remove", case.pk, removed.pk))
        for page in ("child", "others"):
            self.requester.open(at(f"requests:{page}", case.pk))

    def attach(self, case: InformationRequest) -> None:
        """Files that are refused, and files that are kept: long, packed, and without any text."""
        asker, path, flock = self.requester, at("requests:files", case.pk), self.flock
        disguised = asker.upload(".pdf", flock.text("disguised").encode() * 9)
        large = asker.upload(".txt", flock.text("too large").encode() * 250_000)
        for refused in (disguised, large):
            asker.send(path, uploads=[refused], expect=422)
        kept = {
            ".txt": (flock.text("content") + "\n").encode() * 20_000,
            ".docx": a_document(flock.text("document")),
            ".pdf": flock.content(start=b"%PDF-1.7\n"),
        }
        asker.send(path, uploads=[asker.upload(name, content) for name, content in kept.items()])
        first, *others = case.attachments.all()
        assert [len(kept[f".{ending}"]) for ending in ("txt", "docx", "pdf")] == [
            file.size for file in (first, *others)
        ]
        for file in (first, *others):
            there = at("requests:file", case.pk, file.pk)
            assert len(asker.open(there).text) == file.size
        asker.send(at("requests:file_remove", case.pk, others[0].pk))

    # The front door

    def triage(self, case: InformationRequest) -> None:
        """Returned and answered, returned and taken back; checked, rated otherwise and accepted."""
        desk, pk = self.officer, case.pk
        desk.open(at("requests:inbox"))
        desk.send(at("requests:triage_return", pk))
        self.requester.open(at("requests:questions", pk))
        for question in Clarification.objects.filter(case=case):
            self.requester.send(at("requests:question", pk, question.pk))
        self.requester.send(at("requests:review", pk), to=at("requests:send", pk))
        desk.send(at("requests:triage_return", pk))
        desk.send(at("requests:triage_take_back", pk))
        desk.open(at("requests:matches", pk))
        self.judge_a_match(desk, case)
        self.look_for_somebody(desk)
        for answer in ("no", "yes"):
            desk.send(at("requests:triage_checks", pk), check__=answer)
        desk.send(at("requests:triage_rate", pk), rating="red")
        for name in ("requests:claim", "requests:give_back"):
            desk.send(at("requests:triage_case", pk), to=at(name, pk))
        self.hand_on(desk, pk)
        self.end_the_shift(desk, pk)
        desk.send(at("requests:hand_over", pk), colleague=str(self.cast.users["officer2"].pk))
        desk.send(at("requests:triage_case", pk), to=at("requests:triage_accept", pk))
        desk.open(at("requests:file", pk, case.attachments.all()[0].pk))

    def hand_on(self, desk: Typist, pk: UUID) -> None:
        """Claimed from the list, and given to a colleague from it."""
        desk.open(at("requests:desk_news"))
        desk.open(at("requests:hub"))
        form = desk.open(at("requests:inbox")).form(at("requests:claim_several"))
        chosen = desk.filled(form, {"chosen": [str(pk)]})
        desk.post(form, chosen)
        several = replace(form, action=at("requests:hand_over_several"))
        to_whom = desk.post(several, chosen, expect=200).form()
        colleague = str(self.cast.users["officer"].pk)
        desk.post(to_whom, desk.filled(to_whom, {"colleague": colleague}))

    def end_the_shift(self, desk: Typist, pk: UUID) -> None:
        """Handed over with a note, taken back, handed over again and taken over."""
        for over in ("requests:shift_take_back", "requests:shift_take_over"):
            own = {f"{pk.hex}-note": self.flock.text("shift note"), "*-note": ""}
            notes: dict[str, Any] = own | {"*-keep": ()}
            desk.send(at("requests:shift_hand_over"), t__="next", **notes)
            note = ShiftNote.objects.get(case=pk, status="waiting")
            there = desk if over.endswith("back") else self.officer2
            there.open(at("requests:shifts"))
            there.open(at("requests:inbox"))
            there.send(at("requests:shift", note.pk), to=at(over, note.pk), chosen=ALL)
        desk.open(at("requests:hub"))

    def judge_a_match(self, desk: Typist, case: InformationRequest) -> None:
        """Linked with somebody in another request, undone, and told apart."""
        mine = Subject.objects.filter(case=case, role="child", status="current").first()
        theirs = walks.sent(self.cast).subjects.get(role="child")
        assert mine
        pair = (mine.pk, theirs.pk)
        desk.send(at("requests:match", *pair), verdict="linked")
        desk.open(at("requests:triage_case", case.pk))
        desk.send(at("requests:match_undo", *pair))
        desk.send(at("requests:match", *pair), verdict="apart")
        desk.open(at("requests:matches", case.pk))

    def look_for_somebody(self, desk: Typist) -> None:
        """By a name that nobody has, by what says nothing, and by what is too long for a search."""
        find, name = at("requests:find"), drawn(LETTERS, 12)
        self.flock.words.add(name)
        desk.send(find, spoilt=False, typed=name)
        desk.send(find, spoilt=False, expect=422)
        desk.send(find, spoilt=False, typed=self.flock.text("search") * 9, expect=422)

    def put(self, case: InformationRequest) -> None:
        """A check to each of some agencies, with all details and questions; one twice."""
        for agencies in (("trust", "police", "housing"), ("trust",)):
            holders = [str(self.cast.agencies[agency].pk) for agency in agencies]
            self.officer.send(at("requests:choose_agencies", case.pk), agency=holders)
            chosen = urlencode([("agency", holder) for holder in holders])
            path = f"{at('requests:put_check', case.pk)}?{chosen}"
            self.officer.send(path, agency=ALL, person__=ALL, needs=ALL)

        (first, *_others) = AgencyCheck.objects.filter(case=case).order_by("sent_at")
        self.officer.send(at("requests:add_question", first.pk))
        self.officer.send(
            at("requests:check_for_desk", first.pk), to=at("requests:remind_check", first.pk)
        )
        self.withdraw(case)

    def withdraw(self, case: InformationRequest) -> None:
        """One more check, withdrawn for a reason of its own, and what its agency still reads."""
        holder = str(self.cast.agencies["school"].pk)
        path = f"{at('requests:put_check', case.pk)}?{urlencode([('agency', holder)])}"
        self.officer.send(path, agency=ALL, person__=ALL, needs=ALL)
        gone = AgencyCheck.objects.get(case=case, holder=holder)
        there = at("requests:withdraw_check", gone.pk)
        self.officer.send(there, because="other", spoilt=False)
        self.officer.open(at("requests:check_for_desk", gone.pk))

    # The agencies

    def take(
        self, spoc: Typist, agency_check: AgencyCheck, pieces: int, *, at_once: bool = False
    ) -> Decision:
        """Take a check, list what is held, begin to decide."""
        pk = agency_check.pk
        several = spoc.open(at("requests:checks")).form(at("requests:not_known_several"))
        chosen = spoc.filled(several, {"chosen": [str(pk)]})
        spoc.post(several, chosen, expect=200)
        spoc.open(at("requests:next_check"), expect=302)
        if at_once:
            spoc.post(replace(several, action=at("requests:take_several")), chosen)
        else:
            spoc.send(at("requests:check", pk), to=at("requests:take_check", pk))
        for number in range(pieces):
            answers = {"answers": "beyond"} if number == 1 else {}
            is_last = at_once and number == pieces - 1
            page = "decisions:list_and_begin" if is_last else "requests:add_item"
            spoc.send(at(page, pk), special="yes", **answers)
        if not at_once:
            spoc.send(at("decisions:of_check", pk), to=at("decisions:begin", pk))
        return Decision.objects.get(agency_check=agency_check)

    def share_in_part(self, agency_check: AgencyCheck) -> None:
        """Four pieces are shared, one is not; with advice from the adviser and from elsewhere."""
        spoc, keys = self.trust_spoc, (agency_check.pk,)
        decision = self.take(spoc, agency_check, pieces=6)
        *_, apart, extra = Item.objects.filter(agency_check=agency_check).order_by("listed_at")
        spoc.send(at("requests:change_item", *keys, apart.pk), answers="beyond")
        spoc.send(at("requests:remove_item", *keys, extra.pk))
        spoc.send(at("decisions:split", decision.pk), items=[str(apart.pk)])
        for step, choice in walks.SHARE[:-1]:
            spoc.send(at("decisions:step", decision.pk, step), choice=choice)
        self.advise(spoc, decision, walks.SHARE[-1][0])
        spoc.send(at("decisions:step", decision.pk, walks.SHARE[-1][0]), choice="yes/at_risk")
        explained = {"points-confirmed": "not_all"}
        spoc.send(at("decisions:sharing", decision.pk), **explained, **{"told-told": "no"})
        spoc.send(at("decisions:basis", decision.pk))
        for item, nature in zip(items_of(decision), NATURES, strict=True):
            spoc.send(at("decisions:content", decision.pk, item.pk), nature=nature)
        for told in ("no", "yes"):
            spoc.send(at("decisions:told", decision.pk), told=told)
        self.record(spoc, decision)
        self.withhold(spoc, Decision.objects.get(agency_check=agency_check, weighed__item=apart))

    def advise(self, spoc: Typist, decision: Decision, step: str) -> None:
        """Asked with a name in it (refused), answered by the adviser; then noted from elsewhere."""
        path = at("decisions:seek_advice", decision.pk, step)
        born = {"role": "child", "is_unborn": False}
        child = Subject.objects.filter(case=decision.case, status="current", **born).first()
        assert child
        spoc.send(path, question=f"What of {child.name}?", spoilt=False, expect=422)
        spoc.send(path)
        self.trust_adviser.open(at("decisions:advice_list"))
        self.trust_adviser.send(at("decisions:advice", decision.advice.get().pk))
        spoc.send(path)
        asked = decision.advice.get(status=AdviceRequest.Status.ASKED)
        spoc.send(at("decisions:note_advice", decision.pk, asked.pk))

    def not_share(self, agency_check: AgencyCheck) -> None:
        """An agency that keeps all that it holds."""
        decision = self.take(self.police_spoc, agency_check, pieces=2, at_once=True)
        self.withhold(self.police_spoc, decision)

    def withhold(self, spoc: Typist, decision: Decision) -> None:
        """Not shared: the first question is answered with no."""
        spoc.send(at("decisions:step", decision.pk, "purpose"), choice="no")
        spoc.send(at("decisions:why_not", decision.pk))
        self.record(spoc, decision)

    def record(self, spoc: Typist, decision: Decision) -> None:
        """Explain each point that is due, and record."""
        for part in parts_due(decision):
            if part.code in ("how", "caldicott"):
                spoc.send(at(f"decisions:{part.code}", decision.pk), point__="no")
        spoc.open(at("decisions:decision", decision.pk))
        spoc.send(at("decisions:record", decision.pk), on__="", at="")
        spoc.open(at("decisions:decision", decision.pk))

    def not_known(self, case: InformationRequest) -> None:
        """One agency knows nobody; at another a colleague says so."""
        several = self.housing_spoc.open(at("requests:checks")).form(
            at("requests:not_known_several")
        )
        chosen = self.housing_spoc.filled(several, {"chosen": [str(self.of(case, "housing").pk)]})
        whom = self.housing_spoc.post(several, chosen, expect=200).form()
        sure = {**chosen, "sure": chosen["chosen"]}
        self.housing_spoc.post(whom, self.housing_spoc.filled(whom, sure))
        second = AgencyCheck.objects.filter(case=case, holder=self.cast.agencies["trust"]).last()
        assert second
        nurse = str(self.cast.users["trust_nurse"].pk)
        self.trust_spoc.send(at("requests:hand_check", second.pk), colleague=nurse)
        self.trust_nurse.send(at("requests:not_known", second.pk))

    # What becomes of it

    def release(self, case: InformationRequest) -> None:
        """All but one piece is taken in and released; who looked is looked at."""
        desk, pk = self.officer, self.of(case, "trust").pk
        there = at("requests:check_for_desk", pk)
        refused, *taken_in = Item.objects.filter(agency_check=pk, status=Item.Status.OFFERED)
        desk.send(at("requests:refuse_item", pk, refused.pk))
        for item in taken_in:
            desk.send(there, to=at("requests:accept_item", pk, item.pk))
        desk.send(at("requests:release", case.pk), answers=ALL)
        [release] = case.releases.all()
        self.requester.open(at("requests:case", case.pk))
        there = at("requests:released", release.pk)
        self.requester.send(there, to=at("requests:acknowledge", release.pk))
        desk.open(at("requests:triage_case", case.pk))
        desk.open(at("requests:access_log", case.pk))
        self.trust_spoc.open(at("requests:check_access_log", pk))
        for name in ("requests:oversight", "decisions:oversight", "decisions:disclosures"):
            self.trust_manager.open(at(name))
        self.take_out(case)
        self.look_back(case, self.of(case, "trust"))

    def scrutinise(self, case: InformationRequest) -> None:
        """One refusal is accepted; one is to be reconsidered, said after the session had ended."""
        trust = Decision.objects.get(agency_check=self.of(case, "trust"), outcome="no_share")
        police = Decision.objects.get(agency_check=self.of(case, "police"))
        self.board_partner.open(at("decisions:scrutinies"))
        self.board_partner.send(at("decisions:scrutiny", police.pk), said="accept")
        partner, path = self.police_partner, at("decisions:scrutiny", trust.pk)
        form = partner.open(path).form()
        del partner.client.cookies[settings.SESSION_COOKIE_NAME]
        partner.post(form, partner.filled(form, {"said": "reconsider"}), expect=403)
        self.sign_in("police_partner", where_to=at("kept"))
        kept = partner.open(at("kept")).form(path)
        partner.post(kept, partner.filled(kept, {}))
        self.decide_anew(trust)

    def decide_anew(self, decision: Decision) -> None:
        """Decided again as before; what was listed besides is taken off, and the check answered."""
        spoc, check = self.trust_spoc, decision.agency_check_id
        spoc.send(at("decisions:decision", decision.pk), to=at("decisions:anew", decision.pk))
        spoc.send(at("requests:add_item", check), special="no")
        extra = Item.objects.filter(agency_check=check, status=Item.Status.HELD).latest("listed_at")
        self.withhold(spoc, Decision.objects.get(supersedes=decision))
        spoc.send(at("requests:remove_item", check, extra.pk))
        spoc.send(at("decisions:of_check", check), to=at("decisions:finish", check))

    def too_late_and_given_up(self) -> None:
        """Two officers decline at once: the second one's text is shown again. A draft is left."""
        case = walks.sent(self.cast)
        path = at("requests:triage_decline", case.pk)
        late = self.officer2.open(path).form()
        self.officer.send(path)
        page = self.officer2.post(late, self.officer2.filled(late, {}), expect=409)
        assert self.flock.mark.encode() in page.text
        self.requester.send(at("requests:discard", self.begin().pk))

    def at_the_door(self) -> None:
        """Wrong passwords, unknown addresses, and texts in addresses of pages."""
        stranger, flock = Typist(self.book), self.flock
        addresses = (flock.text("login"), f"{flock.mark}@nowhere.example", "officer@school.example")
        for address in addresses:
            form = stranger.open(at("account_login")).form()
            words = {"login": address, "password": flock.text("password")}
            stranger.post(form, stranger.filled(form, words), expect=200)
        stranger.send(at("account_reset_password"), spoilt=False, email=addresses[1])
        for path in (f"/nowhere/{flock.text('path')}/", f"/requests/?after={flock.text('query')}"):
            assert self.requester.client.get(path).status_code in (200, 404)
