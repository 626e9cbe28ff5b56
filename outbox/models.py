"""Promises to tell somebody something."""

from django.db import models
from django.utils import timezone


class MessageQuerySet(models.QuerySet["Message"]):
    """Messages by what is still to be done about them."""

    def due(self) -> "MessageQuerySet":
        """Not yet kept, and it is time to try."""
        return self.filter(done_at=None, next_try_at__lte=timezone.now()).order_by("id")


class Message(models.Model):
    """A promise made inside a transaction and kept after it commits.

    Without ``to`` it is a promise to a group: keeping it makes one message a person.
    With ``to`` (a person's id) keeping it sends one e-mail. It holds ids and codes only;
    the e-mail is written when it is sent, from what is true then.
    """

    topic = models.CharField(max_length=60)
    about = models.CharField(max_length=64)
    to = models.CharField(max_length=64, blank=True)
    part_of = models.ForeignKey("self", models.CASCADE, null=True, related_name="parts")
    posted_at = models.DateTimeField(auto_now_add=True)
    next_try_at = models.DateTimeField(default=timezone.now)
    tries = models.PositiveSmallIntegerField(default=0)
    done_at = models.DateTimeField(null=True)

    others: tuple[int, ...] = ()  # ids of those that go in the same letter, while one is sent

    objects = MessageQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["next_try_at"], condition=models.Q(done_at=None), name="outbox_due"
            )
        ]
        constraints = [
            models.UniqueConstraint(fields=["part_of", "to"], name="outbox_one_part_a_person")
        ]

    def __str__(self) -> str:
        return f"{self.topic} about {self.about}"


class LastRun(models.Model):
    """When a task of the clock last ran to its end."""

    task = models.CharField(max_length=100, primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.task


class LastLetter(models.Model):
    """When a person last got a letter that has to wait its turn."""

    person = models.CharField(max_length=64, primary_key=True)
    at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.person
