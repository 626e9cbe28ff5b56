"""Tokens by which people are found by what somebody types, also in requests from before.

Without them a search would quietly find nothing of what is kept (docs/adr/0121).
"""

from django.db import migrations, models, transaction

AT_ONCE = 500


def find_what_is_kept(apps, schema_editor):
    """The new tokens of everybody in a request; all of those of a request that was declined."""
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
    from encryption.unit_of_work import key_cache

    model, made = apps.get_model("requests_app", "MatchToken"), []
    with key_cache():
        prefetch_case_keys({each.case_id for each in people})
        for each in sorted(people, key=lambda each: (each.case.started_at, each.pk)):
            try:
                tokens = _tokens_of(each)
            except EncryptionFault:
                continue  # it was destroyed, or the ledger's check names it
            made += [
                model(case_id=each.case_id, subject=each, kind=kind, token=token)
                for kind, token in tokens
            ]
    model.objects.bulk_create(made, ignore_conflicts=True)


def _tokens_of(person):
    from encryption.tokens import finding_tokens, match_tokens, number_tokens

    called = {
        "given_name": person.given_name,
        "family_name": person.family_name,
        "born_on": person.date_of_birth,
    }
    declined = person.case.status == "declined"
    numbers = number_tokens(person.nhs_number, person.upn) if declined else ()
    found = finding_tokens(**called, other_names=person.other_names)
    return [*numbers, *match_tokens(**called), *found]


class Migration(migrations.Migration):
    atomic = False  # some people at a time, so that nobody waits for all of them

    dependencies = [
        ("requests_app", "0013_owners"),
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
                ],
                max_length=20,
            ),
        ),
        migrations.RunPython(find_what_is_kept, migrations.RunPython.noop, atomic=False),
    ]
