"""Today, yesterday and tomorrow are told as they are on the day of the edition."""

import datetime as dt

import pytest

from morning_edition.script.style.airing import Airing
from morning_edition.script.style.days import resolve_days
from morning_edition.station.settings import Style

THURSDAY = dt.date(2024, 12, 5)
FRIDAY = dt.date(2024, 12, 6)


def resolve(sentence: str, date: dt.date, article_date: dt.date | None) -> str:
    return resolve_days([sentence], Airing(date, article_date, Style()))[0]


def test_days_are_named_where_the_article_is_of_the_day_before(written: str, said: str) -> None:
    assert said == resolve(written, FRIDAY, THURSDAY)


@pytest.mark.parametrize("article_date", [None, FRIDAY])
def test_days_stay_where_the_article_is_of_the_day_or_of_none(article_date: dt.date | None) -> None:
    assert resolve("He left yesterday.", FRIDAY, article_date) == "He left yesterday."


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (5, "He left on Wednesday night."),
        (6, "He left on December 4 at night."),
        (20, "He left on December 4 at night."),
        (365, "He left on December 4, 2024 at night."),
        (-3, "He left on Wednesday night."),
    ],
)
def test_a_weekday_names_no_day_of_another_week(days: int, said: str) -> None:
    assert said == resolve("He left last night.", THURSDAY + dt.timedelta(days), THURSDAY)


def test_the_first_and_last_days_of_the_calendar_are_days_too() -> None:
    assert resolve("He left yesterday.", FRIDAY, dt.date.min) == "He left yesterday."
    assert resolve("He leaves tomorrow.", FRIDAY, dt.date.max) == "He leaves tomorrow."
