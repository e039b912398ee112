"""The cast: which voice reads each role, as the station's settings say."""

import dataclasses
from collections.abc import Mapping
from types import MappingProxyType

from morning_edition.errors import VoiceError
from morning_edition.script.script import ROLES, Role
from morning_edition.station import Cast, Part, Station
from morning_edition.station.settings import Anchor
from morning_edition.voices import Delivery, Voice
from morning_edition.voices.auto import Fetching, choose_voice
from morning_edition.voices.registry import AUTO, open_voice

NO_VOICES: Mapping[str, str] = MappingProxyType({})


def choose_voices(
    station: Station,
    language: str,
    *,
    voice: str = "",
    kept: Mapping[str, str] = NO_VOICES,
    fetching: Fetching | None = None,
) -> dict[Role, str]:
    """Return what each role is read with, ENGINE or ENGINE:VOICE; *voice* reads them all.

    What is in *kept* is what `auto` found for a role on another day.
    """
    wanted = {
        role: kept.get(role, setting) if setting == AUTO else setting
        for role, setting in _settings(station, voice).items()
    }
    if AUTO not in wanted.values():
        return wanted
    choice = choose_voice(language, fetching)
    if fetching and choice.advice:
        fetching.tell(f"read by {choice.setting}; {choice.advice}")
    return {role: choice.setting if setting == AUTO else setting for role, setting in wanted.items()}


def _settings(station: Station, voice: str) -> dict[Role, str]:
    """Return what the station has each role read with, `auto` included."""
    anchor = voice or station.cast.anchor.voice
    return {role: voice or _part(station, role).voice or anchor for role in ROLES}


def open_kept_cast(
    station: Station, language: str, voices: Mapping[Role, str], kept: Mapping[str, str], slug: str
) -> dict[Role, Voice]:
    """Return the cast of the episode called *slug*, which had the voices in *kept*.

    Raises `VoiceError`; where one that it keeps is gone, it says what to do.
    """
    asked = _settings(station, "")
    cast: dict[Role, Voice] = {}
    for role, setting in voices.items():
        try:
            cast |= open_cast(station, language, {role: setting})
        except VoiceError as error:
            if asked[role] != AUTO or role not in kept:
                raise
            raise VoiceError(
                f"{error}; {slug} was read by {setting}: to have it read by another, name one with --voice"
            ) from error
    return cast


def open_cast(station: Station, language: str, voices: Mapping[Role, str]) -> dict[Role, Voice]:
    """Return each role's voice, as the station has it read. Raises `VoiceError`."""
    cast = {}
    for role, setting in voices.items():
        part = _part(station, role)
        options = station.engines.options(setting.partition(":")[0])
        cast[role] = open_voice(setting, Delivery(language, part.rate, part.pitch_semitones, options))
    return cast


def cast_alone(station: Station, setting: str) -> Station:
    """Return *station* with a cast of one: its second voice, *setting*, as fast, high and loud as that is."""
    second = station.cast.stand_in
    delivery = (second.rate, second.pitch_semitones, second.gain_db)
    roles = {role: Part("", *delivery) for role in ROLES if role != "anchor"}
    cast = Cast(anchor=Anchor(setting, *delivery), stand_in=second, **roles)
    return dataclasses.replace(station, cast=cast)


def _part(station: Station, role: Role) -> Part:
    part: Part = getattr(station.cast, role)
    return part
