"""Every grant must be carried by a role: roles are held against the ledger, grants follow them."""

from collections.abc import Iterator

from agencies.models import AgencyGroupObjectPermission, AgencyUserObjectPermission, HeldRole
from agencies.permissions import ROLES, Role


def grants_without_a_role() -> Iterator[str]:
    """What is wrong with the grants, a line for each; ids and codes only."""
    carried = {
        (user, str(agency), may.value)
        for user, agency, role in HeldRole.objects.values_list(
            "membership__user", "membership__agency", "role"
        )
        for may in ROLES[Role(role)]
    }
    grants = AgencyUserObjectPermission.objects.values_list(
        "user", "content_object", "permission__codename"
    )
    for user, agency, codename in grants.order_by("pk").iterator():
        if (user, str(agency), codename) not in carried:
            yield f"Grant {codename} to person {user} at agency {agency} is carried by no role."
    for pk in AgencyGroupObjectPermission.objects.order_by("pk").values_list("pk", flat=True):
        yield f"Grant {pk} is to a group; grants are to people alone."
