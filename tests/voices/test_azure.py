"""How `AzureVoice` speaks, against a real server on this machine that answers as Azure does."""

import re
import xml.etree.ElementTree as ET
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from morning_edition.errors import VoiceBusyError, VoiceError
from morning_edition.station.engines import Engines
from morning_edition.voices import Delivery, Pronounced, Utterance
from morning_edition.voices.azure import VOICES, AzureVoice, default_voice
from morning_edition.voices.network.server import Server

KEY = "0123456789abcdef0123456789abcdef"
LINE = Utterance("If Hama falls, go.", (Pronounced(3, 7, "hah-mah", "ˈhɑːmə"),))
HEAD = '<speak version="1.0" xmlns="http://www.w3.org/2001/10/synthesis" xml:lang="'
HD = "en-US-Ava:DragonHDLatestNeural"


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AZURE_SPEECH_KEY", KEY)
    monkeypatch.setenv("AZURE_SPEECH_REGION", "westeurope")


def voice_at(server: Any, name: str = "", **delivery: Any) -> AzureVoice:
    return AzureVoice(
        name, Delivery(options={**Engines().options("azure"), "base_url": server.url}, **delivery)
    )


def test_a_line_goes_out_as_azure_documents_it(speech_server: Any) -> None:
    """SSML with voice and prosody, a WAV asked for; the key in a header, not the address."""
    voice_at(speech_server, rate=1.15, pitch_semitones=-1.5).speak(LINE)
    (asked,) = speech_server.asked
    assert (asked.method, asked.path) == ("POST", "/cognitiveservices/v1")
    assert asked.headers["ocp-apim-subscription-key"] == KEY
    assert asked.headers["content-type"] == "application/ssml+xml"
    assert asked.headers["x-microsoft-outputformat"] == "riff-24khz-16bit-mono-pcm"
    assert asked.headers["user-agent"] == "morning-edition"
    assert asked.body.decode() == (
        f'{HEAD}en-US"><voice name="en-US-AndrewNeural"><prosody rate="+15%" pitch="-1.5st">If '
        '<phoneme alphabet="ipa" ph="ˈhɑmə">Hama</phoneme> falls, go.</prosody></voice></speak>'
    )


def test_the_sound_comes_back_whole(speech_server: Any) -> None:
    """At Azure's rate; the interface tells nothing of words, so there are no times."""
    voice = voice_at(speech_server)
    speech = voice.speak(LINE)
    assert (speech.sample_rate_hz, speech.duration_ms, speech.words) == (24_000, 600, ())
    assert speech.pcm == speech_server.pcm_of(600)
    assert (voice.traits.word_times, voice.traits.sample_rate_hz) == (False, 24_000)


def test_hd_voices_get_no_phonemes_and_no_prosody(speech_server: Any) -> None:
    """They take neither: names are respelled, and the sound is stretched and shifted afterwards."""
    voice = voice_at(speech_server, HD, rate=1.2, pitch_semitones=1.0)
    voice.speak(LINE)
    assert speech_server.asked[0].body.decode() == (
        f'{HEAD}en-US"><voice name="{HD}">If <sub alias="hah-mah">Hama</sub> falls, go.</voice></speak>'
    )
    assert (voice.traits.sets_rate, voice.traits.sets_pitch) == (False, False)


@pytest.mark.parametrize(
    ("rate", "semitones", "expected"),
    [(1.0, 0.0, (True, True)), (2.5, 0.0, (False, True)), (1.0, 8.0, (True, False))],
)
def test_what_azure_would_cut_off_is_done_to_the_sound(
    speech_server: Any, rate: float, semitones: float, expected: tuple[bool, bool]
) -> None:
    """Half to twice the rate, half to one and a half times the pitch: more is not asked for."""
    voice = voice_at(speech_server, rate=rate, pitch_semitones=semitones)
    voice.speak(LINE)
    assert (voice.traits.sets_rate, voice.traits.sets_pitch) == expected
    assert b"<prosody" not in speech_server.asked[0].body


def test_a_british_voice_gets_british_phonemes(speech_server: Any) -> None:
    """The signs are those of the voice's language, whatever the station's is."""
    line = Utterance("Go Homer", (Pronounced(3, 8, "hoh-mur", "ˈhoʊmɚ"),))
    voice_at(speech_server, "en-GB-RyanNeural").speak(line)
    assert f'{HEAD}en-GB">' in speech_server.asked[0].body.decode()
    assert 'ph="ˈhəʊmə"' in speech_server.asked[0].body.decode()


@pytest.mark.parametrize("text", ["</voice><voice name='x'>", "AT&T <b>", "a\x00b\x08", "🇺🇸 flags", "\ud800"])
def test_hostile_text_stays_text(speech_server: Any, text: str) -> None:
    """Whatever stands in an article, Azure gets one well-formed document of it."""
    voice_at(speech_server).speak(Utterance(f"So {text} it is"))
    root = ET.fromstring(speech_server.asked[0].body)  # noqa: S314 - our own markup
    assert "".join(root.itertext()) == "So " + re.sub("[\x00-\x08\ud800]", "", text) + " it is"
    assert len(list(root.iter())) == 2


@pytest.mark.parametrize(
    ("status", "headers", "wait_s"),
    [(429, {}, 0.0), (429, {"Retry-After": "7"}, 7.0), (502, {}, 0.0), (503, {"Retry-After": "1"}, 1.0)],
)
def test_what_may_pass_can_be_tried_again(
    speech_server: Any, status: int, headers: dict[str, str], wait_s: float
) -> None:
    """Too many requests, and Azure's own failures, with the wait that it asks for."""
    speech_server.always = speech_server.reply(status=status, headers=headers)
    with pytest.raises(VoiceBusyError) as caught:
        voice_at(speech_server).speak(LINE)
    assert (caught.value.wait_s, caught.value.paid) == (wait_s, False)
    assert len(speech_server.asked) == 1


@pytest.mark.parametrize(
    "make",
    [
        lambda server: server.reply(reset=True),
        lambda server: server.reply(server.wav_of(600), half=True),
        lambda server: server.web_page(),
        lambda server: server.json({"error": {"code": "x", "message": "y"}}),
        lambda server: server.reply(),
        lambda server: server.reply(server.wav_of(600)[:5000]),
    ],
)
def test_an_answer_that_is_no_sound_can_be_tried_again(speech_server: Any, make: Any) -> None:
    """A reset, half an answer, a web page, JSON, nothing: none of them is taken for a line."""
    speech_server.always = make(speech_server)
    with pytest.raises(VoiceBusyError, match=r"^azure: Azure AI Speech ") as caught:
        voice_at(speech_server).speak(LINE)
    assert caught.value.paid == (not speech_server.always.reset)


def test_a_wrong_sample_rate_is_refused_and_an_odd_one_taken(speech_server: Any) -> None:
    """The sound itself tells its rate; one that no speech has is a mistake."""
    speech_server.replies = [speech_server.wav(600, 22_050), speech_server.wav(600, 100)]
    voice = voice_at(speech_server)
    assert voice.speak(LINE).sample_rate_hz == 22_050
    with pytest.raises(VoiceError, match="samples a second"):
        voice.speak(LINE)


def test_a_sound_of_ten_minutes_was_cut_off(speech_server: Any) -> None:
    """Azure ends there without a word, so it is no whole line."""
    speech_server.always = speech_server.wav(600_000, 8_000)
    with pytest.raises(VoiceError, match="ten minutes"):
        voice_at(speech_server).speak(LINE)


def test_a_server_that_stalls_is_left(speech_server: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A line never waits for ever."""
    monkeypatch.setattr(Server, "read_timeout_s", 0.1)
    speech_server.always = speech_server.reply(stall=True)
    with pytest.raises(VoiceBusyError, match="in time"):
        voice_at(speech_server).speak(LINE)


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (400, b"Unsupported voice en-US-NobodyNeural.", "Unsupported voice"),
        (401, b"", "AZURE_SPEECH_KEY"),
        (401, f'{{"error": "bad key {KEY}"}}'.encode(), "AZURE_SPEECH_KEY"),
        (415, b"", "415"),
    ],
)
def test_what_will_not_pass_is_told_without_the_key(
    speech_server: Any, status: int, body: bytes, expected: str
) -> None:
    """An unknown voice or a bad key ends the run, and says why."""
    speech_server.always = speech_server.reply(body, status)
    with pytest.raises(VoiceError, match=expected) as caught:
        voice_at(speech_server).speak(LINE)
    assert not isinstance(caught.value, VoiceBusyError)
    assert KEY not in str(caught.value)


def test_a_server_that_is_not_there_is_told() -> None:
    """Nobody listens on port 1."""
    with pytest.raises(VoiceError, match="cannot be reached"):
        AzureVoice("", Delivery(options={"base_url": "http://127.0.0.1:1"})).speak(LINE)


def test_the_key_is_nowhere_but_in_its_header(speech_server: Any) -> None:
    """Neither identity nor what is printed in a traceback shows it."""
    voice = voice_at(speech_server)
    voice.speak(LINE)
    assert KEY not in "".join([voice.identity, repr(voice), repr(voice._server), speech_server.asked[0].path])
    assert KEY.encode() not in speech_server.asked[0].body


def test_a_missing_key_is_told_before_anything_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    """The message names the variable."""
    monkeypatch.delenv("AZURE_SPEECH_KEY")
    with pytest.raises(VoiceError, match="AZURE_SPEECH_KEY"):
        AzureVoice()


def test_a_missing_region_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both places for it are named."""
    monkeypatch.delenv("AZURE_SPEECH_REGION")
    with pytest.raises(VoiceError, match=r"\[engines.azure\].*AZURE_SPEECH_REGION"):
        AzureVoice()


@pytest.mark.parametrize("region", ["evil.example/#", "a.b", "west europe", "x@y", "../..", "w"])
def test_no_region_sends_the_key_to_another_host(region: str) -> None:
    """It becomes part of the address, so it is looked at first."""
    with pytest.raises(VoiceError, match="is no region"):
        AzureVoice("", Delivery(options={"region": region}))


def test_the_settings_region_comes_before_the_environments() -> None:
    """And the address is Azure's."""
    voice = AzureVoice("", Delivery(options={"region": "eastus2"}))
    assert voice._server.host == "eastus2.tts.speech.microsoft.com"
    assert AzureVoice()._server.host == "westeurope.tts.speech.microsoft.com"


@pytest.mark.parametrize("name", ["Andrew", "AndrewNeural", 'en-US-"><x', "en-US-AndrewNeural\n", "en_US-A"])
def test_a_name_of_another_form_is_refused(name: str) -> None:
    """Before any line is spoken, with how names are made."""
    with pytest.raises(VoiceError, match="en-US-AndrewNeural"):
        AzureVoice(name)


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en-US", "en-US-AndrewNeural"),
        ("en", "en-US-AndrewNeural"),
        ("en-gb", "en-GB-RyanNeural"),
        ("en-SG", "en-US-AndrewNeural"),
        ("de", "de-DE-ConradNeural"),
        ("zh-Hans-CN", "zh-CN-YunyangNeural"),
    ],
)
def test_each_language_has_its_voice(language: str, expected: str) -> None:
    """Its own region's where there is one, else its language's."""
    assert default_voice(language) == expected


def test_a_language_without_a_voice_is_told() -> None:
    """No other language is spoken in its place."""
    with pytest.raises(VoiceError, match="'eo'"):
        AzureVoice("", Delivery(language="eo"))


def test_another_server_is_part_of_the_identity(speech_server: Any) -> None:
    """It may have other voices by the same names; the address of one's own network is not shown."""

    def identity(**options: str) -> str:
        return AzureVoice("", Delivery(rate=1.1, options=options)).identity

    azure = identity(region="westeurope")
    assert azure == identity(region="eastus")
    assert identity(base_url="https://speech.example:8443/path") == f"{azure} speech.example:8443"
    assert identity(base_url=speech_server.url).startswith(f"{azure} server=")


def test_identity_is_all_that_changes_the_sound() -> None:
    """Takes of one voice, rate and pitch are one voice's, wherever the server is."""
    voices = [
        AzureVoice("", Delivery(options={"region": "eastus"})),
        AzureVoice(),
        AzureVoice("", Delivery(rate=1.1)),
        AzureVoice("", Delivery(pitch_semitones=1)),
        AzureVoice("en-US-AvaNeural"),
    ]
    identities = [voice.identity for voice in voices]
    assert identities[0] == identities[1]
    assert len(set(identities)) == 4
    assert {identity.split()[0] for identity in identities} == {"azure"}


def test_the_price_is_told_chinese_characters_twice() -> None:
    """As Azure counts them, for `--dry-run`."""
    prices = [AzureVoice(name).traits.usd_a_million_characters for name in ("", HD, "zh-CN-YunyangNeural")]
    assert prices == [15.0, 22.0, 30.0]


def test_the_catalogue_is_there_without_key_or_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every voice in it can be asked for by its name, and says what it lacks."""
    notes = AzureVoice.catalogue({})
    assert [note.name for note in notes] == list(VOICES)
    for note in notes:
        assert note.usd_a_million_characters == AzureVoice(note.name).traits.usd_a_million_characters
        assert note.name.startswith(note.language)
    assert {note.installed for note in notes} == {True}
    monkeypatch.delenv("AZURE_SPEECH_KEY")
    without = AzureVoice.catalogue({})
    assert {(note.installed, "needs AZURE_SPEECH_KEY" in note.description) for note in without} == {
        (False, True)
    }


def test_many_lines_are_spoken_at_once(speech_server: Any) -> None:
    """Each gets its own sound."""

    def answer(asked: Any) -> Any:
        return speech_server.wav(100 * asked.body.count(b"word"))

    speech_server.always = answer
    voice = voice_at(speech_server)
    with ThreadPoolExecutor(8) as threads:
        spoken = list(threads.map(lambda count: voice.speak(Utterance("word " * count)), range(1, 25)))
    assert [speech.duration_ms for speech in spoken] == [100 * count for count in range(1, 25)]
