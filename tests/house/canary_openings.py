"""A part of the story: a case opened for another reason, and what is taken out as files."""

from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone

from requests_app.models import AgencyCheck, InformationRequest
from tests.house.typists import ALL, Typist


def at(name: str, *keys: Any) -> str:
    """The address of a page."""
    return reverse(name, args=keys)


class CasesOpened:
    """What the people of the story do beside the way of a request."""

    board_partner: Typist
    desk_lead: Typist
    officer: Typist
    requester: Typist
    trust_manager: Typist
    trust_spoc: Typist

    def open_otherwise(self, case: InformationRequest) -> None:
        """Opened for another reason, closed again, read after; and reviewed by a lead."""
        partner = self.board_partner
        partner.open(at("requests:openings"))
        partner.send(at("requests:open_case"), reference=case.reference)
        opening = case.openings.get()
        there = at("decisions:opened", opening.pk)
        partner.send(there, to=at("requests:close_opening", opening.pk))
        partner.open(there)
        self.desk_lead.open(at("requests:openings_oversight"))
        self.desk_lead.send(at("requests:review_opening", opening.pk))
        self.officer.open(at("requests:access_log", case.pk))

    def look_back(self, case: InformationRequest, check: AgencyCheck) -> None:
        """What it was before, who has looked at the child, and what one person saw."""
        self.officer.open(at("requests:request_history", case.pk))
        for person in case.subjects.filter(status="current"):
            self.officer.open(at("requests:person_history", case.pk, person.pk))
        self.trust_spoc.open(at("requests:check_history", check.pk))
        for item in check.items.all()[:1]:
            self.trust_spoc.open(at("requests:item_history", item.pk))
        decision = check.decisions.filter(status="recorded").first()
        self.trust_spoc.open(at("decisions:history", decision.pk))
        self.trust_spoc.open(at("decisions:receipt", decision.pk))
        child = case.subjects.filter(role="child").first()
        assert child
        self.narrow(self.officer, at("requests:access_log", case.pk))
        self.narrow(self.trust_spoc, at("requests:check_access_log", check.pk))
        self.narrow(self.officer, at("requests:child_access_log", case.pk, child.pk))
        self.narrow(self.desk_lead, at("decisions:seen"))
        self.put_on_hold(case, check)

    def put_on_hold(self, case: InformationRequest, check: AgencyCheck) -> None:
        """By the front door and by an agency that was asked; and what else is said of keeping."""
        day = timezone.localdate() + timedelta(days=90)
        on = {f"review_on_{part}": str(getattr(day, part)) for part in ("day", "month", "year")}
        self.officer.send(at("retention:hold_request", case.pk), **on)
        self.trust_manager.send(at("retention:hold_check", check.pk), **on)
        for who, name in ((self.officer, "lists"), (self.trust_manager, "statements")):
            who.open(at(f"retention:{name}"))
        there = at("retention:of_request", case.pk)
        self.requester.send(there, to=at("retention:serve", case.pk))

    def narrow(self, who: Typist, path: str) -> None:
        """The form of a page that only reads, with canaries in it."""
        [form] = [form for form in who.open(path).forms if form.action == path]
        assert who.client.get(path, who.filled(form, {})).status_code in (200, 422)

    def take_out(self, case: InformationRequest) -> None:
        """What leaves the portal as files, none of which is kept in it: records, and the log."""
        check = case.agency_checks.filter(holder__name="Anytown Health Trust").first()
        for who, record, row in (
            (self.officer, "request", case),
            (self.requester, "released", case.releases.get()),
            (self.trust_manager, "check", check),
        ):
            printed = who.send(at(f"decisions:print_{record}", row.pk), confirm=ALL, expect=200)
            assert printed.text.startswith(b"%PDF"), record
        self.disclosures(at("decisions:disclosures"))

    def disclosures(self, path: str) -> None:
        """The disclosure log narrowed, and as a file of each kind."""
        manager, to = self.trust_manager, at("decisions:export_disclosures")
        [narrow] = [form for form in manager.open(path).forms if form.action == path]
        narrowed = manager.client.get(path, manager.filled(narrow, {}))
        assert narrowed.status_code in (200, 422)  # the last day may be before the first
        for kind in ("csv", "xlsx"):
            form = manager.open(path).form(to)
            manager.post(form, manager.filled(form, {}) | {"kind": kind}, expect=200)
