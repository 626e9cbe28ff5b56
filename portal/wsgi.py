"""What gunicorn serves. A process whose keys are wrong stops here rather than show garbage."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.embedded")

application = get_wsgi_application()

import kombu.transport.redis  # noqa: E402, F401 - or the first who sends an e-mail waits for it
from django.db import connections  # noqa: E402

from portal.rls.proof import check_wall_or_stop  # noqa: E402
from portal.startup_checks import (  # noqa: E402
    check_files_or_stop,
    check_keys_or_stop,
    check_restored_or_stop,
)

check_keys_or_stop()
check_restored_or_stop()
check_wall_or_stop()
check_files_or_stop()
# What these were asked by: the thread that starts a process serves no page.
connections.close_all()
