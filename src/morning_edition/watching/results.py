"""What a look at the sources came to: results, told one by one."""

import datetime as dt
import zoneinfo
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from morning_edition.watching.items import squeeze_line

What = Literal["made", "changed", "refused", "failed", "waiting", "unreachable", "gone", "sent", "unsent"]

GOOD: frozenset[What] = frozenset(("made", "changed", "sent"))


@dataclass(frozen=True, slots=True)
class Result:
    """One thing that was done, or could not be."""

    at: dt.datetime
    """With its zone."""
    what: What
    """An episode was `made` or, after its article, `changed`; the proof `refused` it; the article `failed`
    for good, or is `waiting` to be tried again; a source is `unreachable`, or `gone` for good; the site was
    `sent` to where listeners fetch it, or is still `unsent`."""
    source: str = ""
    """The feed's address or the folder; empty where it is of the whole site."""
    article: str = ""
    """How messages call it."""
    path: str = ""
    """The sound, or where the site was sent."""
    error: str = ""
    next_try: str = ""
    """ISO 8601; empty where it is not tried again by itself."""
    episode: Mapping[str, Any] = field(default_factory=dict)
    """What `produce --json` tells of one."""
    is_news: bool = True
    """Whether it is not what was told the last time."""

    @property
    def is_good(self) -> bool:
        """Whether nothing is wrong."""
        return self.what in GOOD

    def to_line(self, timezone: str) -> str:
        """Write time, what, source, and path or article, between tabs."""
        at = self.at.astimezone(zoneinfo.ZoneInfo(timezone)).isoformat(timespec="seconds")
        fields = (at, self.what, self.source or "-", self.path or self.article or "-")
        return "\t".join(squeeze_line(field, 4000) for field in fields)

    def to_record(self, timezone: str) -> dict[str, Any]:
        """Return it as JSON values, without what is empty."""
        at = self.at.astimezone(zoneinfo.ZoneInfo(timezone)).isoformat(timespec="seconds")
        facts = {
            "source": self.source,
            "article": self.article,
            "path": self.path,
            "error": self.error,
            "next_try": self.next_try,
            "episode": dict(self.episode),
        }
        return {"at": at, "what": self.what} | {key: value for key, value in facts.items() if value}
