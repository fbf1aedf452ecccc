"""From where a request comes."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

from django.conf import settings

FORWARDED = "HTTP_X_FORWARDED_FOR"


def address_of(request) -> str:
    """The address of the client, an IPv6 one by its /64; empty when there is none.

    X-Forwarded-For is believed only as far back as TRUSTED_PROXIES says: what stands before that,
    the client may have written itself.
    """
    if request is None:
        return ""
    proxies = settings.TRUSTED_PROXIES
    hops = request.META.get(FORWARDED, "").split(",") if proxies else []
    forwarded = _parsed(hops[-proxies]) if len(hops) >= proxies > 0 else None
    address = forwarded or _parsed(request.META.get("REMOTE_ADDR", ""))
    return _grouped(address) if address else ""


def _parsed(text: str) -> IPv4Address | IPv6Address | None:
    try:
        address = ip_address(text.strip())
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def _grouped(address: IPv4Address | IPv6Address) -> str:
    # One household or office gets a /64, within which anyone may take any address.
    if address.version == 4:
        return str(address)
    return str(IPv6Network((int(address), 64), strict=False))
