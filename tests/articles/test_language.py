"""The language of an article is known by its words, and told when it is not the station's."""

import sys

import pytest

from morning_edition.articles.language import (
    SAMPLE_CHARACTERS,
    choose_language,
    detect_language,
    language_note,
)

SAMPLES = {
    "en": "The mayor said on Monday that the pier would open again, and that it had cost less.",
    "de": "Der Bürgermeister sagte am Montag, der Pier werde wieder geöffnet und habe weniger gekostet.",
    "fr": "Le maire a déclaré lundi que la jetée rouvrirait et que les travaux avaient coûté moins.",
    "es": "El alcalde dijo el lunes que el muelle volverá a abrir y que las obras han costado menos.",
    "it": "Il sindaco ha detto lunedì che il molo riaprirà e che i lavori sono costati meno.",
    "nl": "De burgemeester zei maandag dat de pier weer open gaat en dat het minder heeft gekost.",
    "pt": "O prefeito disse na segunda-feira que o cais vai reabrir e que as obras custaram menos.",
    "ru": "Мэр сообщил в понедельник, что причал снова откроют и что ремонт обошёлся дешевле, чем опасались.",
    "ar": "قال رئيس البلدية يوم الاثنين إن الرصيف سيفتح من جديد وإن الإصلاحات كلفت أقل مما كان متوقعا.",
    "ja": "市長は月曜日、桟橋が再び開くと述べ、修理の費用は心配されたほど高くなかったと語った。",
    "zh": "市长星期一表示，码头将重新开放，修缮费用比预期的要低。",
    "ko": "시장은 월요일 부두가 다시 문을 열 것이며 수리 비용이 예상보다 적게 들었다고 말했다.",
    "el": "Ο δήμαρχος είπε τη Δευτέρα ότι η προβλήτα θα ανοίξει ξανά και ότι κόστισε λιγότερο.",
}


@pytest.mark.parametrize("language", SAMPLES)
def test_a_paragraph_tells_its_language(language: str) -> None:
    """One sentence is enough."""
    assert detect_language(SAMPLES[language] * 2) == language


@pytest.mark.parametrize("text", ["", "Hama", "12 34 56 78 90 11 12", "!!! ???", "Aleppo Homs Hama"])
def test_what_could_be_any_language_is_none(text: str) -> None:
    """Names and figures tell nothing."""
    assert detect_language(text) == ""


def test_english_needs_no_model(monkeypatch: pytest.MonkeyPatch) -> None:
    """It would take a second to load, for every article."""
    monkeypatch.setitem(sys.modules, "py3langid", None)
    monkeypatch.setitem(sys.modules, "py3langid.langid", None)
    assert detect_language(SAMPLES["en"]) == "en"
    assert detect_language(SAMPLES["ja"]) == "ja"


@pytest.mark.parametrize(
    ("declared", "language"),
    [("en", "en"), ("en_GB", "en-GB"), ("EN-us", "en-US"), ("de", "en"), ("", "en"), ("english!", "en")],
)
def test_a_page_is_believed_unless_its_words_say_otherwise(declared: str, language: str) -> None:
    """Many systems say "en" whatever the page holds."""
    assert choose_language(declared, SAMPLES["en"]) == language
    assert choose_language("fr", "Hama") == "fr"


@pytest.mark.parametrize(
    ("language", "station", "note"),
    [
        ("de", "en-US", "the article is in German (de); the station speaks en-US"),
        ("zh-Hans", "en-US", "the article is in Chinese (zh-Hans); the station speaks en-US"),
        ("tlh", "en-US", "the article is in tlh; the station speaks en-US"),
        ("en-GB", "en-US", ""),
        ("", "en-US", ""),
    ],
)
def test_another_language_than_the_stations_is_told(language: str, station: str, note: str) -> None:
    """Its region does not matter."""
    assert language_note(language, station) == note


@pytest.mark.parametrize("piece", ["a", "é ", "的", "1", "aaaa "])
def test_long_texts_take_no_longer(piece: str) -> None:
    """Only their beginning is looked at."""
    assert detect_language(piece * 200_000) == detect_language((piece * 200_000)[:SAMPLE_CHARACTERS])
