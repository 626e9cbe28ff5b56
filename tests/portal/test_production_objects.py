"""Production settings with buckets in the place of folders: what is missing, unsafe, elsewhere."""

import json

import pytest

from tests.portal.test_production import GOOD, load

OBJECTS = {
    "FILES_DIR": None,
    "FILES_BUCKET": "s3://council-files/portal",
    "S3_REGION": "uk-south",
    "S3_ACCESS_KEY_ID": "zebra",
    "S3_SECRET_ACCESS_KEY": "marmalade",
    "S3_ENDPOINT": "https://objects.council.example:9000",
}
SHOW = """
import json
from portal.settings import production as p
b = p.FILES_BUCKET
print(json.dumps([b.name, b.prefix, b.region, b.endpoint, b.key_id, b.secret, p.FILES_DIR]))
"""


def last(**changes):
    done = load(**{**OBJECTS, **changes})
    assert done.returncode == 1
    said = done.stderr.strip().splitlines()[-1]
    assert "marmalade" not in done.stderr
    return said


def test_a_bucket_stands_for_the_folder():
    done = load(SHOW, **OBJECTS)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == [
        *("council-files", "portal/", "uk-south", OBJECTS["S3_ENDPOINT"], "zebra", "marmalade"),
        None,
    ]


def test_one_bucket_may_have_a_keeper_of_its_own():
    own = {"FILES_S3_ACCESS_KEY_ID": "own", "FILES_S3_SECRET_ACCESS_KEY": "its"}
    own["FILES_S3_ENDPOINT"] = "https://other.council.example"
    done = load(SHOW, **OBJECTS | own)
    assert json.loads(done.stdout)[3:6] == ["https://other.council.example", "own", "its"]


def test_aws_needs_no_endpoint():
    done = load(SHOW, **OBJECTS | {"S3_ENDPOINT": None})
    assert json.loads(done.stdout)[3] == ""


def test_whoever_opens_no_record_is_not_given_it():
    script = "from portal.settings import production as p; print(p.FILES_BUCKET, p.FILES_DIR)"
    assert load(script, PORTAL_KEYS="none", **OBJECTS).stdout.split() == ["None", "None"]


def test_one_who_only_copies_is():
    given = OBJECTS | {"FILES_BUCKET": None, "BACKUP_FILES_BUCKET": "s3://council-files"}
    script = "from portal.settings import production as p; print(p.BACKUP_FILES_BUCKET)"
    done = load(script, PORTAL_KEYS="none", **given)
    assert done.stdout.strip() == "s3://council-files", done.stderr


def test_all_that_is_missing_is_named_at_once():
    needed = ["S3_REGION", "S3_ACCESS_KEY_ID", "S3_SECRET_ACCESS_KEY"]
    said = last(**dict.fromkeys(needed))
    assert said.endswith(
        "FILES_BUCKET is set, so set these too: "
        + ", ".join(f"{name} (or FILES_{name})" for name in needed)
    )


@pytest.mark.clause("ISA-4.3-EEA", part=True)
@pytest.mark.parametrize(
    "changes",
    [
        {"S3_REGION": "us-east-1"},
        {"FILES_S3_REGION": "us-east-1"},
        {
            "FILES_BUCKET": None,
            "FILES_DIR": "/files",
            "BACKUP_FILES_BUCKET": "s3://council-files",
            "S3_REGION": "us-east-1",
        },
    ],
)
def test_it_refuses_a_bucket_outside_the_allowed_regions(changes):
    said = last(**changes)
    assert "S3_REGION is 'us-east-1'" in said
    assert "uk-south, uk-west" in said


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"FILES_DIR": "/files"}, "FILES_BUCKET and FILES_DIR are both set"),
        ({"FILES_BUCKET": "council-files"}, "write s3://name"),
        ({"FILES_BUCKET": "s3://Council_Files"}, "write s3://name"),
        ({"FILES_BUCKET": "s3://a.dot.in.it"}, "write s3://name"),
        ({"FILES_BUCKET": "s3://council-files/../other"}, "write s3://name"),
        ({"FILES_BUCKET": "s3://council-files//x"}, "write s3://name"),
        ({"FILES_BUCKET": "https://council-files.example"}, "write s3://name"),
        ({"S3_ENDPOINT": "objects.council.example"}, "S3_ENDPOINT must be https://host"),
        ({"S3_ENDPOINT": "https://objects.council.example/path"}, "S3_ENDPOINT must be https://"),
        ({"S3_ENDPOINT": "https://me:marmalad@objects.example"}, "takes no name and password"),
        ({"S3_ENDPOINT": "http://objects:9000"}, "set PRIVATE_NETWORK=objects"),
        ({"S3_CA_FILE": "/nowhere.pem"}, "S3_CA_FILE names no file"),
    ],
)
def test_it_refuses_what_is_unsafe_or_names_nothing(changes, why):
    assert why in last(**changes)


def test_a_network_of_its_own_may_go_without_tls():
    given = OBJECTS | {"S3_ENDPOINT": "http://objects:9000", "PRIVATE_NETWORK": "objects"}
    assert load(**given).returncode == 0


@pytest.mark.parametrize("name", ["S3_ACCESS_KEY_ID", "FILES_S3_SECRET_ACCESS_KEY"])
def test_both_halves_of_a_key_may_be_files(tmp_path, name):
    file = tmp_path / "secret"
    file.write_text("invented of a file\n")
    file.chmod(0o600)
    done = load(SHOW, **OBJECTS | {name: None, f"{name}_FILE": str(file)})
    assert "invented of a file" in json.loads(done.stdout), done.stderr


def test_a_folder_is_still_enough():
    assert "FILES_DIR" in GOOD
    assert load().returncode == 0


BACKUPS = {
    "BACKUPS": "here",
    "BACKUP_DATA_BUCKET": "s3://council-backup-data",
    "BACKUP_KEYSTORE_BUCKET": "s3://council-backup-keystore",
    "S3_REGION": "uk-west",
}


def test_backups_in_buckets_need_no_folder_and_of_most_processes_no_key():
    script = """
from portal.settings import production as p
print([w["options"]["queue"] for w in p.CELERY_BEAT_SCHEDULE.values() if "options" in w])
print(p.BACKUP_DATA_BUCKET, p.BACKUP_KEYSTORE_BUCKET, p.BACKUP_DATA_DIR)
"""
    done = load(script, **BACKUPS)
    assert done.stdout.splitlines() == [
        "['backups', 'drills']",
        f"{BACKUPS['BACKUP_DATA_BUCKET']} {BACKUPS['BACKUP_KEYSTORE_BUCKET']} None",
    ], done.stderr


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"BACKUP_KEYSTORE_BUCKET": "s3://council-backup-data/keystore"}, "another place"),
        ({"BACKUP_KEYSTORE_BUCKET": None}, "Set BACKUP_DATA_DIR and BACKUP_KEYSTORE_DIR (or"),
        ({"BACKUP_DATA_DIR": "/b"}, "BACKUP_DATA_BUCKET and BACKUP_DATA_DIR are both set"),
        ({"S3_REGION": None}, "BACKUP_DATA_BUCKET is set, so set these too: S3_REGION"),
        ({"BACKUP_KEYSTORE_S3_REGION": "us-east-1"}, "S3_REGION is 'us-east-1'"),
        ({"BACKUP_DATA_S3_ENDPOINT": "http://objects:9000"}, "set PRIVATE_NETWORK=objects"),
    ],
)
def test_buckets_for_backups_are_held_to_the_same(changes, why):
    assert why in last(**{**dict.fromkeys(OBJECTS), "FILES_DIR": "/files", **BACKUPS, **changes})


def test_one_kind_may_lie_in_a_folder():
    mixed = BACKUPS | {"BACKUP_KEYSTORE_BUCKET": None, "BACKUP_KEYSTORE_DIR": "/keystore"}
    assert load(**mixed).returncode == 0
