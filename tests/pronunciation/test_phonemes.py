"""IPA, ARPABET, respellings and eSpeak's mnemonics: the same sounds in each of them."""

import contextlib
import time

import pytest

from morning_edition.pronunciation import cmudict
from morning_edition.pronunciation.mnemonics import write_mnemonics
from morning_edition.pronunciation.phonemes import (
    PhonemeError,
    parse_arpabet,
    parse_ipa,
    split_syllables,
    write_ipa,
)
from morning_edition.pronunciation.respelling import parse_respelling, write_plain, write_respelling


def dictionary(letter: str) -> list[str]:
    """Return every pronunciation of the words that begin with *letter*."""
    shelf = cmudict._open_shelf(letter)
    return sorted({line.split(" ", 1)[1] for line in shelf.splitlines() if line})


@pytest.mark.parametrize(
    ("arpabet", "ipa"),
    [
        ("D AH0 M AE1 S K AH0 S", "dəˈmæskəs"),
        ("W AA1 SH IH0 NG T AH0 N", "ˈwɑːʃɪŋtən"),
        ("S T R EY1 N JH", "ˈstreɪndʒ"),
        ("B AE1 T ER0 IY0", "ˈbætɚi"),
        ("N AH1 T SH EH2 L", "ˈnʌtˌʃɛl"),
        ("D AH0 R T AE1 NG Y AH0 N", "də.rˈtæŋjən"),
    ],
)
def test_arpabet_becomes_ipa(arpabet: str, ipa: str) -> None:
    """Stress stands before the syllable, and a dot parts what would be read as one sign."""
    assert write_ipa(parse_arpabet(arpabet)) == ipa


@pytest.mark.parametrize("letter", ["d", "h", "x", "z"])
def test_ipa_reads_back_every_word_of_the_dictionary(letter: str) -> None:
    for arpabet in dictionary(letter):
        sounds = parse_arpabet(arpabet)
        assert parse_ipa(write_ipa(sounds)) == sounds, arpabet


@pytest.mark.parametrize(
    ("given", "ipa"),
    [
        ("/ˌlætəˈkiːə/", "ˌlætəˈkiːə"),
        ("[maˈkʁɔ̃]", "mɑːˈkroʊn"),
        ("t͡ʃaˈʃɪŋ", "tʃɑːˈʃɪŋ"),
        ("ˈfɜːrst ˈwɔːtər", "ˈfɝst ˈwɔːtɚ"),
        ("ˈmɛəri", "ˈmɛri"),
        ("ɕì tɕîn.pʰǐŋ", "ʃi tʃinpiŋ"),
        ("ˈpaɲa", "ˈpɑːnjɑː"),
    ],
)
def test_ipa_of_other_hands_and_languages_is_brought_to_english(given: str, ipa: str) -> None:
    """Slashes, brackets, ties, tones and foreign sounds come to the nearest that a newsreader would say."""
    assert write_ipa(parse_ipa(given)) == ipa


@pytest.mark.parametrize(
    ("respelling", "ipa"),
    [
        ("lah-tah-KEE-ah", "lɑːtɑːˈkiːɑː"),
        ("lah-tah-KEE'-ah", "lɑːtɑːˈkiːɑː"),
        ("LAH'-tah", "ˈlɑːtɑː"),
        ("AHB-dur-RAH-mahn", "ˌɑːbdɚˈrɑːmɑːn"),
        ("zuh-LEN-skee", "zəˈlɛnski"),
        ("shee jin-PING", "ˈʃiː dʒɪnˈpɪŋ"),
        ("KEEV", "ˈkiːv"),
        ("WUUS-ter", "ˈwʊstɚ"),
        ("mih-TSOH-tah-kis", "mɪtˈsoʊtɑːkɪs"),
        ("kane", "ˈkeɪn"),
        ("lih-byuh", "lɪbjə"),
        ("KHAHN YOO-nis", "ˈxɑːn ˈjuːnɪs"),
    ],
)
def test_newspaper_respellings_are_read(respelling: str, ipa: str) -> None:
    """Capitals or an apostrophe are the stress; a lone syllable has it anyway."""
    assert write_ipa(parse_respelling(respelling)) == ipa


@pytest.mark.parametrize("letter", ["z", "k"])
def test_a_written_respelling_sounds_the_same_when_it_is_read(letter: str) -> None:
    """Nearly always: English spelling has no sure sign for a short a before r, and a few more."""
    words = [parse_arpabet(arpabet) for arpabet in dictionary(letter)]
    same = sum(
        [sound.phone for sound in parse_respelling(write_respelling(word))] == [sound.phone for sound in word]
        for word in words
    )

    assert same > 0.95 * len(words)


@pytest.mark.parametrize(
    ("respelling", "plain"),
    [
        ("lah-tah-KEE-ah", "lah-tah-kee-ah"),
        ("zuh-LEN-skee", "zuh-len-skee"),
        ("BASH-ar", "bash-ahr"),
        ("MY-ahm-ee", "my-ah-mee"),
        ("EYES-en", "eye-sen"),
        ("WUUS-ter shee", "woo-stur shee"),
    ],
)
def test_the_plain_form_has_no_capitals_that_an_engine_would_spell_out(respelling: str, plain: str) -> None:
    assert write_plain(parse_respelling(respelling)) == plain


@pytest.mark.parametrize(
    ("ipa", "american", "british"),
    [
        ("ˌlætəˈkiːə", ",lat@'ki:@", ",lat@'ki:@"),
        ("ˈhɒmz", "'hA:mz", "'h0mz"),
        ("kɑːr", "'kA@", "'kA@"),
        ("lɛd", "'lEd", "'lEd"),
        ("ðə", "D@", "D@"),
        ("æl ɡoʊˈlɑːni", "al goU'lA:ni", "al goU'lA:ni"),
        ("əl kəliːf", "@l k@'li:f", "@l k@'li:f"),
        ("ˈwɔːtɚ", "'wO:t3", "'wO:t@"),
        ("ˈhʌri ˈbɝd", "'hVri 'b3:d", "'hVri 'b3:d"),
        ("ˈbeɪrd", "'beIrd", "'beId"),
        ("ˈhɑːtˌʃɑːt", "'hA:t,SA:t", "'hA:t,SA:t"),
        ("ˈsɪriə", "'sIri|@", "'sIri|@"),
    ],
)
def test_espeak_gets_its_own_letters(ipa: str, american: str, british: str) -> None:
    """An r that no vowel follows is not heard in British; a bar parts what would be one phoneme.

    What has no stress at all gets one, since the engine would swallow it.
    """
    assert write_mnemonics(parse_ipa(ipa)) == american
    assert write_mnemonics(parse_ipa(ipa), british=True) == british


@pytest.mark.parametrize(
    ("parse", "given", "message"),
    [
        (parse_ipa, "ab€c", "'€' in column 3 is no sign of IPA"),
        (parse_ipa, "ˈã3", "'3' in column 3 is no sign of IPA"),
        (parse_ipa, "ˈ.", "'ˈ.' holds no sound"),
        (parse_ipa, "", "'' holds no sound"),
        (parse_arpabet, "D AX0 M", "'AX0' in column 3 is no phone of ARPABET"),
        (parse_respelling, "lah-t4h", "'4' in column 6 is no letter of a respelling"),
        (parse_respelling, "lah-tah äh", "'ä' in column 9 is no letter of a respelling"),
        (parse_respelling, "mon-AMI", "'AMI' in column 5 is no syllable; part syllables with hyphens"),
        (parse_respelling, "- '", '"- \'" holds no sound'),
        (parse_respelling, "a" * 300, "a respelling of 300 characters; 200 are the most"),
    ],
)
def test_what_is_no_pronunciation_is_told_by_sign_and_column(parse, given: str, message: str) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
    with pytest.raises(PhonemeError) as refused:
        parse(given)

    assert str(refused.value) == message


@pytest.mark.parametrize("piece", ["tsch", "y", "yn", "nk", "a", "aʊ", "ˈ", "̃", "dge", "wr-"])
def test_hostile_pronunciations_take_no_time(piece: str) -> None:
    """No row of letters is tried in all the ways that it could be cut."""
    begun = time.process_time()
    for parse, longest in ((parse_respelling, 200), (parse_ipa, 20_000)):
        with contextlib.suppress(PhonemeError):
            parse((piece * longest)[:longest])

    assert time.process_time() - begun < 1


def test_syllables_begin_with_as_many_consonants_as_english_words_do() -> None:
    cut = [
        "-".join("".join(sound.phone for sound in part) for part in split_syllables(parse_ipa(word)))
        for word in ("æstrə", "ɪŋlɪʃ", "hæpnɪŋ", "str")
    ]

    assert cut == ["æ-strə", "ɪŋ-lɪʃ", "hæp-nɪŋ", "str"]
