"""From where a request comes."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address

from django.conf import settings

FORWARDED = "HTTP_X_FORWARDED_FOR"


def address_of(request) -> IPv4Address | IPv6Address | None:
    """The address of the client, None when there is none.

    X-Forwarded-For is believed only as far back as TRUSTED_PROXIES says: what stands before that,
    the client may have written itself.
    """
    proxies = settings.TRUSTED_PROXIES
    hops = request.META.get(FORWARDED, "").split(",") if proxies else []
    forwarded = _parsed(hops[-proxies]) if len(hops) >= proxies > 0 else None
    return forwarded or _parsed(request.META.get("REMOTE_ADDR", ""))


def _parsed(text: str) -> IPv4Address | IPv6Address | None:
    try:
        address = ip_address(text.strip())
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address
