"""Addresses of machines: which of them the public can reach."""

import ipaddress


def is_private(address: str) -> bool:
    """Tell an IP *address* that the public cannot reach; what is no address is not told."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    inner = getattr(ip, "ipv4_mapped", None) or getattr(ip, "sixtofour", None) or ip
    return not ip.is_global or not inner.is_global or ip.is_multicast or inner.is_multicast
