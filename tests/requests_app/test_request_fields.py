"""Each column that somebody fills in has a row in its table, and each reader of the table reads it.

Each assertion says what is missing, and in which file.
"""

from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse

from decisions.flow import actions as deciding
from decisions.printing import selectors as printing
from encryption.fields import SealedDateField, SealedField, SealedTextField
from requests_app import readiness
from requests_app.agency_checks import actions as agency_checks
from requests_app.agency_checks.beside import beside
from requests_app.agency_checks.told_forms import ToldFields
from requests_app.asking.actions import send_request
from requests_app.asking.forms import (
    ConsentDetailsForm,
    ConsentForm,
    ParentsForm,
    PurposeForm,
    RatingForm,
)
from requests_app.asking.summary import cards_of
from requests_app.choices import DETAILS
from requests_app.details import CHOSEN
from requests_app.history.words import history_for_desk, history_of_check
from requests_app.models import AgencyCheck, Consent, InformationRequest, Subject
from requests_app.people.actions import NOTHING_SAID
from requests_app.people.forms import AdultForm, ChildForm
from requests_app.request_fields import (
    CONSENT_FIELDS,
    REQUEST_FIELDS,
    TOLD,
    offered_of,
    told_of,
)
from requests_app.triage.selectors import what_was_said
from tests import walks
from workflow.fields import RadioChoice, SelectChoice

TABLE = "requests_app/request_fields.py"
# Columns in which nobody says anything: the portal fills them in.
OF_EVERY_ROW = {"id", "version", "status", "case"}
OF_THE_PORTAL = {
    InformationRequest: {"reference", "desk", "agency", "requested_by"}
    | {"started_at", "sent_at", "due_at", "owner", "owned_at"},
    Consent: set(),
    Subject: {"role"},
}
FORMS = {
    "purpose": (PurposeForm,),
    "rating": (RatingForm,),
    "parents": (ParentsForm,),
    "consent": (ConsentForm, ConsentDetailsForm),
}
# What a reader leaves out on purpose: it stands elsewhere on the same page and print.
ELSEWHERE = {("desk", "rating"), ("desk", "declined_reason"), ("card", "declined_reason")}
# What comes to a check later, beside what its agency is told with it.
OF_THE_ANSWER = {"searched", "reconsider_reason", "withdrawn_note"}

asked = [pytest.param(field, id=field.name) for field in REQUEST_FIELDS if field.part]


def said_in(model: Any) -> set[str]:
    names = {field.name for field in model._meta.concrete_fields}
    return names - OF_EVERY_ROW - OF_THE_PORTAL[model]


@pytest.mark.parametrize(
    ("model", "table", "name"),
    [
        (InformationRequest, REQUEST_FIELDS, "REQUEST_FIELDS"),
        (Consent, CONSENT_FIELDS, "CONSENT_FIELDS"),
    ],
)
def test_each_column_has_a_row_and_each_row_its_column(model, table, name):
    columns, rows = said_in(model), {field.name for field in table}
    assert not columns - rows, f"{TABLE}: {name} has no row for {columns - rows}"
    assert not rows - columns, f"{TABLE}: {name} has rows without a column: {rows - columns}"
    assert len(rows) == len(table), f"{TABLE}: {name} has two rows of one name"


@pytest.mark.parametrize("part", FORMS)
def test_the_form_of_a_part_asks_for_its_fields_and_for_nothing_else(part):
    asked_for = {name for form in FORMS[part] for name in form.base_fields}
    rows = {field.asked_as for field in (*REQUEST_FIELDS, *CONSENT_FIELDS) if field.part == part}
    assert not rows - asked_for, f"asking/forms.py: the form of {part} lacks {rows - asked_for}"
    assert not asked_for - rows, f"{TABLE}: no row of {part} is asked as {asked_for - rows}"


def test_each_part_with_a_field_has_a_form():
    parts = {field.part for field in REQUEST_FIELDS if field.part}
    assert not parts - FORMS.keys(), f"{TABLE}: {parts - FORMS.keys()} is no part that has a form"


@pytest.fixture
def marked(cast, signed_in) -> InformationRequest:
    """A draft whose texts were typed at its pages, each with the name of its column."""
    case, client = walks.a_draft(cast), signed_in("requester")
    for part in {field.part for field in REQUEST_FIELDS} - {""}:
        fields = [field for field in REQUEST_FIELDS if field.part == part]
        texts = {f.name for f in case._meta.concrete_fields if isinstance(f, SealedTextField)}
        typed = {
            f.asked_as: f"Typed {f.name}" if f.name in texts else getattr(case, f.name)
            for f in fields
        }
        assert client.post(reverse(f"requests:{part}", args=[case.pk]), typed).status_code == 302
        form = client.get(reverse(f"requests:{part}", args=[case.pk])).context["form"]
        for name, value in typed.items():
            assert form[name].value() == value, f"{part}: {name} is not kept, or not shown again"
    return InformationRequest.objects.get(pk=case.pk)


def shown(rows: Any) -> set[tuple[str, str]]:
    """What a page or a print of rows shows."""
    return {(str(row["key"]), str(row["value"])) for row in rows}


def on_cards(cards: Any) -> set[tuple[str, str]]:
    return {pair for card in cards for pair in shown(card.rows)}


@pytest.mark.django_db
def test_each_reader_reads_each_field(cast, marked):
    case = send_request(marked, by=cast.requester)
    release = walks.released(cast, case).releases.get()
    case.refresh_from_db()
    lines = history_for_desk(case, cast.officer, {}).lines
    desk_print = printing.of_request(case, cast.officer).fill().words["said"]["about"]
    print_of_requester = printing.of_released(release, cast.requester).fill().words["cards"]
    readers = {
        ("card", "asking/summary.py"): on_cards(cards_of(case)),
        ("card", "decisions/printing/selectors.py"): on_cards(print_of_requester),
        ("desk", "triage/selectors.py"): shown(what_was_said(case)["about"]),
        ("desk", "decisions/printing/selectors.py"): shown(desk_print),
        ("versions", "history/words.py"): {(str(line.key), line.new) for line in lines},
    }
    for field in REQUEST_FIELDS:
        value = field.said(case)
        assert value or not field.part, f"tests/walks.py: a draft says nothing of {field.name}"
        for (reader, where), rows in readers.items():
            label = getattr(field, reader)
            if (reader, field.name) in ELSEWHERE:
                assert not label, f"{TABLE}: {field.name} has a label for {reader}: see ELSEWHERE"
                continue
            assert label, f"{TABLE}: {field.name} has no label for {reader}"
            assert not value or (label, value) in rows, f"{where} does not show {field.name}"


@pytest.mark.django_db
@pytest.mark.parametrize("field", asked)
def test_what_is_due_is_waited_for_and_nothing_else(cast, field):
    case = walks.a_draft(cast)
    assert readiness.can_be_sent(case)
    setattr(case, field.name, type(getattr(case, field.name))())
    waits = not readiness.can_be_sent(case)
    assert waits == field.is_due, f"readiness.py: that {field.name} is due is not what it waits for"


@pytest.mark.django_db
@pytest.mark.parametrize("answer", list(ConsentDetailsForm.ASKED))
def test_each_answer_about_consent_is_read_with_its_details(cast, signed_in, answer):
    case, requester = walks.a_draft(cast), signed_in("requester")
    details = {"asked_of": "Mother", "covers": "All of it", "how": "spoken", "why_not": "delay"}
    details |= {"on_day": "1", "on_month": "10", "on_year": "2025", "explanation": "In words"}
    address = reverse("requests:consent_details", args=[case.pk, answer])
    assert requester.post(address, details).status_code == 302
    case = send_request(InformationRequest.objects.get(pk=case.pk), by=cast.requester)
    cards, said = on_cards(cards_of(case)), shown(what_was_said(case)["consent"])
    for field in CONSENT_FIELDS:
        value = field.said(case.consent)
        asked_for = field.name in (*ConsentForm.base_fields, *ConsentDetailsForm.ASKED[answer])
        assert bool(value) == asked_for, f"{field.name} is not kept as the form asks for it"
        if value:
            assert (field.card, value) in cards, f"asking/summary.py does not show {field.name}"
            assert (field.desk, value) in said, f"triage/selectors.py does not show {field.name}"


def test_each_text_that_an_agency_may_be_told_has_a_row_and_is_offered():
    sealed = {f.name for f in AgencyCheck._meta.concrete_fields if isinstance(f, SealedField)}
    columns, rows = sealed - OF_THE_ANSWER, {told.name for told in TOLD}
    assert not columns - rows, f"{TABLE}: TOLD has no row for {columns - rows}"
    assert not rows - columns, f"agency_checks/models.py has no column {rows - columns}"
    for told in TOLD:
        assert told.ticked_as or told.name in ToldFields.base_fields, (
            f"{TABLE}: {told.name} can neither be ticked nor cut"
        )


@pytest.mark.django_db
@pytest.mark.parametrize("is_told", [True, False])
def test_each_reader_reads_what_an_agency_is_told(cast, is_told):
    case = walks.accepted(cast)
    assert offered_of(case).keys() == {told.name for told in TOLD}
    words = {told.name: f"Told {told.name}" for told in TOLD} if is_told else {}
    check = agency_checks.put_agency_check(
        case,
        by=cast.officer,
        idempotency_key=uuid4(),
        holder=cast.agencies["trust"],
        shown={str(case.subjects.get(role="child").pk): ["name"]},
        questions=[("Seen at hospital?", "Unexplained bruise")],
        **words,
    )
    check = agency_checks.take_agency_check(check, by=cast.trust_spoc)
    walks.listed(check, cast.trust_spoc, "Attendance in October")
    decision = deciding.begin_decision(check, by=cast.trust_spoc, idempotency_key=uuid4())
    lines = history_of_check(check, cast.trust_spoc, {}).lines
    readers = {
        ("label", "receiving/views.py, agency_checks/views.py and prints"): shown(told_of(check)),
        ("versions", "history/words.py"): {(str(line.key), line.new) for line in lines},
    }
    for told in TOLD:
        for (reader, where), rows in readers.items():
            row = (getattr(told, reader), f"Told {told.name}")
            assert (row in rows) == is_told, f"{where}: {told.name} is not shown as it was told"
        instead = told.if_not % {"desk": case.desk}
        assert (told.label, words.get(told.name) or instead) in beside(
            decision.agency_check
        ).told, f"decisions/flow/steps.py does not say what {told.name} tells"


def test_each_detail_of_a_person_has_its_words_its_question_and_what_stands_for_nothing():
    columns = said_in(Subject)
    details = {*DETAILS} - {"name"} | {"given_name", "family_name", "is_unborn"}
    assert not columns - details, f"requests_app/choices.py: DETAILS lacks {columns - details}"
    assert not details - columns, f"people/models.py has no column {details - columns}"
    assert columns == NOTHING_SAID.keys()
    dates = {f.name for f in Subject._meta.concrete_fields if isinstance(f, SealedDateField)}
    assert {name for name, nothing in NOTHING_SAID.items() if nothing is None} == dates
    forms = AdultForm.base_fields | ChildForm.base_fields
    missing = columns - forms.keys() - {"is_unborn"}  # asked as "born"
    assert not missing, f"people/particulars.py asks for no {missing}"
    lists = {
        name
        for name in columns & forms.keys()
        if isinstance(forms[name], RadioChoice | SelectChoice)
    }
    wordless = lists - CHOSEN.keys() - {"ethnicity"}
    assert not wordless, f"requests_app/details.py: CHOSEN has no words for {wordless}"
