"""Times and dates as listeners and players read them."""

import datetime as dt

import pytest

from morning_edition.outlets.times import clock, length_of, seconds_of, short_clock, spell_date, timestamp


@pytest.mark.parametrize(
    ("time_ms", "stamp", "shown", "fragment"),
    [
        (0, "00:00:00.000", "00:00", "0"),
        (62_530, "00:01:02.530", "01:02", "62.53"),
        (600_000, "00:10:00.000", "10:00", "600"),
        (3_661_001, "01:01:01.001", "1:01:01", "3661.001"),
    ],
)
def test_a_time_is_written_as_its_reader_wants_it(
    time_ms: int, stamp: str, shown: str, fragment: str
) -> None:
    assert stamp == timestamp(time_ms)
    assert stamp.replace(".", ",") == timestamp(time_ms, ",")
    assert shown == clock(time_ms)
    assert fragment == seconds_of(time_ms)


@pytest.mark.parametrize(
    ("duration_ms", "length"),
    [(20_000, "under a minute"), (62_530, "1 min"), (3_599_000, "1 h 0 min"), (3_900_000, "1 h 5 min")],
)
def test_a_length_is_told_in_minutes(duration_ms: int, length: str) -> None:
    assert length == length_of(duration_ms)


def test_a_date_is_spelled_in_english() -> None:
    assert spell_date(dt.date(2024, 12, 6)) == "December 6, 2024"


@pytest.mark.parametrize(
    ("time_ms", "shown"),
    [(0, "0:00"), (42_999, "0:42"), (72_500, "1:12"), (600_000, "10:00"), (3_723_000, "1:02:03")],
)
def test_players_count_minutes_without_a_nought_before(time_ms: int, shown: str) -> None:
    assert short_clock(time_ms) == shown
