"""Which decision flows an edition of the agreement can bring, and which one is in force now."""

from agreement.editions.selectors import in_force
from agreement.flows import Flow
from agreement.models import AgreementEdition
from decisions.flow import protocol
from decisions.flow.protocol import Edition


class FlowAltered(Exception):
    """The flow that the partners agreed to is not, or no longer, the one that is published."""


def flows() -> dict[str, Flow]:
    """Every published flow by name: what ``settings.AGREEMENT_FLOWS`` is asked for."""
    published = map(protocol.load, protocol.published())
    return {each.edition: Flow(each.title, each.digest) for each in published}


def flow_now() -> tuple[AgreementEdition | None, Edition]:
    """The edition of the agreement in force and the flow it brings (ISA-5.3).

    Before the partners have agreed any edition, it is the latest flow that is published.
    """
    agreed = in_force()
    if agreed is None:
        return None, protocol.in_force()
    flow = protocol.load(agreed.flow)
    if flow.digest != agreed.flow_digest:
        raise FlowAltered(agreed.flow)
    return agreed, flow
