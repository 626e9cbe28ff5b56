"""What can be proved after a disposal: receipts, the ledger, and that nothing opens (ISA-8.1)."""

import pytest
from django.urls import reverse

from audit.ledger.sequencing import sequence
from audit.ledger.signing import create_signing_key
from audit.ledger.verifying_rows import verify_live
from encryption.disposals import check_disposals, enter, replay
from encryption.errors import DisposalsNotReplayed, KeyDestroyed, SealBroken
from encryption.fields import sealed_fields
from encryption.files import open_file, path_of
from encryption.keystore import CaseKey
from encryption.verifying import sealed_models
from requests_app.models import InformationRequest, MatchToken
from retention.disposal import destroying
from retention.models import Disposal, DisposalList
from tests.decisions.receipts.test_receipts import checked
from tests.retention import walks

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "keystore"]),
    pytest.mark.clause("ISA-8.1"),
]


@pytest.fixture
def signer(tmp_path):
    return create_signing_key(tmp_path / "key", "tests.invalid/ledger")


@pytest.fixture
def case(cast):
    return walks.closed(cast)


@pytest.mark.clause("P-RECORD", part=True)
def test_receipts_from_before_and_after_prove_the_decision(signed_in, cast, case, signer, tmp_path):
    check = case.agency_checks.get(holder=cast.agencies["trust"])
    there = reverse("decisions:receipt", args=[check.decisions.get().pk])
    client = signed_in("trust_spoc")
    sequence(signer)
    kept = {"before": client.get(there).content}
    walks.destroyed(cast, case)
    sequence(signer)
    kept["after"] = client.get(there).content
    for when, content in kept.items():
        path = tmp_path / f"{when}.json"
        path.write_bytes(content)
        told = checked(path, str(signer.verifier))
        assert told.returncode == 0, told.stdout + told.stderr
        assert "YES" in told.stdout
    assert verify_live().wrong == []


def cells_of(case):
    """Every sealed cell of a case and of its history, as a data backup has it."""
    return [
        (model, row.pk, field.attname)
        for model in sealed_models()
        for row in model._base_manager.all()
        for field in sealed_fields(model)
        if field.place(row).case_id == case.pk and row.__dict__[field.attname]
    ]


def test_a_data_backup_of_before_opens_nothing_with_the_keystore_of_now(cast, case):
    file = walks.with_file(case)
    backup = {path_of(file.pk): path_of(file.pk).read_bytes()}
    tokens = list(MatchToken.objects.filter(case=case).values())
    cells = cells_of(case)
    assert len(cells) > 40
    walks.destroyed(cast, case)
    # The data as they were twenty days ago: no cell has changed since, files and tokens are back.
    for path, content in backup.items():
        path.write_bytes(content)
    MatchToken.objects.bulk_create(MatchToken(**row) for row in tokens)
    for model, pk, name in cells:
        row = model._base_manager.get(pk=pk)
        with pytest.raises(KeyDestroyed):
            getattr(row, name)
    with pytest.raises((KeyDestroyed, SealBroken)):
        list(open_file(case_id=case.pk, file_id=file.pk))
    assert not CaseKey.objects.filter(case_id=case.pk, destroyed_at=None).exists()
    assert destroying.replay_files_and_tokens() == len(tokens)
    assert not path_of(file.pk).exists()
    assert not MatchToken.objects.filter(case=case).exists()


def test_a_keystore_of_before_is_not_served(cast, case):
    keys = list(CaseKey.objects.filter(case_id=case.pk).values())
    walks.destroyed(cast, case)
    CaseKey.objects.filter(case_id=case.pk).delete()
    CaseKey.objects.bulk_create(CaseKey(**row) for row in keys)
    with pytest.raises(DisposalsNotReplayed):
        check_disposals()
    assert replay() == 1
    check_disposals()


class Killed(BaseException):
    """The process ended here."""


STEPS = ("enter", "destroy_case_key", "_take_away", "_receivers", "post", "_finish_lists")


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("step", STEPS)
def test_killed_at_any_step_it_is_finished_by_the_next_run(cast, case, monkeypatch, step, after):
    row = walks.waited(walks.approved(cast, case))
    real = getattr(destroying, step)

    def dying(*args, **kwargs):
        if after:
            real(*args, **kwargs)
        raise Killed

    monkeypatch.setattr(destroying, step, dying)
    with pytest.raises(Killed):
        destroying.carry_out()
    monkeypatch.undo()
    destroying.carry_out()
    line = Disposal.objects.get()
    assert line.status == "destroyed"
    assert DisposalList.objects.get(pk=row.pk).status == "done"
    assert InformationRequest.objects.get().reference == line.reference
    assert Disposal.history.filter(status="destroyed").count() == 1
    with pytest.raises(KeyDestroyed):
        _ = InformationRequest.objects.get().purpose_reason


def test_entered_and_not_destroyed_is_destroyed_by_a_replay(case, cast):
    row = walks.waited(walks.approved(cast, case))
    assert destroying._begin(row.lines.get())
    enter(case.pk, row.pk)
    assert replay() == 1
    with pytest.raises(KeyDestroyed):
        _ = InformationRequest.objects.get().purpose_reason


def test_every_room_with_sealed_columns_belongs_to_a_case():
    """Whatever is sealed dies with some case's key, or is not of a case at all."""
    for model in sealed_models():
        names = {field.name for field in model._meta.get_fields()}
        is_case = model._meta.model_name.endswith("informationrequest")
        assert is_case or "case" in names, model
