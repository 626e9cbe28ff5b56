from django.apps import AppConfig


class RetentionConfig(AppConfig):
    """Schedules, holds, disposal and its certificates."""

    name = "retention"
    default_auto_field = "django.db.models.BigAutoField"
