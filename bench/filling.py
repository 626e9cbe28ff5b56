"""Many finished requests like one that is there, for measuring what they cost the others.

They are copied by SQL alone: their sealed cells are of another row and open for nobody, which
shows if a page ever opens one that it does not list.
"""

from collections.abc import Mapping
from functools import partial
from typing import Any, Final
from uuid import UUID

from django.db import connection, models, transaction
from django.db.models import Model

from agencies.models import Agency
from audit.models import AccessEntry, Event
from audit.names import thing_of
from decisions.models import Decision
from requests_app.models import (
    InformationRequest,
    Release,
    ReleasedAnswer,
    ReleasedItem,
    Subject,
)
from requests_app.triage.places import put_right
from tests.cast import Cast

# Ten minutes from one to the next, the latest a month ago: twenty years of a busy front door.
A_SCHOOL: Final = 400  # who ask
A_TRUST: Final = 20  # who answer
REFUSED: Final = 5  # of each so many requests one with something that was not shared
AGO: Final = "now() - interval '30 days' - n * interval '10 minutes'"


def fill(cast: Cast, case: InformationRequest, since: int, until: int) -> None:
    """Copies number ``since`` to ``until`` of ``case`` and of what the trust answered to it.

    All are of one front door; of those who ask, and of those who answer, each has a part only.
    """
    holder, other = cast.agencies["council"], cast.users["classmate"]
    decision = Decision.objects.get(case=case, outcome="share")
    weighed = decision.weighed.get()
    release = Release.objects.get(case=case)
    answer = ReleasedAnswer.objects.get(release=release, agency_check=decision.agency_check)
    request, check = _id("request"), _id("check")
    share = partial(
        _shared_out,
        parts={case.agency_id: A_SCHOOL, decision.agency_check.holder_id: A_TRUST},
        else_=holder.pk,
    )
    others = {"requested_by_id": _one_in(A_SCHOOL, "requested_by_id", other.pk)} | share(case)
    decided, item, released = _id("decision"), _id("item"), _id("release")
    of_case, of_check = {"case_id": request}, {"case_id": request, "enquiry_id": check}
    named = {"reference": "'R-' || lpad(n::text, 10, '0')"}
    _copy(case, {"id": request, **named, **others}, since, until)
    for child in Subject.objects.filter(case=case):
        _copy(child, {"id": _id(str(child.pk)), **of_case}, since, until)
    _copy(
        decision.agency_check,
        {"id": check, **of_case, **named, **share(decision.agency_check)},
        since,
        until,
    )
    _copy(decision, {"id": decided, **of_check}, since, until)
    question = {"id": _id("question"), **of_check}
    _copy(weighed.item.question, question, since, until)
    _copy(weighed.item, {"id": item, **of_check, "question_id": question["id"]}, since, until)
    weighs = {"decision_id": decided, "item_id": item}
    _copy(weighed, {"id": _id("weighed"), **of_case, **weighs}, since, until)
    _copy(weighed.item.receipt, {"id": _id("got"), **of_case, "item_id": item}, since, until)
    _copy(release, {"id": released, **of_case}, since, until)
    tells = {"release_id": released, "enquiry_id": check}
    inside = ReleasedItem.objects.get(release=release, item=weighed.item)
    gone_out = {"id": _id("inside"), "release_id": released, "item_id": item}
    _copy(inside, {**gone_out, **of_case, **share(inside)}, since, until)
    _copy(answer, {"id": _id("told"), **of_case, **tells}, since, until)
    _refuse(case, since, until)
    event = Event.objects.filter(case_id=case.pk).first()
    look = AccessEntry.objects.filter(case_id=case.pk, thing=thing_of(case)).first()
    at_request = {"id": None, **of_case, "thing_id": f"({request})::text"}
    _copy(event, at_request, since, until)
    _copy(look, at_request, since, until)
    # As many entries again, by somebody else, so that what one person saw is half of all.
    _copy(look, {**at_request, "person": f"'{other.pk}'"}, since, until)


def _refuse(case: InformationRequest, since: int, until: int) -> None:
    """What was not shared, in some of the copies, and what the partners said of it."""
    decision = Decision.objects.get(case=case, outcome="no_share")
    weighed = decision.weighed.get()
    request, check, item, decided = (_id(of) for of in ("request", "no", "kept", "refusal"))
    of_case, of_check = {"case_id": request}, {"case_id": request, "enquiry_id": check}
    named = {"reference": "'N-' || lpad(n::text, 10, '0')"}
    some = {"every": REFUSED}
    _copy(decision.agency_check, {"id": check, **of_case, **named}, since, until, **some)
    _copy(decision, {"id": decided, **of_check}, since, until, **some)
    question = {"id": _id("why"), **of_check}
    _copy(weighed.item.question, question, since, until, **some)
    about = {"id": item, **of_check, "question_id": question["id"]}
    _copy(weighed.item, about, since, until, **some)
    weighs = {"decision_id": decided, "item_id": item}
    _copy(weighed, {"id": _id("unshared"), **of_case, **weighs}, since, until, **some)
    scrutiny = {"id": decided, **of_case, "decision_id": decided}
    _copy(decision.scrutiny, scrutiny, since, until, **some)
    answer = ReleasedAnswer.objects.get(case=case, agency_check=decision.agency_check)
    told = {"id": _id("told of refusal"), **of_check, "release_id": _id("release")}
    _copy(answer, told, since, until, **some)


def count_anew() -> None:
    """Have the database count, as it does by itself after some time."""
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        put_right()  # what triggers would have kept
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("RESET statement_timeout")


def _shared_out(row: Model, *, parts: Mapping[UUID, int], else_: UUID) -> dict[str, str]:
    """Every agency that a row names, by column: the same share of its copies names it too.

    So whatever names an agency beside the request and the check names the one that they name.
    """
    said = {}
    for each in row._meta.concrete_fields:
        if each.related_model is Agency:
            name = str(each.column)
            whens = (f"WHEN '{pk}' THEN {_one_in(n, name, else_)}" for pk, n in parts.items())
            said[name] = f"CASE t.{name} {' '.join(whens)} ELSE t.{name} END"
    return said


def _one_in(many: int, column: str, else_: UUID) -> str:
    return f"CASE WHEN mod(n, {many}) = 0 THEN t.{column} ELSE '{else_}'::uuid END"


def _id(of: str) -> str:
    return f"md5('{of}' || n)::uuid"


def _copy(
    row: Any, other: Mapping[str, str | None], since: int, until: int, *, every: int = 1
) -> None:
    """Copies of a row; ``other`` says what differs, by column: None where it is given by itself."""
    model: type[Model] = type(row)
    said = {
        column: _said(each, other)
        for each in model._meta.concrete_fields
        if (column := each.column) and other.get(column, "") is not None
    }
    table = model._meta.db_table
    statement = (
        f"INSERT INTO {table} ({', '.join(map(connection.ops.quote_name, said))}) "  # noqa: S608 - our own tables
        f"SELECT {', '.join(said.values())} FROM {table} t, generate_series(%s, %s, %s) AS n"
        f" WHERE t.{model._meta.pk.column} = %s"
    )
    key = row.pk if isinstance(row.pk, UUID) else int(row.pk)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")  # no triggers
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute(statement, [since, until - 1, every, key])


def _said(each: "models.Field[Any, Any]", other: Mapping[str, str | None]) -> str:
    given = other.get(str(each.column))
    if given:
        return given
    if isinstance(each, models.DateTimeField):
        return f"CASE WHEN t.{each.column} IS NULL THEN NULL ELSE {AGO} END"
    return f"t.{each.column}"
