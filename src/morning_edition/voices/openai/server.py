"""OpenAI's server, or one of the newsroom's own that speaks the same protocol, and the voices that it has."""

import difflib
import os
import re
from urllib.parse import urlsplit

from morning_edition.errors import VoiceBusyError, VoiceError
from morning_edition.station.engines import OpenAi
from morning_edition.voices import VoiceNote
from morning_edition.voices.network.server import RefusedError, Server, read_key

KEY_VARIABLE = "OPENAI_API_KEY"
OTHER_KEY_VARIABLE = "OPENAI_COMPATIBLE_API_KEY"
"""For all servers but OpenAI's own, which are not to see the key of that account."""
HOST = "api.openai.com"
VOICES = {
    "alloy": "neutral",
    "ash": "male, clear",
    "ballad": "male, warm",
    "cedar": "male, the newest",
    "coral": "female, warm",
    "echo": "male, even",
    "fable": "British, a storyteller",
    "marin": "female, the newest",
    "nova": "female, lively",
    "onyx": "male, deep",
    "sage": "female, calm",
    "shimmer": "female, bright",
    "verse": "male, varied",
}
KOKORO_LANGUAGES = {
    "a": "en-US",
    "b": "en-GB",
    "e": "es-ES",
    "f": "fr-FR",
    "h": "hi-IN",
    "i": "it-IT",
    "j": "ja-JP",
    "p": "pt-BR",
    "z": "zh-CN",
}
"""By the first letter of a Kokoro voice; the second tells whether it is female or male."""
LOOKING_S = 2.0
"""How long a server may take to say which voices it has, while someone looks at a list."""
CONFIRMING_S = 5.0
"""The same before an episode is read."""
MOST_NAMES = 12
"""As many of them as a message shows."""
MIXING = re.compile(r"[+(]")
"""Kokoro-FastAPI speaks mixtures of its voices, such as `af_bella(2)+af_sky(1)`, which are in no list."""


def is_openai(settings: OpenAi) -> bool:
    """Tell whether it is OpenAI's own, in any of its regions."""
    host = urlsplit(settings.base_url).hostname or ""
    return host == HOST or host.endswith(f".{HOST}")


def open_server(settings: OpenAi) -> Server:
    """Return the server; OpenAI's own wants a key, others get one of their own where there is one."""
    own = is_openai(settings)
    title = "OpenAI" if own else f"the speech server {urlsplit(settings.base_url).netloc}"
    variable = KEY_VARIABLE if own else OTHER_KEY_VARIABLE
    wanted = own or os.environ.get(variable)
    key = read_key(variable, engine="openai", title=title) if wanted else ""
    base_url = settings.base_url.rstrip("/")
    if settings.flavour == "kokoro":
        base_url = base_url.removesuffix("/v1")
    return Server(
        "openai",
        base_url,
        title=title,
        headers={"Authorization": f"Bearer {key}"} if key else {},
        key_variable=variable,
    )


def usual_voice(settings: OpenAi, server: Server, language: str) -> str:
    """Return a server's first voice of *language*; `alloy`, which nearly all know, where it has no list."""
    if is_openai(settings):
        return "alloy"
    try:
        names = _ask_voices(settings, server, LOOKING_S)
    except RefusedError:
        names = []
    spoken = {name: _language_of(name).lower() for name in names}
    for wanted in (language.lower(), language.lower().split("-")[0]):
        for name, tag in spoken.items():
            if tag == wanted or tag.split("-")[0] == wanted:
                return name
    return "alloy" if not names or "alloy" in names else names[0]


def confirm_voice(settings: OpenAi, server: Server, voice: str) -> None:
    """Ask a server of one's own whether it has *voice*; all is well where it has no list.

    OpenAI's names are not looked for: many servers answer to them without listing them. Raises `VoiceError`.
    """
    if is_openai(settings) or voice in VOICES or MIXING.search(voice):
        return
    try:
        names = _ask_voices(settings, server, CONFIRMING_S)
    except RefusedError as error:
        if error.status in {401, 403}:
            raise
        return
    except VoiceBusyError as error:
        if error.paid:  # it is there, and answers with something else than a list
            return
        raise
    if names and voice.casefold() not in map(str.casefold, names):
        near = difflib.get_close_matches(voice, names, n=1, cutoff=0.5)
        hint = f" (did you mean {near[0]}?)" if near else ""
        shown = ", ".join(names[:MOST_NAMES]) + (", …" if len(names) > MOST_NAMES else "")
        raise VoiceError(f"openai: {server.title} has no voice called {voice!r}{hint}; it has {shown}")


def _ask_voices(settings: OpenAi, server: Server, within_s: float) -> list[str]:
    """Return the names that a server lists; raises `VoiceError`, `RefusedError` where it has no such list."""
    prefix = "/v1" if settings.flavour == "kokoro" else ""
    found = server.ask_record("GET", f"{prefix}/audio/voices", deadline_s=within_s)
    entries = found.get("voices") or found.get("data") or []
    names = [
        next((entry[key] for key in ("id", "voice_id", "name") if entry.get(key)), "")
        if isinstance(entry, dict)
        else entry
        for entry in (entries if isinstance(entries, list) else [])
    ]
    return [name for name in names if isinstance(name, str) and name.isprintable() and name]


def name_voices(settings: OpenAi, price: float) -> tuple[VoiceNote, ...]:
    """Name what a server of one's own has, or one voice in place of all when it does not say in time."""
    host = urlsplit(settings.base_url).netloc
    try:
        names = _ask_voices(settings, open_server(settings), LOOKING_S)
    except VoiceError:
        return (VoiceNote("alloy", "", f"a voice of {host}, which does not list them", "neural", "", price),)
    return tuple(
        VoiceNote(
            name,
            _language_of(name),
            f"a voice of {host}",
            "neural",
            "Apache-2.0" if settings.flavour == "kokoro" else "",
            price,
        )
        for name in names
    )


def _language_of(name: str) -> str:
    """Return what a voice's name tells of its language, as in Kokoro's `af_heart` and Piper's `en_US-amy`."""
    if found := re.match(r"([a-z]{2})[_-]([A-Z]{2})(?![A-Za-z])", name):
        return f"{found[1]}-{found[2]}"
    kokoro = re.match(r"([a-z])[fm]_", name)
    return KOKORO_LANGUAGES.get(kokoro[1], "") if kokoro else ""


def check_voice(name: str) -> None:
    """Refuse a voice that OpenAI does not have; those of one's own begin with `voice_`."""
    if name not in VOICES and not name.startswith("voice_"):
        near = difflib.get_close_matches(name.lower(), VOICES, n=1, cutoff=0.5)
        hint = f" (did you mean {near[0]}?)" if near else ""
        raise VoiceError(f"openai: OpenAI has no voice called {name!r}{hint}; it has {', '.join(VOICES)}")
