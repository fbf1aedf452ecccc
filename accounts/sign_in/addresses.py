"""From where a guess at a password comes."""

from __future__ import annotations

from ipaddress import IPv6Network

from trail import addresses


def address_of(request) -> str:
    """The address of the client, an IPv6 one by its /64; empty when there is none."""
    address = addresses.address_of(request) if request is not None else None
    if address is None or address.version == 4:
        return str(address or "")
    # One household or office gets a /64, within which anyone may take any address.
    return str(IPv6Network((int(address), 64), strict=False))
