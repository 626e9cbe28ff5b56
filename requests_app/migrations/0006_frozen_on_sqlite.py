"""On SQLite, 0005 took away the triggers of the two tables that it gave a constraint."""

from django.db import migrations

from audit.append_only import frozen_again


class Migration(migrations.Migration):
    dependencies = [("requests_app", "0005_released_at")]

    operations = [
        frozen_again("requests_app_enquiry", events=("DELETE",)),
        frozen_again("requests_app_releaseditem", events=("DELETE",)),
        frozen_again("requests_app_releaseditem", events=("UPDATE",)),
    ]
