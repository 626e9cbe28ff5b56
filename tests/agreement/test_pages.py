"""The pages of the agreement, by the people who open them."""

import re
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from agencies.bootstrap.unattended import found_agency, join
from agencies.permissions import Role
from agreement.editions import actions as drafting
from agreement.editions import text
from agreement.editions.selectors import starting_point
from agreement.editions.text import compare, pairs, pieces
from agreement.models import AgreementEdition, PartnerAgreement, Signature
from tests.agreement import walks as editions

pytestmark = pytest.mark.django_db


def text_of(answer):
    return re.sub(r"\s+", " ", answer.content.decode())


def fields(**said):
    values = starting_point() | {
        "changes": "One word",
        "idempotency_key": str(uuid4()),
        "sign_by_days": "60",
    }
    return values | said


@pytest.mark.clause("ISA-9.2")
def test_an_administrator_drafts_changes_and_compares(cast, signed_in):
    first = editions.edition_one(cast)
    office = signed_in("administrator")
    made = office.post(reverse("agreement:draft"), fields(title="Second"))
    draft = AgreementEdition.objects.get(status="draft")
    assert made.url == reverse("agreement:edition", args=[draft.pk])
    words = draft.text.replace("for nothing else", "for that alone")
    there = reverse("agreement:change", args=[draft.pk])
    said = fields(text=words, purposes=["needs", "audits"], read=draft.version, title="Second")
    assert office.post(there, said).status_code == 302
    page = text_of(office.get(reverse("agreement:compare", args=[first.pk, draft.pk])))
    assert re.search(r"\[removed: </span>[^<]*nothing", page)
    assert re.search(r"\[added: </span>[^<]*that", page)
    assert "<strong>Removed</strong>" in page  # the purposes that were left out, in a word


def test_a_draft_without_a_purpose_comes_back_with_what_is_wrong(cast, signed_in):
    answer = signed_in("administrator").post(reverse("agreement:draft"), fields(purposes=[]))
    assert answer.status_code == 422
    assert "Select at least one purpose" in text_of(answer)
    assert not AgreementEdition.objects.exists()


@pytest.mark.parametrize("name", ["text", "changes", "title"])
def test_text_that_cannot_be_kept_is_refused_in_words(cast, signed_in, name):
    office = signed_in("administrator")
    for typed in ("a" * 1_000_001, "NUL \x00"):
        answer = office.post(reverse("agreement:draft"), fields(**{name: typed}))
        assert answer.status_code == 422
    assert not AgreementEdition.objects.exists()


@pytest.mark.clause("ISA-5.3")
def test_a_partner_who_disagrees_says_why(cast, signed_in):
    edition = editions.proposed(cast)
    there = reverse("agreement:agree", args=[edition.pk])
    police = signed_in("police_partner")
    assert "Enter why" in text_of(police.post(there, {"said": "disagree"}))
    done = police.post(there, {"said": "disagree", "reasons": "Too short"})
    assert done.status_code == 302
    said = PartnerAgreement.objects.get()
    assert (said.status, said.reasons) == ("disagreed", "Too short")
    page = text_of(signed_in("administrator").get(reverse("agreement:edition", args=[edition.pk])))
    assert "Too short" in page
    assert "Nobody there can agree yet" in page  # the council has no safeguarding partner here


def test_everybody_reads_what_is_proposed_and_nobody_else_a_draft(cast, signed_in):
    proposed = editions.proposed(cast)
    there = reverse("agreement:edition", args=[proposed.pk])
    assert signed_in("requester").get(there).status_code == 200
    draft = editions.a_draft(cast)
    there = reverse("agreement:edition", args=[draft.pk])
    assert signed_in("requester").get(there).status_code == 404
    assert signed_in("board_partner").get(there).status_code == 200


@pytest.mark.clause("ISA-2.1", "ISA-7.4")
@pytest.mark.clause("ISA-4.3-PRIVACY", part=True)
def test_a_manager_signs_once_nothing_is_missing(cast, signed_in):
    editions.edition_one(cast)
    edition = editions.a_new_edition(cast)
    manager, there = signed_in("trust_manager"), reverse("agreement:sign")
    page = text_of(manager.get(there))
    assert "privacy notice is not on the register" in page
    assert "Anytown Business Office" in page
    assert 'name="controls"' not in page
    editions.with_all_that_is_needed(cast.agencies["trust"])
    assert 'name="controls"' in text_of(manager.get(there))
    today = timezone.localdate()
    said = {
        "edition": str(edition.pk),
        "assessed_on_day": today.day,
        "assessed_on_month": today.month,
        "assessed_on_year": today.year,
        "assessed_by": "Information governance lead",
        "controls": "Access by role.",
    }
    answer = manager.post(there, said)
    assert answer.status_code == 422
    assert "Tick the box to sign" in text_of(answer)
    bare = manager.post(there, said | {"sure": "on", "controls": ""})
    assert bare.status_code == 422
    assert "Enter the controls" in text_of(bare)
    old = said | {"sure": "on", "assessed_on_year": today.year - 4}
    assert "more than 3 years old" in text_of(manager.post(there, old))
    for _time in range(2):
        assert manager.post(there, said | {"sure": "on"}).status_code == 302
    row = Signature.objects.get(edition=edition)
    assert row.signed_by == cast.users["trust_manager"]
    mine = text_of(manager.get(reverse("agreement:edition", args=[edition.pk])))
    assert "Signed by your agency" in mine
    theirs = text_of(signed_in("requester").get(reverse("agreement:edition", args=[edition.pk])))
    assert "Signed by your agency" not in theirs


def test_who_had_an_older_edition_open_does_not_sign_the_new_one_unread(cast, signed_in):
    first = editions.edition_one(cast)
    editions.with_all_that_is_needed(cast.agencies["trust"])
    editions.a_new_edition(cast)
    today = timezone.localdate()
    said = {
        "edition": str(first.pk),
        "assessed_on_day": today.day,
        "assessed_on_month": today.month,
        "assessed_on_year": today.year,
        "assessed_by": "Lead",
        "controls": "Some.",
        "sure": "on",
    }
    answer = signed_in("trust_manager").post(reverse("agreement:sign"), said)
    assert answer.status_code == 409
    assert "Read it first" in text_of(answer)


@pytest.mark.clause("ISA-2.1")
def test_the_office_sees_who_signed_suspends_and_lifts(cast, signed_in):
    editions.edition_one(cast)
    office = signed_in("administrator")
    assert "Edition 1, 1 July 2020" in text_of(office.get(reverse("agreement:signatures")))
    trust = cast.agencies["trust"]
    said = {"idempotency_key": str(uuid4()), "reason": "Laptops were lost"}
    for _time in range(2):
        done = office.post(reverse("agreement:suspend", args=[trust.pk]), said)
        assert done.status_code == 302
    read = text_of(signed_in("trust_manager").get(reverse("agreement:overview")))
    assert "is suspended and takes no part" in read
    assert "Laptops were lost" in read
    assert "Laptops were lost" not in text_of(signed_in("trust_nurse").get("/agreement/"))
    page = text_of(office.get(reverse("agreement:agency", args=[trust.pk])))
    assert "Laptops were lost" in page
    done = office.post(reverse("agreement:lift", args=[trust.pk]), {"reason": "Found"})
    assert done.status_code == 302
    assert "Takes part" in text_of(office.get(reverse("agreement:agency", args=[trust.pk])))


def test_the_list_of_signatures_asks_as_often_for_many_agencies(cast, signed_in, flat):
    editions.edition_one(cast)
    office = signed_in("administrator")
    number = iter(range(100))

    def add():
        found_agency(name=f"Club {next(number)}", kind="club")

    flat(lambda: office.get(reverse("agreement:signatures")), add=add)


@pytest.mark.clause("ISA-5.3")
def test_only_the_purposes_of_the_edition_in_force_are_offered(cast, signed_in):
    from tests import walks

    editions.edition_one(cast)
    editions.a_new_edition(cast, purposes=["needs", "audits"])
    case = walks.a_draft(cast)
    page = text_of(signed_in("requester").get(reverse("requests:purpose", args=[case.pk])))
    assert page.count('name="purposes"') == 2


def test_what_waits_is_on_the_start_page(cast, signed_in):
    editions.edition_one(cast)
    edition = editions.proposed(cast)
    assert "Edition waiting for your agreement" in text_of(signed_in("police_partner").get("/"))
    drafting.withdraw_edition(edition, by=cast.administrator, reason="A slip")
    editions.a_new_edition(cast)
    assert "your agency has to sign before" in text_of(signed_in("trust_manager").get("/"))


def test_somebody_of_the_office_who_is_at_another_agency_keeps_nothing_there(cast, signed_in):
    """The permission counts at the office that keeps the register, and nowhere else."""
    edition = editions.proposed(cast)
    join(cast.users["requester"], Role.ADMINISTRATOR, cast.agencies["school"])
    there = reverse("agreement:withdraw", args=[edition.pk])
    assert signed_in("requester").get(there).status_code == 404


def test_the_text_falls_into_headings_lists_and_paragraphs():
    kinds = [each.kind for each in pieces("# One\n\nWords\nmore\n\n- a\n- b\n\n\n<b>x</b>")]
    assert kinds == ["heading", "paragraph", "list", "paragraph"]


def words_of(runs):
    return [(run.text, run.is_changed) for run in runs]


def test_what_is_too_much_to_compare_is_shown_as_replaced_between_what_is_the_same():
    """4,000 words took 3.8 seconds, and twice as many four times that."""
    many = " ".join(f"a{number % 7}" for number in range(4_000))
    other = " ".join(f"a{number % 5}" for number in range(4_000))
    [pair] = pairs([f"The same. {many} End."], [f"The same. {other} End."])
    assert words_of(pair.before)[0] == ("The same. a0 a1 a2 a3 a4 ", False)
    assert words_of(pair.before)[-1] == ("End.", False)
    assert [run.is_changed for run in pair.before] == [False, True, False]
    assert "".join(run.text for run in pair.after) == f"The same. {other} End."


def test_many_pieces_that_all_changed_are_compared_no_longer_than_one():
    effort = text._Effort()
    before = [f"{number} " + "x " * 300 for number in range(60)]
    after = [f"{number} " + "y " * 300 for number in range(60)]
    found = pairs(before, after, effort=effort)
    assert [str(pair.what) for pair in found] == ["Changed"] * 60
    assert 0 <= effort.left < 300**3, "what was left over was not enough for one more"


def test_what_took_eight_seconds_is_not_compared_word_by_word():
    before, after = " ".join(["x", "y"] * 500), " ".join(["x", "z"] * 500)
    [pair] = pairs([before], [after])
    assert [run.is_changed for run in pair.after] == [False, True]


@pytest.mark.parametrize(
    ("before", "after"),
    [([], []), ([], ["a"]), (["a"], []), (["a"], ["a", "a"]), (["a", "a"], ["a"]), (["a"], ["b"])],
)
def test_nothing_of_either_side_is_lost_in_a_comparison(before, after):
    found = pairs(before, after)
    assert [run.text for pair in found for run in pair.before] == before
    assert [run.text for pair in found for run in pair.after] == after


def test_a_comparison_says_in_a_word_what_happened():
    found = pairs(["Same", "An old word", "Gone"], ["Same", "A new word", "More", "And more"])
    assert [str(pair.what) for pair in found] == ["Same", "Changed", "Changed", "Added"]
    one = AgreementEdition(number=1, text="# A\n\nOne", purposes=["needs"], conditions=[])
    two = AgreementEdition(number=2, text="# A\n\nOne\n\nTwo", purposes=["audits"], conditions=[])
    they = compare(one, two)
    assert [str(pair.what) for pair in they.text] == ["Same", "Same", "Added"]
    assert [str(pair.what) for pair in they.purposes] == ["Removed", "Added"]
