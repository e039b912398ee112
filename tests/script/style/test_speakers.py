"""Who speaks is named before the words, and the words are read as a quotation."""

from morning_edition.script.style.airing import VERBATIM, Styled
from morning_edition.script.style.speakers import place_speakers
from morning_edition.station.settings import Style


def lines_of(shown: str) -> list[Styled]:
    return [
        Styled(line.removeprefix("> "), "quote" if line.startswith("> ") else None)
        for line in shown.split(" | ")
    ]


def test_speakers_come_first_and_quotations_have_their_role(written: str, said: str) -> None:
    assert lines_of(said) == place_speakers(written.split(" | "), Style())


def test_speakers_come_first_on_one_line_where_quotations_have_no_role() -> None:
    style = Style(quotations=False)

    assert [Styled("Ono said: “It rains."), Styled("We wait.”")] == place_speakers(
        ["“It rains.", "We wait,” said Ono."], style
    )
    assert [Styled("Ono said: “It rains.”")] == place_speakers(["Ono said: “It rains.”"], style)


def test_quotations_have_their_role_where_speakers_stay() -> None:
    style = Style(speaker_first=False)

    assert [Styled("“It rains."), Styled("We wait,” said Ono.")] == place_speakers(
        ["“It rains.", "We wait,” said Ono."], style
    )
    assert [Styled("Ono said:"), Styled("“It still rains here.”", "quote")] == place_speakers(
        ["Ono said: “It still rains here.”"], style
    )


def test_nothing_is_placed_verbatim() -> None:
    assert [Styled("“It rains,” said Ono.")] == place_speakers(["“It rains,” said Ono."], VERBATIM)
