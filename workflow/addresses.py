"""From which network address somebody comes, whatever they say about it themselves."""

from ipaddress import IPv6Address, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest

ONE_SITE = 64  # bits: what one household or office is given, and can change within


def address_of(request: HttpRequest) -> str:
    """The visitor's address, as the outermost proxy of ours saw it; an IPv6 one as its network.

    Each of our proxies adds one entry at the end of X-Forwarded-For, and all before them can
    be invented. Without proxies of ours, or with fewer entries than proxies, the header counts
    for nothing.
    """
    proxies = getattr(settings, "ALLAUTH_TRUSTED_PROXY_COUNT", 0)
    said = request.headers.get("X-Forwarded-For", "").split(",")
    here = request.META.get("REMOTE_ADDR", "")
    found = said[-proxies].strip() if 0 < proxies <= len(said) else here
    return _plain(found) or _plain(here) or "unknown"


def _plain(text: str) -> str:
    """One way of writing each address; nothing, if it is none."""
    host = text.strip()
    if host.startswith("["):
        host = host[1:].partition("]")[0]
    elif host.count(":") == 1:  # some proxies add the port
        host = host.partition(":")[0]
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:
        return ""
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(ip_network((address, ONE_SITE), strict=False).network_address)
    return str(address)
