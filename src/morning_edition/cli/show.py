"""`morning-edition show`: all that is known of an episode, for a person or for a program."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from morning_edition.cli.episodes import describe_entry
from morning_edition.cli.options import JsonOption, StationOption, open_station, show_path
from morning_edition.cli.telling import one_line, render_json

if TYPE_CHECKING:
    from pathlib import Path

    from morning_edition.episode import Episode
    from morning_edition.life.history import Event
    from morning_edition.life.listing import Entry
    from morning_edition.life.tombstones import Tombstone
    from morning_edition.station import Station

Row = tuple[str, str]


def show(
    episode: Annotated[
        str,
        typer.Argument(
            metavar="[EPISODE]",
            help="A folder, its name or how that begins, or a number; by default the newest.",
            show_default=False,
        ),
    ] = "",
    as_json: JsonOption = False,
    station: StationOption = None,
) -> None:
    """Show an episode: its state, addresses, dates, files, corrections, sound and history.

    One that was retracted or has expired is shown, too, as far as something is left of it.
    """
    from morning_edition.errors import EpisodeError
    from morning_edition.life.history import read_events
    from morning_edition.life.listing import list_entries, look_up

    home = open_station(station)
    now = dt.datetime.now(dt.UTC)
    if episode:
        from morning_edition.catalogue import find_slug

        entry = look_up(home, find_slug(home, episode), now)
    else:
        entry = next(iter(list_entries(home, now, limit=1)), None)
    if entry is None:
        raise EpisodeError("no episodes yet; make one with `morning-edition produce ARTICLE`")
    events = list(read_events(home, entry.slug))
    if as_json:
        typer.echo(render_json(_describe(home, entry, events)))
    else:
        typer.echo("\n".join(_tell(home, entry, events)))


def _find_folder(home: "Station", entry: "Entry") -> "Path":
    from morning_edition.life.withdrawing import kept_folder
    from morning_edition.standing import refused_folder

    if entry.stone:
        return kept_folder(home, entry.slug)
    if entry.state == "refused":
        return refused_folder(home, entry.slug)
    return home.episodes_folder / entry.slug


def _describe(home: "Station", entry: "Entry", events: "list[Event]") -> dict[str, Any]:
    record = describe_entry(entry) | {"folder": show_path(_find_folder(home, entry))}
    if entry.episode:
        record |= {
            "page": entry.episode.url(home),
            "enclosure": entry.episode.url(home, entry.episode.audio.name),
        }
    elif entry.stone:
        record["page"] = entry.stone.url(home)
    record["damaged"] = _find_damage(home, entry)
    record["proof"] = _read_verdict(_find_folder(home, entry))
    record["history"] = [asdict(event) for event in events]
    return record


def _tell(home: "Station", entry: "Entry", events: "list[Event]") -> Iterator[str]:
    title = (entry.episode or entry.stone).title if entry.episode or entry.stone else entry.slug  # type: ignore[union-attr]
    yield one_line(title)
    rows: list[Row] = [("state", entry.tell_state(home))]
    if entry.fault:
        rows.append(("fault", entry.fault))
    if entry.episode:
        rows += _tell_episode(home, entry.episode)
    elif entry.stone:
        rows += _tell_stone(home, entry.stone)
    folder = _find_folder(home, entry)
    rows.append(("kept in" if entry.stone else "folder", show_path(folder) if folder.exists() else "deleted"))
    if verdict := _read_verdict(folder):
        rows.append(("proof", verdict))
    width = max(len(name) for name, _ in rows)
    yield from (f"{name:<{width}}  {one_line(text)}" for name, text in rows)
    if entry.episode:
        yield from _list(
            "corrections", [f"{one.moment:%Y-%m-%d %H:%M}  {one.text}" for one in entry.episode.corrections]
        )
        yield from _list("damaged or missing", _find_damage(home, entry))
        yield from _list("files", [f"{file.size_bytes:>11,}  {file.place}" for file in entry.episode.files])
        yield from _list(
            "superseded, and still there for those who have read an older feed",
            [one.place for one in entry.episode.former if (folder / one.place).exists()],
        )
    yield from _list("history", [_tell_event(event) for event in events])


def _tell_episode(home: "Station", episode: "Episode") -> list[Row]:
    from morning_edition.life.times import tell_moment
    from morning_edition.outlets.times import short_clock

    rows = [
        ("number", str(episode.number)),
        ("GUID", episode.guid),
        ("page", episode.url(home)),
        ("enclosure", episode.url(home, episode.audio.name)),
        ("edition", episode.date.isoformat()),
        ("published", tell_moment(home, episode.published)),
    ]
    rows += [("changed", tell_moment(home, episode.updated))] if episode.updated else []
    rows += [("expires", tell_moment(home, episode.expires))] if episode.expires else []
    return [
        *rows,
        ("length", short_clock(episode.duration_ms)),
        ("loudness", f"{episode.loudness_lufs:.1f} LUFS, true peak {episode.true_peak_dbtp:.1f} dBTP"),
        ("voices", ", ".join(_name_voices(episode))),
    ]


def _name_voices(episode: "Episode") -> list[str]:
    """Return the voices as the cast names them; of an old record without one, their engines."""
    named = dict.fromkeys(name for _, name in episode.cast)
    return [*(named or dict.fromkeys(identity.partition(" ")[0] for identity in episode.voices))]


def _find_damage(home: "Station", entry: "Entry") -> list[str]:
    from morning_edition.life.shortfalls import find_damaged

    return list(find_damaged(_find_folder(home, entry), entry.episode)) if entry.episode else []


def _tell_stone(home: "Station", stone: "Tombstone") -> list[Row]:
    from morning_edition.life.times import tell_moment

    return [
        ("number", str(stone.number)),
        ("GUID", f"{stone.guid} (never used again)"),
        *([("page", stone.url(home))] if stone.was_public else []),
        ("edition", stone.date.isoformat()),
        ("published", tell_moment(home, stone.published)),
        (stone.kind, tell_moment(home, stone.withdrawn)),
        *([("reason", stone.reason)] if stone.reason else []),
    ]


def _tell_event(event: "Event") -> str:
    told = ("reason", "text", "embargo", "proof")
    facts = "; ".join(str(event.facts[name]) for name in told if event.facts.get(name))
    return f"{event.at[:16].replace('T', ' ')}  {event.what} by {event.by}{f': {facts}' if facts else ''}"


def _list(heading: str, lines: list[str]) -> Iterator[str]:
    if lines:
        yield ""
        yield heading
        yield from (f"  {one_line(line) if heading != 'files' else line}" for line in lines)


def _read_verdict(folder: "Path") -> str:
    """Return what the proof said; empty where it cannot be read."""
    from morning_edition.proof.record import RECORD_NAME, parse_proof, tell_verdict

    try:
        return tell_verdict(parse_proof((folder / RECORD_NAME).read_text("utf-8")))
    except (OSError, ValueError):
        return ""
