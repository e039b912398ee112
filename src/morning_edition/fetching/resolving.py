"""A host's name to the machines that have it: asked once, and all of them looked at."""

import queue
import socket
import threading
from collections.abc import Sequence

from morning_edition.fetching.ip_addresses import is_barred

MOST_TRIED = 4
"""Machines that are tried, one after the other; what has more answers at the first."""


class PrivateAddressError(Exception):
    """A machine that has the name, or has answered, is none that the public can reach."""


def find_machines(host: str, port: int, wait_s: float, *, allow_private: bool) -> Sequence[str]:
    """Return the IP addresses of *host*, as the system orders them, a few at most.

    Where one of them is private, all are refused: a name that stands for machines inside and outside is meant
    to mislead. Where private ones are allowed, link-local ones are left out. Raises PrivateAddressError;
    OSError for a name that has none; TimeoutError after *wait_s*.
    """
    found = _ask(host, port, wait_s)
    barred = [one for one in found if is_barred(one, allow_private=allow_private)]
    if barred and (len(barred) == len(found) or not allow_private):
        raise PrivateAddressError
    return [one for one in found if one not in barred][:MOST_TRIED]


def _ask(host: str, port: int, wait_s: float) -> Sequence[str]:
    """Ask the system in a thread of its own: nothing ends its question in time otherwise."""
    answers: queue.SimpleQueue[Sequence[str] | Exception] = queue.SimpleQueue()

    def ask() -> None:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            answers.put([_write_address(family, place) for family, _, _, _, place in found])
        except Exception as error:
            answers.put(error)

    threading.Thread(target=ask, daemon=True).start()
    try:
        answer = answers.get(timeout=max(wait_s, 0.0))
    except queue.Empty:
        raise TimeoutError from None
    if isinstance(answer, Exception):
        raise answer
    if not answer:
        raise OSError("no address")
    return answer


def _write_address(family: int, place: tuple[object, ...]) -> str:
    """Write an answer of getaddrinfo as an IP address, a link-local one with its zone."""
    scope = place[3] if family == socket.AF_INET6 and len(place) == 4 else 0
    return f"{place[0]}%{scope}" if scope and "%" not in str(place[0]) else str(place[0])
