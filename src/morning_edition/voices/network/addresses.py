"""Addresses of speech servers: which one may have, and what of them may be shown.

Plain http is for machines of one's own network alone. Where such a machine is, is nobody else's business: an
episode tells the identities of its voices, and there a digest stands in place of the address.
"""

import hashlib
import ipaddress
import re
from urllib.parse import SplitResult, urlsplit

from morning_edition.errors import VoiceError

LOCAL_ENDINGS = (".local", ".lan", ".internal", ".home.arpa", ".localhost")
"""Names that no public server has (RFC 6762, 6761, 8375)."""
LOCAL_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]*")
"""A name without a domain; what begins with a digit may be a public address in one number."""
_BREAKS = re.compile(r"[\\/\s\x00-\x1f\x7f]")
"""What programs read in different ways: to some of them, a backslash ends the host."""


def check_address(engine: str, base_url: str, *, setting: str = "base_url") -> SplitResult:
    """Return the parts of *base_url*; plain http is for machines of one's own network alone.

    *setting* is what messages call it. Raises `VoiceError`.
    """
    try:
        parts = urlsplit(base_url)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        raise VoiceError(f"{engine}: {setting} is no web address") from None
    if "@" in parts.netloc:
        raise VoiceError(f"{engine}: {setting} must hold no name or password; keys come from the environment")
    if _BREAKS.search(parts.netloc):
        raise VoiceError(f"{engine}: {setting} is no web address")
    if parts.scheme not in {"http", "https"} or not host or parts.query or parts.fragment:
        raise VoiceError(
            f"{engine}: {setting} must be an address such as https://{host or 'speech.example'}/v1"
        )
    if parts.scheme == "http" and not is_near(host):
        raise VoiceError(
            f"{engine}: {setting} must begin with https:// ({host} is not in your own network, and http "
            "would show the key and the text to anyone on the way)"
        )
    return parts


def is_near(host: str) -> bool:
    """Tell whether *host*, as it is written, is this machine or one of a private network."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        if _BREAKS.search(host):
            return False
        return bool(LOCAL_NAME.fullmatch(host)) or host.lower().endswith(LOCAL_ENDINGS)
    return address.is_private or address.is_loopback or address.is_link_local


def name_server(netloc: str) -> str:
    """Return what stands for a server, host and port, in an identity: no address of one's own network."""
    return digest_address(netloc) if is_near(urlsplit(f"//{netloc}").hostname or "") else netloc


def digest_address(address: str) -> str:
    """Return a short text that tells *address* from others without showing it."""
    return f"server={hashlib.sha256(address.encode(errors='replace')).hexdigest()[:12]}"
