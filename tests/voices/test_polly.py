"""How `PollyVoice` speaks, by Amazon's own package against a real server that answers as Polly does."""

import io
import json
import re
import subprocess
import sys
import time
import xml.etree.ElementTree as ET
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from morning_edition.errors import VoiceBusyError, VoiceError
from morning_edition.station.engines import Engines
from morning_edition.voices import Delivery, Pronounced, Utterance
from morning_edition.voices.polly import ENGINES, VOICES, PollyVoice, default_voice
from morning_edition.voices.polly.client import PollyClient

KEY_ID, KEY, TOKEN = (
    "AKIAIOSFODNN7EXAMPLE",
    "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    "FwoGZXIvYXdzEB-token",
)
MS_A_CHARACTER = 60
LINE = Utterance("If Hama falls, go.", (Pronounced(3, 7, "hah-mah", "ˈhɑːmə"),))
SSML = '<speak>If <phoneme alphabet="ipa" ph="ˈhɑmə">Hama</phoneme> falls, go.</speak>'


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Leave nothing of this machine's own settings for Amazon."""
    for name in ("AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_REGION", "AWS_ENDPOINT_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", KEY_ID)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", KEY)
    monkeypatch.setenv("AWS_SESSION_TOKEN", TOKEN)
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


def voice_at(
    server: Any, name: str = "", delivery: dict[str, Any] | None = None, **options: Any
) -> PollyVoice:
    table = {**Engines().options("polly"), "endpoint_url": server.url, **options}
    return PollyVoice(name, Delivery(options=table, **(delivery or {})))


def ogg_of(duration_ms: int, rate_hz: int = 24_000) -> bytes:
    """Return a tone in Ogg Vorbis; FFmpeg's own encoder, which is always there, knows two channels only."""
    frames = rate_hz * duration_ms // 1000
    tone = (np.sin(np.arange(frames) * 2 * np.pi * 300 / rate_hz) * 0.3).astype(np.float32)
    file = io.BytesIO()
    with av.open(file, "w", "ogg") as container:
        stream = container.add_stream("vorbis", rate=rate_hz, layout="stereo", options={"strict": "-2"})
        frame = av.AudioFrame.from_ndarray(np.stack([tone, tone]), format="fltp", layout="stereo")
        frame.rate, frame.pts = rate_hz, 0
        container.mux([*stream.encode(frame), *stream.encode(None)])
    return file.getvalue()


def marks_of(ssml: str) -> bytes:
    """Return a mark for each word between the tags, its place in bytes, 60 ms for each character."""
    rows, at_ms = [], 0
    for tag, text in re.findall(r"(<[^>]*>)|([^<]+)", ssml):
        start = 0 if tag else len(ssml[: ssml.index(text)].encode())
        for word in re.finditer(r"[\w&;]+", text):
            begin = start + len(text[: word.start()].encode())
            row = {"time": at_ms + MS_A_CHARACTER * word.start(), "type": "word", "start": begin}
            rows.append({**row, "end": begin + len(word[0].encode()), "value": word[0]})
        at_ms += MS_A_CHARACTER * len(text)
    sentence = {"time": 0, "type": "sentence", "start": 0, "end": 9, "value": ""}
    return "\n".join(json.dumps(row, ensure_ascii=False) for row in [sentence, *rows]).encode()


def answer_as_polly(server: Any) -> None:
    def answer(asked: Any) -> Any:
        record = asked.record
        if record["OutputFormat"] == "json":
            headers = {"Content-Type": "application/x-json-stream", "x-amzn-RequestCharacters": "18"}
            return server.reply(marks_of(record["Text"]), headers=headers)
        length_ms = MS_A_CHARACTER * len(re.sub("<[^>]*>", "", record["Text"]))
        headers = {"Content-Type": "audio/ogg", "x-amzn-RequestCharacters": "18"}
        return server.reply(ogg_of(length_ms, int(record["SampleRate"])), headers=headers)

    server.always = answer


def refusal(server: Any, status: int, code: str, message: str = "no", **headers: str) -> Any:
    return server.json({"message": message}, status, x_amzn_ErrorType=code, **headers)


def test_a_line_goes_out_as_amazon_documents_it(speech_server: Any) -> None:
    """SSML once for the words, and then for the sound, in Ogg at the engine's rate; signed, no key in it."""
    answer_as_polly(speech_server)
    voice_at(speech_server).speak(LINE)
    words, sound = speech_server.asked
    assert {(asked.method, asked.path) for asked in (sound, words)} == {("POST", "/v1/speech")}
    same = {"Engine": "neural", "VoiceId": "Matthew", "TextType": "ssml", "Text": SSML}
    assert sound.record == {**same, "OutputFormat": "ogg_vorbis", "SampleRate": "24000"}
    assert words.record == {**same, "OutputFormat": "json", "SpeechMarkTypes": ["word"]}
    assert "/us-east-1/polly/aws4_request" in sound.headers["authorization"]
    assert KEY not in str(sound.headers)


def test_sound_and_word_times_come_back(speech_server: Any) -> None:
    """Each word of the line begins where Amazon says, a name in a tag too."""
    answer_as_polly(speech_server)
    speech = voice_at(speech_server).speak(LINE)
    assert speech.sample_rate_hz == 24_000
    assert speech.duration_ms == pytest.approx(18 * MS_A_CHARACTER, abs=4)
    assert [(word.text, word.start_ms) for word in speech.words] == [
        ("If", 0),
        ("Hama", 180),
        ("falls,", 480),
        ("go.", 900),
    ]


def test_places_in_bytes_find_words_of_any_writing(speech_server: Any) -> None:
    """A sign of several bytes, or one that is written as an entity, shifts no word."""
    answer_as_polly(speech_server)
    speech = voice_at(speech_server).speak(Utterance("“Über – AT&T” sagt Ärzte"))
    assert [word.text for word in speech.words] == ["“Über", "–", "AT&T”", "sagt", "Ärzte"]
    assert [word.start_ms for word in speech.words][2:] == sorted(word.start_ms for word in speech.words)[2:]
    assert speech.words[4].start_ms - speech.words[3].start_ms == 5 * MS_A_CHARACTER


def test_generative_voices_are_asked_once_and_get_respellings(speech_server: Any) -> None:
    """They tell nothing of words, and take neither phonemes nor, for parts of sentences, a rate."""
    answer_as_polly(speech_server)
    voice = voice_at(speech_server, delivery={"rate": 1.2, "pitch_semitones": 1.0}, engine="generative")
    assert voice.speak(LINE).words == ()
    (asked,) = speech_server.asked
    assert asked.record["Text"] == '<speak>If <sub alias="hah-mah">Hama</sub> falls, go.</speak>'
    traits = voice.traits
    assert (traits.word_times, traits.sets_rate, traits.sets_pitch) == (False, False, False)
    assert traits.usd_a_million_characters == 30


@pytest.mark.parametrize(
    ("engine", "prosody", "sample_rate"),
    [
        ("standard", '<prosody rate="120%" pitch="-11%">', "22050"),
        ("neural", '<prosody rate="120%">', "24000"),
        ("long-form", '<prosody rate="120%">', "24000"),
    ],
)
def test_each_engine_gets_what_it_takes(
    speech_server: Any, engine: str, prosody: str, sample_rate: str
) -> None:
    """A pitch goes to standard voices alone; each speaks at its own sample rate."""
    answer_as_polly(speech_server)
    voice = voice_at(speech_server, delivery={"rate": 1.2, "pitch_semitones": -2.0}, engine=engine)
    voice.speak(LINE)
    record = speech_server.asked[-1].record
    assert re.findall("<prosody[^>]*>", record["Text"]) == [prosody]
    assert (record["Engine"], record["SampleRate"]) == (engine, sample_rate)
    assert (voice.traits.sets_rate, voice.traits.sets_pitch) == (True, engine == "standard")


@pytest.mark.parametrize(
    ("engine", "word_times", "usd"),
    [("neural", True, 32), ("neural", False, 16), ("standard", True, 8), ("long-form", False, 100)],
)
def test_the_price_counts_the_second_request(
    speech_server: Any, engine: str, word_times: bool, usd: float
) -> None:
    """Amazon charges for word times as for sound; without them a line is asked for, and paid, once."""
    answer_as_polly(speech_server)
    voice = voice_at(speech_server, engine=engine, word_times=word_times)
    assert voice.traits.usd_a_million_characters == usd
    assert bool(voice.speak(LINE).words) == word_times
    assert len(speech_server.asked) == 1 + word_times


def test_a_voice_of_two_languages_is_told_which(speech_server: Any) -> None:
    """Kajal speaks Hindi where the station does, else English."""
    answer_as_polly(speech_server)
    voice_at(speech_server, "Kajal", {"language": "hi-IN"}, word_times=False).speak(LINE)
    voice_at(speech_server, "Kajal", {"language": "en-US"}, word_times=False).speak(LINE)
    assert [asked.record.get("LanguageCode") for asked in speech_server.asked] == ["hi-IN", None]


@pytest.mark.parametrize("text", ["</speak><break/>", "AT&T <b>", "a\x00b\x08", "🇺🇸 flags", "\ud800"])
def test_hostile_text_stays_text(speech_server: Any, text: str) -> None:
    """Whatever stands in an article, Amazon gets one well-formed document of it."""
    answer_as_polly(speech_server)
    voice_at(speech_server).speak(Utterance(f"So {text} it is"))
    root = ET.fromstring(speech_server.asked[0].record["Text"])  # noqa: S314 - our own markup
    assert "".join(root.itertext()) == "So " + re.sub("[\x00-\x08\ud800]", "", text) + " it is"
    assert len(list(root.iter())) == 1


@pytest.mark.parametrize(
    ("status", "code", "headers", "wait_s"),
    [
        (400, "ThrottlingException", {}, 0.0),
        (429, "TooManyRequestsException", {"Retry_After": "3"}, 3.0),
        (500, "ServiceFailureException", {}, 0.0),
        (503, "ServiceUnavailable", {"Retry_After": "1"}, 1.0),
    ],
)
def test_what_may_pass_can_be_tried_again(
    speech_server: Any, status: int, code: str, headers: dict[str, str], wait_s: float
) -> None:
    """Throttling and Amazon's own failures, with the wait that it asks for, after a single request."""
    speech_server.always = refusal(speech_server, status, code, **headers)
    with pytest.raises(VoiceBusyError, match=code) as caught:
        voice_at(speech_server).speak(LINE)
    assert (caught.value.wait_s, caught.value.paid) == (wait_s, False)
    assert [asked.record["OutputFormat"] for asked in speech_server.asked] == ["json"]


@pytest.mark.parametrize(
    "make",
    [
        lambda server: server.reply(reset=True),
        lambda server: server.reply(ogg_of(600), half=True),
        lambda server: server.reply(ogg_of(600), half=True, chunked=True),
        lambda server: server.web_page(),
        lambda server: server.web_page(502),
        lambda server: server.json({"message": "odd"}),
        lambda server: server.reply(),
        lambda server: server.reply(ogg_of(600)[:600]),
    ],
)
def test_an_answer_that_is_no_sound_can_be_tried_again(speech_server: Any, make: Any) -> None:
    """A reset, half an answer, a web page, JSON, nothing: none of them is taken for a line.

    What was answered with is paid for.
    """
    speech_server.always = reply = make(speech_server)
    with pytest.raises(VoiceBusyError, match=r"^polly: ") as caught:
        voice_at(speech_server, word_times=False).speak(LINE)
    assert caught.value.paid == (reply.status == 200 and not reply.reset)
    assert len(speech_server.asked) == 1


@pytest.mark.parametrize(
    "reply",
    [
        {"body": b"<html>"},
        {"body": b'{"time": 1, "type": "word"'},
        {"body": b'{"type": "word"}'},
        {"body": b"[1]"},
        {"body": b'{"type":"word","start":"x"}'},
        {"body": b'{"type":"word","start":1e999}'},
        {"body": b"{}" * 100, "half": True},
        {"status": 400},
    ],
)
def test_broken_word_times_do_not_cost_the_sound(speech_server: Any, reply: dict[str, Any]) -> None:
    """They are paid for, and a line without them is a line."""
    speech_server.replies = [speech_server.reply(**reply), speech_server.reply(ogg_of(600))]
    speech = voice_at(speech_server).speak(LINE)
    assert (speech.words, speech.duration_ms) == ((), pytest.approx(600, abs=4))


def test_what_may_pass_before_the_sound_is_asked_for_costs_nothing(speech_server: Any) -> None:
    """Word times are asked for first, for Amazon allows few requests a second and charges for both."""
    speech_server.always = speech_server.reply(reset=True)
    with pytest.raises(VoiceBusyError) as caught:
        voice_at(speech_server).speak(LINE)
    assert not caught.value.paid
    assert [asked.record["OutputFormat"] for asked in speech_server.asked] == ["json"]


def test_a_line_without_marks_has_no_times(speech_server: Any) -> None:
    """Nothing is made up for a line in which Amazon hears no word."""
    speech_server.replies = [speech_server.reply(b""), speech_server.reply(ogg_of(600))]
    assert voice_at(speech_server).speak(LINE).words == ()


def test_a_server_that_stalls_is_left(speech_server: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A line never waits for ever."""
    monkeypatch.setattr(PollyClient, "read_timeout_s", 0.1)
    speech_server.always = speech_server.reply(stall=True)
    with pytest.raises(VoiceBusyError, match="in time"):
        voice_at(speech_server).speak(LINE)
    assert len(speech_server.asked) == 1


def test_a_server_that_trickles_is_left(speech_server: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A byte now and then does not keep a line waiting past its deadline."""
    monkeypatch.setattr(PollyClient, "deadline_s", 0.2)
    speech_server.always = speech_server.reply(bytes(400), trickle_s=0.01)
    voice = voice_at(speech_server)
    started_s = time.monotonic()
    with pytest.raises(VoiceBusyError, match="come to an end"):
        voice.speak(LINE)
    assert time.monotonic() - started_s < 2
    assert [asked.record["OutputFormat"] for asked in speech_server.asked] == ["json", "ogg_vorbis"]


@pytest.mark.parametrize(
    ("status", "code", "message", "expected"),
    [
        (400, "InvalidSsmlException", "Invalid SSML request", "InvalidSsmlException: Invalid SSML request"),
        (400, "ValidationException", "Value at 'voiceId' failed\nto satisfy", "voiceId' failed to satisfy"),
        (400, "EngineNotSupportedException", "This voice does not", "engine and region in .engines.polly."),
        (400, "TextLengthExceededException", "long " * 200, "…"),
        (403, "ExpiredTokenException", f"The security token {TOKEN} is expired", "aws sso login"),
        (403, "UnrecognizedClientException", f"The token {TOKEN} is invalid", "AWS_ACCESS_KEY_ID"),
        (403, "InvalidSignatureException", f"Credential={KEY_ID} {KEY}", "AWS_SECRET_ACCESS_KEY"),
        (403, "AccessDeniedException", f"{KEY_ID} may not", "polly:SynthesizeSpeech"),
        (404, "", "", "refuses"),
    ],
)
def test_what_will_not_pass_is_told_without_keys(
    speech_server: Any, status: int, code: str, message: str, expected: str
) -> None:
    """Bad SSML, an unknown voice, keys that are refused or have expired: each with its way out."""
    speech_server.always = refusal(speech_server, status, code, message)
    with pytest.raises(VoiceError, match=expected) as caught:
        voice_at(speech_server).speak(LINE)
    assert not isinstance(caught.value, VoiceBusyError)
    assert not any(secret in str(caught.value) for secret in (KEY_ID, KEY, TOKEN))
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 400


def test_a_server_that_is_not_there_is_told() -> None:
    """Nobody listens on port 1."""
    voice = PollyVoice("", Delivery(options={"endpoint_url": "http://127.0.0.1:1"}))
    with pytest.raises(VoiceError, match="cannot be reached") as caught:
        voice.speak(LINE)
    assert not isinstance(caught.value, VoiceBusyError)


def test_keys_are_in_nothing_that_is_shown(speech_server: Any) -> None:
    """Neither identity nor what is printed in a traceback shows them."""
    answer_as_polly(speech_server)
    voice = voice_at(speech_server)
    shown = "".join([voice.identity, repr(voice), repr(voice._client)])
    assert not any(secret in shown for secret in (KEY_ID, KEY, TOKEN))


def test_missing_credentials_are_told_before_anything_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the variables to put them in."""
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    with pytest.raises(VoiceError, match="AWS_ACCESS_KEY_ID"):
        PollyVoice()


def test_half_of_the_credentials_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """A key without its secret cannot be used."""
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    with pytest.raises(VoiceError, match="AWS_SECRET_ACCESS_KEY"):
        PollyVoice()


def test_a_missing_region_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both places for it are named; the settings' is enough."""
    monkeypatch.delenv("AWS_DEFAULT_REGION")
    with pytest.raises(VoiceError, match=r"\[engines.polly\].*AWS_DEFAULT_REGION"):
        PollyVoice()
    assert PollyVoice("", Delivery(options={"region": "eu-west-1"}))._client.region == "eu-west-1"


def test_a_profile_that_is_not_there_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is wrong with Amazon's own settings is no crash."""
    monkeypatch.setenv("AWS_PROFILE", "nobody")
    with pytest.raises(VoiceError, match="ProfileNotFound"):
        PollyVoice()


@pytest.mark.parametrize(
    "url",
    [
        "not an address",
        "http://[::1",
        "http://polly.example",
        "http://evil.example\\.local",
        "https://a:b@c.example",
    ],
)
def test_an_endpoint_that_is_no_address_is_told(url: str) -> None:
    """Before any line is spoken."""
    with pytest.raises(VoiceError, match=r"\[engines.polly\]|polly: endpoint_url "):
        PollyVoice("", Delivery(options={"endpoint_url": url}))


def test_an_endpoint_of_the_environment_is_held_to_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """Text and signature go to no one in the clear, wherever the address was named."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://polly.example")
    with pytest.raises(VoiceError, match=r"polly: endpoint_url must begin with https://"):
        PollyVoice()


def test_a_missing_package_is_told_with_the_way_out() -> None:
    """In a Python without boto3."""
    program = (
        "import sys; sys.modules['boto3'] = None\n"
        "from morning_edition.voices.polly import PollyVoice\n"
        "from morning_edition.errors import VoiceError\n"
        "assert not any(note.installed for note in PollyVoice.catalogue({}))\n"
        "try: PollyVoice()\n"
        "except VoiceError as error: print(error)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert "pip install 'morning-edition[polly]'" in done.stdout


def test_the_package_is_not_loaded_for_the_catalogue() -> None:
    """`voices` stays quick: nothing heavy is imported to list the voices."""
    program = (
        "import sys; from morning_edition.voices.polly import PollyVoice; PollyVoice.catalogue({})\n"
        "print({'boto3', 'botocore', 'numpy', 'av', 'urllib3'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"


@pytest.mark.parametrize(("name", "near"), [("Mathew", "Matthew"), ("joanna", "Joanna"), ("Xyzzy", "voices")])
def test_an_unknown_voice_is_told_with_the_nearest_name(name: str, near: str) -> None:
    """Before any line is spoken."""
    with pytest.raises(VoiceError, match=f"{name}.*{near}"):
        PollyVoice(name)


def test_an_unknown_engine_is_told() -> None:
    """With those that there are."""
    with pytest.raises(VoiceError, match="neural, generative, long-form, standard"):
        PollyVoice("", Delivery(options={"engine": "quantum"}))


@pytest.mark.parametrize(
    ("language", "engine", "expected"),
    [
        ("en-US", "neural", "Matthew"),
        ("en", "generative", "Matthew"),
        ("en-US", "long-form", "Ruth"),
        ("en-GB", "generative", "Amy"),
        ("en-SG", "standard", "Matthew"),
        ("de", "neural", "Vicki"),
        ("nl-NL", "standard", "Lotte"),
        ("zh-CN", "neural", "Zhiyu"),
        ("nn-NO", "neural", "Ida"),
        ("ar", "standard", "Zeina"),
    ],
)
def test_each_language_and_engine_has_its_voice(language: str, engine: str, expected: str) -> None:
    """Its own region's where there is one, else its language's."""
    assert default_voice(language, engine) == expected


def test_a_language_without_a_voice_of_the_engine_is_told() -> None:
    """No other language is spoken in its place."""
    with pytest.raises(VoiceError, match=r"long-form.*'ru-RU'"):
        PollyVoice("", Delivery(language="ru-RU", options={"engine": "long-form"}))


def test_identity_is_all_that_changes_the_sound() -> None:
    """Takes of one voice, engine and rate are one voice's in any region; those without times are apart."""
    voices = [
        PollyVoice("", Delivery(options={"region": "eu-west-1", "lines_at_once": 2})),
        PollyVoice("Matthew"),
        PollyVoice("", Delivery(rate=1.1)),
        PollyVoice("", Delivery(options={"engine": "standard"})),
        PollyVoice("Joanna"),
        PollyVoice("", Delivery(options={"word_times": False})),
    ]
    identities = [voice.identity for voice in voices]
    assert identities[0] == identities[1]
    assert len(set(identities)) == 5
    assert identities[1].endswith("neural Matthew en-US")
    assert {identity.split()[0] for identity in identities} == {"polly"}


def test_another_server_is_part_of_the_identity(speech_server: Any) -> None:
    """It may have other voices by the same names; the address of one's own network is not shown."""
    elsewhere = PollyVoice("", Delivery(options={"endpoint_url": "https://polly.example:8443/path"})).identity
    assert elsewhere == f"{PollyVoice().identity} polly.example:8443"
    near = voice_at(speech_server).identity
    assert near.startswith(f"{PollyVoice().identity} server=")
    assert "127.0.0.1" not in near


@pytest.mark.parametrize("engine", ENGINES)
def test_the_catalogue_is_there_without_credentials(engine: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The station's engine decides what is in it; Amazon's package knows each of its voices."""
    notes = PollyVoice.catalogue({"engine": engine})
    assert notes[0].name == default_voice("en-US", engine)
    assert all(note.installed for note in notes)
    assert {name for name, _, _ in VOICES} <= set(PollyVoice()._client.voice_names)
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    lacking = PollyVoice.catalogue({"engine": engine})
    assert [note.name for note in lacking] == [note.name for note in notes]
    assert not any(note.installed for note in lacking)


PAIR = "aws_access_key_id = AKIA\naws_secret_access_key = abc\n"


@pytest.mark.parametrize(
    ("credentials", "config", "variables", "installed"),
    [
        (f"[default]\n{PAIR}", "[default]\nregion = eu-west-1\n", {}, True),
        (f"[default]\n{PAIR}", "", {}, False),
        (f"[default]\n{PAIR}", "", {"AWS_DEFAULT_REGION": "eu-west-1"}, True),
        (f"[desk]\n{PAIR}", "[default]\nregion = eu-west-1\n", {}, False),
        (f"[desk]\n{PAIR}", "[profile desk]\nregion = eu-west-1\n", {"AWS_PROFILE": "desk"}, True),
        ("", "[default]\nregion = eu-west-1\nsso_session = desk\n", {}, True),
        ("", "[default]\nregion = eu-west-1\n", {}, False),
        ("[default]\naws_access_key_id = AKIA\n", "[default]\nregion = eu-west-1\n", {}, False),
        ("no file of settings", "[default\n", {"AWS_DEFAULT_REGION": "eu-west-1"}, False),
        ("", "", {"AWS_DEFAULT_REGION": "x", "AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://x"}, True),
        ("", "", {"AWS_DEFAULT_REGION": "x", "AWS_ACCESS_KEY_ID": "AKIA"}, False),
    ],
)
def test_credentials_are_looked_for_where_amazon_keeps_them(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    credentials: str,
    config: str,
    variables: dict[str, str],
    installed: bool,
) -> None:
    """In the environment and its two files, as boto3 does; a region is needed as well."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_DEFAULT_REGION"):
        monkeypatch.delenv(name)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    (tmp_path / "credentials").write_text(credentials)
    (tmp_path / "config").write_text(config)
    assert {note.installed for note in PollyVoice.catalogue({})} == {installed}


@pytest.mark.parametrize(
    ("options", "usd"),
    [
        ({}, 32),
        ({"word_times": True}, 32),
        ({"word_times": False}, 16),
        ({"engine": "generative", "word_times": True}, 30),
    ],
)
def test_the_catalogue_counts_the_second_request(options: dict[str, Any], usd: float) -> None:
    """What stands in the list is what a line will cost."""
    assert {note.usd_a_million_characters for note in PollyVoice.catalogue(options)} == {usd}


def test_many_lines_are_spoken_at_once(speech_server: Any) -> None:
    """Each gets its own sound and times, through connections that are kept."""
    answer_as_polly(speech_server)
    voice = voice_at(speech_server)
    texts = ["word " * count for count in range(1, 17)]
    with ThreadPoolExecutor(voice.traits.lines_at_once) as threads:
        spoken = list(threads.map(lambda text: voice.speak(Utterance(text)), texts))
    lengths_ms = [pytest.approx(len(text) * MS_A_CHARACTER, abs=4) for text in texts]
    assert [speech.duration_ms for speech in spoken] == lengths_ms
    assert [len(speech.words) for speech in spoken] == list(range(1, 17))
    assert len({asked.connection for asked in speech_server.asked}) <= voice.traits.lines_at_once
