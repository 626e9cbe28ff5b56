"""What comes round by itself: reminders of when requests and agency checks are due (P-TIMELY)."""

from celery import shared_task

from outbox.hourly import note_run
from requests_app.clocks.reminding import remind_of_shifts, remind_of_what_is_due

TIMES = "requests_app.tasks.remind_of_times"


@shared_task(ignore_result=True)
def remind_of_times() -> None:
    """Every minute; a minute that is missed is made up for in the next."""
    remind_of_what_is_due()
    remind_of_shifts()
    note_run(TIMES)
