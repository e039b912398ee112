"""What an error says, fit to be published with an episode: no private address, path, or key.

Messages on the console tell where a server of one's own network is, or what program could not be run; the
records and reports that stand on the site are read by everybody.
"""

import os
import re

from morning_edition.voices.network.addresses import is_near

HIDDEN = "…"
SHORTEST_SECRET = 8
"""Shorter values of the environment are words of the language."""
_SECRET = re.compile(r"KEY|TOKEN|SECRET|PASSW|CREDENTIAL", re.IGNORECASE)
"""In the name of a variable."""
_HOST = r"(?:\[[0-9A-Fa-f:.%]+\]|\w[\w.-]*)"
_ADDRESSES = (
    re.compile(rf"[a-z][a-z0-9+.-]*://(?:[^\s/@]*@)?({_HOST})[^\s,;()'\"]*"),
    re.compile(rf"(?<![\w.-])({_HOST}):\d{{2,5}}\b"),
    re.compile(
        r"(?<![\w.-])((?:\d{1,3}\.){3}\d{1,3}|[\w.-]+\.(?:local|lan|internal|localhost)|home\.arpa)\b"
    ),
)
"""Written out, as host and port, and as a host alone."""
_PATH = re.compile(r"(?<![\w/:.])(?:~|[A-Za-z]:)?(?:[\\/][^\\/\s:;,'\"()]+){2,}")
_STEPS = re.compile(r"[\\/]")


def hide_private(text: str) -> str:
    """Return *text* without addresses of one's own network, paths of this machine, and keys."""
    for name, value in os.environ.items():
        if _SECRET.search(name) and len(value) >= SHORTEST_SECRET:
            text = text.replace(value, HIDDEN)
    for address in _ADDRESSES:
        text = address.sub(_hide_near, text)
    return _PATH.sub(lambda found: f"{HIDDEN}/{_STEPS.split(found[0])[-1]}", text)


def _hide_near(found: re.Match[str]) -> str:
    return HIDDEN if is_near(found[1].strip("[]")) else found[0]
