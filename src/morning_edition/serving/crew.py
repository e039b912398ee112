"""Several processes behind one port, as one cannot use more than one processor.

On Linux each has a door of its own at the same port, and the kernel deals clients out (`SO_REUSEPORT`). They
know nothing of each other; when the first ends, however it does, the others do.
"""

import contextlib
import os
import socket
import sys
from collections.abc import Callable, Iterator

Serve = Callable[[socket.socket, int | None], None]
"""Serves at a door until it is told to stop, or until the other end of a pipe is closed."""

MOST = 4


def can_share() -> bool:
    """Tell whether several processes can listen at one port here, and clients be dealt out to them."""
    return sys.platform == "linux"


def count_processes() -> int:
    """Return how many are worth while here."""
    return min(MOST, len(os.sched_getaffinity(0))) if sys.platform == "linux" else 1


@contextlib.contextmanager
def crew(door: socket.socket, processes: int, serve: Serve) -> Iterator[None]:
    """Run *serve* in *processes* - 1 others while the `with` lasts. The program must have no threads yet."""
    if processes < 2 or not can_share():
        yield
        return
    leader, alive = os.pipe()
    members = [_start_member(door, serve, leader, alive) for _ in range(processes - 1)]
    os.close(leader)
    try:
        yield
    finally:
        os.close(alive)
        for member in members:
            with contextlib.suppress(ChildProcessError):
                os.waitpid(member, 0)


def _start_member(door: socket.socket, serve: Serve, leader: int, alive: int) -> int:
    """Start a process that serves at the same port; return its number."""
    member = os.fork()
    if member:
        return member
    status = 1
    try:
        os.close(alive)
        place = door.getsockname()[:2]
        family, backlog = door.family, socket.SOMAXCONN
        door.close()
        serve(socket.create_server(place, family=family, backlog=backlog, reuse_port=True), leader)
        status = 0
    finally:
        os._exit(status)  # what the program does at its end, its first process does
