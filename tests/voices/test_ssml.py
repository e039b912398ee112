"""Lines as SSML: what each service gets, and which word of the line is where in it."""

import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from morning_edition.voices import Pronounced, Speech, Utterance
from morning_edition.voices.ssml import (
    AZURE,
    AZURE_HD,
    GOOGLE,
    GOOGLE_STUDIO,
    POLLY,
    POLLY_GENERATIVE,
    Dialect,
    fit_ipa,
    time_words,
    write_ssml,
)

DIALECTS = (POLLY, POLLY_GENERATIVE, GOOGLE, GOOGLE_STUDIO, AZURE, AZURE_HD)
HAMA = Pronounced(3, 7, "hah-mah", "ˈhɑːmə")
LINE = Utterance("If Hama falls", (HAMA,))
RATE_HZ = 8_000
AZURE_HEAD = '<speak version="1.0" xmlns="http://www.w3.org/2001/10/synthesis" xml:lang="en-US">'


def said(text: str, word: str, respelling: str, ipa: str = "") -> Utterance:
    at = text.index(word)
    return Utterance(text, (Pronounced(at, at + len(word), respelling, ipa),))


def write(line: Utterance, dialect: Dialect, language: str = "en-US", **more: str) -> str:
    return write_ssml(line, dialect, language=language, voice="V", prosody=more).text


def heard(ssml: str) -> str:
    """Return what is between the tags."""
    return "".join(ET.fromstring(ssml).itertext())  # noqa: S314 - our own markup


def tone(*loud_ms: tuple[int, int], length_ms: int) -> Speech:
    """Return a sound that is loud between these times."""
    samples = np.zeros(RATE_HZ * length_ms // 1000, "<i2")
    for start_ms, end_ms in loud_ms:
        samples[RATE_HZ * start_ms // 1000 : RATE_HZ * end_ms // 1000] = 8_000
    return Speech(samples.tobytes(), RATE_HZ)


@pytest.mark.parametrize(
    ("dialect", "expected"),
    [
        (POLLY, '<speak>If <phoneme alphabet="ipa" ph="ˈhɑmə">Hama</phoneme> falls</speak>'),
        (POLLY_GENERATIVE, '<speak>If <sub alias="hah-mah">Hama</sub> falls</speak>'),
        (
            GOOGLE,
            '<speak><mark name="w0"/>If <mark name="w1"/><phoneme alphabet="ipa" ph="ˈhɑmə">Hama</phoneme> '
            '<mark name="w2"/>falls</speak>',
        ),
        (GOOGLE_STUDIO, '<speak>If <phoneme alphabet="ipa" ph="ˈhɑmə">Hama</phoneme> falls</speak>'),
        (
            AZURE,
            f'{AZURE_HEAD}<voice name="V">'
            'If <phoneme alphabet="ipa" ph="ˈhɑmə">Hama</phoneme> falls</voice></speak>',
        ),
        (
            AZURE_HD,
            f'{AZURE_HEAD}<voice name="V">If <sub alias="hah-mah">Hama</sub> falls</voice></speak>',
        ),
    ],
)
def test_each_service_gets_a_name_in_the_most_exact_form_that_it_takes(
    dialect: Dialect, expected: str
) -> None:
    """IPA where the service takes it, the respelling elsewhere; marks and voice only where they are taken."""
    assert expected == write(LINE, dialect)


def test_rate_and_pitch_stand_around_the_whole_line() -> None:
    """The prosody asked for is inside the voice, around everything that is said."""
    ssml = write(Utterance("Hello."), AZURE, rate="+10%", pitch="-2st")
    assert ssml.endswith('<voice name="V"><prosody rate="+10%" pitch="-2st">Hello.</prosody></voice></speak>')


def test_other_words_are_said_in_a_names_place() -> None:
    """Where only other words were given, they are an alias, for services that take IPA too."""
    line = said("The UNHCR said", "UNHCR", "refugee agency")
    assert write(line, POLLY) == '<speak>The <sub alias="refugee agency">UNHCR</sub> said</speak>'


def test_a_heteronym_without_phonemes_is_left_as_it_is_written() -> None:
    """A word respelled as itself needs no alias."""
    line = said("They lead today", "lead", "lead", "liːd")
    assert write(line, POLLY_GENERATIVE) == "<speak>They lead today</speak>"


def test_each_word_of_a_name_has_its_own_phonemes() -> None:
    """A phoneme tag holds one word, and each word of a name is still timed."""
    line = said("As Abu Zar spoke", "Abu Zar", "ah-boo zar", "ˈɑːbuː zɑːr")
    expected = (
        '<speak><mark name="w0"/>As <mark name="w1"/><phoneme alphabet="ipa" ph="ˈɑbu">Abu</phoneme> '
        '<mark name="w2"/><phoneme alphabet="ipa" ph="zɑɹ">Zar</phoneme> <mark name="w3"/>spoke</speak>'
    )
    assert expected == write(line, GOOGLE)


def test_a_name_with_other_words_than_its_sounds_is_said_in_one_tag() -> None:
    """No space gets into the phonemes, where services know no such sign."""
    line = said("Call 911 now", "911", "nine one one", "naɪn wʌn wʌn")
    assert '<phoneme alphabet="ipa" ph="naɪn.wʌn.wʌn">911</phoneme>' in write(line, POLLY)


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en-US", "ɹɑk.ˈgoʊɹi ˈtɝi"),
        ("en", "ɹɑk.ˈgoʊɹi ˈtɝi"),
        ("en-GB", "ɹɒk.ˈgəʊɹiː ˈtɜːɹiː"),
        ("en-AU", "ɹɒk.ˈgəʊɹiː ˈtɜːɹiː"),
        ("de-DE", "rɒx.ˈɡoʊri ˈtɝi"),
    ],
)
def test_phonemes_are_those_of_the_voices_own_english(language: str, expected: str) -> None:
    """Services ignore or refuse a sign that is not in their table for the language."""
    assert expected == fit_ipa("rɒx.ˈɡoʊri ˈtɝi", language)


AMERICAN_TABLE = set("b d ð f g h j k l m n ŋ p ɹ s ʃ t θ v w z ʒ ə ɚ æ ɑ ɝ ɛ i ɪ ɔ u ʊ ʌ e a o".split())
BRITISH_TABLE = set("b d ð f g h j k l m n ŋ p ɹ s ʃ t θ v w z ʒ ə æ ɑ ɜ e ɛ i ɪ ɒ ɔ u ʊ ʌ a ː".split())


@pytest.mark.parametrize(("language", "table"), [("en-US", AMERICAN_TABLE), ("en-GB", BRITISH_TABLE)])
def test_every_phoneme_of_ours_has_signs_in_the_services_tables(language: str, table: set[str]) -> None:
    """None of the sounds that the lexicon can hold makes a service drop the name."""
    from morning_edition.pronunciation.phonemes import CONSONANTS, VOWELS

    assert not set(fit_ipa(" ".join(VOWELS | CONSONANTS), language)) - table - {" "}


HOSTILE = [
    "</speak><break time='10s'/>",
    'AT&T says "no" & <b>goes</b>',
    "]]> <!-- &amp; &#x0; <?xml?>",
    "a\x00b\x07c\x1b[0m \ufffe \ud83d end",
    "flags 🇺🇸 and 👩‍🚀 fly",
    "café عربي 中文",
    "   ",
    "",
]


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_becomes_a_tag_or_breaks_the_markup(text: str, dialect: Dialect) -> None:
    """Whatever an article holds, the service gets well-formed markup with just that text in it."""
    ssml = write(Utterance(text), dialect, rate='1"><x', pitch="&")
    readable = re.sub("[\x00-\x08\x0e-\x1f\ufffe\ud800-\udfff]", "", text)
    assert heard(ssml) == readable


@pytest.mark.parametrize("dialect", DIALECTS)
def test_no_pronunciation_becomes_a_tag(dialect: Dialect) -> None:
    """Attributes are as safe as the text."""
    line = said("Say X now", "X", 'a"/><break\n', 'i"<&>')
    assert heard(write(line, dialect)) == "Say X now"
    assert not re.search(r"<(?!/?(speak|voice|sub|phoneme|mark)\b)", write(line, dialect))


def test_a_forbidden_space_still_parts_words() -> None:
    """A vertical tab, which XML cannot hold, is a space: two words stay two."""
    assert heard(write(Utterance("one\x0btwo\x1fthree"), GOOGLE)) == "one two three"


@st.composite
def utterances(draw: st.DrawFn) -> Utterance:
    text = draw(st.text(max_size=60))
    cuts = sorted(draw(st.sets(st.integers(0, len(text)), max_size=6)))
    pairs = [pair for pair in zip(cuts[::2], cuts[1::2], strict=False) if text[slice(*pair)].strip()]
    says = [
        Pronounced(start, end, draw(st.text(min_size=1)), draw(st.sampled_from(["", "hɑː", "hɑː mə"])))
        for start, end in pairs
    ]
    return Utterance(text, tuple(says))


@given(line=utterances(), dialect=st.sampled_from(DIALECTS))
def test_any_line_is_well_formed_and_holds_its_text(line: Utterance, dialect: Dialect) -> None:
    """Nothing is lost but what XML forbids, and each mark stands before its word."""
    ssml = write_ssml(line, dialect, language="en-US", voice="V")
    root = ET.fromstring(ssml.text.encode())  # noqa: S314 - our own markup
    shown = re.sub(r"\s", "", "".join(root.itertext()))
    allowed = re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]|\\s", "", line.text)
    assert shown == allowed
    numbers = [number for _, number in ssml.places]
    assert numbers == sorted(set(numbers))
    assert set(numbers) <= set(range(len(line.text.split())))


def test_a_byte_of_the_markup_belongs_to_the_word_that_it_is_in() -> None:
    """Places count bytes, tags included, as services that report words do."""
    line = said("Über Hama – “Homs” & so", "Hama", "hah-mah", "ˈhɑːmə")
    ssml = write_ssml(line, POLLY, language="en-US")
    raw = ssml.text.encode()
    places = {
        word: ssml.find_word(raw.index(word.encode())) for word in ("Über", "Hama", "Homs", "&amp;", "so")
    }
    assert places == {"Über": 0, "Hama": 1, "Homs": 3, "&amp;": 4, "so": 5}
    assert ssml.find_word(raw.index(b"<phoneme")) == 1
    assert (ssml.find_word(0), ssml.find_word(10_000)) == (0, 5)
    assert write_ssml(Utterance(""), POLLY, language="en-US").find_word(3) == 0


def test_a_word_ends_with_its_sound_or_where_the_next_begins() -> None:
    """A pause is in no word."""
    words = time_words("One, two three", {0: 50, 1: 500, 2: 700}, tone((50, 300), (500, 900), length_ms=1000))
    assert [(word.text, word.start_ms, word.end_ms) for word in words] == [
        ("One,", 50, 300),
        ("two", 500, 700),
        ("three", 700, 900),
    ]


def test_words_without_a_time_share_their_neighbours_by_letters() -> None:
    """A name in one tag is one report; its words still have times."""
    words = time_words("As Abu Omar came", {0: 0, 1: 200, 3: 900}, tone((0, 1200), length_ms=1200))
    assert [(word.text, word.start_ms, word.end_ms) for word in words] == [
        ("As", 0, 200),
        ("Abu", 200, 500),
        ("Omar", 500, 900),
        ("came", 900, 1200),
    ]


@pytest.mark.parametrize("starts", [{}, {7: 100}, {-1: 100}])
def test_without_reports_there_are_no_times(starts: dict[int, int]) -> None:
    """Times are never made up."""
    assert time_words("One two", starts, tone((0, 500), length_ms=500)) == ()


def test_times_out_of_order_or_past_the_end_are_put_in_order() -> None:
    """What a service reports wrongly never makes a word that ends before it begins."""
    words = time_words("a b c d", {0: 300, 1: 100, 2: -5, 3: 9_000}, tone((0, 1000), length_ms=1000))
    times = [edge for word in words for edge in (word.start_ms, word.end_ms)]
    assert times == sorted(times)
    assert times[-1] <= 1000


def test_a_silent_sound_gives_times_without_looking_for_its_end() -> None:
    """A word in silence lasts until the next."""
    words = time_words("a b", {0: 0, 1: 400}, tone(length_ms=800))
    assert [(word.start_ms, word.end_ms) for word in words] == [(0, 400), (400, 800)]
