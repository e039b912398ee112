"""Headlines are opened up; names, numbers and quoted words stay."""

import datetime as dt

from morning_edition.script.style.airing import VERBATIM, Airing
from morning_edition.script.style.headlines import open_up_headline
from morning_edition.station.settings import Style

DAY = dt.date(2024, 12, 6)


def test_headlines_are_opened_up(written: str, said: str) -> None:
    assert said == open_up_headline(written, Airing(DAY, None, Style()))


def test_headlines_stay_verbatim() -> None:
    assert open_up_headline("WATCH: A & B; C", Airing(DAY, None, VERBATIM)) == "WATCH: A & B; C"


def test_a_day_in_a_headline_is_named_as_in_the_text() -> None:
    airing = Airing(dt.date(2024, 12, 6), dt.date(2024, 12, 5), Style())

    assert open_up_headline("Cabinet meets today", airing) == "Cabinet meets on Thursday"


def test_a_headline_that_is_only_a_label_stays() -> None:
    assert open_up_headline("Video: ", Airing(DAY, None, Style())) == "Video: "
