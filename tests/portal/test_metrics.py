"""What Prometheus reads: figures of nobody, for whoever has the token, one part without another."""

import re
import time
from datetime import timedelta
from pathlib import Path

import psycopg2
import pytest
import yaml
from django.db import connections
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from backups.models import Backup, Drill
from outbox.hourly import note_run
from outbox.models import Message
from outbox.tasks import SWEEP
from portal import metrics, readiness, status
from tests import walks
from tests.audit.walks import signed
from tests.cast import PEOPLE
from tests.portal.test_unavailable import lost

ROOT = Path(__file__).parents[2]
TOKEN = "zebra-" * 8
RULES = yaml.safe_load((ROOT / "deploy/prometheus-alerts.yml").read_text())
PARTS = {
    "database",
    "keystore",
    "keys",
    "restore",
    "redis",
    "letters",
    "clock",
    "backups",
    "ledger",
}


@pytest.fixture(autouse=True)
def _asked_anew(settings, tmp_path):
    settings.METRICS_TOKEN = TOKEN
    settings.BACKUP_DATA_DIR = tmp_path
    readiness.READINESS.forget()
    yield
    readiness.READINESS.forget()


@pytest.fixture
def read(client):
    """Every figure, by its name and the values of its labels."""

    def read():
        answer = client.get("/metrics", headers={"authorization": f"Bearer {TOKEN}"})
        assert answer.status_code == 200
        return {
            (each.name, *each.labels.values()): each.value
            for family in text_string_to_metric_families(answer.content.decode())
            for each in family.samples
        }

    return read


def up(figures):
    return {name[1] for name, value in figures.items() if name[0] == "portal_part_up" and value}


class TestWhoMayRead:
    @pytest.mark.parametrize(
        "said",
        [None, "", "Bearer", "Bearer ", TOKEN, f"Basic {TOKEN}", f"Bearer {TOKEN}x", "Bearer é"],
    )
    def test_without_the_token_nothing_is_read_and_nothing_asked(self, client, said):
        """No database may be asked here: a test without one is refused each statement."""
        headers = {} if said is None else {"authorization": said}
        answer = client.get("/metrics", headers=headers)
        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"] == "Bearer"
        assert b"portal_" not in answer.content

    @pytest.mark.django_db
    def test_where_no_token_is_set_there_is_no_such_address(self, client, settings):
        settings.METRICS_TOKEN = ""
        for said in ("", "Bearer ", f"Bearer {TOKEN}"):
            answer = client.get("/metrics", headers={"authorization": said})
            assert answer.status_code == 404

    @pytest.mark.django_db
    def test_somebody_who_is_signed_in_may_not_for_that(self, signed_in):
        assert signed_in("administrator").get("/metrics").status_code == 401


@pytest.mark.django_db
def test_it_is_no_page_and_nobody_keeps_it(client):
    answer = client.get("/metrics", headers={"authorization": f"Bearer {TOKEN}"})
    assert answer.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-store"
    assert not answer.cookies
    assert b"<" not in answer.content


@pytest.mark.django_db
def test_before_anything_ran_all_of_it_is_there(read):
    figures = read()
    assert up(figures) == PARTS
    assert figures["portal_letters_waiting",] == 0
    assert figures["portal_letters_oldest_age_seconds",] == 0
    assert figures["portal_backup_last_timestamp_seconds", "keystore"] == 0
    assert figures["portal_drill_last_passed",] == 0
    assert figures["portal_task_last_run_timestamp_seconds", SWEEP] == 0


@pytest.mark.django_db
def test_the_figures_are_those_of_the_status_page(read):
    now = timezone.now()
    for hours in (1, 3):
        message = Message.objects.create(topic="x", about="y")
        Message.objects.filter(pk=message.pk).update(posted_at=now - timedelta(hours=hours))
    Message.objects.create(topic="x", about="y", done_at=now)
    note_run(SWEEP)
    Backup.objects.create(kind="data", name="x", at=now - timedelta(hours=5), size=7)
    Drill.objects.create(made_at=now - timedelta(hours=5))
    Drill.objects.create(failed_at=Drill.Step.OPEN)
    figures = read()
    assert figures["portal_letters_waiting",] == 2
    assert 3 * 3600 <= figures["portal_letters_oldest_age_seconds",] < 4 * 3600
    ran = figures["portal_task_last_run_timestamp_seconds", SWEEP]
    assert abs(ran - time.time()) < 3600
    five_hours_ago = (now - timedelta(hours=5)).timestamp()
    assert figures["portal_backup_last_timestamp_seconds", "data"] == pytest.approx(five_hours_ago)
    assert figures["portal_backup_last_size_bytes", "data"] == 7
    assert figures["portal_drill_backup_timestamp_seconds",] == pytest.approx(five_hours_ago)
    assert figures["portal_drill_last_passed",] == 0
    assert figures["portal_drill_last_passed_timestamp_seconds",] > five_hours_ago


@pytest.mark.django_db
def test_the_ledger_is_counted(read, cast):
    walks.sent(cast)
    waits = read()["portal_ledger_waiting",]
    assert waits > 0
    signed()
    figures = read()
    assert figures["portal_ledger_waiting",] == 0
    assert figures["portal_ledger_signed",] >= waits
    assert figures["portal_ledger_checkpoint_timestamp_seconds",] > 0


@pytest.mark.django_db
def test_its_words_are_these_and_it_names_nobody(read, cast, settings):
    """A label's values are known beforehand, all of them: codes, and what is running."""
    walks.sent(cast)
    figures = read()
    tasks = {each["task"] for each in settings.CELERY_BEAT_SCHEDULE.values()}
    known = tasks | PARTS | set(Backup.Kind.values)
    values = {value for name, *labels in figures for value in labels if name != "portal_build_info"}
    assert values <= known
    [build] = [labels for name, *labels in figures if name == "portal_build_info"]
    assert all(re.fullmatch(r"[0-9.]+\w*", each) for each in build)
    assert len(PEOPLE) > 5, "there were people to name"


@pytest.mark.django_db
def test_it_costs_as_few_statements_however_much_there_is(
    read, cast, django_assert_max_num_queries
):
    read()  # whether the parts answer is asked in a thread of its own, and not each time
    with django_assert_max_num_queries(24) as few:
        read()
    Message.objects.bulk_create(Message(topic="x", about=str(n)) for n in range(30))
    for n in range(3):
        Backup.objects.create(kind="data", name=str(n), at=timezone.now(), size=1)
        walks.sent(cast)
    with django_assert_max_num_queries(24) as more:
        assert read()["portal_letters_waiting",] >= 30
    assert len(more) == len(few)


@pytest.mark.django_db(transaction=True)
class TestOnePartIsGone:
    def test_a_table_that_is_locked_takes_its_own_figures_only(self, read):
        said = connections["default"].get_connection_params()
        other = psycopg2.connect(
            **{name: said[name] for name in ("dbname", "user", "host", "port") if name in said}
        )
        with other, other.cursor() as cursor:
            cursor.execute("LOCK TABLE outbox_message IN ACCESS EXCLUSIVE MODE")
            figures = read()
            other.rollback()
        other.close()
        assert up(figures) == PARTS - {"letters"}
        assert ("portal_letters_waiting",) not in figures
        assert ("portal_ledger_waiting",) in figures
        assert up(read()) == PARTS

    def test_the_keystore(self, read, monkeypatch):
        lost("keystore", monkeypatch)
        figures = read()
        assert figures["portal_part_up", "keystore"] == 0
        assert up(figures) >= {"database", "letters", "ledger", "backups", "clock"}

    def test_the_database(self, read, monkeypatch):
        lost("default", monkeypatch)
        figures = read()
        assert {"database", "letters", "ledger", "backups", "clock"}.isdisjoint(up(figures))
        assert up(figures) >= {"keystore", "redis"}

    def test_the_database_after_it_was_known_to_be_there(self, read, monkeypatch):
        assert up(read()) == PARTS
        lost("default", monkeypatch)
        assert {"letters", "ledger", "backups", "clock"}.isdisjoint(up(read()))

    def test_redis(self, read, lost_redis):
        assert up(read()) == PARTS - {"redis"}


@pytest.mark.django_db
def test_where_nothing_is_made_here_and_no_broker_is_named_nothing_is_said_of_them(read, settings):
    settings.BACKUP_DATA_DIR, settings.CELERY_BROKER_URL = None, ""
    names = {name for name, *_labels in read()}
    assert not {name for name in names if re.match("portal_(backup|drill|task)", name)}
    assert "portal_letters_waiting" in names


class TestAlerts:
    """deploy/prometheus-alerts.yml, by what the address really says."""

    @pytest.mark.django_db
    def test_each_figure_that_a_rule_asks_for_is_one(self, read, cast):
        walks.sent(cast)
        known = {name for name, *_labels in read()}
        [group] = RULES["groups"]
        for rule in group["rules"]:
            asked = set(re.findall(r"portal_\w+", rule["expr"]))
            assert asked <= known, rule["alert"]
            assert asked or "up{" in rule["expr"], rule["alert"]

    def test_each_task_part_and_kind_that_a_rule_names_is_one(self, settings):
        tasks = {each["task"] for each in settings.CELERY_BEAT_SCHEDULE.values()}
        named = re.findall(r'task=~?"([^"]+)"', str(RULES))
        assert named
        for each in named:
            assert [task for task in tasks if re.fullmatch(each, task)], each

    def test_they_are_late_when_the_status_page_says_so(self):
        """Each rule's patience is the page's own."""
        by_name = {rule["alert"]: rule for rule in RULES["groups"][0]["rules"]}
        for name, patience in {
            "PortalClockStandsStill": status.A_TURN,
            "PortalHourlyWorkIsLate": status.TWO_HOURS,
            "PortalBackupIsLate": status.A_NIGHT,
            "PortalDrillIsLate": status.A_NIGHT,
            "PortalLettersWait": status.SENT_IN,
            "PortalLedgerWaits": status.SIGNED_IN,
        }.items():
            assert f"> {int(patience.total_seconds())}" in by_name[name]["expr"], name

    def test_each_says_how_bad_it_is_and_what_to_do(self):
        for rule in RULES["groups"][0]["rules"]:
            assert rule["labels"]["severity"] in {"page", "ticket"}
            assert rule["annotations"].keys() == {"summary", "description"}


def test_every_part_is_one_that_can_be_asked():
    assert set(metrics.PARTS) | set(readiness.PARTS) | {"redis"} == PARTS
