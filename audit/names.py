"""What evidence calls a kind of row: by its table, which stays when the class gets another name."""

from django.db import models

Kind = type[models.Model] | models.Model


def kind_of(row: Kind) -> str:
    """``enquiry``, of the table ``requests_app_enquiry``: how names of its transitions begin."""
    return row._meta.db_table.removeprefix(f"{row._meta.app_label}_")


def thing_of(row: Kind) -> str:
    """``requests_app.enquiry``: the kind of row that an event, a reading or a leaf is about."""
    return f"{row._meta.app_label}.{kind_of(row)}"


def move_of(row: Kind, transition: str | None) -> str:
    """``enquiry.put``: what was done to a row, as an event and its leaf say it."""
    return f"{kind_of(row)}.{transition}"
