"""Piper's voices: which there are, which of them are installed, and which is the usual one of a language.

A voice is two files, `NAME.onnx` and `NAME.onnx.json`, in the user's cache folder; its name is
`LANGUAGE_REGION-SPEAKER-QUALITY` (https://huggingface.co/rhasspy/piper-voices).
"""

import difflib
import functools
import os
import re
import socket
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from morning_edition.errors import VoiceError
from morning_edition.voices import VoiceNote
from morning_edition.voices.piper.table import ROWS

SERVER = "https://huggingface.co/rhasspy/piper-voices/resolve/main/"
SERVER_VARIABLE = "MORNING_EDITION_VOICES_URL"
"""Names a mirror."""
FOLDER_VARIABLE = "MORNING_EDITION_VOICES"
REACH_S = 2.0
UNKNOWN_LICENCE = "see its model card"
DEFAULTS = {"en": "en_US-john-medium", "en-GB": "en_GB-cori-medium"}
"""The English ones, from recordings in the public domain throughout, which most of Piper's voices are not.

`john` reads more calmly and was misheard less than the other free voices of its quality where a speech
recogniser was asked; `cori` is the only British voice that is free. `high` ones take seven times as long.
"""
OLD_WORLD = ("en-AU", "en-GB", "en-IE", "en-IN", "en-NZ", "en-ZA")
"""Where English is nearer to Britain's than to America's."""
SAME_LANGUAGE = {"nb": "no", "nn": "no"}
QUALITIES = ("medium", "high", "low", "x_low")
"""Best first: `high` sounds little better than `medium` for its time."""
_NAME = re.compile(
    r"(?P<language>[a-z]{2,3})_(?P<region>[A-Z]{2})-(?P<speaker>\w+)-(?P<quality>x_low|low|medium|high)"
)


@dataclass(frozen=True, slots=True)
class VoiceFile:
    """One of a voice's two files, as the server is to send it."""

    path: str
    """Under the server's address, and unlike an address not quoted."""
    size: int
    """Bytes."""
    md5: str


@dataclass(frozen=True, slots=True)
class KnownVoice:
    """A voice that can be installed."""

    name: str
    speakers: int
    model: VoiceFile
    settings: VoiceFile
    licence: str = UNKNOWN_LICENCE

    @property
    def size(self) -> int:
        """Bytes of both files."""
        return self.model.size + self.settings.size


@functools.cache
def known_voices() -> Mapping[str, KnownVoice]:
    """Return what is known without a network, by name."""
    rows = (row.split(" ", 6) for row in ROWS.splitlines())
    return {row[0]: _read_row(row) for row in rows}


def _read_row(row: list[str]) -> KnownVoice:
    name, speakers, size, md5, settings_size, settings_md5, *licence = row
    path = model_path(name)
    return KnownVoice(
        name,
        int(speakers),
        VoiceFile(path, int(size), md5),
        VoiceFile(f"{path}.json", int(settings_size), settings_md5),
        *licence,
    )


def model_path(name: str) -> str:
    """Return where the server has the model of the voice called *name*; empty for what is no voice's name."""
    if not (parts := _NAME.fullmatch(name)):
        return ""
    language, region, speaker, quality = parts.groups()
    return f"{language}/{language}_{region}/{speaker}/{quality}/{name}.onnx"


def language_of(name: str) -> str:
    """Return the BCP 47 tag of the voice called *name*; empty where its name does not tell."""
    parts = _NAME.fullmatch(name)
    return f"{parts['language']}-{parts['region']}" if parts else ""


def default_voice_name(language: str) -> str:
    """Return the usual voice of a language: its region's, else that of the language; empty where none is."""
    tag = _even(language)
    primary = tag.split("-")[0]
    usual = [name for name in known_voices() if not name.startswith("en_")]
    by_tag = {language_of(name): name for name in reversed(usual)}
    by_language = {language_of(name).split("-")[0]: name for name in reversed(usual)}
    wanted = "en-GB" if tag in OLD_WORLD else tag
    return (DEFAULTS | by_tag).get(wanted) or (DEFAULTS | by_language).get(primary, "")


def voices_folder() -> Path:
    """Return where voices are kept."""
    import platformdirs

    named = os.environ.get(FOLDER_VARIABLE)
    return Path(named).expanduser() if named else platformdirs.user_cache_path("morning-edition") / "voices"


def find_installed() -> dict[str, Path]:
    """Return the model of each voice that is installed, by name, in alphabetical order."""
    try:
        models = sorted(voices_folder().glob("*.onnx"))
    except OSError:
        return {}
    return {path.stem: path for path in models if path.with_name(f"{path.name}.json").is_file()}


def find_best(language: str) -> str:
    """Return the installed voice that suits a language best, that of its region first; empty without one."""
    tag, usual = _even(language), default_voice_name(language)

    def rank(name: str) -> tuple[bool, bool, int, str]:
        quality = name.rpartition("-")[2]
        return language_of(name) != tag, name != usual, QUALITIES.index(quality), name

    own = [name for name in find_installed() if language_of(name).split("-")[0] == tag.split("-")[0]]
    return min(own, key=rank, default="")


def describe(name: str) -> str:
    """Return a voice's name with its size and licence, as far as they are known."""
    known = known_voices().get(name)
    return f"{name} ({known.size / 1e6:.0f} MB, licence: {known.licence})" if known else name


def note_voices() -> tuple[VoiceNote, ...]:
    """Return the catalogue: what is installed first, then the usual voices, then the rest."""
    installed = find_installed()
    usual = {default_voice_name(language_of(name)) for name in known_voices()}
    names = sorted(
        {*installed, *known_voices()},
        key=lambda name: (
            name not in installed,
            name != DEFAULTS["en"],
            not name.startswith("en_"),
            name not in usual,
            name,
        ),
    )
    return tuple(_note(name, is_installed=name in installed) for name in names)


def _note(name: str, *, is_installed: bool) -> VoiceNote:
    known = known_voices().get(name)
    quality = name.rpartition("-")[2] if model_path(name) else ""
    told = [f"Piper, quality {quality}" if quality else "Piper"]
    if known:
        told += [f"{known.size / 1e6:.0f} MB"]
        told += (
            [f"{known.speakers} speakers: {name}#0 to #{known.speakers - 1}"] if known.speakers > 1 else []
        )
    return VoiceNote(
        name,
        language_of(name),
        ", ".join(told),
        "neural",
        known.licence if known else UNKNOWN_LICENCE,
        installed=is_installed,
    )


def find_model(name: str, language: str) -> Path:
    """Return the model file of the voice called *name*: installed, or the path of a file.

    Raises `VoiceError` that tells what is there instead.
    """
    if name.endswith(".onnx") or "/" in name or os.sep in name:
        return Path(name).expanduser()
    installed = find_installed()
    if (wanted := name or find_best(language)) in installed:
        return installed[wanted]
    if not name:
        raise _nothing_for(language, installed)
    there = f"installed: {', '.join(installed) or 'none'}"
    near = "" if name in known_voices() else _nearest(name, {*installed, *known_voices()})
    if model_path(name) and not near:
        raise VoiceError(
            f"piper: the voice {name} is not installed; `morning-edition voices install {name}` fetches it "
            f"({there})"
        )
    hint = f"; did you mean {near}?" if near else ""
    raise VoiceError(f"piper has no voice called {name!r}{hint} ({there})")


def _nothing_for(language: str, installed: Iterable[str]) -> VoiceError:
    usual = default_voice_name(language)
    way_out = (
        f"`morning-edition voices install {usual}` fetches the usual one"
        if usual
        else "install one by its name, or use --voice espeak"
    )
    return VoiceError(f"piper: no voice for {language} is installed; {way_out}")


def _nearest(name: str, names: Iterable[str]) -> str:
    """Return the one of *names* that is written most alike, else the first that has *name* for a part."""
    near = difflib.get_close_matches(name, sorted(names), n=1, cutoff=0.7)
    parts = sorted(known for known in names if name.lower() in known.lower().split("-"))
    return next(iter([*near, *parts]), "")


def _even(language: str) -> str:
    """Write a language tag as the names of voices have it."""
    primary, *rest = language.replace("_", "-").split("-")
    primary = SAME_LANGUAGE.get(primary.lower(), primary.lower())
    region = next((part.upper() for part in rest if len(part) == 2), "")
    return f"{primary}-{region}" if region else primary


def server_url() -> str:
    """Return the address under which voices are, with a slash at its end."""
    return (os.environ.get(SERVER_VARIABLE) or SERVER).rstrip("/") + "/"


def is_reachable(timeout_s: float = REACH_S) -> bool:
    """Tell whether the voices' server, or the proxy on the way to it, can be connected to."""
    from morning_edition.voices.piper.server import find_way

    try:
        host, port = find_way(urlsplit(server_url()))
    except (ValueError, VoiceError):
        return False
    connected = threading.Event()

    def connect() -> None:
        try:
            with socket.create_connection((host, port), timeout_s):
                connected.set()
        except OSError:
            return

    # Looking up a name heeds no time-out, so it is left behind where it hangs.
    asking = threading.Thread(target=connect, daemon=True)
    asking.start()
    asking.join(timeout_s)
    return connected.is_set()


def install_voice(name: str, report: Callable[[int, int], None]) -> Path:
    """Fetch the voice called *name*, unless it is there, and return its model; see `install`."""
    from morning_edition.voices.piper.install import fetch_voice

    return fetch_voice(name, report)
