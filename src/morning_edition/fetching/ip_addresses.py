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

_LINK_LOCAL = tuple(map(ipaddress.ip_network, ("169.254.0.0/16", "fe80::/10")))
"""Of one cable, RFC 3927 and RFC 4291, section 2.5.6; clouds tell a machine its keys there."""
_METADATA = frozenset(map(ipaddress.ip_address, ("fd00:ec2::254", "fd20:ce::254")))
"""Where clouds tell them in IPv6: Amazon's
(https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-service.html) and Google's
(https://cloud.google.com/compute/docs/metadata/querying-metadata)."""


def is_barred(address: str, *, allow_private: bool) -> bool:
    """Tell an IP *address* that nothing is fetched from: a private one, and a link-local one in any case."""
    return is_link_local(address) or (not allow_private and is_private(address))


def is_link_local(address: str) -> bool:
    """Tell an IP *address* of one cable, or one where a cloud keeps a machine's keys, in whatever form."""
    ip = _read(address)
    return ip is not None and (ip in _METADATA or any(ip in network for network in _LINK_LOCAL))


def is_private(address: str) -> bool:
    """Tell an IP *address* that the public cannot reach; what is no address is not told.

    IPv4 inside IPv6 is private in every form but NAT64's, which counts as the IPv4 address in it.
    """
    ip = _read(address, unwrap=False)
    if ip is None:
        return False
    if not ip.is_global or ip.is_multicast or ip.is_reserved:
        return True
    if isinstance(ip, ipaddress.IPv4Address):
        return ip in _RELAYS_4
    return ip not in _PUBLIC_6 or any(ip in network for network in _SPECIAL_6)


def _read(address: str, *, unwrap: bool = True) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """Read an IP *address*; NAT64's, and with *unwrap* a mapped one, as the IPv4 one in it."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return None
    mapped = unwrap and isinstance(ip, ipaddress.IPv6Address) and ip.ipv4_mapped
    return ipaddress.IPv4Address(int(ip) & 0xFFFF_FFFF) if mapped or ip in _NAT64 else ip
