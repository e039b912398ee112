"""Keys and passwords come from the environment, and go to their server: they are told and kept nowhere else.

Real commands, with something to find in every variable that an engine or a target reads, against a server
that refuses them and says so in their own words.
"""

import base64
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from morning_edition.errors import FetchError, StationError
from morning_edition.fetching.web_addresses import public_url, shown_url
from morning_edition.station import parse_station

KEYS = (
    *("OPENAI_API_KEY", "OPENAI_COMPATIBLE_API_KEY", "ELEVENLABS_API_KEY", "GOOGLE_API_KEY"),
    *("AZURE_SPEECH_KEY", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"),
    *("MORNING_EDITION_SFTP_PASSWORD", "MORNING_EDITION_SFTP_PASSPHRASE", "MORNING_EDITION_WEBDAV_PASSWORD"),
    *("AZURE_STORAGE_SAS_TOKEN", "FSSPEC_FTP_PASSWORD"),
)
CANARY = "Canary"
ARTICLE = """\
ferry/ harbour/ Harbour Post/ A. Diaz/ Morning Edition/ The old ferry sails again from Friday.
Old Ferry Sails Again
Deep Look
The ferry had been laid up since the storm in March.
"""
SETTINGS = """
[show]
title = "The Brief"
base_url = "https://pod.example/brief/"
[cast.anchor]
voice = "{voice}"
[cast.stand_in]
voice = "{second}"
[engines.openai]
base_url = "{url}"
[engines.elevenlabs]
base_url = "{url}"
[engines.google]
base_url = "{url}"
[engines.azure]
base_url = "{url}"
[engines.polly]
endpoint_url = "{url}"
region = "eu-central-1"
[sound.jingles]
"""
Run = Callable[..., "subprocess.CompletedProcess[str]"]


def hold(name: str) -> str:
    """Return what the variable *name* holds: nobody else writes such a thing."""
    return f"{CANARY}{base64.b32encode(name.encode()).decode().rstrip('=')}"


SECRETS = {name: hold(name) for name in KEYS}


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Run a command in a station, with all keys, and nothing of this user's own."""

    def run_command(*words: str, **environment: str) -> "subprocess.CompletedProcess[str]":
        outside = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("MORNING_EDITION", "AWS_", "AZURE_", "XDG_"))
        }
        usual = {"MORNING_EDITION_OFFLINE": "1", "PYTHONUTF8": "1"}
        homes = {"HOME": str(tmp_path / "home"), "XDG_CACHE_HOME": str(tmp_path / "home" / "cache")}
        return subprocess.run(
            [sys.executable, "-m", "morning_edition", *words],
            cwd=tmp_path / "station",
            env={**outside, **homes, **usual, **SECRETS, **environment},
            capture_output=True,
            text=True,
            encoding="utf-8",
            errors="replace",
            timeout=120,
        )

    (tmp_path / "home").mkdir()
    return run_command


def set_up(root: Path, voice: str = "tone", url: str = "https://server.example", second: str = "") -> None:
    (root / "station").mkdir()
    text = SETTINGS.format(voice=voice, second=second, url=url)
    if not second:
        text = text.replace('[cast.stand_in]\nvoice = ""\n', "")
    (root / "station" / "station.toml").write_text(text, "utf-8")
    (root / "station" / "ferry.txt").write_text(ARTICLE, "utf-8")


def find_canaries(root: Path, *told: str) -> list[str]:
    """Return where a secret is, on disk or in what was told: as it is, encoded, or only how it begins."""
    forms = [
        form
        for value in SECRETS.values()
        for form in (value[:14], quote(value), base64.b64encode(value.encode()).decode()[:14])
    ]
    texts = {str(path): path.read_bytes() for path in root.rglob("*") if path.is_file()}
    texts |= {f"output {number}": text.encode() for number, text in enumerate(told)}
    names = [path for path in texts if CANARY in path]
    return names + [name for name, held in texts.items() if any(form.encode() in held for form in forms)]


def echo(server: Any, status: int) -> Any:
    """Answer with all that was asked, headers and body: some servers do."""

    def answer(asked: Any) -> Any:
        said = " ".join(f"{name}: {value}" for name, value in asked.headers.items())
        body = {"error": {"message": f"{asked.path} {said} {asked.body[:500]!r}", "code": status}}
        return server.json(body, status)

    return answer


VOICES = ("openai:alloy", "elevenlabs:21m00Tcm4TlvDq8ikWAM", "google:en-US-Neural2-A")
VOICES += ("azure:en-US-JennyNeural", "polly:Joanna")


@pytest.mark.parametrize(
    "voice", [VOICES[0], *(pytest.param(voice, marks=pytest.mark.thorough) for voice in VOICES[1:])]
)
def test_an_engine_that_refuses_a_key_does_not_make_it_known(
    run: Run, voice: str, tmp_path: Path, speech_server: Any
) -> None:
    """Not in the output, in JSON, in a traceback, nor in any file: caches, proofs, records, history."""
    set_up(tmp_path, voice, speech_server.url)
    speech_server.always = echo(speech_server, 401)
    shown = run("produce", "ferry.txt")
    told = run("produce", "ferry.txt", "--json", MORNING_EDITION_DEBUG="1")
    preview = run("produce", "ferry.txt", "--dry-run", "--json")
    listed = run("voices", "--json")
    assert shown.returncode == told.returncode == 1, shown.stderr
    assert any(value in str(asked.headers) for asked in speech_server.asked for value in SECRETS.values())
    outputs = [one for done in (shown, told, preview, listed) for one in (done.stdout, done.stderr)]
    assert find_canaries(tmp_path, *outputs) == []


@pytest.mark.thorough
def test_nor_does_an_episode_that_the_second_voice_reads(
    run: Run, tmp_path: Path, speech_server: Any
) -> None:
    """Why it stood in is told in the proof, the record and the history; the key is not."""
    set_up(tmp_path, VOICES[0], speech_server.url, "tone")
    speech_server.always = echo(speech_server, 401)
    done = run("produce", "ferry.txt", "--json", "--force")
    assert json.loads(done.stdout)["episodes"], done.stderr
    assert list(tmp_path.glob("station/audio/*/proof.json"))
    assert find_canaries(tmp_path, done.stdout, done.stderr) == []


TARGETS = {
    "webdav": "webdav://127.0.0.1:{port}/brief",
    "s3": "s3://bucket/brief",
    "sftp": "sftp://ana@127.0.0.1:{port}/brief",
    "azure": "az://container/brief",
    "ftp": "ftp://127.0.0.1:{port}/brief",
}


@pytest.mark.parametrize(
    "kind",
    ["webdav", *(pytest.param(kind, marks=pytest.mark.thorough) for kind in TARGETS if kind != "webdav")],
)
def test_a_target_that_refuses_a_password_does_not_make_it_known(
    run: Run, kind: str, tmp_path: Path, speech_server: Any
) -> None:
    set_up(tmp_path)
    speech_server.always = echo(speech_server, 403)
    port = speech_server.server_port
    environment = {
        "MORNING_EDITION_WEBDAV_USER": "ana",
        "AWS_ENDPOINT_URL": speech_server.url,
        "AWS_DEFAULT_REGION": "us-east-1",
        "AZURE_STORAGE_ACCOUNT_NAME": "account",
        "MORNING_EDITION_DEBUG": "1",
    }
    address = TARGETS[kind].format(port=port)
    done = run("publish", "--to", address, **environment)
    told = run("publish", "--to", address, "--json", "--dry-run", **environment)
    assert done.returncode == told.returncode == 1, done.stderr
    assert find_canaries(tmp_path, done.stdout, done.stderr, told.stdout, told.stderr) == []


FEED = """<rss version="2.0"><channel><title>T</title>
<item><title>Boats Cross</title><guid isPermaLink="true">{url}/story?id=7&amp;token={key}</guid>
<link>{url}/story?id=7&amp;token={key}</link><pubDate>Fri, 06 Mar 2026 12:00:00 GMT</pubDate>
<description>{text}</description></item></channel></rss>"""


@pytest.mark.thorough
def test_a_feeds_token_is_written_down_nowhere(run: Run, tmp_path: Path, speech_server: Any) -> None:
    """A private feed's address holds one, and so may its entries': what is kept and told is without."""
    set_up(tmp_path)
    key = SECRETS["OPENAI_API_KEY"]
    text = "Two boats crossed the bay on Monday. All of their passengers were glad of that. " * 20
    feed = FEED.format(url=speech_server.url, key=key, text=text).encode()
    speech_server.always = speech_server.reply(feed, headers={"Content-Type": "application/rss+xml"})
    address = f"{speech_server.url}/feed.xml?token={key}&n=1"
    words = ("--once", "--backlog", "1", "--json", "--no-publish")
    environment = {"MORNING_EDITION_ALLOW_PRIVATE": "1"}
    done = run("watch", address, *words, **environment)
    assert f"token={key}" in speech_server.asked[0].path
    (made,) = (json.loads(line) for line in done.stdout.splitlines())
    assert made["what"] in ("made", "refused"), done.stderr
    speech_server.always = echo(speech_server, 403)
    again = run("watch", address, *words, **environment)
    failed = run("produce", f"{speech_server.url}/story?token={key}", "--json", **environment)
    assert again.returncode == failed.returncode == 1
    outputs = (done, again, failed)
    assert find_canaries(tmp_path, *(text for one in outputs for text in (one.stdout, one.stderr))) == []


@pytest.mark.parametrize(
    ("words", "scheme"),
    [
        (("watch", "--once"), "https"),
        (("publish", "--to"), "webdav"),
        pytest.param(("produce",), "https", marks=pytest.mark.thorough),
        pytest.param(("produce",), "ftp", marks=pytest.mark.thorough),
        pytest.param(("watch", "--once"), "sftp", marks=pytest.mark.thorough),
        pytest.param(("publish", "--to"), "s3", marks=pytest.mark.thorough),
        pytest.param(("publish", "--to"), "sftp", marks=pytest.mark.thorough),
        pytest.param(("publish", "--to"), "other", marks=pytest.mark.thorough),
    ],
)
def test_an_address_with_a_password_is_refused_and_not_shown(
    run: Run, words: tuple[str, ...], scheme: str, tmp_path: Path
) -> None:
    set_up(tmp_path)
    secret = SECRETS["OPENAI_API_KEY"]
    done = run(*words, f"{scheme}://ana:{secret}@host.example/feed.xml", MORNING_EDITION_DEBUG="1")
    assert done.returncode != 0
    assert find_canaries(tmp_path, done.stdout, done.stderr) == []


@pytest.mark.parametrize(
    "setting",
    [
        '[show]\nbase_url = "https://ana:{}@pod.example/"',
        '[show]\nbase_url = "https://{}@pod.example/"',
        '[feed]\nhub = "https://ana:{}@hub.example/"',
        '[engines.openai]\nbase_url = "https://ana:{}@server.example/"',
        '[publish]\nto = "sftp://ana:{}@host.example/www"',
        '[publish]\nto = "az://container/x?sig={}"',
        '[outlet]\nurl = "https://ana:{}@news.example/"',
    ],
)
def test_a_setting_with_a_password_is_refused_and_not_shown(setting: str) -> None:
    with pytest.raises(StationError) as refused:
        parse_station(setting.format(CANARY * 2), Path())
    assert CANARY not in str(refused.value)


def test_a_watched_source_with_a_password_is_refused_and_not_shown() -> None:
    from morning_edition.watching.sources import find_sources

    station = parse_station(f'[watch]\nsources = ["https://ana:{CANARY}@news.example/rss.xml"]', Path())
    with pytest.raises(FetchError) as refused:
        find_sources((), station)
    assert CANARY not in str(refused.value)


@pytest.mark.parametrize(
    ("url", "shown", "public"),
    [
        ("https://a.example/f?token=k&n=1", "https://a.example/f?token=…&n=1", "https://a.example/f?n=1"),
        (
            "https://a.example/f?n=1&api_key=k#s",
            "https://a.example/f?n=1&api_key=…#s",
            "https://a.example/f?n=1#s",
        ),
        (
            "https://a.example/f?X-Amz-Signature=k",
            "https://a.example/f?X-Amz-Signature=…",
            "https://a.example/f",
        ),
        (
            "https://a.example/f?key=12&id=3",
            "https://a.example/f?key=12&id=3",
            "https://a.example/f?key=12&id=3",
        ),
        ("https://a.example/token=k", "https://a.example/token=k", "https://a.example/token=k"),
        ("https://a.example/f?", "https://a.example/f?", "https://a.example/f"),
    ],
)
def test_a_key_in_an_address_is_not_shown(url: str, shown: str, public: str) -> None:
    """Whoever is told of it gets it without; a bare `key` is mostly the article's own."""
    assert shown_url(url) == shown
    assert public_url(url) == public


def test_two_private_feeds_of_one_site_are_two_sources(tmp_path: Path) -> None:
    from morning_edition.watching.sources import find_sources

    feeds = tuple(f"https://news.example/rss?token={key}" for key in ("one", "two"))
    sources = find_sources(feeds, parse_station("", tmp_path))
    assert [source.url for source in sources] == list(feeds)
    assert len({source.name for source in sources}) == 2
    assert not any("one" in source.name or "two" in source.name for source in sources)
