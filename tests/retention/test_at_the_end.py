"""What may change between a list and its carrying out, and what is said of it afterwards."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from retention.actions import destroying, disposing
from retention.models import Disposal, DisposalList, DisposalStatement
from tests.retention import walks
from tests.retention.test_pages import NEXT_YEAR

pytestmark = [
    pytest.mark.django_db(databases=["default", "keystore"]),
    pytest.mark.clause("ISA-8.1"),
]


@pytest.fixture
def case(cast):
    return walks.closed(cast)


def there(name, *things):
    return reverse(f"retention:{name}", args=[thing.pk for thing in things])


def page(answer):
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_page_sent_twice_lists_once_and_with_other_records_not_at_all(signed_in, cast, case):
    other = walks.closed(cast)
    walks.at_once(cast)
    officer, form = signed_in("officer"), {"once": uuid4(), "records": [case.pk]}
    for _ in range(2):
        answer = officer.post(there("due"), form)
        assert answer.url == there("list", DisposalList.objects.get())
    assert officer.post(there("due"), form | {"records": [other.pk]}).status_code == 409
    assert officer.post(there("due"), form | {"records": [case.pk, other.pk]}).status_code == 409
    assert Disposal.objects.get().case == case
    disposing.cancel_disposal(DisposalList.objects.get(), by=cast.officer)
    assert officer.post(there("due"), form).status_code == 409, "it would say that it is listed"


def test_cancelling_what_is_half_done_does_not_say_that_nothing_was_destroyed(
    signed_in, cast, case
):
    row = walks.waited(walks.approved(cast, case, walks.closed(cast)))
    first = row.lines.order_by("case_id").first()
    assert destroying._begin(first)
    destroying._destroy(first)
    said = page(signed_in("officer").post(there("cancel", row), follow=True))
    assert "Nothing on it is disposed of" not in said
    assert "Nothing more on it is disposed of" in said


def test_a_receiver_that_keeps_its_copy_for_longer_says_so(signed_in, cast, case):
    walks.destroyed(cast, case)
    row = DisposalStatement.objects.get(agency=cast.agencies["trust"])
    for day in (NEXT_YEAR, NEXT_YEAR + timedelta(days=365)):
        until = {f"until_{part}": getattr(day, part) for part in ("day", "month", "year")}
        form = {"said": "own_record", **until}
        assert signed_in("trust_manager").post(there("statement", row), form).status_code == 302
        assert DisposalStatement.objects.get(pk=row.pk).kept_until == day
