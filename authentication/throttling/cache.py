"""The cache in which tries are counted: Redis, and a table of PostgreSQL while Redis is gone.

Guessing stays slow without Redis, and signing in stays possible. What was counted at one place is
not known at the other: whoever guesses gets their tries once more when Redis goes, and when it
comes back (docs/adr/0090).
"""

import contextlib
from collections import deque
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from operator import getitem
from typing import Any, Final
from uuid import uuid4

import structlog
from django.conf import settings
from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.core.cache.backends.db import DatabaseCache
from django.core.cache.backends.redis import RedisCache
from django.db import connection, transaction
from django.utils import timezone
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from outbox.circuit_breaker import Gone
from sessions.models import Count

logger = structlog.get_logger(__name__)

# Of two who swap at once one has swapped; "" stands for nothing. It compares what is stored.
SWAP: Final = """
if (redis.call('GET', KEYS[1]) or '') ~= ARGV[1] then return 0 end
if ARGV[2] == '' then redis.call('DEL', KEYS[1])
elseif ARGV[3] == '' then redis.call('SET', KEYS[1], ARGV[2])
else redis.call('SET', KEYS[1], ARGV[2], 'EX', ARGV[3]) end
return 1
"""
UNANSWERED: Final = (RedisError, OSError)
LATEST: Final = datetime(9999, 1, 1, tzinfo=UTC)
# One statement, so that of two who add at once one has added; what is past its time is not there.
ADD: Final = (
    "INSERT INTO signed_in_count (place, value, until) VALUES (%s, %s, %s)"
    " ON CONFLICT (place) DO UPDATE SET value = EXCLUDED.value, until = EXCLUDED.until"
    " WHERE signed_in_count.until <= %s"
)


class TableCache(BaseCache):
    """A cache in the table of counts."""

    def add(
        self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None
    ) -> bool:
        """Put it there, unless something is."""
        row = Count(place=self._place(key, version), value=value, until=self._until(timeout))
        adapted = Count._meta.get_field("value").get_db_prep_save(row.value, connection)
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(ADD, [row.place, adapted, row.until, timezone.now()])
            return bool(cursor.rowcount == 1)

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        """What is there."""
        with transaction.atomic():
            found = Count.objects.filter(place=self._place(key, version), until__gt=timezone.now())
            row = found.first()
        return default if row is None else row.value

    def set(
        self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None
    ) -> None:
        """Put it there, whatever was there before."""
        until = self._until(timeout)
        row = Count(place=self._place(key, version), value=value, until=until)
        with transaction.atomic():
            Count.objects.bulk_create(
                [row],
                update_conflicts=True,
                unique_fields=["place"],
                update_fields=["value", "until"],
            )

    def swap(
        self,
        key: Any,
        before: Any,
        after: Any,
        timeout: Any = DEFAULT_TIMEOUT,
        version: int | None = None,
    ) -> bool:
        """Put ``after`` there if ``before`` still is; None is nothing. Whether it was."""
        if before is None:
            return self.add(key, after, timeout, version)
        there = Count.objects.filter(place=self._place(key, version), until__gt=timezone.now())
        with transaction.atomic():
            row = there.select_for_update().first()
            if row is None or row.value != before:
                return False
            if after is None:
                row.delete()
            else:
                self.set(key, after, timeout, version)
        return True

    def touch(self, key: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        """Keep it for longer."""
        there = Count.objects.filter(place=self._place(key, version), until__gt=timezone.now())
        with transaction.atomic():
            return there.update(until=self._until(timeout)) == 1

    def delete(self, key: Any, version: int | None = None) -> bool:
        """Take it away."""
        with transaction.atomic():
            gone, _each = Count.objects.filter(place=self._place(key, version)).delete()
        return gone == 1

    def clear(self) -> None:
        """Take everything away."""
        with transaction.atomic():
            Count.objects.all().delete()

    def _place(self, key: Any, version: int | None) -> str:
        return sha256(self.make_key(key, version).encode("utf-8", "surrogatepass")).hexdigest()

    def _until(self, timeout: Any) -> datetime:
        seconds = self.default_timeout if timeout is DEFAULT_TIMEOUT else timeout
        return LATEST if seconds is None else timezone.now() + timedelta(seconds=float(seconds))


def forget_past_counts() -> None:
    """Delete the counts that are past their time."""
    Count.objects.filter(until__lte=timezone.now()).delete()


class Marked:
    """A value to be stored so that whoever stored it knows it again; read, it is the value alone.

    Others put the same value there: the locks of the library that signs people in are all True.
    """

    def __init__(self, value: Any) -> None:
        self.mark, self._value = uuid4().hex, value

    def __reduce__(self) -> tuple[Any, ...]:
        return getitem, ((self._value, self.mark), 0)


class SwappingRedis(RedisCache):
    """Django's, in which a value is put in the place of a known one."""

    def add(
        self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None
    ) -> bool:
        """Put it there, unless something is; without an answer it is to be taken back."""
        marked = Marked(value)
        try:
            return bool(super().add(key, marked, timeout, version))
        except UNANSWERED:
            UNKNOWN.append((key, marked.mark, version))
            raise

    def take_back(self) -> None:
        """Take away what was added without an answer, and nothing that somebody else added since.

        A frozen Redis does it all the same when it wakes: a lock that nobody knows they hold.
        """
        while UNKNOWN:
            with contextlib.suppress(IndexError):  # another thread is here too
                one = UNKNOWN.popleft()
                try:
                    self._take_back(*one)
                except UNANSWERED:
                    UNKNOWN.appendleft(one)
                    raise

    def _take_back(self, key: Any, mark: str, version: int | None) -> None:
        place = self.make_and_validate_key(key, version=version)
        asked: Any = self._cache.get_client(place, write=True)
        held = asked.get(place) or b""
        if mark.encode() in held:
            asked.eval(SWAP, 1, place, held, "", "")

    def swap(
        self,
        key: Any,
        before: Any,
        after: Any,
        timeout: Any = DEFAULT_TIMEOUT,
        version: int | None = None,
    ) -> bool:
        """Put ``after`` there if ``before`` still is; None is nothing. Whether it was."""
        place = self.make_and_validate_key(key, version=version)
        of_django: Any = self._cache  # how it stores is named nowhere else
        asked, stored = of_django.get_client(place, write=True), of_django._serializer
        held = asked.get(place)
        if (None if held is None else stored.loads(held)) != before:
            return False
        new = "" if after is None else stored.dumps(after)
        seconds = self.get_backend_timeout(timeout)
        words = [held or "", new, "" if seconds is None else seconds]
        return bool(asked.eval(SWAP, 1, place, *words))


class SwappingDatabaseCache(DatabaseCache):
    """Django's, for the demonstration: there a transaction is alone from its beginning."""

    def swap(
        self,
        key: Any,
        before: Any,
        after: Any,
        timeout: Any = DEFAULT_TIMEOUT,
        version: int | None = None,
    ) -> bool:
        """Put ``after`` there if ``before`` still is. Whether it was."""
        with transaction.atomic():
            if self.get(key, version=version) != before:
                return False
            self.set(key, after, timeout, version)
        return True


class RedisCacheOrTable(BaseCache):
    """Redis as a cache; where it does not answer at once, the table instead."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(params)
        brief = {
            "socket_timeout": settings.REDIS_TIMEOUT,
            "socket_connect_timeout": settings.REDIS_TIMEOUT,
            "retry": Retry(NoBackoff(), 0),
        }
        self._redis = SwappingRedis(server, {**params, "OPTIONS": brief})
        self._table = TableCache(params)

    def add(
        self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None
    ) -> bool:
        """Put it there, unless something is."""
        return bool(self._ask("add", key, value, timeout, version))

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        """What is there."""
        return self._ask("get", key, default, version)

    def set(
        self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None
    ) -> None:
        """Put it there, whatever was there before."""
        self._ask("set", key, value, timeout, version)

    def swap(
        self,
        key: Any,
        before: Any,
        after: Any,
        timeout: Any = DEFAULT_TIMEOUT,
        version: int | None = None,
    ) -> bool:
        """Put ``after`` there if ``before`` still is; None is nothing. Whether it was."""
        return bool(self._ask("swap", key, before, after, timeout, version))

    def touch(self, key: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        """Keep it for longer."""
        return bool(self._ask("touch", key, timeout, version))

    def delete(self, key: Any, version: int | None = None) -> bool:
        """Take it away."""
        return bool(self._ask("delete", key, version))

    def clear(self) -> None:
        """Take everything away."""
        self._ask("clear")

    def _ask(self, what: str, *words: Any) -> Any:
        if REDIS.may_ask():
            try:
                self._redis.take_back()
                answer = getattr(self._redis, what)(*words)
            except UNANSWERED as fault:
                if REDIS.failed():
                    logger.warning("redis_is_gone", kind=type(fault).__name__)
            else:
                REDIS.answered()
                return answer
        return getattr(self._table, what)(*words)


# Of the process: each of its threads has a cache object of its own.
REDIS: Final = Gone()
UNKNOWN: Final[deque[tuple[Any, str, int | None]]] = deque(maxlen=100)
