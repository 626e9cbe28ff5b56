"""Links to other providers count only as this portal made them, each for its person.

As second factors do (authentication/mfa/marks.py, docs/adr/0105): the mark is over the person,
the provider and the identity there.
"""

import logging
from collections import Counter
from collections.abc import Iterator
from typing import Any, Final

from allauth.socialaccount.models import SocialAccount
from django.db.models import QuerySet

from encryption.marks import (
    MARK,
    is_marked,
    key_that_is_gone,
    leans_on,
    mark,
    mark_in,
    ring_key_of_mark,
)
from encryption.provider import key_provider
from encryption.uses import KeyUse

logger = logging.getLogger(__name__)

PURPOSE: Final = "link to another provider"
SOME: Final = 500  # rows at a time


def marked(whose: object, provider: str, uid: str) -> dict[str, Any]:
    """What is kept beside a link: its mark."""
    return {MARK: mark(PURPOSE, str(whose), provider, uid)}


def is_ours(link: SocialAccount) -> bool:
    """Whether a process with the ring made it, for the very person whose it is said to be."""
    return is_marked(mark_in(link.extra_data), PURPOSE, str(link.user_id), link.provider, link.uid)


def only_ours(link: SocialAccount | None) -> SocialAccount | None:
    """This one, if it counts; the log says if it does not."""
    if link is None or is_ours(link):
        return link
    logger.error("link %s is not ours; asked for of person %s", link.pk, link.user_id)
    return None


def all_rows() -> QuerySet[SocialAccount]:
    """All of them, also what counts for nothing."""
    rows: QuerySet[SocialAccount] = SocialAccount._base_manager.all()
    return rows


def not_ours() -> Iterator[SocialAccount]:
    """Each that counts for nothing."""
    rows = all_rows().order_by("pk").iterator(chunk_size=SOME)
    return (link for link in rows if not is_ours(link))


def said_of(link: SocialAccount) -> str:
    """What is wrong with one that counts for nothing; ids and codes only."""
    return (
        f"Link {link.pk} of person {link.user_id} to another provider was not made by the "
        "portal for this person, and counts for nothing."
    )


def _leaning() -> Counter[str]:
    links = SocialAccount.objects.iterator()
    names = (leans_on(mark_in(link.extra_data), is_right=is_ours(link)) for link in links)
    return Counter(name for name in names if name)


def _gone() -> Counter[str]:
    marks = (mark_in(link.extra_data) for link in all_rows().iterator())
    return Counter(name for name in map(key_that_is_gone, marks) if name)


def _mark_anew() -> int:
    done, active = 0, key_provider().active
    for link in SocialAccount.objects.iterator():
        if ring_key_of_mark(mark_in(link.extra_data)) != active and is_ours(link):
            kept = marked(link.user_id, link.provider, link.uid)
            done += SocialAccount.objects.filter(pk=link.pk).update(extra_data=kept)
    return done


USE: Final = KeyUse("links to other providers", leaning=_leaning, gone=_gone, reseal=_mark_anew)
