"""What the outbox says about agencies and people; none names anybody (ISA-6.2)."""

from agencies import checkpoint_notifications
from agencies.guidance import notifications as guidance
from agencies.invitations import notifications as invitations
from agencies.people import notifications as people
from agencies.second_person import notifications as second_person
from outbox.notifications import Writer

NOTIFICATIONS: dict[str, Writer] = {
    **people.NOTIFICATIONS,
    **invitations.NOTIFICATIONS,
    **second_person.NOTIFICATIONS,
    **guidance.NOTIFICATIONS,
    **checkpoint_notifications.NOTIFICATIONS,
}
