"""What the clock asks for at night, by real workers on settings of production."""

import subprocess
import sys

from tests.portal.running import ROOT, a_worker, as_somebody_else, rows, run, until


def test_at_night_one_worker_backs_up_and_another_drills(env, owner, portal, tmp_path):
    """Each has only its own keys and its own role; both are noted as the worker."""
    places = {
        "BACKUPS": "here",
        "BACKUP_DATA_DIR": str(tmp_path / "data"),
        "BACKUP_KEYSTORE_DIR": str(tmp_path / "keystore"),
    }
    making = {"BACKUP_KEYS_DIR": str(tmp_path / "making"), "BACKUP_FILES_DIR": env["FILES_DIR"]}
    opening = {
        "RESTORE_KEYS_DIR": str(tmp_path / "opening"),
        "DISPOSAL_REGISTER": str(tmp_path / "disposals"),
    }
    (tmp_path / "disposals").touch()
    run(owner | places | making | opening, "backup", "create-keys")
    for keys, role in ((making, "portal_backup"), (opening, "portal_drill")):
        for name in ("DATABASE_URL", "KEYSTORE_DATABASE_URL"):
            address = as_somebody_else(env, role)[name]
            if role == "portal_drill":  # which can connect to none of the portal's
                address = f"{address.rpartition('/')[0]}/postgres"
            keys[f"BACKUP_{name}"] = address
    worker = as_somebody_else(env, "portal_worker") | places | {"PORTAL_KEYS": "none"}
    del worker["FILE_SCANNER"]  # which only who opens records is asked for
    script = (
        "import django, sys; django.setup(); from portal.celery import app; "
        "due = app.conf.beat_schedule[sys.argv[1]]; "
        "app.send_task(due['task'], **due['options'])"
    )
    for queue, name, keys, made in (
        ("backups", "make a backup", making, "SELECT kind FROM backups_backup ORDER BY 1"),
        ("drills", "drill a restore", opening, "SELECT failed_at FROM backups_drill"),
    ):
        with a_worker(worker | keys, "--queues", queue) as log:
            subprocess.run([sys.executable, "-c", script, name], cwd=ROOT, env=worker, check=True)
            until(
                lambda made=made, want=2 - (queue == "drills"): len(rows(owner, made)) == want, log
            )
    assert rows(owner, "SELECT kind FROM backups_backup ORDER BY 1") == [("data",), ("keystore",)]
    assert rows(owner, "SELECT failed_at FROM backups_drill") == [("",)]
    assert rows(owner, "SELECT datname FROM pg_database WHERE datname LIKE 'drill_%'") == []
