"""Number words: integers and digits to English."""

from morning_edition.spoken.reading import Locale

UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen"
).split()
TENS = "zero ten twenty thirty forty fifty sixty seventy eighty ninety".split()
SCALES = (
    "",
    "thousand",
    "million",
    "billion",
    "trillion",
    "quadrillion",
    "quintillion",
    "sextillion",
    "septillion",
    "octillion",
    "nonillion",
    "decillion",
)
LONGEST_DIGITS = 3 * len(SCALES)
"""A number of more digits has no name, and is said digit by digit."""
IRREGULAR_ORDINALS = {
    "one": "first",
    "two": "second",
    "three": "third",
    "five": "fifth",
    "eight": "eighth",
    "nine": "ninth",
    "twelve": "twelfth",
}
US = Locale()


def cardinal(digits: str | int, locale: Locale = US) -> str:
    """Say a whole number: "two hundred five", or in Britain "two hundred and five"."""
    plain = str(digits).replace(",", "").replace(" ", "")
    if plain.startswith("-"):
        return "minus " + cardinal(plain[1:], locale)
    if len(plain) > LONGEST_DIGITS:
        return spell_digits(plain)
    return _say_integer(int(plain), locale)


def _say_integer(number: int, locale: Locale) -> str:
    if number == 0:
        return UNITS[0]
    groups: list[str] = []
    rest, scale = number, 0
    while rest:
        rest, group = divmod(rest, 1000)
        if group:
            joined = scale == 0 and rest and group < 100 and not locale.is_american
            said = ("and " if joined else "") + _say_hundreds(group, locale)
            groups.append(f"{said} {SCALES[scale]}".rstrip())
        scale += 1
    return " ".join(reversed(groups))


def _say_hundreds(number: int, locale: Locale) -> str:
    hundreds, rest = divmod(number, 100)
    parts = [f"{UNITS[hundreds]} hundred"] if hundreds else []
    if rest:
        parts += ["and"] if hundreds and not locale.is_american else []
        parts.append(_say_tens(rest))
    return " ".join(parts)


def _say_tens(number: int) -> str:
    if number < 20:
        return UNITS[number]
    tens, units = divmod(number, 10)
    return TENS[tens] + (f"-{UNITS[units]}" if units else "")


def ordinal(digits: str | int, locale: Locale = US) -> str:
    """Say a place in an order: "twenty-first"."""
    said = cardinal(digits, locale)
    head, last = said[: (cut := max(said.rfind(" "), said.rfind("-")) + 1)], said[cut:]
    if last in IRREGULAR_ORDINALS:
        return head + IRREGULAR_ORDINALS[last]
    return head + (last[:-1] + "ieth" if last.endswith("y") else last + "th")


def spell_digits(digits: str, zero: str = "zero") -> str:
    """Say each digit; whatever else stands between them is passed over."""
    return " ".join(UNITS[int(digit)] if int(digit) else zero for digit in digits if digit.isdecimal())


def decimal(number: str, locale: Locale = US) -> str:
    """Say "3.14" as "three point one four", ".5" as "point five"; a whole number stays one."""
    whole, point, fraction = number.partition(".")
    said = cardinal(whole, locale) if whole.strip(",") else ""
    return f"{said} point {spell_digits(fraction)}".strip() if point and fraction else said


def year(digits: str | int, locale: Locale = US) -> str:
    """Say a year: "nineteen ninety-nine", "nineteen oh five", "two thousand nine", "twenty twenty-four"."""
    number = int(digits)
    century, rest = divmod(number, 100)
    if not 1000 <= number < 10000 or (century % 10 == 0 and rest < 10):
        return cardinal(number, locale)
    if rest == 0:
        return f"{_say_tens(century)} hundred"
    return f"{_say_tens(century)} {'oh ' if rest < 10 else ''}{_say_tens(rest)}"


def short_year(digits: str) -> str:
    """Say the last two digits of a year: "oh three", "sixty-nine"."""
    return spell_digits(digits, "oh") if digits[0] == "0" else cardinal(digits)


def decade(digits: str | int) -> str:
    """Say the decade or century that begins with a year: "nineteen nineties", "two thousands", "eighties"."""
    return pluralise(year(digits) if int(digits) >= 1000 else cardinal(digits))


def pair_digits(digits: str) -> str:
    """Say a code in its usual groups: "seven thirty-seven" for 737, "forty-seven eleven" for 4711."""
    if len(digits) < 3 or len(digits) > 4 or digits[0] == "0":
        return spell_digits(digits)
    head, tail = cardinal(digits[:-2]), digits[-2:]
    if tail == "00":
        return f"{head} hundred"
    return f"{head} oh {UNITS[int(tail)]}" if tail[0] == "0" else f"{head} {_say_tens(int(tail))}"


def pluralise(word: str) -> str:
    """Return the plural of number words: "nineties", "sixes", "hundreds"."""
    if word.endswith("y"):
        return word[:-1] + "ies"
    return word + ("es" if word.endswith("x") else "s")
