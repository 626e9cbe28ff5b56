"""A case with a row in nearly every sealed table, and what holds of it whatever its key is."""

from typing import Any
from uuid import UUID, uuid4

from django.core.files.uploadedfile import SimpleUploadedFile

from audit.ledger.verifying_rows import verify_live
from encryption.errors import SealBroken
from encryption.fields import sealed_fields
from encryption.files import path_of
from encryption.models import CaseKey
from encryption.seal import FIELD_KEY, HEADER, open_sealed
from encryption.unit_of_work import DataKey
from encryption.verifying import open_everything, sealed_models
from requests_app.files import actions as attaching
from requests_app.models import InformationRequest
from tests import walks
from tests.cast import Cast

PAPER = b"Seen at the clinic on Tuesday. " * 50_000  # more than one chunk


def a_whole_case(cast: Cast) -> InformationRequest:
    """Asked, checked, decided, released and opened by somebody else; one file kept, one not."""
    case = walks.a_draft(cast)
    for name, content in (("kept.txt", PAPER), ("out.txt", b"Not this one")):
        upload = SimpleUploadedFile(name, content)
        file = attaching.attach_file(
            case, by=cast.requester, idempotency_key=uuid4(), upload=upload
        )
    attaching.remove_file(file, by=cast.requester)
    walks.released(cast, case)
    walks.opened(cast, case)
    return InformationRequest.objects.get(pk=case.pk)


def rows_of(case_id: UUID) -> list[Any]:
    """Every row with sealed columns that the case has, of history too."""
    found: list[Any] = []
    for model in sealed_models():
        column = "case_id" if hasattr(model, "case") else "id"
        found += model._base_manager.filter(**{column: case_id})
    return found


def generations(case_id: UUID) -> set[int]:
    """By which generations the cells and the files of a case are sealed."""
    found = {
        HEADER.unpack_from(row.__dict__[each.attname].token)[1]
        for row in rows_of(case_id)
        for each in sealed_fields(row)
        if row.__dict__[each.attname] is not None
    }
    case = InformationRequest.objects.get(pk=case_id)
    files = [path_of(each).read_bytes() for each in case.attachments.values_list("pk", flat=True)]
    return found | {HEADER.unpack_from(content)[1] for content in files}


def cells_it_opens(key: DataKey, case_id: UUID) -> int:
    """How many cells a key opens, whatever generation stands before what it is tried on."""
    count = 0
    for row in rows_of(case_id):
        for each in sealed_fields(row):
            held = row.__dict__[each.attname]
            if held is None:
                continue
            for token in {held.token, HEADER.pack(1, key.generation) + held.token[3:]}:
                try:
                    open_sealed(token, key=key.derive(FIELD_KEY), place=each.place(row))
                except SealBroken:
                    continue
                count += 1
    return count


def live_generations(case_id: UUID) -> list[int]:
    """The generations of a case that are there to open anything."""
    rows = CaseKey.objects.filter(case_id=case_id, wrapped__isnull=False, generation__gt=0)
    return list(rows.order_by("generation").values_list("generation", flat=True))


def holds_and_opens() -> None:
    """Every cell and file of the installation opens, and every row is as the ledger says."""
    opened = open_everything(lambda _done: None)
    assert (opened.broken, opened.where) == (0, [])
    assert opened.opened["cells"] > 40
    assert opened.opened["cells of history"] > 40
    assert opened.opened["attached files"] > 0
    assert verify_live().wrong == []
