"""Every grant must be carried by a role, and be there: roles are held against the ledger."""

from collections.abc import Iterator

from agencies.models import (
    Agency,
    AgencyGroupObjectPermission,
    AgencyUserObjectPermission,
    HeldRole,
)
from agencies.permissions import ROLES, Role
from audit.ledger.findings import Beside


def grants_unlike_roles() -> Iterator[Beside]:
    """What is wrong with the grants, one for each; ids and codes only."""
    return map(Beside, _wrong_grants())


def _wrong_grants() -> Iterator[str]:
    carried = {
        (str(user), str(agency), permission.value)
        for user, agency, role in HeldRole.objects.values_list(
            "membership__user", "membership__agency", "role"
        )
        if role in Role.values  # what is none was not given by the portal, and is found as a row
        for permission in ROLES[Role(role)]
    }
    gone = set(carried)
    grants = AgencyUserObjectPermission.objects.values_list(
        *("user", "content_object", "permission__codename"),
        *("permission__content_type__app_label", "permission__content_type__model"),
    )
    for user, agency, codename, *of in grants.order_by("pk").iterator():
        if of == [Agency._meta.app_label, Agency._meta.model_name]:  # of another model it is none
            gone.discard((str(user), str(agency), codename))
        if (str(user), str(agency), codename) not in carried:
            yield f"Grant {codename} to person {user} at agency {agency} is carried by no role."
    for user, agency, codename in sorted(gone):
        yield f"Grant {codename} to person {user} at agency {agency} is gone."
    for pk in AgencyGroupObjectPermission.objects.order_by("pk").values_list("pk", flat=True):
        yield f"Grant {pk} is to a group; grants are to people alone."
