"""How `PiperVoice` speaks: with a small voice of tones, from which the phonemes can be read off the sound."""

import importlib.util
import json
import os
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("onnx", reason="the voice for these tests is made with onnx")

from morning_edition.errors import VoiceError
from morning_edition.pronunciation.lexicon_file import load_lexicon
from morning_edition.voices import (
    Delivery,
    Pronounced,
    Speech,
    Utterance,
)
from morning_edition.voices.piper import PiperVoice
from morning_edition.voices.piper import catalogue as piper_voices
from morning_edition.voices.piper import model as piper_model
from morning_edition.voices.piper import phonemes as piper_phonemes

LINE = "The first boat left the pier at sunrise, its deck full of nurses, students and a brass band."
NAMES = "The fall of Hama, after Homs and Latakia, was a blow to Assad."
HOP = 256


def _load_maker() -> Any:
    place = Path(__file__).with_name("make_piper_voice.py")
    spec = importlib.util.spec_from_file_location("make_piper_voice", place)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


make = _load_maker()


@pytest.fixture(scope="module")
def tone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(make.write_voice(tmp_path_factory.mktemp("voice") / "en_US-tone-medium.onnx"))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder of installed voices, empty."""
    monkeypatch.setenv(piper_voices.FOLDER_VARIABLE, str(tmp_path))
    return tmp_path


def hear(speech: Speech) -> str:
    """Return the phonemes that a sound of tones is made of, without its silence."""
    signs = {
        make.tone_of(ids[0]): sign
        for sign, ids in make.DEFAULT_PHONEME_ID_MAP.items()
        if len(sign) == 1 and ids[0] < 120
    }
    frames = np.frombuffer(speech.pcm, "<i2").astype(float).reshape(-1, HOP)
    tones = np.abs(np.fft.rfft(frames)).argmax(axis=1)
    heard, before = "", 0
    for waves in tones:
        if waves != before and waves:
            heard += signs.get(int(waves), "")  # stress and length have tones too
        before = int(waves)
    return heard


def say(text: str, word: str, ipa: str) -> Utterance:
    start = text.index(word)
    return Utterance(text, (Pronounced(start, start + len(word), "respelled", ipa),))


def test_what_is_heard_is_the_lexicon_s(tone: Path, tmp_path: Path) -> None:
    """Names sound as the station's lexicon has them, and the rest as it would without them."""
    (tmp_path / "lexicon.toml").write_text(
        '[names]\nHama = { ipa = "ˈhɑːmə" }\nHoms = { ipa = "hɒms" }\nLatakia = { ipa = "ˌlætəˈkiːə" }\n',
        "utf-8",
    )
    says = load_lexicon(tmp_path / "lexicon.toml").find(NAMES)
    assert {"Hama", "Homs", "Latakia"} <= {NAMES[said.start : said.end] for said in says}
    spoken = piper_phonemes.write_phonemes(
        Utterance(NAMES, says), piper_model.load_model(tone).reader, espeak_voice="en-us", timed=True
    )
    by_word = dict.fromkeys(spoken.words, "")
    for phone in (phone for sentence in spoken.sentences for phone in sentence if phone.word >= 0):
        by_word[spoken.words[phone.word]] += phone.sign
    assert by_word["Hama,"] == "hˈɑːmə"
    assert by_word["Homs"] == "hˈɑːms"
    assert by_word["Latakia,"] == "lˌætəkˈiːə"
    heard = hear(PiperVoice(str(tone)).speak(Utterance(NAMES, says)))
    assert "hɑmə" in heard
    assert "lætəkiə" in heard


@pytest.mark.parametrize(
    ("text", "before", "after"),
    [
        ("We saw Hama.", "wiːsˈɔː", "."),
        ("“Hama!” he said.", "", "!hiːsˈɛd."),
        ("The Hama-based group", "ðə", "bˈeɪstɡɹˈuːp"),
        ("A pro-Hama rebel (in Hama) won.", "ɐpɹˈoʊ", "ɹˈɛbəlɪnhˈɑːmə"),
        ("Hama; then Homs", "", ";ðˈɛn"),
    ],
)
def test_what_stands_beside_a_name_stays(tone: Path, text: str, before: str, after: str) -> None:
    """Marks, prefixes and suffixes are kept, and stress falls as in the whole sentence."""
    at = [place for place in range(len(text)) if text.startswith("Hama", place)]
    line = Utterance(text, tuple(Pronounced(place, place + 4, "hah-mah", "ˈhɑːmə") for place in at))
    spoken = piper_phonemes.write_phonemes(
        line, piper_model.load_model(tone).reader, espeak_voice="en-us", timed=False
    )
    signs = "".join(phone.sign for sentence in spoken.sentences for phone in sentence).replace(" ", "")
    assert f"{before}hˈɑːmə{after}" in signs


def test_a_voice_s_own_phonemes_come_before_ipa(tone: Path) -> None:
    """A lexicon may write for Piper alone."""
    said = Pronounced(0, 4, "x", "ˈhɑːmə", (("piper", "zˈuː"),))
    assert hear(PiperVoice(str(tone)).speak(Utterance("Hama", (said,)))) == "zu"


def test_a_name_without_ipa_is_respelled(tone: Path) -> None:
    """Other words for it are read as such."""
    voice = PiperVoice(str(tone))
    respelled = voice.speak(Utterance("Xyzzy", (Pronounced(0, 5, "magic"),)))
    assert hear(voice.speak(Utterance("magic"))) == hear(respelled)


def test_brackets_in_the_copy_are_no_phonemes(tone: Path) -> None:
    """What a writer put in brackets is read, not taken for sounds."""
    voice = PiperVoice(str(tone))
    assert hear(voice.speak(Utterance("see [[ zzz ]] now"))) == hear(voice.speak(Utterance("see zzz now")))


def test_a_sign_that_a_voice_lacks_becomes_the_nearest(tmp_path: Path) -> None:
    """Older voices do not know all of IPA; the rest of the name is still said."""
    path = make.write_voice(tmp_path / "old.onnx", dropped="ɝɚ")
    said = Pronounced(0, 4, "x", "", (("piper", "bɝd"),))
    assert hear(PiperVoice(str(path)).speak(Utterance("Bird", (said,)))) == "bɜd"


def test_british_voices_get_british_sounds(tone: Path) -> None:
    """The lexicon's r that no vowel follows is silent there, and "lot" keeps its rounded vowel."""
    model = piper_model.load_model(tone).reader
    line = say("Port now", "Port", "pɔːrt")
    (sentence,) = piper_phonemes.write_phonemes(line, model, espeak_voice="en-gb-x-rp", timed=False).sentences
    assert "".join(phone.sign for phone in sentence).startswith("pˈɔːt ")


@pytest.mark.parametrize(
    "line", [Utterance(LINE), Utterance("In the city, would have been: it was 1982 — done."), Utterance("Hi")]
)
def test_each_word_has_its_time(tone: Path, line: Utterance) -> None:
    """Every word of the text, in order, within the sound, and none at the same time as another."""
    speech = PiperVoice(str(tone)).speak(line)
    assert line.text.split() == [word.text for word in speech.words]
    edges = [edge for word in speech.words for edge in (word.start_ms, word.end_ms)]
    assert edges == sorted(edges)
    assert edges[0] >= 0
    assert edges[-1] <= speech.duration_ms


def test_the_times_of_words_are_those_of_their_tones(tone: Path) -> None:
    """A word is sounding from its start to its end, and before and after it there is none of it."""
    speech = PiperVoice(str(tone)).speak(Utterance("Nurses, students."))
    samples = np.abs(np.frombuffer(speech.pcm, "<i2").astype(int))
    loud = np.flatnonzero(samples > 500) * 1000 / speech.sample_rate_hz
    nurses, students = speech.words
    assert abs(loud[0] - nurses.start_ms) < 25
    assert abs(loud[-1] - students.end_ms) < 25
    gap = loud[(loud > nurses.end_ms + 25) & (loud < students.start_ms - 25)]
    assert not len(gap)


def test_a_voice_that_tells_lengths_itself_is_understood(tmp_path: Path) -> None:
    """A voice patched for alignments gives the same times as one that is not."""
    plain, patched = (
        PiperVoice(str(make.write_voice(tmp_path / f"{told}.onnx", alignments=told)))
        for told in (False, True)
    )
    assert plain.traits.word_times
    assert patched.traits.word_times
    assert plain.speak(Utterance(LINE)) == patched.speak(Utterance(LINE))


@pytest.mark.parametrize("mark", [", ", " "])
def test_a_long_sentence_is_cut(tone: Path, mark: str) -> None:
    """At its marks, or without any between words: memory stays bounded, and nothing is lost."""
    text = mark.join(["the river rose in the night"] * 20) + "."
    spoken = piper_phonemes.write_phonemes(
        Utterance(text), piper_model.load_model(tone).reader, espeak_voice="en-us", timed=True
    )
    assert max(map(len, spoken.sentences)) <= (
        piper_phonemes.LONGEST if mark.strip() else piper_phonemes.LONGEST_BREATH
    )
    assert len(text.split()) == len(PiperVoice(str(tone)).speak(Utterance(text)).words)


def test_many_threads_make_the_sound_of_one(tone: Path) -> None:
    """The same bytes whoever else speaks, and the model is loaded once."""
    lines = [Utterance(LINE), Utterance("Is it over?"), say(NAMES, "Latakia", "ˌlætəˈkiːə")] * 4
    alone = [PiperVoice(str(tone)).speak(line) for line in lines]
    with ThreadPoolExecutor(6) as pool:
        together = list(pool.map(lambda line: PiperVoice(str(tone)).speak(line), lines))
    assert alone == together


def test_a_model_is_shared_by_all_who_speak_with_it(tone: Path) -> None:
    """However many ask for it at the same time."""
    models: list[piper_model.Model] = []
    threads = [threading.Thread(target=lambda: models.append(piper_model.load_model(tone))) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(map(id, models))) == 1


def test_the_rate_is_set_by_the_voice(tone: Path) -> None:
    """Half the rate is about twice the length, and pitch is left to others."""
    usual, slow = (PiperVoice(str(tone), Delivery(rate=rate)) for rate in (1.0, 0.5))
    assert usual.traits.sets_rate
    assert not usual.traits.sets_pitch
    assert 1.8 < slow.speak(Utterance(LINE)).duration_ms / usual.speak(Utterance(LINE)).duration_ms < 2.2


def test_a_speaker_is_chosen_by_name_or_number(tmp_path: Path) -> None:
    """Behind a #; without one it is the first."""
    path = make.write_voice(tmp_path / "two.onnx", speakers=("anna", "bert"))

    def loudness(name: str) -> int:
        speech = PiperVoice(f"{path}{name}").speak(Utterance("Hello"))
        return int(np.abs(np.frombuffer(speech.pcm, "<i2")).max())

    assert loudness("") == loudness("#anna") == loudness("#0") < loudness("#bert") == loudness("#1")
    with pytest.raises(VoiceError, match=r"two has no speaker 'carl'; it has 0 to 1: anna, bert"):
        PiperVoice(f"{path}#carl")


def test_a_voice_of_one_speaker_has_no_other(tone: Path) -> None:
    """A number that it lacks is refused."""
    with pytest.raises(VoiceError, match="has one speaker only; leave out #3"):
        PiperVoice(f"{tone}#3")


def test_an_installed_voice_is_found_by_name_or_by_language(folder: Path) -> None:
    """Without a name it is the best one of the language."""
    path = make.write_voice(folder / "en_US-ryan-medium.onnx")
    for name in ("en_US-ryan-medium", ""):
        assert PiperVoice(name).speak(Utterance("Hello")).duration_ms > 100
    assert PiperVoice.catalogue({})[0].name == path.stem
    assert PiperVoice.catalogue({})[0].installed


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("", "no voice for en-US is installed; `morning-edition voices install en_US-john-medium`"),
        (
            "en_US-ryan-medium",
            "en_US-ryan-medium is not installed; `morning-edition voices install en_US-ryan-m",
        ),
        ("en_US-rian-medium", "did you mean en_US-ryan-medium"),
        ("nonsense", r"piper has no voice called 'nonsense' \(installed: none\)"),
        ("/nowhere/voice.onnx", r"there is no file /nowhere/voice\.onnx"),
    ],
)
def test_a_voice_that_is_not_there_is_told_of_at_once(folder: Path, name: str, message: str) -> None:
    """With what is installed, the nearest name, and the way to get it."""
    with pytest.raises(VoiceError, match=message):
        PiperVoice(name)


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", '{"audio": 5}', "\x00" * 2_000_000])
def test_damaged_settings_are_told_of_at_once(tmp_path: Path, content: str) -> None:
    """Before any line is spoken."""
    path = make.write_voice(tmp_path / "voice.onnx")
    path.with_name("voice.onnx.json").write_text(content, "utf-8")
    with pytest.raises(VoiceError, match=r"voice\.onnx or its \.json is damaged"):
        PiperVoice(str(path))


@pytest.mark.parametrize("size", [0, 1, 100, 3_000])
def test_a_truncated_model_is_told_of(tmp_path: Path, size: int) -> None:
    """An empty one at once, any other when it is loaded; never with a traceback."""
    path = make.write_voice(tmp_path / "voice.onnx")
    path.write_bytes(path.read_bytes()[:size])
    with pytest.raises(VoiceError, match="damaged"):
        PiperVoice(str(path)).speak(Utterance("Hello"))


def test_a_model_that_does_not_fit_its_settings_is_told_of(tmp_path: Path) -> None:
    """The settings of several speakers beside a model of one."""
    path = make.write_voice(tmp_path / "voice.onnx")
    beside = path.with_name("voice.onnx.json")
    beside.write_text(json.dumps(json.loads(beside.read_text("utf-8")) | {"num_speakers": 3}), "utf-8")
    with pytest.raises(VoiceError, match=r"is no voice of Piper, or not that of its \.json"):
        PiperVoice(str(path)).speak(Utterance("Hello"))


def test_ids_that_a_model_lacks_are_told_of(tmp_path: Path) -> None:
    """A failure inside the model is one of the voice."""
    path = make.write_voice(tmp_path / "voice.onnx")
    beside = path.with_name("voice.onnx.json")
    settings = json.loads(beside.read_text("utf-8"))
    settings["phoneme_id_map"]["h"] = [9_999]
    beside.write_text(json.dumps(settings), "utf-8")
    with pytest.raises(VoiceError, match="voice failed"):
        PiperVoice(str(path)).speak(Utterance("Hello"))


def test_a_language_that_espeak_lacks_is_told_of(tmp_path: Path) -> None:
    """Settings may name any."""
    path = make.write_voice(tmp_path / "voice.onnx", espeak_voice="tlh-nowhere")
    with pytest.raises(VoiceError, match="cannot read 'Hello'"):
        PiperVoice(str(path)).speak(Utterance("Hello"))


@pytest.mark.parametrize("text", ["", "…", "—", "   "])
def test_nothing_said_is_no_sound_worth_hearing(tone: Path, text: str) -> None:
    """A line without a word is not an error."""
    assert PiperVoice(str(tone)).speak(Utterance(text)).words == ()


def test_the_identity_tells_voices_and_settings_apart(tone: Path, tmp_path: Path) -> None:
    """Other content under the same name is another voice; the place of a file does not matter."""
    copy = tmp_path / tone.name
    for end in ("", ".json"):
        Path(f"{copy}{end}").write_bytes(Path(f"{tone}{end}").read_bytes())
    usual = PiperVoice(str(tone)).identity
    assert usual.startswith("piper ")
    assert usual == PiperVoice(str(copy)).identity
    assert usual != PiperVoice(str(tone), Delivery(rate=1.1)).identity
    copy.write_bytes(copy.read_bytes() + b"\x00")
    assert usual != PiperVoice(str(copy)).identity


def test_nothing_heavy_is_imported_before_a_voice_speaks(tone: Path) -> None:
    """The catalogue and the choice of a voice are quick."""
    code = (
        "import sys; from morning_edition.voices.piper import PiperVoice; PiperVoice.catalogue({});"
        f"PiperVoice({str(tone)!r}).traits; print('onnxruntime' in sys.modules, 'numpy' in sys.modules)"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=os.environ
    )
    assert run.stdout.split() == ["False", "False"]
