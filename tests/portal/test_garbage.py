"""Garbage is looked for again once the portal is up, in each of the processes that stay."""

import os
import subprocess
import sys

import pytest

from tests.portal.running import ROOT

STARTS = {
    "command": "import django; django.setup()",
    "web server": "from django.core.wsgi import get_wsgi_application as get; get()",
    "worker": "from portal.celery import app; app.loader.import_default_modules()",
}


@pytest.mark.parametrize("what", STARTS)
def test_it_is_not_looked_for_during_the_start_and_is_afterwards(what):
    script = f"""
import gc
import portal
print(gc.isenabled())
{STARTS[what]}
print(gc.isenabled(), gc.get_freeze_count() > 100_000)
"""
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "portal.settings.test", "PYTEST": "false"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.split() == ["False", "True", "True"], done.stdout + done.stderr
