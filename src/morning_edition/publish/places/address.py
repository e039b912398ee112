"""The address of a target, taken apart: `scheme://user@host:port/path`, and never a password in it.

Folders of SFTP, WebDAV and `file://` are written as in any URL (RFC 3986): `%20` is a space there. Prefixes
in buckets are taken as they are written, as those services' own tools do.
"""

import re
from dataclasses import dataclass
from urllib.parse import unquote

from morning_edition.errors import PublishError

HOST = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[^\[\]:@/]*)(?::([0-9]{1,5}))?")


@dataclass(frozen=True, slots=True)
class Address:
    """What an address says."""

    scheme: str
    user: str
    """Empty where none is named."""
    host: str
    """Or the bucket, or the container; without the brackets of IPv6."""
    port: int
    """0 where none is named."""
    path: str
    """As it is written, without slashes at its ends."""

    @property
    def shown(self) -> str:
        """The address for messages: no more than what is safe to show."""
        user = f"{self.user}@" if self.user else ""
        return f"{self.scheme}://{user}{self.netloc}" + (f"/{self.path}" if self.path else "")

    @property
    def netloc(self) -> str:
        """Host and port, as in a URL."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}" if self.port else host

    @property
    def decoded_path(self) -> str:
        """The path with `%20` and the like read as in a URL."""
        return unquote(self.path)


def parse_address(address: str) -> Address:
    """Take *address*, of the form `scheme://…`, apart.

    Raises `PublishError`, which shows no more of it than the scheme: what is wrong may be a secret.
    """
    scheme, _, rest = address.partition("://")
    place, _, path = rest.partition("/")
    user, _, netloc = place.rpartition("@")
    if ":" in user:
        raise PublishError(
            f"{scheme}://…: a password is in the address, where others read it; take it out, and put it into "
            "the environment"
        )
    found = HOST.fullmatch(netloc)
    if "?" in rest or "#" in rest or not rest.isprintable():
        raise PublishError(f"{scheme}://…: the address has more than a folder; leave out ? and #")
    if not found or not 0 <= int(found[2] or 0) <= 65_535 or ".." in path.split("/"):
        raise PublishError(
            f"{scheme}://…: the address cannot be read; write it as {scheme}://host/folder, without a "
            "password"
        )
    return Address(scheme, user, found[1].strip("[]"), int(found[2] or 0), path.strip("/"))


def parse_bucket(address: str) -> Address:
    """Take apart an address of the form `scheme://bucket/prefix`: no user, no port. Raises `PublishError`."""
    parsed = parse_address(address)
    if parsed.user or parsed.port or not parsed.host:
        raise PublishError(
            f"{parsed.scheme}://…: the address cannot be read; write it as {parsed.scheme}://bucket/prefix, "
            "and put keys and other settings into the environment"
        )
    return parsed
