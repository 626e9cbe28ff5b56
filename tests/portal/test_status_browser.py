"""The status page in a real browser: accessible, and never too wide."""

import os
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from backups.models import Backup, Drill
from outbox.hourly import note_run
from outbox.tasks import SWEEP
from tests import walks
from tests.audit.walks import signed
from tests.plugins.people import sign_in

pytestmark = pytest.mark.browser
WIDTHS = {"desktop": 1280, "phone": 375}


@pytest.mark.clause("ISA-10", part=True)
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("made_here", [True, False])
def test_the_page_is_accessible(
    live_server, cast, new_context, axe, width, made_here, monkeypatch, tmp_path
):
    monkeypatch.setattr(settings, "BACKUP_DATA_DIR", tmp_path if made_here else None)
    walks.sent(cast)
    signed()  # what waits for a minute to be signed would be late too
    for task in (SWEEP, *settings.HOURLY.values()):
        note_run(task)
    Backup.objects.create(kind="data", name="x", at=timezone.now(), size=7)
    Drill.objects.create()
    Drill.objects.create(failed_at="prove")
    session = sign_in(Client(), cast.users["administrator"])
    cookie = session.cookies[settings.SESSION_COOKIE_NAME].value
    context = new_context(viewport={"width": WIDTHS[width], "height": 800})
    context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}]
    )
    page = context.new_page()
    page.goto(f"{live_server.url}/")
    if width == "phone":
        page.goto(f"{live_server.url}/status/")
    else:
        page.get_by_role("link", name="Status", exact=True).click()
    page.get_by_role("heading", name="Status").wait_for()
    if folder := os.environ.get("PICTURES"):
        page.screenshot(path=Path(folder) / f"status-{width}-{made_here}.png", full_page=True)
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    assert page.get_by_text("Late", exact=True).count() == (2 if made_here else 0)
