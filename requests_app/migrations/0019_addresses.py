"""Tokens by which a home is found, also of people who are kept from before.

Without them a search for an address would quietly find nothing of what is kept (docs/adr/0134).
"""

from django.db import migrations, models, transaction

AT_ONCE = 500


def find_the_homes_of_what_is_kept(apps, schema_editor):
    """The tokens of each address in a request that is kept, some people at a time."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("SET statement_timeout = 0")  # of all people there ever were
    people = apps.get_model("requests_app", "Subject").objects.filter(status="current")
    kept = people.exclude(case__status="discarded").order_by("case__started_at", "pk")
    pks = list(kept.values_list("pk", flat=True))
    for first in range(0, len(pks), AT_ONCE):
        some = people.filter(pk__in=pks[first : first + AT_ONCE])
        with transaction.atomic():
            _give_tokens(apps, list(some.select_related("case")))
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("RESET statement_timeout")


def _give_tokens(apps, people):
    from encryption.casekeys import prefetch_case_keys
    from encryption.errors import EncryptionFault
    from encryption.tokens import address_tokens
    from encryption.unit_of_work import key_cache

    model, made = apps.get_model("requests_app", "MatchToken"), []
    with key_cache():
        prefetch_case_keys({each.case_id for each in people})
        for each in sorted(people, key=lambda each: (each.case.started_at, each.pk)):
            try:
                address = each.address
            except EncryptionFault:
                continue  # it was destroyed, or the ledger's check names it
            made += [
                model(case_id=each.case_id, subject=each, kind=kind, token=token)
                for kind, token in address_tokens(address)
            ]
    model.objects.bulk_create(made, ignore_conflicts=True)


def forget_homes(apps, schema_editor):
    """Going back: the kinds that the version before knows nothing of."""
    apps.get_model("requests_app", "MatchToken").objects.filter(
        kind__in=("address", "place")
    ).delete()


class Migration(migrations.Migration):
    atomic = False  # some people at a time, so that nobody waits for all of them

    dependencies = [
        ("requests_app", "0018_time_reminders"),
    ]

    operations = [
        migrations.AlterField(
            model_name="matchtoken",
            name="kind",
            field=models.CharField(
                choices=[
                    ("nhs_number", "NHS number"),
                    ("upn", "Unique pupil number"),
                    ("surname_and_year", "Surname by its sound, and year of birth"),
                    ("forename_and_birth", "First name and date of birth"),
                    ("full_name", "Two words of a name"),
                    ("name", "One word of a name"),
                    ("birth", "Date of birth"),
                    ("address", "Address"),
                    ("place", "Postcode or building"),
                ],
                max_length=20,
            ),
        ),
        migrations.RunPython(find_the_homes_of_what_is_kept, forget_homes, atomic=False),
    ]
