"""From where a request comes."""

from __future__ import annotations

import pytest
from django.http import HttpRequest

from accounts.sign_in.addresses import address_of


def address(remote: str, forwarded: str | None = None) -> str:
    request = HttpRequest()
    request.META["REMOTE_ADDR"] = remote
    if forwarded is not None:
        request.META["HTTP_X_FORWARDED_FOR"] = forwarded
    return address_of(request)


@pytest.mark.parametrize(
    ("remote", "grouped"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff:ffff:ffff:ffff", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::", "2001:db8:1:3::/64"),
        ("", ""),
        ("unix:", ""),
    ],
)
def test_ipv6_is_taken_by_its_64(remote, grouped):
    assert address(remote) == grouped


def test_without_a_proxy_of_ones_own_what_is_forwarded_is_not_believed():
    assert address("192.0.2.1", "198.51.100.9") == "192.0.2.1"


@pytest.mark.parametrize(
    ("proxies", "forwarded", "believed"),
    [
        (1, "198.51.100.9", "198.51.100.9"),
        (1, "6.6.6.6, 198.51.100.9", "198.51.100.9"),
        (2, "6.6.6.6, 198.51.100.9, 10.0.0.1", "198.51.100.9"),
        (2, "198.51.100.9", "192.0.2.1"),  # did not come through both
        (1, "nonsense", "192.0.2.1"),
        (1, "", "192.0.2.1"),
        (1, None, "192.0.2.1"),
    ],
)
def test_with_proxies_the_hop_before_them_is(settings, proxies, forwarded, believed):
    settings.TRUSTED_PROXIES = proxies
    assert address("192.0.2.1", forwarded) == believed


def test_no_request_has_no_address():
    assert address_of(None) == ""
