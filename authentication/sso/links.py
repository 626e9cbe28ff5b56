"""Which identity at which provider is whose: made and taken away by the person, signed in."""

from dataclasses import dataclass
from datetime import datetime

from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from agencies.models import User
from audit.record import record
from authentication.sso.marks import is_ours, marked, only_ours
from outbox.post import post
from sessions.actions import end_all_sessions


class LinkRefused(Exception):
    """The identity cannot be linked to this person."""


class LinkedToAnother(LinkRefused):
    """It is somebody else's."""


class HasAnother(LinkRefused):
    """This person has linked another identity of that provider."""


@dataclass(frozen=True)
class Way:
    """One provider as a person sees it."""

    slug: str
    name: str
    linked_at: datetime | None = None
    used_at: datetime | None = None


def link_of(slug: str, uid: str) -> SocialAccount | None:
    """The link of one identity, with the person, if it counts."""
    links = SocialAccount.objects.select_related("user")
    return only_ours(links.filter(provider=slug, uid=uid).first())


def ways_of(user: User) -> list[Way]:
    """Every provider that is offered, and whether this person has linked it."""
    theirs = SocialAccount.objects.filter(user=user)
    links = {each.provider: each for each in theirs if is_ours(each)}
    return [
        Way(slug, each.name, links[slug].date_joined, links[slug].last_login)
        if slug in links
        else Way(slug, each.name)
        for slug, each in settings.SSO.providers.items()
    ]


def link(user: User, slug: str, uid: str, *, session: str = "") -> SocialAccount:
    """Link an identity to a person; the same one again changes nothing.

    It is another way to sign in, so every session of theirs ends but the one it was done in.

    One a provider: with two, nobody could tell which is which, as nothing that describes them
    is kept. The unique columns decide between two people who link one identity at once.
    """
    with transaction.atomic():
        person = User.objects.select_for_update().get(pk=user.pk)
        if not person.is_active:
            raise LinkRefused
        _clear_the_way(person, slug, uid)
        if mine := SocialAccount.objects.filter(user=person, provider=slug).first():
            if mine.uid != uid:
                raise HasAnother
            return mine
        try:
            with transaction.atomic():
                kept = marked(person.pk, slug, uid)
                made = SocialAccount.objects.create(
                    user=person, provider=slug, uid=uid, extra_data=kept
                )
        except IntegrityError:
            raise LinkedToAnother from None
        _witness("sso.link", made, "", "linked")
        post("signin.linked", about=person)
        end_all_sessions(person, but=session)
    return made


def unlink(user: User, slug: str, *, session: str = "") -> bool:
    """Take a link away, and end their other sessions; whether there was one."""
    with transaction.atomic():
        person = User.objects.select_for_update().get(pk=user.pk)
        made = SocialAccount.objects.filter(user=person, provider=slug).first()
        if made is None:
            return False
        _witness("sso.unlink", made, "linked", "unlinked")
        made.delete()
        post("signin.unlinked", about=person)
        end_all_sessions(person, but=session)
    return True


def _clear_the_way(person: User, slug: str, uid: str) -> None:
    """Take away what counts for nothing and stands where the link is to be."""
    here = Q(user=person) | Q(uid=uid)
    for each in SocialAccount.objects.filter(here, provider=slug):
        if not is_ours(each):
            _witness("sso.not_ours", each, "linked", "unlinked")
            each.delete()


def note_use(made: SocialAccount) -> bool:
    """When it was used last; no if it is gone by now, and then it stays gone."""
    return bool(SocialAccount.objects.filter(pk=made.pk).update(last_login=timezone.now()))


def _witness(move: str, made: SocialAccount, before: str, after: str) -> None:
    """Evidence: whose link, at which provider; what the identity is stays out of it."""
    record(
        move,
        made,
        person=str(made.user_id),
        agency="",
        before=before,
        after=after,
        digest="",
        provider=made.provider,
    )
