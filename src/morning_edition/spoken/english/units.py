"""Units: how each symbol is said, one and many, in American spelling; British spelling is made from it."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from morning_edition.patterns import compile_late
from morning_edition.spoken.reading import Locale


class Unit(NamedTuple):
    """The names of one unit."""

    one: str
    many: str


def _unit(one: str, many: str = "") -> Unit:
    if many:
        return Unit(one, many)
    head, per, tail = one.partition(" per ")
    return Unit(one, head + ("" if head.endswith(("hertz", "power", "M")) else "s") + per + tail)


_PREFIXES = {
    "T": "tera",
    "G": "giga",
    "M": "mega",
    "k": "kilo",
    "h": "hecto",
    "d": "deci",
    "c": "centi",
    "m": "milli",
    "µ": "micro",
    "μ": "micro",
    "n": "nano",
}
_PREFIXED = (
    ("m", "meter", "kdcmµμn"),
    ("g", "gram", "kmµμn"),
    ("L", "liter", "hdcmµμM"),
    ("l", "liter", "hdcmµμ"),
    ("W", "watt", "TGMkm"),
    ("Wh", "watt hour", "TGMk"),
    ("Hz", "hertz", "TGMk"),
    ("V", "volt", "kmM"),
    ("A", "ampere", "km"),
    ("Ah", "ampere hour", "m"),
    ("J", "joule", "GMk"),
    ("N", "newton", "Mk"),
    ("Pa", "pascal", "GMkh"),
    ("eV", "electron volt", "TGMk"),
    ("Ω", "ohm", "Mk"),
    ("Bq", "becquerel", "TGMk"),
    ("Sv", "sievert", "mµμ"),
    ("Gy", "gray", "m"),
    ("B", "byte", "TGMk"),
    ("bit", "bit", "TGMk"),
    ("bps", "bit per second", "TGMk"),
    ("s", "second", "mµμn"),
    ("mol", "mole", "m"),
    ("cal", "calorie", "k"),
    ("pc", "parsec", "Mk"),
)
_NAMED = {
    "m": "meter",
    "g": "gram",
    "L": "liter",
    "l": "liter",
    "W": "watt",
    "Wh": "watt hour",
    "Hz": "hertz",
    "V": "volt",
    "eV": "electron volt",
    "Ω": "ohm",
    "bps": "bit per second",
    "h": "hour",
    "min": "minute",
    "s": "second",
    "sec": "second",
    "yr": "year",
    "wks": "week",
    "mos": "month",
    "yd": "yard",
    "mi": "mile",
    "nmi": "nautical mile",
    "ha": "hectare",
    "lb": "pound",
    "oz": "ounce",
    "gal": "gallon",
    "qt": "quart",
    "bbl": "barrel",
    "mcg": "microgram",
    "mph": "mile per hour",
    "km/h": "kilometer per hour",
    "mpg": "mile per gallon",
    "kn": "knot",
    "pts": "point",
    "MP": "megapixel",
    "tsp": "teaspoon",
    "tbsp": "tablespoon",
    "rpm": "R P M",
    "psi": "P S I",
    "bpm": "beat per minute",
    "fps": "frame per second",
    "hp": "horsepower",
    "bhp": "brake horsepower",
    "shp": "shaft horsepower",
    "mbar": "millibar",
    "atm": "atmosphere",
    "mmHg": "millimeter of mercury",
    "dB": "decibel",
    "lm": "lumen",
    "ppm": "part per million",
    "ppb": "part per billion",
    "kb": "kilobit",
    "Mb": "megabit",
    "Gb": "gigabit",
    "PB": "petabyte",
    "sqm": "square meter",
    "sqkm": "square kilometer",
    "Nm": "newton meter",
    "ft-lb": "foot-pound",
    "t": "tonne",
}
_IRREGULAR = {
    "in": Unit("inch", "inches"),
    "ft": Unit("foot", "feet"),
    "K": Unit("kelvin", "kelvin"),
    "cwt": Unit("hundredweight", "hundredweight"),
    "cc": Unit("C C", "C C"),
    "mmHg": Unit("millimeter of mercury", "millimeters of mercury"),
    "inHg": Unit("inch of mercury", "inches of mercury"),
    "sqft": Unit("square foot", "square feet"),
    "lb-ft": Unit("pound-foot", "pound-feet"),
    "fl oz": Unit("fluid ounce", "fluid ounces"),
}
_ALIASES = {
    "KG": "kg",
    "Kg": "kg",
    "kgs": "kg",
    "KM": "km",
    "Km": "km",
    "kms": "km",
    "CM": "cm",
    "MM": "mm",
    "ML": "mL",
    "KW": "kW",
    "kw": "kW",
    "kwh": "kWh",
    "KWh": "kWh",
    "mhz": "MHz",
    "Mhz": "MHz",
    "ghz": "GHz",
    "Ghz": "GHz",
    "KHz": "kHz",
    "khz": "kHz",
    "HP": "hp",
    "MPH": "mph",
    "kph": "km/h",
    "KPH": "km/h",
    "m.p.h": "mph",
    "k.p.h": "km/h",
    "r.p.m": "rpm",
    "m.p.g": "mpg",
    "kmh": "km/h",
    "kmph": "km/h",
    "KMH": "km/h",
    "kt": "kn",
    "kts": "kn",
    "hr": "h",
    "hrs": "h",
    "mins": "min",
    "secs": "sec",
    "yrs": "yr",
    "yds": "yd",
    "lbs": "lb",
    "ft-lbs": "ft-lb",
    "ug": "mcg",
    "KB": "kB",
    "mb": "MB",
    "gb": "GB",
    "tb": "TB",
    "mbps": "Mbps",
    "gbps": "Gbps",
    "kbit": "kb",
    "Kbps": "kbps",
}

UNITS = {p + symbol: _unit(_PREFIXES[p] + name) for symbol, name, prefixes in _PREFIXED for p in prefixes}
UNITS |= {symbol: _unit(name) for symbol, name in _NAMED.items()} | _IRREGULAR
UNITS |= {alias: UNITS[symbol] for alias, symbol in _ALIASES.items()}
BELOW = {
    name: name
    for name in "mile year month week day hour minute second person capita barrel head game".split()
} | {
    "d": "day",
    "a": "year",
    "wk": "week",
    "mo": "month",
    "°C": "degree Celsius",
    "s²": "second squared",
    "s2": "second squared",
}
"""What stands after "/" alone; units do besides."""
WORDS = {
    "miles": Unit("mile", "miles"),
    "feet": Unit("foot", "feet"),
    "meters": Unit("meter", "meters"),
    "metres": Unit("meter", "meters"),
}
"""What stands after "sq." and "cu." besides."""
LENGTHS = ("km", "cm", "mm", "nmi", "ft", "in", "yd", "mi", "dm", "µm", "μm", "nm", "m")
_POWERS = {"2": "square", "²": "square", "3": "cubic", "³": "cubic"}
_BRITISH = compile_late(r"(?<=met|lit)er(?=s?\b)")


def _alternatives(symbols: Iterable[str]) -> str:
    return "|".join(re.escape(symbol) for symbol in sorted(symbols, key=len, reverse=True))


SIMPLE = rf"(?:{_alternatives(UNITS)})"
_LENGTH = rf"(?:{_alternatives(LENGTHS)})"
_SQUARED = (
    rf"(?:(?:sq|cu)\b\.?[ -]?(?:{_alternatives((*LENGTHS, *WORDS))})|{_LENGTH}(?:[²³]|\^?[23](?![0-9])))"
)
WHOLE = rf"(?:{_SQUARED}|{SIMPLE})"
PATTERN = rf"(?:{WHOLE}(?:[ ]?/[ ]?(?:100[ ]?km|{_SQUARED}|{SIMPLE}|{_alternatives(BELOW)}))?(?![\w²³]))"
"""Any unit or quotient of two, whole."""


def name_unit(written: str, locale: Locale, *, plural: bool) -> str:
    """Say a unit that `PATTERN` matched: "km²" is "square kilometers", "mg/dL" "milligrams per deciliter"."""
    above, _, below = written.partition("/")
    said = _name_whole(above.strip(), plural=plural)
    if below := below.strip():
        if below.startswith("100"):
            said += " per one hundred kilometers"
        else:
            said += f" per {BELOW.get(below) or _name_whole(below, plural=False)}"
    return said if locale.is_american else _BRITISH.sub("re", said)


def _name_whole(written: str, *, plural: bool) -> str:
    power = ""
    if (head := written[:2]) in ("sq", "cu") and written not in UNITS:
        power, written = ("square " if head == "sq" else "cubic "), written[2:].lstrip(". -")
    elif written not in UNITS and written[-1] in _POWERS:
        power, written = _POWERS[written[-1]] + " ", written[:-1].rstrip("^")
    unit = WORDS.get(written) or UNITS[written]
    return power + (unit.many if plural else unit.one)
