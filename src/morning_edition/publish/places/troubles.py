"""What went wrong at a target, told as what the owner of the site can do about it.

The words of foreign errors are not shown: some quote headers, signatures and keys. Their kind is enough.
"""

import errno
import logging
import socket
import ssl
from collections.abc import Iterator

from morning_edition.errors import PublishError

FULL = frozenset({errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC), errno.EFBIG})
FORBIDDEN = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})
DEEPEST = 12
"""How many causes of causes are looked at."""

STATUS = {
    401: "the server wants to know who you are",
    403: "the server does not allow that",
    404: "there is no such place",
    405: "the server does not take files there",
    409: "a folder on the way is missing, or somebody else is writing there",
    413: "the server does not take files of that size",
    423: "somebody else has locked it",
    429: "the server wants to be left alone for a while",
    501: "the server cannot do that",
    507: "the disk is full",
}


def explain_os_error(error: OSError) -> str:
    """Return what the system refused, and the way out."""
    said = error.strerror if error.errno else ""
    if error.errno in FULL:
        return f"the disk is full ({said}); make room, and publish again"
    if error.errno in FORBIDDEN:
        return f"this user may not do that ({said}); see to the rights there, and publish again"
    return f"{said or type(error).__name__}; see to it, and publish again"


def explain_status(status: int, way_out: str) -> str:
    """Return what an HTTP status means for publishing; *way_out* is where its user's rights come from."""
    if status in (401, 403):
        return f"{STATUS[status]} (status {status}); {way_out}"
    if status == 404:
        return f"{STATUS[404]} (status 404); check the address, or make it there"
    if status in (413, 507):
        return f"{STATUS[status]} (status {status}); make room there, and publish again"
    if 300 <= status < 400:
        return f"the server sends elsewhere (status {status}); name the address that it sends to"
    said = STATUS.get(status, "the server is in trouble" if status >= 500 else "the server refuses it")
    return f"{said} (status {status}); publish again later"


def explain_broken(error: BaseException) -> str:
    """Return what broke a connection, as far as the error or one of its causes tells."""
    causes = list(_walk(error))
    for cause in causes:
        if isinstance(cause, socket.gaierror):
            return "its name cannot be resolved; check the address, and the network"
        if isinstance(cause, ssl.SSLCertVerificationError):
            return "its certificate is not to be trusted; mend it, or name your authority in SSL_CERT_FILE"
        if isinstance(cause, ConnectionRefusedError):
            return "nothing answers there; check the address, and that the server runs"
    if any(isinstance(cause, TimeoutError) or "Timeout" in type(cause).__name__ for cause in causes):
        return "it does not answer in time; publish again"
    for cause in causes:
        if isinstance(cause, OSError) and cause.errno in FULL | FORBIDDEN:
            return explain_os_error(cause)
    if isinstance(error, OSError) and error.errno and not isinstance(error, ConnectionError):
        return explain_os_error(error)
    return f"the connection broke ({type(error).__name__}); publish again"


def _walk(error: BaseException | None) -> Iterator[BaseException]:
    """Yield *error* and what led to it, by whatever name that is kept."""
    seen: list[BaseException] = []
    waiting = [error]
    while waiting and len(seen) < DEEPEST:
        cause = waiting.pop(0)
        if not isinstance(cause, BaseException) or cause in seen:
            continue
        seen.append(cause)
        inner = [getattr(cause, name, None) for name in ("os_error", "reason", "inner_exception")]
        several = getattr(cause, "errors", None)
        waiting += [cause.__cause__, cause.__context__, *inner]
        waiting += list(several.values()) if isinstance(several, dict) else []
        yield cause


def find_package(shown: str, package: str, extra: str) -> PublishError:
    """Return the error for a kind of target whose package is not installed."""
    return PublishError(f"{shown}: the package {package} is missing; pip install 'morning-edition[{extra}]'")


def hush(*names: str) -> None:
    """Keep what libraries log of their troubles from the console; whoever sets up logging still gets it."""
    for name in names:
        logger = logging.getLogger(name)
        if not logger.handlers:
            logger.addHandler(logging.NullHandler())
