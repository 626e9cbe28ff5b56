"""Second factors: who has one, whether this session used one, and what happens when they change."""

from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.base.internal.flows import delete_dangling_recovery_codes
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest

from agencies.models import User
from audit.record import record
from authentication.mfa.marks import all_rows, is_ours
from authentication.sso.session import provider_showed_second_factor
from outbox.post import post
from sessions.actions import end_all_sessions

Type = Authenticator.Type
BY_ITSELF = (Type.TOTP, Type.WEBAUTHN)  # recovery codes go with one of these


def whole(form_valid: Any) -> Any:
    """What the library's view writes and what we write beside it is written together or not."""
    return transaction.atomic(form_valid)


class LastFactor(Exception):
    """It is the last one of somebody who must have one."""


def factor_types(user: User) -> set[str]:
    """Which kinds this person has."""
    return {each.type for each in Authenticator.objects.filter(user=user)}


def has_something_to_reset(user: User) -> bool:
    """Whether anything stands there for this person, even what counts for nothing."""
    return all_rows().filter(user=user).exists()


def session_used_one(request: HttpRequest) -> bool:
    """Whether whoever is signed in proved themselves by a second factor in this session."""
    assert isinstance(request.user, User)
    records = get_authentication_records(request, request.user)
    return any(each.get("method") == "mfa" for each in records) or provider_showed_second_factor(
        request, request.user
    )


def may_go(factor: Authenticator) -> bool:
    """Whether it may be taken away: not the last one where one is required."""
    if not settings.SECOND_FACTOR_REQUIRED:
        return True
    others = Authenticator.objects.filter(user_id=factor.user_id, type__in=BY_ITSELF)
    return bool(others.exclude(pk=factor.pk).exists())


def has_app_by_now(user: User) -> bool:
    """Whether the app was set up in another tab meanwhile; whoever asks holds the person."""
    User.objects.select_for_update().get(pk=user.pk)
    return Type.TOTP in factor_types(user)


def clear_the_way(user: User) -> None:
    """Take away what counts for nothing, as the place of a new one may be taken by it.

    Belongs into the transaction that adds one, of somebody who may.
    """
    User.objects.select_for_update().get(pk=user.pk)
    for factor in all_rows().filter(user=user):
        if not is_ours(factor):
            _witness("factor.not_ours", factor, "added", "removed")
            factor.delete()


def added(request: HttpRequest, kind: str) -> None:
    """Whatever follows a new one: an e-mail, evidence, the end of the person's other sessions.

    Setting it up has shown that they hold it, so this session has used it. Belongs into the
    transaction that adds it.
    """
    theirs = Authenticator.objects.filter(user=request.user, type=kind)
    factor = max(theirs, key=lambda each: each.pk)
    record_authentication(request, factor.user, "mfa", id=factor.pk, type=factor.type)
    _witness("factor.add", factor, "", "added")
    post("signin.factor_added", about=factor.user)
    end_all_sessions(factor.user, but=request.session.session_key or "")


def codes_made(request: HttpRequest) -> None:
    """New recovery codes: the old ones are worth nothing, and whoever is in elsewhere is out."""
    factor = Authenticator.objects.get(user=request.user, type=Type.RECOVERY_CODES)
    _witness("factor.codes", factor, "", "added")
    post("signin.codes_made", about=factor.user)
    end_all_sessions(factor.user, but=request.session.session_key or "")


@transaction.atomic
def remove(request: HttpRequest, factor: Authenticator) -> bool:
    """Take one of one's own away; whether it was there. Raises LastFactor.

    The person is locked, so that of two last ones that go at once the second stays.
    """
    User.objects.select_for_update().get(pk=factor.user_id)
    there = Authenticator.objects.filter(pk=factor.pk, user=request.user).first()
    if there is None:
        return False
    if not may_go(there):
        raise LastFactor
    _witness("factor.remove", there, "added", "removed")
    there.delete()
    delete_dangling_recovery_codes(factor.user)
    post("signin.factor_removed", about=factor.user)
    end_all_sessions(factor.user, but=request.session.session_key or "")
    return True


def remove_all(user: User) -> int:
    """Take all of them away, within the transition that lets somebody begin again; how many."""
    User.objects.select_for_update().get(pk=user.pk)
    theirs = list(all_rows().filter(user=user))
    for factor in theirs:
        _witness("factor.reset", factor, "added", "removed")
        factor.delete()
    end_all_sessions(user)
    return len(theirs)


def _witness(move: str, factor: Authenticator, before: str, after: str) -> None:
    """Evidence: whose, and of which kind; nothing of what it is."""
    record(
        move,
        factor,
        person=str(factor.user_id),
        agency="",
        before=before,
        after=after,
        digest="",
        kind=factor.type,
    )
