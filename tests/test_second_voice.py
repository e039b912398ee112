"""The second voice: where another gives out in mid-episode, it reads all of it, and that is said.

The first voices speak through a real server of this machine, which fails as services do.
"""

import dataclasses
import datetime as dt
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from morning_edition.articles.open import open_article
from morning_edition.decode import decode_sound
from morning_edition.edition import Produced, produce
from morning_edition.episode import load_episodes
from morning_edition.errors import LexiconError, VoiceError
from morning_edition.plan import Plan, plan_again, plan_edition
from morning_edition.second_voice import choose_second
from morning_edition.station import Station, parse_station
from morning_edition.take_cache import TakeCache
from morning_edition.voices import speaking
from morning_edition.voices.network.secrecy import hide_private

pytestmark = pytest.mark.thorough

DAY = dt.date(2026, 3, 2)
NOW = dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC)
SLUG = "2026-03-02-old-ferry-sails-again-after-repairs"
KEY = "sk-local-0123456789abcdef0123456789abcdef"
FIRST_HZ, SECOND_HZ = 300, 440
"""What the server's voice and the tone called middle sound like."""
GOOD_LINES = 4
"""How many lines the server answers before it gives out."""
ARTICLE = """\
ferry/ harbour/ Harbour Post/ A. Diaz/ Morning Edition/ The old ferry sails again from Friday.
Old Ferry Sails Again: Quick Looks
- Reopened: The first boat left at noon.
- Cost: The work took $2 million.
Old Ferry Sails Again After Repairs
Deep Look
The ferry had been laid up since the storm in March. Nobody had thought that it would come back.
“It will cross the bay six times a day,” said the mayor.
"""
NO_MUSIC = "".join(
    f'[running_order.{spot}]\nmusic = ""\n'
    for spot in ("opening", "look", "deep_look", "chapter", "closing", "bed")
)
SERVED = ("openai:alloy", "openai:nova")


class Service:
    """A speech service that answers some lines well, and then gives out."""

    def __init__(self, server: Any, fail: Callable[[Any], Any]) -> None:
        self.server, self.fail = server, fail
        self.good_lines = GOOD_LINES
        self.asked: list[str] = []
        self.good: set[str] = set()
        self._lock = threading.Lock()
        server.always = self.answer

    def answer(self, asked: Any) -> Any:
        if asked.method == "GET":
            return self.server.json({}, 404)
        text = asked.record["input"]
        with self._lock:
            self.asked.append(text)
            if len(self.good) < self.good_lines:
                self.good.add(text)
            good = text in self.good
        return self.server.wav(60 * len(text)) if good else self.fail(self.server)


FAILURES: dict[str, tuple[Callable[[Any], Any], str]] = {
    "out of order": (lambda server: server.reply(b"down", 503), "is out of order (503"),
    "refused": (
        lambda server: server.json({"error": {"message": f"{KEY} was revoked"}}, 401),
        "refuses (401",
    ),
    "used up": (
        lambda server: server.json({"error": {"code": "insufficient_quota", "message": "no credit"}}, 429),
        "your plan there is used up",
    ),
    "reset": (lambda server: server.reply(reset=True), "breaks off the connection"),
    "sign-in": (lambda server: server.web_page(), "answers with a web page"),
    "silence": (
        lambda server: server.reply(server.wav_of(2_000)[:44] + bytes(96_000)),
        "gave no sound for a line",
    ),
}


def write_station(folder: Path, service: Service, cast: str) -> Station:
    text = (
        '[show]\ntitle = "Test Show"\nbase_url = "https://podcast.example/show/"\n'
        f"[engines.openai]\nbase_url = {json.dumps(service.server.url + '/v1')}\nlines_at_once = 2\n"
        f"{NO_MUSIC}{cast}"
    )
    (folder / "station.toml").write_text(text, "utf-8")
    (folder / "ferry.txt").write_text(ARTICLE, "utf-8")
    return parse_station(text, folder)


CAST = """\
[cast.anchor]
voice = "openai:alloy"
[cast.correspondent]
voice = "openai:nova"
rate = 1.3
gain_db = 4.0
[cast.quote]
voice = "tone:high"
"""
STAND_IN = '[cast.stand_in]\nvoice = "tone"\nrate = 1.5\n'


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(speaking, "FIRST_WAIT_S", 0.002)
    monkeypatch.setenv("OPENAI_COMPATIBLE_API_KEY", KEY)


@pytest.fixture
def service(speech_server: Any) -> Service:
    return Service(speech_server, FAILURES["out of order"][0])


@pytest.fixture
def station(service: Service, tmp_path: Path) -> Station:
    return write_station(tmp_path, service, CAST + STAND_IN)


def plan_ferry(station: Station, voice: str = "") -> Plan:
    article = open_article(str(station.root / "ferry.txt"), outlet="Harbour Post", edition="Morning Edition")
    asked = {"voice": voice} if voice else {}
    return plan_edition(station, article, DAY, voice=voice, asked=asked)


def make(plan: Plan, told: list[str] | None = None) -> Produced:
    tell = (told if told is not None else []).append
    return produce(plan, NOW, lambda *stage: None, force=True, tell=tell)


def make_ferry(station: Station, voice: str = "", told: list[str] | None = None) -> Produced:
    return make(plan_ferry(station, voice), told)


def loudness_at(path: Path, pitch_hz: float) -> float:
    """Return how much of a sound's power lies within 12 Hz of a pitch, as a share."""
    sound = decode_sound(path)
    power = np.abs(np.fft.rfft(sound.samples[:, 0])) ** 2
    hertz = np.fft.rfftfreq(len(sound.samples), 1 / sound.sample_rate_hz)
    return float(power[np.abs(hertz - pitch_hz) < 12].sum() / power.sum())


def count_takes(station: Station) -> int:
    """Return how many whole takes the cache holds; every file in it is one."""
    folder = station.cache_folder / "takes"
    cache = TakeCache(folder)
    files = list(folder.rglob("*.take"))
    assert all(cache.load(path.stem) for path in files)
    return len(files)


@pytest.mark.parametrize(
    "kind",
    [pytest.param(kind, marks=[] if kind == "refused" else [pytest.mark.thorough]) for kind in FAILURES],
)
def test_a_voice_that_gives_out_is_replaced_in_the_whole_episode(
    service: Service, station: Station, kind: str
) -> None:
    """Each line is the second voice's, whatever was spoken before; that is said wherever one would look."""
    service.fail, message = FAILURES[kind]
    told: list[str] = []
    produced = make_ferry(station, told=told)
    episode = produced.episode

    assert episode.voices == ("tone 1 middle letter_ms=40",)
    assert {*dict(episode.cast).values()} == {"tone"}
    assert loudness_at(produced.folder / episode.audio.place, SECOND_HZ) > 0.5
    assert loudness_at(produced.folder / episode.audio.place, FIRST_HZ) < 0.001
    assert message in episode.stood_in
    assert episode.stood_in.startswith(SERVED)
    assert "\n" not in episode.stood_in

    (said,) = [line for line in told if "second voice" in line]
    assert message in said
    assert "is read by tone, the station's second voice" in said
    (finding,) = [one for one in produced.proof.findings if one.check == "second voice"]  # type: ignore[union-attr]
    assert finding.severity == "warning"
    assert finding.text.startswith(episode.stood_in)
    assert f"`morning-edition regenerate {SLUG}`" in finding.text
    assert (
        finding.text in json.loads((produced.folder / "proof.json").read_text("utf-8"))["findings"][0]["text"]
    )
    assert "second voice" in (produced.folder / "proof.html").read_text("utf-8")
    assert load_episodes(station)[0] == episode


def test_what_the_first_voices_had_finished_is_kept_and_not_asked_for_again(
    service: Service, station: Station
) -> None:
    """The next try goes on from there."""
    make_ferry(station)
    assert len(service.good) == GOOD_LINES
    spoken = {*service.good}
    service.asked.clear()
    service.good_lines = 1_000
    (episode,) = load_episodes(station)
    produced = make(plan_again(station, episode))

    assert not spoken & {*service.asked}
    assert len(service.asked) == len({*service.asked}) >= 5
    assert produced.episode.stood_in == ""
    assert produced.episode.guid == episode.guid
    assert loudness_at(produced.folder / produced.episode.audio.place, FIRST_HZ) > 0.5


def test_no_address_path_or_key_is_published_with_the_reason(service: Service, station: Station) -> None:
    """The console may say where the server is: it is one of the newsroom's own network."""
    service.fail = FAILURES["refused"][0]
    told: list[str] = []
    make_ferry(station, told=told)
    host = service.server.url.removeprefix("http://")

    assert host in "".join(told)
    assert KEY[:10] not in "".join(told)
    published = [path for path in station.root.rglob("*") if path.is_file() and ".cache" not in path.parts]
    for path in published:
        content = path.read_bytes()
        assert path.name == "station.toml" or host.encode() not in content, path
        assert KEY[:10].encode() not in content, path


@pytest.mark.parametrize(
    ("text", "fit"),
    [
        ("the speech server 192.168.1.20:8000 is away", "the speech server … is away"),
        ("asked http://kokoro.lan:8880/v1/audio, in vain", "asked …, in vain"),
        ("cannot be reached at [fd00::1]:10200 (refused)", "cannot be reached at … (refused)"),
        ("/home/ana/bin/speak.py failed", "…/speak.py failed"),
        (r"C:\Users\ana\speak.exe failed", "…/speak.exe failed"),
        ("https://api.openai.com/v1 and/or 12:30", "https://api.openai.com/v1 and/or 12:30"),
        (f"the key {KEY} is wrong", "the key … is wrong"),
    ],
)
def test_what_is_private_is_hidden(text: str, fit: str) -> None:
    assert hide_private(text) == fit


def test_an_episode_that_the_second_voice_reads_is_left_as_it_is(service: Service, station: Station) -> None:
    """`produce` replaces nothing that was published in silence."""
    first = make_ferry(station)
    service.asked.clear()
    service.good_lines = 1_000
    again = make_ferry(station)

    assert again.unchanged
    assert again.episode == first.episode
    assert not service.asked


@pytest.mark.thorough
def test_made_again_while_the_first_are_still_away_it_stays_the_same(
    service: Service, station: Station
) -> None:
    first = make_ferry(station)
    service.good.clear()
    service.good_lines = 0
    again = make(plan_again(station, first.episode))

    assert again.episode.stood_in
    assert again.episode.audio == first.episode.audio
    assert again.episode.updated == first.episode.updated


@pytest.mark.thorough
def test_a_voice_asked_for_by_name_takes_the_place_of_both(service: Service, station: Station) -> None:
    """`regenerate --voice` is as ever."""
    made = make_ferry(station)
    again = make(plan_again(station, made.episode, voice="tone:low"))

    assert again.episode.stood_in == ""
    assert again.episode.voices == ("tone 1 low letter_ms=46", "tone 1 low letter_ms=60")


@pytest.mark.thorough
def test_the_second_voice_stands_in_for_one_that_was_asked_for_by_name(
    service: Service, station: Station
) -> None:
    """Of `--voice`, too."""
    produced = make_ferry(station, "openai:echo")

    assert produced.episode.stood_in.startswith("openai:echo gave out: ")
    assert {*dict(produced.episode.cast).values()} == {"tone"}


@pytest.mark.thorough
def test_what_a_failed_try_has_cost_is_counted(service: Service, station: Station) -> None:
    whole = sum(len(line.text) for line in plan_ferry(station).read_lines)
    assert make_ferry(station).new_characters > whole


def test_when_both_fail_one_line_names_both_and_all_takes_are_kept(
    service: Service, station: Station, tmp_path: Path
) -> None:
    """What stood before stands."""
    before = make_ferry(station, "tone:low")
    feed = (tmp_path / "podcast.xml").read_bytes()
    takes = count_takes(station)
    both = write_station(tmp_path, service, CAST + '[cast.stand_in]\nvoice = "openai:echo"\n')
    service.fail = FAILURES["refused"][0]
    with pytest.raises(VoiceError) as failure:
        make_ferry(both)

    said = str(failure.value)
    assert "\n" not in said
    assert said.count("refuses (401") == 2
    assert "; and openai:echo, which was to stand in, failed too: openai: " in said
    # The second voice asks for lines, too, and those that are answered well are kept like any others.
    assert count_takes(station) >= takes + GOOD_LINES
    assert load_episodes(station) == (before.episode,)
    assert (tmp_path / "podcast.xml").read_bytes() == feed


@pytest.mark.parametrize("voice", ["", "openai:nova"])
def test_the_second_voice_cannot_stand_in_for_itself(service: Service, tmp_path: Path, voice: str) -> None:
    """Whether it is one of the cast or all of it: it is a failure as any other."""
    cast = CAST.replace("openai:alloy", "tone") + '[cast.stand_in]\nvoice = "openai:nova"\nrate = 1.3\n'
    station = write_station(tmp_path, service, cast)
    service.good_lines = 0
    with pytest.raises(VoiceError, match=r"^openai: .* is out of order \(503: down\); tried 8 times"):
        make_ferry(station, voice)

    assert len({*service.asked}) <= 3
    assert not list(tmp_path.glob("audio/2*"))


@pytest.mark.thorough
def test_without_a_second_voice_it_is_a_failure_as_any_other(service: Service, tmp_path: Path) -> None:
    with pytest.raises(VoiceError, match=r"^openai: .* is out of order \(503: down\); tried 8 times, for: '"):
        make_ferry(write_station(tmp_path, service, CAST))


def test_setting_a_second_voice_makes_no_old_episode_anew(service: Service, tmp_path: Path) -> None:
    """It is no part of what decides how an episode comes out."""
    service.good_lines = 1_000
    bare = write_station(tmp_path, service, CAST)
    first = make_ferry(bare)
    station = write_station(tmp_path, service, CAST + STAND_IN)

    assert station.fingerprint == bare.fingerprint
    assert make_ferry(station).unchanged
    assert first.episode.stood_in == ""
    assert not [one for one in first.proof.findings if one.check == "second voice"]  # type: ignore[union-attr]


@pytest.mark.thorough
def test_a_second_voice_that_is_no_good_is_told_before_it_is_needed(service: Service, tmp_path: Path) -> None:
    """It keeps nobody from being read by the first; the proof warns."""
    service.good_lines = 1_000
    station = write_station(tmp_path, service, CAST + '[cast.stand_in]\nvoice = "tone:lwo"\n')
    told: list[str] = []
    produced = make_ferry(station, told=told)

    said = (
        "nobody could stand in for a voice that gives out: cast.stand_in, tone:lwo: tone has no voice called"
    )
    assert produced.episode.stood_in == ""
    assert said in told[0]
    (finding,) = [one for one in produced.proof.findings if one.check == "second voice"]  # type: ignore[union-attr]
    assert said in finding.text


def test_what_the_producer_has_got_wrong_is_not_mended_by_a_second_voice(
    service: Service, station: Station
) -> None:
    """A voice that is none, and a lexicon that cannot be read, are told as ever."""
    with pytest.raises(VoiceError, match="no voice engine called 'opnai'"):
        plan_ferry(station, "opnai:alloy")
    (station.root / "lexicon.toml").write_text("[names]\nferry = [", "utf-8")
    with pytest.raises(LexiconError):
        make_ferry(station)


@pytest.mark.thorough
def test_all_roles_become_one(service: Service, station: Station) -> None:
    """The second voice has its own pace, pitch and level; nothing is left of those of the roles."""
    produced = make_ferry(station)
    low = dataclasses.replace(
        station.cast.stand_in, voice="tone", pitch_semitones=-2.0, gain_db=3.0, rate=1.0
    )
    other = dataclasses.replace(station, cast=dataclasses.replace(station.cast, stand_in=low))
    again = make(plan_again(other, produced.episode))

    assert again.episode.voices == ("tone 1 middle letter_ms=60 pitch=-2",)
    assert again.episode.duration_ms > produced.episode.duration_ms * 1.15


def test_a_second_voice_that_reads_all_anyway_is_none(station: Station) -> None:
    assert choose_second(plan_ferry(station)) == "tone"
    assert choose_second(plan_ferry(station, "tone")) == ""


@pytest.mark.thorough
def test_the_command_line_tells_who_would_stand_in_and_who_did(service: Service, station: Station) -> None:
    """In plain words, and in JSON."""

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        outside = {name: value for name, value in os.environ.items() if name != "MORNING_EDITION_STATION"}
        program = (
            "from morning_edition.voices import speaking; speaking.FIRST_WAIT_S = 0.002; "
            "from morning_edition.cli import main; main()"
        )
        command = [sys.executable, "-c", program, *arguments]
        return subprocess.run(
            command, cwd=station.root, env=outside, capture_output=True, encoding="utf-8", timeout=60
        )

    ferry = ("produce", "ferry.txt", "--date", str(DAY))
    assert "; if one gives out, tone reads it all" in run(*ferry, "--dry-run").stdout
    service.fail = FAILURES["used up"][0]
    made = run(*ferry, "--force", "--json")
    (record,) = json.loads(made.stdout)["episodes"]

    assert record["stood_in"].startswith(SERVED)
    assert record["voices"] == ["tone 1 middle letter_ms=40"]
    assert "the whole episode is read by tone, the station's second voice" in made.stderr
    again = run(*ferry)
    assert f"`morning-edition regenerate {SLUG}` tries the first again" in again.stderr
    service.good_lines = 1_000
    third = run("regenerate", "--force")
    assert "the second voice reads it: openai" in third.stderr
    assert "the first is tried again" in third.stderr
    assert load_episodes(station)[0].stood_in == ""
