"""Each job by the shortest way: no more pages, clicks and fields than ``docs/effort.md`` says."""

import pytest

from tests.cast import PASSWORD, PEOPLE
from tests.story import effort, jobs
from tests.story.desk import Person, Stage

pytestmark = pytest.mark.browser


@pytest.fixture
def stage(live_server, cast, new_context) -> Stage:
    """The cast of the tests; nothing is looked at here but what is done."""
    people = {
        code: Person(
            f"{given} {family}", cast.users[code].email, PASSWORD, cast.agencies[agency].name
        )
        for code, (given, family, agency, _role) in PEOPLE.items()
    }
    return Stage(live_server.url, people, list, new_context, axe=None)


@pytest.mark.parametrize("job", jobs.JOBS, ids=lambda job: job.name)
def test_a_job_takes_what_its_page_says(stage, cast, job):
    made = job.before(cast)
    hand = effort.Hand(stage, job.who)
    hand.begin()
    job.do(hand, made)
    assert hand.said == []
    effort.tell(job.role, job.name, hand.effort)


def test_the_page_tells_of_every_job_and_of_no_other():
    assert set(effort.told()) == {(job.role, job.name) for job in jobs.JOBS}
