"""The way to an SFTP server, as OpenSSH would go it: `~/.ssh/config`, known hosts, keys and agent.

A server whose key is not known is refused: nobody is asked at five in the morning. Passwords and passphrases
come from the environment alone.
"""

import contextlib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from morning_edition.errors import PublishError
from morning_edition.publish.places.address import Address
from morning_edition.publish.places.patience import CALL_S, CONNECT_S
from morning_edition.publish.places.troubles import explain_broken, find_package, hush

PASSWORD = "MORNING_EDITION_SFTP_PASSWORD"  # noqa: S105 - the name of the variable
PASSPHRASE = "MORNING_EDITION_SFTP_PASSPHRASE"  # noqa: S105 - the same
KEY = "MORNING_EDITION_SFTP_KEY"
KNOWN_HOSTS = "MORNING_EDITION_SFTP_KNOWN_HOSTS"
USUAL_KNOWN_HOSTS = ("~/.ssh/known_hosts", "/etc/ssh/ssh_known_hosts")
CONFIG = "~/.ssh/config"


def open_ssh(address: Address) -> Any:  # noqa: ANN401 - paramiko has no types
    """Return a paramiko client that is connected, and has signed in. Raises `PublishError`."""
    try:
        import paramiko
    except ImportError:
        raise find_package(address.shown, "paramiko", "sftp") from None
    hush("paramiko")
    client = paramiko.SSHClient()
    client.set_missing_host_key_policy(paramiko.RejectPolicy())
    try:
        settings = _read_config(address.host)
        _load_known_hosts(client, settings)
        client.connect(**_choose(address, settings))
    except PublishError:
        client.close()
        raise
    except Exception as error:
        client.close()
        raise PublishError(f"{address.shown}: {_explain(error, address)}") from None
    return client


def _read_config(host: str) -> Mapping[str, Any]:
    """Return what `~/.ssh/config` says of *host*."""
    import paramiko

    path = Path(CONFIG).expanduser()
    if not path.is_file():
        return {}
    return dict(paramiko.SSHConfig.from_path(str(path)).lookup(host))


def _load_known_hosts(client: Any, settings: Mapping[str, Any]) -> None:  # noqa: ANN401
    """Have *client* know the hosts that OpenSSH knows, or those of the file that the environment names."""
    named = os.environ.get(KNOWN_HOSTS)
    if named:
        try:
            client.load_system_host_keys(named)
        except OSError as error:
            raise PublishError(f"{named}: cannot be read ({error.strerror}); see to {KNOWN_HOSTS}") from None
        return
    for path in (*str(settings.get("userknownhostsfile", "")).split(), *USUAL_KNOWN_HOSTS):
        with contextlib.suppress(OSError):
            client.load_system_host_keys(str(Path(path).expanduser()))


def _choose(address: Address, settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return what to connect with: the address before `~/.ssh/config`, the environment before both."""
    import paramiko

    key = os.environ.get(KEY)
    chosen = {
        "hostname": settings.get("hostname", address.host),
        "port": address.port or int(settings.get("port", 22)),
        "username": address.user or settings.get("user"),
        "password": os.environ.get(PASSWORD) or None,
        "passphrase": os.environ.get(PASSPHRASE) or None,
        "key_filename": [key] if key else settings.get("identityfile"),
        "allow_agent": not key,
        "look_for_keys": not key,
        "timeout": CONNECT_S,
        "banner_timeout": CONNECT_S,
        "auth_timeout": CONNECT_S,
        "channel_timeout": CALL_S,
    }
    if settings.get("proxycommand"):
        chosen["sock"] = paramiko.ProxyCommand(settings["proxycommand"])
    elif settings.get("proxyjump"):
        raise PublishError(
            f"{address.shown}: ProxyJump is not followed; write it as a ProxyCommand in {CONFIG}"
        )
    return chosen


def _explain(error: Exception, address: Address) -> str:
    kind = type(error).__name__
    port = f"-p {address.port} " if address.port else ""
    keyscan = f"ssh-keyscan {port}{address.host}"
    if kind == "BadHostKeyException":
        return (
            "the server's key is another than the known one: it was changed, or somebody is in between; ask "
            "whoever runs it, and mend known_hosts"
        )
    if "not found in known_hosts" in str(error):
        return (
            f"the server's key is not known; compare what `{keyscan}` prints with what its owner says, and "
            "put it into ~/.ssh/known_hosts"
        )
    if "Authentication" in kind or "PasswordRequired" in kind or "No authentication methods" in str(error):
        return (
            f"the server refuses to let you in; check the user in the address, your key or agent, {KEY}, "
            f"{PASSPHRASE} and {PASSWORD}"
        )
    if isinstance(error, FileNotFoundError):
        return f"the key file is not there; see to {KEY} or IdentityFile"
    return explain_broken(error)
