"""How `GoogleVoice` speaks, against a real server on this machine that answers as Google Cloud does."""

import base64
import json
import re
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from morning_edition.errors import VoiceBusyError, VoiceError
from morning_edition.station.engines import Engines
from morning_edition.voices import Delivery, Option, Pronounced, Utterance, Voice
from morning_edition.voices.google import CHIRP3, FAMILIES, GoogleVoice, default_voice
from morning_edition.voices.network.server import Server

KEY = "AIzaSy-secret-0123456789"
MS_A_CHARACTER = 60
LINE = Utterance("If Hama falls, go.", (Pronounced(3, 7, "hah-mah", "ˈhɑːmə"),))


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOOGLE_API_KEY", KEY)


def voice_at(server: Any, name: str = "", **delivery: Any) -> GoogleVoice:
    options: Mapping[str, Option] = {**Engines().options("google"), "base_url": server.url}
    return GoogleVoice(name, Delivery(options=options, **delivery))


def answer_as_google(server: Any) -> None:
    """Speak each character for 60 ms, and tell of the marks but the third."""

    def answer(asked: Any) -> Any:
        given = asked.record["input"]
        markup = given.get("ssml") or given["text"]
        at, points = 0, []
        for mark, text in re.findall(r'<mark name="(\w+)"/>|([^<]+)|<[^>]*>', markup):
            if mark:
                points.append({"markName": mark} | ({"timeSeconds": at / 1000} if at else {}))
            at += MS_A_CHARACTER * len(text)
        sound = base64.b64encode(server.wav_of(at)).decode()
        record: dict[str, Any] = {"audioContent": sound, "audioConfig": {}}
        if asked.record.get("enableTimePointing") == ["SSML_MARK"]:
            record["timepoints"] = points[:2] + points[3:]
        return server.json(record)

    server.always = answer


def test_a_line_goes_out_as_google_documents_it(speech_server: Any) -> None:
    """SSML with a mark a word, linear samples, times asked for; the key in a header, not the address."""
    answer_as_google(speech_server)
    voice_at(speech_server, rate=1.2, pitch_semitones=-2.0).speak(LINE)
    (asked,) = speech_server.asked
    assert (asked.method, asked.path) == ("POST", "/v1beta1/text:synthesize")
    assert asked.headers["x-goog-api-key"] == KEY
    assert asked.record == {
        "input": {
            "ssml": '<speak><mark name="w0"/>If <mark name="w1"/><phoneme alphabet="ipa" ph="ˈhɑmə">Hama'
            '</phoneme> <mark name="w2"/>falls, <mark name="w3"/>go.</speak>'
        },
        "voice": {"languageCode": "en-US", "name": "en-US-Neural2-D"},
        "audioConfig": {
            "audioEncoding": "LINEAR16",
            "sampleRateHertz": 24_000,
            "speakingRate": 1.2,
            "pitch": -2.0,
        },
        "enableTimePointing": ["SSML_MARK"],
    }


def test_sound_and_word_times_come_back(speech_server: Any) -> None:
    """A word begins at its time point (0 is not sent); one without shares the time of the word before."""
    answer_as_google(speech_server)
    speech = voice_at(speech_server).speak(LINE)
    assert (speech.sample_rate_hz, speech.duration_ms) == (24_000, 18 * MS_A_CHARACTER)
    assert [(word.text, word.start_ms) for word in speech.words] == [
        ("If", 0),
        ("Hama", 180),
        ("falls,", 180 + round((15 - 3) * MS_A_CHARACTER * 4 / 9)),
        ("go.", 15 * MS_A_CHARACTER),
    ]
    assert speech.words[-1].end_ms == pytest.approx(speech.duration_ms, abs=2)


def test_studio_voices_get_no_marks_and_no_pitch(speech_server: Any) -> None:
    """Google refuses both of them for these voices."""
    answer_as_google(speech_server)
    voice = voice_at(speech_server, "en-US-Studio-Q", pitch_semitones=2.0, rate=0.9)
    assert voice.speak(LINE).words == ()
    record = speech_server.asked[0].record
    assert record["input"]["ssml"].startswith('<speak>If <phoneme alphabet="ipa"')
    assert (record["audioConfig"]["speakingRate"], "pitch" in record["audioConfig"]) == (0.9, False)
    assert "enableTimePointing" not in record
    assert (voice.traits.takes, voice.traits.word_times, voice.traits.sets_pitch) == ("ssml", False, False)


def test_chirp_3_voices_get_text_and_the_ipa_of_names(speech_server: Any) -> None:
    """They take no SSML that could be relied upon, but names in a field of their own."""
    answer_as_google(speech_server)
    voice = voice_at(speech_server, "en-GB-Chirp3-HD-Charon")
    assert voice.speak(LINE).words == ()
    assert speech_server.asked[0].record["input"] == {
        "text": "If Hama falls, go.",
        "customPronunciations": {
            "pronunciations": [
                {"phrase": "Hama", "phoneticEncoding": "PHONETIC_ENCODING_IPA", "pronunciation": "ˈhɑːmə"}
            ]
        },
    }
    assert (voice.traits.takes, voice.traits.word_times) == ("ipa", False)


def test_a_word_said_in_two_ways_is_respelled_for_chirp(speech_server: Any) -> None:
    """A pronunciation there is for every place of a phrase, so one that differs cannot be given."""
    answer_as_google(speech_server)
    says = (Pronounced(0, 4, "leed", "liːd"), Pronounced(5, 9, "led", "lɛd"), Pronounced(10, 14, "un agency"))
    voice_at(speech_server, "en-US-Chirp3-HD-Kore").speak(Utterance("Lead lead UNHC", says))
    assert speech_server.asked[0].record["input"] == {"text": "leed led un agency"}


def test_the_first_chirp_voices_get_nothing_but_text(speech_server: Any) -> None:
    """Names are respelled, rate and pitch are left to the sound's stretching."""
    answer_as_google(speech_server)
    voice = voice_at(speech_server, "en-US-Chirp-HD-D", rate=1.5, pitch_semitones=1.0)
    voice.speak(LINE)
    record = speech_server.asked[0].record
    assert record["input"] == {"text": "If hah-mah falls, go."}
    assert record["audioConfig"] == {"audioEncoding": "LINEAR16", "sampleRateHertz": 24_000}
    assert (voice.traits.sets_rate, voice.traits.sets_pitch) == (False, False)


def test_a_line_that_marks_would_make_too_long_goes_without_them(speech_server: Any) -> None:
    """Google counts tags into its 5,000 bytes; better without times than not at all."""
    answer_as_google(speech_server)
    assert voice_at(speech_server).speak(Utterance("a " * 300)).words == ()
    assert "<mark" not in speech_server.asked[0].record["input"]["ssml"]


def test_the_longest_line_fits_with_its_marks(speech_server: Any) -> None:
    """Three bytes a character, words of six letters, two dozen names: still within the limit."""
    answer_as_google(speech_server)
    voice = voice_at(speech_server)
    text = ("ünïcöd " * 200)[: voice.traits.longest_line]
    says = tuple(Pronounced(at, at + 6, "unicode", "ˈjuːnɪkoʊd") for at in range(0, 24 * 7, 7))
    assert voice.speak(Utterance(text, says)).words


@pytest.mark.parametrize(
    "text", ["</speak><mark name='w0'/>", "AT&T <b>", "a\x00b\x08", "🇺🇸 flags", "\ud800"]
)
def test_hostile_text_stays_text(speech_server: Any, text: str) -> None:
    """Whatever stands in an article, Google gets one well-formed document of it."""
    import xml.etree.ElementTree as ET

    answer_as_google(speech_server)
    voice_at(speech_server).speak(Utterance(f"So {text} it is"))
    root = ET.fromstring(speech_server.asked[0].record["input"]["ssml"])  # noqa: S314 - our own markup
    assert "".join(root.itertext()) == "So " + re.sub("[\x00-\x08\ud800]", "", text) + " it is"


@pytest.mark.parametrize("name", ["en-US-Chirp3-HD-Kore", "en-US-Chirp-HD-D"])
def test_what_cannot_be_sent_is_left_out_of_plain_text_too(speech_server: Any, name: str) -> None:
    """A control or half a sign neither reaches Google nor stops the line."""
    answer_as_google(speech_server)
    voice_at(speech_server, name).speak(Utterance("So\x00 \ud800& <it>\x0bis"))
    assert speech_server.asked[0].record["input"]["text"] == "So & <it> is"


def refusal(server: Any, status: int, message: str, name: str, **headers: str) -> Any:
    record = {"error": {"code": status, "message": message, "status": name}}
    return server.json(record, status, **headers)


@pytest.mark.parametrize(
    ("status", "headers", "wait_s"),
    [(429, {}, 0.0), (429, {"Retry_After": "3"}, 3.0), (500, {}, 0.0), (503, {"Retry_After": "1"}, 1.0)],
)
def test_what_may_pass_can_be_tried_again(
    speech_server: Any, status: int, headers: dict[str, str], wait_s: float
) -> None:
    """Too many requests, and Google's own failures, with the wait that it asks for."""
    speech_server.always = refusal(speech_server, status, "Quota exceeded", "RESOURCE_EXHAUSTED", **headers)
    with pytest.raises(VoiceBusyError) as caught:
        voice_at(speech_server).speak(LINE)
    assert (caught.value.wait_s, caught.value.paid) == (wait_s, False)
    assert len(speech_server.asked) == 1


def sound_of(server: Any, content: bytes) -> Any:
    return server.json({"audioContent": base64.b64encode(content).decode()})


@pytest.mark.parametrize(
    "make",
    [
        lambda server: server.reply(reset=True),
        lambda server: server.reply(b"x" * 1000, half=True),
        lambda server: server.web_page(),
        lambda server: server.reply(),
        lambda server: server.reply(b"[1]"),
        lambda server: server.json({}),
        lambda server: server.json({"audioContent": 7}),
        lambda server: server.json({"audioContent": "no base64!"}),
        lambda server: sound_of(server, b""),
        lambda server: sound_of(server, b"<html>"),
        lambda server: sound_of(server, b'{"error": 1}'),
        lambda server: sound_of(server, server.wav_of(600)[:5000]),
    ],
)
def test_an_answer_that_is_no_sound_can_be_tried_again(speech_server: Any, make: Any) -> None:
    """A reset, half an answer, a web page, JSON without sound, half a sound: none is taken for a line."""
    speech_server.always = make(speech_server)
    with pytest.raises(VoiceBusyError, match=r"^google: Google Cloud Text-to-Speech ") as caught:
        voice_at(speech_server).speak(LINE)
    assert caught.value.paid == (not getattr(speech_server.always, "reset", False))


@pytest.mark.parametrize(
    "points",
    [
        [{}],
        [{"markName": "x"}],
        [{"markName": "w0", "timeSeconds": "soon"}],
        [{"markName": 3}],
        "w0",
        3,
        None,
    ],
)
def test_time_points_of_another_form_are_no_failure(speech_server: Any, points: object) -> None:
    """The sound, which is paid for, counts; times that cannot be read are none."""
    record = json.loads(sound_of(speech_server, speech_server.wav_of(600)).body)
    speech_server.always = speech_server.json({**record, "timepoints": points})
    speech = voice_at(speech_server).speak(LINE)
    assert (speech.duration_ms, speech.words) == (600, ())


def test_a_wrong_sample_rate_is_refused_and_an_odd_one_taken(speech_server: Any) -> None:
    """The sound itself tells its rate; one that no speech has is a mistake."""
    speech_server.replies = [
        sound_of(speech_server, speech_server.wav_of(600, rate)) for rate in (22_050, 100)
    ]
    voice = voice_at(speech_server)
    assert voice.speak(LINE).sample_rate_hz == 22_050
    with pytest.raises(VoiceError, match="samples a second"):
        voice.speak(LINE)


def test_a_server_that_stalls_is_left(speech_server: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A line never waits for ever."""
    monkeypatch.setattr(Server, "read_timeout_s", 0.1)
    speech_server.always = speech_server.reply(stall=True)
    with pytest.raises(VoiceBusyError, match="in time"):
        voice_at(speech_server).speak(LINE)


@pytest.mark.parametrize(
    ("status", "message", "name", "expected"),
    [
        (400, "Voice 'en-US-Neural2-Z' does not exist.", "INVALID_ARGUMENT", "does not exist"),
        (400, f"API key not valid: {KEY}. Please pass a valid API key.", "INVALID_ARGUMENT", "not valid"),
        (403, "Requests are blocked.", "PERMISSION_DENIED", "GOOGLE_API_KEY"),
    ],
)
def test_what_will_not_pass_is_told_in_googles_words_without_the_key(
    speech_server: Any, status: int, message: str, name: str, expected: str
) -> None:
    """An unknown voice or a bad key ends the run, and says why."""
    speech_server.always = refusal(speech_server, status, message, name)
    with pytest.raises(VoiceError, match=expected) as caught:
        voice_at(speech_server).speak(LINE)
    assert not isinstance(caught.value, VoiceBusyError)
    assert KEY not in str(caught.value)


def test_a_server_that_is_not_there_is_told() -> None:
    """Nobody listens on port 1."""
    voice = GoogleVoice("", Delivery(options={"base_url": "http://127.0.0.1:1"}))
    with pytest.raises(VoiceError, match="cannot be reached"):
        voice.speak(LINE)


def test_the_key_is_nowhere_but_in_its_header(speech_server: Any) -> None:
    """Neither identity nor what is printed in a traceback shows it."""
    answer_as_google(speech_server)
    voice = voice_at(speech_server)
    voice.speak(LINE)
    assert KEY not in "".join([voice.identity, repr(voice), repr(voice._server), speech_server.asked[0].path])
    assert KEY.encode() not in speech_server.asked[0].body


@pytest.mark.parametrize("value", [None, "", "two\nlines"])
def test_a_missing_key_is_told_before_anything_is_sent(value: str | None, monkeypatch: Any) -> None:
    """The message names the variable."""
    monkeypatch.delenv("GOOGLE_API_KEY")
    if value is not None:
        monkeypatch.setenv("GOOGLE_API_KEY", value)
    with pytest.raises(VoiceError, match="GOOGLE_API_KEY"):
        GoogleVoice()


@pytest.mark.parametrize("name", ["Kore", "en-US-Kore", "en-US-Gemini-A", "en-US-Neural2-D\n", "../x"])
def test_a_name_of_another_form_is_refused(name: str) -> None:
    """Before any line is spoken, with how names are made."""
    with pytest.raises(VoiceError, match="en-US-Neural2-D"):
        GoogleVoice(name)


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en-US", "en-US-Neural2-D"),
        ("en", "en-US-Neural2-D"),
        ("en-gb", "en-GB-Neural2-B"),
        ("en-NZ", "en-US-Neural2-D"),
        ("de", "de-DE-Chirp3-HD-Charon"),
        ("fr-CA", "fr-CA-Chirp3-HD-Charon"),
        ("zh-CN", "cmn-CN-Chirp3-HD-Charon"),
        ("zh-Hans-CN", "cmn-CN-Chirp3-HD-Charon"),
        ("nn", "nb-NO-Chirp3-HD-Charon"),
        ("ar-EG", "ar-XA-Chirp3-HD-Charon"),
    ],
)
def test_each_language_has_its_voice(language: str, expected: str) -> None:
    """Its own region's where there is one, else its language's."""
    assert default_voice(language) == expected


def test_a_language_without_a_voice_is_told() -> None:
    """No other language is spoken in its place."""
    with pytest.raises(VoiceError, match="'eo'"):
        GoogleVoice("", Delivery(language="eo"))


def test_another_server_is_part_of_the_identity(speech_server: Any) -> None:
    """It may have other voices by the same names; the address of one's own network is not shown."""

    def identity(base_url: str) -> str:
        return GoogleVoice("", Delivery(options={"base_url": base_url})).identity

    google = identity("https://texttospeech.googleapis.com")
    assert google == identity("https://eu-texttospeech.googleapis.com")
    assert identity("https://speech.example:8443/path") == f"{google} speech.example:8443"
    assert identity(speech_server.url).startswith(f"{google} server=")


def test_identity_is_all_that_changes_the_sound() -> None:
    """Takes of one voice, rate and pitch are one voice's, however many lines are asked for at once."""
    voices = [
        GoogleVoice("", Delivery(options={"lines_at_once": 2})),
        GoogleVoice(),
        GoogleVoice("", Delivery(rate=1.1)),
        GoogleVoice("", Delivery(pitch_semitones=1)),
        GoogleVoice("en-US-Neural2-A"),
    ]
    identities = [voice.identity for voice in voices]
    assert identities[0] == identities[1]
    assert len(set(identities)) == 4
    assert {identity.split()[0] for identity in identities} == {"google"}


@pytest.mark.parametrize(
    ("name", "usd"),
    [("en-US-Standard-A", 4), ("en-US-Neural2-D", 16), ("en-US-Chirp3-HD-Kore", 30), ("en-GB-Studio-B", 160)],
)
def test_the_price_is_the_familys(name: str, usd: float) -> None:
    """As Google's list has it, for `--dry-run`."""
    assert GoogleVoice(name).traits.usd_a_million_characters == usd


def test_the_catalogue_is_there_without_key_or_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every voice in it can be asked for by its name, and says what it lacks."""
    monkeypatch.delenv("GOOGLE_API_KEY")
    notes = GoogleVoice.catalogue({})
    assert notes[0].name == default_voice("en-US")
    assert {(note.installed, "needs GOOGLE_API_KEY" in note.description) for note in notes} == {(False, True)}
    assert {note.language for note in notes} >= set(CHIRP3)
    monkeypatch.setenv("GOOGLE_API_KEY", KEY)
    assert GoogleVoice.catalogue({})[0].installed
    for note in notes:
        assert note.usd_a_million_characters == GoogleVoice(note.name).traits.usd_a_million_characters
    assert len(FAMILIES) == 10


def test_many_lines_are_spoken_at_once(speech_server: Any) -> None:
    """Each gets its own sound."""
    answer_as_google(speech_server)
    voice: Voice = voice_at(speech_server)
    texts = ["word " * count for count in range(1, 25)]
    with ThreadPoolExecutor(8) as threads:
        spoken = list(threads.map(lambda text: voice.speak(Utterance(text)), texts))
    assert [speech.duration_ms for speech in spoken] == [len(text) * MS_A_CHARACTER for text in texts]
    assert [len(speech.words) for speech in spoken] == list(range(1, 25))
    assert voice.traits.lines_at_once == 8
