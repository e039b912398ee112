"""What a Wyoming server tells of its voices, and the choice among them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from morning_edition.errors import VoiceError
from morning_edition.voices.network.complaints import in_one_line
from morning_edition.voices.wyoming.events import Address, Connection, Event, read_error

SPEAKER = "#"
"""Between a voice and one of its speakers: `en_US-libritts-high#p3922`."""


@dataclass(frozen=True, slots=True)
class Offer:
    """One voice that a server tells of."""

    program: str
    """What to select before; empty for the server's first program, which it takes of itself."""
    name: str
    languages: tuple[str, ...]
    """BCP 47."""
    description: str
    speakers: tuple[str, ...]
    installed: bool


def ask_offers(address: Address, within_s: float) -> tuple[Offer, ...]:
    """Return the voices of a server, which has at least one."""
    with Connection(address, connect_s=within_s, silence_s=within_s, deadline_s=within_s) as connection:
        connection.send(Event("describe"))
        while (event := connection.receive()).kind != "info":
            if event.kind == "error":
                raise read_error(event, address)
    offers = tuple(_read_offers(event.data.get("tts")))
    if not offers:
        raise VoiceError(f"wyoming: the server at {address} has no voices; is it one that speaks?")
    return offers


def _read_offers(programs: object) -> Iterator[Offer]:
    """Read the programs of an `info`, leaving out what has no name."""
    for number, program in enumerate(_records(programs)):
        for voice in _records(program.get("voices")):
            languages = [str(tag).replace("_", "-") for tag in voice.get("languages") or [] if tag]
            speakers = [str(speaker.get("name", "")) for speaker in _records(voice.get("speakers"))]
            name = str(voice.get("name") or "")
            if name and name.isprintable():
                yield Offer(
                    program=str(program.get("name") or "") if number else "",
                    name=name,
                    languages=tuple(languages),
                    description=in_one_line(str(voice.get("description") or "")),
                    speakers=tuple(filter(None, speakers)),
                    installed=bool(voice.get("installed", True)),
                )


def _records(value: object) -> list[dict[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def find_offer(name: str, offers: Sequence[Offer]) -> Offer:
    """Return the voice called *name*, with or without a speaker."""
    known = {f"{offer.name}{SPEAKER}{speaker}": offer for offer in offers for speaker in offer.speakers}
    known |= {offer.name: offer for offer in offers}
    if name not in known:
        near = get_close_matches(name, known, n=1, cutoff=0.5)
        hint = f"; did you mean {near[0]}?" if near else f"; it has {', '.join(sorted(known)[:5])}"
        raise VoiceError(f"wyoming: the server has no voice called {name!r}{hint}")
    return known[name]


def prefer_offer(language: str, offers: Sequence[Offer]) -> Offer:
    """Return the first voice that is installed and speaks *language*, at best as that place does."""
    primary = language.casefold().split("-")[0]
    ranked = sorted(
        (language.casefold() not in tags, not offer.installed, number)
        for number, offer in enumerate(offers)
        for tags in [[tag.casefold() for tag in offer.languages]]
        if not tags or primary in {tag.split("-")[0] for tag in tags}
    )
    if not ranked:
        spoken = sorted({tag for offer in offers for tag in offer.languages})
        raise VoiceError(
            f"wyoming: the server has no voice for {language!r}; it speaks {', '.join(spoken[:12])}"
        )
    return offers[ranked[0][-1]]
