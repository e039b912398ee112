"""Any program that turns a text into a sound file, as one line of `station.toml` calls it.

The line is cut into words as a shell would (shlex), but no shell sees it: what an article says can start
nothing and name no file. Each line that is read has a folder of its own, which goes away with it.
"""

import hashlib
import os
import re
import shlex
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from morning_edition.errors import VoiceBusyError, VoiceError
from morning_edition.voices import NO_OPTIONS, USUAL, Delivery, Option, Speech, Traits, Utterance, VoiceNote
from morning_edition.voices.command.program import EndlessError, Outcome, run_program
from morning_edition.voices.sound import read_sound

WORDS_A_MINUTE = 170
"""A newsreader's, for programs that count so."""
SAMPLE_RATE_HZ = 22_050
"""Of the silence of a line without a letter; all other sound tells its own."""
PLACEHOLDERS = ("input", "output", "text", "voice", "language", "rate", "percent", "wpm")
_RATES = ("rate", "percent", "wpm")
_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")


class CommandVoice:
    """Whatever program the station names; it hears nothing but the text, with names respelled."""

    def __init__(self, name: str = "", delivery: Delivery = USUAL) -> None:
        options = delivery.options
        self._template = _split_line(str(options.get("line", "")))
        self._program = _find_program(self._template[0])
        self._used = {place for word in self._template for place in _PLACEHOLDER.findall(word)}
        self._version = str(options.get("version", "1"))
        self._encoding = str(options.get("encoding", "utf-8"))
        self._lines_at_once = int(options.get("lines_at_once", 2))
        self._timeout_s = float(options.get("timeout_s", 60.0))
        self._settings = {
            "voice": name,
            "language": delivery.language,
            "rate": f"{delivery.rate:g}",
            "percent": f"{100 * delivery.rate:.0f}",
            "wpm": f"{WORDS_A_MINUTE * delivery.rate:.0f}",
        }
        if ("voice" in self._used) != bool(name):
            told = "write command:NAME, for its line has {voice}" if not name else "its line has no {voice}"
            raise VoiceError(f"command: no voice {name!r} of {self._title} can be asked for; {told}")

    @property
    def identity(self) -> str:
        """Version, program, all that its line is filled with, and a digest of the line: it may hold a key."""
        filled = " ".join(
            f"{place}={self._settings[place]}" for place in sorted(self._used & {*self._settings})
        )
        digest = hashlib.sha256("\0".join(self._template).encode(errors="replace")).hexdigest()[:16]
        return " ".join(f"command {self._version} {self._title} {self._encoding} {digest} {filled}".split())

    @property
    def traits(self) -> Traits:
        """It sets the rate where its line asks for one; as many lines at once as the station says."""
        return Traits(sets_rate=not self._used.isdisjoint(_RATES), lines_at_once=self._lines_at_once)

    @property
    def _title(self) -> str:
        return Path(self._template[0]).name

    def speak(self, line: Utterance) -> Speech:
        """Have the program read *line*, in no time at all when there is no letter or digit in it."""
        text = " ".join(line.respelled.replace("\0", " ").split())
        if not any(map(str.isalnum, text)):
            return Speech(b"", SAMPLE_RATE_HZ)
        with tempfile.TemporaryDirectory(prefix="morning-edition-", ignore_cleanup_errors=True) as folder:
            content = self._run(text, Path(folder))
        if not content:
            raise VoiceError(f"command: {self._title} gave no sound; mend its line in station.toml")
        try:
            return read_sound(content, engine="command", title=self._title)
        except VoiceBusyError as error:  # it would be no better the next time
            raise VoiceError(f"{error}; mend its line in station.toml") from error

    def _run(self, text: str, folder: Path) -> bytes:
        """Run the program in *folder* and return what it made, empty where it made nothing."""
        written, made = folder / "text.txt", folder / "sound.wav"
        written.write_bytes(f"{text}\n".encode(self._encoding, "replace"))
        places = {**self._settings, "input": str(written), "output": str(made), "text": text}
        words = [self._program, *(self._fill(word, places) for word in self._template[1:])]
        source = None if {"input", "text"} & self._used else written
        sound = folder / "said" if "output" in self._used else made
        try:
            outcome = run_program(words, folder, source=source, sound=sound, timeout_s=self._timeout_s)
        except EndlessError as error:
            raise VoiceError(
                f"command: {self._title} {error}; mend its line in station.toml, or raise timeout_s"
            ) from error
        except (OSError, ValueError) as error:
            raise VoiceError(f"command: {self._title} cannot be run: {error}") from error
        self._check(outcome)
        return made.read_bytes() if made.is_file() else b""

    def _check(self, outcome: Outcome) -> None:
        told = f": {outcome.message}" if outcome.message else ""
        if outcome.status < 0:  # it crashed, or the system took its memory: another time it may not
            raise VoiceBusyError(f"command: {self._title} was ended by signal {-outcome.status}{told}")
        if outcome.status:
            raise VoiceError(
                f"command: {self._title} failed with status {outcome.status}{told}; mend its line in "
                "station.toml, or use another voice"
            )

    def _fill(self, word: str, places: Mapping[str, str]) -> str | bytes:
        filled = _PLACEHOLDER.sub(lambda match: places[match[1]], word)
        if "{text}" not in word:
            return filled
        if word.startswith("{text}") and filled.startswith("-"):
            filled = f" {filled}"  # else it would be an option
        encoded = filled.encode(self._encoding, "replace")
        return encoded if os.name == "posix" else encoded.decode(self._encoding)

    @classmethod
    def catalogue(cls, options: Mapping[str, Option] = NO_OPTIONS) -> tuple[VoiceNote, ...]:
        """Name the one voice that it is, whatever the program can do."""
        line = str(options.get("line", ""))
        if not line:
            told = "any program: write its line under [engines.command] in station.toml"
            return (VoiceNote("", "", told, installed=False),)
        try:
            _find_program(_split_line(line)[0])
        except VoiceError as error:
            return (VoiceNote("", "", str(error).removeprefix("command: "), installed=False),)
        return (VoiceNote("", "", f"what {Path(_split_line(line)[0]).name} says"),)


def _split_line(line: str) -> list[str]:
    """Return the words of *line*, each with its placeholders; raises `VoiceError`."""
    try:
        words = shlex.split(line)
    except ValueError as error:
        raise VoiceError(f"command: line in [engines.command] cannot be read: {error}") from error
    if not words:
        raise VoiceError("command: which program? Write its line under [engines.command] in station.toml")
    for place in _PLACEHOLDER.findall(line):
        if place not in PLACEHOLDERS:
            known = ", ".join(f"{{{name}}}" for name in PLACEHOLDERS)
            raise VoiceError(
                f"command: its line has {{{place}}}, which stands for nothing; known are {known}"
            )
    return words


def _find_program(word: str) -> str:
    found = None if _PLACEHOLDER.search(word) else shutil.which(word)
    if found is None:
        raise VoiceError(
            f"command: there is no program {word!r}; install it, or mend line under [engines.command]"
        )
    return found
