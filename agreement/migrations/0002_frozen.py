"""What was proposed, agreed and signed stays as it was (ISA-5.3); the database refuses the rest."""

from django.db import migrations

from audit.append_only import frozen

HISTORIES = ["agreementedition", "partneragreement", "signature", "suspension", "yearlyreview"]
NEVER_CHANGED = ["signature", "yearlyreview", "reviewreminder"]
NEVER_DELETED = ["agreementedition", "partneragreement", "suspension"]

WHAT_PARTNERS_AGREE_TO = (
    "number",
    "title",
    "changes",
    "text",
    "purposes",
    "conditions",
    "flow",
    "sign_by_days",
)
# Once it is no draft any more, what partners agree to is what it was; nothing is a draft again.
PROPOSED = "OLD.status <> 'draft' AND (NEW.status = 'draft' OR {})".format(
    " OR ".join(f"OLD.{column} <> NEW.{column}" for column in WHAT_PARTNERS_AGREE_TO)
)


class Migration(migrations.Migration):
    dependencies = [("agreement", "0001_initial")]

    operations = [
        *[frozen(f"agreement_historical{name}") for name in HISTORIES],
        *[frozen(f"agreement_{name}") for name in NEVER_CHANGED],
        *[frozen(f"agreement_{name}", events=("DELETE",)) for name in NEVER_DELETED],
        frozen("agreement_agreementedition", when=PROPOSED, events=("UPDATE",)),
        frozen("agreement_suspension", when="OLD.status = 'lifted'", events=("UPDATE",)),
        frozen("agreement_partneragreement", when="OLD.status = 'void'", events=("UPDATE",)),
    ]
