"""A lexicon finds names as people write them: whole, in their case, with an s, the longest first."""

import time

import pytest

from morning_edition.errors import LexiconError
from morning_edition.pronunciation.entries import Entry, read_entry
from morning_edition.pronunciation.lexicon import Lexicon

ENTRIES: dict[str, object] = {
    "Latakia": "lah-tah-KEE-ah",
    "Golani": "goh-LAH-nee",
    "Abu Mohammed al-Golani": "AH-boo moh-HAH-med ahl-goh-LAH-nee",
    "HTS": {"letters": True},
    "Nice": "NEES",
    "mpox": {"respelling": "EM-poks", "case": False},
    "Polish": {"respelling": "POH-lish", "case": True},
    "ATACMS": {"say": "attack 'ems"},
    "J. D. Vance": "JAY DEE VANS",
    "Sana'a": "sah-NAH",
    "São Paulo": "SOW POW-loh",
    "Marsh": {"ipa": "mɑːrʃ"},
    "F-16": {"say": "F sixteen"},
    "Xerk": {"phonemes": {"espeak": "z'3:k"}},
}


def lexicon_of(*names: str) -> Lexicon:
    return Lexicon(tuple(read_entry(name, ENTRIES[name]) for name in names or ENTRIES))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("In Latakia they wait.", {"Latakia": "lɑːtɑːˈkiːɑː"}),
        ("Latakia’s port, Latakia's end", {"Latakia’s": "lɑːtɑːˈkiːɑːz", "Latakia's": "lɑːtɑːˈkiːɑːz"}),
        ("LATAKIA FALLS", {"LATAKIA": "lɑːtɑːˈkiːɑː"}),
        ("Latakian, Platakia, latakia", {}),
        ("Marsh's men", {"Marsh's": "mɑːrʃɪz"}),
        ("Abu Mohammed al-Golani spoke", {"Abu Mohammed al-Golani": "ˈɑːbuː moʊˈhɑːmɛd ɑːlɡoʊˈlɑːni"}),
        ("Mohammed al-Golani spoke", {"Golani": "ɡoʊˈlɑːni"}),
        ("Abu Mohammed, al-Golani spoke", {"Golani": "ɡoʊˈlɑːni"}),
        ("the HTS and the hts, HTS's", {"HTS": "ˈeɪtʃ ˈtiː ˈɛs", "HTS's": "ˈeɪtʃ ˈtiː ˈɛsɪz"}),
        ("Nice is nice in NICE", {"Nice": "ˈniːs", "NICE": "ˈniːs"}),
        ("Mpox and mpox and MPOX", {"Mpox": "ˈɛmpɒks", "mpox": "ˈɛmpɒks", "MPOX": "ˈɛmpɒks"}),
        ("Polish the Polish, POLISH", {"Polish": "ˈpoʊlɪʃ"}),
        ("J.D. Vance and J. D. Vance", {"J.D. Vance": "ˈdʒeɪ ˈdiː ˈvæns", "J. D. Vance": "ˈdʒeɪ ˈdiː ˈvæns"}),
        ("Sana’a and São Paulo", {"Sana’a": "sɑːˈnɑː", "São Paulo": "ˈsaʊ ˈpaʊloʊ"}),
        ("", {}),
    ],
)
def test_names_are_found_where_they_stand(text: str, found: dict[str, str]) -> None:
    says = lexicon_of().find(text)
    heard = {text[said.start : said.end]: said.ipa for said in says}

    assert heard == found


def test_each_engine_finds_its_own_form() -> None:
    """Plain letters for those that take nothing else, IPA, and what was written for one engine alone."""
    text = "Latakia, ATACMS, HTS and Xerk"
    forms = [(said.respelling, said.ipa, said.phonemes) for said in lexicon_of().find(text)]

    assert forms == [
        ("lah-tah-kee-ah", "lɑːtɑːˈkiːɑː", ()),
        ("attack 'ems", "", ()),
        ("aych tee es", "ˈeɪtʃ ˈtiː ˈɛs", ()),
        ("Xerk", "", (("espeak", "z'3:k"),)),
    ]


def test_the_first_of_two_entries_counts() -> None:
    lexicon = Lexicon((read_entry("Hama", "HAH-mah"), read_entry("Hama", "HAY-mah")))

    assert [said.respelling for said in lexicon.find("Hama")] == ["hah-mah"]
    assert [said.respelling for said in lexicon.with_entries([Entry("Hama", "HUM-ah")]).find("Hama")] == [
        "hum-ah"
    ]


def test_the_copy_s_own_answers_come_first() -> None:
    """In a respelling or in IPA; one that cannot be said is told by its name."""
    lexicon = lexicon_of().with_answers([("Latakia", "lat-uh-KEE-uh"), ("Homs", "/hɔms/")])

    assert [said.respelling for said in lexicon.find("Latakia, Homs, Nice")] == [
        "lat-uh-kee-uh",
        "hawms",
        "nees",
    ]
    with pytest.raises(LexiconError, match=r"^'Homs': '4' in column 2"):
        lexicon_of().with_answers([("Homs", "h4ms")])


def test_a_fingerprint_tells_one_lexicon_from_another() -> None:
    assert lexicon_of().fingerprint == lexicon_of().fingerprint
    assert len({lexicon_of().fingerprint, lexicon_of("Nice").fingerprint, Lexicon().fingerprint}) == 3


@pytest.mark.parametrize(
    ("name", "covered"),
    [
        ("Latakia", True),
        ("Latakia’s", True),
        ("Nice Latakia", True),
        ("Rami Latakia", False),
        ("Hama", False),
        ("", False),
    ],
)
def test_a_name_is_covered_when_all_its_words_are(name: str, covered: bool) -> None:
    assert lexicon_of().covers(name) == covered


def test_what_a_reading_might_change_is_kept() -> None:
    """Names with digits, signs or capitals inside must reach the voice as the lexicon has them."""
    keep = lexicon_of().keep

    assert keep
    assert keep.findall("An F-16 and ATACMS hit HTS; HTSX, J. D. Vance; Latakia") == [
        "F-16",
        "ATACMS",
        "HTS",
        "J. D. Vance",
    ]
    assert lexicon_of("Latakia").keep is None
    assert Lexicon().keep is None


@pytest.mark.parametrize("piece", ["Abu Mohammed ", "J.", "Latakia’", "al-", "x", "’", " ", "J. D. "])
def test_finding_takes_linear_time(piece: str) -> None:
    lexicon = lexicon_of()
    begun = time.process_time()
    lexicon.find((piece * 250_000)[:250_000])

    assert time.process_time() - begun < 4


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("Hama", 3, 'must be a respelling, as in "lah-tah-KEE-ah", or a table'),
        ("…", "HAH-mah", "a name needs a letter"),
        ("x" * 101, "HAH-mah", "has at most 100 characters"),
        ("Hama", {}, "says nothing; give it one of respelling, ipa"),
        ("Hama", "", "says nothing"),
        ("Hama", {"respeling": "x"}, "has an unknown key 'respeling'; did you mean respelling?"),
        ("Hama", {"respelling": "HAH", "ipa": "hɑː"}, "is said in 2 ways (respelling, ipa); keep one"),
        ("Hama", {"ipa": 3}, "ipa must be text of one line"),
        ("Hama", {"letters": "yes"}, "letters must be true or false"),
        ("Hama", {"phonemes": "x"}, "phonemes must be a table"),
        ("Hama", {"phonemes": {"espeak": "[[x]]"}}, "phonemes.espeak must be the engine's own phonemes"),
        ("Hama", "H4H-mah", "'4' in column 2"),
        ("Hama", "/h4/", "'4' in column 2"),
        ("Łódź", {"letters": True}, "'ł' is no letter that can be spelled out; use `say`"),
    ],
)
def test_an_entry_that_cannot_be_said_is_refused(name: str, value: object, message: str) -> None:
    with pytest.raises(ValueError, match=r".") as refused:
        read_entry(name, value)

    assert message in str(refused.value)
