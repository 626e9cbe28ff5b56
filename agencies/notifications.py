"""What the outbox says about agencies and people; none names anybody (ISA-6.2)."""

from agencies import checkpoint_notifications
from agencies.people import notifications as people
from outbox.notifications import Writer

NOTIFICATIONS: dict[str, Writer] = {
    **people.NOTIFICATIONS,
    **checkpoint_notifications.NOTIFICATIONS,
}
