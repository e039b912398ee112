"""`names` and `lexicon`: what to check before air, the answers, and how they travel."""

import json
import tomllib
import wave
from pathlib import Path
from typing import Any

import pytest

ARTICLE = """\
Zimbrona Bridge Reopens

The bridge of Zimbrona reopened on Friday. Peter Qovar, the mayor of Zimbrona, cut the ribbon.
"""


@pytest.fixture
def story(tmp_path: Path) -> Path:
    path = tmp_path / "story.txt"
    path.write_text(ARTICLE, "utf-8")
    return path


def test_names_are_listed_with_how_they_would_be_said(run: Any, story: Path) -> None:
    """Count, name and IPA on one line, the first sentence below it."""
    done = run("names", "story.txt", "--voice", "espeak")
    first, sentence, second, _ = done.stdout.splitlines()

    assert first.split() == ["3", "Zimbrona", "zɪmbɹˈoʊnə"]
    assert sentence.strip() == "The bridge of Zimbrona reopened on Friday."
    assert second.split()[:3] == ["1", "Peter", "Qovar"]
    assert "--add" in done.stderr


def test_a_voice_that_cannot_tell_leaves_its_place_empty(run: Any, story: Path) -> None:
    names = json.loads(run("names", "story.txt", "--voice", "tone", "--json").stdout)["names"]

    assert [(name["name"], name["kind"], name["count"], name["ipa"], name["file"]) for name in names] == [
        ("Zimbrona", "name", 3, "", None),
        ("Peter Qovar", "name", 1, "", None),
    ]


def test_an_answer_goes_to_the_lexicon_and_is_not_asked_again(run: Any, story: Path, tmp_path: Path) -> None:
    """The next run knows it, in this article and in every other; the voice says it so."""
    before = run("say", "Zimbrona", "-o", "before.wav", "--voice", "espeak")
    done = run("names", "story.txt", "--voice", "tone", "--add", "Zimbrona=zim-broh-NAH")
    after = run("say", "Zimbrona", "-o", "after.wav", "--voice", "espeak")

    assert (before.returncode, done.returncode, after.returncode) == (0, 0, 0)
    assert done.stdout.splitlines()[0].split() == ["1", "Peter", "Qovar"]
    assert tomllib.loads((tmp_path / "lexicon.toml").read_text("utf-8"))["names"] == {
        "Zimbrona": "zim-broh-NAH"
    }
    assert (tmp_path / "before.wav").read_bytes() != (tmp_path / "after.wav").read_bytes()
    run("names", "story.txt", "--voice", "tone", "--add", "Qovar=koh-VAR")
    nothing = run("names", "story.txt", "--voice", "tone")
    assert (nothing.stdout, nothing.stderr) == ("", "every name is in the dictionary or in the lexicon\n")


def test_names_can_be_heard(run: Any, story: Path, tmp_path: Path) -> None:
    """One WAV file a name, in order, in a folder that is made."""
    done = run("names", "story.txt", "--voice", "tone", "--say", "out/names")
    files = sorted((tmp_path / "out" / "names").iterdir())

    assert [file.name for file in files] == ["01-zimbrona.wav", "02-peter-qovar.wav"]
    assert [line.strip() for line in done.stdout.splitlines()[2::3]] == [
        f"out/names/{file.name}" for file in files
    ]
    for file in files:
        with wave.open(str(file)) as sound:
            assert sound.getnframes() > 1000


def test_a_lexicon_travels_as_pls(run: Any, story: Path, tmp_path: Path) -> None:
    """What is exported and imported again says the same; without a file it is printed."""
    run("names", "story.txt", "--voice", "tone", "--add", "Zimbrona=zim-BROH-nah")
    exported = run("lexicon", "export", "-o", "names.pls")
    printed = run("lexicon", "export")
    (tmp_path / "lexicon.toml").unlink()
    imported = run("lexicon", "import", "names.pls")

    assert (exported.stdout, imported.stdout) == ("names.pls\n", "lexicon.toml\n")
    assert printed.stdout == (tmp_path / "names.pls").read_text("utf-8")
    assert "<grapheme>Zimbrona</grapheme>" in printed.stdout
    entry = tomllib.loads((tmp_path / "lexicon.toml").read_text("utf-8"))["names"]["Zimbrona"]
    assert entry == {"ipa": "zɪmˈbroʊnɑː", "language": "en-US"}
    assert run("lexicon", "export", "--starter").stdout.count("<lexeme>") > 150


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        (("names",), 2, "Missing argument"),
        (("names", "absent.txt"), 1, "morning-edition: absent.txt"),
        (("names", "story.txt", "--add", "Zimbrona"), 2, "give it as NAME=RESPELLING"),
        (("names", "story.txt", "--add", "=x"), 2, "give it as NAME=RESPELLING"),
        (("names", "story.txt", "--add", "Zimbrona=z1m"), 1, "'Zimbrona': '1' in column 2"),
        (("names", "story.txt", "--say", "story.txt"), 2, "story.txt is no folder"),
        (("lexicon", "import", "absent.pls"), 1, "morning-edition: absent.pls: cannot be read"),
        (("lexicon", "import", "story.txt"), 1, "morning-edition: story.txt: not valid XML"),
        (("lexicon", "export", "-o", "no/names.pls"), 2, "in a folder that is not there"),
    ],
)
def test_what_goes_wrong_is_told(
    arguments: tuple[str, ...], status: int, message: str, run: Any, story: Path
) -> None:
    done = run(
        *arguments, *(["--voice", "tone"] if "story.txt" in arguments and arguments[0] == "names" else [])
    )

    assert (done.returncode, "Traceback" in done.stderr) == (status, False)
    assert message in " ".join((done.stderr or done.stdout).split())


def test_a_broken_lexicon_is_told_with_its_line(run: Any, story: Path, tmp_path: Path) -> None:
    (tmp_path / "lexicon.toml").write_text('[names]\nZimbrona = "z1m"\n', "utf-8")
    done = run("names", "story.txt", "--voice", "tone")

    assert done.returncode == 1
    assert done.stderr == (
        "morning-edition: lexicon.toml:2: 'Zimbrona': '1' in column 2 is no letter of a respelling\n"
    )
