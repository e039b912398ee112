"""How `ElevenLabsVoice` speaks, against a real server on this machine that answers as ElevenLabs does."""

import base64
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from morning_edition.errors import VoiceBusyError, VoiceError
from morning_edition.station.engines import Engines
from morning_edition.voices import Delivery, Option, Pronounced, Utterance, Word
from morning_edition.voices.elevenlabs import KEY_VARIABLE, SAMPLE_RATE_HZ, VOICES, ElevenLabsVoice
from morning_edition.voices.network.server import Server

KEY = "sk_0123456789abcdef0123456789abcdef"
CHARACTER_MS = 50
HAMA = Utterance("Hama fell.", (Pronounced(0, 4, "hah-MAH", "ˈhɑːmə"),))


@pytest.fixture(autouse=True)
def surroundings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEY_VARIABLE, KEY)
    monkeypatch.setattr(Server, "connect_timeout_s", 1.0)
    monkeypatch.setattr(Server, "read_timeout_s", 1.0)


def open_voice(
    server: Any, name: str = "Alice", *, language: str = "en-US", rate: float = 1.0, **options: Option
) -> ElevenLabsVoice:
    told = {**Engines().options("elevenlabs"), "base_url": server.url, **options}
    return ElevenLabsVoice(name, Delivery(language, rate, options=told))


def timed(server: Any, text: str, *, key: str = "alignment", duration_ms: int = 0) -> dict[str, Any]:
    """Return an answer in which each character of *text* takes 50 ms."""
    length_ms = duration_ms or CHARACTER_MS * len(text)
    audio = base64.b64encode(server.pcm_of(length_ms, SAMPLE_RATE_HZ)).decode()
    times = [CHARACTER_MS * at / 1000 for at in range(len(text) + 1)]
    alignment = {
        "characters": list(text),
        "character_start_times_seconds": times[:-1],
        "character_end_times_seconds": times[1:],
    }
    return {"audio_base64": audio, "alignment": None, "normalized_alignment": None, key: alignment}


@pytest.fixture
def elevenlabs(speech_server: Any) -> Any:
    speech_server.always = lambda asked: speech_server.json(timed(speech_server, asked.record["text"]))
    return speech_server


def test_a_line_is_asked_for_as_the_interface_says(elevenlabs: Any) -> None:
    """One POST with the voice in its path, bare samples, fixed settings and seed; the key in its header."""
    speech = open_voice(elevenlabs).speak(HAMA)
    (asked,) = elevenlabs.asked
    assert asked.method == "POST"
    assert asked.path == "/v1/text-to-speech/Xb7hH8MSUJpSbSDYk0k2/with-timestamps?output_format=pcm_24000"
    assert asked.headers["xi-api-key"] == KEY
    assert asked.record == {
        "text": "hah-MAH fell.",
        "model_id": "eleven_multilingual_v2",
        "voice_settings": {
            "stability": 0.5,
            "similarity_boost": 0.75,
            "style": 0.0,
            "use_speaker_boost": True,
            "speed": 1.0,
        },
        "seed": 1,
        "apply_text_normalization": "off",
    }
    assert (speech.pcm, speech.sample_rate_hz) == (elevenlabs.pcm_of(650, 24_000), 24_000)


@pytest.mark.parametrize(
    ("text", "says", "words"),
    [
        ("It fell.", (), [("It", 0, 2), ("fell.", 3, 8)]),
        ("  It\nfell ", (), [("It", 2, 4), ("fell", 5, 9)]),
        ("Hama fell.", (Pronounced(0, 4, "hah-MAH"),), [("Hama", 0, 7), ("fell.", 8, 13)]),
        ("“Hama’s” fell.", (Pronounced(1, 5, "hah-MAH"),), [("“Hama’s”", 0, 11), ("fell.", 12, 17)]),
        ("Joe Kerr ran", (Pronounced(0, 8, "jo kur"),), [("Joe", 0, 2), ("Kerr", 3, 6), ("ran", 7, 10)]),
        ("the DRC ran", (Pronounced(4, 7, "dee ar see"),), [("the", 0, 3), ("DRC", 4, 14), ("ran", 15, 18)]),
        (
            "so St. Lo is",
            (Pronounced(3, 9, "sanlo"),),
            [("so", 0, 2), ("St.", 3, 5), ("Lo", 6, 8), ("is", 9, 11)],
        ),
        ("x 1 — y", (), [("x", 0, 1), ("1", 2, 3), ("—", 4, 5), ("y", 6, 7)]),
        ("a <b> [c]", (), [("a", 0, 1), ("<b>", 2, 5), ("[c]", 6, 9)]),
    ],
)
def test_each_word_has_the_time_of_its_characters(
    elevenlabs: Any, text: str, says: tuple[Pronounced, ...], words: list[tuple[str, int, int]]
) -> None:
    """To the millisecond, through respellings, whatever their lengths."""
    speech = open_voice(elevenlabs).speak(Utterance(text, says))
    expected = tuple(Word(word, start * CHARACTER_MS, end * CHARACTER_MS) for word, start, end in words)
    assert speech.words == expected


@pytest.mark.parametrize("model", ["eleven_flash_v2", "eleven_monolingual_v1"])
def test_a_model_that_takes_phonemes_gets_them(elevenlabs: Any, model: str) -> None:
    """Each word in a tag of its own; the times are still those of the words."""
    line = Utterance("Joe Kerr’s men", (Pronounced(0, 8, "joe cur", "ˈdʒoʊ ˈkɝ"),))
    voice = open_voice(elevenlabs, model=model)
    speech = voice.speak(line)
    joe = '<phoneme alphabet="cmu-arpabet" ph="JH OW1">Joe</phoneme>'
    kerr = '<phoneme alphabet="cmu-arpabet" ph="K ER1">Kerr</phoneme>'
    assert elevenlabs.asked[0].record["text"] == f"{joe} {kerr}’s men"
    assert voice.traits.takes == "ssml"
    assert [word.text for word in speech.words] == ["Joe", "Kerr’s", "men"]
    assert speech.words[1] == Word("Kerr’s", 50 * (len(joe) + 1), 50 * (len(joe) + 1 + len(kerr) + 2))


@pytest.mark.parametrize(
    "model", ["eleven_multilingual_v2", "eleven_turbo_v2", "eleven_flash_v2_5", "eleven_v3"]
)
def test_a_model_that_would_leave_the_word_out_gets_the_respelling(elevenlabs: Any, model: str) -> None:
    voice = open_voice(elevenlabs, model=model)
    voice.speak(HAMA)
    assert elevenlabs.asked[0].record["text"] == "hah-MAH fell."
    assert voice.traits.takes == "text"


@pytest.mark.parametrize("said", [Pronounced(0, 4, "hah-MAH"), Pronounced(0, 4, "hah-MAH", "ˈhɑː mə")])
def test_a_name_without_fitting_sounds_is_respelled(elevenlabs: Any, said: Pronounced) -> None:
    open_voice(elevenlabs, model="eleven_flash_v2").speak(Utterance("Hama fell.", (said,)))
    assert elevenlabs.asked[0].record["text"] == "hah-MAH fell."


def test_nothing_in_an_article_gives_orders(elevenlabs: Any) -> None:
    """A pause or a laugh that an article asks for is read out, not obeyed."""
    open_voice(elevenlabs, model="eleven_v3").speak(Utterance('Wait <break time="3s"/> [laughs]'))
    assert elevenlabs.asked[0].record["text"] == 'Wait (break time="3s"/) (laughs)'


def test_characters_that_differ_from_what_was_sent_still_tell_the_words(elevenlabs: Any) -> None:
    elevenlabs.always = elevenlabs.json(timed(elevenlabs, "hah MAH fell", key="normalized_alignment"))
    assert open_voice(elevenlabs).speak(Utterance("hahmah fell.")).words == (
        Word("hahmah", 0, 350),
        Word("fell.", 400, 600),
    )


def test_without_an_alignment_there_is_still_sound(elevenlabs: Any) -> None:
    elevenlabs.always = elevenlabs.json(timed(elevenlabs, "x" * 9, key="other"))
    speech = open_voice(elevenlabs).speak(HAMA)
    assert (speech.words, speech.duration_ms) == ((), 450)


def test_no_word_ends_after_the_sound(elevenlabs: Any) -> None:
    elevenlabs.always = elevenlabs.json(timed(elevenlabs, "hah-MAH fell.", duration_ms=600))
    assert open_voice(elevenlabs).speak(HAMA).words[-1] == Word("fell.", 400, 600)


@pytest.mark.parametrize("model", ["eleven_flash_v2_5", "eleven_turbo_v2_5", "eleven_v3"])
def test_models_that_can_be_told_the_language_are(elevenlabs: Any, model: str) -> None:
    voice = open_voice(elevenlabs, language="de-AT", model=model)
    voice.speak(HAMA)
    assert elevenlabs.asked[0].record["language_code"] == "de"
    assert "language=de" in voice.identity


@pytest.mark.parametrize(("rate", "speed"), [(0.7, 0.7), (1.2, 1.2), (1.0, 1.0), (0.5, None), (1.5, None)])
def test_the_rate_is_set_where_the_service_takes_it(
    elevenlabs: Any, rate: float, speed: float | None
) -> None:
    """Beyond what it takes it reads at its own, and the sound is stretched afterwards."""
    voice = open_voice(elevenlabs, rate=rate)
    voice.speak(HAMA)
    assert voice.traits.sets_rate == (speed is not None)
    assert elevenlabs.asked[0].record["voice_settings"]["speed"] == (speed or 1.0)
    assert f"speed={speed or 1.0}" in voice.identity


@pytest.mark.parametrize(
    ("name", "language", "voice_id"),
    [
        ("", "en-US", VOICES["Sarah"][0]),
        ("", "en-GB", VOICES["Alice"][0]),
        ("", "fr-FR", VOICES["Sarah"][0]),
        ("daniel", "en-US", VOICES["Daniel"][0]),
        ("AbCdEfGhIjKlMnOpQrSt", "en-US", "AbCdEfGhIjKlMnOpQrSt"),
    ],
)
def test_a_voice_is_a_name_that_all_have_or_an_id(
    elevenlabs: Any, name: str, language: str, voice_id: str
) -> None:
    assert f" {voice_id} " in open_voice(elevenlabs, name, language=language).identity


@pytest.mark.parametrize("name", ["Alise", "../../user", "AbCdEfGhIjKlMnOpQr/t", "x" * 21])
def test_an_unknown_name_is_refused_before_anything_is_sent(elevenlabs: Any, name: str) -> None:
    with pytest.raises(VoiceError, match=r"elevenlabs: no voice .*a voice's id of 20 signs"):
        open_voice(elevenlabs, name)
    assert elevenlabs.asked == []


def test_the_nearest_name_is_told(elevenlabs: Any) -> None:
    with pytest.raises(VoiceError, match=r"\(did you mean Alice\?\)"):
        open_voice(elevenlabs, "alise")


@pytest.mark.parametrize("key", ["", "two words", "line\nbreak"])
def test_a_key_is_wanted(elevenlabs: Any, key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEY_VARIABLE, key)
    with pytest.raises(VoiceError, match=KEY_VARIABLE):
        open_voice(elevenlabs)


@pytest.mark.parametrize(
    ("status", "code", "message"),
    [
        (401, "invalid_api_key", f"check the key in {KEY_VARIABLE}"),
        (401, "quota_exceeded", "your plan there is used up"),
        (402, "payment_required", "your plan there is used up"),
        (404, "voice_not_found", "check base_url, the model and the voice"),
        (400, "voice_not_found", "check the voice and the settings"),
        (422, "invalid", "check the voice and the settings"),
    ],
)
def test_what_will_not_pass_is_not_busy(elevenlabs: Any, status: int, code: str, message: str) -> None:
    detail = {"status": code, "message": f"We say no to {KEY}."}
    elevenlabs.always = elevenlabs.json({"detail": detail}, status)
    with pytest.raises(VoiceError, match=f"We say no to .*{message}") as caught:
        open_voice(elevenlabs).speak(HAMA)
    assert not isinstance(caught.value, VoiceBusyError)
    assert KEY not in str(caught.value)


@pytest.mark.parametrize("code", ["too_many_concurrent_requests", "system_busy"])
def test_too_many_requests_are_busy(elevenlabs: Any, code: str) -> None:
    elevenlabs.replies = [
        elevenlabs.json({"detail": {"status": code, "message": "Wait."}}, 429, Retry_After="2")
    ]
    with pytest.raises(VoiceBusyError, match="Wait") as caught:
        open_voice(elevenlabs).speak(HAMA)
    assert caught.value.wait_s == 2


@pytest.mark.parametrize(
    "reply",
    [
        {"status": 500},
        {"reset": True},
        {"body": b'{"audio_base64": "', "half": True},
        {"stall": True},
        {"body": b"<!doctype html><title>Sign in</title>"},
        {"body": b""},
        {"body": b"{}"},
        {"body": b'{"audio_base64": 7}'},
        {"body": b'{"audio_base64": "????"}'},
        {"body": b'{"audio_base64": "AAAA"}'},
    ],
)
def test_what_may_pass_is_busy_and_asked_once(elevenlabs: Any, reply: dict[str, Any]) -> None:
    elevenlabs.replies = [elevenlabs.reply(**reply)]
    voice = open_voice(elevenlabs)
    with pytest.raises(VoiceBusyError, match=r"elevenlabs: .*ElevenLabs") as caught:
        voice.speak(HAMA)
    assert caught.value.paid == ("body" in reply)
    assert len(elevenlabs.asked) == 1
    assert voice.speak(HAMA).duration_ms == 650


def test_sound_much_shorter_than_any_voice_speaks_is_no_take(elevenlabs: Any) -> None:
    """So it is when the answer is in another format than was asked for, which would be noise."""
    elevenlabs.always = elevenlabs.json(timed(elevenlabs, "x" * 40, duration_ms=700))
    with pytest.raises(VoiceBusyError, match="is not as it should be"):
        open_voice(elevenlabs).speak(Utterance("x" * 40))


@pytest.mark.parametrize("wrong", ["shorter", "text", "nan", "null", "behind", "missing", "list"])
def test_times_that_make_no_sense_do_not_cost_the_sound(elevenlabs: Any, wrong: str) -> None:
    """It is paid for; the line is one without word times."""
    answer = timed(elevenlabs, "hah-MAH fell.")
    ends = answer["alignment"]["character_end_times_seconds"]
    if wrong == "shorter":
        ends.pop()
    elif wrong == "behind":
        ends[-1] = 60.0
    elif wrong in {"missing", "list"}:
        answer["alignment"] = {"missing": {"characters": ["a"]}, "list": [1]}[wrong]
    else:
        ends[3] = {"text": "soon", "nan": "nan", "null": None}[wrong]
    elevenlabs.always = elevenlabs.json(answer)
    speech = open_voice(elevenlabs).speak(HAMA)
    assert (speech.pcm, speech.words) == (elevenlabs.pcm_of(650, 24_000), ())


def test_many_lines_are_spoken_at_once(elevenlabs: Any) -> None:
    def answer(asked: Any) -> Any:
        reply = elevenlabs.json(timed(elevenlabs, asked.record["text"]))
        return elevenlabs.reply(reply.body, headers=reply.headers, delay_s=0.2)

    elevenlabs.always = answer
    voice = open_voice(elevenlabs)
    began_s = time.monotonic()
    with ThreadPoolExecutor(voice.traits.lines_at_once) as pool:
        sounds = list(pool.map(lambda size: voice.speak(Utterance("x" * size)), range(2, 10)))
    assert time.monotonic() - began_s < 1.2
    assert [sound.duration_ms for sound in sounds] == [CHARACTER_MS * size for size in range(2, 10)]
    assert elevenlabs.most_at_once == 4


def test_the_identity_tells_all_but_the_key(elevenlabs: Any) -> None:
    voice = open_voice(elevenlabs)
    assert voice.identity.startswith("elevenlabs 1 ")
    assert KEY not in voice.identity + repr(voice) + str(vars(voice)["_server"])
    assert open_voice(elevenlabs, model="eleven_v3").identity != voice.identity
    assert open_voice(elevenlabs, lines_at_once=2).identity == voice.identity


def test_flash_models_cost_half(elevenlabs: Any) -> None:
    dear = open_voice(elevenlabs, usd_a_million_characters=100.0)
    cheap = open_voice(elevenlabs, usd_a_million_characters=100.0, model="eleven_flash_v2_5")
    assert (dear.traits.usd_a_million_characters, cheap.traits.usd_a_million_characters) == (100, 50)


def test_the_catalogue_says_whether_a_key_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    assert all(note.installed for note in ElevenLabsVoice.catalogue())
    monkeypatch.delenv(KEY_VARIABLE)
    (first, *_) = ElevenLabsVoice.catalogue()
    assert (first.name, first.installed) == ("Alice", False)
    assert f"needs a key in {KEY_VARIABLE}" in first.description
