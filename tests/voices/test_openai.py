"""How `OpenAiVoice` speaks, against a real server on this machine that answers as OpenAI and Kokoro do."""

import base64
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from morning_edition.errors import VoiceBusyError, VoiceError
from morning_edition.station.engines import Engines
from morning_edition.voices import Delivery, Option, Pronounced, Utterance, Word
from morning_edition.voices.network.server import Server
from morning_edition.voices.openai import OpenAiVoice
from morning_edition.voices.openai.kokoro import write_kokoro
from morning_edition.voices.openai.server import KEY_VARIABLE, OTHER_KEY_VARIABLE, VOICES

KEY = "sk-proj-0123456789abcdefghij"
OTHER_KEY = "local-0123456789abcdefghij"
HAMA = Utterance("Hama fell.", (Pronounced(0, 4, "hah-MAH", "ˈhɑːmə"),))


@pytest.fixture(autouse=True)
def surroundings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEY_VARIABLE, KEY)
    monkeypatch.setenv(OTHER_KEY_VARIABLE, OTHER_KEY)
    monkeypatch.setattr(Server, "connect_timeout_s", 1.0)


def open_voice(server: Any, name: str = "nova", *, rate: float = 1.0, **options: Option) -> OpenAiVoice:
    usual = Engines().options("openai")
    told = {**usual, "base_url": f"{server.url}/v1", "timeout_s": 1.0, **options}
    return OpenAiVoice(name, Delivery(rate=rate, options=told))


def open_kokoro(server: Any, name: str = "af_heart", *, rate: float = 1.0) -> OpenAiVoice:
    return open_voice(server, name, rate=rate, flavour="kokoro")


def captioned(server: Any, *words: tuple[str, float, float], duration_ms: int = 600) -> Any:
    timestamps = [{"word": word, "start_time": start, "end_time": end} for word, start, end in words]
    audio = base64.b64encode(server.wav_of(duration_ms)).decode()
    return server.json({"audio": audio, "audio_format": "audio/wav", "timestamps": timestamps})


def test_a_line_is_asked_for_as_the_protocol_says(speech_server: Any) -> None:
    """One POST with model, input, voice and format; names respelled; the server's own key as a bearer's."""
    speech = open_voice(speech_server, model="tts-1").speak(HAMA)
    (asked,) = speech_server.asked
    assert (asked.method, asked.path) == ("POST", "/v1/audio/speech")
    assert asked.headers["authorization"] == f"Bearer {OTHER_KEY}"
    assert asked.record == {
        "model": "tts-1",
        "input": "hah-MAH fell.",
        "voice": "nova",
        "response_format": "wav",
    }
    assert (speech.pcm, speech.sample_rate_hz) == (speech_server.pcm_of(600), 24_000)
    assert speech.words == ()


def test_instructions_are_sent_only_when_there_are_some(speech_server: Any) -> None:
    """Older models refuse a request that holds any."""
    open_voice(speech_server, instructions="Calm, as a newsreader.").speak(HAMA)
    assert speech_server.asked[0].record["instructions"] == "Calm, as a newsreader."


def test_a_streamed_wav_is_read_whole(speech_server: Any) -> None:
    wav = bytearray(speech_server.wav_of(600))
    wav[4:8] = wav[40:44] = b"\xff" * 4
    speech_server.always = speech_server.reply(bytes(wav), chunked=True)
    assert open_voice(speech_server).speak(HAMA).pcm == speech_server.pcm_of(600)


def test_openais_key_goes_to_openai_alone(speech_server: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A station may come from anyone, and whoever lists or confirms its voices has not read it yet."""
    monkeypatch.delenv(OTHER_KEY_VARIABLE)
    speech_server.replies = [speech_server.json({"voices": ["anna"]})] * 3
    OpenAiVoice.catalogue({"base_url": f"{speech_server.url}/v1"})
    voice = open_voice(speech_server, "")
    voice.confirm()
    voice.speak(HAMA)
    assert len(speech_server.asked) == 4
    assert not any("authorization" in asked.headers for asked in speech_server.asked)


@pytest.mark.parametrize(
    ("listed", "voice"),
    [
        ({"voices": ["af_heart", "bm_george"]}, "af_heart"),
        ({"voices": ["af_heart", "bm_george"]}, "AF_Heart"),
        ({"voices": ["af_heart", "bm_george"]}, "af_heart(2)+bm_george(1)"),
        ({"voices": ["af_heart"]}, "nova"),
        ({"voices": []}, "anna"),
        ({"detail": "Not Found"}, "anna"),
    ],
)
def test_a_voice_that_is_listed_or_may_be_there_is_confirmed(
    speech_server: Any, listed: object, voice: str
) -> None:
    """Mixtures of Kokoro's and OpenAI's own names are understood by servers that do not list them."""
    speech_server.always = speech_server.json(listed)
    open_voice(speech_server, voice).confirm()
    assert {asked.method for asked in speech_server.asked} <= {"GET"}


@pytest.mark.parametrize("reply", [{"status": 404}, {"status": 405}, {"body": b"<html>"}, {"body": b"[]"}])
def test_a_server_without_a_list_is_taken_at_its_word(speech_server: Any, reply: dict[str, Any]) -> None:
    speech_server.always = speech_server.reply(**reply)
    open_voice(speech_server, "anna").confirm()
    assert [asked.path for asked in speech_server.asked] == ["/v1/audio/voices"]


def test_a_voice_that_a_server_lacks_is_told_before_any_line(speech_server: Any) -> None:
    speech_server.always = speech_server.json({"voices": ["af_heart", "bm_george"]})
    with pytest.raises(
        VoiceError, match=r"no voice called 'af_hart' \(did you mean af_heart\?\); it has af"
    ) as caught:
        open_kokoro(speech_server, "af_hart").confirm()
    assert not isinstance(caught.value, VoiceBusyError)
    assert [asked.method for asked in speech_server.asked] == ["GET"]


@pytest.mark.parametrize(
    ("reply", "error"),
    [({"status": 401}, VoiceError), ({"stall": True}, VoiceBusyError), ({"status": 503}, VoiceBusyError)],
)
def test_a_server_that_refuses_or_is_slow_to_list_is_told(
    speech_server: Any, reply: dict[str, Any], error: type, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The key is wrong for the lines as well."""
    monkeypatch.setattr("morning_edition.voices.openai.server.CONFIRMING_S", 0.2)
    speech_server.always = speech_server.reply(**reply)
    with pytest.raises(error) as caught:
        open_voice(speech_server, "anna").confirm()
    assert type(caught.value) is not VoiceError or error is VoiceError
    assert reply != {"status": 401} or OTHER_KEY_VARIABLE in str(caught.value)


def test_openais_voices_are_confirmed_without_asking() -> None:
    """They are known here."""
    OpenAiVoice("nova").confirm()


def test_a_local_server_needs_no_key(speech_server: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(OTHER_KEY_VARIABLE)
    open_voice(speech_server).speak(HAMA)
    assert "authorization" not in speech_server.asked[0].headers


@pytest.mark.parametrize("key", ["", " ", "sk two"])
def test_openai_wants_a_key(key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is missed before any line is spoken."""
    monkeypatch.setenv(KEY_VARIABLE, key)
    with pytest.raises(VoiceError, match=KEY_VARIABLE):
        OpenAiVoice("nova", Delivery(options=Engines().options("openai")))


def test_openais_voices_are_known_before_anything_is_sent() -> None:
    assert " gpt-4o-mini-tts alloy " in OpenAiVoice().identity
    assert " voice_123 " in OpenAiVoice("voice_123").identity
    europe: dict[str, Option] = {"base_url": "https://eu.api.openai.com/v1"}
    assert " gpt-4o-mini-tts alloy " in OpenAiVoice(delivery=Delivery(options=europe)).identity
    with pytest.raises(VoiceError, match=r"no voice called 'shimer' \(did you mean shimmer\?\)"):
        OpenAiVoice("shimer")


@pytest.mark.parametrize(
    ("voices", "language", "voice"),
    [
        ({"voices": ["zf_xiaobei", "bf_emma", "af_heart"]}, "en-US", "af_heart"),
        ({"voices": ["zf_xiaobei", "bf_emma", "af_heart"]}, "en-GB", "bf_emma"),
        ({"voices": ["zf_xiaobei", "bf_emma"]}, "en-US", "bf_emma"),
        ({"voices": ["de_DE-thorsten", "en_US-amy"]}, "en-US", "en_US-amy"),
        ({"voices": [{"id": "af_bella", "name": "Bella"}]}, "en-US", "af_bella"),
        ({"voices": ["anna", "bert"]}, "en-US", "anna"),
        ({"voices": ["anna", "alloy"]}, "en-US", "alloy"),
        ({"voices": []}, "en-US", "alloy"),
        ({"voices": [None, 7, {}]}, "en-US", "alloy"),
    ],
)
def test_without_a_name_a_local_servers_first_voice_of_the_language_speaks(
    speech_server: Any, voices: object, language: str, voice: str
) -> None:
    speech_server.always = speech_server.json(voices)
    options: dict[str, Option] = {"base_url": f"{speech_server.url}/v1"}
    assert f" {voice} " in OpenAiVoice("", Delivery(language, options=options)).identity
    (asked,) = speech_server.asked
    assert (asked.method, asked.path) == ("GET", "/v1/audio/voices")


def test_a_server_that_lists_no_voices_is_asked_for_alloy(speech_server: Any) -> None:
    speech_server.always = speech_server.json({"detail": "Not Found"}, 404)
    assert " alloy " in open_voice(speech_server, "").identity


def test_a_server_that_is_not_there_fails_before_any_line(speech_server: Any) -> None:
    with pytest.raises(VoiceError, match="cannot be reached"):
        open_voice(speech_server, "", base_url=f"{speech_server.unused_url()}/v1")


def test_nothing_is_sent_while_a_named_voice_is_chosen(speech_server: Any) -> None:
    voice = open_voice(speech_server)
    assert voice.identity
    assert voice.traits
    assert speech_server.asked == []


def test_kokoro_gets_names_by_their_sounds_and_tells_words(speech_server: Any) -> None:
    """Everything in one answer, unstreamed, with nothing in the text rewritten at the other end."""
    speech_server.always = captioned(
        speech_server, ("Hama", 0.05, 0.3), ("fell", 0.3, 0.55), (".", 0.55, 0.6)
    )
    speech = open_kokoro(speech_server, rate=1.1).speak(HAMA)
    (asked,) = speech_server.asked
    assert (asked.method, asked.path) == ("POST", "/dev/captioned_speech")
    assert asked.record == {
        "model": "kokoro",
        "input": "[Hama](/hˈɑmə/) fell.",
        "voice": "af_heart",
        "response_format": "wav",
        "speed": 1.1,
        "stream": False,
        "return_timestamps": True,
        "normalization_options": {"normalize": False},
    }
    assert speech.words == (Word("Hama", 50, 300), Word("fell.", 300, 550))
    assert speech.pcm == speech_server.pcm_of(600)


@pytest.mark.parametrize(
    ("text", "said", "sent"),
    [
        ("Joe Kerr", Pronounced(0, 8, "joe cur", "ˈdʒoʊ ˈkɝ"), "[Joe](/ʤˈO/) [Kerr](/kˈɜɹ/)"),
        ("Assad's men", Pronounced(0, 5, "ah-SAHD", "əˈsɑːd"), "[Assad](/əsˈɑd/)'s men"),
        ("the DRC", Pronounced(4, 7, "dee arr see", "ˌdiː ˌɑːr ˈsiː"), "the dee arr see"),
        ("the DRC", Pronounced(4, 7, "Congo"), "the Congo"),
        ("a loch", Pronounced(2, 6, "lock", "not IPA 5"), "a lock"),
        ("a loch", Pronounced(2, 6, "lock", "lɒx", (("kokoro", "lˈɑk"),)), "a [loch](/lˈɑk/)"),
        ("war [sic](/x/)", Pronounced(0, 3, "wor", "wɔːr"), "[war](/wɔɹ/) (sic)(/x/)"),
    ],
)
def test_a_name_goes_to_kokoro_in_its_own_phonemes(text: str, said: Pronounced, sent: str) -> None:
    """Word by word where sounds and words match, else respelled; brackets of the text mean nothing."""
    assert write_kokoro(Utterance(text, (said,)), british=False) == sent


def test_a_british_voice_gets_british_vowels(speech_server: Any) -> None:
    speech_server.always = captioned(speech_server)
    line = Utterance("Bath road", (Pronounced(0, 4, "bahth", "bɑːθ"), Pronounced(5, 9, "rode", "ˈroʊd")))
    open_kokoro(speech_server, "bf_emma").speak(line)
    assert speech_server.asked[0].record["input"] == "[Bath](/bɑːθ/) [road](/ɹˈQd/)"


def test_only_kokoro_is_trusted_with_the_rate(speech_server: Any) -> None:
    """Others ignore it without a word; their sound is stretched afterwards."""
    assert open_kokoro(speech_server, rate=1.2).traits.sets_rate
    assert "speed=1.2" in open_kokoro(speech_server, rate=1.2).identity
    assert not open_kokoro(speech_server, rate=5.0).traits.sets_rate
    assert not open_voice(speech_server, rate=1.2).traits.sets_rate
    assert open_voice(speech_server, rate=1.2).identity == open_voice(speech_server).identity


@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"audio": None},
        {"audio": "not base64!"},
        {"audio": ""},
        {"audio": base64.b64encode(b"<html>").decode()},
        {"audio": "@", "timestamps": [{"word": "x"}]},
        {"audio": "@", "timestamps": [{"word": "x", "start_time": "inf", "end_time": 1}]},
        {"audio": "@", "timestamps": 5},
    ],
)
def test_a_broken_answer_of_kokoro_is_no_take(speech_server: Any, answer: dict[str, Any]) -> None:
    if answer.get("audio") == "@":
        answer = {**answer, "audio": base64.b64encode(speech_server.wav_of(300)).decode()}
    speech_server.always = speech_server.json(answer)
    with pytest.raises(VoiceBusyError, match=f"^openai: .*{speech_server.server_port}"):
        open_kokoro(speech_server).speak(HAMA)


def test_kokoro_without_word_times_still_speaks(speech_server: Any) -> None:
    audio = base64.b64encode(speech_server.wav_of(300)).decode()
    speech_server.always = speech_server.json({"audio": audio, "timestamps": None})
    assert open_kokoro(speech_server).speak(HAMA).words == ()


@pytest.mark.parametrize(
    ("reply", "message"),
    [
        ({"status": 429, "headers": {"Retry-After": "3"}}, "asks for fewer requests"),
        ({"status": 503}, "is out of order"),
        ({"reset": True}, "breaks off the connection"),
        ({"body": b"RIFF" * 500, "half": True}, "breaks off the connection"),
        ({"stall": True}, "does not answer in time"),
        (
            {"body": b"<!doctype html><title>Sign in</title>"},
            "a web page, perhaps this network wants a sign-in",
        ),
        ({"body": b'{"error": {"message": "overloaded"}}'}, "answers with JSON"),
        ({"body": b""}, "answers with nothing"),
        ({"body": b"\0" * 4_000}, "answers with sound that is broken"),
    ],
)
def test_what_may_pass_is_busy_and_asked_once(
    speech_server: Any, reply: dict[str, Any], message: str
) -> None:
    speech_server.replies = [speech_server.reply(**reply)]
    voice = open_voice(speech_server)
    with pytest.raises(VoiceBusyError, match=message) as caught:
        voice.speak(HAMA)
    assert caught.value.wait_s == (3 if reply.get("headers") else 0)
    assert caught.value.paid == ("body" in reply)
    assert len(speech_server.asked) == 1
    assert voice.speak(HAMA).pcm == speech_server.pcm_of(600)


@pytest.mark.parametrize(
    ("status", "code", "message"),
    [
        (401, "invalid_api_key", f"check the key in {OTHER_KEY_VARIABLE}"),
        (400, "invalid_voice", "check the voice and the settings"),
        (404, "model_not_found", "check base_url, the model and the voice"),
        (429, "insufficient_quota", "your plan there is used up"),
    ],
)
def test_what_will_not_pass_is_not_busy(speech_server: Any, status: int, code: str, message: str) -> None:
    error = {"message": f"no: {OTHER_KEY}", "code": code}
    speech_server.always = speech_server.json({"error": error}, status)
    with pytest.raises(VoiceError, match=message) as caught:
        open_voice(speech_server).speak(HAMA)
    assert not isinstance(caught.value, VoiceBusyError)
    assert OTHER_KEY not in str(caught.value)


def test_an_absurd_rate_is_refused(speech_server: Any) -> None:
    speech_server.always = speech_server.wav(600, 192_000)
    with pytest.raises(VoiceError, match="192000 samples a second") as caught:
        open_voice(speech_server).speak(HAMA)
    assert not isinstance(caught.value, VoiceBusyError)


def test_many_lines_are_spoken_at_once(speech_server: Any) -> None:
    """Eight lines of 200 ms take hardly longer than one, each with its own sound."""

    def answer(asked: Any) -> Any:
        return speech_server.reply(speech_server.wav_of(100 * len(asked.record["input"])), delay_s=0.2)

    speech_server.always = answer
    voice = open_voice(speech_server)
    began_s = time.monotonic()
    with ThreadPoolExecutor(voice.traits.lines_at_once) as pool:
        sounds = list(pool.map(lambda size: voice.speak(Utterance("x" * size)), range(1, 9)))
    assert time.monotonic() - began_s < 1.0
    assert [sound.duration_ms for sound in sounds] == [100 * size for size in range(1, 9)]
    assert speech_server.most_at_once == 8


def test_the_identity_tells_all_but_the_key(speech_server: Any) -> None:
    """Each setting that changes the sound changes it; the key and the pace of asking do not.

    Where a server of one's own is, is not told.
    """
    usual = open_voice(speech_server)
    assert usual.identity.startswith("openai 1 ")
    assert "127.0.0.1" not in usual.identity
    assert OTHER_KEY not in usual.identity + repr(usual) + str(vars(usual)["_server"])
    changes: tuple[dict[str, Option], ...] = (
        {"model": "other"},
        {"instructions": "Slow."},
        {"base_url": f"{speech_server.url}/v2"},
        {"flavour": "kokoro"},
    )
    others = {open_voice(speech_server, **change).identity for change in changes}
    others.add(open_voice(speech_server, "alloy").identity)
    assert len(others - {usual.identity}) == 5
    assert open_voice(speech_server, lines_at_once=2).identity == usual.identity


def test_what_it_costs_is_what_is_known_or_what_the_station_says(speech_server: Any) -> None:
    def price(**options: Option) -> float:
        return OpenAiVoice("alloy", Delivery(options=options)).traits.usd_a_million_characters

    assert (price(model="tts-1"), price(model="tts-1-hd"), price(model="new")) == (15, 30, 0)
    assert price(model="tts-1", usd_a_million_characters=9.0) == 9
    assert open_voice(speech_server, model="tts-1").traits.usd_a_million_characters == 0


def test_the_catalogue_names_openais_voices_without_asking(monkeypatch: pytest.MonkeyPatch) -> None:
    notes = OpenAiVoice.catalogue({})
    assert [note.name for note in notes] == list(VOICES)
    assert all(note.installed for note in notes)
    monkeypatch.delenv(KEY_VARIABLE)
    (first, *_) = OpenAiVoice.catalogue({})
    assert not first.installed
    assert f"needs a key in {KEY_VARIABLE}" in first.description


def test_the_catalogue_names_the_voices_of_ones_own_server(speech_server: Any) -> None:
    speech_server.always = speech_server.json({"voices": ["af_heart", "bm_george"]})
    notes = OpenAiVoice.catalogue({"base_url": f"{speech_server.url}/v1", "flavour": "kokoro"})
    assert [(note.name, note.language, note.licence) for note in notes] == [
        ("af_heart", "en-US", "Apache-2.0"),
        ("bm_george", "en-GB", "Apache-2.0"),
    ]


@pytest.mark.parametrize("reply", [{"status": 404}, {"stall": True}, {"body": b"<html>"}, {"reset": True}])
def test_the_catalogue_does_not_wait_for_a_server(
    speech_server: Any, reply: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("morning_edition.voices.openai.server.LOOKING_S", 0.2)
    speech_server.always = speech_server.reply(**reply)
    began_s = time.monotonic()
    (note,) = OpenAiVoice.catalogue({"base_url": f"{speech_server.url}/v1"})
    assert note.name == "alloy"
    assert "does not list them" in note.description
    assert time.monotonic() - began_s < 1.0
