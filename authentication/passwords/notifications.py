"""What the outbox says about passwords. The link never depends on the address of a request."""

from urllib.parse import quote

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from agencies.composing import text_of
from agencies.models import User
from agencies.partnership.selectors import the_partnership
from outbox.notifications import Notification, Writer, people


def link_for(user: User) -> str:
    """The address at which this person can choose a new password for one hour."""
    return link_of(f"{user_pk_to_url_str(user)}-{default_token_generator.make_token(user)}")


def link_of(key: str) -> str:
    """The address for such a key."""
    path = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
    start: str = settings.PORTAL_URL.rstrip("/")
    return start + path.replace("UID-KEY", quote(key))


def reset(pk: str) -> Notification:
    """The link; whoever is not here, or can sign in no more, gets no e-mail."""
    said = _("Choose a new password")
    user = User.objects.filter(pk=pk, is_active=True).first()
    if user is None:
        return Notification(to={}, subject=said, text="")
    lines = [
        _(
            "Somebody asked for a new password for the account with this address. If it was you,"
            " open this address and choose one; it works for one hour:"
        ),
        link_for(user),
        _("If it was not you, do nothing: your password stays as it is."),
        the_partnership().service_name,
    ]
    return Notification(to=people([(user.pk, user.email)]), subject=said, text="\n\n".join(lines))


def wrong_passwords(pk: str) -> Notification:
    """Somebody is guessing; nothing has been locked."""
    said = _("Many wrong passwords were entered for your account")
    text = text_of(
        said + ".",
        _(
            "Nobody got in by them, and your account is not locked. If it was not you, choose a"
            " long password that you use nowhere else, and tell your agency's single point of"
            " contact (SPoC)."
        ),
        _("Open the service by the address that you always use: %s") % settings.PORTAL_URL,
    )
    found = User.objects.filter(pk=pk, is_active=True)
    to = people((user.pk, user.email) for user in found)
    return Notification(to=to, subject=said, text=text)


NOTIFICATIONS: dict[str, Writer] = {
    "signin.password_reset": reset,
    "signin.wrong_passwords": wrong_passwords,
}
