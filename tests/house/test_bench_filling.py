"""What the growth bench copies says of itself what the moves would have said."""

import pytest
from django.db import connection
from django.db.models import F, Q
from django.urls import reverse

from bench.filling import A_SCHOOL, fill
from decisions.models import Decision
from requests_app.models import (
    AgencyCheck,
    InformationRequest,
    Release,
    ReleasedAnswer,
    ReleasedItem,
)
from tests import walks

pytestmark = pytest.mark.django_db
COPIES = A_SCHOOL + 1  # so that one at least is still of those who asked and answered


@pytest.fixture
def case(cast, signed_in):
    """Released, and looked at once: what the bench copies."""
    case = walks.released(cast)
    signed_in("officer").get(reverse("requests:triage_case", args=[case.pk]))
    return case


def test_what_was_released_in_a_copy_went_from_who_answered_to_who_asked(cast, case):
    fill(cast, case, 0, COPIES)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    inside = ReleasedItem.objects.exclude(case=case)
    assert inside.count() == COPIES
    between = Q(originator=F("item__agency_check__holder"), received_by=F("case__agency"))
    assert not inside.exclude(between).exists()
    assert set(inside.values_list("originator", flat=True)) == {
        cast.agencies[name].pk for name in ("trust", "council")
    }
    assert set(inside.values_list("received_by", flat=True)) == {
        cast.agencies[name].pk for name in ("school", "council")
    }


def empty(model, case):
    """Of each row of a case, the columns in which there is nothing."""
    rows = model.objects.filter(case=case).values()
    return sorted(sorted(name for name in row if row[name] is None) for row in rows)


@pytest.mark.parametrize("model", [AgencyCheck, Decision, Release, ReleasedItem, ReleasedAnswer])
def test_a_copy_is_empty_only_where_what_it_is_copied_from_is(cast, case, model):
    fill(cast, case, 0, 1)
    copy = InformationRequest.objects.exclude(pk=case.pk).get()
    assert empty(model, copy) == empty(model, case)
    assert not copy.agency_checks.filter(released_at=None).exists()
