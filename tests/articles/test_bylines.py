"""A byline is the writers' names and nothing else, or it is empty."""

import datetime as dt

import pytest

from morning_edition.articles.bylines import clean_byline, join_names
from morning_edition.articles.dates import date_in_url, read_date


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("Ana Ruiz", "Ana Ruiz"),
        ("By Ana Ruiz", "Ana Ruiz"),
        ("by ANA RUIZ", "Ana Ruiz"),
        ("By Ana Ruiz, Bay Post", "Ana Ruiz"),
        ("By Ana Ruiz and Bo Lee", "Ana Ruiz and Bo Lee"),
        ("Ana Ruiz, Bo Lee, Cy Day", "Ana Ruiz, Bo Lee and Cy Day"),
        ("Ana Ruiz; Bo Lee", "Ana Ruiz and Bo Lee"),
        ("Ana Ruiz | Bo Lee", "Ana Ruiz and Bo Lee"),
        ("Ana Ruiz, Chief Political Correspondent", "Ana Ruiz"),
        ("Ana Ruiz Political Editor", "Ana Ruiz"),
        ("Ana Ruiz, Ana Ruiz", "Ana Ruiz"),
        ("Martin King, Jr.", "Martin King Jr."),
        ("Kate O'Hara", "Kate O'Hara"),
        ("J. Mansour", "J. Mansour"),
        ("Ana de la Cruz", "Ana de la Cruz"),
        ("Anna Ūdre", "Anna Ūdre"),
        ("By Kim In-sung for Bay Post", "Kim In-sung"),
        ("Moon Jae-in", "Moon Jae-in"),
        ("严玉洁", "严玉洁"),
        ("", ""),
        ("Bay Post", ""),
        ("admin", ""),
        ("Staff", ""),
        ("Bay Post Staff", ""),
        ("National Desk", ""),
        ("Submitted", ""),
        ("https://bay.example/ana", ""),
        ("ana@bay.example", ""),
        ("@anaruiz", ""),
        ("Posted 5 December 2024", ""),
        ("the people who saw it happen and wrote to us", ""),
        ("x" * 5000, ""),
    ],
)
def test_a_byline_is_names_alone(written: str, said: str) -> None:
    """Roles, desks, addresses and the publication are no names."""
    assert clean_byline(written, outlet="Bay Post") == said


def test_many_writers_are_not_all_named() -> None:
    """Four are enough for the ear."""
    names = [f"{first} Lee" for first in ("Ana", "Bo", "Cy", "Di", "Eve", "Flo")]
    assert join_names(names) == "Ana Lee, Bo Lee, Cy Lee and Di Lee"
    assert join_names([]) == ""


@pytest.mark.parametrize(
    "text",
    """
    2024-12-05
    2024-12-05T23:30:00-05:00
    2024-12-05T23:30:00.000Z
    2024/12/05 10:00
    20241205
    20241205T101500Z
    December 5, 2024
    Dec. 5, 2024, 10:03 a.m. ET
    Thursday, 5 December 2024
    5th December 2024
    Thu, 05 Dec 2024 06:00:00 -0500
    """.strip().splitlines(),
)
def test_a_day_is_read_in_its_usual_forms(text: str) -> None:
    """In its own time zone."""
    assert read_date(text) == dt.date(2024, 12, 5)


@pytest.mark.parametrize(
    "text", ["", "today", "03/04/2024", "2024-13-05", "0001-01-01", "99999999", "May", "x" * 9999]
)
def test_what_names_no_certain_day_is_none(text: str) -> None:
    """Third of April or fourth of March?"""
    assert read_date(text) is None


def test_an_address_may_hold_the_day() -> None:
    """As those of many papers do."""
    assert date_in_url("https://bay.example/2024/12/05/pier") == dt.date(2024, 12, 5)
    assert date_in_url("https://bay.example/2024/pier/12/05") is None
