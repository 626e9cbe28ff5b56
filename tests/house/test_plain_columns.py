"""Every column that is not sealed holds text on purpose, and the purpose is written down."""

import pytest
from django.apps import apps
from django.db import models

from encryption.fields import SealedField
from workflow.traced import TracedModel

OURS = (
    "agencies",
    "agreement",
    "signin",
    "socialaccount",
    "mfa",
    "audit",
    "backups",
    "outbox",
    "signed_in",
    "encryption",
    "requests_app",
    "decisions",
    "retention",
)

CODE = "a code from a list"
# Text that is not sealed, and why that is right. Whatever describes a person is not here.
PLAIN = {
    "agencies.user": "work names, addresses and titles of those who sign in",
    "agencies.agency": "what a body publishes about itself, and codes",
    "agencies.contact": "who holds a post and how to call them, for every partner to see",
    "agencies.closure": "who answers instead, for every partner to see",
    "agencies.guidance": "a text for everybody who takes part",
    "agencies.heldrole.role": CODE,
    "agencies.vetting.kind": CODE,
    "agencies.vetting.made_by": "the body or post that made a check on staff",
    "agencies.invitation.email": "the work address that is asked in",
    "agencies.invitation.salt": "random, worth nothing without a key of the ring",
    "agencies.invitation.key_id": "which secret, never the secret",
    "agencies.invitation.digest": "a digest",
    "agencies.reminder.kind": CODE,
    "agencies.reminder.which": CODE,
    "agencies.partnership": "the partnership's own public names",
    "socialaccount.socialaccount": "a digest of an identity, the provider's code, an empty object",
    "mfa.authenticator": "secrets sealed by the adapter, public keys, and what one calls a passkey",
    "signin.usedcode.of": "a code, and the number of a row",
    "signin.factorreset.known": CODE,
    "agencies.proposal.role": CODE,
    "agencies.proposal.domain": "an e-mail domain of an agency",
    "socialaccount.socialapp": "nothing: providers are in the environment",
    "socialaccount.socialtoken": "nothing: tokens are dropped at once",
    "agreement.agreementedition": "a text that the partnership publishes, and codes",
    "agreement.partneragreement.reasons": "what a partner says of a published text",
    "agreement.signature.assessed_by": "a post, for the office to see",
    "agreement.signature.controls": "how an agency protects information, about nobody",
    "agreement.signature.privacy_notice": "an address that an agency publishes",
    "agreement.suspension": "why a body takes no part, about nobody",
    "agreement.yearlyreview.outcome": CODE,
    "agreement.yearlyreview.notes": "what partners say of a published text",
    "agreement.reviewreminder.which": CODE,
    "audit.event": "ids, codes and numbers",
    "audit.accessentry": "ids and codes",
    "audit.leaf": "ids, codes and digests",
    "audit.knownfinding": "an operator's reason why a finding stays, about nobody; tables and ids",
    "audit.signatory": "a public key",
    "audit.signedcheckpoint": "a hash and its signature",
    "backups.backup.kind": CODE,
    "backups.backup.name": "a time and random digits",
    "backups.drill.failed_at": CODE,
    "outbox.lastletter.person": "the id of a person who signs in",
    "outbox.lastrun.task": "the name of a piece of the portal",
    "outbox.message": "ids and codes",
    "signed_in.count.place": "a digest",
    "signed_in.count.value": "moments, as numbers",
    "signed_in.session.session_key": "a digest",
    "signed_in.session.session_data": "sealed under a key that the browser has",
    "signed_in.session.browser": "codes from a list",
    "encryption.casekey.ring_key_id": "the id of a key, never a key",
    "requests_app.informationrequest.reference": "random, says nothing about anybody",
    "requests_app.informationrequest.purposes": CODE,
    "requests_app.informationrequest.rating": CODE,
    "requests_app.informationrequest.parents_told": CODE,
    "requests_app.subject.role": CODE,
    "requests_app.consent.answer": CODE,
    "requests_app.consent.how": CODE,
    "requests_app.consent.why_not": CODE,
    "requests_app.attachment.kind": CODE,
    "requests_app.triagecheck.check_code": CODE,
    "requests_app.triagecheck.answer": CODE,
    "requests_app.agencycheck.reference": "random, says nothing about anybody",
    "requests_app.agencycheck.shown": "ids of people and codes of details",
    "requests_app.agencycheck.rating": CODE,
    "requests_app.agencycheck.outcome": CODE,
    "requests_app.agencycheck.withdrawn_because": CODE,
    "requests_app.pause.reason": CODE,
    "requests_app.timereminder.which": CODE,
    "requests_app.timereminder.rating": CODE,
    "requests_app.item.nature": CODE,
    "requests_app.releaseditem.needs_answered": "ids of needs",
    "requests_app.matchtoken.kind": CODE,
    "requests_app.matchverdict.because": CODE,
    "requests_app.deskchoice.query": "codes, and the id of an agency",
    "requests_app.inboxplace.purposes": CODE,
    "requests_app.opening.reason": CODE,
    "requests_app.opening.flags": "codes of what makes an opening worth a look, never a name",
    "decisions.decision.edition_name": CODE,
    "decisions.decision.edition_digest": "a digest of a public file",
    "decisions.decision.outcome": CODE,
    "decisions.decision.lawful_basis": CODE,
    "decisions.decision.condition": CODE,
    "decisions.decision.ground": CODE,
    "decisions.decision.told": CODE,
    "decisions.answer.step": CODE,
    "decisions.answer.choice": CODE,
    "decisions.point.kind": CODE,
    "decisions.point.code": CODE,
    "decisions.advicerequest.step": CODE,
    "retention.schedule.record_class": CODE,
    "retention.schedule.starts": CODE,
    "retention.schedule.reason": "why an agency keeps a class of record, about nobody",
    "retention.hold.reason": CODE,
    "retention.disposallist.reference": "random, says nothing about anybody",
    "retention.disposal.reference": "random, says nothing about anybody",
    "retention.disposal.because": CODE,
    "retention.disposalstatement.reference": "random, says nothing about anybody",
    "retention.disposalstatement.kept_because": CODE,
}
# Columns that every traced row has, and those that history adds.
EVERYWHERE = {"status", "history_change_reason", "history_type"}
TEXT = (models.CharField, models.TextField, models.JSONField, models.FileField)


def text_columns():
    for model in apps.get_models():
        if model._meta.app_label not in OURS:
            continue
        for field in model._meta.local_concrete_fields:
            if isinstance(field, TEXT) and field.name not in EVERYWHERE:
                name = model._meta.label_lower.replace(".historical", ".")
                yield name, field.name


@pytest.mark.parametrize(("model", "field"), sorted(set(text_columns())))
def test_every_plain_text_column_is_plain_on_purpose(model, field):
    assert model in PLAIN or f"{model}.{field}" in PLAIN


def test_no_reason_outlives_its_column():
    there = {f"{model}.{field}" for model, field in text_columns()}
    there |= {model for model, _ in text_columns()}
    assert set(PLAIN) <= there


def test_every_model_with_a_sealed_column_is_traced_and_has_a_history():
    sealed = [
        model
        for model in apps.get_models()
        if model._meta.app_label in OURS
        and not model.__name__.startswith("Historical")
        and any(isinstance(field, SealedField) for field in model._meta.local_fields)
    ]
    assert sealed
    for model in sealed:
        assert issubclass(model, TracedModel), model
        assert hasattr(model, "history"), model
