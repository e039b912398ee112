"""lexicon.toml: read strictly, including others, and added to without harm."""

import tomllib
from pathlib import Path

import pytest

from morning_edition.errors import LexiconError
from morning_edition.pronunciation.lexicon_file import STARTER, add_names, load_lexicon, read_starter
from morning_edition.pronunciation.pls import read_pls, to_value, write_pls
from morning_edition.spoken import to_spoken


def write(folder: Path, **files: str) -> Path:
    """Write *files* by their stems and return the first one's path."""
    for name, text in files.items():
        path = folder / f"{name.replace('__', '/')}.toml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return folder / f"{next(iter(files))}.toml"


def said(path: Path, text: str, language: str = "en-US") -> list[str]:
    return [found.respelling for found in load_lexicon(path, language).find(text)]


def test_without_a_file_there_is_the_starter(tmp_path: Path) -> None:
    assert said(tmp_path / "lexicon.toml", "Kyiv and Latakia") == ["keev"]


def test_a_station_s_own_answer_comes_first(tmp_path: Path) -> None:
    """Before what it includes, the later include before the earlier, and all before the starter."""
    path = write(
        tmp_path,
        lexicon='include = ["one.toml", "deep/two.toml"]\n[names]\nHama = "HAH-mah"\n',
        one='[names]\nHama = "ONE"\nHoms = "ONE"\nIdlib = "ONE"\n',
        deep__two='include = ["../three.toml"]\n[names]\nHoms = "TOO"\n',
        three='[names]\nKyiv = "THREE"\nIdlib = "THREE"\n',
    )

    assert said(path, "Hama Homs Idlib Kyiv Kharkiv") == ["hah-mah", "too", "three", "three", "khar-kiv"]


def test_the_starter_can_be_left_out(tmp_path: Path) -> None:
    assert said(write(tmp_path, lexicon="starter = false"), "Kyiv") == []


def test_entries_are_for_their_language(tmp_path: Path) -> None:
    """A file's language is that of its entries that name none; a list has one for each."""
    path = write(
        tmp_path,
        lexicon='language = "de"\n[names]\nHama = "HAH-mah"\nHoms = { ipa = "hɔms", language = "en" }\n'
        'Derby = [{ ipa = "dɑːbi", language = "en-GB" }, { ipa = "dɝbi", language = "en-US" }]',
    )

    assert said(path, "Hama Homs Derby", "de-AT") == ["hah-mah"]
    assert said(path, "Hama Homs Derby", "en-US") == ["hawms", "dur-bee"]
    assert said(path, "Hama Homs Derby", "en-GB") == ["hawms", "dah-bee"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[names", ": not valid TOML: Expected ']'"),
        ('[names]\n# a comment\nHama = "H4H"', ":3: 'Hama': '4' in column 2"),
        ('[names]\n"A = B" = "H4H"', ":2: 'A = B': '4' in column 2"),
        ('Hama = "HAH-mah"', ":1: unknown key 'Hama'; names belong under [names]"),
        ("nams = 3", ":1: unknown key 'nams'; known are names, include, language, starter"),
        ("names = 3", ": names must be a table, as in [names]"),
        ('include = "x.toml"', ": include must be a list of files"),
        ('include = ["/etc/lexicon.toml"]', "must be a path from this file's own folder"),
        ('include = ["~/lexicon.toml"]', "must be a path from this file's own folder"),
        ('include = ["C:/lexicon.toml"]', "must be a path from this file's own folder"),
        ('include = ["absent.toml"]', "absent.toml: there is no such file"),
        ('include = ["lexicon.toml"]', "includes go round in a circle (lexicon.toml includes lexicon.toml)"),
        ('include = ["."]', "cannot be read"),
        ("starter = 1", ": starter must be true or false"),
        ("language = 1\n[names]\nHama = 'HAH'", ': language must be a tag, as in "en"'),
        ("x = " + "[" * 100_000, ": not valid TOML"),
        ("\udcff", ": not UTF-8 text"),
    ],
)
def test_a_lexicon_that_is_wrong_is_told_with_its_place(tmp_path: Path, text: str, message: str) -> None:
    """One line names the file, the line where there is one, and the way out."""
    path = tmp_path / "lexicon.toml"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(LexiconError) as refused:
        load_lexicon(path)

    assert str(path) in str(refused.value)
    assert message in str(refused.value)
    assert "\n" not in str(refused.value)


def test_one_file_included_twice_is_no_circle(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        lexicon='include = ["one.toml", "two.toml"]',
        one='include = ["shared.toml"]',
        two='include = ["shared.toml"]',
        shared='[names]\nHama = "HAH-mah"',
    )

    assert said(path, "Hama") == ["hah-mah"]


def test_a_name_is_added_and_all_else_stays(tmp_path: Path) -> None:
    """Comments, order and other tables are as before; a name that has a line gets its answer there."""
    path = write(
        tmp_path,
        lexicon='# Ours.\nlanguage = "en"\n\n[names] # here\nHama = "HAH-mah" # old\n'
        '"A = B" = "HAY" \n\n# end\n',
    )
    add_names(path, {"Hama": "HUM-ah", "Abu Mohammed": "AH-boo moh-HAH-med", "A = B": "BEE"})

    assert path.read_text("utf-8") == (
        '# Ours.\nlanguage = "en"\n\n[names] # here\nHama = "HUM-ah"\n"A = B" = "BEE"\n\n# end\n'
        '"Abu Mohammed" = "AH-boo moh-HAH-med"\n'
    )


@pytest.mark.parametrize(
    "text", [None, "", "# nothing\n", "starter = true", "[names]", "[names.Hama]\nsay='x'"]
)
def test_a_name_can_be_added_to_any_file(tmp_path: Path, text: str | None) -> None:
    path = tmp_path / "lexicon.toml"
    if text is not None:
        path.write_text(text, "utf-8")
    add_names(path, {"Homs": "/ˈhɔms/"})

    assert said(path, "Homs") == ["hawms"]
    assert tomllib.loads(path.read_text("utf-8"))["names"]["Homs"] == "/ˈhɔms/"


@pytest.mark.parametrize(
    "text",
    ['names = { Hama = "HAH-mah" }', '[names]\nHama = """\nHAH\n"""', '[names]\nHama = [\n{ say = "x" },\n]'],
)
def test_a_file_that_cannot_be_added_to_is_left_as_it_is(tmp_path: Path, text: str) -> None:
    path = write(tmp_path, lexicon=text)
    with pytest.raises(LexiconError, match=r"write the names in by hand|: 'Hama'"):
        add_names(path, {"Hama": "HUM-ah"})

    assert path.read_text("utf-8") == text


def test_an_answer_that_cannot_be_said_is_not_added(tmp_path: Path) -> None:
    with pytest.raises(LexiconError, match="'Hama': '4' in column 2"):
        add_names(tmp_path / "lexicon.toml", {"Hama": "H4H"})

    assert not (tmp_path / "lexicon.toml").exists()


# The starter.


def test_the_starter_s_names_can_be_said_and_name_their_source() -> None:
    entries = read_starter()

    assert len(entries) > 150
    for entry in entries:
        assert entry.sounds, entry.name
        assert entry.source, entry.name
        assert any(sound.stress == 1 for sound in entry.sounds), entry.name


@pytest.mark.parametrize("language", ["en-US", "en-GB"])
def test_the_starter_s_names_reach_the_voice(tmp_path: Path, language: str) -> None:
    """No reading of the spoken form changes one before the lexicon is asked."""
    lexicon = load_lexicon(tmp_path / "lexicon.toml", language)
    for entry in lexicon.entries:
        spoken = to_spoken(f"He spoke of “{entry.name}” and left.", language, keep=lexicon.keep)
        assert entry.name in [spoken[found.start : found.end] for found in lexicon.find(spoken)], spoken


def test_the_starter_is_in_order() -> None:
    """Each name stands once, so that an editor finds it."""
    names = [entry.name.casefold() for entry in read_starter()]

    assert len(names) == len({*names})
    assert STARTER.stat().st_size < 100_000


# The W3C's form.

PLS = """<?xml version="1.0" encoding="UTF-8"?>
<lexicon version="1.0" xmlns="http://www.w3.org/2005/01/pronunciation-lexicon"
  alphabet="ipa" xml:lang="en-US">
  <meta name="x" content="y"/>
  <lexeme>
    <grapheme>Latakia</grapheme><grapheme>Ladhiqiyah</grapheme>
    <phoneme>ˌlætəkiə</phoneme><phoneme prefer="true">ˌlætəˈkiːə</phoneme>
    <phoneme alphabet="x-espeak">l,at@k'i:@</phoneme><example>x</example>
  </lexeme>
  <lexeme><grapheme>R&amp;D</grapheme><alias>research
    and development</alias></lexeme>
</lexicon>
"""


def test_a_pls_document_is_read() -> None:
    """Each spelling gets the preferred pronunciation; an alias is other words."""
    entries = {entry.name: to_value(entry) for entry in read_pls(PLS.encode())}
    said = {"ipa": "ˌlætəˈkiːə", "language": "en-US", "phonemes": {"espeak": "l,at@k'i:@"}}

    assert entries == {
        "Latakia": said,
        "Ladhiqiyah": said,
        "R&D": {"say": "research and development", "language": "en-US"},
    }


def test_a_pls_document_comes_back_as_it_went(tmp_path: Path) -> None:
    """Written, read, and put into a lexicon.toml, the entries are the same."""
    entries = read_pls(PLS.encode())
    assert read_pls(write_pls(entries, "en-US").encode()) == entries
    path = tmp_path / "lexicon.toml"
    add_names(path, {entry.name: to_value(entry) for entry in entries})

    assert load_lexicon(path, with_starter=False).entries == entries


def document(body: str, attributes: str = 'alphabet="ipa" xml:lang="en"') -> str:
    return f'<lexicon xmlns="http://www.w3.org/2005/01/pronunciation-lexicon" {attributes}>\n{body}</lexicon>'


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "names.pls: not valid XML: no element found"),
        ("<lexicon>", "names.pls:1: the root is not <lexicon> of http"),
        ("<!DOCTYPE l [<!ENTITY a 'b'>]><l>&a;</l>", "names.pls:1: it has a DOCTYPE"),
        (document("<lexeme><grapheme>a</grapheme></lexeme>"), "names.pls:2: a lexeme needs a grapheme"),
        (document("<lexeme><grapheme>a</grapheme><phoneme>4</phoneme></lexeme>"), "names.pls:2: 'a': '4' in"),
        (
            document("<lexeme><grapheme>a</grapheme><phoneme>x</phoneme></lexeme>", 'alphabet="x-sampa-x"'),
            "names.pls:2: the alphabet 'x-sampa-x' is not known; ipa is",
        ),
        (document("<a>" * 100_000), "names.pls:2: elements stand more than 50 deep"),
    ],
)
def test_a_pls_document_that_is_wrong_is_told_with_its_line(content: str, message: str) -> None:
    """Entities are refused before one can be blown up."""
    with pytest.raises(LexiconError) as refused:
        read_pls(content.encode(), name="names.pls")

    assert str(refused.value).startswith(message)
