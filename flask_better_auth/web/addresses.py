"""The client's address, as far as it can be believed.

Source: core-security.md §3.3; it differs from upstream in that the socket's address
counts by default and a header only when its proxies are named.
"""

from __future__ import annotations

import functools
import ipaddress
from collections.abc import Mapping

from flask_better_auth.options import IPAddressOptions


def client_address(
    remote_addr: str | None, headers: Mapping[str, str], options: IPAddressOptions
) -> str:
    """The canonical address of the client; ``""`` when it is unknown or not wanted.

    IPv4-mapped addresses become IPv4; IPv6 is cut to its network (/64 by default)
    and written in full, because one client owns all of it.
    """
    if options.disable_ip_tracking:
        return ""
    if not options.ip_address_headers:
        return _canonical_text(remote_addr or "", options.ipv6_subnet)
    peer = _parsed(remote_addr or "")
    if peer is None:
        return ""
    if _is_proxy(peer, options):
        for name in options.ip_address_headers:
            value = headers.get(name)
            if value:
                forwarded = _forwarded(value, options)
                return _canonical(forwarded, options.ipv6_subnet) if forwarded else ""
    return _canonical(peer, options.ipv6_subnet)


Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def _parsed(text: str) -> Address | None:
    try:
        address = ipaddress.ip_address(text.strip().strip("[]").partition("%")[0])
    except ValueError:
        return None
    mapped = getattr(address, "ipv4_mapped", None)
    return mapped or address


def _is_proxy(address: Address, options: IPAddressOptions) -> bool:
    return any(address in network for network in options.trusted_proxies)


def _forwarded(value: str, options: IPAddressOptions) -> Address | None:
    """The nearest address that is no proxy of ours; None if the chain is malformed."""
    for hop in reversed(value.split(",")):
        address = _parsed(hop)
        if address is None:
            return None
        if not _is_proxy(address, options):
            return address
    return None


@functools.lru_cache(maxsize=4096)
def _canonical_text(text: str, subnet: int) -> str:
    address = _parsed(text)
    return _canonical(address, subnet) if address else ""


def _canonical(address: Address, subnet: int) -> str:
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    network = ipaddress.ip_network((address, subnet), strict=False)
    return network.network_address.exploded
