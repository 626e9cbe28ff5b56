"""A decision to share or not to share, and the walk that led to it."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from decisions.flow.protocol import Edition, Outcome, Place, Step, load
from encryption.fields import SealedDateField, SealedTextField
from workflow.traced import TracedModel

LAWFUL_REASON = "lawful_reason"  # the question of the flow whose yes names a ground (DP-SPECIAL)


class EditionAltered(Exception):
    """A published edition is no longer the text under which this decision was begun."""


class Decision(TracedModel):
    """One agency's decision on some of what it holds (ISA-3.3, P-RECORD).

    The outcome follows from the answers and is never picked. Once recorded the row and all
    that belongs to it are frozen by the database; a new decision may supersede it.
    """

    class Status(models.TextChoices):
        """Where the decision stands."""

        OPEN = "open", _("Being made")
        WAITING = "waiting", _("Waiting for advice")
        RECORDED = "recorded", _("Recorded")

    class End(models.TextChoices):
        """What was decided."""

        SHARE = "share", _("Shared")
        NO_SHARE = "no_share", _("Not shared")

    status = models.CharField(max_length=10, choices=Status, editable=False)
    case = models.ForeignKey("requests_app.InformationRequest", models.PROTECT, related_name="+")
    agency_check = models.ForeignKey(
        "requests_app.AgencyCheck",
        models.PROTECT,
        related_name="decisions",
        db_column="enquiry_id",
    )
    supersedes = models.OneToOneField(
        "self", models.PROTECT, null=True, editable=False, related_name="superseded_by"
    )
    items = models.ManyToManyField("requests_app.Item", through="DecisionItem", related_name="+")
    agreement = models.ForeignKey(
        "agreement.AgreementEdition", models.PROTECT, null=True, editable=False, related_name="+"
    )
    edition_name = models.CharField(max_length=20, editable=False)
    edition_digest = models.CharField(max_length=64, editable=False)
    outcome = models.CharField(max_length=10, choices=End, blank=True, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, editable=False)
    entered_at = models.DateTimeField(null=True, editable=False)
    begun_at = models.DateTimeField(auto_now_add=True)

    lawful_basis = models.CharField(max_length=30, blank=True)
    condition = models.CharField(max_length=30, blank=True)
    ground = models.CharField(max_length=30, blank=True)
    ground_reason = SealedTextField(label="decision.ground_reason", blank=True, default="")
    told = models.CharField(max_length=3, blank=True)
    told_on = SealedDateField(label="decision.told_on", null=True)
    told_reason = SealedTextField(label="decision.told_reason", blank=True, default="")
    because = SealedTextField(label="decision.because", blank=True, default="")
    safety = SealedTextField(label="decision.safety", blank=True, default="")

    class Meta:
        verbose_name = _("decision")
        ordering = ["begun_at"]
        indexes = [
            models.Index(fields=["-decided_at", "-id"], name="decision_latest"),
            models.Index(fields=["entered_at"], name="decision_entered_lately"),
        ]
        constraints = [
            models.CheckConstraint(
                name="decision_recorded_by_someone_at_some_time_with_an_outcome",
                condition=models.Q(
                    status="recorded",
                    decided_at__isnull=False,
                    entered_at__isnull=False,
                    decided_by__isnull=False,
                )
                & ~models.Q(outcome="")
                | models.Q(status__in=["open", "waiting"], decided_at=None, outcome=""),
            ),
            models.CheckConstraint(
                name="decision_made_before_it_was_entered",
                condition=models.Q(decided_at=None)
                | models.Q(decided_at__lte=models.F("entered_at")),
            ),
        ]

    def __str__(self) -> str:
        return f"Decision {self.pk}"

    @property
    def edition(self) -> Edition:
        """The edition under which it was begun, whatever has been published since."""
        edition = load(self.edition_name)
        if edition.digest != self.edition_digest:
            raise EditionAltered(self.edition_name)
        return edition

    @property
    def conditions(self) -> dict[str, str]:
        """The conditions to choose from: of the flow's, those that the agreement allows."""
        words = self.edition.conditions
        if self.agreement is None:
            return dict(words)
        return {code: text for code, text in words.items() if code in self.agreement.conditions}

    def choices(self) -> dict[str, str]:
        """The answer to each step, also to those that the other answers make moot."""
        return {answer.step: answer.choice for answer in self.answers.all()}

    def path(self) -> list[Place]:
        """The places passed so far; worked out each time, so it cannot disagree."""
        return self.edition.path(self.choices())

    def where(self) -> Step | Outcome:
        """The question to ask next, or the outcome reached."""
        return self.path()[-1]

    def answers_on_the_path(self) -> list["Answer"]:
        """The answers that count, in the order of the questions."""
        given = {answer.step: answer for answer in self.answers.all()}
        return [given[place.name] for place in self.path() if place.name in given]

    def reasons_of(self, answer: "Answer") -> str:
        """The reasons of an answer; where it ends in not sharing and has none, those of that."""
        if answer.reasons or not self.edition.refuses(answer.step, answer.choice):
            return answer.reasons
        return self.because

    @property
    def ground_of_its_answer(self) -> str:
        """The ground for doing without consent, where the last answer is what gave it."""
        answers = self.answers_on_the_path()
        is_so = bool(answers) and answers[-1].step == LAWFUL_REASON
        return self.ground if is_so and self.ground_reason == answers[-1].reasons else ""

    @property
    def with_consent(self) -> bool:
        """Whether the answers say that there is consent to share."""
        return any(a.step == "consent" and a.choice == "yes" for a in self.answers_on_the_path())


class DecisionItem(TracedModel):
    """An item on which a decision bears; an item is weighed by one decision at a time."""

    class Status(models.TextChoices):
        """An item that has a row is weighed."""

        WEIGHED = "weighed", _("Weighed")

    status = models.CharField(max_length=10, choices=Status, editable=False)
    case = models.ForeignKey("requests_app.InformationRequest", models.PROTECT, related_name="+")
    decision = models.ForeignKey(Decision, models.PROTECT, related_name="weighed")
    item = models.OneToOneField("requests_app.Item", models.PROTECT, related_name="weighed")

    class Meta:
        db_table = "decisions_weighed"  # as it was named first, in evidence too (audit.names)

    def __str__(self) -> str:
        return f"{self.item_id} in {self.decision_id}"


class Answer(TracedModel):
    """The answer to one question of the flow, with its reasons."""

    class Status(models.TextChoices):
        """An answer that has a row has been given."""

        GIVEN = "given", _("Given")

    status = models.CharField(max_length=10, choices=Status, editable=False)
    case = models.ForeignKey("requests_app.InformationRequest", models.PROTECT, related_name="+")
    decision = models.ForeignKey(Decision, models.PROTECT, related_name="answers")
    step = models.CharField(max_length=40)
    choice = models.CharField(max_length=40)
    reasons = SealedTextField(label="answer.reasons")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["decision", "step"], name="answer_one_row_a_step")
        ]

    def __str__(self) -> str:
        return f"{self.step}: {self.choice}"


class Point(TracedModel):
    """One point confirmed, or explained: of *how* to share, or of Caldicott (H-HOW, CAL)."""

    class Status(models.TextChoices):
        """A point that has a row has been considered."""

        CONSIDERED = "considered", _("Considered")

    class Kind(models.TextChoices):
        """Which list of the edition the point stands on."""

        HOW = "how", _("How to share")
        CALDICOTT = "caldicott", _("Caldicott principle")

    status = models.CharField(max_length=10, choices=Status, editable=False)
    case = models.ForeignKey("requests_app.InformationRequest", models.PROTECT, related_name="+")
    decision = models.ForeignKey(Decision, models.PROTECT, related_name="points")
    kind = models.CharField(max_length=10, choices=Kind)
    code = models.CharField(max_length=20)
    is_met = models.BooleanField()
    explanation = SealedTextField(label="point.explanation", blank=True, default="")

    class Meta:
        ordering = ["kind", "code"]
        constraints = [
            models.UniqueConstraint(fields=["decision", "kind", "code"], name="point_one_row_each")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.code}"
