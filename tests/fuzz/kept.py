"""What the program has written itself, or has been told on the command line, and reads again.

Nobody need have meant harm: disks, editors and other versions write there, too. What ends with a checksum is
given one that is right, or else no reader would ever look at the rest.
"""

import datetime as dt
import hashlib
import io
import json
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from fuzz.target import JSON, NOTATION, Target, folder, odd_record, put, seeds

NOW = dt.datetime(2026, 3, 6, 12, tzinfo=dt.UTC)
MOMENT = b"2026-03-05T06:00:00+00:00"
Reader = Callable[[bytes], object]
CONTROLS = (b"\xe2\x80\xae", b"\xc2\x85", b"\x1b[31m", b"\xe2\x80\xa8")
TIMES = (
    MOMENT,
    b"9999-12-31T23:59:59-23:59",
    b"0001-01-01T00:00:00+14:00",
    b"2026-03-05",
    b"NaN",
    b"Infinity",
)


def seal(data: bytes, key: str = "checksum") -> bytes:
    """Return a JSON object with a checksum of itself; anything else as it is."""
    try:
        record = json.loads(data)
        assert isinstance(record, dict)
        record.pop(key, None)
        told = hashlib.sha256(json.dumps(record, sort_keys=True).encode()).hexdigest()
        return json.dumps(record | {key: told}).encode()
    except (ValueError, AssertionError, RecursionError):
        return data


def station(text: str = "") -> Any:
    from morning_edition.station import parse_station

    return parse_station('[show]\ntimezone = "America/New_York"\n' + text, folder())


def read_sealed_episode(data: bytes) -> object:
    from morning_edition.episode import load_episode
    from morning_edition.life.agenda import list_due
    from morning_edition.standing import find_edited_script

    place = folder() / "2026-03-05-x"
    place.mkdir(exist_ok=True)
    (place / "episode.json").write_bytes(seal(data))
    episode = load_episode(place)
    for file in episode.files:
        assert (place / file.place).parent == place
        assert (place / file.name).parent == place
    find_edited_script(episode, place)
    list(list_due(station("[feed]\nkeep_days = 30\n"), episode, NOW))
    return episode.to_json().encode()


def read_memory(data: bytes) -> object:
    from morning_edition.watching.choosing import Choosing, choose_items
    from morning_edition.watching.memory import load_memory

    body = data.decode("utf-8", "replace").rstrip()
    body = body[:-2] if body.endswith("\n}") else body
    told = hashlib.sha256((body + "\n}").encode()).hexdigest()
    memory = load_memory(put(".watch.json", f'{body},\n "checksum": "{told}"\n}}\n'.encode()))
    for followed in memory.sources.values():
        followed.is_due(NOW)
        choose_items(followed, None, Choosing(NOW))
        for known in followed.articles.values():
            assert "/" not in known.slug
    return memory


def read_manifest(data: bytes) -> object:
    from morning_edition.publish.conflicts import find_conflicts
    from morning_edition.publish.manifest import EpisodeNote, parse_manifest
    from morning_edition.publish.places.names import check_name
    from morning_edition.publish.planning import afterwards, before_feed, before_sending, plan_work

    manifest = parse_manifest(seal(data))
    note = EpisodeNote("g", "2026-03-05-x", "public", MOMENT.decode())
    list(find_conflicts(manifest, "show", [note]))
    work = plan_work([], manifest, (), max_age_s=300, grace=dt.timedelta(days=1), now=NOW)
    for path in work.doomed:
        check_name(path)
    before_sending(manifest, work).to_json().encode()
    before_feed(manifest, work, "show", [note]).to_json().encode()
    return afterwards(manifest, [], work, 300).to_json().encode()


def read_lease(data: bytes) -> object:
    from morning_edition.publish.lease import _parse_holder

    holder = _parse_holder(data)
    holder.is_stale(NOW)
    assert holder.tell().isprintable()
    return holder


def read_correction(data: bytes) -> object:
    from morning_edition.episode import Correction
    from morning_edition.life.correcting import read_note
    from morning_edition.outlets.characters import clean
    from morning_edition.script.corrections import add_corrections
    from morning_edition.script.reading import parse_script
    from morning_edition.script.rendering import render_script

    note = read_note(data.decode("utf-8", "surrogateescape"))
    assert note.isprintable() or clean(note) == note
    script = parse_script(seeds("script.md")[0].decode(), to_spoken=str)
    said = station().corrections
    for place in ("intro", "outro"):
        for corrections in (
            [Correction(NOW, note)],
            [Correction(NOW, note, "-"), Correction(NOW, "A.", note)],
        ):
            made = add_corrections(script, corrections, place, said, str)
            render_script(made).encode()
    return note


def read_corrected_script(data: bytes) -> object:
    from morning_edition.episode import Correction
    from morning_edition.script.corrections import add_corrections
    from morning_edition.script.reading import parse_script
    from morning_edition.script.rendering import render_script

    script = parse_script(data.decode("utf-8", "replace"), to_spoken=str)
    said = station().corrections
    made = [
        add_corrections(script, [Correction(NOW, "It was noon."), Correction(NOW, "B.")], place, said, str)
        for place in ("intro", "outro")
    ]
    return [parse_script(render_script(one), to_spoken=str) for one in made]


def read_time(data: bytes) -> object:
    from morning_edition.cli.moments import read_day, read_moment

    text = data.decode("utf-8", "surrogateescape")
    moment = read_moment(text, station(), NOW, "--embargo")
    assert moment.tzinfo and moment >= NOW
    moment.astimezone(dt.UTC).isoformat().encode()
    return read_day(str(moment.date()), "--since")


def read_history(data: bytes) -> object:
    from morning_edition.life.audit import note_unnoted
    from morning_edition.life.history import read_events
    from morning_edition.settling import _find_released

    first, _, second = data.partition(b"\n")
    right = seeds("history.jsonl")[0].splitlines()
    put("history.jsonl", b"\n".join((odd_record(right[0], first), odd_record(right[1], second), data)))
    show = station()
    _find_released(show, [], NOW)
    note_unnoted(show, [], NOW)
    return list(read_events(show))


def read_agenda(data: bytes) -> object:
    from morning_edition.life.agenda import is_due

    (folder() / ".cache").mkdir(exist_ok=True)
    put(".cache/agenda.json", data)
    return is_due(station(), NOW)


def read_seals(data: bytes) -> object:
    from morning_edition.station.sealing import note_seals, seal_files

    (folder() / ".cache").mkdir(exist_ok=True)
    put(".cache/station-files.json", seal(data))
    show = station()
    note_seals(show, seal_files(show, []))
    return show


def read_proof(data: bytes) -> object:
    from morning_edition.proof.record import parse_proof, render_proof_json
    from morning_edition.proof.report import render_proof_html

    proof = parse_proof(data.decode("utf-8", "replace"))
    render_proof_json(proof).encode()
    return render_proof_html(proof).encode()


def read_mp3(data: bytes) -> object:
    from morning_edition.checking.mp3_sound import measure_mp3
    from morning_edition.errors import AudioError
    from morning_edition.mp3_info import find_encoder
    from morning_edition.proof.mp3_file import prove_mp3

    path = put("episode.mp3", data)
    find_encoder(data)
    stream, tag, findings = prove_mp3(path, (128, 24_000, 1))
    assert stream or findings
    for finding in findings:
        str(finding).encode()
    try:
        measure_mp3(path)
    except AudioError as error:
        assert str(error).strip() and "\n" not in str(error)
    return stream or findings, tag


def _tagged() -> tuple[bytes, ...]:
    """Return a short MP3 without a tag, and with one as episodes have it."""
    from fuzz.sounds import sounds
    from mutagen import id3

    mp3 = sounds()[2]
    tag = id3.ID3()
    tag.add(id3.TIT2(encoding=3, text="Tram"))
    tag.add(id3.USLT(encoding=3, lang="eng", desc="", text="It runs."))
    tag.add(id3.CHAP(element_id="c0", start_time=0, end_time=9, sub_frames=[id3.TIT2(encoding=3, text="A")]))
    tag.add(id3.CTOC(element_id="toc", flags=3, child_element_ids=["c0"], sub_frames=[]))
    with tempfile.TemporaryDirectory() as made:
        path = Path(made) / "x.mp3"
        path.write_bytes(mp3)
        tag.save(path)
        tagged = path.read_bytes()
    return mp3, tagged[:10] + tagged[10:200].rstrip(b"\0") + mp3, io.BytesIO(tagged).getvalue()[-2000:]


def odd(read: Reader, right: bytes) -> Reader:
    """Read what becomes of a record that was *right*."""
    return lambda data: read(odd_record(right, data))


def silent(read: Reader, errors: tuple[type[Exception], ...]) -> Reader:
    """Let a reader whose errors are nobody's message end in nothing."""

    def try_it(data: bytes) -> object:
        try:
            return read(data)
        except errors:
            return None

    return try_it


def targets() -> dict[str, Target]:
    import typer

    from morning_edition.errors import EpisodeError, PublishError, ScriptError, StationError

    damaged = (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError)
    """What those who call these readers are told to expect."""
    paths = (b"../../x", b"/etc/passwd", b"audio/2026-03-05-x/episode-00000000.mp3", b".morning-edition/x")
    records = (*JSON, *TIMES, *paths)

    def of_record(
        read: Reader,
        right: str,
        errors: tuple[type[Exception], ...] = (),
        expected: tuple[type[Exception], ...] = (),
    ) -> Target:
        seed = seeds(right)
        return Target(
            odd(silent(read, expected), *seed), errors, seed, records, (b"[" * 4000, b'{"a":' * 800)
        )

    note = Target(silent(read_correction, (ValueError,)), (), seeds("note.txt"), (*NOTATION, *CONTROLS))
    return {
        "sealed episode.json": of_record(read_sealed_episode, "episode.json", (EpisodeError,)),
        ".watch.json": of_record(read_memory, "watch.json", (), damaged),
        "manifest": of_record(read_manifest, "manifest.json", (PublishError,), damaged),
        "lease": of_record(read_lease, "lease.json", (), damaged),
        "agenda.json": of_record(read_agenda, "agenda.json"),
        "station-files.json": of_record(read_seals, "station-files.json", (StationError,)),
        "proof.json": of_record(read_proof, "proof.json", (), (ValueError,)),
        "history.jsonl": Target(read_history, (), seeds("history.jsonl"), records, (b"[" * 4000,)),
        "correction": note,
        "corrected script.md": Target(read_corrected_script, (ScriptError,), seeds("script.md"), NOTATION),
        "time": Target(
            read_time,
            (typer.BadParameter,),
            (b"now", b"2026-11-24T06:00", b"06:00", b"6:00", b"2026-11-24T06:00:00+02:00"),
            (*TIMES, b"T24:00", b"Z", b"-W01-1", b"+23:59", b":"),
        ),
        "mp3": Target(
            read_mp3, (), _tagged(), (b"ID3\x03\x00\x00", b"Info", b"LAME", b"\xff\xfb", b"USLT", b"CHAP")
        ),
    }
