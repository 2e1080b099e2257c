"""Where a request comes from, cut so that it tells of no person."""

from __future__ import annotations

import ipaddress


def network_of(address: str | None) -> str:
    """The network of an address: the first 24 bits of IPv4, 48 of IPv6; a dash for what is no address."""
    try:
        found = ipaddress.ip_address(address or "")
    except ValueError:
        return "-"
    mapped = getattr(found, "ipv4_mapped", None) or found
    cut = ipaddress.ip_network((mapped, 24 if mapped.version == 4 else 48), strict=False)
    return str(cut)
