"""Marks the second factors and links that are there: from now on nothing without a mark counts.

Needs the key ring, unless there are none (docs/adr/0105).
"""

from django.db import migrations

from authentication.mfa import marks as bound
from authentication.sso import marks as sso_bound


def mark_all(apps, schema_editor):
    alias = schema_editor.connection.alias
    factors = apps.get_model("mfa", "Authenticator").objects.using(alias)
    for factor in factors.filter(type__in=bound.MADE_OF).order_by("pk").iterator():
        if isinstance(factor.data, dict) and bound.MARK not in factor.data:
            factor.data = bound.marked(factor.user_id, factor.type, factor.data)
            factor.save(update_fields=["data"])
    links = apps.get_model("socialaccount", "SocialAccount").objects.using(alias)
    for link in links.order_by("pk").iterator():
        if isinstance(link.extra_data, dict) and sso_bound.MARK not in link.extra_data:
            link.extra_data = sso_bound.marked(link.user_id, link.provider, link.uid)
            link.save(update_fields=["extra_data"])


class Migration(migrations.Migration):
    dependencies = [
        ("mfa", "0003_authenticator_type_uniq"),
        ("signin", "0001_squashed_0002_frozen"),
        ("socialaccount", "0006_alter_socialaccount_extra_data"),
    ]
    operations = [migrations.RunPython(mark_all, migrations.RunPython.noop)]
