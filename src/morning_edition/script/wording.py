"""Words for numbers, dates and hand-overs, as the script's template says them; English, as all of it is."""

import datetime as dt
import re

from morning_edition.spoken.english.numbers import cardinal, ordinal

LARGEST_IN_WORDS = 20
NUMBERS = tuple(cardinal(number) for number in range(LARGEST_IN_WORDS + 1))
ORDINALS = tuple(ordinal(number) for number in range(LARGEST_IN_WORDS + 1))
HAND_OVERS = ("Next", "Now", "Then", "Also in this story")
"""Said in turn before the titles of chapters."""
HAND_OVER_WORDS = frozenset("next now then also in this story and last moving on a question".split())
"""All that a hand-over may say besides the title."""


def spell_number(number: int) -> str:
    """Return "five" for 5; figures above twenty."""
    return NUMBERS[number] if 0 <= number < len(NUMBERS) else str(number)


def spell_ordinal(number: int) -> str:
    """Return "fifth" for 5 and "21st" for 21."""
    return ORDINALS[number] if 0 <= number < len(ORDINALS) else f"{number}{_suffix(number)}"


def format_spoken_date(date: dt.date) -> str:
    """Return "Friday, December 6th"; the names are English whatever the machine's language is."""
    days = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
    months = ("January February March April May June July August September October November December").split()
    return f"{days[date.weekday()]}, {months[date.month - 1]} {date.day}{_suffix(date.day)}"


def _suffix(number: int) -> str:
    return "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")


def format_hand_over(heading: str, number: int, count: int) -> str:
    """Lead over to a chapter, the *number*-th of *count* that have a title: "Next: Who Pays?".

    The title itself is said as it stands. Where it speaks to the listener by itself, as in "Next steps" or
    "In brief", nothing is said before it that it says already.
    """
    title = " ".join(heading.split())
    lead = "And last" if number == count > 2 else HAND_OVERS[(number - 1) % len(HAND_OVERS)]
    if _says_already(title, lead):
        lead = "Moving on"
    if re.search(r"\?[\"”’»)]*$", title):
        lead = {"And last": "And last, a question", "Moving on": "A question"}.get(
            lead, f"{lead}, a question"
        )
    sign = "," if ": " in title else ":"  # one colon is enough for the ear
    return f"{lead}{sign} {title}" if title else ""


def _says_already(title: str, lead: str) -> bool:
    first = re.findall(r"[^\W\d_]+", title.lower())[:2]
    return bool(
        {"next", "now", "then", "also", "last", "finally", "lastly"} & set(first) & set(lead.lower().split())
    )
