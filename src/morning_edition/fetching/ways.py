"""What the environment says of the way to the web: a proxy, and whose certificates are to be trusted."""

import functools
import os
import ssl
import urllib.request
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import urllib3

from morning_edition.errors import FetchError
from morning_edition.fetching.web_addresses import Place

BUNDLE_VARIABLE = "REQUESTS_CA_BUNDLE"
"""Where a newsroom names the certificate of its own proxy, for voices as well."""


def find_proxy(place: Place) -> str:
    """Return the proxy that HTTP_PROXY, HTTPS_PROXY or ALL_PROXY name; empty for none, or by NO_PROXY."""
    if urllib.request.proxy_bypass(f"{place.host}:{place.port}"):
        return ""
    proxies = urllib.request.getproxies()
    return proxies.get(place.scheme) or proxies.get("all") or ""


def open_pools(place: Place, proxy: str, name: str) -> urllib3.PoolManager:
    """Open the way to *place*, through *proxy* unless that is empty.

    Raises FetchError, whose message *name* begins, for a proxy or a certificate that cannot be used.
    """
    options: dict[str, Any] = {"maxsize": 1}
    if place.scheme == "https":
        options["ssl_context"] = _trust(os.environ.get(BUNDLE_VARIABLE) or "", name)
    if not proxy:
        return urllib3.PoolManager(**options)
    try:
        parts = urlsplit(proxy if "://" in proxy else f"http://{proxy}")
        login = f"{unquote(parts.username)}:{unquote(parts.password or '')}" if parts.username else None
        said = urllib3.make_headers(proxy_basic_auth=login) if login else None
        address = parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
        return urllib3.ProxyManager(address, proxy_headers=said, **options)
    except (ValueError, urllib3.exceptions.HTTPError):
        raise FetchError(
            f"{name}: cannot be asked for, as HTTPS_PROXY or HTTP_PROXY names no HTTP proxy; mend it"
        ) from None


def _trust(bundle: str, name: str) -> ssl.SSLContext:
    try:
        return _load_trust(bundle)
    except OSError as error:
        raise FetchError(
            f"{name}: cannot be asked for, as {BUNDLE_VARIABLE} names no file of certificates; mend it"
        ) from error


@functools.cache
def _load_trust(bundle: str) -> ssl.SSLContext:
    """Return what certificates are checked by: *bundle*, a file or folder, or the system's and Mozilla's."""
    import certifi

    if bundle and Path(bundle).is_dir():
        return ssl.create_default_context(capath=bundle)
    context = ssl.create_default_context(cafile=bundle or None)
    if not bundle:
        context.load_verify_locations(certifi.where())
    return context
