"""A lease on a target: one producer sends at a time, and the other is told who does.

`.morning-edition/lease.json` is created where nothing stands, holds for some minutes, and is renewed while
files are sent. One whose holder was killed on this machine, or whose time is over by a margin that no two
clocks are apart, is stale. It is taken over in two steps, as no target can replace one content by another
on condition: whoever wins the creation of `lease-TOKEN.json`, TOKEN being that of the stale lease, may put
their own in its place. A winner who is killed in between is taken over in the same way, link by link.
"""

import contextlib
import datetime as dt
import json
import os
import re
import threading
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace

from morning_edition.errors import ConflictError, PublishError
from morning_edition.files import sha256_of
from morning_edition.publish.manifest import FOLDER_NAME, NEVER_KEPT, read_whole
from morning_edition.publish.places.patience import SLOWEST_BYTES_S
from morning_edition.publish.processes import find_machine, is_running, since_boot_s, started_at
from morning_edition.publish.target import Target
from morning_edition.who import find_host, find_user, tell_process

LEASE_NAME = f"{FOLDER_NAME}/lease.json"
LEASE_S = 600
MARGIN_S = 90
"""How far apart two producers' clocks may be."""
LONGEST_BYTES = 16_384
TOKEN = re.compile(r"[0-9a-f]{32}")
MOST_TRIES = 5
UNFINISHED_S = 0.3
"""How long a lease may take to appear whole where a target writes it in two steps."""

_held: set[str] = set()
"""Tokens of this process."""


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a target."""

    token: str
    who: str
    host: str
    pid: int
    machine: str
    """Tells this run of this machine from any other; empty where that cannot be known."""
    started: str
    """When the process was, by its machine's own reckoning: a number may be given twice."""
    since: str
    """ISO 8601, with its zone; as *until*."""
    until: str
    past: str = ""
    """Tokens of those whom it was taken over from, with spaces between them: links to be removed."""

    def is_stale(self, moment: dt.datetime) -> bool:
        """Tell whether nobody holds the lease any more at *moment* (aware)."""
        if self.pid == os.getpid() and self.machine == find_machine() != "":
            return self.token not in _held
        if self.machine == find_machine() != "" and not is_running(self.pid, self.started):
            return True
        return moment - dt.timedelta(seconds=MARGIN_S) > dt.datetime.fromisoformat(self.until)

    def tell(self) -> str:
        """Write who it is, since when, and until when."""
        since, until = (dt.datetime.fromisoformat(at).strftime("%H:%M:%S") for at in (self.since, self.until))
        who = tell_process(self.pid, self.who, self.host)
        return f"{who} publishes there since {since} UTC, and holds it until {until} UTC"


class Lease:
    """One producer's right to change a target."""

    def __init__(self, target: Target, now: dt.datetime) -> None:
        """Prepare one; *now* (aware) is the moment of this."""
        self._target = target
        self._now, self._begun_s = now.astimezone(dt.UTC), since_boot_s()
        self._lock = threading.Lock()
        self._until = self._now
        self._token = os.urandom(16).hex()
        self._past = ""
        self._since = self._now.isoformat(timespec="seconds")

    def acquire(self) -> None:
        """Take the lease. Raises `ConflictError`, which names whoever has it, and `PublishError`."""
        _held.add(self._token)
        try:
            self._acquire()
        except BaseException:
            _held.discard(self._token)
            raise

    def cover(self, size_bytes: int) -> None:
        """See that the lease holds while *size_bytes* are sent, and renew it where it would not.

        Raises `ConflictError` or `PublishError` where it is lost.
        """
        needed = dt.timedelta(seconds=LEASE_S / 2 + size_bytes / SLOWEST_BYTES_S)
        with self._lock:
            if self._moment() + needed > self._until:
                self._check()
                self._send(LEASE_S + size_bytes / SLOWEST_BYTES_S)

    def check(self) -> None:
        """See that it is still this producer's. Raises `ConflictError` or `PublishError` where it is not."""
        with self._lock:
            self._check()

    def release(self) -> None:
        """Give it back; one that cannot be removed ends by itself."""
        try:
            with contextlib.suppress(PublishError):
                self.check()
                self._target.remove(LEASE_NAME)
        finally:
            _held.discard(self._token)

    def _acquire(self) -> None:
        for _ in range(MOST_TRIES):
            if self._target.create(LEASE_NAME, self._write(LEASE_S)):
                self._check()
                return
            chain = _read_chain(self._target)
            if not chain:
                continue  # given back in the meantime
            if not chain[-1].is_stale(self._moment()):
                raise ConflictError(f"{self._target.shown}: {chain[-1].tell()}; publish again then")
            if self._take_over(chain):
                self._check()
                return
        raise ConflictError(f"{self._target.shown}: others publish there at once; publish again later")

    def _take_over(self, stale: list[Holder]) -> bool:
        """Put the own lease in place of one that is stale; False where another was quicker."""
        tokens = [holder.token for holder in stale]
        if not self._target.create(_link(tokens[-1]), self._write(LEASE_S)):
            return False
        if [holder.token for holder in _read_chain(self._target)] != [*tokens, self._token]:
            self._target.remove(_link(tokens[-1]))
            return False
        self._past = " ".join([*(token for holder in stale for token in holder.past.split()), *tokens])
        self._send(LEASE_S)
        for token in self._past.split():
            self._target.remove(_link(token))
        return True

    def _check(self) -> None:
        holder = _read_holder(self._target, LEASE_NAME)
        if holder and holder.token != self._token:
            raise ConflictError(f"{self._target.shown}: {holder.tell()}; publish again then")
        if holder is None or self._moment() > self._until:
            raise PublishError(f"{self._target.shown}: the hold on it was lost on the way; publish again")

    def _send(self, seconds: float) -> None:
        content = self._write(seconds)
        self._target.send(LEASE_NAME, content, media_type="application/json", cache_control=NEVER_KEPT)

    def _write(self, seconds: float) -> bytes:
        self._until = (self._moment() + dt.timedelta(seconds=seconds)).replace(microsecond=0)
        holder = Holder(
            token=self._token,
            who=find_user(),
            host=find_host(),
            pid=os.getpid(),
            machine=find_machine(),
            started=started_at(os.getpid()),
            since=self._since,
            until=self._until.isoformat(),
            past=self._past,
        )
        return json.dumps(asdict(holder)).encode() + b"\n"

    def _moment(self) -> dt.datetime:
        return self._now + dt.timedelta(seconds=since_boot_s() - self._begun_s)


@contextlib.contextmanager
def hold_target(target: Target, now: dt.datetime) -> Iterator[Lease]:
    """Hold *target*, from *now* (aware) on. Raises `ConflictError`, which names whoever does already."""
    lease = Lease(target, now)
    lease.acquire()
    try:
        yield lease
    finally:
        lease.release()


def _read_chain(target: Target) -> list[Holder]:
    """Return who holds the lease, and who is taking it over from whom; the last one counts."""
    chain: list[Holder] = []
    path = LEASE_NAME
    while len(chain) < 2 * MOST_TRIES and (holder := _read_holder(target, path)):
        chain.append(holder)
        path = _link(holder.token)
    return chain


def _link(token: str) -> str:
    return f"{FOLDER_NAME}/lease-{token}.json"


_DAMAGED = (ValueError, AttributeError, TypeError, OverflowError, RecursionError)


def _read_holder(target: Target, path: str) -> Holder | None:
    content = read_whole(target, path, longest_bytes=LONGEST_BYTES)
    if not content and target.look(path) is None:
        return None
    try:
        return _parse_holder(content)
    except _DAMAGED:
        time.sleep(UNFINISHED_S)
    content = read_whole(target, path, longest_bytes=LONGEST_BYTES)
    try:
        return _parse_holder(content)
    except _DAMAGED:
        return replace(_NOBODY, token=sha256_of(content)[:32])


def _parse_holder(content: bytes) -> Holder:
    record = json.loads(content)
    holder = Holder(**{name: kind(record.get(name, "")) for name, kind in Holder.__annotations__.items()})
    moments = [dt.datetime.fromisoformat(at) for at in (holder.since, holder.until)]
    tokens = [holder.token, *holder.past.split()]
    if not all(map(TOKEN.fullmatch, tokens)) or any(at.tzinfo is None for at in moments):
        raise ValueError("it is no lease")
    shown = {name: _shorten(getattr(holder, name)) for name in ("who", "host")}
    return replace(holder, **shown)  # type: ignore[arg-type]


_LONG_AGO = dt.datetime(1970, 1, 1, tzinfo=dt.UTC).isoformat()
_NOBODY = Holder("", "nobody", "", 0, "", "", _LONG_AGO, _LONG_AGO)


def _shorten(text: str) -> str:
    return "".join(sign for sign in text if sign.isprintable())[:80]
