"""Addresses of machines: which of them the public can reach.

By IANA's registries of special-purpose addresses
(https://www.iana.org/assignments/iana-ipv4-special-registry/, https://www.iana.org/assignments/iana-ipv6-special-registry/,
RFC 6890), and stricter than Python's own, which differ from one version to the next.
"""

import ipaddress

_RELAYS_4 = ipaddress.ip_network("192.88.99.0/24")
"""Of 6to4, to which nobody has a right any more (RFC 7526)."""
_PUBLIC_6 = ipaddress.ip_network("2000::/3")
"""All that is given out (RFC 4291, section 2.4)."""
_SPECIAL_6 = tuple(
    map(ipaddress.ip_network, ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20", "fec0::/10"))
)
"""Teredo and other protocols' own, documentation, 6to4, documentation again (RFC 9637), site-local."""
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
"""How a network without IPv4 shows the machines that have nothing else (RFC 6052, RFC 6147)."""


def is_private(address: str) -> bool:
    """Tell an IP *address* that the public cannot reach; what is no address is not told.

    IPv4 inside IPv6 is private in every form but NAT64's, which counts as the IPv4 address in it.
    """
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if ip in _NAT64:
        ip = ipaddress.IPv4Address(int(ip) & 0xFFFF_FFFF)
    if not ip.is_global or ip.is_multicast or ip.is_reserved:
        return True
    if isinstance(ip, ipaddress.IPv4Address):
        return ip in _RELAYS_4
    return ip not in _PUBLIC_6 or any(ip in network for network in _SPECIAL_6)
