"""A token of what was disposed of, from a backup or by SQL, stops no search for a child."""

import pytest

from requests_app.access_log.selectors import requests_of
from requests_app.matching.selectors import candidates
from requests_app.models import MatchToken, Subject
from tests import walks
from tests.retention import walks as ways

pytestmark = pytest.mark.django_db


def test_a_token_added_to_a_disposed_record(cast):
    done = ways.closed(cast)
    ways.destroyed(cast, done)
    case, other = walks.sent(cast), walks.sent(cast)
    child = case.subjects.get(role="child")
    assert [each.pk for each in requests_of(child, cast.officer)] == [case.pk, other.pk]
    mine = MatchToken.objects.filter(subject=child).first()
    gone = Subject.objects.get(case=done, role="child")
    MatchToken.objects.create(case=done, subject=gone, kind=mine.kind, token=mine.token)
    assert {each.case.pk for each in candidates(case, cast.officer)} == {other.pk}
    assert [each.pk for each in requests_of(child, cast.officer)] == [case.pk, other.pk]
