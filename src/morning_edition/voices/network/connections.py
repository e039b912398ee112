"""The way to a speech server: through a proxy or not, its certificate checked.

Machines of one's own network are asked without a proxy.
"""

import os
import socket
import ssl
import threading
import urllib.request
from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.response import HTTPResponse

from morning_edition.errors import VoiceError
from morning_edition.voices.network.addresses import is_near

MOST_CONNECTIONS = 64
BUNDLE_VARIABLE = "REQUESTS_CA_BUNDLE"
"""Where a newsroom names the certificate of its own proxy, for gtts as well."""


class _HangsUp(HTTPConnection):
    """A connection that waits for the head of an answer no longer than for any of its bytes.

    Else a server that sends a byte of it at a time would be waited for without end.
    """

    def getresponse(self) -> HTTPResponse:  # type: ignore[override]
        """Return the head of the answer; raises `TimeoutError` when it takes longer than any byte may."""
        ended = threading.Event()
        timer = threading.Timer(float(self.timeout or 0), self._hang_up, [self.sock, ended])
        timer.daemon = True
        timer.start()
        answer = None
        try:
            answer = super().getresponse()
        except Exception:
            if not ended.is_set():
                raise
        finally:
            timer.cancel()
        if answer and not ended.is_set():
            return answer
        if answer:  # the beginning of one, which looks whole
            answer.close()
        raise TimeoutError

    @staticmethod
    def _hang_up(line: socket.socket, ended: threading.Event) -> None:
        ended.set()
        with suppress(OSError):
            socket.socket.shutdown(
                line, socket.SHUT_RDWR
            )  # an SSLSocket's own would pull away what is read from


class _PlainPool(urllib3.HTTPConnectionPool):
    ConnectionCls = _HangsUp


class _SecureConnection(_HangsUp, HTTPSConnection):
    pass


class _SecurePool(urllib3.HTTPSConnectionPool):
    ConnectionCls = _SecureConnection


def open_pools(engine: str, parts: SplitResult) -> urllib3.PoolManager:
    """Open the way to a server: through the proxy that the environment names, except in one's own network.

    Raises `VoiceError` when what the environment names cannot be used.
    """
    host = parts.hostname or ""
    options: dict[str, Any] = {"maxsize": MOST_CONNECTIONS}
    if parts.scheme == "https":
        options["ssl_context"] = _trust(engine, os.environ.get(BUNDLE_VARIABLE) or "")
    proxy = "" if is_near(host) or urllib.request.proxy_bypass(host) else _find_proxy(parts.scheme)
    pools = _open_proxy(engine, proxy, options) if proxy else urllib3.PoolManager(**options)
    pools.pool_classes_by_scheme = {"http": _PlainPool, "https": _SecurePool}
    return pools


def _open_proxy(engine: str, proxy: str, options: Mapping[str, Any]) -> urllib3.PoolManager:
    try:
        place = urlsplit(proxy if "://" in proxy else f"http://{proxy}")
        login = f"{unquote(place.username)}:{unquote(place.password or '')}" if place.username else None
        said = urllib3.make_headers(proxy_basic_auth=login) if login else None
        address = place._replace(netloc=place.netloc.rpartition("@")[2]).geturl()
        return urllib3.ProxyManager(address, proxy_headers=said, **options)
    except (ValueError, urllib3.exceptions.HTTPError):
        raise VoiceError(f"{engine}: HTTPS_PROXY is no address of an HTTP proxy") from None


def _find_proxy(scheme: str) -> str:
    proxies = urllib.request.getproxies()
    return proxies.get(scheme) or proxies.get("all") or ""


@cache
def _trust(engine: str, bundle: str) -> ssl.SSLContext:
    """Return what certificates are checked by: *bundle*, a file or folder, or the system's and Mozilla's."""
    import certifi

    try:
        if bundle and Path(bundle).is_dir():
            return ssl.create_default_context(capath=bundle)
        context = ssl.create_default_context(cafile=bundle or None)
    except OSError as error:
        raise VoiceError(
            f"{engine}: {BUNDLE_VARIABLE} names no file of certificates that can be read"
        ) from error
    if not bundle:
        context.load_verify_locations(certifi.where())
    return context
