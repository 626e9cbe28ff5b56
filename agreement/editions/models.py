"""Editions of the information sharing agreement, and what each partner says to them."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from agreement.choices import Condition, Purpose
from workflow.traced import TracedModel


class AgreementEdition(TracedModel):
    """One edition: its text, its purposes, its conditions and the flow it brings (ISA-5.3).

    ``flow`` names an edition of the decision flow; which there are is for the app of decisions
    to say (``agreement.flows``), and its digest is kept once the text is proposed. From then on
    the database lets nobody change what partners agree to.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        PROPOSED = "proposed", _("Proposed to the statutory partners")
        IN_FORCE = "in_force", _("In force")
        SUPERSEDED = "superseded", _("Replaced by a later edition")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    status = models.CharField(max_length=20, choices=Status, default=Status.DRAFT, editable=False)
    number = models.PositiveSmallIntegerField(unique=True, editable=False)
    title = models.CharField(_("title"), max_length=150)
    changes = models.TextField(_("what changes, and why"), blank=True)
    text = models.TextField(_("text"))
    purposes = models.JSONField(_("purposes"), default=list)
    conditions = models.JSONField(_("special category conditions"), default=list)
    flow = models.CharField(_("decision flow"), max_length=20)
    flow_digest = models.CharField(max_length=64, blank=True, editable=False)
    sign_by_days = models.PositiveSmallIntegerField(_("time to sign anew"), default=90)
    in_force_on = models.DateField(null=True, blank=True, editable=False)
    review_on = models.DateField(null=True, blank=True, editable=False)
    withdrawn_because = models.TextField(blank=True, editable=False)

    class Meta:
        verbose_name = _("edition of the agreement")
        verbose_name_plural = _("editions of the agreement")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["status"],
                name="edition_one_in_force",
                condition=models.Q(status="in_force"),
            ),
            models.UniqueConstraint(
                fields=["status"],
                name="edition_one_proposed",
                condition=models.Q(status="proposed"),
            ),
            models.CheckConstraint(
                name="edition_in_force_from_a_day_and_to_be_reviewed",
                condition=models.Q(
                    status__in=["in_force", "superseded"],
                    in_force_on__isnull=False,
                    review_on__isnull=False,
                )
                | models.Q(status__in=["draft", "proposed", "withdrawn"], in_force_on=None),
            ),
        ]

    def __str__(self) -> str:
        return str(_("edition %s") % self.number)

    @property
    def purpose_labels(self) -> list[Any]:
        """The purposes in words, in the order of the agreement."""
        return [purpose.label for purpose in Purpose if purpose in self.purposes]

    @property
    def condition_labels(self) -> list[Any]:
        """The conditions in words, in the order of the agreement."""
        return [condition.label for condition in Condition if condition in self.conditions]


class PartnerAgreement(TracedModel):
    """What one statutory partner says to one proposed edition; one row for each (ISA-5.3)."""

    class Status(models.TextChoices):
        AGREED = "agreed", _("Agrees")
        DISAGREED = "disagreed", _("Does not agree")
        VOID = "void", _("Void: the edition was withdrawn")

    status = models.CharField(max_length=20, choices=Status, default=Status.AGREED, editable=False)
    edition = models.ForeignKey(AgreementEdition, models.PROTECT, related_name="said")
    agency = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="+")
    said_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    said_at = models.DateTimeField(editable=False)
    reasons = models.TextField(_("reasons"), blank=True)

    class Meta:
        verbose_name = _("agreement of a statutory partner")
        ordering = ["agency__name"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "agency"], name="agreement_one_a_partner")
        ]

    def __str__(self) -> str:
        return f"{self.agency}: {self.get_status_display()}"
