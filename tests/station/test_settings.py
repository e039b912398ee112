"""`station.toml`: explained in full, read strictly, refused in one line that says what to do."""

import dataclasses
import datetime as dt
import json
import re
from collections.abc import Iterator
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from morning_edition.errors import StationError
from morning_edition.station import (
    Outlet,
    Owner,
    Show,
    Station,
    load_station,
    parse_station,
    render_settings,
)
from morning_edition.station.checks import NEWS_CATEGORIES, filled
from morning_edition.station.sound import MPEG1_BITRATES_KBPS
from morning_edition.voices import registry
from morning_edition.voices.registry import GROUP

ROOT = Path("station")
DEFAULTS = Station(ROOT)
TOP = (
    "show, outlet, owner, voice_notice, corrections, feed, links, publish, watch, artwork, cast, style, "
    "script, sound, running_order, engines, podcast, alternates, proof, flash"
)


def refusal(text: str) -> str:
    with pytest.raises(StationError) as caught:
        parse_station(text, ROOT)
    return str(caught.value)


def tables(table: Any, where: str = "") -> Iterator[tuple[str, Any]]:
    """Name every table of the settings, with its dotted name."""
    for field in dataclasses.fields(table):
        value = getattr(table, field.name)
        if dataclasses.is_dataclass(value):
            spot = f"{where}.{field.name}".lstrip(".")
            yield spot, value
            yield from tables(value, spot)


KEYS = [
    (spot, field)
    for spot, table in tables(DEFAULTS)
    for field in dataclasses.fields(table)
    if "meaning" in field.metadata and not dataclasses.is_dataclass(getattr(table, field.name))
]


def changed(**shows: Any) -> Station:
    return dataclasses.replace(DEFAULTS, show=Show(**shows))


@pytest.mark.parametrize(("spot", "field"), KEYS, ids=[f"{spot}.{field.name}" for spot, field in KEYS])
def test_every_key_stands_in_a_new_file_with_its_meaning_and_default(
    spot: str, field: dataclasses.Field[Any]
) -> None:
    blocks = render_settings(DEFAULTS).partition(f"\n[{spot}]\n")[2].partition("\n[")[0].split("\n\n")
    explained = {
        lines[-1]: " ".join(line.removeprefix("# ") for line in lines[:-1])
        for lines in (block.strip().splitlines() for block in blocks)
    }

    default = json.dumps(getattr(dict(tables(DEFAULTS))[spot], field.name), ensure_ascii=False)

    assert field.metadata["meaning"] == explained[f"# {field.name} = {default}"]


def test_a_new_file_holds_nothing_but_tables_and_comments() -> None:
    text = render_settings(DEFAULTS)

    assert parse_station(text, ROOT) == DEFAULTS
    assert {f"[{spot}]" for spot, _ in tables(DEFAULTS)} == {
        line for line in text.splitlines() if line and not line.startswith("#")
    }


def test_the_commented_keys_are_the_defaults() -> None:
    """A key that is commented out shows its default, so taking the mark away changes nothing."""
    text, count = re.subn(r"^# (?=\w+ = )", "", render_settings(DEFAULTS), flags=re.MULTILINE)

    assert len(KEYS) == count
    assert parse_station(text, ROOT) == DEFAULTS


def test_the_commented_keys_of_a_changed_station_show_its_own_settings() -> None:
    station = changed(title="The Daily", explicit=True)

    text = re.sub(r"^# (?=\w+ = )", "", render_settings(station), flags=re.MULTILINE)

    assert parse_station(text, ROOT) == station


def test_a_given_key_stands_uncommented_and_the_others_do_not() -> None:
    text = render_settings(DEFAULTS, {"show": {"title": "The Daily"}, "sound": {"jingles": {"bed": "b.wav"}}})

    keys = [line for line in text.splitlines() if re.match(r"\w+ =", line)]

    assert keys == ['title = "The Daily"', 'bed = "b.wav"']
    assert "# title" not in text


TITLES = st.text(min_size=1).filter(lambda text: not filled(text))


@given(st.text(), TITLES, st.booleans(), st.floats(0.5, 2.0))
def test_whatever_is_given_is_read_back(subtitle: str, name: str, explicit: bool, rate: float) -> None:
    text = render_settings(
        DEFAULTS,
        {
            "show": {"subtitle": subtitle, "explicit": explicit},
            "outlet": {"name": name},
            "cast": {"quote": {"rate": rate}},
        },
    )

    station = parse_station(text, ROOT)

    assert (station.show.subtitle, station.outlet.name) == (subtitle, name)
    assert (station.show.explicit, station.cast.quote.rate) == (explicit, rate)


def test_signs_that_toml_forbids_are_read_back_too() -> None:
    hostile = 'a"b\\c\n\r\t\x00\x1f\x7f\x85\u2028 {x} # \ufeff'

    text = render_settings(DEFAULTS, {"show": {"title": hostile}})

    assert parse_station(text, ROOT).show.title == hostile


def test_a_station_without_settings_has_the_defaults() -> None:
    assert parse_station("", ROOT) == DEFAULTS


def test_every_setting_is_read_from_its_own_table() -> None:
    station = parse_station(
        """
        [show]
        title = "The Daily"
        explicit = true
        publish_at = "05:30"
        [outlet]
        name = "Harbour Post"
        [cast.correspondent]
        voice = "espeak:en-gb"
        rate = 1.25
        [sound]
        sample_rate_hz = 48000
        [sound.pauses]
        chapter_ms = 0
        [flash]
        bitrate_kbps = 128
        """,
        ROOT,
    )

    assert (station.show.title, station.show.explicit, station.show.publish_at) == (
        "The Daily",
        True,
        "05:30",
    )
    assert station.outlet.name == "Harbour Post"
    assert (station.cast.correspondent.voice, station.cast.correspondent.rate) == ("espeak:en-gb", 1.25)
    assert (station.sound.sample_rate_hz, station.sound.pauses.chapter_ms) == (48_000, 0)
    assert (station.flash.bitrate_kbps, station.podcast.bitrate_kbps) == (128, 96)


def test_a_whole_number_will_do_where_a_number_is_asked_for() -> None:
    gain = parse_station("[sound]\nmusic_db = -3", ROOT).sound.music_db

    assert (-3.0, float) == (gain, type(gain))


@pytest.mark.parametrize(
    "content",
    [
        b'\xef\xbb\xbf[show]\ntitle = "The Daily"\n',
        b'[show]\r\ntitle = "The Daily"\r\n',
        b'show.title = "The Daily"',
        b'show = {title = "The Daily"}',
        b'[show]\ntitle = "The Daily"\n' + b"#" * 900_000,
    ],
    ids=["byte order mark", "CRLF", "dotted", "inline", "long"],
)
def test_a_file_is_read_however_it_was_saved(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "station.toml").write_bytes(content)

    station = load_station(tmp_path)

    assert ("The Daily", tmp_path) == (station.show.title, station.root)


def test_a_folder_without_settings_is_no_station(tmp_path: Path) -> None:
    with pytest.raises(StationError) as caught:
        load_station(tmp_path)

    assert str(caught.value) == (
        f"{tmp_path}: no station.toml here; make a station with `morning-edition init DIR`, "
        "or name one with --station DIR"
    )


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b'[show]\ntitle = "Caf\xe9"', "not UTF-8 text; save it as UTF-8"),
        ('[show]\ntitle = "x"'.encode("utf-16"), "not UTF-8 text; save it as UTF-8"),
        (b"#" * 1_000_001, "larger than 1,000,000 bytes; this is not a settings file"),
        (
            b"[show\n",
            "not valid TOML: Expected ']' at the end of a table declaration (at line 1, column 6)",
        ),
        (b"[show]\ntitle = \n", "not valid TOML: Invalid value (at line 2, column 9)"),
    ],
)
def test_a_file_that_is_no_settings_file_is_refused_by_its_name(
    tmp_path: Path, content: bytes, said: str
) -> None:
    (tmp_path / "station.toml").write_bytes(content)

    with pytest.raises(StationError) as caught:
        load_station(tmp_path)

    assert str(caught.value) == f"{tmp_path / 'station.toml'}: {said}"


def test_a_folder_in_the_place_of_the_settings_is_refused(tmp_path: Path) -> None:
    (tmp_path / "station.toml").mkdir()

    with pytest.raises(StationError, match=r"station\.toml: cannot be read: "):
        load_station(tmp_path)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[sow]", "unknown key sow; did you mean show?"),
        ("[zzz]", f"unknown key zzz; known here: {TOP}"),
        ('root = "/"', "unknown key root; did you mean proof?"),
        ('[show]\ntitel = "x"', "unknown key show.titel; did you mean show.title?"),
        (
            "[cast.anchor]\nvioce = 1",
            "unknown key cast.anchor.vioce; did you mean cast.anchor.voice?",
        ),
        (
            "[cast.weather]",
            "unknown key cast.weather; known here: anchor, co_anchor, correspondent, quote, stand_in",
        ),
        (
            '[cast]\n"a\\nb" = 1',
            'unknown key cast."a\\nb"; known here: anchor, co_anchor, correspondent, quote, stand_in',
        ),
        (f"{'k' * 100} = 1", f'unknown key "{"k" * 79}…; known here: {TOP}'),
    ],
)
def test_an_unknown_key_is_refused_with_the_nearest_known_one(text: str, said: str) -> None:
    assert refusal(text) == f"station.toml: {said}"


LIST = 'a list of texts, as in ["one", "two"]'


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ("show.title = 5", "show.title must be text, not 5"),
        ('show.title = ["a"]', 'show.title must be text, not ["a"]'),
        ("show.title = true", "show.title must be text, not true"),
        ("show.title = 2024-12-06", 'show.title must be text, not "2024-12-06"'),
        ('show.explicit = "no"', 'show.explicit must be true or false, not "no"'),
        ("show.explicit = 0", "show.explicit must be true or false, not 0"),
        ("podcast.bitrate_kbps = true", "podcast.bitrate_kbps must be a whole number, not true"),
        ("podcast.bitrate_kbps = 96.0", "podcast.bitrate_kbps must be a whole number, not 96.0"),
        ('podcast.bitrate_kbps = "96"', 'podcast.bitrate_kbps must be a whole number, not "96"'),
        ("sound.music_db = false", "sound.music_db must be a number, not false"),
        ('sound.music_db = "-3"', 'sound.music_db must be a number, not "-3"'),
        ("sound.music_db = {}", "sound.music_db must be a number, not {}"),
        ("sound.jingles = 1", "sound.jingles must be a table, as in [sound.jingles], not 1"),
        ('show = "x"', 'show must be a table, as in [show], not "x"'),
        ("[[show]]", "show must be a table, as in [show], not [{}]"),
        ('watch.sources = "a.xml"', f'watch.sources must be {LIST}, not "a.xml"'),
        ('watch.sources = ["a.xml", 5]', f'watch.sources must be {LIST}, not ["a.xml", 5]'),
        ('watch.sources = [["a.xml"]]', f'watch.sources must be {LIST}, not [["a.xml"]]'),
        ("watch.sources = {}", f"watch.sources must be {LIST}, not {{}}"),
        ("watch.every_s = [5]", "watch.every_s must be a whole number, not [5]"),
        (f'show.explicit = "{"x" * 500}"', f'show.explicit must be true or false, not "{"x" * 79}…'),
    ],
)
def test_a_value_of_another_type_is_refused(setting: str, said: str) -> None:
    assert refusal(setting) == f"station.toml: {said}"


WEB = "a web address such as https://news.example/briefing/"
ENGINE = 'an engine, or ENGINE:VOICE, such as "espeak" or "espeak:en-us+edward"'
INSIDE = "a path inside the station's folder"
MAIL = "a mail address such as desk@news.example"
HOUR = 'a time of day such as "06:00"'
ZONE = "a time zone such as America/New_York"
COLOUR = 'a colour such as "#12305b"'
TARGET = 'a folder, or an address such as "s3://bucket/briefing"'
UNDER = "one or more of intro, quick_looks, deep_look, outro"


@pytest.mark.parametrize(
    ("key", "value", "wanted"),
    [
        ("outlet.name", "", "filled in"),
        ("outlet.name", " \t", "filled in"),
        ("outlet.url", "news.example", WEB),
        ("outlet.edition", "", "filled in"),
        ("owner.email", "desk", MAIL),
        ("owner.email", "desk@news", MAIL),
        ("owner.email", "The Desk <desk@news.example>", MAIL),
        ("owner.email", "a@news.example,b@news.example", MAIL),
        ("owner.email", "a@news..example", MAIL),
        ("show.title", "", "filled in"),
        ("show.description", "", "filled in"),
        ("show.description", " \u200b\u0007", "filled in"),
        ("show.title", "\u0007", "filled in"),
        ("artwork.cover", "Cover.JPG", "another file than cover.jpg, which is made from it"),
        ("show.language", "English", "a language tag such as en-US"),
        ("show.language", "en_US", "a language tag such as en-US"),
        ("show.language", "en-US\n", "a language tag such as en-US"),
        ("show.timezone", "Mars/Base", ZONE),
        ("show.timezone", "", ZONE),
        ("show.timezone", "../UTC", ZONE),
        ("show.timezone", "/etc/passwd", ZONE),
        ("show.timezone", "a\0b", ZONE),
        ("show.publish_at", "6:00", HOUR),
        ("show.publish_at", "24:00", HOUR),
        ("show.publish_at", "06:60", HOUR),
        ("show.publish_at", "0٣:00", HOUR),
        ("show.base_url", "", WEB),
        ("show.base_url", "podcast.example", WEB),
        ("show.base_url", "ftp://podcast.example/", WEB),
        ("show.base_url", "https://", WEB),
        ("show.base_url", "https://podcast.example/a b/", WEB),
        ("show.base_url", "https://pödcast.example/", WEB),
        ("show.base_url", "https://[::1/", WEB),
        ("show.base_url", "https://podcast.example:port/", WEB),
        ("show.base_url", "https://podcast.example/?show=1", "a web address without ? and #"),
        ("show.base_url", "https://podcast.example/#show", "a web address without ? and #"),
        ("show.base_url", "https://podcast.example/?", "a web address without ? and #"),
        ("show.link", "example", WEB),
        ("show.category", "News", f"one of {', '.join(NEWS_CATEGORIES)}"),
        ("artwork.cover", "../cover.png", INSIDE),
        ("artwork.background", "12305b", COLOUR),
        ("artwork.ink", "#fff", COLOUR),
        ("artwork.accent", "red", COLOUR),
        ("cast.anchor.voice", "", ENGINE),
        ("cast.anchor.voice", "espeak:", ENGINE),
        ("cast.quote.voice", "Espeak voice", ENGINE),
        ("cast.quote.rate", 0.49, "between 0.5 and 2"),
        ("cast.quote.rate", 3, "between 0.5 and 2"),
        ("cast.anchor.gain_db", 12.1, "between -12 and 12"),
        ("sound.sample_rate_hz", 22_050, "one of 24000, 32000, 44100, 48000"),
        ("sound.speech_lufs", -31, "between -30 and -12"),
        pytest.param("sound.music_db", 10**400, "between -30 and 12", id="too large for a float"),
        ("sound.channels", 3, "one of 1, 2"),
        ("running_order.bed.ducked_db", 1, "between -60 and 0"),
        ("running_order.bed.attack_ms", 0, "between 5 and 5000"),
        ("running_order.bed.under", "", UNDER),
        ("running_order.bed.under", "intro, chapter", UNDER),
        ("running_order.bed.music", "../bed.wav", INSIDE),
        ("running_order.chapter.gain_db", -61, "between -60 and 20"),
        ("running_order.look.overlap_ms", 20_001, "between -5000 and 20000"),
        ("running_order.closing.fade_out_ms", -1, "between 0 and 20000"),
        ("sound.pauses.sentence_ms", -1, "between 0 and 5000"),
        ("sound.pauses.paragraph_ms", 5001, "between 0 and 5000"),
        ("podcast.loudness_lufs", 0, "between -30 and -8"),
        ("podcast.true_peak_dbtp", 0.5, "between -9 and 0"),
        ("podcast.bitrate_kbps", 97, f"one of {', '.join(map(str, MPEG1_BITRATES_KBPS))}"),
        ("flash.loudness_lufs", -20, "between -19 and -9"),
        ("flash.true_peak_dbtp", -1, "between -9 and -2"),
        ("flash.longest_s", 601, "between 30 and 600"),
        ("publish.to", "S3://bucket/briefing", TARGET),
        ("publish.to", "://bucket", TARGET),
        ("publish.to", " public", "a folder, or an address to send files to"),
        ("publish.to", "sftp://host/a\nb", "a folder, or an address to send files to"),
        ("publish.feed_max_age_s", -1, "between 0 and 86400"),
        ("publish.former_hours", -1, "between 0 and 2160"),
        ("publish.former_hours", 2161, "between 0 and 2160"),
        ("watch.every_s", 4, "between 5 and 86400"),
    ],
)
def test_a_value_that_would_not_work_is_refused(key: str, value: object, wanted: str) -> None:
    written = json.dumps(value, ensure_ascii=False)
    shown = written if len(written) <= 80 else f"{written[:80]}…"

    assert refusal(f"{key} = {written}") == f"station.toml: {key} must be {wanted}, not {shown}"


@pytest.mark.parametrize(
    "target",
    [
        "",
        "../public",
        "/srv/www/morning brief",
        "s3://bucket/briefing",
        "sftp://ana@host:2222/srv/www",
        "webdavs://host/brief@ing",
        "gs://bucket",
        "az://container",
    ],
)
def test_a_site_may_be_sent_to_a_folder_or_an_address(target: str) -> None:
    assert parse_station(f"publish.to = {json.dumps(target)}", ROOT).publish.to == target


@pytest.mark.parametrize("target", ["sftp://ana:se3cret@host/srv/www", "webdavs://ana:se3cret@host:8443/a"])
def test_a_password_in_the_settings_is_refused_and_not_repeated(target: str) -> None:
    """It comes from the environment; the message may be read by others."""
    said = refusal(f'publish.to = "{target}"')

    assert "publish.to must be an address without a password; it comes from the environment" in said
    assert "se3cret" not in said


def test_a_list_of_texts_is_read_and_written_as_one() -> None:
    """Of any length; nobody can change it afterwards."""
    text = render_settings(DEFAULTS, {"watch": {"sources": ["feed.xml", "drop “box” \\ 1"]}})

    assert parse_station(text, ROOT).watch.sources == ("feed.xml", "drop “box” \\ 1")
    assert parse_station("watch.sources = []", ROOT).watch.sources == ()


def test_where_a_site_is_sent_and_what_is_followed_changes_no_episode() -> None:
    """Nothing is made again because of it."""
    sent = parse_station(
        '[publish]\nto = "../public"\nformer_hours = 0\n[watch]\nsources = ["x.xml"]\nevery_s = 60', ROOT
    )

    assert (sent.publish.former_hours, sent.watch.every_s) == (0, 60)
    assert sent.fingerprint == DEFAULTS.fingerprint


def test_a_place_of_the_running_order_keeps_what_is_not_set() -> None:
    """Each has defaults of its own, though all are tables of one kind."""
    order = parse_station(
        "[running_order.look]\ngain_db = -3\n[running_order.outro]\nmusic = 'sting'\n"
        "[running_order.closing]\nmusic = ''",
        ROOT,
    ).running_order

    assert (order.look.music, order.look.gain_db, order.look.overlap_ms) == ("sting", -3.0, 250)
    assert (order.outro.music, order.outro.gain_db, order.outro.overlap_ms) == ("sting", 0.0, 0)
    assert order.closing.music == ""
    usual = DEFAULTS.running_order
    assert order == dataclasses.replace(usual, look=order.look, outro=order.outro, closing=order.closing)


@pytest.mark.parametrize(
    "under", ["intro", "intro, outro", "intro quick_looks  deep_look,outro", " deep_look "]
)
def test_a_bed_lies_under_any_parts(under: str) -> None:
    text = f"running_order.bed.under = {json.dumps(under)}"

    assert parse_station(text, ROOT).running_order.bed.under == under


@pytest.mark.parametrize("value", ["nan", "inf", "-inf"])
def test_a_number_that_is_none_is_refused(value: str) -> None:
    assert "sound.music_db must be between -30 and 12" in refusal(f"sound.music_db = {value}")


def test_a_description_is_counted_in_bytes() -> None:
    longest = "é" * 2000

    assert parse_station(f'show.description = "{longest}"', ROOT).show.description == longest
    assert "must be at most 4000 bytes long" in refusal(f'show.description = "{longest}."')


OUTSIDE = [
    "../open.wav",
    "audio/../../open.wav",
    "audio/..",
    "..",
    "..\\open.wav",
    "audio\\..\\..\\open.wav",
    "/open.wav",
    "\\open.wav",
    "\\\\server\\share\\open.wav",
    "C:\\open.wav",
    "C:open.wav",
    "file:///open.wav",
    "open\0.wav",
]


@pytest.mark.parametrize("path", OUTSIDE)
@pytest.mark.parametrize("key", ["artwork.cover", "sound.jingles.open", "sound.jingles.close"])
def test_no_path_leaves_the_stations_folder(key: str, path: str) -> None:
    assert refusal(f"{key} = {json.dumps(path)}").endswith(f"{key} must be {INSIDE}, not {json.dumps(path)}")


@pytest.mark.parametrize(
    "path", ["", "open.wav", "audio/jingles/open.wav", "audio\\open.wav", "..open", "a..b/c"]
)
def test_any_path_inside_the_folder_will_do(path: str) -> None:
    assert parse_station(f"sound.jingles.open = {json.dumps(path)}", ROOT).sound.jingles.open == path


@pytest.mark.parametrize(
    "text",
    [
        f"number = {'9' * 5000}",
        f"show.title = 0x{'f' * 5000}",
        f"show.title = {'[' * 20_000}",
        f"show.title{'.a' * 4_000} = 1",
        f"{'a' * 50_000} = 1",
        f"cast{'.anchor' * 4_000} = 1",
    ],
    ids=["digits", "hexadecimal", "arrays", "tables", "key", "path"],
)
def test_settings_made_to_break_a_reader_are_refused_in_a_short_line(text: str) -> None:
    assert len(refusal(text)) < 300


NAMES = sorted({field.name for _, field in KEYS} | {spot.rpartition(".")[2] for spot, _ in tables(DEFAULTS)})
values = st.recursive(
    st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text()
    | st.dates()
    | st.sampled_from(["espeak", "#123456", "https://a.example", "UTC", "06:00", "en"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(NAMES) | st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=12,
)


def toml_of(value: object) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{text_of(key)} = {toml_of(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(toml_of, value)) + "]"
    if isinstance(value, str):
        return text_of(value)
    if isinstance(value, dt.date):
        return value.isoformat()
    return repr(value).lower()


def text_of(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def assert_read_or_refused(text: str) -> None:
    try:
        station = parse_station(text, ROOT)
    except StationError as error:
        assert str(error).startswith("station.toml: ")
        assert len(str(error).splitlines()) == 1
    else:
        assert parse_station(render_settings(station, dataclasses.asdict(station)), ROOT) == station


@given(st.text())
def test_any_text_is_a_station_or_refused_in_one_line(text: str) -> None:
    assert_read_or_refused(text)


@settings(max_examples=300)
@given(st.dictionaries(st.sampled_from(NAMES) | st.text(max_size=8), values, max_size=4))
def test_any_values_are_a_station_or_refused_in_one_line(record: dict[str, object]) -> None:
    assert_read_or_refused("\n".join(f"{text_of(key)} = {toml_of(value)}" for key, value in record.items()))


@settings(max_examples=300)
@given(key=st.sampled_from(KEYS), value=values)
def test_any_value_of_any_key_is_taken_or_refused_in_one_line(
    key: tuple[str, dataclasses.Field[Any]], value: object
) -> None:
    assert_read_or_refused(f"{key[0]}.{key[1].name} = {toml_of(value)}")


@pytest.mark.parametrize(
    "base_url",
    ["https://podcast.example", "https://podcast.example/", "https://podcast.example//"],
)
def test_the_folders_address_ends_in_one_slash(base_url: str) -> None:
    station = changed(base_url=base_url)

    assert station.base_url == "https://podcast.example/"
    assert station.feed_url == "https://podcast.example/podcast.xml"
    assert station.link == "https://podcast.example/"


def test_the_folder_may_lie_deep_in_a_site() -> None:
    assert changed(base_url="https://a.example/b/c").feed_url == "https://a.example/b/c/podcast.xml"


def test_the_shows_own_page_takes_the_place_of_the_folders_address() -> None:
    assert changed(link="https://news.example/show").link == "https://news.example/show"


def test_the_newsroom_owns_the_show_unless_somebody_else_does() -> None:
    newsroom = dataclasses.replace(DEFAULTS, outlet=Outlet("Harbour Post"))

    assert newsroom.owner_name == "Harbour Post"
    assert dataclasses.replace(newsroom, owner=Owner("Bay Media")).owner_name == "Bay Media"


def test_the_newsroom_has_the_copyright_unless_a_line_says_otherwise() -> None:
    newsroom = dataclasses.replace(DEFAULTS, outlet=Outlet("Harbour Post"))

    assert newsroom.copyright == "© Harbour Post"
    assert dataclasses.replace(newsroom, show=Show(copyright="CC BY 4.0")).copyright == "CC BY 4.0"


def test_episodes_and_cache_lie_in_the_stations_folder() -> None:
    assert DEFAULTS.episodes_folder == ROOT / "audio"
    assert DEFAULTS.cache_folder == ROOT / ".cache"


@pytest.mark.parametrize(
    ("own", "article", "spoken"),
    [
        ("en-GB", "en", "en-GB"),
        ("en-US", "en-GB", "en-US"),
        ("en-US", "", "en-US"),
        ("en-US", "de-AT", "de-AT"),
    ],
)
def test_an_article_is_spoken_as_the_station_speaks_its_language(own: str, article: str, spoken: str) -> None:
    """The accent is the station's; an article in another language keeps its own."""
    assert Station(Path(), show=Show(language=own)).choose_language(article) == spoken


# What engines need to know.


def test_an_engine_is_told_what_stands_in_its_table() -> None:
    """A built-in engine's with the defaults of the keys that are left out."""
    text = '[engines.openai]\nbase_url = "http://192.168.1.5:8880/v1"\nlines_at_once = 4'
    station = parse_station(text, ROOT)
    options = station.engines.options("openai")

    assert (options["base_url"], options["lines_at_once"]) == ("http://192.168.1.5:8880/v1", 4)
    assert {**options} == dataclasses.asdict(
        dataclasses.replace(DEFAULTS.engines.openai, base_url="http://192.168.1.5:8880/v1", lines_at_once=4)
    )
    assert station.engines.options("tone") == {}


@pytest.fixture
def plug_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """An engine called melody, as somebody else's package brings it."""
    point = EntryPoint("melody", "somebody_s_melody:Melody", GROUP)
    engines = {**registry.find_engines(), "melody": point}
    monkeypatch.setattr(registry, "find_engines", lambda: engines)


@pytest.mark.usefixtures("plug_in")
def test_a_plug_in_s_table_is_handed_over_as_it_stands() -> None:
    """It knows its own keys."""
    text = '[engines.melody]\nwaves = "square"\nlouder = true\nsteps = 3\n[engines.openai]'
    station = parse_station(text, ROOT)

    assert station.engines.options("melody") == {"waves": "square", "louder": True, "steps": 3}


def test_what_engines_are_told_changes_no_episode_by_itself() -> None:
    """It stands in the identity of their voices, where it is heard at all."""
    assert parse_station("[engines.openai]\nlines_at_once = 2", ROOT).fingerprint == DEFAULTS.fingerprint


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[engines.opnai]", "no voice engine called opnai, as in [engines.opnai]; did you mean engines.open"),
        ("[engines.openai]\nurl = 1", "unknown key engines.openai.url; "),
        ("[engines]\nmelody = 1", "engines.melody must be a table, as in [engines.melody], not 1"),
        ("[engines.melody]\nkeys = [1]", "engines.melody.keys must be text, a number, or true or false, not"),
        ("[engines.gtts]\nlines_at_once = 1", "engines.gtts must be empty: gtts has nothing to set"),
        ("[engines.command]\nencoding = 'undefined'", "engines.command.encoding must be an encoding of text"),
        ("[engines.command]\nencoding = 'utf-88'", "engines.command.encoding must be an encoding of text"),
    ],
)
@pytest.mark.usefixtures("plug_in")
def test_an_engine_s_table_that_cannot_be_used_is_refused(text: str, said: str) -> None:
    assert refusal(text).startswith(f"station.toml: {said}")
