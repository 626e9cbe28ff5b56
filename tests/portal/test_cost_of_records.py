"""What the pages of one record ask: few statements, none twice, as many for a long history."""

import re

import pytest
from django.urls import reverse

from agencies.partnership.selectors import the_partnership
from decisions.models import Decision
from encryption.unit_of_work import key_cache
from requests_app.models import AgencyCheck, InformationRequest, Release
from requests_app.triage import actions as triage
from tests import walks

pytestmark = pytest.mark.django_db

MOST = 12
OF_A_PACKAGE = 13  # it notes the package as read, and then what is in it
LONG = 200
BEFORE = re.compile(r"[?]before=\d+")


def rated(case, cast, times):
    """A request with a history."""
    for turn in range(times):
        rating = "red" if turn % 2 else "green"
        triage.change_rating(case, by=cast.officer, rating=rating, reason=f"Reason {turn}")
        case = InformationRequest.objects.get(pk=case.pk)
    return case


def pages_of(case, cast):
    check = AgencyCheck.objects.get(case=case, holder=cast.agencies["trust"])
    decision, package = Decision.objects.get(agency_check=check), Release.objects.get(case=case)
    return {
        ("officer", "requests:triage_case"): case,
        ("officer", "requests:request_history"): case,
        ("requester", "requests:case"): case,
        ("requester", "requests:released"): package,
        ("trust_spoc", "requests:check"): check,
        ("trust_spoc", "decisions:decision"): decision,
        ("trust_manager", "decisions:decision"): decision,
    }


def no_more_than(most, asked, name):
    assert len(asked) <= most, "\n".join([f"{name} asks {len(asked)} times:", *asked])
    reads = [each for each in asked if not each.startswith("INSERT")]
    assert len(set(reads)) == len(reads), "\n".join([f"{name} asks twice:", *sorted(reads)])


def test_the_pages_of_a_record_ask_as_little_after_a_long_history(signed_in, cast, statements_of):
    found = {}
    for times in (0, LONG):
        for (who, name), row in pages_of(rated(walks.released(cast), cast, times), cast).items():
            address, client = reverse(name, args=[row.pk]), signed_in(who)
            asked = statements_of(lambda client=client, address=address: client.get(address))
            most = OF_A_PACKAGE if name == "requests:released" else MOST
            no_more_than(most, asked, f"{name} for {who}")
            assert found.setdefault((who, name), len(asked)) == len(asked), f"{name} for {who}"


def test_the_pages_of_what_is_being_made_ask_as_little(signed_in, cast, statements_of):
    draft, ready = walks.a_draft(cast), walks.ready_to_share(cast)
    refusal = walks.ready_to_refuse(cast)
    pages = [
        ("requester", reverse("requests:case", args=[draft.pk])),
        ("requester", reverse("requests:review", args=[draft.pk])),
        ("trust_spoc", reverse("requests:check", args=[ready.agency_check_id])),
        ("trust_spoc", reverse("decisions:decision", args=[ready.pk])),
        ("trust_spoc", reverse("decisions:step", args=[ready.pk, "consent"])),
        ("trust_spoc", reverse("decisions:record", args=[ready.pk])),
        ("housing_spoc", reverse("decisions:decision", args=[refusal.pk])),
        ("housing_spoc", reverse("decisions:record", args=[refusal.pk])),
    ]
    for who, address in pages:
        client = signed_in(who)
        asked = statements_of(lambda client=client, address=address: client.get(address))
        no_more_than(MOST, asked, address)


@pytest.mark.parametrize(
    ("who", "name"), [("officer", "requests:triage_case"), ("requester", "requests:case")]
)
def test_a_long_history_is_read_page_by_page_and_nothing_of_it_is_lost(signed_in, cast, who, name):
    case = rated(walks.accepted(cast), cast, 60)
    client, address, seen = signed_in(who), reverse(name, args=[case.pk]), []
    there = address
    while there:
        page = client.get(there)
        context = page.context
        seen.append([each["title"] for each in context.get("timeline") or context["entries"]])
        further = BEFORE.search(page.content.decode())
        there = address + further[0] if further else ""
    assert [len(each) for each in seen[:2]] == [25, 25]
    titles = [title for each in seen for title in each]
    assert titles.count("Rating changed") == 60
    assert "sent" in titles[-1].casefold() or "started" in titles[-1].casefold()
    for nonsense in ("x", "-1", "²", "9" * 40, "\0"):
        shown = client.get(address, {"before": nonsense}).context
        assert [each["title"] for each in shown.get("timeline") or shown["entries"]] == seen[0]


def test_versions_are_listed_page_by_page(signed_in, cast):
    case = rated(walks.accepted(cast), cast, 60)
    officer, address = signed_in("officer"), reverse("requests:request_history", args=[case.pk])
    numbers, before = [], {}
    while True:
        history = officer.get(address, before).context["history"]
        numbers += [each.number for each in history.versions]
        if not history.earlier:
            break
        before = {"before": history.earlier}
    latest = InformationRequest.objects.get(pk=case.pk).version
    first = case.history.exclude(status="draft").order_by("version").first().version
    assert list(dict.fromkeys(numbers)) == list(range(latest, first - 1, -1))
    far = officer.get(address, {"old": first, "new": latest}).context["history"]
    assert (far.old.number, far.new.number) == (first, latest)
    assert {first, latest} <= {each.number for each in far.versions}


def test_the_partnership_is_asked_for_once_in_a_unit_of_work(cast, django_assert_num_queries):
    the_partnership()
    with key_cache(), django_assert_num_queries(1):
        assert the_partnership() is the_partnership()
    with django_assert_num_queries(2):
        assert the_partnership() is not the_partnership()
